"""Days as the law counts them: working days, calendar days, months, and hours that leave holidays out.

A statutory deadline is never rolled in silence: what rolls gives both days, `raw` as counted and `rolled` as it falls.
The day of the trigger is day 0, but for bail periods, whose first day is day 1.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta

SATURDAY, SUNDAY = 5, 6
ONE_DAY = timedelta(days=1)
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
LAST_RESORT_DAYS = 366  # no rule leaves out a whole year; beyond it a list of holidays is wrong


@dataclass(frozen=True, slots=True)
class Holidays:
    """Bank holidays of England and Wales (with Good Friday and Christmas Day), known for the years between two days.

    Outside `known_from`..`known_to` only weekends are left out, and a caller should say so.
    """

    days: frozenset[date]
    known_from: date
    known_to: date

    def covers(self, day: date) -> bool:
        """True if the list is known to be complete on `day`."""
        return self.known_from <= day <= self.known_to


@dataclass(frozen=True, slots=True)
class Counted:
    """A day reached by counting. `rolled` differs from `raw` only where the rule itself moves it."""

    raw: date
    rolled: date


def long_day(day: date) -> str:
    """A date as "21 November 2026": how every document writes a date."""
    return f"{day.day} {MONTH_NAMES[day.month - 1]} {day.year}"


def is_working_day(day: date, holidays: Holidays) -> bool:
    """False on Saturday, Sunday, Good Friday, Christmas Day and bank holidays.

    Source: Code of Practice for Victims of Crime, 2020, "working day", in force from 1 April 2021; Criminal Procedure
    Rules, rule 2.2, "business day", which leaves out the same days.
    """
    return day.weekday() < SATURDAY and day not in holidays.days


def next_working_day(day: date, holidays: Holidays) -> date:
    """`day` itself if it is a working day, or the first one after it."""
    for ahead in range(LAST_RESORT_DAYS):
        candidate = day + timedelta(days=ahead)
        if is_working_day(candidate, holidays):
            return candidate
    raise ValueError("no working day within a year")


def add_working_days(day: date, count: int, holidays: Holidays) -> date:
    """The `count`-th working day after `day`, which is day 0 whatever day it is. 0 gives `day` itself.

    Raises ValueError for a negative count.
    """
    if count < 0:
        raise ValueError("count must not be negative")
    reached = day
    for _ in range(count):
        reached = next_working_day(reached + ONE_DAY, holidays)
    return reached


def working_days_between(start: date, end: date, holidays: Holidays) -> int:
    """Working days after `start` up to and including `end`; 0 when `end` is not after `start`."""
    span = range(1, (end - start).days + 1)
    return sum(is_working_day(start + timedelta(days=ahead), holidays) for ahead in span)


def add_months(day: date, months: int) -> date:
    """The same-numbered day `months` on, or the last day of a month that has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def bail_period_end(start: date, months: int) -> date:
    """Last day of a period of `months` months beginning with `start`: the corresponding-date rule, no roll.

    The day before the same-numbered day; where that month has no such day, its last day.
    Source: Police and Criminal Evidence Act 1984, section 47ZB, in force from 28 October 2022.
    """
    end = add_months(start, months)
    return end - ONE_DAY if end.day == start.day else end


def order_length_end(start: date, days: int) -> date:
    """Last day of an order of `days` days whose first day is `start`. Raises ValueError below one day."""
    if days < 1:
        raise ValueError("an order lasts one day at least")
    return start + timedelta(days=days - 1)


def subject_access_due(received: date, holidays: Holidays) -> Counted:
    """One month after `received`, rolled to the next working day.

    Source: UK GDPR, Article 12(3); the ICO's guidance on corresponding dates.
    """
    raw = add_months(received, 1)
    return Counted(raw, next_working_day(raw, holidays))


def order_hearing_due(given_at: datetime, holidays: Holidays, hours: int = 48) -> datetime:
    """When a court must have heard a protection notice given at `given_at` (London wall time, naive).

    Hours run around the clock but stand still on Sunday, Christmas Day, Good Friday and bank holidays; Saturday counts.
    Source: Domestic Abuse Act 2021, section 29; Crime and Security Act 2010, section 27.
    """
    moment, left = given_at, timedelta(hours=hours)
    while True:
        midnight = datetime.combine(moment.date() + ONE_DAY, datetime.min.time())
        if moment.weekday() == SUNDAY or moment.date() in holidays.days:
            moment = midnight
        elif left <= midnight - moment:
            return moment + left
        else:
            left -= midnight - moment
            moment = midnight
