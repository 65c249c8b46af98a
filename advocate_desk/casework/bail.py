"""Bail, its conditions and their breaches."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from advocate_desk.casework import follow_up
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.tables.cases import bail, breach, condition


@dataclass(frozen=True, slots=True)
class ConditionDetails:
    """One condition: its code, and its terms in words. Address terms must not reveal where the client is safe."""

    code: str
    text: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    fact_source: str = ""
    fact_state: str = ""


@dataclass(frozen=True, slots=True)
class BailDetails:
    """Bail before or after charge. `period` is a step of the bail periods; `expires_on` is as told, or as computed."""

    kind: str
    arrested_on: date | None = None
    started_on: date | None = None
    expires_on: date | None = None
    period: str = ""
    is_clock_paused: bool = False
    note: str = ""
    fact_source: str = ""
    fact_state: str = ""


@dataclass(frozen=True, slots=True)
class BreachDetails:
    """A breach as reported. Moments are aware."""

    occurred_at: datetime | None
    text: str
    condition_id: RecordId | None = None
    evidence: str = ""
    reported_at: datetime | None = None
    police_ref: str = ""
    action_taken: str = ""
    is_charged: bool = False


def _check(details: BailDetails, conditions: tuple[ConditionDetails, ...], today: date) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not details.kind:
        problems["kind"] = "Choose what kind of bail it is."
    if details.arrested_on and details.arrested_on > today:
        problems["arrested_on"] = "This date is in the future."
    if details.expires_on and details.started_on and details.expires_on < details.started_on:
        problems["expires_on"] = "It would end before it starts."
    if any(not (one.code or one.text.strip()) for one in conditions):
        problems["conditions"] = "Choose what each condition is, or write it."
    return problems


def record_bail(
    work: Work, file_id: FileId, case_id: RecordId, details: BailDetails, conditions: tuple[ConditionDetails, ...]
) -> Done:
    """Record bail with its conditions, in one act. Raises Invalid."""
    with work.activity("bail_recorded", file_id) as act:
        _refuse(_check(details, conditions, act.today))
        bail_id = act.insert(bail, file_id, {**asdict(details), "case_id": case_id, "told_at": act.now})
        for one in conditions:
            _insert_condition(act, file_id, bail_id, one)
        follow_up.after(act, file_id, "bail_recorded", day=details.expires_on, origin_id=bail_id)
        act.audit("bail_recorded", file_id, "bail", bail_id, conditions=len(conditions))
        return act.done(bail_id, file_id)


def _insert_condition(act: Activity, file_id: FileId, bail_id: RecordId, details: ConditionDetails) -> RecordId:
    return act.insert(condition, file_id, {**asdict(details), "bail_id": bail_id, "told_at": act.now})


def change_bail(
    work: Work,
    bail_id: RecordId,
    details: BailDetails,
    conditions: tuple[tuple[RecordId | None, ConditionDetails], ...],
) -> Done:
    """Change bail and its conditions. One that is left out is ended today, not erased: it was in force.

    Raises Invalid.
    """
    with work.activity("bail_changed") as act:
        _refuse(_check(details, tuple(each for _, each in conditions), act.today))
        file_id = act.update(bail, bail_id, {**asdict(details), "told_at": act.now})
        given = {condition_id for condition_id, _ in conditions}
        rows = act.conn.execute(
            condition.select().where(
                condition.c.bail_id == bail_id, condition.c.ended_on.is_(None), condition.c.deleted_at.is_(None)
            )
        ).mappings()
        for left_out in [row["id"] for row in rows if row["id"] not in given]:
            act.update(condition, left_out, {"ended_on": act.today})
        for condition_id, one in conditions:
            if condition_id is None:
                _insert_condition(act, file_id, bail_id, one)
            else:
                act.update(condition, condition_id, {**asdict(one), "told_at": act.now})
        follow_up.after(act, file_id, "conditions_changed", day=act.today, origin_id=bail_id)
        act.audit("bail_changed", file_id, "bail", bail_id, conditions=len(conditions))
        return act.done(bail_id, file_id)


def end_bail(work: Work, bail_id: RecordId, ended_on: date, reason: str) -> Done:
    """Bail has ended, and its conditions with it. Raises Invalid."""
    with work.activity("bail_ended") as act:
        problems: dict[str, str] = {}
        if not reason:
            problems["end_reason"] = "Choose why it ended."
        if ended_on > act.today:
            problems["ended_on"] = "This date is in the future: until then the bail is in force."
        _refuse(problems)
        file_id = act.update(bail, bail_id, {"ended_on": ended_on, "end_reason": reason})
        follow_up.after(act, file_id, "bail_ended", day=act.today, origin_id=bail_id)
        act.audit("bail_ended", file_id, "bail", bail_id, reason=reason)
        return act.done(bail_id, file_id)


def record_breach(work: Work, bail_id: RecordId, details: BreachDetails) -> Done:
    """Record a breach; the same-day report, the plan review and the Marac thought become tasks. Raises Invalid."""
    with work.activity("breach_recorded") as act:
        problems: dict[str, str] = {}
        if not details.text.strip():
            problems["text"] = "Say what happened, in a sentence or more."
        if details.occurred_at is None:
            problems["occurred_at"] = "Give the day and time, as near as it is known."
        elif details.occurred_at > act.now:
            problems["occurred_at"] = "This is in the future."
        _refuse(problems)
        file_id = FileId(act.row(bail, bail_id)["file_id"])
        breach_id = act.insert(breach, file_id, {**asdict(details), "bail_id": bail_id})
        follow_up.after(act, file_id, "breach", day=act.today, origin_id=breach_id, facts=_told(details))
        act.audit("breach_recorded", file_id, "breach", breach_id, reported=details.reported_at is not None)
        return act.done(breach_id, file_id)


def _told(details: BreachDetails) -> tuple[str, ...]:
    return ("breach_reported",) if details.reported_at else ()


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise Invalid("This was not saved yet. What you typed is still here.", problems)
