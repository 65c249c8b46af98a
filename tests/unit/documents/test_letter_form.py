from __future__ import annotations

from datetime import date, time

from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.documents.letter import CourtLetterFacts, Measure
from advocate_desk.documents.letter_form import STAGES, facts_from_form, letter_form
from tests.unit.documents.papers import letter, template

SCREEN = {"SM_SCREEN": Measure("Screen", "23")}
VALUES = {
    "client_name": " Ann Lee ",
    "court_name": "Leeds Magistrates’ Court",
    "urn": "13LD1234526",
    "hearing": "2026-12-07T10:00",
    "supported_since": "2026-08-11",
    "contact_count": 3,
    "measures": ["SM_SCREEN", "SM_OWN"],
    "practical_requests": "a break every hour;\n\na seat near the door.",
    "perpetrator_is": "suspect",
}


def test_the_form_asks_each_fact_once_and_marks_the_required() -> None:
    fields = [field for section in letter_form(template()).sections for field in section.fields]
    keys = [field.key for field in fields]
    assert len(keys) == len(set(keys))
    assert {fact.key for fact in template().fact} < set(keys)
    assert {field.key for field in fields if field.required} >= {"client_name", "court_name", "urn", "supported_since"}


def test_every_stage_has_its_own_wording() -> None:
    said = {
        letter(facts_from_form({**VALUES, "perpetrator_is": stage}, SCREEN, gateway="x")).text() for stage in STAGES
    }
    assert len(said) == len(STAGES)


def test_a_forms_values_become_facts() -> None:
    facts = facts_from_form(VALUES, SCREEN, consent_on=date(2026, 11, 18))
    assert facts.client_name == "Ann Lee"
    assert (facts.hearing_on, facts.hearing_time) == (date(2026, 12, 7), time(10, 0))
    assert facts.supported_since == date(2026, 8, 11)
    assert [measure.label for measure in facts.measures] == ["Screen", "SM_OWN"]
    assert facts.lists()["practical_requests"] == ("a break every hour;", "a seat near the door.")


def test_a_date_without_a_time_and_an_unfinished_one_are_told_apart() -> None:
    assert facts_from_form({"hearing": "2026-12-07"}, {}).hearing_time is None
    assert facts_from_form({"hearing": "7 Decem", "contact_count": "a few"}, {}) == CourtLetterFacts(
        practical_requests=("",)
    )


@given(
    st.dictionaries(
        st.sampled_from(sorted(VALUES)),
        st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text()), st.booleans()),
    )
)
def test_any_half_done_form_gives_facts(values: dict[str, object]) -> None:
    assert facts_from_form(values, {}).values().keys() == {fact.key for fact in template().fact}
