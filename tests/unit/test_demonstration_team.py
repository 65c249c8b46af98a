"""The demonstration of a team: founded, joined and exchanged for real, through a hub in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from advocate_desk.casework.caseload_summary import leads, summary
from advocate_desk.clock import SystemClock
from advocate_desk.demonstration import team
from advocate_desk.demonstration.caseload import YOU
from advocate_desk.demonstration.team import (
    ADVOCATES,
    AT_WORK,
    COLLEAGUES,
    TEAMS,
    open_team,
    others_of,
    seat,
    team_plots,
)
from advocate_desk.demonstration.team_at_work import work_once
from advocate_desk.demonstration.team_process import TeamProcess
from advocate_desk.desk.colleagues import colleagues
from advocate_desk.sync.address import parse_address

FEW = (0, 4, 8, 17, 20)
CLOCK = SystemClock()


@pytest.fixture
def started() -> Iterator[list[TeamProcess]]:
    made: list[TeamProcess] = []
    yield made
    for each in made:
        each.end()


def test_a_team_is_at_work_beside_its_managers_desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[TeamProcess]
) -> None:
    few = tuple(each for each in team_plots() if each.number in FEW)
    monkeypatch.setattr(team, "team_plots", lambda: few)
    folder, others = tmp_path / "demo", others_of(tmp_path / "demo")
    told: list[tuple[int, int]] = []
    open_team(folder, CLOCK, lambda done, whole: told.append((done, whole)), started.append).close()
    assert len(told) == len(FEW) + AT_WORK and told == sorted(set(told))
    assert told[-1] == (told[0][1], told[0][1])  # the bar ends at its end, and not before the colleagues are there
    address = parse_address(f"http://127.0.0.1:{(others / 'port').read_text(encoding='ascii')}")
    with seat(folder, YOU, CLOCK) as manager, seat(others / COLLEAGUES / "0", ADVOCATES[0], CLOCK) as colleague:
        known = colleagues(manager.work)
        assert leads(known)
        assert {each.name for each in known.members} == {YOU, *ADVOCATES}
        assert {each.site for each in known.teams} == {site for _, site in TEAMS}
        made = summary(manager.work, known)
        assert made.nobody.numbers["files"] == 1
        assert sum(each.numbers["files"] for each in made.lines) == len(FEW)
        before = _changes(manager)
        work_once(colleague, Random(2))
        for each in (colleague, manager):
            with each.linked(address) as link:
                each.exchange(link)
        assert _changes(manager) > before  # a call in which she was reached does the tasks that waited for it
    for each in (manager, colleague):
        each.vault.close()
    started[0].end()
    assert started[0].process.poll() is not None
    open_team(folder, CLOCK, lambda _done, _all: None, started.append).close()
    assert started[1].process.poll() is None


def _changes(desk: team.Seat) -> int:
    """Notes and tasks that are done."""
    with desk.work.engine.connect() as conn:
        notes = conn.exec_driver_sql("SELECT count(*) FROM contact_note").scalar_one()
        tasks = conn.exec_driver_sql("SELECT count(*) FROM task WHERE completed_at IS NOT NULL").scalar_one()
    return int(notes + tasks)
