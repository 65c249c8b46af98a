"""The members' chain is checked once, whatever asks for it, and never taken for another one of the same length."""

from __future__ import annotations

import os
from typing import Any

import pytest

from advocate_desk.sync import state, statements
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.statements import SUPERVISOR, Members, SetTeam, Statement
from tests.sync.desks import Desk, Team


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the statements whose signatures were checked."""
    numbers: list[int] = []
    take = statements.take

    def counted(members: Members, body: bytes) -> Members:
        numbers.append(members.number + 1)
        return take(members, body)

    monkeypatch.setattr(statements, "take", counted)
    return numbers


def members_of(desk: Desk) -> Members:
    with desk.work.engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        stand = state.standing(driver)
        assert stand is not None
        return state.members(driver, stand)


def put(desk: Desk, number: int, body: bytes) -> None:
    with desk.work.engine.begin() as conn:
        conn.exec_driver_sql("INSERT OR REPLACE INTO member_statement VALUES (?, ?)", (number, body))


def test_a_chain_that_grows_is_checked_from_where_it_was_known(team: Team, taken: list[int]) -> None:
    ann = team.join("Ann", SUPERVISOR)
    ann.exchange()
    for _ in range(5):
        team.say(SetTeam(os.urandom(16), True, b""))
    taken.clear()
    ann.exchange()
    assert members_of(ann).number == team.members.number
    assert sorted(taken) == sorted([2, 3, 4, 5, 6] * 2), "once as they come, once as they are read"
    taken.clear()
    for _ in range(3):
        ann.exchange()
    assert taken == []


def test_two_chains_of_one_length_are_told_apart(team: Team) -> None:
    ann = team.join("Ann", SUPERVISOR)
    ann.exchange()
    founded = members_of(ann)
    bodies = []
    for _ in range(2):
        said = Statement(founded.organisation, 2, founded.hash, SetTeam(os.urandom(16), True, b""))
        bodies.append(statements.sign(said, ann.device.id.bytes, ann.device.sign_seed.buffer))
    for body in bodies:
        put(ann, 2, body)
        assert list(members_of(ann).teams) == [statements.said(body)[1].act.team]  # type: ignore[union-attr]
    wrong = Statement(founded.organisation, 3, founded.hash, SetTeam(os.urandom(16), True, b""))
    put(ann, 3, statements.sign(wrong, ann.device.id.bytes, ann.device.sign_seed.buffer))
    with pytest.raises(Distrust):
        members_of(ann)
