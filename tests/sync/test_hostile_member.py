"""A colleague in bad faith, with a desk and keys of her own: what she cannot do through an honest hub, or can undo."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.desk.team.roster import roster
from advocate_desk.domain.identity import FileId
from advocate_desk.hub import members as hub_members
from advocate_desk.hub import pulls, pushes, revisions
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import inbox, manifest, ownership, owning, records, rights, seal, state, statements, wire
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.manifest import Distrust, Manifest
from advocate_desk.sync.messages import AskRevisions
from advocate_desk.sync.ownership import Whose
from advocate_desk.sync.records import Unreadable
from advocate_desk.sync.seal import Place, Record
from advocate_desk.sync.statements import (
    ADMINISTRATOR,
    SUPERVISOR,
    AddDevice,
    RevokeDevice,
    SetPerson,
    SetTeam,
    Statement,
)
from advocate_desk.sync.wire import ACCEPTED, Change, Part, Pull, Push, Right, SignedOwnership, Tip
from advocate_desk.vault.device import new_device
from advocate_desk.vault.secret import SecretKey
from tests.builders import NOON, a_file
from tests.sync.desks import QUOTA, Desk, Team
from tests.sync.test_exchange import contents


@pytest.fixture
def ann(team: Team) -> Desk:
    return team.join("Ann", SUPERVISOR)


@pytest.fixture
def eve(team: Team, ann: Desk) -> Desk:
    """A supervisor as Ann is, who holds what Ann holds."""
    return team.join("Eve", SUPERVISOR)


@pytest.fixture
def ben(team: Team, eve: Desk) -> Desk:
    return team.join("Ben", SUPERVISOR)


@pytest.fixture
def file_id(team: Team, ann: Desk, ben: Desk) -> FileId:
    made = a_file(ann.work)
    write_note(ann.work, made, NoteDetails(NOON, "phone", "As Ann wrote it"))
    team.exchange_all(2)
    return made


def push_of(desk: Desk, *changes: tuple[bytes, bytes, int, bytes], **said: Any) -> Push:
    """A push of a desk's own making: (collection, item, expected, envelope) each; `said` changes its manifest."""
    with desk.work.engine.connect() as conn:
        stand = state.standing(conn.connection.driver_connection)
    assert stand is not None
    parts: dict[bytes, list[Change]] = {}
    for collection, item, expected, envelope in changes:
        parts.setdefault(collection, []).append(Change(item, expected, 1, envelope))
    made = [Part(collection, each) for collection, each in parts.items()]
    named = [manifest.named(each.collection, each.changes) for each in made]
    own = desk.device.id.bytes
    body = Manifest(stand.organisation, own, stand.push_number + 1, stand.push_number, stand.push_hash, [], named)
    signed, signature = manifest.sign(msgspec.structs.replace(body, **said), desk.device.sign_seed.buffer)
    return Push(signed, signature, made)


def send(team: Team, desk: Desk, push: Push) -> None:
    """Hand a push to the hub, and let the desk count it as its own."""
    pushes.take_push(team.database, desk.hub.caller, push, QUOTA)
    number = wire.unpack(Manifest, push.manifest).number
    with desk.work.engine.begin() as conn:
        state.change(
            conn.connection.driver_connection,
            push_number=number,
            push_hash=wire.digest(push.manifest),
            push_after=number,
        )


def sealed(team: Team, desk: Desk, file_id: FileId, item: bytes, revision: int, record: Record | bytes) -> bytes:
    with desk.work.engine.connect() as conn:
        key = state.keys(conn.connection.driver_connection)[file_id.bytes][1]
    place = Place(team.organisation, file_id.bytes, item, 1, revision)
    return seal.seal_bytes(record, place, key) if isinstance(record, bytes) else seal.seal(record, place, key)


def refused(code: str, call: Any) -> None:
    with pytest.raises(RefusedByHub) as refusal:
        call()
    assert refusal.value.code == code


# --- as another, and where she may not ---


