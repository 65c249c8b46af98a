"""The calendar: what lies ahead day by day (hearings, bail that ends, plan reviews, tasks), and counts for a month."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, or_, select
from sqlalchemy.sql import ColumnElement, Select

from advocate_desk.clock import in_london
from advocate_desk.store.tables.cases import bail, hearing
from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.risk import safety_plan
from advocate_desk.store.tables.work import task

MOST_OF_A_KIND = 1000

_CLIENT = (file_summary.c.client_name, file_summary.c.reference, file_summary.c.risk_grade)


@dataclass(frozen=True, slots=True)
class CalendarEntry:
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
    """`entries` in order of day and time, and counts of every day of the month shown that has any."""

    entries: tuple[CalendarEntry, ...]
    counts: dict[date, DayCount]


def _between(column: ColumnElement[Any], *more: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    return (column >= bindparam("first"), column <= bindparam("last"), *more)


_HEARINGS = (
    select(hearing, *_CLIENT)
    .join(file_summary, file_summary.c.file_id == hearing.c.file_id)
    .where(*_between(hearing.c.hearing_on, hearing.c.deleted_at.is_(None)))
    .limit(MOST_OF_A_KIND)
)
_BAILS = (
    select(bail, *_CLIENT)
    .join(file_summary, file_summary.c.file_id == bail.c.file_id)
    .where(*_between(bail.c.expires_on, bail.c.deleted_at.is_(None), bail.c.ended_on.is_(None)))
    .limit(MOST_OF_A_KIND)
)
_REVIEWS = (
    select(safety_plan, *_CLIENT)
    .join(file_summary, file_summary.c.file_id == safety_plan.c.file_id)
    .where(
        *_between(safety_plan.c.review_on, safety_plan.c.deleted_at.is_(None), safety_plan.c.status == "current"),
        file_summary.c.status != "closed",
    )
    .limit(MOST_OF_A_KIND)
)
_TASKS = (
    select(task, *_CLIENT)
    .join(file_summary, file_summary.c.file_id == task.c.file_id)
    .where(*_between(task.c.due_on, task.c.deleted_at.is_(None), task.c.completed_at.is_(None)))
    .limit(MOST_OF_A_KIND)
)


def calendar_view(
    conn: Connection, agenda: tuple[date, date], month: tuple[date, date], mine: str = ""
) -> CalendarView:
    """Entries from the first to the last day of `agenda`, and counts for those of `month`.

    `mine` keeps to the files allocated to one advocate, and to tasks that are hers.
    """
    first, last = min(agenda[0], month[0]), max(agenda[1], month[1])
    found = _entries(conn, first, last, mine)
    found.sort(key=lambda entry: (entry.day, entry.time == "", entry.time, _ORDER[entry.kind], entry.client_name))
    return CalendarView(
        tuple(entry for entry in found if agenda[0] <= entry.day <= agenda[1]),
        _counts(entry for entry in found if month[0] <= entry.day <= month[1]),
    )


_ORDER = {"hearing": 0, "bail": 1, "task": 2, "review": 3}


def _counts(entries: Any) -> dict[date, DayCount]:  # noqa: ANN401 - any iterable of entries
    tally = Counter((entry.day, entry.kind) for entry in entries)
    return {
        day: DayCount(tally[day, "hearing"], tally[day, "bail"], tally[day, "task"] + tally[day, "review"])
        for day in {day for day, _ in tally}
    }


def _entries(conn: Connection, first: date, last: date, mine: str) -> list[CalendarEntry]:
    def rows(statement: Select[Any], *extra: ColumnElement[bool]) -> Any:  # noqa: ANN401 - row mappings
        kept = statement.where(or_(file_summary.c.allocated_to == mine, *extra)) if mine else statement
        return conn.execute(kept, {"first": first, "last": last}).mappings()

    found = [
        _entry(row, row["hearing_on"], "hearing", row["kind"], row["listed_time"], _where(row))
        for row in rows(_HEARINGS)
    ]
    found += [
        replace(_entry(row, row["expires_on"], "bail", row["kind"]), is_counted=row["is_expiry_counted"])
        for row in rows(_BAILS)
    ]
    found += [_entry(row, row["review_on"], "review", "") for row in rows(_REVIEWS)]
    for row in rows(_TASKS, task.c.owner == mine):
        at = in_london(row["due_at"]).strftime("%H:%M") if row["due_at"] else ""
        found.append(_entry(row, row["due_on"], "task", row["title"], at))
    return found


def _where(row: Any) -> str:  # noqa: ANN401 - a row mapping
    return " · ".join(part for part in (row["court_name"], row["courtroom"]) if part)


def _entry(row: Any, day: date, kind: str, what: str, at: str = "", where: str = "") -> CalendarEntry:  # noqa: ANN401
    return CalendarEntry(
        day, at, kind, row["id"], row["file_id"], row["client_name"], row["reference"], row["risk_grade"], what, where
    )
