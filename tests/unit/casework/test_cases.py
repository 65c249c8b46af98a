"""The criminal case: opened, changed, moved from stage to stage, with its offences kept apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from advocate_desk.casework.cases import CaseDetails, OffenceDetails, StageDetails, change_case, open_case, record_stage
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.queries.justice import CaseLine, ChargeLine, justice_view
from advocate_desk.store.queries.tasks import file_tasks
from tests.builders import a_file, a_work

TODAY = date(2026, 11, 21)
TOMORROW = TODAY + timedelta(days=1)
CASE = CaseDetails(force="example", crime_ref="EX1/26", reported_on=TODAY - timedelta(days=2))
ASSAULT = OffenceDetails("CJ88116", "Common assault")
STALKING = OffenceDetails("PH97009", "Stalking")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def opened(work: Work, file_id: FileId, *offences: OffenceDetails) -> RecordId:
    found = open_case(work, file_id, CASE, offences).record_id
    assert found is not None
    return found


def the_case(work: Work, file_id: FileId) -> CaseLine:
    (case,) = work.read(justice_view, file_id).cases
    return case


def charges(work: Work, file_id: FileId) -> list[ChargeLine]:
    return [each for many in work.read(justice_view, file_id).charges.values() for each in many]


def test_a_case_begins_with_its_report_as_the_first_stage(work: Work, file_id: FileId) -> None:
    case_id = opened(work, file_id, ASSAULT)
    view = work.read(justice_view, file_id)
    assert [(each.stage, each.happened_on) for each in view.stages[case_id]] == [("reported", CASE.reported_on)]
    assert [each.offence_title for each in view.charges[case_id]] == ["Common assault"]


@pytest.mark.parametrize(
    ("details", "key"),
    [
        (CaseDetails(), "force"),
        (replace(CASE, reported_on=TOMORROW), "reported_on"),
        (replace(CASE, offence_on=TOMORROW), "offence_on"),
    ],
)
def test_a_case_without_a_mark_or_out_of_the_future_is_refused(
    work: Work, file_id: FileId, details: CaseDetails, key: str
) -> None:
    with pytest.raises(Invalid) as refused:
        open_case(work, file_id, details)
    assert set(refused.value.problems) == {key}
    assert work.read(justice_view, file_id).cases == ()


def test_a_change_keeps_the_offences_that_stay_and_takes_out_the_others(work: Work, file_id: FileId) -> None:
    case_id = opened(work, file_id, ASSAULT, STALKING)
    (kept,) = [each.charge_id for each in charges(work, file_id) if each.offence_code == ASSAULT.offence_code]
    charged = replace(ASSAULT, is_charged=True, charged_on=TODAY)
    change_case(work, case_id, replace(CASE, officer_name="DC Notional"), (charged, OffenceDetails("", "In words")))
    found = {each.offence_title: each for each in charges(work, file_id)}
    assert set(found) == {"Common assault", "In words"}
    assert found["Common assault"].charge_id == kept
    assert found["Common assault"].is_charged
    assert the_case(work, file_id).officer_name == "DC Notional"


def test_two_counts_of_one_offence_stay_two_however_often_the_case_is_saved(work: Work, file_id: FileId) -> None:
    guilty = replace(ASSAULT, result="guilty")
    case_id = opened(work, file_id, ASSAULT, guilty)
    before = [each.charge_id for each in charges(work, file_id)]
    for _ in range(3):
        change_case(work, case_id, CASE, (ASSAULT, guilty))
    assert [each.charge_id for each in charges(work, file_id)] == before
    change_case(work, case_id, CASE, (ASSAULT,))
    assert len(charges(work, file_id)) == 1


def test_a_stage_moves_the_case_and_stays_in_its_history(work: Work, file_id: FileId) -> None:
    case_id = opened(work, file_id, ASSAULT)
    record_stage(work, case_id, StageDetails("charged", TODAY, "Told by phone", TODAY, "police", "confirmed"))
    stages = work.read(justice_view, file_id).stages[case_id]
    assert [each.stage for each in stages] == ["reported", "charged"]
    assert (stages[1].fact_source, stages[1].fact_state) == ("police", "confirmed")
    assert the_case(work, file_id).stage == "charged"


@pytest.mark.parametrize(("code", "supported"), [("15", True), ("16", False)])
def test_an_outcome_code_says_how_the_client_stood(work: Work, file_id: FileId, code: str, supported: bool) -> None:
    case_id = opened(work, file_id, ASSAULT)
    record_stage(work, case_id, StageDetails("closed_no_charge", TODAY, outcome_code=code))
    case = the_case(work, file_id)
    assert (case.outcome_code, case.outcome_on, case.victim_supported) == (code, TODAY, supported)


@pytest.mark.parametrize(
    ("details", "key"), [(StageDetails("", TODAY), "stage"), (StageDetails("charged", TOMORROW), "happened_on")]
)
def test_a_stage_that_is_not_named_or_has_not_come_is_refused(
    work: Work, file_id: FileId, details: StageDetails, key: str
) -> None:
    case_id = opened(work, file_id)
    with pytest.raises(Invalid) as refused:
        record_stage(work, case_id, details)
    assert set(refused.value.problems) == {key}
    assert the_case(work, file_id).stage == "reported"


def test_a_report_raises_what_the_standards_ask_for(work: Work, file_id: FileId) -> None:
    def raised() -> set[str]:
        return {each.title for each in work.read(file_tasks, file_id)}

    before = raised()
    case_id = opened(work, file_id, ASSAULT)
    record_stage(work, case_id, StageDetails("closed_no_charge", TODAY, client_told_on=TODAY))
    assert raised() > before
