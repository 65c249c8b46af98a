"""Invitations at the hub, on both of its databases: how many may lie there at once."""

from __future__ import annotations

import os

import pytest

from advocate_desk.hub import invitations
from advocate_desk.hub.database import Database
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync.messages import Invite
from tests.hub.members import NOW, Organisation


def invite(database: Database, organisation: Organisation, now: int = NOW) -> bytes:
    name = os.urandom(32)
    invitations.invite(database, organisation.founder.caller, Invite(name, b"sealed"), now)
    return name


def test_those_that_were_answered_leave_room_for_others(database: Database, organisation: Organisation) -> None:
    for _ in range(invitations.MOST_OPEN + 1):
        invitations.answer_invitation(database, invite(database, organisation), b"my keys", NOW)
    for _ in range(invitations.MOST_OPEN):
        invite(database, organisation)
    with pytest.raises(RefusedByHub) as refusal:
        invite(database, organisation)
    assert refusal.value.code == "too_many"
    invite(database, organisation, NOW + invitations.LASTS_S)


def test_answered_ones_do_not_pile_up_without_end(
    database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(invitations, "MOST_KEPT", 3)
    for _ in range(3):
        invitations.answer_invitation(database, invite(database, organisation), b"my keys", NOW)
    with pytest.raises(RefusedByHub) as refusal:
        invite(database, organisation)
    assert refusal.value.code == "too_many"
