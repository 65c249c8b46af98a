"""Today: the court day first, then what is due, what expires, who is in her first days, what has no outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, func, literal_column, or_, select, union_all
from sqlalchemy.sql import ColumnElement, Select

from advocate_desk.clock import in_london
from advocate_desk.store.tables.cases import bail, criminal_case, hearing
from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.work import task

EXPIRY_DAYS = 14
"""How far ahead Today looks for bail that ends: the first of the alert days of `resources/law/bail_periods.toml`."""
MOST_HEARINGS = 100
MOST_NEXT = 5
NEXT_DAYS = 60
MOST_WITHOUT_OUTCOME = MOST_BAIL = MOST_FIRST_DAYS = 50
MOST_TASKS = 100
TASK_ROWS = 150
"""Open tasks that are read at once: the list asks for more when somebody scrolls there."""
FIRST_DAYS = 5
"""Where nobody says otherwise: `first_days` of `resources/practice/contact_standards.toml` does."""


class HearingLine(NamedTuple):
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
    allocated_to: str = ""


class TaskLine(NamedTuple):
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


class BailLine(NamedTuple):
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
    allocated_to: str = ""


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
    allocated_to: str = ""


@dataclass(frozen=True, slots=True)
class OpenTasks:
    """The first of the open tasks, and how many are open in all, by origin and due day."""

    tasks: tuple[TaskLine, ...]
    counts: tuple[tuple[str, date | None, int], ...]


@dataclass(frozen=True, slots=True)
class TodayView:
    """All of Today, of the files of one person or of everybody. `are_others`: she has none, and colleagues do."""

    hearings: tuple[HearingLine, ...]
    next_hearings: tuple[HearingLine, ...]
    without_outcome: tuple[HearingLine, ...]
    tasks: tuple[TaskLine, ...]
    bail: tuple[BailLine, ...]
    first_days: tuple[FirstDaysLine, ...] = ()
    has_files: bool = False
    are_others: bool = False


_CLIENT = (file_summary.c.client_name, file_summary.c.reference, file_summary.c.risk_grade)
_MINE = file_summary.c.allocated_to == bindparam("mine")
MY_ALIVE = and_(
    _MINE,
    or_(  # word for word as the index of ALIVE says it
        file_summary.c.status != literal_column("'closed'"),
        file_summary.c.open_tasks > literal_column("0"),
        file_summary.c.next_on.is_not(None),
    ),
)
"""One advocate's files in which something may wait: few, while those that she has closed are many."""
_OPEN_TASK = (task.c.deleted_at.is_(None), task.c.completed_at.is_(None))
_own, _filed = task.alias("own"), task.alias("filed")
MY_TASK = task.c.id.in_(
    union_all(
        select(_own.c.id).where(
            _own.c.owner == bindparam("mine"), _own.c.deleted_at.is_(None), _own.c.completed_at.is_(None)
        ),
        select(_filed.c.id)
        .join(file_summary, file_summary.c.file_id == _filed.c.file_id)
        .where(MY_ALIVE, _filed.c.deleted_at.is_(None), _filed.c.completed_at.is_(None)),
    )
)
"""An open task that concerns one advocate: a colleague's in her file, and one of hers in a colleague's file."""
_OPEN_FILE = file_summary.c.status != literal_column("'closed'")  # written out, as the index says it


def _pair(statement: Select[Any], mine: ColumnElement[bool] = _MINE) -> dict[bool, Select[Any]]:
    """The statement for everybody's files (False), and for one advocate's (True)."""
    return {False: statement, True: statement.where(mine)}


_HEARING_COLUMNS = (
    hearing.c.id, hearing.c.file_id, *_CLIENT, hearing.c.hearing_on, hearing.c.listed_time, hearing.c.court_name,
    hearing.c.courtroom, hearing.c.kind, hearing.c.attends, hearing.c.measures, hearing.c.outcome,
    hearing.c.fact_state, hearing.c.fact_source, hearing.c.told_at, hearing.c.case_id,
    file_summary.c.allocated_to,
)  # fmt: skip
_BETWEEN = (
    hearing.c.deleted_at.is_(None),
    hearing.c.hearing_on >= bindparam("first"),
    hearing.c.hearing_on <= bindparam("last"),
)


