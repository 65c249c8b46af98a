"""Two keys for one epoch of a file: what either opens is read, the useless one is replaced, a good one never is."""

from __future__ import annotations

import msgspec
import pytest

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.domain.identity import FileId
from advocate_desk.hub.near import NearHub
from advocate_desk.sync import doubting, keeping, owning, rights, state
from advocate_desk.sync.statements import SUPERVISOR
from advocate_desk.sync.wire import Page, Pull, Wanting
from advocate_desk.vault.secret import SecretKey
from tests.builders import NOON, a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents


@pytest.fixture
def desks(team: Team) -> tuple[Desk, Desk, Desk]:
    """Ann and Ben hold a file, and so does Eve, who is in bad faith."""
    ann, ben, eve = (team.join(name, SUPERVISOR) for name in ("Ann", "Ben", "Eve"))
    team.exchange_all(2)
    return ann, ben, eve


def give(team: Team, giver: Desk, taker: Desk, file_id: FileId, key: bytes) -> None:
    """A right as its giver signs it, laid into the hub, whatever a hub thinks of it."""
    to, by = (taker.device.id.bytes, taker.device.exchange_public), (giver.device.id.bytes, giver.device.sign_seed)
    given = rights.give(team.organisation, file_id.bytes, 1, SecretKey(bytearray(key)), to, by, rights.Under())
    with team.database.writing() as session:
        number = session.rows("SELECT rights FROM organisation")[0][0] + 1
        session.run(
            "INSERT INTO collection_right (organisation, number, collection, epoch, device, given_by, sealed, "
            "signature, links, last_link, members) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0)",
            *(team.organisation, number, given.collection, given.epoch, given.device, given.by),
            *(given.sealed, given.signature, given.last_link),
        )
        session.run("UPDATE organisation SET rights = ?", number)


def key_of(desk: Desk, file_id: FileId) -> bytes:
    with desk.work.engine.connect() as conn:
        return state.keys(conn.connection.driver_connection)[file_id.bytes][1]


def put_key(desk: Desk, file_id: FileId, key: bytes) -> None:
    """As if this key had come first, and had opened nothing yet."""
    with desk.work.engine.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO collection_key (collection, epoch, key) VALUES (?, 1, ?) ON CONFLICT (collection, epoch) "
            "DO UPDATE SET key = excluded.key, is_proven = 0",
            (file_id.bytes, key),
        )


def note(desk: Desk, file_id: FileId, text: str) -> None:
    write_note(desk.work, file_id, NoteDetails(NOON, "phone", text))


def test_a_key_that_opens_nothing_gives_way_to_one_that_does(team: Team, desks: tuple[Desk, Desk, Desk]) -> None:
    ann, ben, _ = desks
    file_id = a_file(ann.work)
    put_key(ben, file_id, b"\x07" * 32)  # Eve was quicker than Ann
    ann.exchange()
    assert "unreadable" in ben.exchange().troubles or contents(ben) == contents(ann)
    ben.exchange()
    assert contents(ben) == contents(ann)
    assert key_of(ben, file_id) == key_of(ann, file_id)
    note(ben, file_id, "Of Ben")
    team.exchange_all(2)
    assert contents(ann) == contents(ben)
    assert ann.rows("SELECT count(*) FROM unreadable_item") == [(0,)]


def test_what_came_before_the_right_key_is_read_with_it(team: Team, desks: tuple[Desk, Desk, Desk]) -> None:
    ann, ben, eve = desks
    file_id = a_file(ann.work)
    team.exchange_all(2)
    right = key_of(ann, file_id)
    put_key(ben, file_id, b"\x07" * 32)
    note(ann, file_id, "Under the right key")
    ann.exchange()
    assert "unreadable" in ben.exchange().troubles
    note(ben, file_id, "Written with the wrong key")
    ben.exchange()
    assert "unreadable" in ann.exchange().troubles
    give(team, ann, ben, file_id, right)
    ben.exchange()
    assert ("Under the right key",) in ben.rows("SELECT text FROM contact_note")
    assert key_of(ben, file_id) == right
    team.exchange_all(3)
    for desk in (ann, eve):
        assert contents(desk) == contents(ben)
        assert ("Written with the wrong key",) in desk.rows("SELECT text FROM contact_note")
        assert desk.rows("SELECT count(*) FROM unreadable_item") == [(0,)]


