"""Values that differ, in a real window by keyboard alone: flagged where they stand, decided, the same on both desks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework import cases, files, hearings, people, tasks
from advocate_desk.casework.access import history
from advocate_desk.casework.intake import AlertDetails
from advocate_desk.casework.work import Done, Work
from advocate_desk.desk.composition import COMMANDS, SCREENS, form_registry
from advocate_desk.desk.forms.described import QUIET, is_described
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.messages import Notice
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.page import ClientFilePage
from advocate_desk.desk.screens.conflicts.view import ConflictsScreen
from advocate_desk.desk.screens.today.view import TodayScreen
from advocate_desk.desk.shell import DeskPage
from advocate_desk.desk.widgets.conflict_flag import AllConflicts, ConflictFlag, FileConflicts
from advocate_desk.desk.window import MainWindow
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.tables.base import record_tables
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import a_file
from tests.desk.front import to_front
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.desk.settling import settle
from tests.desk.walk import assert_accessible, assert_fits
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents

W = TypeVar("W", bound=QWidget)
ANN_ON, BEN_ON = date(2026, 12, 8), date(2026, 12, 10)
HEARING = hearings.HearingDetails(date(2026, 12, 1), "10:00", court_name="Leeds Crown Court", courtroom="4")


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    made = Team(tmp_path)
    for name in ("Ann", "Ben"):
        made.join(name, SUPERVISOR)
    yield made
    made.close()


class Seat:
    """One desk of the team in a window, worked by keys."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk, self.qtbot = desk, qtbot
        self.office = Office(desk.work, Jobs(), form_registry())
        self.notices: list[Notice] = []
        self.office.messages.noticed.connect(self.notices.append)
        self.window = MainWindow(desk.work.clock)
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        screens = [each for each in SCREENS if each.key in ("today", "conflicts")]
        self.page = self.window.show_desk(lambda: DeskPage(self.office, screens, ClientFilePage, COMMANDS))
        to_front(self.window, qtbot)
        self.settle()

    def settle(self) -> None:
        """Wait until the store has answered and its answers are drawn."""
        settle(self.office, self.page, self.qtbot)

    def exchange(self) -> None:
        """Exchange as the service does, which tells the pages what came."""
        kinds = frozenset(self.desk.exchange().kinds)
        self.office.changed.emit(Done(None, None, kinds))
        self.settle()

    def shown(self, kind: type[W]) -> list[W]:
        """The widgets of a kind that are in sight."""
        return [each for each in self.page.findChildren(kind) if each.isVisible()]

    def words(self) -> str:
        """Every word in sight."""
        return "\n".join(each.text() for each in self.shown(QLabel))

    def screen(self) -> ConflictsScreen:
        """The page of differing values, drawn."""
        self.settle()
        page = self.page.current_page()
        assert isinstance(page, ConflictsScreen)
        return page

    def go(self) -> ConflictsScreen:
        """Go there by its keys."""
        press(Qt.Key.Key_D, modifiers=Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        return self.screen()

    def end(self) -> None:
        """Lock and close."""
        self.window.lock("closing")
        self.window.close()


@pytest.fixture
def sit(qtbot: QtBot) -> Iterator[Callable[[Desk], Seat]]:
    seats: list[Seat] = []

    def one(desk: Desk) -> Seat:
        seats.append(Seat(desk, qtbot))
        return seats[-1]

    yield one
    for each in seats:
        each.end()


def a_hearing_apart(team: Team) -> tuple[FileId, RecordId]:
    """Ann and Ben have each moved one hearing, and have exchanged."""
    ann = team.desks[0]
    file_id = a_file(ann.work)
    case_id = cases.open_case(ann.work, file_id, cases.CaseDetails(crime_ref="C1")).record_id
    assert case_id is not None
    hearing_id = hearings.list_hearing(ann.work, file_id, case_id, HEARING).record_id
    assert hearing_id is not None
    apart(
        team,
        lambda work, on: hearings.change_hearing(work, hearing_id, replace(HEARING, hearing_on=on)),
        ANN_ON,
        BEN_ON,
    )
    return file_id, hearing_id


def apart(team: Team, act: Callable[[Work, Any], object], *said: object) -> None:
    team.exchange_all(2)
    for desk, each in zip(team.desks, said, strict=True):
        act(desk.work, each)
    team.exchange_all(2)


def hearing_on(desk: Desk) -> str:
    ((on,),) = desk.rows("SELECT hearing_on FROM hearing")
    return str(on)


def test_two_desks_end_the_same_and_the_flag_goes(team: Team, sit: Callable[[Desk], Seat]) -> None:
    ann, ben = team.desks
    file_id, _ = a_hearing_apart(team)
    seat = sit(ann)
    (on_today,) = seat.shown(AllConflicts)
    assert "One value waits for a decision: it matters for safety." in on_today.text()
    seat.office.open_file(file_id, "hearings")
    seat.settle()
    (at_top,) = seat.shown(FileConflicts)
    assert "Hearing: Tue 8 Dec 2026 (Date)" in at_top.text()
    flag = next(each for each in seat.shown(ConflictFlag) if type(each) is ConflictFlag)
    assert flag.text() == "Two values, given apart from each other: Date."
    tab_to("Decide: Hearing: Tue 8 Dec 2026")
    press(Qt.Key.Key_Return)
    screen = seat.screen()
    assert screen.list.hasFocus()
    press(Qt.Key.Key_Return)
    assert focused().accessibleName() == "Keep this: Ann (you)"
    for words in ("Ann (you)", "A colleague", "Tue 8 Dec 2026", "Thu 10 Dec 2026", "Tue 1 Dec 2026", "Before both"):
        assert words in seat.words()
    tab_to("Keep this: A colleague")
    press(Qt.Key.Key_Return)
    seat.settle()
    assert hearing_on(ann) == BEN_ON.isoformat()
    assert "Nothing to decide" in seat.words()
    seat.exchange()
    ben.exchange()
    assert contents(ann) == contents(ben)
    press(Qt.Key.Key_Left, modifiers=Qt.KeyboardModifier.AltModifier)
    seat.settle()
    assert [each for each in seat.shown(ConflictFlag) if each.text()] == []


def test_after_a_decision_the_keys_are_at_the_next_and_after_the_last_at_what_is_said(
    team: Team, sit: Callable[[Desk], Seat]
) -> None:
    a_hearing_apart(team)
    a_hearing_apart(team)
    seat = sit(team.desks[0])
    screen = seat.go()
    first = screen.chosen_id()
    decide_chosen(seat)
    assert screen.list.hasFocus()
    assert screen.chosen_id() not in (None, first)
    decide_chosen(seat)
    assert focused() is screen.empty.title
    press(Qt.Key.Key_Tab)
    assert focused().isVisible() and focused() is not screen.empty.title


def decide_chosen(seat: Seat) -> None:
    """Keep what stands first in the panel, by keys."""
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    seat.settle()


def test_a_letter_says_that_values_differ_before_it_is_made(team: Team, sit: Callable[[Desk], Seat]) -> None:
    file_id, hearing_id = a_hearing_apart(team)
    seat = sit(team.desks[0])
    seat.office.open_form("letter", {"file_id": str(file_id), "hearing_id": str(hearing_id)})
    seat.qtbot.waitUntil(lambda: "Hearing: Tue 8 Dec 2026 (Date)" in seat.words())


def test_a_decision_of_a_colleague_takes_the_flag_away(team: Team, sit: Callable[[Desk], Seat]) -> None:
    ann, ben = team.desks
    file_id, _ = a_hearing_apart(team)
    seat = sit(ben)
    seat.office.open_file(file_id, "hearings")
    seat.settle()
    assert seat.shown(FileConflicts)
    other = sit(ann)
    other.go()
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    other.settle()
    ann.exchange()
    seat.exchange()
    assert seat.shown(FileConflicts) == []
    assert hearing_on(ben) == ANN_ON.isoformat()


def test_a_decision_can_be_undone(team: Team, sit: Callable[[Desk], Seat]) -> None:
    a_hearing_apart(team)
    seat = sit(team.desks[0])
    screen = seat.go()
    press(Qt.Key.Key_Return)
    tab_to("Keep this: A colleague")
    press(Qt.Key.Key_Space)
    seat.settle()
    assert screen.panel.shown() is None
    notice = seat.notices[-1]
    assert notice.action is not None
    notice.action()
    seat.settle()
    assert hearing_on(team.desks[0]) == ANN_ON.isoformat()
    assert screen.panel.shown() is not None


def test_another_value_is_typed_in_a_form_that_checks_it(team: Team, sit: Callable[[Desk], Seat]) -> None:
    ann, ben = team.desks
    a_hearing_apart(team)
    seat = sit(ann)
    seat.go()
    press(Qt.Key.Key_Return)
    tab_to("Combine or type another…")
    press(Qt.Key.Key_Return)
    seat.settle()
    form = seat.page.forms.top()
    assert form is not None and form.view is not None
    assert form.view.values()["court_name"] == "Leeds Crown Court"
    tab_to("Date")
    press(Qt.Key.Key_A, modifiers=Qt.KeyboardModifier.ControlModifier)
    press(Qt.Key.Key_Delete)
    press(Qt.Key.Key_S, modifiers=Qt.KeyboardModifier.ControlModifier)
    seat.settle()
    assert seat.page.forms.top() is form
    assert hearing_on(ann) == ANN_ON.isoformat()
    type_text("9/12/2026")
    press(Qt.Key.Key_S, modifiers=Qt.KeyboardModifier.ControlModifier)
    seat.qtbot.waitUntil(lambda: seat.page.forms.top() is None)
    seat.exchange()
    ben.exchange()
    assert hearing_on(ben) == "2026-12-09"
    assert contents(ann) == contents(ben)


def test_texts_of_both_sides_stand_in_the_form(team: Team, sit: Callable[[Desk], Seat]) -> None:
    file_id = a_file(team.desks[0].work)
    done = files.save_alert(team.desks[0].work, file_id, None, AlertDetails("weapons", "A knife"))
    assert done.record_id is not None
    alert_id = done.record_id
    apart(
        team,
        lambda work, text: files.save_alert(work, file_id, alert_id, AlertDetails("weapons", text)),
        "A knife in the kitchen",
        "A gun",
    )
    seat = sit(team.desks[0])
    seat.office.open_file(file_id, "overview")
    seat.settle()
    assert any("What to know" in each.text() for each in seat.shown(ConflictFlag) if type(each) is ConflictFlag)
    seat.go()
    press(Qt.Key.Key_Return)
    tab_to("Combine or type another…")
    press(Qt.Key.Key_Return)
    seat.settle()
    form = seat.page.forms.top()
    assert form is not None and form.view is not None
    assert form.view.values()["text"] == "A knife in the kitchen / A gun"


def test_a_number_stays_covered_until_it_is_asked_for(team: Team, sit: Callable[[Desk], Seat]) -> None:
    ann = team.desks[0]
    file_id = a_file(ann.work)
    ((person, contact),) = ann.rows("SELECT person_id, id FROM contact_method")
    details = people.ContactDetails("mobile", "07700 900123", is_safe="yes")

    def say(work: Work, number: Any) -> None:
        said = replace(details, value=number)
        people.save_contact(work, file_id, RecordId(UUID(person)), RecordId(UUID(contact)), said)

    apart(team, say, "07700 900111", "07700 900222")
    seat = sit(ann)
    seat.office.open_file(file_id, "people")
    seat.settle()
    assert "07700 900222" not in seat.words()
    assert "Number, address or name" in next(each.text() for each in seat.shown(FileConflicts))
    seat.go()
    press(Qt.Key.Key_Return)
    assert "07700 9001" not in seat.words()
    assert focused().accessibleName() == "Show the values"
    press(Qt.Key.Key_Return)
    seat.settle()
    assert "07700 900111" in seat.words()
    assert "07700 900222" in seat.words()
    assert "conflict_shown" in {each.kind for each in history(ann.work, file_id)}


def test_an_alert_against_contact_asks_for_a_reason_first(team: Team, sit: Callable[[Desk], Seat]) -> None:
    ann = team.desks[0]
    file_id = a_file(ann.work)
    files.save_alert(ann.work, file_id, None, AlertDetails("do_not_contact", "He answers"))
    ((person, contact),) = ann.rows("SELECT person_id, id FROM contact_method")

    def say(work: Work, number: Any) -> None:
        said = people.ContactDetails("mobile", number, is_safe="yes")
        people.save_contact(work, file_id, RecordId(UUID(person)), RecordId(UUID(contact)), said)

    apart(team, say, "07700 900111", "07700 900222")
    seat = sit(ann)
    seat.go()
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Return)
    seat.settle()
    assert "07700 900111" not in seat.words()
    type_text("She asked for it")
    press(Qt.Key.Key_Return)
    seat.settle()
    assert "07700 900111" in seat.words()