def _hearings(*mine: ColumnElement[bool]) -> Select[Any]:
    """Hearings of some days, as listed. No day is read beyond that of the last one wanted: sixty days hold many."""
    of_file = file_summary.c.file_id == hearing.c.file_id
    last_day = (
        select(hearing.c.hearing_on)
        .join(file_summary, of_file)
        .where(*_BETWEEN, *mine)
        .order_by(hearing.c.hearing_on)
        .limit(1)
        .offset(bindparam("before_last"))
        .correlate(None)
        .scalar_subquery()
    )
    return (
        select(*_HEARING_COLUMNS)
        .join(file_summary, of_file)
        .where(*_BETWEEN, hearing.c.hearing_on <= func.coalesce(last_day, bindparam("last")), *mine)
        .order_by(hearing.c.hearing_on, hearing.c.listed_time == "", hearing.c.listed_time, file_summary.c.sort_name)
        .limit(bindparam("most"))
    )


_HEARINGS = {False: _hearings(), True: _hearings(_MINE)}
_NEXT_HEARINGS = {False: _HEARINGS[False], True: _hearings(MY_ALIVE)}
_WITHOUT_OUTCOME = _pair(
    select(*_HEARING_COLUMNS)
    .join(file_summary, file_summary.c.file_id == hearing.c.file_id)
    .where(
        hearing.c.deleted_at.is_(None),
        hearing.c.outcome == literal_column("''"),
        hearing.c.hearing_on < bindparam("today"),
    )
    .order_by(hearing.c.hearing_on.desc())
    .limit(MOST_WITHOUT_OUTCOME),
    MY_ALIVE,
)
_TASK_COLUMNS = (
    task.c.id, task.c.file_id, *_CLIENT, task.c.title, task.c.due_on, task.c.due_at, task.c.origin, task.c.reason,
    task.c.owner,
)  # fmt: skip
_TASKS = _pair(
    select(*_TASK_COLUMNS)
    .join(file_summary, file_summary.c.file_id == task.c.file_id)
    .where(*_OPEN_TASK, task.c.due_on <= bindparam("last"))
    .order_by(task.c.due_on, task.c.due_at, file_summary.c.risk_rank)
    .limit(MOST_TASKS),
    MY_TASK,
)
_OPEN_TASKS = _pair(
    select(*_TASK_COLUMNS)
    .join(file_summary, file_summary.c.file_id == task.c.file_id)
    .where(*_OPEN_TASK)
    .order_by(task.c.due_on.nulls_last(), task.c.due_at, file_summary.c.risk_rank, task.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("offset")),
    MY_TASK,
)
_TASK_COUNTS = _pair(
    select(task.c.origin, task.c.due_on, func.count())
    .join(file_summary, file_summary.c.file_id == task.c.file_id)
    .where(*_OPEN_TASK)
    .group_by(task.c.origin, task.c.due_on),
    MY_TASK,
)
_BAIL = _pair(
    select(
        bail.c.id, bail.c.file_id, *_CLIENT, bail.c.kind, bail.c.expires_on, bail.c.is_clock_paused,
        bail.c.is_expiry_counted, file_summary.c.allocated_to,
    )
    .join(file_summary, file_summary.c.file_id == bail.c.file_id)
    .where(bail.c.deleted_at.is_(None), bail.c.ended_on.is_(None), bail.c.expires_on <= bindparam("last"))
    .order_by(bail.c.expires_on)
    .limit(MOST_BAIL),
    MY_ALIVE,
)  # fmt: skip
_FIRST_DAYS = _pair(
    select(
        file_summary.c.file_id,
        *_CLIENT,
        func.max(criminal_case.c.reported_on).label("reported_on"),
        file_summary.c.last_contact_at,
        file_summary.c.next_task_on,
        file_summary.c.allocated_to,
    )
    .join(file_summary, file_summary.c.file_id == criminal_case.c.file_id)
    .where(
        criminal_case.c.deleted_at.is_(None),
        criminal_case.c.reported_on >= bindparam("since"),
        criminal_case.c.reported_on <= bindparam("today"),
        _OPEN_FILE,
    )
    .group_by(file_summary.c.file_id)
    .order_by(func.max(criminal_case.c.reported_on), file_summary.c.risk_rank)
    .limit(MOST_FIRST_DAYS),
    MY_ALIVE,
)
_ANY_OPEN_FILE = _pair(select(file_summary.c.file_id).where(_OPEN_FILE).limit(1), MY_ALIVE)


def hearing_lines(
    conn: Connection, first: date, last: date, most: int = MOST_HEARINGS, mine: str = ""
) -> tuple[HearingLine, ...]:
    """Hearings from `first` to `last`, in the order in which they are listed. `mine` keeps to one advocate's files."""
    return _hearing_lines(conn, _HEARINGS, mine, first, last, most)


