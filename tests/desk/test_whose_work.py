"""Whose work Today, In force, the calendar and the tasks begin with, and what of it a lock keeps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.bail import BailDetails, ConditionDetails, record_bail
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.people import PersonDetails
from advocate_desk.casework.tasks import TaskDetails, add_task
from advocate_desk.casework.work import Work
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.calendar.view import CalendarScreen
from advocate_desk.desk.screens.in_force.view import InForceScreen
from advocate_desk.desk.screens.tasks.view import TasksScreen
from advocate_desk.desk.screens.today.rows import DayLine
from advocate_desk.desk.screens.today.view import TodayScreen
from advocate_desk.desk.widgets.whose_choice import WhoseChoice
from advocate_desk.domain.identity import FileId
from tests.builders import NOON, a_file
from tests.desk.settling import settle
from tests.desk.team_desk import TeamDesk
from tests.organisations import NAMES, eight_advocates

TODAY = NOON.date()
SCREENS: dict[str, Callable[[Office], QWidget]] = {
    "today": TodayScreen,
    "in_force": InForceScreen,
    "calendar": CalendarScreen,
    "tasks": TasksScreen,
}


@pytest.fixture
def file_id(work: Work) -> FileId:
    """A colleague's file with bail and its conditions, and a task."""
    made = a_file(work, client=PersonDetails("client", "Otherina", "Example"))
    case_id = open_case(work, made, CaseDetails(crime_ref="EX1/26", reported_on=TODAY)).record_id
    assert case_id is not None
    details = BailDetails("pre_charge", TODAY - timedelta(days=3), expires_on=TODAY + timedelta(days=4))
    record_bail(work, made, case_id, details, (ConditionDetails("NO_CONTACT_CLIENT"),))
    add_task(work, made, TaskDetails("Call about Thursday", due_on=TODAY))
    allocate(work, made, Advocate(NAMES[0]))
    return made


def opened(screen: str, office: Office, qtbot: QtBot) -> QWidget:
    page = SCREENS[screen](office)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    settle(office, page, qtbot)
    return page


def whose(page: QWidget) -> WhoseChoice:
    (found,) = page.findChildren(WhoseChoice)
    return found


def says(page: QWidget) -> str:
    words = [label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page)]
    if isinstance(page, TasksScreen | CalendarScreen):
        words += [str(line) for line in page.list.rows.lines()]
    return "\n".join(words)


@pytest.mark.usefixtures("file_id")
@pytest.mark.parametrize("screen", SCREENS)
def test_who_leads_a_team_and_has_no_file_begins_with_everyones(
    screen: str, qtbot: QtBot, office: Office, work: Work
) -> None:
    eight_advocates(work)
    page = opened(screen, office, qtbot)
    assert whose(page).value() == "all"
    assert "Otherina Example" in says(page)


@pytest.mark.usefixtures("file_id")
@pytest.mark.parametrize("screen", SCREENS)
def test_who_leads_nobody_begins_with_her_own(screen: str, qtbot: QtBot, office: Office) -> None:
    page = opened(screen, office, qtbot)
    assert whose(page).value() == "mine"
    assert "Otherina Example" not in says(page)


@pytest.mark.usefixtures("file_id")
def test_who_leads_a_team_and_has_files_begins_with_her_own(qtbot: QtBot, office: Office, work: Work) -> None:
    eight_advocates(work)
    allocate(work, a_file(work), Advocate(work.actor.name))
    assert whose(opened("in_force", office, qtbot)).value() == "mine"


def test_a_choice_of_her_own_is_not_taken_back(qtbot: QtBot, office: Office, work: Work, file_id: FileId) -> None:
    eight_advocates(work)
    page = opened("in_force", office, qtbot)
    whose(page)._choose("mine")
    settle(office, page, qtbot)
    assert "Otherina Example" not in says(page)
    office.changed.emit(allocate(work, file_id, Advocate(NAMES[1])))
    settle(office, page, qtbot)
    assert whose(page).value() == "mine" and "Otherina Example" not in says(page)
    assert whose(opened("tasks", office, qtbot)).value() == "all", "of one screen alone"


def test_what_she_chose_stands_after_a_lock(tmp_path: Path, qtbot: QtBot) -> None:
    desk = TeamDesk(tmp_path / "one", "Sam Specimen", qtbot)
    desk.office.go("tasks")
    page = desk.page.current_page()
    assert page is not None
    whose(page)._choose("all")
    desk.office.go("caseload")  # the place that is kept is another
    desk.lock()
    desk.unlock()
    assert not desk.office.whose.is_mine("tasks") and desk.office.whose.is_mine("calendar")
    desk.office.go("tasks")
    page = desk.page.current_page()
    assert page is not None
    assert whose(page).value() == "all"
    settle(desk.office, page, qtbot)
    desk.end()


def test_a_kept_choice_stands_though_it_is_read_before_the_rule_answers(office: Office, work: Work) -> None:
    eight_advocates(work)
    office.whose.restore({"tasks": True, "calendar": "no answer"})
    office.jobs.run_and_wait(lambda: None)
    office.whose._on_read(office.whose._beginning._replace(is_mine=False, is_settled=True))
    assert office.whose.is_mine("tasks") and not office.whose.is_mine("calendar")


def test_everyones_today_names_whose_each_line_is(qtbot: QtBot, office: Office, work: Work, file_id: FileId) -> None:
    eight_advocates(work)
    page = opened("today", office, qtbot)
    assert isinstance(page, TodayScreen)
    for card in (page.first, page.bail):
        (line,) = card.findChildren(DayLine)
        assert NAMES[0] in line.accessibleName() and NAMES[0] in says(card)
    assert work.actor.name not in says(page.next_strip), "her own name says nothing"
    add_task(work, file_id, TaskDetails("Long overdue", due_on=TODAY - timedelta(days=9), owner=NAMES[1]))
    page.reload()
    settle(office, page, qtbot)
    assert NAMES[1] in says(page.next_strip) and NAMES[1] in page.next_strip.accessibleName()
    whose(page)._choose("mine")
    settle(office, page, qtbot)
    assert NAMES[0] not in says(page)
