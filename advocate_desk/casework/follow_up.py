"""What follows from an event: the tasks that the contact standards ask for, and those that an act fulfils."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, func, select, true, update

from advocate_desk.casework.tasks import TaskDetails, raise_task
from advocate_desk.casework.work import Activity
from advocate_desk.clock import in_london
from advocate_desk.domain.clocks import deadlines_after
from advocate_desk.domain.days import long_day
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.domain.standards import (
    ATTEMPT_EVENTS,
    Event,
    TaskToRaise,
    counted_to,
    shared_keys,
    tasks_for,
)
from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.work import contact_attempt, task

SUPERSEDED = "superseded"
"""The outcome of a task that nobody did because what it counted to has moved or ended."""


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
    only: Collection[str] | None = None,
    about: str = "",
) -> None:
    """Raise what `event` asks for, or of that only the standards in `only`. Without `grade` the file's own counts.

    `about` is said in each task, so that two hearings can be told apart; it holds nothing that a person typed.
    What the same origin has asked for already and is still open, due as early or earlier, is not raised again; where
    one deed answers many events, as a review of the plan does, it does not matter which of them asked.
    """
    standing = _grade(act, file_id) if grade is None else grade
    counted = day if day is not None or moment is None else in_london(moment).date()
    asked = tasks_for(
        Event(event, counted, moment, standing), facts, act.packs.contact_standards(), act.packs.holidays(), act.today
    )
    blank = act.is_blank_file(file_id)
    for one in asked:
        if only is not None and one.key not in only:
            continue
        if blank or not _is_open_already(act, file_id, one, origin_id):
            raise_task(
                act,
                file_id,
                TaskDetails(
                    one.title,
                    due_on=one.due_on,
                    due_at=one.due_at,
                    reason=f"{one.reason} {about}".strip(),
                    origin=one.origin,
                    origin_id=origin_id,
                    standard=one.key,
                ),
            )


def deadlines(act: Activity, file_id: FileId, trigger: str, on: date, origin_id: UUID, unsure: str = "") -> None:
    """Raise the time limits of law that `trigger` (a key of `domain.clocks.TRIGGERS`) sets going on the day `on`.

    `unsure` is said in the task where that day is a default.

    They take the place of those that the same origin raised for another day. One that has passed raises nothing.
    """
    running = deadlines_after(act.packs.clocks(), trigger, on, act.packs.holidays())
    _close(act, file_id, origin_id, [found.clock.key for found in running], SUPERSEDED)
    for found in running:
        if found.due.rolled >= act.today:
            raise_task(
                act,
                file_id,
                TaskDetails(
                    found.clock.title,
                    due_on=found.due.rolled,
                    reason=" ".join(
                        part
                        for part in (
                            f"{found.due.rule_text}.",
                            f"Counted from {long_day(on)}.",
                            unsure,
                            found.clock.note,
                        )
                        if part
                    ),
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


def fulfil(act: Activity, file_id: FileId, deed: str, origin_id: UUID | None = None) -> None:
    """Complete the open tasks of every standard that `deed` fulfils; with `origin_id` only those that it raised."""
    keys = [key for each in act.packs.contact_standards().fulfilled if each.act == deed for key in each.standards]
    _close(act, file_id, origin_id, keys, deed)


def count_again(act: Activity, file_id: FileId, event: str, day: date | None, origin_id: UUID, about: str = "") -> None:
    """The day of `event` has moved to `day`: what counts back to it is raised for the new day, the old is closed.

    With no day known any more, the old is closed and nothing is raised.
    """
    keys = counted_to(act.packs.contact_standards(), event)
    _close(act, file_id, origin_id, keys, SUPERSEDED)
    if day is not None:
        after(act, file_id, event, day=day, origin_id=origin_id, only=keys, about=about)


def call_off(act: Activity, file_id: FileId, origin_id: UUID, standards: Collection[str] | None = None) -> None:
    """Close what a record raised and nobody need do any more: all of it, or the `standards` named.

    A review that answers other events of the file as well stays open.
    """
    shared = shared_keys(act.packs.contact_standards())
    if standards is None:
        standards = [each.key for each in act.packs.contact_standards().standard]
    _close(act, file_id, origin_id, [key for key in standards if key not in shared], SUPERSEDED)


_STANDING = select(task.c.standard).where(
    task.c.file_id == bindparam("file"), task.c.completed_at.is_(None), task.c.deleted_at.is_(None)
)


def _close(act: Activity, file_id: FileId, origin_id: UUID | None, standards: Collection[str], outcome: str) -> None:
    """Complete open tasks of these standards, of one origin or of any."""
    if set(standards).isdisjoint(act.conn.execute(_STANDING, {"file": file_id}).scalars()):
        return  # nearly always: to look is cheaper than to build a change of nothing
    statement = update(task).where(
        task.c.file_id == file_id,
        task.c.standard.in_(standards),
        task.c.completed_at.is_(None),
        task.c.deleted_at.is_(None),
    )
    if origin_id is not None:
        statement = statement.where(task.c.origin_id == origin_id)
    done = act.conn.execute(
        statement.values(completed_at=act.now, completed_by=act.actor.name, outcome=outcome, changed_at=act.now)
    )
    if done.rowcount:
        act.touch("task", file_id)


def _grade(act: Activity, file_id: FileId) -> str:
    statement = select(file_summary.c.risk_grade).where(file_summary.c.file_id == file_id)
    return str(act.conn.execute(statement).scalar_one_or_none() or "")


def _is_open_already(act: Activity, file_id: FileId, one: TaskToRaise, origin_id: UUID | None) -> bool:
    due_on = one.due_on or (in_london(one.due_at).date() if one.due_at else None)
    statement = select(func.count()).where(
        task.c.file_id == file_id,
        task.c.title == one.title if one.is_shared else task.c.standard == one.key,
        true() if one.is_shared else task.c.origin_id == origin_id,
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