def _hearing_lines(
    conn: Connection, pair: dict[bool, Select[Any]], mine: str, first: date, last: date, most: int
) -> tuple[HearingLine, ...]:
    given = {"first": first, "last": last, "most": most, "before_last": most - 1}
    return tuple(_hearing(*row) for row in _rows(conn, pair, mine, given))


def task_lines(conn: Connection, last: date, mine: str = "") -> tuple[TaskLine, ...]:
    """Open tasks due by `last`, the most overdue first. `mine` keeps to one advocate's: her own, and her files'."""
    return tuple(_task(*row) for row in _rows(conn, _TASKS, mine, {"last": last}))


def open_tasks(conn: Connection, mine: str = "", most: int = TASK_ROWS, offset: int = 0) -> tuple[TaskLine, ...]:
    """Open tasks from `offset`, up to `most`, by due day; those without one last. `mine` as in `task_lines`."""
    return tuple(_task(*row) for row in _rows(conn, _OPEN_TASKS, mine, {"most": most, "offset": offset}))


def open_task_page(conn: Connection, mine: str = "", most: int = TASK_ROWS) -> OpenTasks:
    """The first open tasks, and how many there are in all. `mine` as in `task_lines`."""
    counts = tuple((origin, due_on, count) for origin, due_on, count in _rows(conn, _TASK_COUNTS, mine, {}))
    return OpenTasks(open_tasks(conn, mine, most), counts)


def today_view(conn: Connection, today: date, mine: str = "", first_days: int = FIRST_DAYS) -> TodayView:
    """Everything that Today shows. `mine` keeps to the files allocated to one advocate, and to tasks that are hers.

    `first_days` is how many calendar days after a report count as the first ones.
    """
    ending = _rows(conn, _BAIL, mine, {"last": today + timedelta(days=EXPIRY_DAYS)})
    reported = _rows(conn, _FIRST_DAYS, mine, {"since": today - timedelta(days=first_days), "today": today})
    has_files = has_open_file(conn, mine)
    return TodayView(
        hearings=hearing_lines(conn, today, today, MOST_HEARINGS, mine),
        next_hearings=_hearing_lines(
            conn, _NEXT_HEARINGS, mine, today + timedelta(days=1), today + timedelta(days=NEXT_DAYS), MOST_NEXT
        ),
        without_outcome=tuple(_hearing(*row) for row in _rows(conn, _WITHOUT_OUTCOME, mine, {"today": today})),
        tasks=task_lines(conn, today, mine),
        bail=tuple(BailLine(*row) for row in ending),
        first_days=tuple(_first(*row, first_days=first_days) for row in reported),
        has_files=has_files,
        are_others=bool(mine) and not has_files and has_open_file(conn, ""),
    )


def has_open_file(conn: Connection, mine: str) -> bool:
    """Whether one advocate has a file in which something may wait; of anybody where `mine` is ""."""
    return bool(_rows(conn, _ANY_OPEN_FILE, mine, {}))


def _rows(conn: Connection, pair: dict[bool, Select[Any]], mine: str, given: dict[str, object]) -> Sequence[Any]:
    if not mine:
        return conn.execute(pair[False], given).all()
    return conn.execute(pair[True], {**given, "mine": mine}).all()


def _london_day(at: datetime | None) -> date | None:
    return in_london(at).date() if at else None


def _first(
    file_id: UUID,
    client_name: str,
    reference: str,
    risk_grade: str,
    reported_on: date,
    last_contact_at: datetime | None,
    next_task_on: date | None,
    allocated_to: str,
    *,
    first_days: int,
) -> FirstDaysLine:
    ends_on = reported_on + timedelta(days=first_days)
    contact_on = _london_day(last_contact_at)
    return FirstDaysLine(
        file_id, client_name, reference, risk_grade, reported_on, ends_on, contact_on, next_task_on, allocated_to
    )


def _hearing(*row: Any) -> HearingLine:  # noqa: ANN401 - the columns above
    attends, measures, told_at = row[10], row[11], row[15]
    lists = (tuple(attends or ()), dict(measures or {}))
    return HearingLine._make((*row[:10], *lists, *row[12:15], _london_day(told_at), row[16], row[17] or ""))


def _task(*row: Any) -> TaskLine:  # noqa: ANN401 - the columns above
    task_id, file_id, client_name, reference, risk_grade, title, due_on, due_at, origin, reason, owner = row
    due_time = in_london(due_at).strftime("%H:%M") if due_at else ""
    return TaskLine(
        task_id, file_id, client_name, reference, risk_grade, title, due_on, due_time, origin, reason, owner, False
    )
