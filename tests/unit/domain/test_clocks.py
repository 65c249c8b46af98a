"""Named time limits: each counts by its own rule, shows it, and says when it is not sure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from advocate_desk.domain.cases import offence_note, summary_limit
from advocate_desk.domain.clocks import LawClock, LawClocks, deadlines_after, due
from advocate_desk.domain.days import Holidays
from advocate_desk.domain.sources import Source
from advocate_desk.packs.packs import Packs


def the_clock(packs: Packs, key: str) -> LawClock:
    (found,) = (clock for clock in packs.clocks().clock if clock.key == key)
    return found


@pytest.mark.parametrize(
    ("key", "trigger", "expected"),
    [
        ("vc_told_enhanced", "2026-11-20", "2026-11-23"),  # W1
        ("vc_told_standard", "2026-11-20", "2026-11-27"),  # W2
        ("appeal_magistrates", "2026-12-11", "2027-01-06"),  # W7
        ("sm_magistrates", "2026-11-23", "2026-12-21"),  # W10
        ("sm_crown", "2026-11-23", "2026-12-07"),  # W11
        ("vrr_cps_best", "2026-04-01", "2026-04-17"),  # W12
        ("vrr_police_decide", "2026-11-16", "2026-12-30"),  # W13
        ("vrr_police_ask", "2026-11-16", "2027-02-16"),  # W15
        ("vrr_police_ask", "2026-11-30", "2027-02-28"),  # W16: a Sunday, not rolled
        ("uls", "2026-11-10", "2026-12-08"),  # W17
        ("appeal_crown", "2026-11-10", "2026-12-08"),  # W18
        ("vc_contact_scheme", "2026-11-20", "2026-12-18"),  # W19
        ("dsar", "2026-11-27", "2026-12-29"),  # W20
        ("housing_review", "2026-11-10", "2026-12-01"),  # W25
        ("housing_relief", "2026-11-10", "2027-01-05"),  # W26
        ("dvds", "2026-12-01", "2026-12-29"),  # W27
        ("vc_complaint", "2026-12-17", "2027-01-05"),  # W29
        ("vc_support", "2026-12-24", "2026-12-30"),  # W30
    ],
)
def test_a_clock_runs_out_when_its_rule_says(
    key: str, trigger: str, expected: str, packs: Packs, holidays: Holidays
) -> None:
    day = date.fromisoformat(trigger)
    assert due(the_clock(packs, key), day, holidays).rolled == date.fromisoformat(expected)


def test_a_due_date_shows_its_rule_and_its_source(packs: Packs, holidays: Holidays) -> None:
    found = due(the_clock(packs, "sm_crown"), date(2026, 11, 23), holidays)
    assert found.rule_text == "10 business days after a not guilty plea (Criminal Procedure Rules, rule 18.3)"
    assert found.is_sure


def test_a_date_beyond_the_known_holidays_is_not_sure(packs: Packs, holidays: Holidays) -> None:
    assert not due(the_clock(packs, "sm_magistrates"), date(2028, 12, 20), holidays).is_sure


def test_a_clock_that_moves_shows_both_days(packs: Packs, holidays: Holidays) -> None:
    found = due(the_clock(packs, "dsar"), date(2026, 11, 27), holidays)
    assert (found.raw, found.rolled) == (date(2026, 12, 27), date(2026, 12, 29))
    assert "moved to the next working day" in found.rule_text


def test_the_clock_of_the_day_is_taken_when_the_law_changed(holidays: Holidays) -> None:
    old = LawClock("uls", "Old", "calendar_days", 28, "sentence", "client", "Old Act", ("sentence_crown",))
    new = replace(old, title="New", rule="months_after", length=6, in_force_from=date(2026, 6, 29))
    pack = LawClocks(Source("", ""), (replace(old, in_force_to=date(2026, 6, 28)), new))
    for day, title in ((date(2026, 6, 28), "Old"), (date(2026, 6, 29), "New")):
        assert [each.clock.title for each in deadlines_after(pack, "sentence_crown", day, holidays)] == [title]


def test_an_event_of_the_case_sets_its_clocks_going(packs: Packs, holidays: Holidays) -> None:
    found = deadlines_after(packs.clocks(), "nfa_cps", date(2026, 4, 1), holidays)
    assert [(each.clock.key, each.due.rolled) for each in found] == [
        ("vrr_cps_best", date(2026, 4, 17)),
        ("vrr_cps_ask", date(2026, 7, 1)),
    ]
    sentence = deadlines_after(packs.clocks(), "sentence_crown", date(2026, 11, 10), holidays)
    assert {each.clock.key for each in sentence} == {"uls", "appeal_crown", "vc_contact_scheme"}
    assert deadlines_after(packs.clocks(), "full_moon", date(2026, 4, 1), holidays) == ()


def test_common_assault_has_six_months_from_the_report(packs: Packs) -> None:
    note = offence_note(packs.offence_notes(), "CJ88116")
    assert note is not None
    on_the_day = summary_limit(date(2026, 5, 20), date(2026, 5, 20), note.summary_limit)
    assert on_the_day is not None
    assert on_the_day.last_day == date(2026, 11, 20)  # W31


def test_a_late_report_is_stopped_two_years_after_the_offence() -> None:
    late = summary_limit(date(2025, 1, 10), date(2026, 12, 1), "domestic_abuse")
    assert late is not None
    assert late.last_day == date(2027, 1, 10)


def test_other_summary_offences_count_from_the_offence() -> None:
    found = summary_limit(date(2026, 5, 31), date(2026, 8, 1), "six_months")
    assert found is not None
    assert found.last_day == date(2026, 11, 30)
    assert summary_limit(date(2026, 5, 31), None, "") is None