def test_she_cannot_write_as_another(team: Team, eve: Desk, ann: Desk, file_id: FileId) -> None:
    item = os.urandom(16)
    change = (file_id.bytes, item, 0, b"x" * 200)
    refused("malformed", lambda: send(team, eve, push_of(eve, change, device=ann.device.id.bytes)))
    as_ann = msgspec.structs.replace(push_of(ann, change), signature=bytes(64))
    caller = replace(eve.hub.caller, device=ann.device.id.bytes)
    refused("wrong_signature", lambda: pushes.take_push(team.database, ann.hub.caller, as_ann, QUOTA))
    refused("wrong_signature", lambda: pushes.take_push(team.database, caller, push_of(ann, change), QUOTA))


def test_she_reads_nothing_of_a_file_that_is_restricted_to_others(team: Team, eve: Desk, ann: Desk, ben: Desk) -> None:
    hidden = a_file(ann.work)
    with ann.work.engine.begin() as conn:
        named = json.dumps([ann.person.hex(), ben.person.hex()])
        conn.exec_driver_sql("UPDATE client_file SET is_restricted = 1, readers = ?", (named,))
    team.exchange_all(2)
    page = pulls.answer_pull(team.database, eve.hub.caller, Pull(Tip(0, bytes(32)), 0, 0, with_own=True))
    assert all(part.collection != hidden.bytes for push in page.pushes for part in push.parts)
    asked = Pull(Tip(0, bytes(32)), 0, 0, [wire.Fill(hidden.bytes, 0, 2**40)])
    assert pulls.answer_pull(team.database, eve.hub.caller, asked).filled == []
    assert all(each.collection != hidden.bytes for each in page.rights)
    held = revisions.revisions(team.database, eve.hub.caller, AskRevisions()).held
    assert all(each.collection != hidden.bytes for each in held)
    change = (hidden.bytes, os.urandom(16), 0, b"x" * 200)
    refused("no_right", lambda: send(team, eve, push_of(eve, change)))


def a_link(team: Team, signer: Desk, file_id: FileId, *readers: Desk, after: int = 0, **said: Any) -> SignedOwnership:
    """A link of a member's own making that keeps a file to these; `after`: which of the links here it follows."""
    with team.desks[0].work.engine.connect() as conn:
        chain = owning.chain(conn.connection.driver_connection, file_id.bytes)
    before = chain[after - 1]
    to_them = Whose(None, None, is_restricted=True, readers=frozenset(each.person for each in readers))
    link = ownership.following(team.members, file_id.bytes, before, to_them, signer.person)
    changed = msgspec.structs.replace(link, **said)
    return ownership.sign(changed, signer.device.id.bytes, signer.device.sign_seed.buffer)


class Slipping:
    """A hub that hands on whatever links it is asked to."""

    def __init__(self, hub: Any, *links: SignedOwnership) -> None:
        self._hub, self._links = hub, links

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def pull(self, pull: Any) -> Any:
        page = self._hub.pull(pull)
        return msgspec.structs.replace(page, owners=[*page.owners, *self._links])


def slipped(desk: Desk, *links: SignedOwnership) -> Report:
    return Exchange(desk.work.engine, desk.device, Slipping(desk.hub, *links), desk.work.clock).run()


def last_link(desk: Desk) -> bytes:
    return bytes(desk.rows("SELECT body FROM file_ownership ORDER BY number DESC")[0][0])


def test_who_lost_a_file_makes_it_nobodys_even_with_the_hubs_help(
    team: Team, eve: Desk, ann: Desk, ben: Desk, file_id: FileId
) -> None:
    before = team.members.number
    ann.keep_to(file_id, ann, ben)
    for desk in (ann, ben):
        desk.exchange()
    team.say(SetTeam(os.urandom(16), True, b""))
    for desk in (ann, ben, eve):
        desk.exchange()
    known = last_link(ann)
    tries = [
        a_link(team, eve, file_id, eve),  # on top of the last, which she may not follow
        a_link(team, eve, file_id, eve, after=1),  # beside it, on the one under which she might
        a_link(team, eve, file_id, eve, members=before),  # as of the days when she read it
    ]
    for link in tries:
        outcomes = eve.hub.owners([link])
        assert [each.state for each in outcomes] != [ACCEPTED]
        for desk in (ann, ben):
            assert "links_refused" in slipped(desk, link).troubles
            assert (last_link(desk), desk.rows("SELECT count(*) FROM client_file")) == (known, [(1,)])
    team.exchange_all(2)
    assert contents(ann) == contents(ben)