def test_a_record_taken_out_and_changed_is_kept_or_taken_out(team: Team, sit: Callable[[Desk], Seat]) -> None:
    ann, ben = team.desks
    file_id = a_file(ann.work)
    done = files.save_alert(ann.work, file_id, None, AlertDetails("weapons", "A knife"))
    alert_id = done.record_id
    assert alert_id is not None
    team.exchange_all(2)
    files.remove_record(ann.work, "alert", alert_id)
    files.save_alert(ben.work, file_id, alert_id, AlertDetails("weapons", "A gun"))
    team.exchange_all(2)
    seat = sit(ben)
    seat.go()
    assert "One person took this out of the file while another changed it." in seat.words()
    press(Qt.Key.Key_Return)
    names = {each.accessibleName() for each in seat.shown(QPushButton)}
    assert {"Take it out: A colleague", "Keep it in the file: Ben (you)"} <= names
    tab_to("Take it out: A colleague")
    press(Qt.Key.Key_Return)
    seat.settle()
    assert ben.rows("SELECT count(*) FROM alert WHERE deleted_at IS NULL") == [(0,)]


def test_what_was_settled_by_itself_can_still_be_put_right(team: Team, sit: Callable[[Desk], Seat]) -> None:
    ann = team.desks[0]
    file_id = a_file(ann.work)
    task_id = tasks.add_task(ann.work, file_id, tasks.TaskDetails("Ring", ANN_ON)).record_id
    assert task_id is not None
    apart(
        team,
        lambda work, title: tasks.change_task(work, task_id, tasks.TaskDetails(title, ANN_ON, owner="Ann")),
        "Ring the clerk",
        "Write to the court",
    )
    seat = sit(ann)
    screen = seat.go()
    assert seat.shown(AllConflicts) == []
    screen.restore({"which": "settled"})
    seat.settle()
    assert "What was exchanged first was taken by itself" in seat.words()
    screen.list.setFocus()
    press(Qt.Key.Key_Return)
    tab_to("Use this instead: A colleague")
    press(Qt.Key.Key_Return)
    seat.settle()
    assert ann.rows("SELECT title FROM task WHERE id = ?", task_id.hex) == [("Write to the court",)]
    assert "Decided by Ann" in seat.words()


