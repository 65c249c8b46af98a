"""Today: the court day first, then what is due, what expires, who is in her first days, what has no outcome."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, bindparam, func, or_, select
from sqlalchemy.sql import Select

from advocate_desk.clock import in_london
from advocate_desk.store.tables.cases import bail, criminal_case, hearing
from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.work import task

EXPIRY_DAYS = 14
"""How far ahead Today looks for bail that ends: the first of the alert days of `resources/law/bail_periods.toml`."""
MOST_TASKS = 100
MOST_OPEN_TASKS = 1000
FIRST_DAYS = 5
"""Where nobody says otherwise: `first_days` of `resources/practice/contact_standards.toml` does."""


@dataclass(frozen=True, slots=True)
class HearingLine:
    """A hearing in a list. `listed_time` is "HH:MM" or ""; `told_on` is the London day on which the fact was told."""

    hearing_id: UUID
    file_id: UUID
    client_name: str
    reference: str
    risk_grade: str
    hearing_on: date
    listed_time: str
    court_name: str
    courtroom: str
    kind: str
    attends: tuple[str, ...]
    measures: dict[str, str]
    outcome: str
    fact_state: str
    fact_source: str
    told_on: date | None = None
    case_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task in a list."""

    task_id: UUID
    file_id: UUID
    client_name: str
    reference: str
    risk_grade: str
    title: str
    due_on: date | None
    due_time: str
    origin: str
    reason: str
    owner: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class BailLine:
    """Bail that ends soon, or has ended without anybody saying so."""

    bail_id: UUID
    file_id: UUID
    client_name: str
    reference: str
    risk_grade: str
    kind: str
    expires_on: date
    is_clock_paused: bool
    is_expiry_counted: bool = False


@dataclass(frozen=True, slots=True)
class FirstDaysLine:
    """A client who reported some days ago. `last_contact_on` is the London day of the last contact, if any."""

    file_id: UUID
    client_name: str
    reference: str
    risk_grade: str
    reported_on: date
    ends_on: date
    last_contact_on: date | None
    next_task_on: date | None


@dataclass(frozen=True, slots=True)
class TodayView:
    """All of Today, of the files of one person or of everybody."""

    hearings: tuple[HearingLine, ...]
    next_hearings: tuple[HearingLine, ...]
    without_outcome: tuple[HearingLine, ...]
    tasks: tuple[TaskLine, ...]
    bail: tuple[BailLine, ...]
    first_days: tuple[FirstDaysLine, ...] = ()
    open_files: int = 0


_HEARINGS = (
    select(hearing, file_summary.c.client_name, file_summary.c.reference, file_summary.c.risk_grade)
    .join(file_summary, file_summary.c.file_id == hearing.c.file_id)
    .where(
        hearing.c.deleted_at.is_(None),
        hearing.c.hearing_on >= bindparam("first"),
        hearing.c.hearing_on <= bindparam("last"),
    )
    .order_by(hearing.c.hearing_on, hearing.c.listed_time == "", hearing.c.listed_time, file_summary.c.sort_name)
    .limit(bindparam("most"))
)
_WITHOUT_OUTCOME = (
    select(hearing, file_summary.c.client_name, file_summary.c.reference, file_summary.c.risk_grade)
    .join(file_summary, file_summary.c.file_id == hearing.c.file_id)
    .where(hearing.c.deleted_at.is_(None), hearing.c.outcome == "", hearing.c.hearing_on < bindparam("today"))
    .order_by(hearing.c.hearing_on.desc())
    .limit(50)
)
_TASKS = (
    select(task, file_summary.c.client_name, file_summary.c.reference, file_summary.c.risk_grade)
    .join(file_summary, file_summary.c.file_id == task.c.file_id)
    .where(task.c.deleted_at.is_(None), task.c.completed_at.is_(None), task.c.due_on <= bindparam("last"))
    .order_by(task.c.due_on, task.c.due_at, file_summary.c.risk_rank)
    .limit(MOST_TASKS)
)
_BAIL = (
    select(bail, file_summary.c.client_name, file_summary.c.reference, file_summary.c.risk_grade)
    .join(file_summary, file_summary.c.file_id == bail.c.file_id)
    .where(bail.c.deleted_at.is_(None), bail.c.ended_on.is_(None), bail.c.expires_on <= bindparam("last"))
    .order_by(bail.c.expires_on)
    .limit(50)
)
_OPEN_TASKS = (
    select(task, file_summary.c.client_name, file_summary.c.reference, file_summary.c.risk_grade)
    .join(file_summary, file_summary.c.file_id == task.c.file_id)
    .where(task.c.deleted_at.is_(None), task.c.completed_at.is_(None))
    .order_by(task.c.due_on.is_(None), task.c.due_on, task.c.due_at, file_summary.c.risk_rank, task.c.id)
    .limit(bindparam("most"))
)
_FIRST_DAYS = (
    select(
        file_summary.c.file_id,
        file_summary.c.client_name,
        file_summary.c.reference,
        file_summary.c.risk_grade,
        func.max(criminal_case.c.reported_on).label("reported_on"),
        file_summary.c.last_contact_at,
        file_summary.c.next_task_on,
    )
    .join(file_summary, file_summary.c.file_id == criminal_case.c.file_id)
    .where(
        criminal_case.c.deleted_at.is_(None),
        criminal_case.c.reported_on >= bindparam("since"),
        criminal_case.c.reported_on <= bindparam("today"),
        file_summary.c.status != "closed",
    )
    .group_by(file_summary.c.file_id)
    .order_by(func.max(criminal_case.c.reported_on), file_summary.c.risk_rank)
    .limit(50)
)
_OPEN_FILES = select(func.count()).select_from(file_summary).where(file_summary.c.status != "closed")


