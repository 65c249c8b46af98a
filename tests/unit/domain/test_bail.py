"""Bail before charge: where its periods end, when to ask, and which conditions bind."""

from __future__ import annotations

from datetime import date

import pytest

from advocate_desk.domain.bail import (
    BailStanding,
    alert_days,
    applicable_bail_periods,
    further_period,
    is_condition_live,
    period_end,
    standing,
)
from advocate_desk.packs.packs import Packs

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("arrest", "ends"),
    [
        ("2026-11-30", ("2027-02-28", "2027-05-31", "2027-08-31", "2027-11-30")),  # B1
        ("2026-08-30", ("2026-11-30", "2027-02-28", "2027-05-30", "2027-08-30")),  # B2: a Sunday
        ("2026-05-14", ("2026-08-14", "2026-11-14", "2027-02-14", "2027-05-14")),  # B3
        ("2025-11-29", ("2026-02-28", "2026-05-29", "2026-08-29", "2026-11-29")),  # B4
    ],
)
def test_bail_starts_the_day_after_arrest(arrest: str, ends: tuple[str, ...], packs: Packs) -> None:
    found = applicable_bail_periods(date.fromisoformat(arrest), packs.bail_periods())
    standard = [end for end in found if end.period.standard]
    assert tuple(end.ends_on.isoformat() for end in standard) == ends
    assert [end.period.key for end in standard] == ["abp3", "abp6", "abp9", "abp12_court"]


def test_an_arrest_before_the_rules_has_no_periods(packs: Packs) -> None:
    assert applicable_bail_periods(date(2022, 10, 27), packs.bail_periods()) == ()
    assert applicable_bail_periods(date(2022, 10, 28), packs.bail_periods())


def test_a_paused_clock_makes_the_end_the_earliest(packs: Packs) -> None:
    end = period_end(date(2026, 11, 30), "abp3", packs.bail_periods(), is_clock_paused=True)
    assert end is not None
    assert end.is_minimum
    assert "at least until 28 February 2027 (Custody officer, section 47ZB)" in end.words


def test_a_step_that_follows_another_has_no_end_of_its_own(packs: Packs) -> None:
    assert period_end(date(2026, 11, 30), "abp_further", packs.bail_periods()) is None
    assert further_period(date(2027, 11, 30), 3) == (date(2027, 12, 1), date(2028, 2, 29))


def test_the_officer_is_asked_14_7_and_2_days_before(packs: Packs) -> None:
    expected = (date(2027, 2, 14), date(2027, 2, 21), date(2027, 2, 26))
    assert alert_days(date(2027, 2, 28), packs.bail_periods()) == expected


@pytest.mark.parametrize(
    ("expires", "ended", "paused", "expected"),
    [
        (date(2027, 1, 31), None, False, BailStanding("in_force", 71)),
        (date(2026, 12, 5), None, False, BailStanding("ends_soon", 14)),
        (TODAY, None, False, BailStanding("ends_soon", 0)),
        (date(2026, 11, 20), None, False, BailStanding("past_end", -1)),
        (date(2026, 11, 20), None, True, BailStanding("paused", -1)),
        (None, None, False, BailStanding("no_end", None)),
        (date(2027, 1, 31), TODAY, False, BailStanding("ended", None)),
        (date(2026, 12, 5), date(2026, 12, 1), False, BailStanding("ends_soon", 14)),
    ],
)
def test_bail_stands_as_its_end_and_its_clock_say(
    expires: date | None, ended: date | None, paused: bool, expected: BailStanding, packs: Packs
) -> None:
    assert standing(expires, ended, TODAY, packs.bail_periods(), is_clock_paused=paused) == expected


def test_a_condition_ends_with_its_bail() -> None:
    in_force, past = BailStanding("in_force", 9), BailStanding("past_end", -1)
    assert is_condition_live(in_force, None, None, TODAY)
    assert is_condition_live(BailStanding("paused", -9), None, None, TODAY)
    assert not is_condition_live(past, None, None, TODAY)
    assert not is_condition_live(in_force, date(2026, 11, 22), None, TODAY)
    assert not is_condition_live(in_force, None, TODAY, TODAY)
