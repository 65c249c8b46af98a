"""Contact standards: what an event asks us to do, and by when. Hours run for high risk, working days otherwise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from advocate_desk.domain.days import Holidays, add_working_days
from advocate_desk.domain.sources import Source

EVENTS = {
    "referral": "a referral came in",
    "report": "the client reported to the police",
    "dash_completed": "a risk assessment was completed",
    "contact_made": "we spoke with the client",
    "contact_failed": "an attempt to reach the client did not succeed",
    "contact_unsafe": "it was not safe to talk",
    "contact_declined": "the client declined support",
    "no_contact": "several attempts did not reach the client",
    "hearing_listed": "a hearing is listed",
    "hearing_delayed": "a hearing was put off",
    "hearing_earlier": "a hearing was moved to an earlier day",
    "outcome_recorded": "a hearing ended and the client is not told yet",
    "bail_recorded": "bail was recorded",
    "conditions_changed": "conditions of bail changed",
    "bail_ended": "bail ended",
    "breach": "a breach was recorded",
    "charged": "a charge was brought",
    "no_further_action": "police or CPS took no further action",
    "convicted": "the perpetrator was convicted",
    "withdrawal": "the client wishes to withdraw",
    "plan_review": "something happened that the safety plan must answer",
}
"""Every event that a standard may answer, and what it means."""

UNITS = ("hours", "working_days", "calendar_days", "days_before")
ATTEMPT_EVENTS = {
    "spoke": "contact_made",
    "via_pro": "contact_made",
    "declined": "contact_declined",
    "unsafe": "contact_unsafe",
    "no_answer": "contact_failed",
    "voicemail_left": "contact_failed",
    "wrong_number": "contact_failed",
    "letter": "",
}
"""The event that each attempt outcome is; "" raises nothing."""


@dataclass(frozen=True, slots=True)
class Standard:
    """One thing to do after `event`.

    Due `length` `unit`s after the event's moment (hours) or day, or before it ("days_before"); with `from_today`
    counted from today instead. For `grades` only, unless that is empty. `skip_if_past` raises nothing that would be
    due before today; without it such a task is due today. `title` names no person.
    `is_shared`: one deed answers every event that asks for it, so while a task of this title is open in the file and
    due as early, no other is raised. Without it each event asks for its own.
    Raises ValueError for an event or a unit that is not known.
    """

    key: str
    event: str
    title: str
    unit: str
    length: int
    origin: str
    reason: str
    grades: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    from_today: bool = False
    skip_if_past: bool = False
    is_shared: bool = False

    def __post_init__(self) -> None:
        if self.event not in EVENTS or self.unit not in UNITS:
            raise ValueError("the event or the unit is not known")


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """Doing `act` fulfils these standards: their open tasks in the file are completed by it."""

    act: str
    standards: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContactStandards:
    """`resources/practice/contact_standards.toml`. `fact` lists every key that `needs` and `unless` may use."""

    source: Source
    attempts_before_no_contact: int
    first_days: int
    first_days_contact: tuple[int, ...]
    fact: tuple[str, ...]
    standard: tuple[Standard, ...]
    fulfilled: tuple[Fulfilled, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """What happened. `day` is a calendar day in London, `moment` aware; either may be missing.

    Without a day, days are counted from the moment's own date, so give London's where midnight matters.
    `grade` is "high", "medium", "standard" or "" while nobody has graded the risk.
    """

    kind: str
    day: date | None = None
    moment: datetime | None = None
    grade: str = ""


@dataclass(frozen=True, slots=True)
class TaskToRaise:
    """A task that a standard asks for: due at a moment (aware) where hours count, else on a day."""

    key: str
    title: str
    origin: str
    reason: str
    due_on: date | None = None
    due_at: datetime | None = None
    is_shared: bool = False


def tasks_for(
    event: Event, facts: Collection[str], pack: ContactStandards, holidays: Holidays, today: date
) -> tuple[TaskToRaise, ...]:
    """The tasks that `event` raises, in the pack's order. One whose day is not known yet raises none."""
    found = []
    for standard in pack.standard:
        if standard.event != event.kind or (standard.grades and (event.grade or "unknown") not in standard.grades):
            continue
        if any(need not in facts for need in standard.needs) or any(fact in facts for fact in standard.unless):
            continue
        task = _task(standard, event, holidays, today)
        if task is not None:
            found.append(task)
    return tuple(found)


def _task(standard: Standard, event: Event, holidays: Holidays, today: date) -> TaskToRaise | None:
    if standard.unit == "hours" and event.moment is not None:
        due_at = event.moment + timedelta(hours=standard.length)
        return _asked(standard, due_at=due_at)
    day = today if standard.from_today else event.day
    if day is None and event.moment is not None:
        day = event.moment.date()
    if day is None:
        return None
    due_on = _due_on(standard, day, holidays)
    if due_on < today:
        if standard.skip_if_past:
            return None
        due_on = today
    return _asked(standard, due_on=due_on)


def _asked(standard: Standard, due_on: date | None = None, due_at: datetime | None = None) -> TaskToRaise:
    return TaskToRaise(
        standard.key, standard.title, standard.origin, standard.reason, due_on, due_at, standard.is_shared
    )


def counted_to(pack: ContactStandards, event: str) -> tuple[str, ...]:
    """Keys of the standards that count back from the day of `event`, so that they move when that day moves."""
    return tuple(each.key for each in pack.standard if each.event == event and each.unit == "days_before")


def keys_for(pack: ContactStandards, event: str) -> tuple[str, ...]:
    """Keys of the standards that answer `event`."""
    return tuple(each.key for each in pack.standard if each.event == event)


def shared_keys(pack: ContactStandards) -> tuple[str, ...]:
    """Keys of the standards whose open task answers other events too."""
    return tuple(each.key for each in pack.standard if each.is_shared)


def _due_on(standard: Standard, day: date, holidays: Holidays) -> date:
    if standard.unit == "working_days":
        return add_working_days(day, standard.length, holidays)
    if standard.unit == "days_before":
        return day - timedelta(days=standard.length)
    days = -(-standard.length // 24) if standard.unit == "hours" else standard.length
    return day + timedelta(days=days)