def hearing_lines(
    conn: Connection, first: date, last: date, most: int = 200, mine: str = ""
) -> tuple[HearingLine, ...]:
    """Hearings from `first` to `last`, in the order in which they are listed. `mine` keeps to one advocate's files."""
    statement = _of(_HEARINGS, mine)
    return tuple(
        _hearing(row) for row in conn.execute(statement, {"first": first, "last": last, "most": most}).mappings()
    )


def task_lines(conn: Connection, last: date, mine: str = "") -> tuple[TaskLine, ...]:
    """Open tasks due by `last`, the most overdue first. `mine` keeps to one advocate's: her own, and her files'."""
    return tuple(_task(row) for row in conn.execute(_tasks_of(_TASKS, mine), {"last": last}).mappings())


def open_tasks(conn: Connection, mine: str = "", most: int = MOST_OPEN_TASKS) -> tuple[TaskLine, ...]:
    """Every open task, up to `most`, by due day; those without one last. `mine` as in `task_lines`."""
    return tuple(_task(row) for row in conn.execute(_tasks_of(_OPEN_TASKS, mine), {"most": most}).mappings())


def today_view(conn: Connection, today: date, mine: str = "", first_days: int = FIRST_DAYS) -> TodayView:
    """Everything that Today shows. `mine` keeps to the files allocated to one advocate, and to tasks that are hers.

    `first_days` is how many calendar days after a report count as the first ones.
    """
    later = hearing_lines(conn, today + timedelta(days=1), today + timedelta(days=60), 5, mine)
    missing = conn.execute(_of(_WITHOUT_OUTCOME, mine), {"today": today}).mappings()
    ending = conn.execute(_of(_BAIL, mine), {"last": today + timedelta(days=EXPIRY_DAYS)}).mappings()
    window = {"since": today - timedelta(days=first_days), "today": today}
    return TodayView(
        hearings=hearing_lines(conn, today, today, 100, mine),
        next_hearings=later,
        without_outcome=tuple(_hearing(row) for row in missing),
        tasks=task_lines(conn, today, mine),
        bail=tuple(_bail(row) for row in ending),
        first_days=tuple(_first(row, first_days) for row in conn.execute(_of(_FIRST_DAYS, mine), window).mappings()),
        open_files=conn.execute(_of(_OPEN_FILES, mine)).scalar_one(),
    )


def _of(statement: Select[Any], mine: str) -> Select[Any]:
    return statement.where(file_summary.c.allocated_to == mine) if mine else statement


def _tasks_of(statement: Select[Any], mine: str) -> Select[Any]:
    """A colleague's task in my file concerns me, and so does a task of mine in a colleague's file."""
    return statement.where(or_(file_summary.c.allocated_to == mine, task.c.owner == mine)) if mine else statement


def _bail(row: RowMapping) -> BailLine:
    return BailLine(
        row["id"],
        row["file_id"],
        row["client_name"],
        row["reference"],
        row["risk_grade"],
        row["kind"],
        row["expires_on"],
        row["is_clock_paused"],
        row["is_expiry_counted"],
    )


def _first(row: RowMapping, first_days: int) -> FirstDaysLine:
    at = row["last_contact_at"]
    return FirstDaysLine(
        row["file_id"],
        row["client_name"],
        row["reference"],
        row["risk_grade"],
        row["reported_on"],
        row["reported_on"] + timedelta(days=first_days),
        in_london(at).date() if at else None,
        row["next_task_on"],
    )


def _hearing(row: RowMapping) -> HearingLine:
    return HearingLine(
        row["id"],
        row["file_id"],
        row["client_name"],
        row["reference"],
        row["risk_grade"],
        row["hearing_on"],
        row["listed_time"],
        row["court_name"],
        row["courtroom"],
        row["kind"],
        tuple(row["attends"] or ()),
        dict(row["measures"] or {}),
        row["outcome"],
        row["fact_state"],
        row["fact_source"],
        in_london(row["told_at"]).date() if row["told_at"] else None,
        row["case_id"],
    )


def _task(row: RowMapping) -> TaskLine:
    due_at = row["due_at"]
    return TaskLine(
        row["id"],
        row["file_id"],
        row["client_name"],
        row["reference"],
        row["risk_grade"],
        row["title"],
        row["due_on"],
        in_london(due_at).strftime("%H:%M") if due_at else "",
        row["origin"],
        row["reason"],
        row["owner"],
        row["completed_at"] is not None,
    )
