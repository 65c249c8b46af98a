"""Desks whose hub has no more space, or no more time for them: what waits is kept, and goes when there is room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import a_file
from tests.hub.far_desks import FarTeam
from tests.hub.processes import HubProcess
from tests.sync.desks import Desk
from tests.sync.test_exchange import contents


@dataclass
class Pair:
    """Two desks and a hub process on SQLite."""

    hub: HubProcess
    ann: Desk
    ben: Desk

    def set(self, **options: str) -> None:
        """Start the hub anew with other settings."""
        self.hub.end()
        self.hub.options = options
        self.hub.start()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    with ExitStack() as stack:
        hub = HubProcess(tmp_path / "hub", str(tmp_path / "hub.db"))
        stack.callback(hub.end)
        hub.start()
        team = FarTeam(tmp_path, url=hub.database, address=f"http://127.0.0.1:{hub.port}")
        stack.callback(team.close)
        ann, ben = team.join("Ann", SUPERVISOR), team.join("Ben", SUPERVISOR)
        team.exchange_all(2)
        yield Pair(hub, ann, ben)


def refusal_of(desk: Desk) -> HubRefused:
    with pytest.raises(HubRefused) as refusal:
        desk.exchange()
    return refusal.value


def test_what_a_full_hub_does_not_take_waits_until_there_is_space(pair: Pair) -> None:
    pair.set(quota_gib="0.000001")
    a_file(pair.ann.work)
    refusal = refusal_of(pair.ann)
    assert (refusal.code, refusal.detail) == ("full", 1073)
    assert pair.ben.exchange().received == 0
    pair.set()
    assert pair.ann.exchange().waiting == 0
    pair.ben.exchange()
    assert contents(pair.ann) == contents(pair.ben)
    assert pair.ben.rows("SELECT count(*) FROM client_file") == [(1,)]


def test_a_desk_that_asks_too_often_is_told_how_long_to_wait_and_loses_nothing(pair: Pair) -> None:
    pair.set(member_rate="2")
    a_file(pair.ann.work)
    refusal = refusal_of(pair.ann)
    assert refusal.code == "too_many"
    assert 0 < refusal.detail <= 30
    pair.set()
    assert pair.ann.exchange().waiting == 0
    pair.ben.exchange()
    assert contents(pair.ann) == contents(pair.ben)
