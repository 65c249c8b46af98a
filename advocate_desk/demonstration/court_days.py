"""When the demonstration's courts sit, and what they hear."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from advocate_desk.domain.days import SATURDAY, Holidays, is_working_day
from advocate_desk.domain.reference import Court

KINDS = {
    "magistrates": ("first", "trial", "sentence", "mention"),
    "crown": ("ptph", "trial", "sentence", "mention"),
}
"""What is heard where; the first of each is how a case begins there."""
ON_SATURDAY = ("first", "bail_application")


def kind_of(court: Court, day: date, chance: Random, *, is_first: bool) -> str:
    """A kind of hearing that this court has on `day`."""
    kinds = ON_SATURDAY if day.weekday() == SATURDAY else KINDS[court.kind]
    return kinds[0] if is_first else chance.choice(kinds[1:])


def sitting_day(today: date, days: int, holidays: Holidays) -> date:
    """The day on which a hearing `days` from `today` is: that day, or the next one, or before it, on which courts sit.

    Courts that have prisoners to hear sit on Saturdays too, and only today's list shows that. None sits on Sundays.
    """
    day = today + timedelta(days=days)
    if not days and day.weekday() == SATURDAY and day not in holidays.days:
        return day
    while not is_working_day(day, holidays):
        day += timedelta(days=-1 if days < 0 else 1)
    return day
