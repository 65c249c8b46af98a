"""Time limits of law become tasks: special measures after a plea, a review after no further action, sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from advocate_desk.casework.cases import CaseDetails, OffenceDetails, StageDetails, change_case, open_case, record_stage
from advocate_desk.casework.hearings import HearingDetails, list_hearing
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.queries.tasks import TaskDetail, file_tasks
from tests.builders import PACKS, a_file, a_work

MONDAY = date(2026, 11, 23)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path, datetime(2026, 11, 23, 16, 0, tzinfo=UTC))


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


@pytest.fixture
def case_id(work: Work, file_id: FileId) -> RecordId:
    found = open_case(work, file_id, CaseDetails(force="example", reported_on=date(2026, 9, 1))).record_id
    assert found is not None
    return found


def a_hearing_at(kind: str) -> HearingDetails:
    found = next(each for each in PACKS.courts() if each.kind == kind)
    return HearingDetails(MONDAY, "10:00", court_code=found.key, court_name=found.name)


def limits(work: Work, file_id: FileId) -> dict[str, TaskDetail]:
    return {each.title: each for each in work.read(file_tasks, file_id) if each.origin == "deadline"}


@pytest.mark.parametrize(("kind", "due"), [("magistrates", date(2026, 12, 21)), ("crown", date(2026, 12, 7))])
def test_a_not_guilty_plea_sets_the_special_measures_limit_of_its_court(
    work: Work, file_id: FileId, case_id: RecordId, kind: str, due: date
) -> None:
    list_hearing(work, file_id, case_id, a_hearing_at(kind))
    offence = OffenceDetails("CJ88116", "Common assault", is_charged=True)
    details = CaseDetails(force="example", reported_on=date(2026, 9, 1))
    change_case(work, case_id, details, (offence,))
    assert limits(work, file_id) == {}
    pleaded = OffenceDetails("CJ88116", "Common assault", is_charged=True, plea="not_guilty")
    change_case(work, case_id, details, (pleaded,))
    change_case(work, case_id, details, (pleaded,))
    found = [each for title, each in limits(work, file_id).items() if "Special measures" in title]
    assert [each.due_on for each in found] == [due]


def test_no_further_action_sets_the_review_limit_from_the_day_the_client_was_told(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    told = date(2026, 11, 16)
    stage = StageDetails("closed_no_charge", told, client_told_on=told, fact_source="police", outcome_code="15")
    record_stage(work, case_id, stage)
    assert {each.due_on for each in limits(work, file_id).values()} == {date(2027, 2, 16)}


def test_no_limit_is_set_where_support_was_withdrawn(work: Work, file_id: FileId, case_id: RecordId) -> None:
    told = date(2026, 11, 16)
    stage = StageDetails("closed_no_charge", told, client_told_on=told, fact_source="police", outcome_code="16")
    record_stage(work, case_id, stage)
    assert limits(work, file_id) == {}


DENIED = OffenceDetails("CJ88116", "Common assault", is_charged=True, plea="not_guilty")
DETAILS = CaseDetails(force="example", reported_on=date(2026, 9, 1))


def measures_limit(work: Work, file_id: FileId) -> list[TaskDetail]:
    found = [each for each in work.read(file_tasks, file_id) if each.title.startswith("Special measures")]
    return [each for each in found if each.completed_at is None]


def test_the_limit_counts_from_the_day_of_the_plea_and_not_from_the_typing(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    change_case(work, case_id, DETAILS, (replace(DENIED, plea_on=date(2026, 11, 16)),))
    (found,) = measures_limit(work, file_id)
    assert found.due_on == date(2026, 12, 14)
    assert "Counted from 16 November 2026." in found.reason


def test_a_plea_without_a_day_counts_from_the_last_hearing_and_says_so(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    list_hearing(work, file_id, case_id, replace(a_hearing_at("crown"), hearing_on=date(2026, 11, 19)))
    change_case(work, case_id, DETAILS, (DENIED,))
    (found,) = measures_limit(work, file_id)
    assert found.due_on == date(2026, 12, 3)
    assert "Counted from 19 November 2026. The day of the plea is not recorded" in found.reason


def test_a_plea_day_that_is_put_right_moves_the_limit_and_a_change_of_plea_ends_it(
    work: Work, file_id: FileId, case_id: RecordId
) -> None:
    change_case(work, case_id, DETAILS, (DENIED,))
    change_case(work, case_id, DETAILS, (replace(DENIED, plea_on=date(2026, 11, 16)),))
    assert [each.due_on for each in measures_limit(work, file_id)] == [date(2026, 12, 14)]
    change_case(work, case_id, DETAILS, (replace(DENIED, plea="guilty"),))
    assert measures_limit(work, file_id) == []


def test_a_plea_of_tomorrow_is_refused(work: Work, file_id: FileId, case_id: RecordId) -> None:
    with pytest.raises(Invalid) as refused:
        change_case(work, case_id, DETAILS, (replace(DENIED, plea_on=date(2026, 11, 24)),))
    assert set(refused.value.problems) == {"offences"}
