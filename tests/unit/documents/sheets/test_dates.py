from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.documents.sheets.dates import Certainty, Order, column_dates, parse_date

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3/4/26", date(2026, 4, 3)),
        ("03.04.2026", date(2026, 4, 3)),
        ("3-4-2026", date(2026, 4, 3)),
        ("03 04 2026", date(2026, 4, 3)),
        ("3 Apr 26", date(2026, 4, 3)),
        ("3rd April 2026", date(2026, 4, 3)),
        ("3 of April 2026", date(2026, 4, 3)),
        ("Friday 3 April 2026", date(2026, 4, 3)),
        ("Fri, 3-Apr-26", date(2026, 4, 3)),
        ("03APR2026", date(2026, 4, 3)),
        ("April 3, 2026", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)),
        ("2026/4/3", date(2026, 4, 3)),
        ("2026-04-03T14:30:00Z", date(2026, 4, 3)),
        ("03/04/2026 14:30", date(2026, 4, 3)),
        ("03/04/2026 2:30 PM", date(2026, 4, 3)),
        ("3 April 2026 at 14:30", date(2026, 4, 3)),
        ("20260403", date(2026, 4, 3)),
        ("23042026", date(2026, 4, 23)),
        ("04/23/2026", date(2026, 4, 23)),
        ("46115", date(2026, 4, 3)),
        ("3 Ebrill 2026", date(2026, 4, 3)),
        ("29/02/2024", date(2024, 2, 29)),
        ("3\u00a0/\u00a04\u00a0/\u00a02026", date(2026, 4, 3)),
        ("3\u20114\u20112026", date(2026, 4, 3)),
        ("3/4/'26", date(2026, 4, 3)),
        (46115, date(2026, 4, 3)),
        (46115.75, date(2026, 4, 3)),
        (20260403, date(2026, 4, 3)),
        (date(2026, 4, 3), date(2026, 4, 3)),
        (datetime(2026, 4, 3, 23, 59), date(2026, 4, 3)),
    ],
)
def test_dates_are_read_as_agencies_write_them(text: object, expected: date) -> None:
    assert parse_date(text, TODAY).value == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "", "unknown", "31/02/2026", "29/02/2026", "32/1/2026", "1/1/1", "1/1/123", "2026", "1985", "March 2026",
        "13/13/2026", "00/01/2026", "3/4-2026", "=TODAY()", "3/4/2026/5", "yesterday", "9" * 500, "\0", "12:30",
        "3 \u2066Apr 2026", True, None, float("nan"), float("inf"), -5, 1e300, "٣/٤/٢٠٢٦",
    ],
)  # fmt: skip
def test_what_is_no_date_is_said_to_be_none(text: object) -> None:
    assert parse_date(text, TODAY).certainty is Certainty.IMPOSSIBLE  # type: ignore[arg-type]


def test_a_date_that_can_be_read_two_ways_says_so_and_keeps_the_other() -> None:
    parsed = parse_date("03/04/2026", TODAY)
    assert (parsed.value, parsed.certainty, parsed.other) == (date(2026, 4, 3), Certainty.AMBIGUOUS, date(2026, 3, 4))
    turned = parse_date("03/04/2026", TODAY, order=Order.MONTH_FIRST)
    assert (turned.value, turned.other) == (date(2026, 3, 4), date(2026, 4, 3))


@pytest.mark.parametrize("text", ["04/04/2026", "13/04/2026", "04/13/2026", "2026-04-03", "3 Apr 2026"])
def test_a_date_that_can_be_read_one_way_is_clear(text: str) -> None:
    assert parse_date(text, TODAY).certainty is Certainty.CLEAR


def test_two_digits_of_a_birth_year_never_lie_ahead() -> None:
    assert parse_date("1/2/29", TODAY, birth=True).value == date(1929, 2, 1)
    assert parse_date("1/2/26", TODAY, birth=True).value == date(2026, 2, 1)
    assert parse_date("1/2/29", TODAY).value == date(2029, 2, 1)
    assert parse_date("1/2/37", TODAY).value == date(1937, 2, 1)


def test_a_column_is_day_first_until_it_proves_otherwise() -> None:
    assert column_dates(["03/04/2026", "05/06/2026"], TODAY).order is Order.DAY_FIRST
    assert not column_dates(["03/04/2026", "05/06/2026"], TODAY).proven
    american = column_dates(["03/04/2026", "04/23/2026"], TODAY)
    assert (american.order, american.proven, american.ambiguous) == (Order.MONTH_FIRST, True, 1)
    mixed = column_dates(["23/04/2026", "04/23/2026"], TODAY)
    assert (mixed.order, mixed.mixed, mixed.proven) == (Order.DAY_FIRST, True, False)
    assert column_dates([None, "n/k", date(2026, 1, 1)], TODAY).impossible == 1


DAYS = st.dates(date(1930, 1, 1), TODAY)
FORMS = (
    "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d%b%Y", "%B %d, %Y", "%b %d %Y",
    "%Y-%m-%d", "%Y/%m/%d", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M", "%A %d %B %Y", "%a %d %b %Y", "%Y%m%d",
    "%Y-%b-%d", "%d/%b/%Y", "%dth %B %Y",
)  # fmt: skip


@given(DAYS, st.sampled_from(FORMS))
def test_every_form_is_read_back(day: date, form: str) -> None:
    text = datetime(day.year, day.month, day.day, 9, 5).strftime(form)
    assert parse_date(text, TODAY).value == day


@given(DAYS)
def test_serial_numbers_are_read_back(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    assert parse_date(serial, TODAY).value == day
    assert parse_date(str(serial), TODAY).value == day


@given(DAYS, st.sampled_from(["%m/%d/%Y", "%m-%d-%Y"]))
def test_month_first_dates_are_read_back_in_a_month_first_column(day: date, form: str) -> None:
    assert parse_date(day.strftime(form), TODAY, order=Order.MONTH_FIRST).value == day


@given(st.dates(TODAY - timedelta(days=365 * 60), TODAY))
def test_two_digit_years_are_read_back(day: date) -> None:
    assert parse_date(day.strftime("%d/%m/%y"), TODAY, birth=True).value == day


@given(st.dates(), st.dates())
def test_day_and_month_are_swapped_only_where_both_are_days(day: date, today: date) -> None:
    parsed = parse_date(f"{day.day}/{day.month}/{day.year:04}", today)
    assert parsed.value == day
    assert (parsed.certainty is Certainty.AMBIGUOUS) == (day.day <= 12 and day.day != day.month)


@given(st.one_of(st.text(max_size=80), st.floats(), st.integers(), st.times(), st.booleans(), st.none()), DAYS)
def test_no_cell_is_too_strange(cell: object, today: date) -> None:
    parsed = parse_date(cell, today)  # type: ignore[arg-type]
    assert (parsed.value is None) == (parsed.certainty is Certainty.IMPOSSIBLE)
    assert (parsed.other is not None) == (parsed.certainty is Certainty.AMBIGUOUS)
