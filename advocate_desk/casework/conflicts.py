"""What two people said differently of one thing, apart from each other: counted, decided by one of them, taken back.

A decision is one act: the value is set, what follows from it is counted again, and the conflict is closed. What was not
chosen stays in the conflict, which is a record of the file as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Table, select, update

from advocate_desk.casework import bail, files, follow_up, hearings, people, plans, risk, tasks
from advocate_desk.casework.intake import ConsentDetails
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.days import long_day
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid, Refused
from advocate_desk.store.queries import conflicts
from advocate_desk.store.queries.conflicts import DELETED, Conflict, Fields
from advocate_desk.store.tables.base import metadata, record_tables
from advocate_desk.store.tables.exchange import conflict

OURS, THEIRS, COMBINED, STANDING = "ours", "theirs", "combined", "standing"
NOT_DECIDED = "This was not decided yet. What you typed is still here."
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class Earlier:
    """How a conflict record stood before an act."""

    conflict_id: RecordId
    decided_at: datetime | None
    decided_by: str
    decision: str


@dataclass(frozen=True, slots=True)
class Decided(Done):
    """What was decided, and what it needs to be taken back. `stood` is None where it cannot be."""

    kind: str = ""
    chosen: Fields = field(default_factory=dict)
    stood: Fields | None = None
    earlier: tuple[Earlier, ...] = ()


def count_open(work: Work, *, only_critical: bool = False) -> Mapping[UUID, int]:
    """How many fields, or groups of fields, wait for a decision, by file; files with none are left out."""
    return work.read(conflicts.count_open, only_critical=only_critical)


def joined(texts: Iterable[str]) -> str:
    """Different texts as one, each on lines of its own, a text that another one contains left out."""
    found: list[str] = []
    for text in (each.strip() for each in texts):
        if text and not any(text in other for other in found):
            found = [*(other for other in found if other not in text), text]
    return "\n".join(found)


def decide(work: Work, ids: Sequence[UUID], chosen: Fields | None, *, again: bool = False) -> Decided:
    """Let `chosen`, values by column, stand for the field or group that these conflict records tell of.

    None leaves the record as it is now. `again` decides anew what was decided already. Raises Refused where it was
    decided meanwhile or the record is gone, and Invalid where a typed value is not acceptable.
    """
    with work.activity("conflict_decided") as act:
        one = _still(act, ids, again=again)
        table = metadata.tables[one.kind]
        values = dict(chosen) if chosen is not None else None
        if one.is_gone and values is not None:
            raise Refused("This record was taken out of the file since. Nothing was changed.")
        if values is not None:
            _refuse_strange(one, values)
            values = _checked(act, one, table, values)
        can_undo = _write(act, work, one, table, values) if values is not None else True
        earlier = _close(act, one, values)
        act.touch(one.kind, one.file_id)
        act.audit("conflict_decided", one.file_id, one.kind, one.about_id, fields=list(one.fields), again=again)
        stood = {name: one.stands[name] for name in one.fields} if one.stands is not None and can_undo else None
        return Decided(
            RecordId(one.about_id),
            FileId(one.file_id),
            frozenset(act.kinds),
            one.kind,
            values or {},
            stood if values is not None else {},
            earlier if can_undo else (),
        )


def take_back(work: Work, decided: Decided) -> Done:
    """Undo a decision: what stood before stands again, and the conflict is as it was. Raises Refused."""
    with work.activity("conflict_reopened", decided.file_id) as act:
        if decided.record_id is None or decided.stood is None:
            raise Refused("This decision is final: it did more than set a value. Change the record itself instead.")
        table = metadata.tables[decided.kind]
        if decided.stood:
            now = act.conn.execute(select(table).where(table.c.id == decided.record_id)).mappings().one_or_none()
            if now is None or any(now[name] != value for name, value in decided.chosen.items() if name != DELETED):
                raise Refused("This was changed again since, so the decision stays. Change the record itself instead.")
            _put(act, table, decided.record_id, decided.stood)
            _follow(act, decided.kind, decided.record_id, decided.stood)
        for each in decided.earlier:
            values = {"decided_at": each.decided_at, "decided_by": each.decided_by, "decision": each.decision}
            act.update(conflict, each.conflict_id, values)
        act.audit("conflict_reopened", decided.file_id, decided.kind, decided.record_id)
        return act.done(decided.record_id, decided.file_id)


def record_shown(work: Work, file_id: FileId, kind: str, about_id: RecordId, reason: str = "") -> None:
    """Put on record that covered values of a conflict were looked at, and why where the rule asks for a reason."""
    with work.activity("conflict_shown", file_id) as act:
        act.audit("conflict_shown", file_id, kind, about_id, against_rule=bool(reason.strip()))


def _still(act: Activity, ids: Sequence[UUID], *, again: bool) -> Conflict:
    found = conflicts.conflicts_of(act.conn, ids)
    if len(found) != 1:
        words = "This was changed meanwhile. Nothing was changed by you. Read the page again (F5)."
        raise act.missing(conflict, ids[0], words)
    one = found[0]
    if one.decided_at is not None and not again:
        raise Refused("A colleague has decided this meanwhile. Nothing was changed by you.")
    return one


def _refuse_strange(one: Conflict, values: Fields) -> None:
    if set(values) - set(one.fields):
        raise ValueError("a decision is about the fields of its conflict")


def _checked(act: Activity, one: Conflict, table: Table, values: dict[str, Any]) -> dict[str, Any]:
    """The values to write: as a side said them, or typed, whole and acceptable as the record's own form asks."""
    missing = [name for name in values if values[name] is None and not table.c[name].nullable]
    if missing:
        raise Invalid(NOT_DECIDED, dict.fromkeys(missing, "This is needed before it can be saved."))
    if any(all(side.values.get(name) == value for name, value in values.items()) for side in one.said):
        return values
    row = {**(one.stands or {}), **values}
    if problems := _problems(one.kind, row, act.today):
        raise Invalid(NOT_DECIDED, problems)
    if "told_at" in one.fields:
        values["told_at"] = act.now
    if one.kind == "person" and "name_key" in one.fields:
        made = people.person_row(_details(people.PersonDetails, row))
        values |= {name: made[name] for name in ("name_key", "sort_key")}
    return values


