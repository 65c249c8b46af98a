"""The case, its hearings and its file: what a code, an outcome or a stage means."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.domain.cases import (
    is_before_charge,
    is_closed_without_charge,
    victim_supported,
    word_for_accused,
)
from advocate_desk.domain.facts import FactNote, FactSource, FactState, fact_words, is_firm
from advocate_desk.domain.files import file_reference, first_days, is_open, status_for_grade
from advocate_desk.domain.folding import fold
from advocate_desk.domain.hearings import (
    can_come_before_its_day,
    delay_days,
    is_delay,
    is_measure_waiting,
    needs_next_hearing,
)
from advocate_desk.domain.reference import court_address
from advocate_desk.domain.sources import Source, is_in_force
from advocate_desk.packs.packs import Packs

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(("code", "expected"), [("14", False), ("15", True), ("16", False), ("1", None), ("99", None)])
def test_an_outcome_code_says_whether_the_client_supported(code: str, expected: bool | None, packs: Packs) -> None:
    assert victim_supported(packs.outcome_codes(), code) is expected


def test_a_letter_calls_him_what_the_stage_allows(packs: Packs) -> None:
    stages = packs.case_stages()
    said = [word_for_accused(stages, key) for key in ("investigation", "charged", "trial", "sentenced", "unheard_of")]
    assert said == ["the suspect", "the defendant", "the defendant", "the offender", "the suspect"]
    assert word_for_accused(stages, "acquitted") == "the suspect"


def test_stages_have_a_side_of_charge(packs: Packs) -> None:
    stages = packs.case_stages()
    assert is_before_charge(stages, "bail_or_rui")
    assert not is_before_charge(stages, "first_hearing")


def test_a_case_without_charge_may_be_reopened() -> None:
    assert is_closed_without_charge(["reported", "closed_no_charge"])
    assert not is_closed_without_charge(["closed_no_charge", "investigation"])
    assert not is_closed_without_charge([])


@pytest.mark.parametrize(
    ("outcome", "needs_next", "delayed"),
    [
        ("adjourned", True, True),
        ("ineffective_court", True, True),
        ("cracked_guilty", True, False),
        ("cracked_no_evidence", False, False),
        ("concluded", False, False),
        ("unheard_of", False, False),
    ],
)
def test_an_outcome_says_what_follows(outcome: str, needs_next: bool, delayed: bool, packs: Packs) -> None:
    outcomes = packs.hearing_outcomes()
    assert (needs_next_hearing(outcomes, outcome), is_delay(outcomes, outcome)) == (needs_next, delayed)


def test_only_what_was_taken_out_of_the_list_comes_before_its_day(packs: Packs) -> None:
    outcomes = packs.hearing_outcomes()
    early = [each.key for each in outcomes.outcome if can_come_before_its_day(outcomes, each.key)]
    assert early == ["vacated"]
    assert not can_come_before_its_day(outcomes, "unheard_of")


def test_a_delay_is_counted_in_days_and_never_backwards() -> None:
    assert delay_days(date(2026, 11, 20), date(2027, 1, 20)) == 61
    assert delay_days(date(2026, 11, 20), date(2026, 11, 19)) == 0


def test_a_measure_waits_until_it_is_decided_or_declined(packs: Packs) -> None:
    states = [option.key for option in packs.choices("measure_status")]
    assert [state for state in states if is_measure_waiting(state)] == ["wanted", "requested", "applied"]


@given(file_id=st.uuids(), shift=st.integers(0, 3))
def test_a_reference_can_be_read_aloud(file_id: UUID, shift: int) -> None:
    reference = file_reference(file_id, TODAY, shift)
    assert len(reference) == 8
    assert reference.startswith("26-")
    assert not set(reference[3:]) & set("01IO")
    assert reference == file_reference(file_id, TODAY, shift)


def test_another_shift_gives_another_reference() -> None:
    file_id = UUID("019a2b3c-4d5e-7f60-8a1b-123456789abc")
    assert len({file_reference(file_id, TODAY, shift) for shift in range(4)}) == 4


def test_the_first_days_end_on_the_fifth_after_the_report() -> None:
    window = first_days(date(2026, 11, 20), 5, (0, 1, 3, 5))
    assert window.ends_on == date(2026, 11, 25)  # W28
    assert window.holds(date(2026, 11, 20))
    assert window.holds(date(2026, 11, 25))
    assert not window.holds(date(2026, 11, 26))
    assert window.contact_on[-1] == window.ends_on


def test_a_file_is_open_by_its_grade() -> None:
    assert status_for_grade("high") == "open_high"
    assert status_for_grade("") == "waiting"
    assert [is_open(status) for status in ("open_medium", "monitoring", "closed", "waiting")] == [True, *[False] * 3]


@pytest.mark.parametrize(
    ("note", "words"),
    [
        (FactNote("client", date(2026, 11, 3), "heard"), "heard from the client, 3 Nov; not confirmed"),
        (FactNote("document", date(2025, 11, 3), "confirmed"), "read in a document, 3 Nov 2025; confirmed"),
        (FactNote("", None, "out_of_date"), "out of date"),
        (FactNote("a newer source", None, "a newer state"), "heard"),
        (FactNote(), ""),
    ],
)
def test_a_fact_says_who_told_it_and_how_firm_it_is(note: FactNote, words: str) -> None:
    assert fact_words(note, TODAY) == words
    assert is_firm(note) == (note.state == "confirmed")


def test_sources_and_states_are_those_of_the_lists(packs: Packs) -> None:
    assert [option.key for option in packs.choices("fact_source")] == [source.value for source in FactSource]
    assert [option.key for option in packs.choices("fact_state")] == [state.value for state in FactState]


def test_a_rule_holds_from_its_first_to_its_last_day() -> None:
    rule = Source("", "", in_force_from=date(2026, 3, 22), in_force_to=date(2026, 6, 28))
    days = ("2026-03-21", "2026-03-22", "2026-06-28", "2026-06-29")
    assert [is_in_force(rule, date.fromisoformat(day)) for day in days] == [False, True, True, False]
    assert is_in_force(Source("", ""), TODAY)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Caernarfon", "caernarfon"),
        ("Llŷr’s  King's-Lynn", "llyrs kings lynn"),
        ("Zoë SMÍTH_2", "zoe smith 2"),
        ("Łódź", "lodz"),
        ("  ", ""),
    ],
)
def test_folding_forgets_case_accents_and_punctuation(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_court_has_its_address_on_one_line(packs: Packs) -> None:
    court = packs.court("B62DC00")
    assert court is not None
    assert court_address(court).endswith("Cardiff, CF24 0RZ")
