"""What a file says that suggests actions: only what somebody recorded, and only while it holds."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.casework.bail import BailDetails, ConditionDetails, end_bail, record_bail
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.hearings import HearingDetails, list_hearing
from advocate_desk.casework.intake import AlertDetails
from advocate_desk.casework.people import ContactDetails, PersonDetails, RelationshipDetails
from advocate_desk.casework.plan_facts import known_facts
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.plan import plan_view
from tests.builders import PACKS, a_file, a_referral, a_work

TODAY = date(2026, 11, 21)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def facts(work: Work, file_id: FileId, answers: dict[str, Any] | None = None) -> frozenset[str]:
    return known_facts(work.read(plan_view, file_id), answers or {}, TODAY, PACKS.bail_periods())


def bailed(work: Work, file_id: FileId, kind: str, days: int, conditions: tuple[ConditionDetails, ...]) -> RecordId:
    case_id = open_case(work, file_id, CaseDetails(force="", crime_ref="EX1/26", reported_on=TODAY)).record_id
    assert case_id is not None
    ends = TODAY + timedelta(days=days) if days else None
    found = record_bail(work, file_id, case_id, BailDetails(kind, started_on=TODAY, expires_on=ends), conditions)
    assert found.record_id is not None
    return found.record_id


def test_a_file_that_says_nothing_suggests_by_nothing(work: Work) -> None:
    assert facts(work, a_file(work)) == frozenset()


def test_every_fact_that_is_derived_is_one_that_the_suggestions_know(work: Work) -> None:
    file_id = a_file(
        work,
        referral=a_referral(location_status="temporary"),
        client=PersonDetails("client", "Testina", "Sampleby", occupation="Baker"),
        relationship=RelationshipDetails(kind="partner", status="separated"),
        others=(PersonDetails("child", "Kid", "Sampleby"),),
        contacts=(ContactDetails("mobile", "07700 900123", is_safe="yes", is_device_shared=True),),
        alerts=(AlertDetails("pregnant"), AlertDetails("tracked_device"), AlertDetails("medical")),
    )
    answers = {
        "animal_abuse": {"answer": "yes", "detail": {"fostering": "yes"}, "source": ""},
        "barriers": ["immigration"],
    }
    found = facts(work, file_id, answers)
    assert found == {
        "left_home",
        "temporary_home",
        "works",
        "separated",
        "children",
        "shared_device",
        "pregnant",
        "tracked_device",
        "health_need",
        "pets",
        "no_recourse",
    }
    assert found <= {each.key for each in PACKS.plan_suggestions().fact}


def test_living_with_the_perpetrator_is_a_fact_of_the_newest_referral(work: Work) -> None:
    assert facts(work, a_file(work, referral=a_referral(location_status="with_perpetrator"))) == {"lives_together"}


def test_conditions_count_while_bail_stands_and_its_end_is_told_beforehand(work: Work) -> None:
    file_id = a_file(work)
    bail_id = bailed(work, file_id, "bail_precharge", 3, (ConditionDetails("NO_CONTACT_CLIENT"),))
    assert facts(work, file_id) == {"bail_live", "bail_ends_soon"}
    end_bail(work, bail_id, TODAY, "nfa")
    assert facts(work, file_id) == {"no_protection"}


def test_released_under_investigation_nothing_protects_her(work: Work) -> None:
    file_id = a_file(work)
    bailed(work, file_id, "rui", 0, ())
    assert facts(work, file_id) == {"rui", "no_protection"}


def test_custody_and_a_hearing_ahead_are_known(work: Work) -> None:
    file_id = a_file(work)
    bailed(work, file_id, "remand_custody", 0, ())
    case_id = RecordId(work.read(plan_view, file_id).justice.cases[0].case_id)
    list_hearing(work, file_id, case_id, HearingDetails(TODAY + timedelta(days=9), court_name="Example court"))
    assert facts(work, file_id) == {"in_custody", "hearing_ahead"}