@pytest.mark.parametrize("writes", [False, True], ids=["given alone", "and written with"])
def test_a_bad_key_ousts_no_good_one_and_is_never_written_with(
    team: Team, desks: tuple[Desk, Desk, Desk], writes: bool
) -> None:
    ann, ben, eve = desks
    file_id = a_file(ann.work)
    team.exchange_all(2)
    right = key_of(ben, file_id)
    for _ in range(3):
        give(team, eve, ben, file_id, b"\x09" * 32)
    if writes:
        put_key(eve, file_id, b"\x09" * 32)
        note(eve, file_id, "Under a key of Eve's own")
        eve.exchange()
        put_key(eve, file_id, right)
    ben.exchange()
    assert key_of(ben, file_id) == right
    assert ben.rows("SELECT count(*) FROM other_key") == [(1,)]
    assert [row[0] for row in ben.rows("SELECT kind FROM exchange_event")] == ["rival_key"]
    note(ben, file_id, "Of Ben")
    assert ben.exchange().waiting == 0
    assert ben.rows("SELECT max(epoch) FROM collection_key WHERE collection = ?", file_id.bytes) == [(2,)]
    team.exchange_all(2)
    assert ("Of Ben",) in ann.rows("SELECT text FROM contact_note")
    note(ann, file_id, "Of Ann")
    team.exchange_all(2)
    assert ("Of Ann",) in ben.rows("SELECT text FROM contact_note")
    if writes:
        assert ("Under a key of Eve's own",) in ben.rows("SELECT text FROM contact_note")
    else:
        assert contents(ann) == contents(ben) == contents(eve)


@pytest.mark.parametrize("is_sealed", [True, False], ids=["another key", "no key at all"])
def test_a_newcomer_who_was_given_a_useless_key_first_is_given_others(
    team: Team, desks: tuple[Desk, Desk, Desk], is_sealed: bool
) -> None:
    """Eve is entitled herself, and quicker than those who mean well."""
    ann, ben, eve = desks
    file_id = a_file(ann.work)
    team.exchange_all(2)
    cat = team.join("Cat", SUPERVISOR)
    with eve.work.engine.connect() as conn:
        last = owning.last(conn.connection.driver_connection, file_id.bytes)
    assert last is not None
    under = rights.Under(last.link.number, last.hash, team.members.number)
    to, by = (cat.device.id.bytes, cat.device.exchange_public), (eve.device.id.bytes, eve.device.sign_seed)
    useless = rights.give(team.organisation, file_id.bytes, 1, SecretKey(bytearray(b"\x07" * 32)), to, by, under)
    if not is_sealed:
        body = msgspec.structs.replace(useless, sealed=b"z" * 80)
        useless = rights._signed(team.organisation, body, eve.device.sign_seed)
    eve.hub.rights([useless])
    for desk in (ann, ben):
        desk.exchange()
    cat.exchange()
    assert cat.rows("SELECT count(*) FROM client_file") == [(0,)]
    for _ in range(2):
        for desk in (ann, ben, cat):
            desk.exchange()
    assert contents(cat) == contents(ann)
    assert key_of(cat, file_id) == key_of(ann, file_id)
    assert cat.rows("SELECT count(*) FROM unreadable_item") == [(0,)]
    assert ("rival_key",) not in cat.rows("SELECT kind FROM exchange_event")
    note(cat, file_id, "Of Cat")
    for _ in range(2):
        for desk in (cat, ann, ben):
            desk.exchange()
    assert contents(cat) == contents(ann) == contents(ben)
    assert [desk.exchange().troubles for desk in (ann, ben, cat)] == [[], [], []]
    with team.database.reading() as session:
        assert session.rows("SELECT count(*) FROM doubt") == [(0,)], "it is settled"
    assert cat.rows("SELECT count(*) FROM doubted_key") == [(0,)]


