"""Named time limits of law and practice, each with its rule, its source and the dates it is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from advocate_desk.domain.days import Counted, Holidays, add_months, add_working_days, next_working_day
from advocate_desk.domain.sources import Source

UNIT_WORDS = {
    "working_days": ("working day", "working days"),
    "business_days": ("business day", "business days"),
    "calendar_days": ("day", "days"),
    "months_after": ("month", "months"),
    "months_rolled": ("month", "months"),
}

TRIGGERS = {
    "report": "a report to the police",
    "nfa_police": "the client was told that the police take no further action",
    "nfa_cps": "the client was told that the CPS takes no further action",
    "not_guilty_magistrates": "a not guilty plea in the magistrates’ court",
    "not_guilty_crown": "a not guilty plea in the Crown Court",
    "sentence_magistrates": "sentence in the magistrates’ court",
    "sentence_crown": "sentence in the Crown Court",
}
"""Events of a case that set clocks going."""


@dataclass(frozen=True, slots=True)
class LawClock:
    """One time limit.

    `rule` is a key of UNIT_WORDS and `length` counts its units; `starts` says in words what sets it off, which is
    day 0, and `after` names those events (keys of TRIGGERS) that a record can tell by itself.
    `who` must act: "us", "client", "police", "cps", "court" and so on. `law` is where it stands.
    """

    key: str
    title: str
    rule: str
    length: int
    starts: str
    who: str
    law: str
    after: tuple[str, ...] = ()
    in_force_from: date | None = None
    in_force_to: date | None = None
    note: str = ""
    is_unconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class LawClocks:
    """`resources/law/clocks.toml`. A key may stand more than once, each with its own dates in force."""

    source: Source
    clock: tuple[LawClock, ...]


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock that is running, and when it runs out."""

    clock: LawClock
    due: DueDate


@dataclass(frozen=True, slots=True)
class DueDate:
    """When something is due. `raw` as counted, `rolled` where the rule moves it; `rule_text` is shown beside it.

    `is_sure` is False where the list of bank holidays does not reach, or the rule itself is unconfirmed.
    """

    raw: date
    rolled: date
    rule_text: str
    is_sure: bool


def due(clock: LawClock, trigger: date, holidays: Holidays) -> DueDate:
    """When the time that `clock` gives from `trigger` (day 0) runs out. Raises ValueError for an unknown rule."""
    counted = _count(clock, trigger, holidays)
    counts_holidays = clock.rule in ("working_days", "business_days", "months_rolled")
    is_sure = not clock.is_unconfirmed and (
        not counts_holidays or (holidays.covers(trigger) and holidays.covers(counted.rolled))
    )
    return DueDate(counted.raw, counted.rolled, rule_text(clock), is_sure)


def deadlines_after(pack: LawClocks, trigger: str, on: date, holidays: Holidays) -> tuple[Deadline, ...]:
    """Every clock in force on `on` that the event `trigger` (a key of TRIGGERS) sets going that day, soonest first."""
    running = [clock for clock in pack.clock if trigger in clock.after and _holds(clock, on)]
    found = [Deadline(clock, due(clock, on, holidays)) for clock in running]
    return tuple(sorted(found, key=lambda deadline: deadline.due.rolled))


def rule_text(clock: LawClock) -> str:
    """The rule as shown: "20 business days after a not guilty plea (Criminal Procedure Rules, rule 18.3)"."""
    one, many = UNIT_WORDS[clock.rule]
    rolled = ", moved to the next working day" if clock.rule == "months_rolled" else ""
    return f"{clock.length} {one if clock.length == 1 else many} after {clock.starts}{rolled} ({clock.law})"


def _count(clock: LawClock, trigger: date, holidays: Holidays) -> Counted:
    if clock.rule in ("working_days", "business_days"):
        day = add_working_days(trigger, clock.length, holidays)
        return Counted(day, day)
    if clock.rule == "calendar_days":
        day = trigger + timedelta(days=clock.length)
        return Counted(day, day)
    if clock.rule not in UNIT_WORDS:
        raise ValueError("unknown rule")
    raw = add_months(trigger, clock.length)
    return Counted(raw, next_working_day(raw, holidays) if clock.rule == "months_rolled" else raw)


def _holds(clock: LawClock, on: date) -> bool:
    started = clock.in_force_from is None or clock.in_force_from <= on
    return started and (clock.in_force_to is None or on <= clock.in_force_to)
