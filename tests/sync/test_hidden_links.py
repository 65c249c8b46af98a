"""A hub that hides from one desk whose a file is now, or who has left, and gives it the newest key all the same.

That desk goes by what it knows, by which somebody may read the file who may no more. What gives it away is the key: its
giver signed by which link and by which statement she gave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
import pytest

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.domain.identity import FileId
from advocate_desk.sync import ownership, owning, rights, unseen
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.rights import Key, Under
from advocate_desk.sync.statements import SUPERVISOR, SetPerson
from advocate_desk.sync.wire import Page, Right, SignedOwnership
from advocate_desk.vault.secret import SecretKey
from tests.builders import NOON, a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents
from tests.sync.test_hostile_member import a_link


class Hiding:
    """A hub that hides from one desk links after `links`, or statements after `statements`, and takes any key.

    `beside` is shown in the place of what it hides.
    """

    def __init__(self, hub: Any, links: int = 99, statements: int = 99, beside: SignedOwnership | None = None) -> None:
        self._hub, self._links, self._statements, self._beside = hub, links, statements, beside
        self.given: list[Right] = []
        self.pushed = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def pull(self, pull: Any) -> Page:
        page: Page = self._hub.pull(pull)
        shown = [each for each in page.owners if ownership.known(each).link.number <= self._links]
        return msgspec.structs.replace(
            page,
            owners=[*shown, self._beside] if self._beside else shown,
            statements=[] if pull.statements >= self._statements else page.statements,
            members=min(page.members, self._statements),
        )

    def rights(self, rights: Sequence[Right]) -> None:
        self.given += rights

    def push(self, push: Any) -> Any:
        self.pushed += len(push.parts)
        return self._hub.push(push)

    def to(self, desk: Desk) -> list[Right]:
        """What was given to a desk."""
        return [each for each in self.given if each.device == desk.device.id.bytes]


@pytest.fixture
def desks(team: Team) -> tuple[Desk, Desk, Desk]:
    """Ann, Ben and Eve hold one file."""
    ann, ben, eve = (team.join(name, SUPERVISOR) for name in ("Ann", "Ben", "Eve"))
    a_file(ann.work)
    team.exchange_all(2)
    return ann, ben, eve


def file_of(desk: Desk) -> FileId:
    return FileId(UUID(desk.rows("SELECT id FROM client_file")[0][0]))


def note(desk: Desk, text: str) -> None:
    write_note(desk.work, file_of(desk), NoteDetails(NOON, "phone", text))


def exchange(desk: Desk, hub: Any) -> Report:
    return Exchange(desk.work.engine, desk.device, hub, desk.work.clock).run()


def check_kept_from(ben: Desk, eve: Desk, hub: Hiding) -> None:
    """Ben reads what came, gives Eve nothing and writes nothing; and says so."""
    troubles = [exchange(ben, hub).troubles]
    note(ben, "Of Ben")
    troubles += [exchange(ben, hub).troubles for _ in range(3)]
    assert hub.to(eve) == []
    assert hub.pushed == 0
    assert ben.rows("SELECT max(epoch) FROM collection_key WHERE collection = ?", file_of(ben).bytes) == [(2,)]
    assert ("Not for Eve",) in ben.rows("SELECT text FROM contact_note")
    assert [each for each in troubles if "withheld" not in each] == []
    assert ("withheld",) in ben.rows("SELECT kind FROM exchange_event")


def check_all_is_well(team: Team, ann: Desk, ben: Desk, eve: Desk) -> None:
    """Once the hub is honest, all goes on, and what Ben wrote Eve has no key of."""
    for _ in range(2):
        for desk in (ben, ann):
            desk.exchange()
    assert [desk.exchange().troubles for desk in (ben, ann)] == [[], []]
    assert contents(ann) == contents(ben)
    assert ("Of Ben",) in ann.rows("SELECT text FROM contact_note")
    assert ben.rows("SELECT count(*) FROM unseen_link") == [(0,)]
    newest = ann.rows("SELECT id FROM contact_note WHERE text = 'Of Ben'")[0][0]
    given = "SELECT max(epoch) FROM collection_right WHERE collection = ? AND device = ?"
    with team.database.reading() as session:
        ((epoch,),) = session.rows("SELECT epoch FROM item WHERE item = ?", bytes.fromhex(newest))
        assert session.rows(given, file_of(ann).bytes, eve.device.id.bytes)[0][0] < epoch


def test_a_desk_from_which_the_newest_link_is_hidden_gives_its_key_to_nobody(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    ann, ben, eve = desks
    ann.keep_to(file_of(ann), ann, ben)
    note(ann, "Not for Eve")
    ann.exchange()
    check_kept_from(ben, eve, Hiding(ben.hub, links=1))
    check_all_is_well(team, ann, ben, eve)


def test_a_desk_that_is_shown_another_branch_gives_the_key_to_nobody(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    """Eve signs a link beside Ann's, which nobody but Ben is shown, in the place of hers."""
    ann, ben, eve = desks
    beside = a_link(team, eve, file_of(ann), ann, ben, eve)
    ann.keep_to(file_of(ann), ann, ben)
    note(ann, "Not for Eve")
    ann.exchange()
    check_kept_from(ben, eve, Hiding(ben.hub, links=1, beside=beside))