def test_what_who_lost_a_file_still_writes_in_it_changes_nothing_of_whose_it_is(
    team: Team, eve: Desk, ann: Desk, ben: Desk, file_id: FileId
) -> None:
    """She chose otherwise offline: that is laid before those who have the file, beside what she typed."""
    ann.keep_to(file_id, ann, ben)
    for desk in (ann, ben):
        desk.exchange()
    eve.keep_to(file_id, eve)
    write_note(eve.work, file_id, NoteDetails(NOON, "phone", "Not sent in time"))
    with eve.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE client_file SET conflict_note = 'E-1'")
    eve.exchange()
    assert eve.rows("SELECT count(*) FROM client_file") == [(0,)]
    for desk in (ann, ben):
        desk.exchange()
        named = json.loads(desk.rows("SELECT readers FROM client_file")[0][0])
        assert set(named) == {ann.person.hex(), ben.person.hex()}
        assert ("Not sent in time",) in desk.rows("SELECT text FROM contact_note")
        told = desk.rows("SELECT ours, decided_at FROM conflict WHERE about_id = ?", file_id.hex)
        assert [json.loads(row[0]).get("readers") for row in told if row[1] is None] == [json.dumps([eve.person.hex()])]
        assert desk.rows("SELECT conflict_note FROM client_file") == [("E-1",)]


def test_two_who_restrict_a_file_at_once_are_both_heard(team: Team, ann: Desk, ben: Desk, file_id: FileId) -> None:
    ann.keep_to(file_id, ann, ben)
    ben.keep_to(file_id, ben)
    team.exchange_all(3)
    for desk in (ann, ben):
        named = json.loads(desk.rows("SELECT readers FROM client_file")[0][0])
        assert set(named) == {ann.person.hex(), ben.person.hex()}
        ((ours, theirs, critical, decided),) = desk.rows("SELECT ours, theirs, is_critical, decided_at FROM conflict")
        assert json.loads(json.loads(ours)["readers"]) == [ben.person.hex()]
        assert set(json.loads(json.loads(theirs)["readers"])) == set(named)
        assert (critical, decided) == (1, None)


def test_a_link_of_a_device_that_is_out_is_taken_by_nobody(
    team: Team, eve: Desk, ann: Desk, ben: Desk, file_id: FileId
) -> None:
    """Signed under the members of her better days, with the keys of a lost laptop."""
    before = team.members.number
    team.say(RevokeDevice(eve.device.id.bytes, is_lost=True, last_number=9))
    for desk in (ann, ben):
        desk.exchange()
    known = last_link(ann)
    for link in (a_link(team, eve, file_id, eve), a_link(team, eve, file_id, eve, members=before)):
        with pytest.raises(HubRefused, match="revoked"):
            eve.hub.owners([link])
        assert "links_refused" in slipped(ben, link).troubles
        assert last_link(ben) == known
    assert ben.rows("SELECT count(*) FROM client_file") == [(1,)]


def test_a_branch_of_a_restored_hub_counts_where_its_signer_had_the_file_on_both(
    team: Team, eve: Desk, ann: Desk, ben: Desk, file_id: FileId
) -> None:
    ann.keep_to(file_id, ann, ben, eve)
    ann.exchange()
    ben.exchange()
    eves = a_link(team, eve, file_id, eve, ben, after=1)
    assert "forked" in slipped(ben, eves).troubles
    assert set(json.loads(ben.rows("SELECT readers FROM client_file")[0][0])) == {eve.person.hex(), ben.person.hex()}
    told = [json.loads(row[0]) for row in ben.rows("SELECT ours FROM conflict WHERE decided_at IS NULL")]
    assert [len(json.loads(each["readers"])) for each in told if "readers" in each] == [3]
    assert not [each for each in told if "team" in each]  # which her branch alone changed


