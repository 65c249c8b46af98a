"""Today in a real window on a real store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.bail import BailDetails, record_bail
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.drafts import Draft
from advocate_desk.casework.hearings import HearingDetails, list_hearing
from advocate_desk.casework.people import PersonDetails
from advocate_desk.casework.tasks import TaskDetails, add_task
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.desk.focus_order import reading_order
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.today.rows import HearingRow, TaskRow
from advocate_desk.desk.screens.today.view import TodayScreen
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.tasks import file_tasks
from tests.builders import NOON, a_file
from tests.desk.settling import settle
from tests.desk.walk import assert_accessible, assert_fits
from tests.organisations import NAMES, eight_advocates

TODAY = NOON.date()


def a_hearing(
    work: Work, file_id: FileId, at: str = "14:00", days: int = 0, court: str = "Sampleton Crown Court"
) -> None:
    case_id = open_case(work, file_id, CaseDetails(crime_ref="EX1/26", reported_on=TODAY)).record_id
    assert case_id is not None
    list_hearing(
        work,
        file_id,
        case_id,
        HearingDetails(
            TODAY + timedelta(days=days),
            at,
            court_name=court,
            courtroom="Court 3",
            kind="first",
            attends=("idva",),
            measures={"SM_SCREEN": "granted"},
            fact_source="witness_care",
            fact_state="heard",
        ),
    )


def mine(work: Work, file_id: FileId) -> FileId:
    allocate(work, file_id, Advocate(work.actor.name))
    return file_id


def opened(qtbot: QtBot, office: Office) -> TodayScreen:
    screen = TodayScreen(office)
    qtbot.addWidget(screen)
    screen.resize(1150, 700)
    screen.show()
    qtbot.waitUntil(lambda: screen._page is not None)
    QApplication.processEvents()  # what was drawn is shown with the next round of events
    return screen


def words_of(screen: TodayScreen) -> str:
    return "\n".join(label.text() for label in screen.findChildren(QLabel) if label.isVisibleTo(screen))


def rows(screen: TodayScreen, kind: Any) -> list[Any]:
    return [row for row in screen.findChildren(kind) if row.isVisibleTo(screen)]


def test_an_empty_desk_says_what_to_do_first(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    assert "Your desk is ready" in words_of(screen)
    with qtbot.waitSignal(office.form_asked) as asked:
        screen._empty.acted.emit()
    assert asked.args is not None
    assert asked.args[0] == "intake"


def test_a_desk_with_colleagues_files_alone_leads_to_everyones_day(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = a_file(work, client=PersonDetails("client", "Otherina", "Example"))
    allocate(work, file_id, Advocate("Kit Example"))
    a_hearing(work, file_id)
    screen = opened(qtbot, office)
    assert "No file is yours" in words_of(screen) and "Your desk is ready" not in words_of(screen)
    screen._others.acted.emit()
    qtbot.waitUntil(lambda: "Otherina Example" in words_of(screen))
    assert "No file is yours" not in words_of(screen)


def test_whoever_leads_a_team_and_has_no_file_sees_the_teams_day_at_once(
    qtbot: QtBot, office: Office, work: Work
) -> None:
    file_id = a_file(work, client=PersonDetails("client", "Otherina", "Example"))
    eight_advocates(work)
    allocate(work, file_id, Advocate(NAMES[0]))
    a_hearing(work, file_id)
    screen = opened(qtbot, office)
    assert "Otherina Example" in words_of(screen) and "No file is yours" not in words_of(screen)
    (row,) = rows(screen, HearingRow)
    assert NAMES[0] in row.accessibleName() and NAMES[0] in words_of(screen), "whose it is"
    assert screen._whose.value() == "all"
    with qtbot.waitSignal(office.screen_asked) as asked:
        next(each for each in screen.findChildren(QPushButton) if each.text() == "In force tonight").click()
    assert asked.args == ["in_force", {}] and not office.whose.is_mine("in_force")
    screen._whose._choose("mine")  # she asked for it herself, and is not taken elsewhere
    qtbot.waitUntil(lambda: "No file is yours" in words_of(screen))
    screen.reload()
    settle(office, screen, qtbot)
    assert "No file is yours" in words_of(screen)


def test_the_next_hearing_stands_on_top_with_how_long_there_is(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = mine(work, a_file(work))
    a_hearing(work, file_id, "12:25")
    a_hearing(work, file_id, "09:30")
    screen = opened(qtbot, office)
    assert screen.next_strip.line.text() == "12:25 · Court 3 · Sampleton Crown Court · First hearing"
    assert "Next, in 25 minutes" in words_of(screen)


def test_a_title_begins_with_a_capital_where_no_time_is_known(qtbot: QtBot, office: Office, work: Work) -> None:
    a_hearing(work, mine(work, a_file(work)), "")
    screen = opened(qtbot, office)
    assert screen.next_strip.line.text().startswith("Time not known · Court 3")


def test_a_hearing_is_now_for_an_hour_and_then_waits_for_its_outcome(qtbot: QtBot, office: Office, work: Work) -> None:
    a_hearing(work, mine(work, a_file(work)), "11:30")
    a_hearing(work, mine(work, a_file(work)), "14:15")
    screen = opened(qtbot, office)
    assert "Now, since 11:30" in words_of(screen).splitlines()
    assert "Then: 14:15 · Court 3" in words_of(screen)
    with qtbot.waitSignal(office.form_asked) as asked:
        screen.next_strip._outcome.click()
    assert asked.args is not None and asked.args[0] == "outcome"
    assert "Outcome not recorded" not in words_of(screen)
    assert isinstance(work.clock, FixedClock)
    work.clock.advance(timedelta(minutes=31))
    screen.presenter.on_minute()
    QApplication.processEvents()
    assert "Outcome not recorded" in words_of(screen)


def test_a_hearing_shows_what_its_listing_rests_on_and_its_measures(qtbot: QtBot, office: Office, work: Work) -> None:
    a_hearing(work, mine(work, a_file(work)))
    said = words_of(opened(qtbot, office))
    assert "Heard from witness care, 21 Nov; not confirmed" in said
    assert "Screen: granted" in said
    assert "Advocate attends" in said
    assert "High" in said  # the grade that came with the referral


def test_hearings_stand_under_their_courts_in_order_of_the_first(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = mine(work, a_file(work))
    for at, court in (("15:00", "A Court"), ("13:00", "B Court"), ("16:00", "B Court")):
        a_hearing(work, file_id, at, court=court)
    screen = opened(qtbot, office)
    assert [row.line.listed_time for row in rows(screen, HearingRow)] == ["13:00", "16:00", "15:00"]


def test_keys_on_a_hearing_open_its_file_its_outcome_and_a_letter(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = mine(work, a_file(work))
    a_hearing(work, file_id)
    screen = opened(qtbot, office)
    row = rows(screen, HearingRow)[0]
    row.setFocus()
    with qtbot.waitSignal(office.form_asked) as form:
        QTest.keyClick(row, Qt.Key.Key_O)
    assert form.args is not None
    assert form.args[0] == "outcome"
    assert form.args[1] == {"file_id": str(file_id), "hearing_id": str(row.line.hearing_id)}
    with qtbot.waitSignal(office.file_asked) as letter:
        QTest.keyClick(row, Qt.Key.Key_L)
    assert letter.args == [file_id, "letters"]
    with qtbot.waitSignal(office.file_asked) as opening:
        QTest.keyClick(row, Qt.Key.Key_Return)
    assert opening.args == [file_id, "hearings"]


def test_a_task_is_done_with_its_box_and_comes_back_with_undo(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = mine(work, a_file(work))
    task_id = add_task(work, file_id, TaskDetails("Call about Thursday", due_on=TODAY)).record_id
    screen = opened(qtbot, office)
    row = next(each for each in rows(screen, TaskRow) if each.line.task_id == task_id)
    with qtbot.waitSignal(office.messages.noticed) as noticed:
        QTest.keyClick(row.box, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "Call about Thursday" not in words_of(screen))
    assert noticed.args is not None
    noticed.args[0].action()
    qtbot.waitUntil(lambda: "Call about Thursday" in words_of(screen))
    found = next(each for each in work.read(file_tasks, file_id) if each.task_id == task_id)
    assert found.completed_at is None


def test_everyones_day_shows_colleagues_hearings_too(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = a_file(work, client=PersonDetails("client", "Otherina", "Example"))
    allocate(work, file_id, Advocate("Kit Example"))
    a_hearing(work, file_id)
    screen = opened(qtbot, office)
    assert "Otherina" not in words_of(screen)
    screen._whose._choose("all")
    qtbot.waitUntil(lambda: "Otherina Example" in words_of(screen))
    assert not office.whose.is_mine("today") and office.whose.is_mine("tasks"), "each screen for itself"


def test_what_changes_elsewhere_is_seen_and_focus_stays(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = mine(work, a_file(work))
    a_hearing(work, file_id)
    screen = opened(qtbot, office)
    key = rows(screen, HearingRow)[0].property("row_key")
    rows(screen, HearingRow)[0].setFocus()
    office.do(office, add_task, file_id, TaskDetails("Ask about the locks", due_on=TODAY))
    qtbot.waitUntil(lambda: "Ask about the locks" in words_of(screen))
    assert screen._focus_key() == key


def test_after_midnight_it_is_the_next_day(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = mine(work, a_file(work))
    a_hearing(work, file_id, "10:00", days=1)
    screen = opened(qtbot, office)
    assert "No hearing is listed for today." in words_of(screen)
    assert isinstance(work.clock, FixedClock)
    work.clock.advance(timedelta(hours=12, minutes=1))
    screen.presenter.on_minute()
    qtbot.waitUntil(lambda: "Sunday 22 November 2026" in words_of(screen))
    qtbot.waitUntil(lambda: [row.line.listed_time for row in rows(screen, HearingRow)] == ["10:00"])


def test_bail_and_first_days_have_their_own_cards(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = mine(work, a_file(work))
    case_id = open_case(work, file_id, CaseDetails(crime_ref="EX1/26", reported_on=TODAY - timedelta(days=2))).record_id
    assert case_id is not None
    details = BailDetails("bail_precharge", TODAY, TODAY, TODAY + timedelta(days=2))
    record_bail(work, file_id, RecordId(case_id), details, ())
    said = words_of(opened(qtbot, office))
    assert "Day 2 of 5" in said
    assert "Ends Mon 23 Nov" in said


def test_tab_goes_through_the_hearings_before_it_goes_to_what_is_beside_them(
    qtbot: QtBot, office: Office, work: Work
) -> None:
    file_id = mine(work, a_file(work))
    for days in (0, 0, 0, 0, 0, 2, 3, 4, 5, 6, 7, 8):  # the second card begins where those beside them end
        a_hearing(work, file_id, days=days)
    add_task(work, file_id, TaskDetails("Ring the court", TODAY))
    case_id = open_case(work, file_id, CaseDetails(crime_ref="EX2/26", reported_on=TODAY - timedelta(days=2))).record_id
    assert case_id is not None
    details = BailDetails("bail_precharge", TODAY, TODAY, TODAY + timedelta(days=2))
    record_bail(work, file_id, RecordId(case_id), details, ())
    screen = opened(qtbot, office)
    hearings = (screen.court, screen.missing, screen.later)
    beside = (screen.tasks, screen.first, screen.bail, screen.left_over)
    board = [each for each in reading_order(screen) if any(card.isAncestorOf(each) for card in (*hearings, *beside))]
    is_beside = [any(card.isAncestorOf(each) for card in beside) for each in board]
    assert is_beside == sorted(is_beside) and len(set(is_beside)) == 2


def test_an_unfinished_draft_is_offered_and_resumed(qtbot: QtBot, office: Office, work: Work) -> None:
    screen = opened(qtbot, office)
    one = Draft(
        "intake {}",
        "intake",
        None,
        {},
        {"title": "New client file", "values": {}},
        is_open=False,
        position=0,
        saved_at=NOON,
    )
    office.drafts.set_aside(one)
    qtbot.waitUntil(lambda: "Unfinished drafts" in words_of(screen))
    assert "New client file" in words_of(screen)
    with qtbot.waitSignal(office.form_asked) as asked:
        screen._resume(one)
    assert asked.args == ["intake", {}, {"title": "New client file", "values": {}}]


def test_tonights_conditions_are_one_press_away(qtbot: QtBot, office: Office) -> None:
    screen = opened(qtbot, office)
    with qtbot.waitSignal(office.screen_asked) as asked:
        next(
            each for each in screen.findChildren(type(screen.next_strip._open)) if each.text() == "In force tonight"
        ).click()
    assert asked.args is not None
    assert asked.args[0] == "in_force"


def test_every_control_has_a_name_and_a_place(qtbot: QtBot, office: Office, work: Work) -> None:
    file_id = mine(work, a_file(work))
    for days in (0, 3, -2):
        a_hearing(work, file_id, days=days)
    add_task(work, file_id, TaskDetails("Call", due_on=TODAY))
    screen = opened(qtbot, office)
    assert_accessible(screen)
    assert_fits(screen, 900)