def test_a_desk_that_is_not_told_who_has_left_gives_the_key_to_nobody(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    ann, ben, eve = desks
    before = team.members.number
    team.say(SetPerson(eve.person, [SUPERVISOR], [], False, b""))
    ann.exchange()
    note(ann, "Not for Eve")
    ann.exchange()
    check_kept_from(ben, eve, Hiding(ben.hub, statements=before))
    check_all_is_well(team, ann, ben, eve)


def test_a_file_of_which_something_is_hidden_gets_no_new_key_either(team: Team, desks: tuple[Desk, Desk, Desk]) -> None:
    """Somebody else leaves: a key of Ben's making would go to those of his old list."""
    ann, ben, eve = desks
    dan = team.join("Dan", SUPERVISOR)
    team.exchange_all(2)
    ann.keep_to(file_of(ann), ann, ben)
    note(ann, "Not for Eve")
    ann.exchange()
    hub = Hiding(ben.hub, links=1)
    exchange(ben, hub)
    team.say(SetPerson(dan.person, [SUPERVISOR], [], False, b""))
    check_kept_from(ben, eve, hub)
    for _ in range(4):  # what was missing for long is asked for ever more seldom
        ben.exchange()
    note(ben, "With the list that counts")
    ben.exchange()
    assert ben.exchange().waiting == 0


def test_what_its_giver_says_later_stands(team: Team, desks: tuple[Desk, Desk, Desk]) -> None:
    """After a restore of the hub, in which another branch counts than the one by which she gave the key before."""
    ann, ben, eve = desks
    place, by, gone = file_of(ann).bytes, ann.device.id.bytes, Under(2, b"g" * 32, 1)
    with ben.work.engine.begin() as conn:
        driver: Any = conn.connection.driver_connection
        last = owning.last(driver, place)
        assert last is not None
        now = Under(1, last.hash, team.members.number)

        def given(epoch: int, under: Under, giver: bytes = by) -> set[bytes]:
            key = Key(place, epoch, bytes(32), True, giver, under)
            unseen.take_in(driver, team.members, [key], ben.device.id.bytes, {})
            return unseen.files(driver)

        assert given(2, gone, ben.device.id.bytes) == set(), "what she gave herself"
        assert given(1, now) == set()
        assert given(2, gone) == {place}
        assert given(1, now) == {place}, "of an earlier key"
        assert given(2, now, eve.device.id.bytes) == {place}, "another giver"
        assert given(2, now) == set()
        assert given(2, Under(1, last.hash, team.members.number + 1)) == {place}


def lay(team: Team, right: Right) -> None:
    """Put a right into the hub, whatever a hub thinks of it."""
    with team.database.writing() as session:
        number = session.rows("SELECT rights FROM organisation")[0][0] + 1
        session.run(
            "INSERT INTO collection_right (organisation, number, collection, epoch, device, given_by, sealed, "
            "signature, links, last_link, members) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(team.organisation, number, right.collection, right.epoch, right.device, right.by),
            *(right.sealed, right.signature, right.links, right.last_link, right.members),
        )
        session.run("UPDATE organisation SET rights = ?", number)


def false_right(team: Team, eve: Desk, ben: Desk, epoch: int, key: bytes) -> Right:
    """A key that Eve gives Ben by a link that never was."""
    to, by = (ben.device.id.bytes, ben.device.exchange_public), (eve.device.id.bytes, eve.device.sign_seed)
    under = Under(2**40, b"x" * 32, 0)
    return rights.give(team.organisation, file_of(ben).bytes, epoch, SecretKey(bytearray(key)), to, by, under)


def test_who_gives_a_key_that_is_there_by_a_link_that_never_was_holds_nothing_up(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    ann, ben, eve = desks
    key = eve.rows("SELECT key FROM collection_key WHERE collection = ?", file_of(eve).bytes)[0][0]
    lay(team, false_right(team, eve, ben, 1, key))
    note(ben, "Of Ben")
    assert (ben.exchange().troubles, ben.exchange().waiting) == ([], 0)
    ann.exchange()
    assert ("Of Ben",) in ann.rows("SELECT text FROM contact_note")


def test_a_link_that_never_was_is_waited_for_no_longer_than_who_named_it_is_there(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    """And the key that she gave by it is given on to nobody."""
    ann, ben, eve = desks
    lay(team, false_right(team, eve, ben, 2, b"\x07" * 32))
    assert ben.exchange().troubles == ["withheld"]
    note(ben, "Of Ben")
    assert [(each.troubles, each.waiting) for each in (ben.exchange(), ben.exchange())] == [(["withheld"], 1)] * 2
    team.say(SetPerson(eve.person, [SUPERVISOR], [], False, b""))
    ben.exchange()
    assert (ben.exchange().troubles, ben.exchange().waiting) == ([], 0)
    for desk in (ann, ben, ann):
        desk.exchange()
    assert ("Of Ben",) in ann.rows("SELECT text FROM contact_note")
    given = "SELECT count(*) FROM collection_right WHERE collection = ? AND epoch = 2 AND given_by = ? AND device <> ?"
    with team.database.reading() as session:
        own = ben.device.id.bytes
        assert session.rows(given, file_of(ben).bytes, own, own) == [(0,)]


@pytest.mark.parametrize("told", range(8))
def test_links_are_asked_for_soon_whatever_was_told_before(
    team: Team, desks: tuple[Desk, Desk, Desk], told: int
) -> None:
    ann, ben, _ = desks
    with ben.work.engine.begin() as conn:
        for number in range(told):
            conn.exec_driver_sql(
                "INSERT INTO exchange_event (happened_at, kind, detail) VALUES ('2026-01-01', 'withheld', ?)",
                (str(number),),
            )
    ann.keep_to(file_of(ann), ann, ben)
    note(ann, "Not for Eve")
    ann.exchange()
    exchange(ben, Hiding(ben.hub, links=1))
    note(ben, "Of Ben")
    ben.exchange()
    assert (ben.exchange().troubles, ben.exchange().waiting) == ([], 0)


def test_what_is_missing_for_long_is_asked_for_ever_more_seldom(team: Team, desks: tuple[Desk, Desk, Desk]) -> None:
    ann, ben, _ = desks
    ann.keep_to(file_of(ann), ann, ben)
    note(ann, "Not for Eve")
    ann.exchange()
    hub = Hiding(ben.hub, links=1)
    asked = []
    for number in range(20):
        exchange(ben, hub)
        if ben.rows("SELECT rights_number FROM organisation") == [(0,)]:
            asked.append(number)
    assert asked == [0, 1, 3, 7, 15]
    for _ in range(13):
        ben.exchange()
    assert ben.exchange().troubles == []
    assert ben.rows("SELECT count(*) FROM chain_claim WHERE number > 1000") == [(0,)]
