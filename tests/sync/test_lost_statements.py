"""A hub that lost a part of the members' chain and nothing else: any desk gives it back, whatever it is about to do."""

from __future__ import annotations

import os
from functools import partial
from typing import Any, cast
from uuid import UUID

import pytest

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.domain.identity import FileId
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import membership
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.link import Link, TeamHub
from advocate_desk.sync.statements import ADVOCATE, SUPERVISOR, RevokeDevice, SetPerson, SetTeam
from advocate_desk.sync.transaction import writing
from advocate_desk.sync.transport import Line
from advocate_desk.sync.wire import Pull, Tip
from tests.builders import NOON, a_file
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents


@pytest.fixture
def desks(team: Team) -> tuple[Desk, Desk, Desk]:
    """Ann, who founded; Ben; and Eve, whose device is revoked."""
    ann, ben, eve = (team.join(name, SUPERVISOR) for name in ("Ann", "Ben", "Eve"))
    a_file(ann.work)
    team.exchange_all(2)
    (number,) = eve.rows("SELECT push_number FROM organisation")[0]
    team.say(RevokeDevice(eve.device.id.bytes, is_lost=False, last_number=number))
    team.say(SetTeam(os.urandom(16), True, b""))
    team.desks.remove(eve)
    team.exchange_all(1)
    return ann, ben, eve


def lose(team: Team, after: int) -> None:
    """The statements after that number are gone, and what the hub had made of them."""
    with team.database.writing() as session:
        session.run("DELETE FROM statement WHERE number > ?", after)
        session.run("UPDATE organisation SET statements = ?", after)
        session.run("UPDATE device SET revoked_by = 0 WHERE revoked_by > ?", after)


def count(team: Team) -> int:
    with team.database.reading() as session:
        return int(session.rows("SELECT max(number) FROM statement")[0][0])


def link_of(desk: Desk) -> Link:
    write = partial(writing, is_stopped=lambda: False)
    return Link(desk.work.engine, desk.device, cast(TeamHub, desk.hub), desk.work.clock, write, Line)


def test_a_revocation_that_was_lost_counts_again_after_any_desks_next_exchange(
    team: Team, desks: tuple[Desk, Desk, Desk]
) -> None:
    ann, ben, eve = desks
    lose(team, team.members.number - 2)
    eve.hub.pull(Pull(Tip(0, bytes(32)), 0, 0))  # the hub lets her in again
    assert ben.exchange().troubles == ["gave_back"]
    assert count(team) == team.members.number
    with pytest.raises(HubRefused, match="revoked"):
        eve.hub.pull(Pull(Tip(0, bytes(32)), 0, 0))
    note_at(ann, "After it was lost")
    team.exchange_all(2)
    assert contents(ann) == contents(ben)
    assert [desk.exchange().troubles for desk in (ann, ben)] == [[], []]


def note_at(desk: Desk, text: str) -> None:
    file_id = FileId(UUID(desk.rows("SELECT id FROM client_file")[0][0]))
    write_note(desk.work, file_id, NoteDetails(NOON, "phone", text))


def test_what_an_administrator_says_next_follows_on_what_was_lost(team: Team, desks: tuple[Desk, Desk, Desk]) -> None:
    ann, ben, _ = desks
    lose(team, team.members.number - 2)
    act = SetPerson(ben.person, [ADVOCATE], [], True, b"")
    said = membership.say(link_of(ann), lambda members: None if ADVOCATE in roles(members, ben) else act)
    assert said.number == count(team) == team.members.number + 1
    assert roles(membership.catch_up(link_of(ben)), ben) == {ADVOCATE}
    assert [desk.exchange().troubles for desk in (ann, ben)] == [[], []]


def roles(members: Any, desk: Desk) -> set[str]:
    return set(members.people[desk.person].roles)


def test_who_was_let_in_by_what_was_lost_is_let_in_again(team: Team, desks: tuple[Desk, Desk, Desk]) -> None:
    ann, ben, _ = desks
    before = team.members.number
    cat = team.join("Cat", SUPERVISOR)
    team.exchange_all(2)
    note_at(cat, "Of Cat, unsent")
    lose(team, before)
    with team.database.writing() as session:
        session.run("DELETE FROM device WHERE device = ?", cat.device.id.bytes)
    with pytest.raises(HubRefused, match="unknown"):
        cat.exchange()
    assert ann.exchange().troubles == ["gave_back"]
    team.exchange_all(3)
    assert contents(ann) == contents(ben) == contents(cat)
    assert "Of Cat, unsent" in repr(contents(ann))
    assert [desk.exchange().waiting for desk in team.desks] == [0, 0, 0]


def test_a_hub_that_will_not_have_them_back_is_told_of(
    team: Team, desks: tuple[Desk, Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, _, _ = desks
    lose(team, team.members.number - 2)

    def refuse(*_: object) -> None:
        raise RefusedByHub("malformed")

    monkeypatch.setattr("advocate_desk.hub.members.add_statement", refuse)
    with pytest.raises(HubRefused, match="other_history"):
        ann.exchange()
    (told,) = ann.rows("SELECT detail FROM exchange_event WHERE kind = 'statements_refused'")
    assert told == ('{"statements":2}',)
