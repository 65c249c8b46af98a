"""The calendar in a real window on a real store."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.hearings import HearingDetails, list_hearing
from advocate_desk.casework.tasks import TaskDetails, add_task
from advocate_desk.casework.work import Work
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.calendar.model import MonthModel, grid_start, shifted_month, span
from advocate_desk.desk.screens.calendar.view import CalendarScreen
from advocate_desk.desk.widgets.grouped_list import Heading, ListRow
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.calendar import DayCount, calendar_view
from advocate_desk.store.tables.work import task
from tests.builders import NOON, a_file
from tests.desk.walk import assert_accessible, assert_fits

TODAY = NOON.date()


@pytest.fixture
def file_id(work: Work) -> FileId:
    made = a_file(work)
    allocate(work, made, Advocate(work.actor.name))
    case_id = open_case(work, made, CaseDetails(crime_ref="EX1/26")).record_id
    assert case_id is not None
    for days in (2, 50):
        details = HearingDetails(
            TODAY + timedelta(days=days), "10:00", court_name="Sampleton Crown Court", kind="trial"
        )
        list_hearing(work, made, case_id, details)
    add_task(work, made, TaskDetails("Call about Monday", due_on=TODAY + timedelta(days=2)))
    return made


def opened(qtbot: QtBot, office: Office) -> CalendarScreen:
    screen = CalendarScreen(office)
    qtbot.addWidget(screen)
    screen.resize(1100, 650)
    screen.show()
    qtbot.waitUntil(lambda: screen.month.currentIndex().isValid())
    return screen


def headings(screen: CalendarScreen) -> list[str]:
    return [line.text for line in screen.list.rows.lines() if isinstance(line, Heading)]


def rows(screen: CalendarScreen) -> list[str]:
    return [line.title for line in screen.list.rows.lines() if isinstance(line, ListRow)]


@pytest.mark.usefixtures("file_id")
def test_the_agenda_names_each_day_with_what_lies_on_it(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    assert "Monday 23 November" in headings(screen)
    assert "Call about Monday" in rows(screen)
    assert not any("10 January" in each for each in headings(screen))  # fifty days ahead


@pytest.mark.usefixtures("file_id")
def test_arrows_move_the_day_over_the_edge_of_the_month(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    screen.month.setFocus()
    for _ in range(2):
        QTest.keyClick(screen.month, Qt.Key.Key_Down)
        qtbot.waitUntil(lambda: screen.month.month.day(screen.month.currentIndex()) == screen.presenter.day)
    assert screen.presenter.day == date(2026, 12, 5)
    assert screen._month_name.text() == "December 2026"
    assert screen.about.text() == "Six weeks from Saturday 5 December 2026"
    QTest.keyClick(screen.month, Qt.Key.Key_Home)
    assert screen.presenter.day == TODAY


@pytest.mark.usefixtures("file_id")
def test_a_month_ahead_shows_its_hearings(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    screen.month_stepped.emit(2)
    qtbot.waitUntil(lambda: "Sunday 10 January 2027" in headings(screen))
    screen.month_stepped.emit(-2)
    assert screen.presenter.day == TODAY


def test_enter_opens_the_file_at_its_hearings(qtbot: QtBot, office: Office, file_id: FileId) -> None:
    screen = opened(qtbot, office)
    row = next(
        at for at, line in enumerate(screen.list.rows.lines()) if isinstance(line, ListRow) and line.lead == "10:00"
    )
    screen.list.setCurrentIndex(screen.list.rows.index(row))
    with qtbot.waitSignal(office.file_asked) as asked:
        QTest.keyClick(screen.list, Qt.Key.Key_Return)
    assert asked.args == [file_id, "hearings"]


@pytest.mark.usefixtures("file_id")
def test_a_new_hearing_shows_at_once(qtbot: QtBot, office: Office, file_id: FileId) -> None:
    screen = opened(qtbot, office)
    office.do(office, add_task, file_id, TaskDetails("Ask about the locks", due_on=TODAY))
    qtbot.waitUntil(lambda: "Ask about the locks" in rows(screen))


def test_an_empty_calendar_says_so(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    qtbot.waitUntil(lambda: screen._stack.currentWidget() is screen.empty)
    assert screen.empty.title.text() == "Nothing in the next six weeks"


@pytest.mark.usefixtures("file_id")
def test_the_place_is_kept(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    screen.day_chosen.emit(date(2027, 1, 4))
    again = opened(qtbot, office)
    again.restore(screen.place())
    assert again.presenter.day == date(2027, 1, 4)


def test_months_step_over_the_year(qtmodeltester: ModelTester) -> None:
    assert shifted_month(date(2026, 12, 31), 1) == date(2027, 1, 1)
    assert shifted_month(date(2026, 1, 31), -1) == date(2025, 12, 1)
    assert grid_start(date(2026, 11, 21)) == date(2026, 10, 26)
    assert span(TODAY, TODAY).agenda == (TODAY, TODAY + timedelta(days=41))
    model = MonthModel()
    model.show_month(TODAY, TODAY, {TODAY: DayCount(2, 1, 3)})
    qtmodeltester.check(model)  # type: ignore[no-untyped-call]
    said = model.data(model.index_of(TODAY), Qt.ItemDataRole.AccessibleTextRole)
    assert said == "Saturday 21 November 2026: 2 hearings, 1 bail end, 3 tasks and reviews"


@pytest.mark.usefixtures("file_id")
def test_every_control_has_a_name_and_a_place(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    assert_accessible(screen)
    assert_fits(screen, 900)


def test_the_agenda_goes_on_to_its_end_as_somebody_scrolls_there(
    qtbot: QtBot, office: Office, work: Work, file_id: FileId, monkeypatch: pytest.MonkeyPatch
) -> None:
    with work.activity("test", file_id) as act:
        for number in range(80):
            act.insert(task, file_id, {"title": f"Call {number:02}", "due_on": TODAY + timedelta(days=number // 2)})
    monkeypatch.setattr(calendar_view, "__defaults__", ("", 20))
    screen = opened(qtbot, office)
    assert "Call 00" in rows(screen)
    assert "Call 79" not in rows(screen)
    while "Call 79" not in rows(screen):
        before = len(rows(screen))
        bar = screen.list.verticalScrollBar()
        bar.setValue(bar.maximum())
        qtbot.waitUntil(lambda seen=before: len(rows(screen)) > seen)  # type: ignore[misc]
    calls = [each for each in rows(screen) if each[5:].isdigit()]
    assert sorted(calls) == [f"Call {number:02}" for number in range(80)]
    assert len(headings(screen)) == len(set(headings(screen)))
