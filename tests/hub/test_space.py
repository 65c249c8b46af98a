"""What one member can fill a hub with: records, rights, pushes of nothing, all of it has its end."""

from __future__ import annotations

import os
from collections.abc import Callable

import msgspec
import pytest

from advocate_desk.clock import FixedClock
from advocate_desk.hub import attachments, limits, pulls, pushes
from advocate_desk.hub import members as hub_members
from advocate_desk.hub.app import Hub
from advocate_desk.hub.database import Database
from advocate_desk.hub.limits import Limits, Rates
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import manifest, ownership, rights, statements, wire
from advocate_desk.sync.manifest import Manifest, Seen
from advocate_desk.sync.messages import Owners, PieceName, Rights
from advocate_desk.sync.ownership import Whose
from advocate_desk.sync.rights import Under
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE, SUPERVISOR, Act, RevokeDevice, SetTeam, Statement
from advocate_desk.sync.wire import Change, Part, Pull, Push, Right, Tip
from advocate_desk.vault import sodium
from advocate_desk.vault.secret import SecretKey
from tests.builders import NOON
from tests.hub.members import Device, Organisation, changes


def refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(RefusedByHub) as refusal:
        call()
    assert refusal.value.code == code


def given(device: Device, file: bytes, first: int, count: int) -> list[Right]:
    """Keys of a file of the device's own, of one epoch after another."""
    to, by = (device.id, sodium.exchange_public(device.secret.buffer)), (device.id, device.seed)
    key = SecretKey.random()
    return [rights.give(device.organisation, file, first + at, key, to, by, Under()) for at in range(count)]


def used(database: Database) -> int:
    with database.reading() as session:
        return int(session.rows("SELECT used_bytes FROM organisation")[0][0])


@pytest.fixture
def hub(database: Database) -> Hub:
    return Hub(database, Limits(quota_bytes=40_000), FixedClock(NOON))


def test_rights_take_up_space_like_everything_else(hub: Hub, organisation: Organisation) -> None:
    founder, file = organisation.founder, os.urandom(16)
    organisation.own(founder, file, founder)
    for at in range(4):
        hub.rights(founder.caller, Rights(given(founder, file, 1 + 24 * at, 24)))
    refused("full", lambda: hub.rights(founder.caller, Rights(given(founder, file, 97, 24))))
    item = Part(file, changes((os.urandom(16), 0), text=b"x" * 2_000))
    refused("full", lambda: hub.push(founder.caller, founder.push([item])))


def test_links_take_up_space_by_what_they_say(hub: Hub, organisation: Organisation) -> None:
    founder = organisation.founder

    def links(count: int, readers: int) -> Owners:
        whose = Whose(founder.id, None, True, frozenset(os.urandom(16) for _ in range(readers)))
        said = [
            ownership.following(organisation.members, os.urandom(16), None, whose, founder.id) for _ in range(count)
        ]
        return Owners([ownership.sign(each, founder.id, founder.seed.buffer) for each in said])

    hub.owners(founder.caller, links(20, readers=0))
    before = used(hub.database)
    hub.owners(founder.caller, links(1, readers=400))
    assert used(hub.database) - before > 400 * 16
    refused("full", lambda: hub.owners(founder.caller, links(4, readers=400)))


def test_a_push_takes_up_what_its_manifest_does(hub: Hub, organisation: Organisation) -> None:
    founder = organisation.founder
    file, item = organisation.open_file(founder), os.urandom(16)
    hub.push(founder.caller, founder.push([Part(file, changes((item, 0), text=b"x" * 200))]))
    before = used(hub.database)

    def again() -> None:
        """The same record again and again: nothing becomes larger but the history."""
        for revision in range(1, 99):
            hub.push(founder.caller, founder.push([Part(file, [Change(item, revision, 1, b"y" * 200)])]))

    refused("full", again)
    assert 40_000 - 900 < used(hub.database) <= 42_000
    assert before < 2_000


def test_pushes_of_nothing_are_counted_by_device_and_so_are_rights(hub: Hub, organisation: Organisation) -> None:
    hub.limits = Limits()
    founder, other = organisation.founder, organisation.join()
    for _ in range(limits.MOST_EMPTY):
        hub.push(founder.caller, founder.push([]))
    refused("too_many", lambda: hub.push(founder.caller, founder.push([])))
    hub.push(other.caller, other.push([]))


