"""Safety plan suggestions: what answers and facts bring, each with its reason."""

from __future__ import annotations

from datetime import date

import pytest

from advocate_desk.domain.plan import (
    Situation,
    Suggestions,
    due_on,
    plan_facts,
    review_on,
    suggest,
)
from advocate_desk.packs.packs import Packs


@pytest.fixture(scope="session")
def pack(packs: Packs) -> Suggestions:
    return packs.plan_suggestions()


def keys(answers: dict[str, object], facts: tuple[str, ...], pack: Suggestions) -> list[str]:
    return [found.suggestion.key for found in suggest(answers, facts, pack)]


def test_an_empty_file_is_offered_only_what_always_helps(pack: Suggestions) -> None:
    assert keys({}, (), pack) == ["silent_999", "plan_kept"]


def test_strangulation_brings_a_health_check_first(pack: Suggestions) -> None:
    found = suggest({"strangulation": {"answer": "yes"}}, (), pack)
    urgent = [each.suggestion.key for each in found if each.suggestion.urgent]
    assert {"strangulation_check", "strangulation_signs"} <= set(urgent)
    assert [each.suggestion.urgent for each in found] == sorted((e.suggestion.urgent for e in found), reverse=True)
    check = next(each for each in found if each.suggestion.key == "strangulation_check")
    assert check.because == ("strangulation",)
    assert check.suggestion.reason
    assert due_on(check.suggestion, date(2026, 11, 21)) == date(2026, 11, 21)


def test_an_answer_of_no_or_unknown_suggests_nothing(pack: Suggestions) -> None:
    for said in ("no", "dont_know", ""):
        assert keys({"strangulation": {"answer": said}}, (), pack) == ["silent_999", "plan_kept"]


def test_a_follow_up_detail_can_suggest(pack: Suggestions) -> None:
    tracked: dict[str, object] = {"stalking_harassment": {"answer": "yes", "detail": {"how": ["tracking"]}}}
    assert "trackers" in keys(tracked, (), pack)
    assert "trackers" not in keys({"stalking_harassment": {"answer": "yes"}}, (), pack)


def test_a_closing_field_can_suggest(pack: Suggestions) -> None:
    assert "hba_silence" in keys({"hba_concern": "yes"}, (), pack)


def test_some_are_offered_only_where_a_fact_holds(pack: Suggestions) -> None:
    contact: dict[str, object] = {"child_contact_conflict": {"answer": "yes"}}
    assert "school" not in keys(contact, (), pack)
    assert "school" in keys(contact, ("children",), pack)


@pytest.mark.parametrize(
    ("fact", "key"),
    [
        ("bail_live", "bail_copy"),
        ("rui", "rui_order"),
        ("hearing_ahead", "special_measures"),
        ("release_expected", "release_72"),
        ("no_recourse", "no_recourse"),
        ("shared_device", "second_phone"),
        ("pets", "pets"),
    ],
)
def test_what_is_known_of_the_file_suggests_too(fact: str, key: str, pack: Suggestions) -> None:
    assert key in keys({}, (fact,), pack)


def test_a_plan_is_reviewed_in_four_weeks(pack: Suggestions) -> None:
    assert review_on(date(2026, 11, 21), pack) == date(2026, 12, 19)


def test_the_facts_of_a_file_are_those_that_suggestions_know(pack: Suggestions) -> None:
    everything = Situation(
        location_status="temporary",
        relationship_status="separated",
        alerts=("pregnant", "tracked_device", "medical"),
        has_children=True,
        is_device_shared=True,
        bail_kinds=("bail_precharge", "rui", "remand_custody"),
        has_live_conditions=True,
        days_to_bail_end=14,
        has_hearing_ahead=True,
        is_immigration_noted=True,
    )
    known = plan_facts(everything) | plan_facts(Situation(location_status="with_perpetrator"))
    assert known <= {fact.key for fact in pack.fact}
    assert {fact.key for fact in pack.fact} - known == {"pets", "works", "order_live", "release_expected"}


def test_a_released_suspect_without_conditions_leaves_her_unprotected() -> None:
    assert plan_facts(Situation(bail_kinds=("rui",))) == {"rui", "no_protection"}
    assert plan_facts(Situation(bail_kinds=("remand_custody",))) == {"in_custody"}
    assert "bail_ends_soon" not in plan_facts(Situation(has_live_conditions=True, days_to_bail_end=15))
