"""Today and the calendar: whose day it is, in the order of the court list."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.bail import BailDetails, record_bail
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.hearings import HearingDetails, Outcome, list_hearing, record_outcome
from advocate_desk.casework.people import PersonDetails
from advocate_desk.casework.tasks import TaskDetails, add_task, complete_task
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.calendar import DayCount, calendar_view
from advocate_desk.store.queries.today import TodayView, open_tasks, today_view
from tests.builders import NOON, a_file, a_work

TODAY = NOON.date()


def view(work: Work, mine: str = "") -> TodayView:
    return work.read(today_view, TODAY, mine)


def a_case(work: Work, file_id: FileId, reported_on: date | None = None) -> RecordId:
    case_id = open_case(work, file_id, CaseDetails(crime_ref="EX1/26", reported_on=reported_on), ()).record_id
    assert case_id is not None
    return case_id


def a_hearing(work: Work, file_id: FileId, day: date, at: str = "10:00", room: str = "Court 1") -> RecordId:
    details = HearingDetails(day, at, court_name="Sampleton Crown Court", courtroom=room, kind="mention")
    hearing_id = list_hearing(work, file_id, a_case(work, file_id), details).record_id
    assert hearing_id is not None
    return hearing_id


def test_hearings_of_today_come_by_time_and_those_without_a_time_last(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work)
    for at in ("14:00", "", "09:30"):
        a_hearing(work, file_id, TODAY, at)
    assert [line.listed_time for line in view(work).hearings] == ["09:30", "14:00", ""]


def test_a_past_hearing_waits_until_its_outcome_is_recorded(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    hearing_id = a_hearing(work, a_file(work), TODAY - timedelta(days=3))
    assert [line.hearing_id for line in view(work).without_outcome] == [hearing_id]
    record_outcome(work, hearing_id, Outcome("adjourned", client_told_on=TODAY))
    assert view(work).without_outcome == ()


def test_mine_keeps_to_my_files_and_my_tasks(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    mine, other = a_file(work), a_file(work, client=PersonDetails("client", "Other", "Example"))
    for file_id, who in ((mine, "Ash Advocate"), (other, "Kit Example")):
        allocate(work, file_id, Advocate(who))
        a_hearing(work, file_id, TODAY)
    add_task(work, other, TaskDetails("Help a colleague", due_on=TODAY))
    add_task(work, other, TaskDetails("Hers", due_on=TODAY, owner="Kit Example"))
    assert {line.file_id for line in view(work, "Ash Advocate").hearings} == {mine}
    assert {line.file_id for line in view(work).hearings} == {mine, other}
    titles = {line.title for line in view(work, "Ash Advocate").tasks}
    assert "Help a colleague" in titles
    assert "Hers" not in titles


def test_a_report_of_some_days_ago_is_in_its_first_days(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    for days in (0, 5, 6):
        a_case(work, a_file(work), TODAY - timedelta(days=days))
    lines = view(work).first_days
    assert [(TODAY - line.reported_on).days for line in lines] == [5, 0]
    assert lines[0].ends_on == TODAY


def test_bail_that_ended_unsaid_is_still_shown(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work)
    case_id = a_case(work, file_id)
    for days in (-2, 10, 40):
        start = TODAY - timedelta(days=30)
        record_bail(
            work, file_id, case_id, BailDetails("bail_precharge", start, start, TODAY + timedelta(days=days)), ()
        )
    assert [(line.expires_on - TODAY).days for line in view(work).bail] == [-2, 10]


def test_open_tasks_leave_out_those_done(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work)
    for title, days in (("Later", 30), ("Late", -3)):
        add_task(work, file_id, TaskDetails(title, due_on=TODAY + timedelta(days=days)))
    done = add_task(work, file_id, TaskDetails("Done", due_on=TODAY)).record_id
    assert done is not None
    complete_task(work, done)
    titles = [line.title for line in work.read(open_tasks) if line.origin == "own"]
    assert titles == ["Late", "Later"]


def test_the_calendar_counts_a_month_and_lists_its_agenda(tmp_path: Path) -> None:
    work = a_work(tmp_path)
    file_id = a_file(work)
    soon, far = TODAY + timedelta(days=2), TODAY + timedelta(days=60)
    a_hearing(work, file_id, soon, "10:00")
    a_hearing(work, file_id, far)
    add_task(work, file_id, TaskDetails("Call", due_on=soon))
    found = work.read(calendar_view, (TODAY, TODAY + timedelta(days=42)), (TODAY, far))
    assert {entry.kind for entry in found.entries if entry.day == soon} == {"hearing", "task"}
    assert found.counts[far] == DayCount(hearings=1)
    assert found.counts[soon].hearings == 1
    assert found.counts[soon].others >= 1
    assert all(entry.day < far for entry in found.entries)
