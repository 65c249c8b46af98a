"""What follows from events: each asks for its own tasks, and they move and end with what asked for them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.casework.bail import (
    BailDetails,
    BreachDetails,
    ConditionDetails,
    change_bail,
    end_bail,
    record_bail,
    record_breach,
)
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.files import record_referral
from advocate_desk.casework.hearings import HearingDetails, Outcome, change_hearing, list_hearing, record_outcome
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.justice import justice_view
from advocate_desk.store.queries.tasks import TaskDetail, file_tasks
from tests.builders import NOON, a_file, a_referral, a_work

TODAY = date(2026, 11, 21)
COURT: dict[str, Any] = {"court_name": "Sampleton Magistrates' Court"}
CONDITIONS = (ConditionDetails("NO_CONTACT_CLIENT"),)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


@pytest.fixture
def case_id(work: Work, file_id: FileId) -> RecordId:
    return made(open_case(work, file_id, CaseDetails(force="example", crime_ref="EX1/26")).record_id)


def made(record_id: RecordId | None) -> RecordId:
    assert record_id is not None
    return record_id


def asked(work: Work, file_id: FileId, *standards: str) -> list[TaskDetail]:
    """Open tasks of these standards, or all open ones."""
    found = [each for each in work.read(file_tasks, file_id) if each.completed_at is None]
    return [each for each in found if not standards or each.standard in standards]


def days(work: Work, file_id: FileId, standard: str) -> list[date | None]:
    return [each.due_on for each in asked(work, file_id, standard)]


def bailed(work: Work, file_id: FileId, case_id: RecordId, last_day: date) -> RecordId:
    return made(record_bail(work, file_id, case_id, until(last_day), CONDITIONS).record_id)


def until(last_day: date) -> BailDetails:
    return BailDetails("bail_precharge", TODAY - timedelta(days=1), TODAY, last_day, "abp3")


def same_conditions(work: Work, file_id: FileId, bail_id: RecordId) -> tuple[tuple[RecordId, ConditionDetails], ...]:
    (line,) = work.read(justice_view, file_id).conditions[bail_id]
    return ((RecordId(line.condition_id), CONDITIONS[0]),)


def test_every_warning_before_the_end_of_bail_is_raised(work: Work, file_id: FileId, case_id: RecordId) -> None:
    bailed(work, file_id, case_id, date(2027, 2, 20))
    found = {each.standard: each.due_on for each in asked(work, file_id) if each.standard.startswith("bail_ask")}
    assert found == {
        "bail_ask_14": date(2027, 2, 6),
        "bail_ask_7": date(2027, 2, 13),
        "bail_ask_2": date(2027, 2, 18),
    }


def test_extended_bail_moves_its_warnings_and_tells_of_it(work: Work, file_id: FileId, case_id: RecordId) -> None:
    bail_id = bailed(work, file_id, case_id, date(2027, 2, 20))
    change_bail(work, bail_id, until(date(2027, 5, 20)), same_conditions(work, file_id, bail_id))
    assert days(work, file_id, "bail_ask_14") == [date(2027, 5, 6)]
    assert days(work, file_id, "bail_ask_2") == [date(2027, 5, 18)]
    assert days(work, file_id, "conditions_tell") == [TODAY]


def test_a_change_of_bail_that_changes_nothing_in_force_asks_for_nothing(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    bail_id = bailed(work, file_id, case_id, date(2027, 2, 20))
    before = asked(work, file_id)
    change_bail(work, bail_id, until(date(2027, 2, 20)), same_conditions(work, file_id, bail_id))
    assert asked(work, file_id) == before


def test_ended_bail_leaves_nothing_to_ask_about_it(work: Work, file_id: FileId, case_id: RecordId) -> None:
    bail_id = bailed(work, file_id, case_id, date(2027, 2, 20))
    end_bail(work, bail_id, TODAY, "nfa")
    assert {each.standard for each in asked(work, file_id) if each.origin_id == bail_id} == {
        "bail_end_tell",
        "bail_end_plan",
    }


def test_each_breach_is_reported_and_kept_but_one_review_answers_both(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    bail_id = bailed(work, file_id, case_id, date(2027, 2, 20))
    for hours in (3, 1):
        record_breach(work, bail_id, BreachDetails(NOON - timedelta(hours=hours), "Came to the door."))
    assert len(asked(work, file_id, "breach_report")) == 2
    assert len(asked(work, file_id, "breach_evidence")) == 2
    assert len(asked(work, file_id, "breach_risk")) == 1
    reasons = [each.reason for each in asked(work, file_id, "breach_report")]
    assert sorted(each.endswith("09:00.") for each in reasons) == [False, True]


def listed(work: Work, file_id: FileId, case_id: RecordId, on: date) -> RecordId:
    return made(list_hearing(work, file_id, case_id, HearingDetails(on, **COURT)).record_id)


def test_each_hearing_is_prepared_checked_and_told_by_itself(work: Work, file_id: FileId, case_id: RecordId) -> None:
    first = listed(work, file_id, case_id, TODAY)
    second = listed(work, file_id, case_id, TODAY)
    listed(work, file_id, case_id, date(2027, 1, 20))
    assert len(asked(work, file_id, "hearing_check")) == 3
    for hearing_id in (first, second):
        record_outcome(work, hearing_id, Outcome("effective"))
    assert len(asked(work, file_id, "outcome_tell")) == 2
    record_outcome(work, first, Outcome("effective", client_told_on=TODAY))
    assert [each.origin_id for each in asked(work, file_id, "outcome_tell")] == [second]


def test_an_outcome_ends_the_preparation_of_its_hearing(work: Work, file_id: FileId, case_id: RecordId) -> None:
    hearing_id = listed(work, file_id, case_id, TODAY)
    record_outcome(work, hearing_id, Outcome("effective"))
    assert asked(work, file_id, "hearing_prepare", "hearing_check") == []


@pytest.mark.parametrize(
    ("new_day", "prepare", "check", "told"),
    [
        (date(2026, 12, 15), date(2026, 12, 8), date(2026, 12, 14), "delay_call"),
        (date(2026, 11, 25), TODAY, date(2026, 11, 24), "earlier_call"),
    ],
)
def test_a_hearing_that_moves_takes_its_tasks_with_it(
    work: Work, file_id: FileId, case_id: RecordId, new_day: date, prepare: date, check: date, told: str
) -> None:
    hearing_id = listed(work, file_id, case_id, date(2026, 12, 5))
    change_hearing(work, hearing_id, HearingDetails(new_day, **COURT))
    assert days(work, file_id, "hearing_prepare") == [prepare]
    assert days(work, file_id, "hearing_check") == [check]
    assert [each.standard for each in asked(work, file_id, "delay_call", "earlier_call")] == [told]


def test_only_a_hearing_that_was_put_off_counts_as_a_delay(work: Work, file_id: FileId, case_id: RecordId) -> None:
    hearing_id = listed(work, file_id, case_id, TODAY)
    next_one = HearingDetails(date(2026, 12, 14), **COURT)
    record_outcome(work, hearing_id, Outcome("effective", next_hearing=next_one))
    assert [each for each in asked(work, file_id) if each.origin == "delay"] == []
    record_outcome(work, hearing_id, Outcome("adjourned"))
    assert len(asked(work, file_id, "delay_call")) == 1
    record_outcome(work, hearing_id, Outcome("effective"))
    assert asked(work, file_id, "delay_call") == []


def test_a_referral_at_night_is_counted_from_its_day_in_london(tmp_path: Path) -> None:
    saturday = datetime(2026, 7, 10, 23, 30, tzinfo=UTC)  # half past midnight, summer time
    work = a_work(tmp_path, saturday + timedelta(minutes=15))
    file_id = a_file(work, referral=a_referral(received_at=saturday, risk_at_referral="medium"))
    assert days(work, file_id, "triage") == [date(2026, 7, 11)]
    assert days(work, file_id, "first_dash") == [date(2026, 7, 16)]


def test_one_first_attempt_answers_two_referrals(work: Work) -> None:
    file_id = a_file(work)
    before = asked(work, file_id, "first_attempt_high")
    record_referral(work, file_id, a_referral(received_at=NOON - timedelta(hours=1)))
    assert asked(work, file_id, "first_attempt_high") == before
    assert len(asked(work, file_id, "triage")) == 2
