"""Hearings: listed, recorded, adjourned into the next with the chain kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.casework.access import history
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.hearings import HearingDetails, Outcome, change_hearing, list_hearing, record_outcome
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.queries.justice import justice_view
from advocate_desk.store.queries.tasks import file_tasks
from advocate_desk.store.queries.today import today_view
from tests.builders import NOON, a_file, a_work

TODAY = date(2026, 11, 21)
COURT: dict[str, Any] = {"court_code": "B01AA00", "court_name": "Sampleton Magistrates' Court"}


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


@pytest.fixture
def case_id(work: Work, file_id: FileId) -> RecordId:
    found = open_case(work, file_id, CaseDetails(force="example", reported_on=TODAY)).record_id
    assert found is not None
    return found


def listed(work: Work, file_id: FileId, case_id: RecordId, on: date = TODAY, **changed: object) -> RecordId:
    details = HearingDetails(on, **{"listed_time": "10:00", **COURT, **changed})
    found = list_hearing(work, file_id, case_id, details).record_id
    assert found is not None
    return found


def test_a_hearing_of_today_stands_on_today_in_the_order_of_the_list(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    later = listed(work, file_id, case_id, court_name="A court", listed_time="14:00")
    sooner = listed(work, file_id, case_id)
    untimed = listed(work, file_id, case_id, listed_time="")
    view = work.read(today_view, TODAY)
    assert [each.hearing_id for each in view.hearings] == [sooner, later, untimed]


def test_a_hearing_needs_its_day_and_its_court(work: Work, file_id: FileId, case_id: RecordId) -> None:
    with pytest.raises(Invalid) as caught:
        list_hearing(work, file_id, case_id, HearingDetails(None))
    assert set(caught.value.problems) == {"hearing_on", "court"}


def test_an_adjournment_lists_the_next_hearing_and_keeps_the_chain(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    first = listed(work, file_id, case_id)
    second = record_outcome(
        work, first, Outcome("adjourned", "No time.", next_hearing=HearingDetails(date(2026, 12, 14), "10:00", **COURT))
    ).record_id
    assert second is not None
    third = record_outcome(
        work, second, Outcome("vacated", next_hearing=HearingDetails(date(2027, 1, 20), **COURT))
    ).record_id
    view = work.read(justice_view, file_id)
    assert [(each.hearing_id, each.adjourned_from_id) for each in view.hearings] == [
        (first, None),
        (second, first),
        (third, second),
    ]
    assert view.hearings[0].outcome == "adjourned"
    assert view.hearings[2].outcome == ""


def test_an_adjournment_counts_as_a_delay_and_asks_for_a_call_in_two_working_days(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    first = listed(work, file_id, case_id)
    next_hearing = HearingDetails(date(2026, 12, 14), "10:00", **COURT)
    record_outcome(work, first, Outcome("adjourned", next_hearing=next_hearing, client_told_on=TODAY))
    delays = [each for each in work.read(file_tasks, file_id) if each.origin == "delay"]
    assert delays
    assert {each.due_on for each in delays} == {date(2026, 11, 24)}


def test_the_next_hearing_cannot_lie_in_the_past_and_nothing_is_written(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    first = listed(work, file_id, case_id)
    with pytest.raises(Invalid) as caught:
        record_outcome(work, first, Outcome("adjourned", next_hearing=HearingDetails(date(2026, 11, 1), **COURT)))
    assert set(caught.value.problems) == {"next_hearing_on"}
    assert work.read(justice_view, file_id).hearings[0].outcome == ""


def test_a_past_hearing_without_outcome_stays_in_sight(work: Work, file_id: FileId, case_id: RecordId) -> None:
    past = listed(work, file_id, case_id, date(2026, 11, 18))
    assert [each.hearing_id for each in work.read(today_view, TODAY).without_outcome] == [past]
    record_outcome(work, past, Outcome("effective", client_told_on=TODAY))
    assert work.read(today_view, TODAY).without_outcome == ()


def test_special_measures_and_who_attends_come_back_as_they_were_given(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    hearing_id = listed(work, file_id, case_id)
    changed = HearingDetails(
        TODAY, "11:00", **COURT, attends=("idva", "client"), measures={"SM_SCREEN": "granted"}, fact_state="confirmed"
    )
    change_hearing(work, hearing_id, changed)
    found = work.read(justice_view, file_id).hearings[0]
    assert (found.attends, found.measures, found.listed_time) == (["idva", "client"], {"SM_SCREEN": "granted"}, "11:00")


NEXT = HearingDetails(date(2026, 12, 14), "10:00", **COURT, attends=("idva",), measures={"SM_SCREEN": "requested"})


def test_an_outcome_is_put_right_without_a_second_next_hearing(work: Work, file_id: FileId, case_id: RecordId) -> None:
    first = listed(work, file_id, case_id)
    record_outcome(work, first, Outcome("adjourned", "No time.", next_hearing=NEXT))
    own = HearingDetails(NEXT.hearing_on, "10:00", **COURT, attends=("client",), measures={"SM_SCREEN": "granted"})
    (_, second) = work.read(justice_view, file_id).hearings
    change_hearing(work, RecordId(second.hearing_id), own)
    moved = replace(NEXT, hearing_on=date(2026, 12, 15), listed_time="14:00", courtroom="3")
    answer = record_outcome(work, first, Outcome("ineffective_court", "No judge.", TODAY, moved)).record_id
    assert answer == second.hearing_id
    before, after = work.read(justice_view, file_id).hearings
    assert (before.outcome, before.outcome_text, before.client_told_on) == ("ineffective_court", "No judge.", TODAY)
    assert (after.hearing_on, after.listed_time, after.courtroom) == (date(2026, 12, 15), "14:00", "3")
    assert (after.attends, after.measures) == (["client"], {"SM_SCREEN": "granted"})
    checks = [each for each in work.read(file_tasks, file_id) if each.standard == "hearing_check"]
    assert [each.due_on for each in checks if each.completed_at is None] == [date(2026, 12, 14)]


def test_a_correction_is_told_apart_in_the_register(work: Work, file_id: FileId, case_id: RecordId) -> None:
    first = listed(work, file_id, case_id)
    for outcome in ("effective", "part_heard"):
        record_outcome(work, first, Outcome(outcome))
    kinds = [each.kind for each in history(work, file_id)]
    assert kinds.count("outcome_recorded") == 1
    assert kinds.count("outcome_corrected") == 1


def test_an_outcome_can_be_put_right_after_the_next_hearing_too(work: Work, file_id: FileId, case_id: RecordId) -> None:
    first = listed(work, file_id, case_id)
    record_outcome(work, first, Outcome("adjourned", next_hearing=NEXT))
    later = replace(work, clock=FixedClock(NOON + timedelta(days=40)))
    record_outcome(later, first, Outcome("adjourned", "No interpreter.", next_hearing=NEXT))
    assert work.read(justice_view, file_id).hearings[0].outcome_text == "No interpreter."


@pytest.mark.parametrize(
    ("outcome", "problems"), [("effective", {"outcome"}), ("adjourned", {"outcome"}), ("vacated", set())]
)
def test_before_its_day_a_hearing_can_only_be_taken_out_of_the_list(
    work: Work, file_id: FileId, case_id: RecordId, outcome: str, problems: set[str]
) -> None:
    ahead = listed(work, file_id, case_id, date(2027, 3, 1))
    if not problems:
        record_outcome(work, ahead, Outcome(outcome))
        return
    with pytest.raises(Invalid) as refused:
        record_outcome(work, ahead, Outcome(outcome))
    assert set(refused.value.problems) == problems
    assert work.read(justice_view, file_id).hearings[0].outcome == ""


def test_the_client_cannot_have_been_told_tomorrow(work: Work, file_id: FileId, case_id: RecordId) -> None:
    hearing_id = listed(work, file_id, case_id)
    with pytest.raises(Invalid) as refused:
        record_outcome(work, hearing_id, Outcome("effective", client_told_on=TODAY + timedelta(days=1)))
    assert set(refused.value.problems) == {"client_told_on"}