def _details(kind: type[D], row: Fields) -> D:
    return kind(**{each.name: row[each.name] for each in fields(kind)})  # type: ignore[arg-type]


def _problems(kind: str, row: Fields, today: date) -> Mapping[str, str]:
    """What the activity that writes such a record would refuse, by column."""
    try:
        match kind:
            case "hearing":
                return hearings.check_listing(_details(hearings.HearingDetails, row))
            case "bail":
                return bail.check_bail(_details(bail.BailDetails, row), (), today)
            case "condition" if not (row["code"] or row["text"].strip()):
                return {"text": "Choose what the condition is, or write it."}
            case "contact_method":
                return people.check_contact(_details(people.ContactDetails, row))
            case "person":
                return people.check_person(_details(people.PersonDetails, row), today)
            case "consent":
                return files.consent_problems(_details(ConsentDetails, row), today)
            case "safety_action":
                plans.check_action(_details(plans.ActionDetails, row))
            case "task":
                tasks.check_task(_details(tasks.TaskDetails, row))
    except Invalid as error:
        return error.problems
    return {}


def _write(act: Activity, work: Work, one: Conflict, table: Table, values: Fields) -> bool:
    """Set the values; answers whether that can be taken back."""
    about, stands = RecordId(one.about_id), one.stands or {}
    if one.is_file_gone and one.is_removal and values[DELETED] is None:
        _bring_back(act, one.file_id)
        _put(act, table, about, values)
        return False  # taking out this one record again would leave the file without it
    if all(stands[name] == value for name, value in values.items()):
        _follow(act, one.kind, about, values)
        return True
    if one.kind == "risk_assessment" and stands["finalised_at"] is not None and not one.is_removal:
        _amend(act, work, one, values)
        return False
    _put(act, table, about, values)
    _follow(act, one.kind, about, values)
    return True


def _bring_back(act: Activity, file_id: UUID) -> None:
    """Restore a file that was taken out, with all that was taken out with it."""
    file = metadata.tables["client_file"]
    gone_at = act.conn.execute(select(file.c.deleted_at).where(file.c.id == file_id)).scalar_one()
    for table in record_tables():
        own = update(table).where(table.c.file_id == file_id, table.c.deleted_at == gone_at)
        if act.conn.execute(own.values(deleted_at=None, changed_at=act.now)).rowcount:
            act.touch(table.name, file_id)


def _put(act: Activity, table: Table, record_id: RecordId, values: Fields) -> None:
    if DELETED not in values:
        act.update(table, record_id, values)
    elif values[DELETED] is None:
        act.restore(table, record_id)
    else:
        act.remove(table, record_id)


def _amend(act: Activity, work: Work, one: Conflict, values: Fields) -> None:
    """A finished assessment is never edited: what was chosen becomes the amendment that supersedes it."""
    stands = one.stands or {}
    risk.finalise_in(
        act,
        work,
        FileId(one.file_id),
        None,
        stands["instrument_key"],
        {**(values["answers"] or {}), **(values["professional"] or {})},
        completed_on=values["completed_on"] or stands["completed_on"],
        supersedes=RecordId(one.about_id),
        amendment_reason="Two people finished this assessment differently; these answers were chosen.",
    )


def _follow(act: Activity, kind: str, record_id: RecordId, values: Fields) -> None:
    """Tasks that count to a day count to the one that was decided: each side had raised its own."""
    event, day = ("hearing_listed", "hearing_on") if kind == "hearing" else ("bail_recorded", "expires_on")
    if kind not in ("hearing", "bail") or day not in values:
        return
    row = act.row(metadata.tables[kind], record_id)
    if kind == "hearing" and row["outcome"]:
        return
    on = values[day]
    about = f"Hearing of {long_day(on)}." if kind == "hearing" and on is not None else ""
    ahead = on if kind == "bail" or (on is not None and on >= act.today) else None
    follow_up.count_again(act, FileId(row["file_id"]), event, ahead, record_id, about)


def _close(act: Activity, one: Conflict, values: Fields | None) -> tuple[Earlier, ...]:
    """Close every conflict record of the field, each with what was decided of its own two values."""
    earlier = []
    for conflict_id in one.ids:
        row = act.row(conflict, RecordId(conflict_id))
        earlier.append(Earlier(RecordId(conflict_id), row["decided_at"], row["decided_by"], row["decision"]))
        decision = STANDING if values is None else _decision(act, one, row["ours"], row["theirs"], values)
        closed = {"decided_at": act.now, "decided_by": act.actor.name, "decision": decision}
        act.update(conflict, RecordId(conflict_id), closed)
    return tuple(earlier)


def _decision(act: Activity, one: Conflict, ours: Fields, theirs: Fields, values: Fields) -> str:
    table = metadata.tables[one.kind]
    for name, kept in ((OURS, ours), (THEIRS, theirs)):
        side = conflicts.read_values(act.conn, table, one.fields, kept)
        if all(
            side[each] == value or (each == DELETED and None not in (side[each], value))
            for each, value in values.items()
        ):
            return name
    return COMBINED
