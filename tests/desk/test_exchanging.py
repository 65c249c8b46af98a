"""The exchange of an open desk: by itself, beside the work, never in the way of a lock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from advocate_desk.casework.intake import open_file
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.team import exchanging
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.sync import choices
from advocate_desk.sync.link import Link, TeamHub
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import a_file, an_intake
from tests.sync.desks import Desk, Team


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Ann and Ben, who see each other's files; desks that lose no time."""
    monkeypatch.setattr(exchanging, "FIRST_MS", 1)
    monkeypatch.setattr(exchanging, "AFTER_CHANGE_MS", 1)
    made = Team(tmp_path)
    for name in ("Ann", "Ben"):
        desk = made.join(name, SUPERVISOR)
        choices.set_hub_address(desk.work.engine, "https://hub.example.org")
    yield made
    made.close()


@pytest.fixture
def offices(qapp: object) -> Iterator[list[Office]]:
    """What the test has opened, closed behind it."""
    opened: list[Office] = []
    yield opened
    for each in opened:
        each.end()


def open_office(desk: Desk, offices: list[Office]) -> Exchanges:
    office = Office(desk.work, Jobs())
    made = Exchanges(office, desk.device, connect=lambda *_: cast(TeamHub, desk.hub))
    office.keep_exchanging(made)
    offices.append(office)
    return made


def file_count(desk: Desk) -> int:
    return int(desk.rows("SELECT count(*) FROM client_file")[0][0])


def test_a_desk_exchanges_by_itself_once_it_is_open(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    ann, ben = team.desks
    a_file(ann.work)
    ann.exchange()
    exchanges = open_office(ben, offices)
    with qtbot.waitSignal(exchanges.changed) as told:
        pass
    assert "client_file" in told.args[0]
    assert file_count(ben) == 1
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and not exchanges.state().is_running)
    assert exchanges.state().is_enrolled and exchanges.state().trouble is None


def test_a_change_is_sent_soon_after_it_was_made(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    ann, ben = team.desks
    exchanges = open_office(ann, offices)
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and not exchanges.state().is_running)
    offices[0].do(exchanges, open_file, an_intake())
    qtbot.waitUntil(lambda: ben.exchange() is not None and file_count(ben) == 1)
    qtbot.waitUntil(lambda: exchanges.state().waiting == 0)


def test_others_use_the_thread_between_exchanges(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    exchanges = open_office(team.desks[0], offices)
    asker = QObject()

    def act(link: Link) -> tuple[object, object]:
        return link.device.id, link.hub

    with qtbot.waitSignal(exchanges.ask(asker, act).done) as told:
        pass
    assert told.args[0] == (team.desks[0].device.id, team.desks[0].hub)


def test_a_paused_desk_exchanges_nothing_until_it_goes_on(team: Team, offices: list[Office], qtbot: QtBot) -> None:
    ann, ben = team.desks
    exchanges = open_office(ann, offices)
    qtbot.waitUntil(lambda: exchanges.state().last_at is not None and not exchanges.state().is_running)
    exchanges.pause()
    qtbot.waitUntil(lambda: bool(ann.rows("SELECT is_paused FROM organisation")[0][0]))
    a_file(ann.work)
    exchanges.exchange_now()
    assert exchanges.state().is_paused and not exchanges.state().is_running
    exchanges.go_on()
    qtbot.waitUntil(lambda: ben.exchange() is not None and file_count(ben) == 1)
