"""Each page and dialog of the team at twice the text size: named, reached by keyboard, and nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.work import Work
from advocate_desk.desk import theme
from advocate_desk.desk.composition import build_page, form_registry
from advocate_desk.desk.dialogs.vault_dialog import VaultDialog
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.team.view import TeamScreen
from advocate_desk.desk.screens.team.words import log_words
from advocate_desk.desk.team.roster import LogLine, TeamLine, _Reader
from advocate_desk.desk.window import MainWindow
from advocate_desk.settings import ComputerSettings
from advocate_desk.sync.names import Name, seal_name
from advocate_desk.sync.statements import Members, SetTeam
from team_pictures import made_up_roster, team_pictures
from tests.desk.walk import assert_accessible, clipped, still_too_wide


@pytest.fixture
def large(qapp: QApplication) -> Iterator[None]:
    """200% text."""
    theme.apply(qapp, "light", 200)
    yield
    theme.apply(qapp, "light", 100)


def assert_scrolls_only_where_it_must(dialog: VaultDialog) -> None:
    """A bar with nothing to scroll to, or beside free room on the screen, is none."""
    bar = next(each.verticalScrollBar() for each in dialog.findChildren(QScrollArea))
    assert not bar.maximum() or dialog.height() >= dialog.screen().availableSize().height() - 60


@pytest.mark.usefixtures("large")
def test_every_page_of_the_team_can_be_read_and_used_at_200_per_cent(work: Work, qtbot: QtBot) -> None:
    window = MainWindow(work.clock, ComputerSettings("light", 200))
    window.resize(1366, 768)
    qtbot.addWidget(window)
    office = Office(work, Jobs(), form_registry())
    desk = window.show_desk(lambda: build_page(office))
    window.show()
    desk.show_screen("team")
    page = desk.current_page()
    assert isinstance(page, TeamScreen)
    qtbot.waitUntil(page.pages.isVisible)
    seen: list[str] = []

    def look(name: str, widget: QWidget) -> None:
        QTest.qWait(50)
        assert_accessible(widget)
        assert clipped(widget) == [] and still_too_wide(widget) == [], name
        if isinstance(widget, VaultDialog):
            assert_scrolls_only_where_it_must(widget)
        seen.append(name)

    team_pictures(look, window, office, page)
    assert len(seen) == 24
    window.lock("closing")
    window.close()


def test_a_person_is_chosen_on_arrival_and_her_teams_can_be_read(work: Work, qtbot: QtBot) -> None:
    office = Office(work, Jobs(), form_registry())
    page = TeamScreen(office)
    page.resize(1160, 900)
    qtbot.addWidget(page)
    page.show()
    shown = made_up_roster(office.clock.now())
    three = tuple(
        TeamLine(f"{number:032x}", f"{name} team", "", is_active=True)
        for number, name in enumerate(("Community", "Court", "Hospital"), 1)
    )
    first = replace(shown.people[0], teams=tuple(each.team for each in three))
    page.show_roster(replace(shown, teams=three, people=(first, *shown.people[1:])))
    assert page.people.currentIndex().row() == 0
    words = "Community team, Court team, Hospital team"
    assert page.model.index(0, 2).data().startswith(words)
    needed = page.people.fontMetrics().horizontalAdvance(words) + theme.px(20)
    qtbot.waitUntil(lambda: page.people.columnWidth(2) > needed)
    office.end()


def test_the_log_says_whether_a_team_was_made_renamed_changed_or_ended() -> None:
    keys = {1: b"k" * 32}
    organisation, team = b"o" * 16, b"t" * 16
    reader = _Reader(Members(organisation, b"r" * 32), keys, b"d" * 16)
    said = [
        ("Court", "Leeds", True),
        ("Court", "York", True),
        ("Crown Court", "York", True),
        ("Crown Court", "", False),
    ]
    called: dict[bytes, str] = {}
    words = []
    for name, site, is_active in said:
        act = SetTeam(team, is_active, seal_name(Name(name, site), organisation, team, keys))
        kind, about, _, former = reader._told_of_team(act, called)
        words.append(log_words(LogLine(1, None, kind, "Ann", about, (), former))[2])
    assert words == [
        "Made the team Court",
        "Changed the team Court",
        "Renamed the team Court: it is called Crown Court now",
        "Ended the team Crown Court",
    ]
