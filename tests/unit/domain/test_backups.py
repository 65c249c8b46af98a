"""Which copies rotation lets go, whatever the clock did."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.domain.backups import DAYS, FOR_EVER, MONTHS, RECENT, STEPS, WEEKS, Copy, Why, is_due, to_remove

START = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MOMENTS = st.integers(-3_000, 3_000).map(lambda hours: START + hours * 7 * HOUR)
MADE = st.lists(st.tuples(MOMENTS, st.sampled_from(Why)), max_size=60)


def numbered(made: list[tuple[datetime, Why]]) -> list[Copy]:
    return [Copy(number, moment, why) for number, (moment, why) in enumerate(made, 1)]


def kept_after(made: list[datetime], why: Why = Why.AUTO) -> list[Copy]:
    """What is left when rotation follows each copy, with the clock as it stood then."""
    kept: list[Copy] = []
    for number, moment in enumerate(made, 1):
        kept.append(Copy(number, moment, why))
        gone = to_remove(kept, moment)
        kept = [copy for copy in kept if copy not in gone]
    return kept


@given(MADE, MOMENTS)
def test_the_newest_copies_and_all_that_was_set_aside_stay_whatever_the_clock_says(
    made: list[tuple[datetime, Why]], now: datetime
) -> None:
    copies = numbered(made)
    gone = to_remove(copies, now)
    rotating = [copy for copy in copies if copy.why not in FOR_EVER]
    assert gone <= set(rotating)
    assert not gone & set(rotating[-RECENT:])


@given(MADE, MOMENTS)
def test_no_copy_that_seems_to_come_from_the_future_is_let_go(made: list[tuple[datetime, Why]], now: datetime) -> None:
    assert all(copy.made_at <= now for copy in to_remove(numbered(made), now))


@given(MADE, MOMENTS)
def test_what_was_let_go_once_was_enough(made: list[tuple[datetime, Why]], now: datetime) -> None:
    copies = numbered(made)
    left = [copy for copy in copies if copy not in to_remove(copies, now)]
    assert to_remove(left, now) == frozenset()


@given(st.lists(MOMENTS, max_size=80))
def test_the_past_takes_no_more_room_than_the_spans_allow(made: list[datetime]) -> None:
    now = START + 3_000 * 7 * HOUR
    copies = numbered([(moment, Why.AUTO) for moment in made])
    assert len(copies) - len(to_remove(copies, now)) <= RECENT + DAYS + WEEKS + MONTHS


@given(MADE, MOMENTS)
def test_a_copy_before_a_step_stays_for_a_quarter(made: list[tuple[datetime, Why]], now: datetime) -> None:
    assert not [copy for copy in to_remove(numbered(made), now) if copy.why in STEPS and now - copy.made_at < 90 * DAY]


def test_a_year_of_work_leaves_the_last_days_weeks_and_months() -> None:
    year = [START + hour * 4 * HOUR for hour in range(365 * 6)]
    kept = kept_after(year)
    ages = sorted({(year[-1] - copy.made_at).days for copy in kept})
    assert ages[:DAYS] == list(range(DAYS))
    assert any(DAYS < age <= 28 for age in ages)
    assert 120 < ages[-1] < 190
    assert len(kept) <= RECENT + DAYS + WEEKS + MONTHS


def test_a_clock_set_back_a_year_loses_neither_what_was_there_nor_what_is_made_now() -> None:
    before = [START + day * DAY for day in range(10)]
    kept_before = kept_after(before)
    after = [START - 365 * DAY + day * DAY for day in range(5)]
    kept = kept_after([*before, *after])
    assert {copy.number for copy in kept_before} <= {copy.number for copy in kept}
    assert {copy.number for copy in kept} >= {11, 12, 13, 14, 15}


def test_a_clock_set_forward_ages_nothing_away() -> None:
    copies = numbered([(START + day * DAY, Why.AUTO) for day in range(DAYS)])
    assert to_remove(copies, START + 4000 * DAY) == frozenset()


def test_a_copy_is_due_when_none_is_young_or_the_clock_went_back() -> None:
    every = 4 * HOUR
    assert is_due([], START, every)
    one = [Copy(1, START, Why.AUTO)]
    assert not is_due(one, START + 3 * HOUR, every)
    assert is_due(one, START + 4 * HOUR, every)
    assert not is_due(one, START - timedelta(minutes=5), every)
    assert is_due(one, START - 365 * DAY, every)
    assert not is_due([*one, Copy(2, START - 365 * DAY, Why.AUTO)], START - 365 * DAY + HOUR, every)


def test_what_was_set_aside_is_no_backup_of_what_is_in_place() -> None:
    assert is_due([Copy(1, START, Why.ASIDE)], START, 4 * HOUR)
