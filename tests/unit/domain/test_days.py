"""Counting days: vectors of the procedure rules, the Victims' Code and protection orders, and properties."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.domain.days import (
    Holidays,
    add_months,
    add_working_days,
    bail_period_end,
    is_working_day,
    long_day,
    next_working_day,
    order_hearing_due,
    order_length_end,
    subject_access_due,
    working_days_between,
)

DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
COUNTS = st.integers(0, 60)


@pytest.mark.parametrize(
    ("trigger", "count", "expected"),
    [
        ("2026-11-20", 1, "2026-11-23"),  # W1: told of arrest, enhanced
        ("2026-11-20", 5, "2026-11-27"),  # W2: standard
        ("2026-12-24", 1, "2026-12-29"),  # W3: over Christmas with its substitute day
        ("2026-12-18", 5, "2026-12-29"),  # W4
        ("2026-08-28", 1, "2026-09-01"),  # W5: over the August bank holiday
        ("2026-12-22", 5, "2026-12-31"),  # W6
        ("2026-12-11", 15, "2027-01-06"),  # W7: appeal over two bank holidays and New Year
        ("2026-03-27", 15, "2026-04-21"),  # W8: over Easter
        ("2026-05-18", 15, "2026-06-09"),  # W9
        ("2026-11-23", 20, "2026-12-21"),  # W10: special measures, magistrates
        ("2026-11-23", 10, "2026-12-07"),  # W11: Crown Court
        ("2026-04-01", 10, "2026-04-17"),  # W12: over Easter
        ("2026-11-16", 30, "2026-12-30"),  # W13: police review
        ("2026-04-01", 30, "2026-05-18"),  # W14
        ("2026-11-20", 20, "2026-12-18"),  # W19: Victim Contact Scheme
        ("2026-12-17", 10, "2027-01-05"),  # W29: complaint
        ("2026-12-24", 2, "2026-12-30"),  # W30: support referral
    ],
)
def test_working_days_leave_out_weekends_and_bank_holidays(
    trigger: str, count: int, expected: str, holidays: Holidays
) -> None:
    assert add_working_days(date.fromisoformat(trigger), count, holidays) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("trigger", "days", "expected"),
    [
        ("2026-11-10", 28, "2026-12-08"),  # W17 and W18: unduly lenient sentence, Court of Appeal
        ("2026-11-10", 21, "2026-12-01"),  # W25: homelessness review
        ("2026-11-10", 56, "2027-01-05"),  # W26: relief duty
        ("2026-12-01", 28, "2026-12-29"),  # W27: Clare's Law
        ("2026-11-20", 5, "2026-11-25"),  # W28: the first five days
    ],
)
def test_calendar_days_leave_out_nothing(trigger: str, days: int, expected: str) -> None:
    assert date.fromisoformat(trigger) + timedelta(days=days) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("trigger", "months", "expected"),
    [
        ("2026-11-16", 3, "2027-02-16"),  # W15: police review
        ("2026-11-30", 3, "2027-02-28"),  # W16: February has no 30th; a Sunday, not rolled
        ("2026-05-20", 6, "2026-11-20"),  # W31: summary limit
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-03-31", -1, "2026-02-28"),
    ],
)
def test_months_reach_the_same_numbered_day_or_the_last(trigger: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(trigger), months) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("received", "raw", "rolled"),
    [
        ("2026-11-27", "2026-12-27", "2026-12-29"),  # W20: Sunday, then the substitute for Boxing Day
        ("2026-01-31", "2026-02-28", "2026-03-02"),  # W21: clamped to a Saturday
        ("2026-10-12", "2026-11-12", "2026-11-12"),
    ],
)
def test_subject_access_shows_the_raw_and_the_rolled_day(
    received: str, raw: str, rolled: str, holidays: Holidays
) -> None:
    counted = subject_access_due(date.fromisoformat(received), holidays)
    assert (counted.raw, counted.rolled) == (date.fromisoformat(raw), date.fromisoformat(rolled))


@pytest.mark.parametrize(
    ("given_at", "expected"),
    [
        ("2026-11-20T14:00", "2026-11-23T14:00"),  # W22: Saturday counts, Sunday does not
        ("2026-11-21T10:00", "2026-11-24T10:00"),  # W23
        ("2027-03-25T09:00", "2027-03-30T09:00"),  # W24: Good Friday, Easter Sunday and Monday
        ("2026-11-22T10:00", "2026-11-25T00:00"),  # given on a Sunday, whose hours do not count
    ],
)
def test_a_protection_notice_is_heard_within_48_counted_hours(given_at: str, expected: str, holidays: Holidays) -> None:
    assert order_hearing_due(datetime.fromisoformat(given_at), holidays) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("start", "ends"),
    [
        ("2026-12-01", ("2027-02-28", "2027-05-31", "2027-08-31", "2027-11-30")),  # B1
        ("2026-08-31", ("2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30")),  # B2
        ("2026-05-15", ("2026-08-14", "2026-11-14", "2027-02-14", "2027-05-14")),  # B3
        ("2025-11-30", ("2026-02-28", "2026-05-29", "2026-08-29", "2026-11-29")),  # B4
    ],
)
def test_bail_months_end_the_day_before_the_corresponding_date(start: str, ends: tuple[str, ...]) -> None:
    first = date.fromisoformat(start)
    assert tuple(bail_period_end(first, months).isoformat() for months in (3, 6, 9, 12)) == ends


def test_the_first_day_of_an_order_is_day_one() -> None:
    assert order_length_end(date(2026, 11, 23), 28) == date(2026, 12, 20)
    with pytest.raises(ValueError, match="one day at least"):
        order_length_end(date(2026, 11, 23), 0)


def test_days_are_not_counted_backwards(holidays: Holidays) -> None:
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2026, 11, 23), -1, holidays)


def test_a_date_is_written_in_full() -> None:
    assert long_day(date(2026, 11, 3)) == "3 November 2026"


@given(day=DAYS, count=st.integers(1, 60))
def test_working_days_never_end_on_a_day_off(day: date, count: int, holidays: Holidays) -> None:
    assert is_working_day(add_working_days(day, count, holidays), holidays)


@given(day=DAYS, first=COUNTS, second=COUNTS)
def test_counting_twice_is_counting_the_sum(day: date, first: int, second: int, holidays: Holidays) -> None:
    at_once = add_working_days(day, first + second, holidays)
    assert add_working_days(add_working_days(day, first, holidays), second, holidays) == at_once


@given(day=DAYS, later=st.integers(0, 30), count=COUNTS)
def test_a_later_trigger_never_ends_earlier(day: date, later: int, count: int, holidays: Holidays) -> None:
    after = add_working_days(day + timedelta(days=later), count, holidays)
    assert add_working_days(day, count, holidays) <= after


@given(day=DAYS, count=COUNTS)
def test_counting_and_counting_between_agree(day: date, count: int, holidays: Holidays) -> None:
    assert working_days_between(day, add_working_days(day, count, holidays), holidays) == count


@given(day=DAYS, months=st.integers(1, 24))
def test_a_bail_period_and_its_months_are_never_a_day_apart_more(day: date, months: int) -> None:
    reached = add_months(day, months)
    assert bail_period_end(day, months) in (reached, reached - timedelta(days=1))
    assert bail_period_end(day, months) < bail_period_end(day, months + 1)


@given(day=DAYS, hour=st.integers(0, 23))
def test_the_48_hours_never_end_inside_a_day_that_stands_still(day: date, hour: int, holidays: Holidays) -> None:
    given_at = datetime(day.year, day.month, day.day, hour)
    due = order_hearing_due(given_at, holidays)
    assert due >= given_at + timedelta(hours=48)
    last = due - timedelta(microseconds=1)
    assert last.weekday() != 6
    assert last.date() not in holidays.days


@given(day=DAYS)
def test_the_next_working_day_of_a_working_day_is_itself(day: date, holidays: Holidays) -> None:
    reached = next_working_day(day, holidays)
    assert reached >= day
    assert (reached == day) == is_working_day(day, holidays)