@pytest.mark.parametrize("epoch", [1, 2, 99])
def test_she_gives_nobody_a_right_that_she_lacks(team: Team, eve: Desk, ann: Desk, ben: Desk, epoch: int) -> None:
    hidden = a_file(ann.work)
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE client_file SET is_restricted = 1, readers = ?", (json.dumps([ann.person.hex()]),))
    team.exchange_all(2)
    by = (eve.device.id.bytes, eve.device.sign_seed)
    for taker in (eve, ann):
        to = (taker.device.id.bytes, taker.device.exchange_public)
        given = rights.give(team.organisation, hidden.bytes, epoch, SecretKey.random(), to, by, rights.Under())
        refused("no_right", lambda given=given: hub_members.add_rights(team.database, eve.hub.caller, [given]))


def test_a_key_from_one_who_may_not_read_a_file_is_never_written_with(team: Team, eve: Desk, ann: Desk) -> None:
    """With the hub's help she offers Ann a next key of a file that she may not read."""
    hidden = a_file(ann.work)
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE client_file SET is_restricted = 1, readers = ?", (json.dumps([ann.person.hex()]),))
    team.exchange_all(2)
    key = SecretKey.random()
    to, by = (ann.device.id.bytes, ann.device.exchange_public), (eve.device.id.bytes, eve.device.sign_seed)
    given = rights.give(team.organisation, hidden.bytes, 2, key, to, by, rights.Under())
    with team.database.writing() as session:
        number = session.rows("SELECT max(number) FROM collection_right")[0][0] + 1
        session.run(
            "INSERT INTO collection_right (organisation, number, collection, epoch, device, given_by, sealed, "
            "signature, links, last_link, members) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0)",
            *(team.organisation, number, given.collection, given.epoch, given.device, given.by),
            *(given.sealed, given.signature, given.last_link),
        )
        session.run("UPDATE organisation SET rights = ?", number)
    ann.exchange()
    write_note(ann.work, hidden, NoteDetails(NOON, "phone", "Not for Eve"))
    ann.exchange()
    with team.database.reading() as session:
        found = session.rows("SELECT item, revision, epoch, envelope FROM item WHERE collection = ?", hidden.bytes)
    for item, revision, epoch, envelope in found:
        place = Place(team.organisation, hidden.bytes, bytes(item), epoch, revision)
        with pytest.raises(seal.Forged):
            seal.unseal(bytes(envelope), place, bytes(key.buffer))


def test_by_a_branch_alone_nobody_is_given_a_key(team: Team, eve: Desk, ann: Desk, ben: Desk, file_id: FileId) -> None:
    """A choice that the hub had answered as second, shown to those who have the first: it would let Eve in again."""
    ann.keep_to(file_id, ann, ben)
    write_note(ann.work, file_id, NoteDetails(NOON, "phone", "Not for Eve"))
    ann.exchange()
    branch = a_link(team, ben, file_id, ben, eve, ann, after=1)
    assert "forked" in slipped(ann, branch).troubles
    write_note(ann.work, file_id, NoteDetails(NOON, "phone", "Not for Eve either"))
    slipped(ann, branch)
    given = "SELECT count(*) FROM given_right WHERE device = ? AND collection = ? AND epoch > 1"
    assert ann.rows(given, eve.device.id.bytes, file_id.bytes) == [(0,)]
    assert ann.rows(given, ben.device.id.bytes, file_id.bytes) != [(0,)]
    assert ann.rows("SELECT count(*) FROM conflict WHERE decided_at IS NULL") != [(0,)]


def test_a_branch_of_one_who_lost_the_file_stops_no_exchange_and_takes_it_from_nobody(
    team: Team, eve: Desk, ann: Desk, ben: Desk, file_id: FileId
) -> None:
    """A hub restored from before she lost it, to which she spoke first: it leaves out what others may read."""
    kept = [each for each in team.desks if each is not eve]
    ann.keep_to(file_id, ann, ben)
    for desk in (*kept, *kept):
        desk.exchange()
    eves = a_link(team, eve, file_id, eve, after=1)
    write_note(ben.work, file_id, NoteDetails(NOON, "phone", "Of Ben"))
    ben.exchange()

    class Restored(Slipping):
        def pull(self, pull: Any) -> Any:
            page = super().pull(pull)
            return msgspec.structs.replace(
                page, pushes=[msgspec.structs.replace(each, parts=[]) for each in page.pushes]
            )

    report = Exchange(ann.work.engine, ann.device, Restored(ann.hub, eves), ann.work.clock).run()
    assert "links_refused" in report.troubles
    assert ann.rows("SELECT count(*) FROM client_file") == [(1,)]


