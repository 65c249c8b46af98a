"""Which copies of the caseload to keep, and when the next one is due. No file and no clock."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RECENT = 3
DAYS = 7
WEEKS = 4
MONTHS = 6
STEP_COPIES = 2
STEP_KEPT_FOR = timedelta(days=90)
"""A copy made before a step that cannot be undone stays for a quarter: as long as a fault in it may take to be seen."""
CLOCK_SLACK = timedelta(hours=1)


class Why(StrEnum):
    """What a copy was made for, as it stands in its file name."""

    AUTO = "auto"
    ASKED = "asked"
    MIGRATION = "migration"
    REKEY = "rekey"
    ASIDE = "aside"  # the caseload that was in place when another was restored
    DAMAGED = "damaged"  # the same, of which nobody knows whether it can be read


STEPS = frozenset({Why.MIGRATION, Why.REKEY})
FOR_EVER = frozenset({Why.ASIDE, Why.DAMAGED})


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy. `number` grows with each copy of a folder, whatever the clock says; `made_at` is the clock's (UTC)."""

    number: int
    made_at: datetime
    why: Why


def to_remove(copies: Iterable[Copy], now: datetime) -> frozenset[Copy]:
    """The copies that rotation lets go: what is not the newest, of a day, of a week, of a month, or set aside.

    Days, weeks and months are counted among those that have a copy, so that a clock set forward removes none for its
    age. A copy that the clock places in the future is kept: the clock is wrong now or was wrong then.
    """
    everything = sorted(copies, key=lambda copy: copy.number, reverse=True)
    rotating = [copy for copy in everything if copy.why not in FOR_EVER]
    kept = set(rotating[:RECENT])
    kept |= {copy for copy in rotating if copy.made_at > now}
    past = [copy for copy in rotating if copy.made_at <= now]
    kept |= _last_of_each(past, lambda copy: copy.made_at.date(), DAYS)
    kept |= _last_of_each(past, lambda copy: copy.made_at.isocalendar()[:2], WEEKS)
    kept |= _last_of_each(past, lambda copy: (copy.made_at.year, copy.made_at.month), MONTHS)
    steps = [copy for copy in rotating if copy.why in STEPS]
    kept |= set(steps[:STEP_COPIES]) | {copy for copy in steps if now - copy.made_at < STEP_KEPT_FOR}
    return frozenset(rotating) - kept


def _last_of_each(copies: list[Copy], span: Callable[[Copy], Hashable], most: int) -> set[Copy]:
    """The last copy of each of the `most` latest spans that have one."""
    newest_first = sorted(copies, key=lambda copy: (copy.made_at, copy.number), reverse=True)
    last: dict[Hashable, Copy] = {}
    for copy in newest_first:
        if span(copy) not in last:
            if len(last) == most:
                break
            last[span(copy)] = copy
    return set(last.values())


def is_due(copies: Iterable[Copy], now: datetime, every: timedelta) -> bool:
    """Whether a copy should be made now: none is younger than `every`, or the clock was set back since the newest."""
    newest = max((copy for copy in copies if copy.why not in FOR_EVER), key=lambda copy: copy.number, default=None)
    if newest is None:
        return True
    age = now - newest.made_at
    return age >= every or age < -CLOCK_SLACK
