"""Bail: the kinds, the conditions, and how long the police may keep a suspect on it before charge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from advocate_desk.domain.days import add_months, bail_period_end, long_day
from advocate_desk.domain.sources import Source, is_in_force


@dataclass(frozen=True, slots=True)
class BailKind:
    """A way of being at large, or in custody, while a case runs."""

    key: str
    label: str
    granted_by: str
    ends_with: str
    on_breach: str


@dataclass(frozen=True, slots=True)
class BailKinds:
    """`resources/law/bail_kinds.toml`."""

    source: Source
    kind: tuple[BailKind, ...]


@dataclass(frozen=True, slots=True)
class ConditionCode:
    """What a condition forbids or demands, whatever it is attached to."""

    key: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class ConditionCodes:
    """`resources/law/conditions.toml`."""

    source: Source
    condition: tuple[ConditionCode, ...]


@dataclass(frozen=True, slots=True)
class BailPeriod:
    """One step of bail before charge.

    `months` run from the day after arrest, or from the end of the step before when `counts_from` is "previous_end".
    `standard` steps are those of an ordinary case.
    """

    key: str
    label: str
    months: int
    counts_from: str
    authority: str
    section: str
    standard: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class BailPeriods:
    """`resources/law/bail_periods.toml`: steps, when to warn before an end, and what to ask then."""

    source: Source
    alert_days: tuple[int, ...]
    ask: str
    paused_note: str
    period: tuple[BailPeriod, ...]


@dataclass(frozen=True, slots=True)
class BailPeriodEnd:
    """When one step of bail before charge ends. `is_minimum`: the clock has stood still, so the end may be later."""

    period: BailPeriod
    starts_on: date
    ends_on: date
    is_minimum: bool

    @property
    def words(self) -> str:
        """The step with its day and who may authorise it, as shown beside the date."""
        least = "at least " if self.is_minimum else ""
        authority = f"{self.period.authority}, section {self.period.section}"
        return f"{self.period.label}: {least}until {long_day(self.ends_on)} ({authority})"


@dataclass(frozen=True, slots=True)
class BailStanding:
    """How bail stands on a day. `state` is "in_force", "ends_soon", "paused", "past_end", "ended" or "no_end".

    `days_left` counts calendar days to the last day, which is itself in force: 0 on that day, below 0 after it.
    """

    state: str
    days_left: int | None


def bail_start(arrested_on: date) -> date:
    """The bail start date: the day after the day of arrest.

    Source: Police and Criminal Evidence Act 1984, section 47ZB(4), in force from 28 October 2022.
    """
    return arrested_on + timedelta(days=1)


def applicable_bail_periods(
    arrested_on: date, pack: BailPeriods, is_clock_paused: bool = False
) -> tuple[BailPeriodEnd, ...]:
    """The end of every step that runs from the bail start date; none for an arrest before the rules were in force.

    No end is rolled to a working day. Steps that follow another are given by `further_period`.
    Source: Police and Criminal Evidence Act 1984, sections 47ZB to 47ZG, in force from 28 October 2022.
    """
    if not is_in_force(pack.source, arrested_on):
        return ()
    start = bail_start(arrested_on)
    return tuple(
        BailPeriodEnd(period, start, bail_period_end(start, period.months), is_clock_paused)
        for period in pack.period
        if period.counts_from == "start"
    )


def period_end(arrested_on: date, step: str, pack: BailPeriods, is_clock_paused: bool = False) -> BailPeriodEnd | None:
    """The end of the step `step`; None for one that does not run from the bail start date or is not known."""
    ends = applicable_bail_periods(arrested_on, pack, is_clock_paused)
    return next((end for end in ends if end.period.key == step), None)


def further_period(previous_end: date, months: int) -> tuple[date, date]:
    """First and last day of an extension by `months` that follows a period which ended on `previous_end`.

    The last day is the corresponding date `months` after the end before.
    Source: Police and Criminal Evidence Act 1984, section 47ZG.
    """
    return previous_end + timedelta(days=1), add_months(previous_end, months)


def alert_days(expires_on: date, pack: BailPeriods) -> tuple[date, ...]:
    """The days on which to ask the officer, earliest first."""
    return tuple(expires_on - timedelta(days=days) for days in sorted(pack.alert_days, reverse=True))


def standing(
    expires_on: date | None, ended_on: date | None, today: date, pack: BailPeriods, is_clock_paused: bool = False
) -> BailStanding:
    """How bail stands on `today`. Its conditions bind exactly while its state is neither "past_end" nor "ended".

    With the clock paused the written end is only the earliest, so bail past it is "paused", and still in force.
    """
    if ended_on is not None and ended_on <= today:
        return BailStanding("ended", None)
    if expires_on is None:
        return BailStanding("no_end", None)
    left = (expires_on - today).days
    if left < 0:
        return BailStanding("paused" if is_clock_paused else "past_end", left)
    return BailStanding("ends_soon" if left <= max(pack.alert_days) else "in_force", left)


def is_condition_live(bail_standing: BailStanding, started_on: date | None, ended_on: date | None, today: date) -> bool:
    """True if a condition binds at the end of `today`: its bail is in force, it has begun and has not been ended."""
    if bail_standing.state in ("past_end", "ended"):
        return False
    return (started_on is None or started_on <= today) and (ended_on is None or today < ended_on)