def test_a_piece_that_is_here_is_taken_again_where_there_is_no_space_left(
    database: Database, organisation: Organisation
) -> None:
    """Its sender did not hear the answer, and would never come to the end of its document."""
    caller, document = organisation.founder.caller, os.urandom(16)
    file = organisation.open_file(organisation.founder)
    attachments.keep_piece(database, caller, PieceName(file, document, 0), b"sealed", 40_000)
    before = used(database)
    attachments.keep_piece(database, caller, PieceName(file, document, 0), b"sealed", before)
    assert used(database) == before
    refused("full", lambda: attachments.keep_piece(database, caller, PieceName(file, document, 1), b"sealed", before))


def test_rights_are_let_through_by_the_minute() -> None:
    now = [0.0]
    rates = Rates(Limits(), lambda: now[0])
    rates.check_rights(b"a", limits.MOST_RIGHTS)
    with pytest.raises(RefusedByHub) as refusal:
        rates.check_rights(b"a", 500)
    assert refusal.value.detail == 15
    rates.check_rights(b"b", 500)
    now[0] += 15.0
    rates.check_rights(b"a", 500)


def test_a_manifest_tells_of_no_more_devices_than_there_are(database: Database, organisation: Organisation) -> None:
    founder = organisation.founder
    said = wire.unpack(Manifest, founder.push([]).manifest)

    def send(count: int) -> None:
        seen = [Seen(os.urandom(16), 1) for _ in range(count)]
        body, signature = manifest.sign(msgspec.structs.replace(said, seen=seen), founder.seed.buffer)
        pushes.take_push(database, founder.caller, Push(body, signature, []), 10**9)

    refused("malformed", lambda: send(pushes.FEW_SEEN + 1))
    send(pushes.FEW_SEEN)


def say_in(database: Database, organisation: Organisation, act: Act, quota_bytes: int) -> None:
    """The founder says it to a hub that has this much space."""
    members = organisation.members
    statement = Statement(organisation.id, members.number + 1, members.hash, act)
    body = statements.sign(statement, organisation.founder.id, organisation.founder.seed.buffer)
    hub_members.add_statement(database, organisation.id, body, quota_bytes)
    organisation.members = statements.take(members, body)


def test_statements_take_up_space_and_who_is_lost_is_put_out_all_the_same(
    database: Database, organisation: Organisation
) -> None:
    lost, gone = organisation.join(), organisation.join()
    before = used(database)
    name = SetTeam(os.urandom(16), True, b"n" * 4_000)
    organisation.say(name)
    assert used(database) - before > 4_000

    def say(act: Act) -> None:
        say_in(database, organisation, act, before)

    refused("full", lambda: say(name))
    say(RevokeDevice(lost.id, True))
    leaving = gone.person(ADVOCATE)
    say(msgspec.structs.replace(leaving, is_active=False))
    say(RevokeDevice(gone.id, True))
    refused("full", lambda: say(leaving))


def test_whoever_is_to_read_less_reads_less_though_the_hub_is_full(
    database: Database, organisation: Organisation
) -> None:
    lead = organisation.join()
    organisation.say(lead.person(SUPERVISOR))
    full = used(database)

    def say(*roles: str) -> None:
        say_in(database, organisation, lead.person(*roles), full)

    refused("full", lambda: say(SUPERVISOR, ADMINISTRATOR))
    refused("full", lambda: say(ADMINISTRATOR))
    say(ADVOCATE)
    refused("full", lambda: say(ADVOCATE))


def test_statements_come_in_pages_that_a_desk_takes(
    database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulls, "MOST_STATEMENT_BYTES", 10_000)
    for _ in range(8):
        organisation.say(SetTeam(os.urandom(16), True, b"n" * 4_000))
    bodies: list[bytes] = []
    while True:
        page = pulls.answer_pull(database, organisation.founder.caller, Pull(Tip(0, bytes(32)), len(bodies), 0))
        assert sum(map(len, page.statements)) <= pulls.MOST_STATEMENT_BYTES
        bodies += page.statements
        if not page.has_more:
            break
    assert len(bodies) == organisation.members.number