# --- the members' chain ---


def test_she_changes_nothing_of_who_belongs(team: Team, eve: Desk, ann: Desk) -> None:
    lost = team.join("Lost", SUPERVISOR)
    team.say(RevokeDevice(lost.device.id.bytes, is_lost=True, last_number=9))
    other = new_device()
    acts: list[statements.Act] = [
        SetPerson(eve.person, [SUPERVISOR, ADMINISTRATOR], [], True, b""),
        AddDevice(other.id.bytes, eve.person, other.sign_public, other.exchange_public, b""),
        AddDevice(lost.device.id.bytes, lost.person, lost.device.sign_public, lost.device.exchange_public, b""),
        RevokeDevice(ann.device.id.bytes, is_lost=True),
    ]
    for act in acts:
        statement = Statement(team.organisation, team.members.number + 1, team.members.hash, act)
        body = statements.sign(statement, eve.device.id.bytes, eve.device.sign_seed.buffer)
        refused("no_right", lambda body=body: hub_members.add_statement(team.database, team.organisation, body))
        with pytest.raises(Distrust):
            statements.take(team.members, body)


@pytest.mark.parametrize("weak", sorted(statements.WEAK_KEYS), ids=lambda key: key.hex()[:8])
def test_a_device_with_a_key_that_nothing_can_be_sealed_to_joins_nowhere(team: Team, ann: Desk, weak: bytes) -> None:
    act = AddDevice(os.urandom(16), ann.person, os.urandom(32), weak, b"")
    with pytest.raises(RefusedByHub):
        team.say(act)


def test_a_revocation_that_disowns_what_the_hub_took_is_refused(team: Team, eve: Desk, ann: Desk, ben: Desk) -> None:
    a_file(eve.work)
    team.exchange_all(2)
    refused("out_of_order", lambda: team.say(RevokeDevice(eve.device.id.bytes, is_lost=True, last_number=0)))


# --- what she sends ---


def test_what_was_final_is_sent_again_as_it_was(team: Team, eve: Desk, ann: Desk, ben: Desk, file_id: FileId) -> None:
    eve.work.engine.dispose()
    with eve.work.engine.begin() as conn:
        conn.exec_driver_sql("DROP TRIGGER tr_contact_note_frozen")
        conn.exec_driver_sql("UPDATE contact_note SET text = 'As Eve would have it'")
    eve.exchange()
    assert "final_changed" in ann.exchange().troubles
    team.say(RevokeDevice(eve.device.id.bytes, is_lost=False, last_number=9))  # else her desk says it again and again
    team.desks.remove(eve)
    team.exchange_all(3)
    for desk in team.desks:
        assert desk.rows("SELECT text FROM contact_note") == [("As Ann wrote it",)]
    late = team.join("Late", SUPERVISOR)
    team.exchange_all(2)
    assert late.rows("SELECT text FROM contact_note") == [("As Ann wrote it",)]


def test_nobodys_audit_chain_travels_at_all() -> None:
    assert "audit_event" not in records.shapes()


FOUL: dict[str, Record | bytes] = {
    "no record": b"\x93\x01\x02",
    "nothing": b"",
    "deep": b"\x91" * 90_000,
    "another kind": Record("no_such_table", {"text": "x"}),
    "another kind's id": Record("contact_note", {}),
    "a list for a text": Record("contact_note", {"text": ["x"]}),
    "raw bytes": Record("contact_note", {"text": b"x"}),
    "a moment that is none": Record("contact_note", {"created_at": "2026-99-99T99:99:99.000000Z"}),
    "its own revision": Record("contact_note", {"synced_rev": 10**9, "extra": "x", "base": "x", "id": "y"}),
    "a file of another id": Record("client_file", {}),
}


def whole(desk: Desk, kind: str, values: dict[str, Any]) -> Record:
    """A record that would be right but for `values`."""
    shape = records.shapes()[kind]
    moment = "2026-11-21T12:00:00.000000Z"
    row = {**shape.empty, "created_at": moment, "changed_at": moment}
    for needed in ("0" * 32, "2026-11-21"):  # a parent, a day
        row |= {name: needed for name, value in row.items() if not shape.checks[name](value)}
    return Record(kind, {**row, **values})


