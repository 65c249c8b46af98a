"""The calendar: what lies ahead day by day (hearings, bail that ends, plan reviews, tasks), and counts for a month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Table, bindparam, func, literal_column, select
from sqlalchemy.sql import ColumnElement, Select

from advocate_desk.clock import in_london
from advocate_desk.store.queries.today import MY_ALIVE, MY_TASK
from advocate_desk.store.tables.cases import bail, hearing
from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.risk import safety_plan
from advocate_desk.store.tables.work import task

MOST_AT_ONCE = 200
"""Entries after which no further day is read: the rest follows when somebody scrolls there."""


class CalendarEntry(NamedTuple):
    """One thing on a day. `kind` is "hearing", "bail", "review" or "task"; `time` is "HH:MM" or "".

    `what` is a hearing's or bail's kind (a key of its list) or a task's title; `where` is court and room.
    `is_counted`: nobody told us the day, it was counted.
    """

    day: date
    time: str
    kind: str
    record_id: UUID
    file_id: UUID
    client_name: str
    reference: str
    risk_grade: str
    what: str
    where: str = ""
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many of each kind lie on a day."""

    hearings: int = 0
    bails: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class CalendarView:
    """`entries` in order of day and time, whole days up to `until`, and counts of every day that has any."""

    entries: tuple[CalendarEntry, ...]
    until: date
    counts: dict[date, DayCount]


@dataclass(frozen=True, slots=True)
class _Kind:
    """The statements of one kind of entry, for everybody's files (False) and for one advocate's (True)."""

    entries: dict[bool, Select[Any]]
    counts: dict[bool, Select[Any]]


def _kind(
    table: Table,
    day: str,
    columns: tuple[ColumnElement[Any], ...],
    *standing: ColumnElement[bool],
    mine: ColumnElement[bool],
) -> _Kind:
    on = table.c[day]
    kept = (table.c.deleted_at.is_(None), on >= bindparam("first"), on <= bindparam("last"), *standing)
    of_file = file_summary.c.file_id == table.c.file_id
    client = (
        table.c.id,
        table.c.file_id,
        file_summary.c.client_name,
        file_summary.c.reference,
        file_summary.c.risk_grade,
    )
    entries = select(on, *client, *columns).join(file_summary, of_file).where(*kept)
    counts = select(on, func.count()).select_from(table).join(file_summary, of_file).where(*kept).group_by(on)
    return _Kind({False: entries, True: entries.where(mine)}, {False: counts, True: counts.where(mine)})


# Words of a partial index are written out: SQLite takes it only where it reads them.
_KINDS = {
    "hearing": _kind(
        hearing,
        "hearing_on",
        (hearing.c.kind, hearing.c.listed_time, hearing.c.court_name, hearing.c.courtroom),
        mine=file_summary.c.allocated_to == bindparam("mine"),
    ),
    "bail": _kind(
        bail, "expires_on", (bail.c.kind, bail.c.is_expiry_counted), bail.c.ended_on.is_(None), mine=MY_ALIVE
    ),
    "task": _kind(
        task,
        "due_on",
        (task.c.title, task.c.due_at),
        task.c.completed_at.is_(None),
        mine=MY_TASK,
    ),
    "review": _kind(
        safety_plan,
        "review_on",
        (),
        safety_plan.c.status == literal_column("'current'"),
        file_summary.c.status != "closed",
        mine=MY_ALIVE,
    ),
}
_ORDER = {kind: place for place, kind in enumerate(_KINDS)}


def calendar_view(
    conn: Connection, agenda: tuple[date, date], month: tuple[date, date], mine: str = "", most: int = MOST_AT_ONCE
) -> CalendarView:
    """Entries from the first day of `agenda` on, until there are `most` or it ends, and counts for `month`.

    `mine` keeps to the files allocated to one advocate, and to tasks that are hers.
    """
    counts = _counts(conn, min(agenda[0], month[0]), max(agenda[1], month[1]), mine)
    until = _until(counts, agenda, most)
    shown = {day: count for day, count in counts.items() if month[0] <= day <= month[1]}
    return CalendarView(calendar_entries(conn, agenda[0], until, mine), until, shown)


def calendar_entries(conn: Connection, first: date, last: date, mine: str = "") -> tuple[CalendarEntry, ...]:
    """Everything from `first` to `last`, in order of day and time."""
    found = [
        _READ[kind](*row)
        for kind, statements in _KINDS.items()
        for row in _rows(conn, statements.entries, first, last, mine)
    ]
    found.sort(key=lambda entry: (entry.day, entry.time == "", entry.time, _ORDER[entry.kind], entry.client_name))
    return tuple(found)


def _rows(conn: Connection, pair: Mapping[bool, Select[Any]], first: date, last: date, mine: str) -> Iterable[Any]:
    given = {"first": first, "last": last}
    return conn.execute(pair[bool(mine)], {**given, "mine": mine} if mine else given)


def _counts(conn: Connection, first: date, last: date, mine: str) -> dict[date, DayCount]:
    tally: dict[date, dict[str, int]] = {}
    for kind, statements in _KINDS.items():
        for day, count in _rows(conn, statements.counts, first, last, mine):
            tally.setdefault(day, {})[kind] = count
    return {
        day: DayCount(of_day.get("hearing", 0), of_day.get("bail", 0), of_day.get("task", 0) + of_day.get("review", 0))
        for day, of_day in tally.items()
    }


def _until(counts: Mapping[date, DayCount], agenda: tuple[date, date], most: int) -> date:
    """The last day to read: the one with which there are `most` entries, or the end of the agenda."""
    days = [agenda[0] + timedelta(days=each) for each in range((agenda[1] - agenda[0]).days + 1)]
    sums = accumulate(
        counts[day].hearings + counts[day].bails + counts[day].others if day in counts else 0 for day in days
    )
    return next((day for day, so_far in zip(days, sums, strict=True) if so_far >= most), agenda[1])


def _a_hearing(day: date, *row: Any) -> CalendarEntry:  # noqa: ANN401 - the columns of the kind
    *client, kind, listed_time, court_name, courtroom = row
    where = " · ".join(part for part in (court_name, courtroom) if part)
    return CalendarEntry._make((day, listed_time, "hearing", *client, kind, where, False))


def _a_bail(day: date, *row: Any) -> CalendarEntry:  # noqa: ANN401
    *client, kind, is_counted = row
    return CalendarEntry._make((day, "", "bail", *client, kind, "", is_counted))


def _a_task(day: date, *row: Any) -> CalendarEntry:  # noqa: ANN401
    *client, title, due_at = row
    return CalendarEntry._make((day, _london_time(due_at), "task", *client, title, "", False))


def _a_review(day: date, *row: Any) -> CalendarEntry:  # noqa: ANN401
    return CalendarEntry._make((day, "", "review", *row, "", "", False))


def _london_time(at: datetime | None) -> str:
    return in_london(at).strftime("%H:%M") if at else ""


_READ = {"hearing": _a_hearing, "bail": _a_bail, "task": _a_task, "review": _a_review}
