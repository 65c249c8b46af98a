"""The Dash checklist: score, unknowns, criteria, alerts, and a judgement that may raise but never lower."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.domain.forms import FieldKind
from advocate_desk.domain.marac import Circumstances, MaracRules, circumstances_from, is_escalating, marac_criteria
from advocate_desk.domain.risk import (
    GRADES,
    Instrument,
    answer_to,
    asks_for_judgement,
    assess,
    band,
    changes,
    effective_grade,
)
from advocate_desk.packs.packs import Packs

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def dash(packs: Packs) -> Instrument:
    return packs.instrument("dash")


@pytest.fixture(scope="session")
def rules(packs: Packs) -> MaracRules:
    return packs.marac_rules()


def answered(dash: Instrument, yes: int, dont_know: int = 0, first: tuple[str, ...] = ()) -> dict[str, object]:
    """Answers with so many yes (the items of `first` among them), so many unknowns and no for the rest."""
    keys = [*first, *(item.key for item in dash.item if item.key not in first)]
    said = ["yes"] * yes + ["dont_know"] * dont_know + ["no"] * (len(keys) - yes - dont_know)
    return {key: {"answer": answer} for key, answer in zip(keys, said, strict=True)}


def test_d1_fourteen_yes_is_visible_high_risk(dash: Instrument, rules: MaracRules) -> None:
    finding = assess(dash, answered(dash, 14))
    assert finding.score == 14
    assert finding.floor == "high"
    assert marac_criteria(finding, Circumstances(), TODAY, rules) == ("visible_high_risk",)


def test_d2_unknowns_could_bring_it_to_the_threshold(dash: Instrument, rules: MaracRules) -> None:
    finding = assess(dash, answered(dash, 13, 3))
    assert (finding.score, finding.dont_know_count) == (13, 3)
    assert finding.could_reach
    assert finding.is_complete
    assert marac_criteria(finding, Circumstances(), TODAY, rules) == ()


def test_d3_three_events_in_a_year_are_potential_escalation(dash: Instrument, rules: MaracRules) -> None:
    events = (date(2025, 11, 21), date(2026, 6, 1), date(2026, 11, 1))
    finding = assess(dash, answered(dash, 13))
    assert not finding.could_reach
    assert marac_criteria(finding, Circumstances(event_dates=events), TODAY, rules) == ("potential_escalation",)
    assert not is_escalating((date(2025, 11, 20), *events[1:]), TODAY, rules)
    assert not is_escalating((*events[1:], date(2026, 11, 22)), TODAY, rules)


def test_d4_judgement_is_enough_and_strangulation_is_an_alert(dash: Instrument, rules: MaracRules) -> None:
    finding = assess(dash, answered(dash, 6, first=("strangulation",)))
    case = Circumstances(judgement="Fear out of all proportion to what is said.")
    assert marac_criteria(finding, case, TODAY, rules) == ("professional_judgement",)
    assert "strangulation" in [rule.key for rule in finding.alerts]


@pytest.mark.parametrize(
    ("event", "expected"),
    [("2026-12-02", ("repeat",)), ("2026-12-03", ("repeat",)), ("2026-12-04", ()), ("2025-12-02", ())],
)
def test_d5_d6_a_repeat_falls_within_the_anniversary(
    event: str, expected: tuple[str, ...], dash: Instrument, rules: MaracRules
) -> None:
    case = Circumstances(last_referral_on=date(2025, 12, 3), new_event_on=date.fromisoformat(event))
    finding = assess(dash, answered(dash, 4))
    assert marac_criteria(finding, case, date(2026, 12, 4), rules) == expected


def test_the_older_definition_asks_for_a_crime(dash: Instrument, rules: MaracRules) -> None:
    older = MaracRules(rules.source, 3, 12, 12, "older")
    finding = assess(dash, answered(dash, 4))
    texts = Circumstances(last_referral_on=date(2026, 6, 3), new_event_on=date(2026, 11, 2))
    crime = Circumstances(last_referral_on=date(2026, 6, 3), new_event_on=date(2026, 11, 2), is_new_event_crime=True)
    assert marac_criteria(finding, texts, TODAY, older) == ()
    assert marac_criteria(finding, crime, TODAY, older) == ("repeat",)


def test_d7_a_lower_choice_is_refused_and_the_score_stands(dash: Instrument, rules: MaracRules) -> None:
    finding = assess(dash, answered(dash, 14))
    grading = effective_grade(finding, "medium")
    assert grading.grade == "high"
    assert "manager" in grading.refusal
    assert marac_criteria(finding, Circumstances(), TODAY, rules) == ("visible_high_risk",)


def test_d8_nothing_but_unknowns_is_incomplete_and_has_no_band(dash: Instrument) -> None:
    finding = assess(dash, answered(dash, 0, 24))
    assert (finding.score, finding.dont_know_count) == (0, 24)
    assert not finding.is_complete
    assert band(finding, {"standard": 0, "medium": 10, "high": 14}) == ""
    assert finding.could_reach


def test_judgement_raises_a_grade_and_is_asked_why(dash: Instrument) -> None:
    finding = assess(dash, answered(dash, 8))
    assert effective_grade(finding, "high").grade == "high"
    assert effective_grade(finding, "high").needs_reason
    assert not effective_grade(finding, "medium").needs_reason
    assert effective_grade(finding, "").grade == ""
    assert effective_grade(assess(dash, answered(dash, 15)), "").grade == "high"


def test_a_higher_grade_of_the_police_asks_for_judgement(dash: Instrument) -> None:
    assert asks_for_judgement(assess(dash, answered(dash, 8)), "high")
    assert not asks_for_judgement(assess(dash, answered(dash, 15)), "medium")
    assert not asks_for_judgement(assess(dash, answered(dash, 8)), "unknown")


def test_an_area_may_print_bands(dash: Instrument) -> None:
    bands = {"standard": 1, "medium": 10, "high": 14}
    found = [band(assess(dash, answered(dash, score)), bands) for score in (0, 1, 9, 10, 13, 14)]
    assert found == ["", "standard", "standard", "medium", "medium", "high"]
    assert band(assess(dash, answered(dash, 12)), {}) == ""


def test_an_empty_form_scores_nothing_and_is_not_complete(dash: Instrument) -> None:
    finding = assess(dash, {})
    assert (finding.score, len(finding.unanswered), finding.is_complete) == (0, 24, False)


@pytest.mark.parametrize(
    ("yes", "alert"),
    [
        (("threat_to_kill",), "threat_to_kill"),
        (("stalking_harassment",), "stalking"),
        (("depressed_suicidal",), "suicide"),
        (("separated_12m", "control_jealousy", "weapon_object"), "separation_control"),
    ],
)
def test_some_answers_raise_an_alert_whatever_the_score(yes: tuple[str, ...], alert: str, dash: Instrument) -> None:
    assert alert in [rule.key for rule in assess(dash, answered(dash, len(yes), first=yes)).alerts]


def test_separation_and_control_alone_raise_no_alert(dash: Instrument) -> None:
    yes = ("separated_12m", "control_jealousy")
    assert assess(dash, answered(dash, 2, first=yes)).alerts == ()


def test_a_third_party_is_an_alert_with_honour_only(dash: Instrument) -> None:
    plain = answered(dash, 1, first=("third_party_threat",))
    in_detail = plain | {"third_party_threat": {"answer": "yes", "detail": {"hba": "yes"}}}
    in_closing = plain | {"hba_concern": "yes"}
    keys = [[rule.key for rule in assess(dash, answers).alerts] for answers in (plain, in_detail, in_closing)]
    assert keys == [[], ["hba"], ["hba"]]


def test_a_detail_of_an_answer_that_is_no_longer_yes_does_not_count(dash: Instrument) -> None:
    answers = answered(dash, 1, first=("third_party_threat",))
    answers |= {"control_jealousy": {"answer": "no", "detail": {"hba": "yes"}}}
    assert assess(dash, answers).alerts == ()


def test_what_changed_since_the_last_is_named_item_by_item(dash: Instrument) -> None:
    before = answered(dash, 2, first=("isolated", "strangulation"))
    after = answered(dash, 2, 1, first=("strangulation", "weapon_object", "isolated"))
    after["strangulation"] = {"answer": "yes", "detail": {"times": "twice"}, "source": "A&E"}
    found = changes(dash, before, after)
    assert [(change.key, change.before, change.after) for change in found] == [
        ("isolated", "yes", "dont_know"),
        ("weapon_object", "no", "yes"),
        ("strangulation", "yes", "yes"),
    ]
    assert [change.is_worse for change in found] == [False, True, False]
    assert [change.is_detail_only for change in found] == [False, False, True]
    assert changes(dash, after, after) == ()


def test_the_form_asks_all_24_in_five_groups_and_then_the_professional(dash: Instrument) -> None:
    spec = dash.form_spec()
    assert [len(section.fields) for section in spec.sections[:-1]] == [6, 3, 7, 3, 5]
    asked = [field for section in spec.sections[:-1] for field in section.fields]
    assert [field.key for field in asked] == [item.key for item in dash.item]
    assert {field.kind for field in asked} == {FieldKind.ANSWER}
    assert spec.sections[-1].key == "closing"
    assert not any(field.required for section in spec.sections for field in section.fields)
    assert (spec.key, spec.version) == ("instrument.dash", dash.version)


def test_the_closing_section_gives_the_circumstances() -> None:
    answers: dict[str, object] = {
        "events": [{"on": "2026-06-01"}, {"on": "soon"}, {"what": "a visit"}],
        "last_marac_on": "2026-01-05",
        "new_event_on": "",
        "reasonable_grounds_for_marac": "yes",
        "judgement": "He knows where she works.",
        "new_event_crime": "yes",
    }
    found = circumstances_from(answers)
    assert found.event_dates == (date(2026, 6, 1),)
    assert (found.last_referral_on, found.new_event_on) == (date(2026, 1, 5), None)
    assert found.judgement
    assert circumstances_from(answers | {"reasonable_grounds_for_marac": "no"}).judgement == ""
    assert circumstances_from({}) == Circumstances()


@given(data=st.data())
def test_judgement_never_ends_below_the_score(data: st.DataObject, dash: Instrument) -> None:
    said = data.draw(st.lists(st.sampled_from(["yes", "no", "dont_know", ""]), min_size=24, max_size=24))
    answers = {item.key: {"answer": answer} for item, answer in zip(dash.item, said, strict=True)}
    finding = assess(dash, answers)
    chosen = data.draw(st.sampled_from(["", *GRADES]))
    grade = effective_grade(finding, chosen).grade
    assert finding.score == said.count("yes")
    assert not finding.floor or grade == finding.floor
    assert finding.floor or grade == chosen


@given(junk=st.dictionaries(st.sampled_from(["isolated", "events", "hba_concern"]), st.integers() | st.text()))
def test_a_damaged_draft_is_read_without_an_error(junk: dict[str, object], dash: Instrument) -> None:
    assess(dash, junk)
    circumstances_from(junk)
    assert answer_to(junk, "isolated") == ""