@pytest.mark.parametrize("foul", FOUL)
def test_an_ill_formed_record_stops_nobody_and_costs_nobody_a_value(
    team: Team, eve: Desk, ann: Desk, ben: Desk, file_id: FileId, foul: str
) -> None:
    record = FOUL[foul]
    if isinstance(record, Record):
        record = whole(eve, record.kind, record.values) if record.kind in records.shapes() else record
    known = bytes.fromhex(ann.rows("SELECT id FROM person WHERE role = 'client'")[0][0])
    revision = ann.rows("SELECT synced_rev FROM person WHERE role = 'client'")[0][0]
    new = os.urandom(16)
    changes = [
        (file_id.bytes, new, 0, sealed(team, eve, file_id, new, 1, record)),
        (file_id.bytes, known, revision, sealed(team, eve, file_id, known, revision + 1, record)),
    ]
    before = contents(ann)
    send(team, eve, push_of(eve, *changes))
    for desk in (ann, ben):
        report = desk.exchange()
        if foul != "another kind's id":
            assert "unreadable" in report.troubles
    if foul != "another kind's id":
        assert contents(ann) == before == contents(ben)
    with ann.work.engine.begin() as conn:  # and what Ann writes there next still reaches Ben
        conn.exec_driver_sql("UPDATE person SET whereabouts = 'in a refuge' WHERE role = 'client'")
    ann.exchange()
    ben.exchange()
    assert ben.rows("SELECT whereabouts FROM person WHERE role = 'client'") == [("in a refuge",)]
    assert ann.exchange().waiting == 0


def test_an_id_used_in_two_files_stops_nobody(team: Team, eve: Desk, ann: Desk, ben: Desk, file_id: FileId) -> None:
    own = a_file(eve.work)
    eve.exchange()
    taken = bytes.fromhex(ann.rows("SELECT id FROM contact_note")[0][0])
    twice = os.urandom(16)
    record = whole(eve, "contact_note", {"text": "Twice"})
    changes = [(own.bytes, each, 0, sealed(team, eve, own, each, 1, record)) for each in (taken, twice)]
    changes.append((file_id.bytes, twice, 0, sealed(team, eve, file_id, twice, 1, record)))
    send(team, eve, push_of(eve, *changes))
    assert "unreadable" in ann.exchange().troubles
    assert ann.rows("SELECT text FROM contact_note WHERE id = ?", taken.hex()) == [("As Ann wrote it",)]
    assert ben.exchange().troubles == ["unreadable"]


def test_a_push_that_no_desk_could_pass_is_refused_at_the_hub(team: Team, eve: Desk, file_id: FileId) -> None:
    item = os.urandom(16)
    good = push_of(eve, (file_id.bytes, item, 0, b"x" * 200))
    said = wire.unpack(Manifest, good.manifest)
    wrong_count = [msgspec.structs.replace(said.parts[0], changes=7)]
    refused("malformed", lambda: send(team, eve, push_of(eve, (file_id.bytes, item, 0, b"x" * 200), parts=wrong_count)))
    empty = Part(file_id.bytes, [])
    bare = push_of(eve, parts=[manifest.named(file_id.bytes, [])])
    refused("malformed", lambda: send(team, eve, msgspec.structs.replace(bare, parts=[empty])))
    endless = push_of(eve, seen=[manifest.Seen(os.urandom(16), 1)] * 20_000)
    refused("too_large", lambda: send(team, eve, endless))
    ahead = push_of(eve, (file_id.bytes, item, 5, b"x" * 200))
    refused("other_history", lambda: send(team, eve, ahead))


