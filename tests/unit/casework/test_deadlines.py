"""Time limits of law become tasks: special measures after a plea, a review after no further action, sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from advocate_desk.casework.cases import CaseDetails, OffenceDetails, StageDetails, change_case, open_case, record_stage
from advocate_desk.casework.hearings import HearingDetails, list_hearing
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
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