def test_a_new_key_that_opens_for_nobody_keeps_nobody_busy(team: Team, desks: tuple[Desk, Desk, Desk]) -> None:
    ann, ben, eve = desks
    file_id = a_file(ann.work)
    team.exchange_all(3)
    with eve.work.engine.connect() as conn:
        last = owning.last(conn.connection.driver_connection, file_id.bytes)
    assert last is not None
    under = rights.Under(last.link.number, last.hash, team.members.number)
    given = [
        rights.give(
            team.organisation,
            file_id.bytes,
            2,
            SecretKey.random(),
            (each.device.id.bytes, each.device.exchange_public),
            (eve.device.id.bytes, eve.device.sign_seed),
            under,
        )
        for each in (eve, ann, ben)
    ]
    spoiled = [msgspec.structs.replace(each, sealed=b"z" * 80) for each in given[1:]]
    eve.hub.rights([given[0], *(rights._signed(team.organisation, each, eve.device.sign_seed) for each in spoiled)])
    for _ in range(2):
        for desk in (ann, ben):
            desk.exchange()
    calls = [desk.hub.calls for desk in (ann, ben)]
    for desk in (ann, ben):
        desk.exchange()
    assert [desk.hub.calls - before for desk, before in zip((ann, ben), calls, strict=True)] == [1, 1]


def test_what_says_that_it_was_sealed_under_a_key_that_there_is_not_makes_nobody_doubt_a_key(
    team: Team, desks: tuple[Desk, Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _, eve = desks
    file_id = a_file(ann.work)
    team.exchange_all(3)
    newest = keeping.keys_to_write_with
    with monkeypatch.context() as patch:
        patch.setattr(
            keeping,
            "keys_to_write_with",
            lambda driver: {collection: (77, key) for collection, (_, key) in newest(driver).items()},
        )
        note(eve, file_id, "Under no key")
        eve.exchange()
    assert "unreadable" in ann.exchange().troubles
    team.exchange_all(2)
    with team.database.reading() as session:
        assert session.rows("SELECT count(*) FROM item WHERE epoch = 77") == [(1,)]
        assert session.rows("SELECT count(*) FROM doubt") == [(0,)]


def test_a_hub_that_names_a_desk_to_itself_takes_no_good_key_from_it(
    team: Team, desks: tuple[Desk, Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Together with Eve, whose other key of that epoch comes with the next page."""
    ann, ben, eve = desks
    file_id = a_file(ann.work)
    team.exchange_all(3)
    note(ann, file_id, "Something new")
    ann.exchange()
    key, pull = key_of(ben, file_id), NearHub.pull

    def naming(hub: NearHub, said: Pull) -> Page:
        page = pull(hub, said)
        monkeypatch.undo()
        give(team, eve, ben, file_id, b"\x09" * 32)
        return msgspec.structs.replace(page, wanting=[Wanting(file_id.bytes, ben.device.id.bytes)], has_more=True)

    monkeypatch.setattr(NearHub, "pull", naming)
    ben.exchange()
    ben.exchange()
    assert ben.rows("SELECT count(*) FROM other_key WHERE by = ?", eve.device.id.bytes) == [(1,)]
    assert key_of(ben, file_id) == key


def test_a_doubt_that_the_hub_has_forgotten_is_said_again_and_struck_off_once_it_is_settled(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    ann, ben, _ = desks
    file_id = a_file(ann.work)
    team.exchange_all(2)
    put_key(ben, file_id, b"\x07" * 32)
    note(ann, file_id, "Under the right key")
    ann.exchange()

    def doubts() -> int:
        with team.database.reading() as session:
            return int(session.rows("SELECT count(*) FROM doubt")[0][0])

    ben.exchange()
    assert doubts() == 1
    with team.database.writing() as session:
        session.run("DELETE FROM doubt")  # restored to before it
    calls = ben.hub.calls
    for _ in range(doubting.SAID_AGAIN_AFTER - 1):
        ben.exchange()
    assert (doubts(), ben.hub.calls - calls) == (0, doubting.SAID_AGAIN_AFTER - 1)
    ben.exchange()
    assert doubts() == 1
    give(team, ann, ben, file_id, key_of(ann, file_id))
    ben.exchange()
    assert contents(ben) == contents(ann)
    assert doubts() == 0
    assert ben.rows("SELECT count(*) FROM doubted_key") == [(0,)]
