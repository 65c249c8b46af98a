"""Bail, its conditions and their breaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_

from advocate_desk.casework import follow_up
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.clock import in_london
from advocate_desk.domain.bail import period_end
from advocate_desk.domain.days import long_day
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.tables.cases import bail, breach, condition

TERMS = ("code", "text", "started_on", "ended_on")
"""What a condition says. Who told us of it, and how sure it is, is no news to the client."""


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
    """Bail before or after charge. `period` is a step of the bail periods.

    `expires_on` is the last day as told. Without it, bail before charge has its period counted from the arrest, and
    the record says that it was counted.
    """

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


def check_bail(details: BailDetails, conditions: tuple[ConditionDetails, ...], today: date) -> dict[str, str]:
    """Problems by field: no kind, days in the wrong order, a condition that says nothing."""
    problems: dict[str, str] = {}
    if not details.kind:
        problems["kind"] = "Choose what kind of bail it is."
    if details.arrested_on and details.arrested_on > today:
        problems["arrested_on"] = "This date is in the future."
    if details.expires_on and details.started_on and details.expires_on < details.started_on:
        problems["expires_on"] = "It would end before it starts."
    if any(not (one.code or one.text.strip()) for one in conditions):
        problems["conditions"] = "Choose what each condition is, or write it."
    if any(one.started_on and one.ended_on and one.ended_on < one.started_on for one in conditions):
        problems["conditions"] = "A condition would end before it starts."
    return problems


def _row(details: BailDetails, act: Activity) -> dict[str, Any]:
    """The columns. An end that nobody told is counted, every time anew, and marked as counted."""
    ends_on = details.expires_on
    if ends_on is None and details.kind == "bail_precharge" and details.arrested_on is not None:
        found = period_end(details.arrested_on, details.period, act.packs.bail_periods(), details.is_clock_paused)
        ends_on = found.ends_on if found else None
    is_counted = details.expires_on is None and ends_on is not None
    return {**asdict(details), "expires_on": ends_on, "is_expiry_counted": is_counted, "told_at": act.now}


def record_bail(
    work: Work, file_id: FileId, case_id: RecordId, details: BailDetails, conditions: tuple[ConditionDetails, ...]
) -> Done:
    """Record bail with its conditions, in one act. Raises Invalid."""
    with work.activity("bail_recorded", file_id) as act:
        _refuse(check_bail(details, conditions, act.today))
        row = _row(details, act)
        bail_id = act.insert(bail, file_id, {**row, "case_id": case_id})
        for one in conditions:
            _insert_condition(act, file_id, bail_id, one)
        follow_up.after(act, file_id, "bail_recorded", day=row["expires_on"], origin_id=bail_id)
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

    A new last day moves the days on which to ask the officer. Raises Invalid.
    """
    with work.activity("bail_changed") as act:
        _refuse(check_bail(details, tuple(each for _, each in conditions), act.today))
        before, row = act.row(bail, bail_id), _row(details, act)
        file_id = act.update(bail, bail_id, row)
        if row["expires_on"] != before["expires_on"]:
            follow_up.count_again(act, file_id, "bail_recorded", row["expires_on"], bail_id)
        is_news = _change_conditions(act, file_id, bail_id, conditions)
        if is_news or row["expires_on"] != before["expires_on"]:
            follow_up.after(act, file_id, "conditions_changed", day=act.today, origin_id=bail_id)
        act.audit("bail_changed", file_id, "bail", bail_id, conditions=len(conditions))
        return act.done(bail_id, file_id)


def _change_conditions(
    act: Activity, file_id: FileId, bail_id: RecordId, given: Iterable[tuple[RecordId | None, ConditionDetails]]
) -> bool:
    """Write the conditions as given, ending those left out. Answers whether what binds has changed."""
    rows = act.conn.execute(
        condition.select().where(
            condition.c.bail_id == bail_id,
            or_(condition.c.ended_on.is_(None), condition.c.ended_on > act.today),
            condition.c.deleted_at.is_(None),
        )
    ).mappings()
    standing = {RecordId(row["id"]): row for row in rows}
    is_news = False
    for condition_id, one in given:
        if condition_id is None:
            _insert_condition(act, file_id, bail_id, one)
            is_news = True
            continue
        before = standing.pop(condition_id, None)
        is_news = is_news or before is None or any(before[name] != getattr(one, name) for name in TERMS)
        act.update(condition, condition_id, {**asdict(one), "told_at": act.now})
    for condition_id, row in standing.items():
        act.update(condition, condition_id, {"ended_on": max(act.today, row["started_on"] or act.today)})
    return is_news or bool(standing)


def end_bail(work: Work, bail_id: RecordId, ended_on: date, reason: str) -> Done:
    """Bail has ended, and its conditions with it; what was still to be asked or told about it is closed.

    Raises Invalid, also for bail that has ended already.
    """
    with work.activity("bail_ended") as act:
        before = act.row(bail, bail_id)
        began = before["started_on"] or before["arrested_on"]
        problems: dict[str, str] = {}
        if not reason:
            problems["end_reason"] = "Choose why it ended."
        if before["ended_on"] is not None:
            problems["ended_on"] = f"This bail is recorded as ended already, on {long_day(before['ended_on'])}."
        elif ended_on > act.today:
            problems["ended_on"] = "This date is in the future: until then the bail is in force."
        elif began is not None and ended_on < began:
            problems["ended_on"] = f"This is before the bail began, on {long_day(began)}."
        _refuse(problems)
        file_id = act.update(bail, bail_id, {"ended_on": ended_on, "end_reason": reason})
        follow_up.call_off(act, file_id, bail_id)
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
        about = f"Breach of {in_london(details.occurred_at):%d/%m/%Y at %H:%M}." if details.occurred_at else ""
        follow_up.after(act, file_id, "breach", day=act.today, origin_id=breach_id, facts=_told(details), about=about)
        act.audit("breach_recorded", file_id, "breach", breach_id, reported=details.reported_at is not None)
        return act.done(breach_id, file_id)


def _told(details: BreachDetails) -> tuple[str, ...]:
    return ("breach_reported",) if details.reported_at else ()


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise Invalid("This was not saved yet. What you typed is still here.", problems)