def test_the_page_can_be_read_and_used_by_everybody(team: Team, sit: Callable[[Desk], Seat]) -> None:
    a_hearing_apart(team)
    seat = sit(team.desks[0])
    screen = seat.go()
    assert_accessible(screen)
    assert_fits(screen, 640)
    assert isinstance(seat.page.current_page(), ConflictsScreen)


def test_nothing_stands_anywhere_while_nobody_differs(team: Team, sit: Callable[[Desk], Seat]) -> None:
    a_file(team.desks[0].work)
    seat = sit(team.desks[0])
    assert isinstance(seat.page.current_page(), TodayScreen)
    assert seat.shown(ConflictFlag) == []


def test_an_empty_list_of_what_was_settled_says_so_and_no_more(team: Team, sit: Callable[[Desk], Seat]) -> None:
    seat = sit(team.desks[0])
    screen = seat.go()
    screen.restore({"which": "settled"})
    seat.settle()
    words = seat.words()
    assert "Nothing settled yet" in words and "Nothing to decide" not in words
    assert "No two people" not in words and "can still be used instead" not in words
    middle = screen.empty.title.mapTo(screen, screen.empty.title.rect().center()).y()
    assert middle < screen.height() / 2
    screen.restore({"which": "open"})
    seat.settle()
    assert "Nothing to decide" in seat.words() and "Nothing settled yet" not in seat.words()


def test_every_critical_column_has_words_of_its_own() -> None:
    unnamed = [
        f"{table.name}.{column.name}"
        for table in record_tables()
        for column in table.columns
        if column.info.get("critical") and column.name not in QUIET and not is_described(table.name, column.name)
    ]
    assert unnamed == []
