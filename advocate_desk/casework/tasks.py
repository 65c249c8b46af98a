"""Tasks: raised by the advocate or by a rule, with a due day, an origin and a completion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.clock import in_london
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.tables.work import task


@dataclass(frozen=True, slots=True)
class TaskDetails:
    """What is to be done. Give `due_on`, or `due_at` (aware) where hours count."""

    title: str
    due_on: date | None = None
    due_at: datetime | None = None
    reason: str = ""
    owner: str = ""
    origin: str = "own"
    origin_id: UUID | None = None
    standard: str = ""


def raise_task(act: Activity, file_id: FileId, details: TaskDetails) -> RecordId:
    """Write a task within an activity."""
    due_on = details.due_on
    if due_on is None and details.due_at is not None:
        due_on = in_london(details.due_at).date()
    return act.insert(
        task,
        file_id,
        {
            "title": details.title,
            "due_on": due_on,
            "due_at": details.due_at,
            "reason": details.reason,
            "owner": details.owner or act.actor.name,
            "origin": details.origin,
            "origin_id": details.origin_id,
            "standard": details.standard,
        },
    )


def add_task(work: Work, file_id: FileId, details: TaskDetails) -> Done:
    """Add a task by hand. Raises Invalid."""
    with work.activity("task_added", file_id) as act:
        check_task(details)
        task_id = raise_task(act, file_id, details)
        act.audit("task_added", file_id, "task", task_id)
        return act.done(task_id, file_id)


def change_task(work: Work, task_id: RecordId, details: TaskDetails) -> Done:
    """Change what a task says or when it is due. Raises Invalid."""
    with work.activity("task_changed") as act:
        check_task(details)
        file_id = act.update(
            task,
            task_id,
            {
                "title": details.title,
                "due_on": details.due_on,
                "due_at": details.due_at,
                "reason": details.reason,
                "owner": details.owner or act.actor.name,
            },
        )
        act.audit("task_changed", file_id, "task", task_id)
        return act.done(task_id, file_id)


def check_task(details: TaskDetails) -> None:
    """Raises Invalid for a task without words or without a day."""
    problems: dict[str, str] = {}
    if not details.title.strip():
        problems["title"] = "Say what is to be done."
    if details.due_on is None and details.due_at is None:
        problems["due_on"] = "Give the day by which it is to be done."
    if problems:
        raise Invalid("The task was not saved yet. What you typed is still here.", problems)


def complete_task(work: Work, task_id: RecordId, outcome: str = "") -> Done:
    """Mark a task done, now, by whoever is at the desk."""
    with work.activity("task_completed") as act:
        file_id = act.update(
            task, task_id, {"completed_at": act.now, "completed_by": act.actor.name, "outcome": outcome}
        )
        act.audit("task_completed", file_id, "task", task_id)
        return act.done(task_id, file_id)


def reopen_task(work: Work, task_id: RecordId) -> Done:
    """Take back a completion."""
    with work.activity("task_reopened") as act:
        file_id = act.update(task, task_id, {"completed_at": None, "completed_by": "", "outcome": ""})
        act.audit("task_reopened", file_id, "task", task_id)
        return act.done(task_id, file_id)
