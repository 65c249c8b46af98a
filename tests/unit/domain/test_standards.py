"""Contact standards: what an event raises, and when it is due."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from advocate_desk.domain.days import Holidays
from advocate_desk.domain.standards import ATTEMPT_EVENTS, Event, Standard, TaskToRaise, tasks_for
from advocate_desk.packs.packs import Packs

FRIDAY = date(2026, 11, 20)
AFTERNOON = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def raised(packs: Packs, holidays: Holidays, event: Event, *facts: str, today: date = FRIDAY) -> dict[str, TaskToRaise]:
    return {task.key: task for task in tasks_for(event, facts, packs.contact_standards(), holidays, today)}


@pytest.mark.parametrize("grade", ["high", ""])
def test_high_or_unknown_risk_counts_real_hours(grade: str, packs: Packs, holidays: Holidays) -> None:
    found = raised(packs, holidays, Event("referral", FRIDAY, AFTERNOON, grade))
    assert found["first_attempt_high"].due_at == datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
    assert found["first_contact_high"].due_at == datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
    assert found["triage"].due_on == FRIDAY
    assert found["first_dash"].due_on == date(2026, 11, 25)


def test_medium_risk_counts_working_days(packs: Packs, holidays: Holidays) -> None:
    found = raised(packs, holidays, Event("referral", FRIDAY, AFTERNOON, "medium"))
    assert found["first_attempt_medium"].due_on == date(2026, 11, 24)
    assert "first_attempt_high" not in found


def test_hours_without_a_moment_become_days(packs: Packs, holidays: Holidays) -> None:
    found = raised(packs, holidays, Event("referral", FRIDAY, None, "high"))
    assert (found["first_attempt_high"].due_on, found["first_attempt_high"].due_at) == (date(2026, 11, 21), None)


def test_the_five_days_after_a_report_leave_out_what_is_past(packs: Packs, holidays: Holidays) -> None:
    found = raised(packs, holidays, Event("report", date(2026, 11, 19)))
    assert [task.due_on for task in found.values()] == [date(2026, 11, day) for day in (20, 22, 24)]
    assert raised(packs, holidays, Event("report", date(2026, 11, 1))) == {}


def test_the_officer_is_asked_before_bail_ends(packs: Packs, holidays: Holidays) -> None:
    found = raised(packs, holidays, Event("bail_recorded", date(2026, 12, 1)))
    assert "bail_ask_14" not in found  # that day has gone by
    assert found["bail_ask_7"].due_on == date(2026, 11, 24)
    assert found["bail_ask_2"].due_on == date(2026, 11, 29)
    assert found["bail_tell"].due_on == FRIDAY


def test_bail_without_an_end_still_has_its_conditions_told(packs: Packs, holidays: Holidays) -> None:
    found = raised(packs, holidays, Event("bail_recorded"))
    assert set(found) == {"bail_tell", "bail_plan"}
    assert set(raised(packs, holidays, Event("bail_recorded"), "client_told")) == {"bail_plan"}


def test_a_breach_is_acted_on_the_same_day(packs: Packs, holidays: Holidays) -> None:
    found = raised(packs, holidays, Event("breach", FRIDAY))
    assert found["breach_report"].due_on == FRIDAY
    assert found["breach_risk"].due_on == date(2026, 11, 23)
    assert "breach_report" not in raised(packs, holidays, Event("breach", FRIDAY), "breach_reported")


def test_a_breach_on_christmas_eve_brings_the_plan_up_on_the_next_working_day(packs: Packs, holidays: Holidays) -> None:
    found = raised(packs, holidays, Event("breach", date(2026, 12, 24)))
    assert found["breach_plan"].due_on == date(2026, 12, 29)


def test_a_standard_for_an_event_or_in_a_unit_that_nobody_knows_is_refused() -> None:
    for event, unit in (("full_moon", "hours"), ("breach", "fortnights")):
        with pytest.raises(ValueError, match="not known"):
            Standard("key", event, "Title", unit, 1, "own", "Reason")


def test_a_delay_brings_a_call_a_risk_review_and_the_plan(packs: Packs, holidays: Holidays) -> None:
    found = raised(packs, holidays, Event("hearing_delayed", FRIDAY))
    assert {task.due_on for task in found.values()} == {date(2026, 11, 23), date(2026, 11, 24)}
    assert {task.origin for task in found.values()} == {"delay", "safety_plan"}


def test_risk_is_looked_at_again_sooner_when_it_is_high(packs: Packs, holidays: Holidays) -> None:
    high = raised(packs, holidays, Event("dash_completed", FRIDAY, grade="high"))
    medium = raised(packs, holidays, Event("dash_completed", FRIDAY, grade="medium"))
    assert high["review_high"].due_on == date(2026, 12, 18)
    assert medium["review_other"].due_on == date(2027, 1, 1)
    assert "dash_marac" in high
    assert "dash_marac" not in medium
    assert "dash_marac" not in raised(packs, holidays, Event("dash_completed", FRIDAY, grade="high"), "marac_referred")


def test_what_should_have_been_done_before_today_is_due_today(packs: Packs, holidays: Holidays) -> None:
    found = raised(packs, holidays, Event("no_further_action", date(2026, 10, 1)))
    assert {task.due_on for task in found.values()} == {FRIDAY}


def test_an_unknown_event_raises_nothing(packs: Packs, holidays: Holidays) -> None:
    assert raised(packs, holidays, Event("full_moon", FRIDAY)) == {}


def test_every_attempt_outcome_is_an_event_or_nothing(packs: Packs) -> None:
    assert set(ATTEMPT_EVENTS) == {option.key for option in packs.choices("attempt_outcome")}
