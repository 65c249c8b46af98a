"""Tasks: of one file, and of the whole caseload."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection

from advocate_desk.store.queries.lines import of_file
from advocate_desk.store.tables.work import task


@dataclass(frozen=True, slots=True)
class TaskDetail:
    """A task of a file, whole."""

    task_id: UUID
    title: str
    due_on: date | None
    due_at: datetime | None
    origin: str
    origin_id: UUID | None
    reason: str
    owner: str
    completed_at: datetime | None
    completed_by: str
    outcome: str
    standard: str


_TASKS = of_file(task, TaskDetail, "task_id", task.c.completed_at.is_not(None), task.c.due_on, task.c.due_at)


def file_tasks(conn: Connection, file_id: UUID) -> tuple[TaskDetail, ...]:
    """Tasks of a file: open ones by due day, then completed ones."""
    return tuple(TaskDetail(*row) for row in conn.execute(_TASKS, {"file": file_id}))
