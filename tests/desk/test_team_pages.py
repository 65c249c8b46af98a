"""Each page and dialog of the team at twice the text size: named, reached by keyboard, and nothing cut off."""

from __future__ import annotations

from collections.abc import Iterator

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
from advocate_desk.desk.window import MainWindow
from advocate_desk.settings import ComputerSettings
from team_pictures import team_pictures
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
