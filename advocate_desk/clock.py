"""What time it is: moments in UTC, days in London. Tests set it; nothing else reads the system clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Protocol


class Clock(Protocol):
    """Where the rest of the program gets its time."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        ...


class SystemClock:
    """The computer's own clock, which may be wrong: no decision of a merge rests on it."""

    def now(self) -> datetime:
        """This moment, aware, in UTC."""
        return datetime.now(UTC)


@dataclass
class FixedClock:
    """A clock that stands until it is moved: for tests and for telling the demonstration's past."""

    moment: datetime

    def now(self) -> datetime:
        """The moment that was set, in UTC."""
        return self.moment.astimezone(UTC)

    def advance(self, step: timedelta) -> None:
        """Move the clock by `step`, which may be negative."""
        self.moment += step


@cache
def _london() -> tzinfo:
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - read when the first day is told, and none is before unlock

    return ZoneInfo("Europe/London")


def today_in_london(clock: Clock) -> date:
    """The calendar day in London now: the day that the law and a court list mean."""
    return in_london(clock.now()).date()


def in_london(moment: datetime) -> datetime:
    """`moment` (aware) as London wall time (aware)."""
    return moment.astimezone(_london())


def from_london(wall: datetime) -> datetime:
    """A naive London wall time as a moment in UTC; the earlier of two in the hour that clocks go back."""
    return wall.replace(tzinfo=_london()).astimezone(UTC)
