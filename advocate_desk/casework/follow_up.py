"""What follows from an event: the tasks that the contact standards ask for, and those that an act fulfils."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select, update

from advocate_desk.casework.tasks import TaskDetails, raise_task
from advocate_desk.casework.work import Activity
from advocate_desk.domain.clocks import deadlines_after
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.domain.standards import ATTEMPT_EVENTS, Event, TaskToRaise, tasks_for
from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.work import contact_attempt, task


def after(
    act: Activity,
    file_id: FileId,
    event: str,
    *,
    day: date | None = None,
    moment: datetime | None = None,
    origin_id: UUID | None = None,
    grade: str | None = None,
    facts: Collection[str] = (),
) -> None:
    """Raise what `event` asks for. Without `grade` the file's own counts.

    A task whose like is open already, due as early or earlier, is not raised again: one review answers both.
    """
    standing = _grade(act, file_id) if grade is None else grade
    asked = tasks_for(
        Event(event, day, moment, standing), facts, act.packs.contact_standards(), act.packs.holidays(), act.today
    )
    blank = act.is_blank_file(file_id)
    for one in asked:
        if blank or not _is_open_already(act, file_id, one):
            raise_task(
                act,
                file_id,
                TaskDetails(
                    one.title,
                    due_on=one.due_on,
                    due_at=one.due_at,
                    reason=one.reason,
                    origin=one.origin,
                    origin_id=origin_id,
                    standard=one.key,
                ),
            )


def deadlines(act: Activity, file_id: FileId, trigger: str, on: date, origin_id: UUID) -> None:
    """Raise the time limits of law that `trigger` (a key of `domain.clocks.TRIGGERS`) sets going on the day `on`.

    A limit that has passed already raises nothing: it is shown, with its rule, where the event stands.
    """
    for found in deadlines_after(act.packs.clocks(), trigger, on, act.packs.holidays()):
        if found.due.rolled >= act.today:
            raise_task(
                act,
                file_id,
                TaskDetails(
                    found.clock.title,
                    due_on=found.due.rolled,
                    reason=f"{found.due.rule_text} {found.clock.note}".strip(),
                    origin="deadline",
                    origin_id=origin_id,
                    standard=found.clock.key,
                ),
            )


def after_attempt(act: Activity, file_id: FileId, outcome: str, attempt_id: RecordId) -> None:
    """What a contact attempt fulfils and what it asks for; the third that fails in a row counts as no contact."""
    fulfil(act, file_id, "attempted")
    event = ATTEMPT_EVENTS.get(outcome, "")
    if event == "contact_made":
        fulfil(act, file_id, "spoke")
    if event:
        after(act, file_id, event, day=act.today, moment=act.now, origin_id=attempt_id)
    if event == "contact_failed":
        needed = act.packs.contact_standards().attempts_before_no_contact
        if _failed_in_a_row(act, file_id) == needed:
            after(act, file_id, "no_contact", day=act.today, origin_id=attempt_id)


def fulfil(act: Activity, file_id: FileId, deed: str) -> None:
    """Complete the open tasks of every standard that `deed` fulfils."""
    keys = [key for each in act.packs.contact_standards().fulfilled if each.act == deed for key in each.standards]
    done = act.conn.execute(
        update(task)
        .where(
            task.c.file_id == file_id,
            task.c.standard.in_(keys),
            task.c.completed_at.is_(None),
            task.c.deleted_at.is_(None),
        )
        .values(completed_at=act.now, completed_by=act.actor.name, outcome=deed, changed_at=act.now)
    )
    if done.rowcount:
        act.touch("task", file_id)


def _grade(act: Activity, file_id: FileId) -> str:
    statement = select(file_summary.c.risk_grade).where(file_summary.c.file_id == file_id)
    return str(act.conn.execute(statement).scalar_one_or_none() or "")


def _is_open_already(act: Activity, file_id: FileId, one: TaskToRaise) -> bool:
    due_on = one.due_on or (one.due_at.date() if one.due_at else None)
    statement = select(func.count()).where(
        task.c.file_id == file_id,
        task.c.title == one.title,
        task.c.completed_at.is_(None),
        task.c.deleted_at.is_(None),
        task.c.due_on <= due_on,
    )
    return bool(act.conn.execute(statement).scalar_one())


def _failed_in_a_row(act: Activity, file_id: FileId) -> int:
    outcomes = act.conn.execute(
        select(contact_attempt.c.outcome)
        .where(contact_attempt.c.file_id == file_id, contact_attempt.c.deleted_at.is_(None))
        .order_by(contact_attempt.c.attempted_at.desc(), contact_attempt.c.id.desc())
    ).scalars()
    count = 0
    for outcome in outcomes:
        if outcome not in ATTEMPT_EVENTS:  # a number that was only looked at
            continue
        if ATTEMPT_EVENTS.get(outcome) != "contact_failed":
            break
        count += 1
    return count
