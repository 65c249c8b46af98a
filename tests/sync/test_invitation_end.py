"""An invitation's end: three days by the hub's clock, whatever the hub says of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.desk.team import enrolment
from advocate_desk.desk.team.enrolment import Guest
from advocate_desk.errors import Refused
from advocate_desk.sync.membership import LASTS
from advocate_desk.sync.messages import Answered
from advocate_desk.sync.statements import ADVOCATE
from tests.builders import NOON
from tests.running_hub import running_hub
from tests.sync.test_enrolment import Desk, wishes


@pytest.fixture
def closed() -> Iterator[None]:
    yield
    while Desk.everyone:
        Desk.everyone.pop().close()


@pytest.fixture
def ann(tmp_path: Path, closed: None) -> Iterator[Desk]:
    with running_hub(tmp_path, "sesame") as address:
        desk = Desk(tmp_path, "Ann")
        enrolment.found(desk.link(), enrolment.prepare(desk.link(), wishes(address)))
        yield desk


def three_days_pass_at_the_hub(folder: Path) -> None:
    with sqlite3.connect(folder / "hub.db", timeout=30) as conn:
        conn.execute("UPDATE invitation SET ends_at = ends_at - ?", (int(LASTS.total_seconds()) + 1,))
    conn.close()


def test_a_code_that_the_hub_lets_end_is_said_to_have_ended(tmp_path: Path, ann: Desk) -> None:
    address = ann.roster().hub_address
    ben, cat = Desk(tmp_path, "Ben"), Desk(tmp_path, "Cat")
    code, kept = enrolment.invite(ann.link(), Guest("Ben", (ADVOCATE,)), "Ann")
    seen = enrolment.look_at_invitation(cat.link(), address, " ".join(code.groups))
    three_days_pass_at_the_hub(tmp_path)
    with pytest.raises(Refused, match="expired") as refusal:
        enrolment.look_at_invitation(ben.link(), address, " ".join(code.groups))
    assert "Ask for a new one" in refusal.value.advice
    with pytest.raises(Refused, match="expired"):
        enrolment.join(cat.link(), seen, "Laptop")
    assert ben.link().hub is None
    with pytest.raises(Refused):
        enrolment.admit(ann.link(), kept.ticket.name)
    other, _ = enrolment.invite(ann.link(), Guest("Ben", (ADVOCATE,)), "Ann")
    again = enrolment.look_at_invitation(ben.link(), address, " ".join(other.groups))
    enrolment.join(ben.link(), again, "Laptop")
    assert ben.roster().name == "Harbour Service"


@pytest.mark.parametrize("ends_at", [0, 1, 2**52, int((NOON + LASTS).timestamp()) + 60, int(NOON.timestamp())])
def test_an_end_that_cannot_be_is_three_days_from_now_by_our_clock(
    ann: Desk, monkeypatch: pytest.MonkeyPatch, ends_at: int
) -> None:
    hub: Any = ann.link().hub
    monkeypatch.setattr(hub, "invite", lambda _invitation: Answered(b"", ends_at))
    assert enrolment.invite(ann.link(), Guest("Ben", (ADVOCATE,)), "Ann")[1].ends_at == NOON + LASTS
    (kept,) = ann.roster().invitations
    assert kept.ends_at == NOON + LASTS


def test_an_end_that_can_be_is_the_hubs(ann: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    hub: Any = ann.link().hub
    at = NOON + timedelta(hours=5)
    monkeypatch.setattr(hub, "invite", lambda _invitation: Answered(b"", int(at.timestamp())))
    assert enrolment.invite(ann.link(), Guest("Ben", (ADVOCATE,)), "Ann")[1].ends_at == at
