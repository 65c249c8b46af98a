"""Safety plans: one current plan a file, renewed by a version that carries its living actions over."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import RowMapping, func, select

from advocate_desk.casework import follow_up
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.domain.plan import review_on
from advocate_desk.errors import Blocked, Invalid
from advocate_desk.store.tables.risk import safety_action, safety_plan

DROPPED = ("done", "declined", "not_possible", "replaced")


@dataclass(frozen=True, slots=True)
class ActionDetails:
    """One action of a plan: what, who, by when, and why it was suggested."""

    section: str
    text: str
    owner: str = ""
    due_on: date | None = None
    status: str = "agreed"
    reason: str = ""
    suggestion_key: str = ""
    shared_with: str = ""


def start_plan(
    work: Work,
    file_id: FileId,
    given_review: date | None = None,
    *,
    kept_where: str | None = None,
    note: str | None = None,
) -> Done:
    """Start the file's plan, or renew it: the old version stays as it was, its living actions are carried over.

    Where it is kept and its note are carried over too, unless others are given.
    """
    with work.activity("plan_started", file_id) as act:
        return act.done(_start(act, file_id, given_review, kept_where, note), file_id)


def start_plan_with(work: Work, file_id: FileId, many: tuple[ActionDetails, ...]) -> Done:
    """Start the file's plan with its first actions, in one act. Raises Invalid; then there is no plan either."""
    with work.activity("plan_started", file_id) as act:
        plan_id = _start(act, file_id, None, None, None)
        _add(act, file_id, plan_id, many)
        return act.done(plan_id, file_id)


def _start(
    act: Activity, file_id: FileId, given_review: date | None, kept_where: str | None, note: str | None
) -> RecordId:
    current = _current(act, file_id)
    version = 1
    if current is not None:
        version = current["version"] + 1
        act.update(safety_plan, current["id"], {"status": "superseded"})
    plan_id = act.insert(
        safety_plan,
        file_id,
        {
            "version": version,
            "status": "current",
            "made_on": act.today,
            "review_on": given_review or review_on(act.today, act.packs.plan_suggestions()),
            "kept_where": kept_where if kept_where is not None else (current["kept_where"] if current else ""),
            "note": note if note is not None else (current["note"] if current else ""),
            "supersedes_id": current["id"] if current else None,
        },
    )
    if current is not None:
        _carry_over(act, file_id, current["id"], plan_id)
    follow_up.fulfil(act, file_id, "plan_reviewed")
    act.audit("plan_started", file_id, "safety_plan", plan_id, version=version)
    return plan_id


def _current(act: Activity, file_id: FileId) -> RowMapping | None:
    statement = (
        select(safety_plan)
        .where(safety_plan.c.file_id == file_id, safety_plan.c.status == "current", safety_plan.c.deleted_at.is_(None))
        .order_by(safety_plan.c.version.desc())
    )
    return act.conn.execute(statement).mappings().first()


def _carry_over(act: Activity, file_id: FileId, old_id: RecordId, new_id: RecordId) -> None:
    rows = act.conn.execute(
        select(safety_action).where(
            safety_action.c.plan_id == old_id,
            safety_action.c.deleted_at.is_(None),
            safety_action.c.status.not_in(DROPPED),
        )
    ).mappings()
    copied = ("section", "text", "reason", "suggestion_key", "owner", "due_on", "status", "shared_with", "position")
    for row in rows.all():
        act.insert(safety_action, file_id, {**{name: row[name] for name in copied}, "plan_id": new_id})


def change_plan(work: Work, plan_id: RecordId, next_review: date | None, kept_where: str, note: str) -> Done:
    """Change when the plan is reviewed, where the client keeps it, and its note."""
    with work.activity("plan_changed") as act:
        _refuse_old(act, plan_id)
        file_id = act.update(safety_plan, plan_id, {"review_on": next_review, "kept_where": kept_where, "note": note})
        follow_up.fulfil(act, file_id, "plan_reviewed")
        return act.done(plan_id, file_id)


def add_actions(work: Work, plan_id: RecordId, many: tuple[ActionDetails, ...]) -> Done:
    """Add actions to the current plan, suggested or own, in one act. Raises Invalid, Blocked for an old version."""
    with work.activity("plan_actions_added") as act:
        plan = _refuse_old(act, plan_id)
        file_id = FileId(plan["file_id"])
        _add(act, file_id, plan_id, many)
        return act.done(plan_id, file_id)


def _add(act: Activity, file_id: FileId, plan_id: RecordId, many: tuple[ActionDetails, ...]) -> None:
    last = act.conn.execute(
        select(func.coalesce(func.max(safety_action.c.position), 0)).where(safety_action.c.plan_id == plan_id)
    ).scalar_one()
    for position, one in enumerate(many, start=last + 1):
        check_action(one)
        act.insert(safety_action, file_id, {**asdict(one), "plan_id": plan_id, "position": position})
    act.audit("plan_actions_added", file_id, "safety_plan", plan_id, actions=len(many))


def change_action(work: Work, action_id: RecordId, details: ActionDetails) -> Done:
    """Change an action of the current plan. Raises Invalid, Blocked for an old version."""
    with work.activity("plan_action_changed") as act:
        check_action(details)
        _refuse_old(act, RecordId(act.row(safety_action, action_id)["plan_id"]))
        file_id = act.update(safety_action, action_id, asdict(details))
        act.audit("plan_action_changed", file_id, "safety_action", action_id, status=details.status)
        return act.done(action_id, file_id)


def set_action_status(work: Work, action_id: RecordId, status: str) -> Done:
    """Mark an action, with a key of the choice list `action_status`."""
    with work.activity("plan_action_changed") as act:
        _refuse_old(act, RecordId(act.row(safety_action, action_id)["plan_id"]))
        file_id = act.update(safety_action, action_id, {"status": status})
        act.audit("plan_action_changed", file_id, "safety_action", action_id, status=status)
        return act.done(action_id, file_id)


def remove_action(work: Work, action_id: RecordId) -> Done:
    """Take an action out of the current plan."""
    with work.activity("plan_action_removed") as act:
        _refuse_old(act, RecordId(act.row(safety_action, action_id)["plan_id"]))
        return act.done(action_id, act.remove(safety_action, action_id))


def restore_action(work: Work, action_id: RecordId) -> Done:
    """Take back the removal of an action."""
    with work.activity("plan_action_restored") as act:
        return act.done(action_id, act.restore(safety_action, action_id))


def check_action(details: ActionDetails) -> None:
    """Raises Invalid for an action without words or without a part of the plan."""
    problems: dict[str, str] = {}
    if not details.text.strip():
        problems["text"] = "Write what is to be done."
    if not details.section:
        problems["section"] = "Choose the part of the plan."
    if problems:
        raise Invalid("The action was not saved yet. What you typed is still here.", problems)


def _refuse_old(act: Activity, plan_id: RecordId) -> RowMapping:
    plan = act.row(safety_plan, plan_id)
    if plan["status"] != "current":
        raise Blocked("This is an older version of the plan and stays as it was. Change the current one.")
    return plan