def test_a_right_that_does_not_open_stops_nobody(team: Team, eve: Desk, ann: Desk, file_id: FileId) -> None:
    with eve.work.engine.connect() as conn:
        last = owning.last(conn.connection.driver_connection, file_id.bytes)
    assert last is not None
    by = (last.link.number, last.hash, team.members.number)
    empty = Right(0, file_id.bytes, 2, eve.device.id.bytes, eve.device.id.bytes, b"z" * 90, bytes(64), *by)
    for taker in (eve, ann):
        body = msgspec.structs.replace(empty, device=taker.device.id.bytes)
        signed = rights._signed(team.organisation, body, eve.device.sign_seed)
        hub_members.add_rights(team.database, eve.hub.caller, [signed])
    ann.exchange()
    assert ("unfit_right",) in ann.rows("SELECT kind FROM exchange_event")


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("hearing", "hearing_on", ""),
        ("hearing", "attends", '{"a": 1}'),
        ("hearing", "attends", "[1, 2]"),
        ("hearing", "measures", "[]"),
        ("hearing", "measures", "[" * 400 + "]" * 400),
        ("hearing", "measures", "not json"),
        ("hearing", "changed_at", "2026-11-21T25:00:00.000000Z"),
        ("hearing", "changed_at", "9999-11-21T12:00:00.000000Z"),
        ("bail", "expires_on", "0001-01-01"),
        ("bail", "expires_on", "2026-2-30"),
        ("contact_note", "text", "x" * 1_000_001),
        ("contact_note", "text", 5),
        ("contact_note", "extra", {}),
        ("contact_note", "file_id", "0" * 32),
        ("contact_note", "unknown", {"a": b"raw"}),
        ("contact_note", "unknown", [[[]] * 5] * 5 + [json.loads("[" * 90 + "]" * 90)]),
    ],
)
def test_what_no_screen_could_show_is_no_record(eve: Desk, kind: str, field: str, value: object) -> None:
    good = whole(eve, kind, {})
    records.incoming(kind, good.values)
    with pytest.raises(Unreadable):
        records.incoming(kind, {**good.values, field: value})


@pytest.mark.parametrize("side", ["before", "ours", "theirs"])
@pytest.mark.parametrize("value", [5, "soon", {"a": 1}])
def test_a_conflict_of_values_that_no_record_could_have_is_none(eve: Desk, side: str, value: object) -> None:
    """One that could not be shown would hide every other: they are read together."""
    told = {"kind": "hearing", "before": '{"hearing_on": null}', "ours": "{}", "theirs": '{"hearing_on": "2026-11-21"}'}
    good = whole(eve, "conflict", told)
    records.incoming("conflict", good.values)
    with pytest.raises(Unreadable):
        records.incoming("conflict", {**good.values, side: json.dumps({"hearing_on": value})})


def test_her_clock_decides_nothing(team: Team, ann: Desk, eve: Desk, file_id: FileId) -> None:
    late = team.join("Y3K", SUPERVISOR, hours_off=900 * 365 * 24)
    team.exchange_all(2)
    for desk, text in ((late, "From the future"), (ann, "Of today")):
        with desk.work.engine.begin() as conn:
            at = "2926-01-01T00:00:00.000000Z" if desk is late else "2026-01-01T00:00:00.000000Z"
            conn.exec_driver_sql("UPDATE person SET whereabouts = ?, changed_at = ? WHERE role = 'client'", (text, at))
        desk.exchange()
    team.exchange_all(3)
    told = repr(contents(ann)["person"]) + repr(contents(ann)["conflict"])
    assert "Of today" in told
    assert "From the future" in told
    with ann.work.engine.begin() as conn:
        conn.exec_driver_sql("UPDATE person SET whereabouts = 'Newest' WHERE role = 'client'")
    ann.exchange()
    late.exchange()
    assert late.rows("SELECT whereabouts FROM person WHERE role = 'client'") == [("Newest",)]


assert inbox.CLIENT_FILE in records.shapes()


def test_a_time_that_there_is_not_hides_no_member(team: Team, ann: Desk) -> None:
    """It would keep an administrator in bad faith in: the page on which she is revoked could not be read."""
    now, founder = team.members, ann.device
    made = Statement(now.organisation, now.number + 1, now.hash, SetTeam(os.urandom(16), True, b""), at=2**52)
    body = statements.sign(made, founder.id.bytes, founder.sign_seed.buffer)
    hub_members.add_statement(team.database, team.organisation, body)
    ann.exchange()
    read = roster(ann.work)
    assert read is not None
    assert [each.at for each in read.log] == [None, None]
    assert len(read.people) == 1
