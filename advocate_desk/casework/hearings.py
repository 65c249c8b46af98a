"""Hearings: listed, attended, and their outcome recorded, adjourned into the next with the chain kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import RowMapping

from advocate_desk.casework import follow_up
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.days import long_day
from advocate_desk.domain.hearings import can_come_before_its_day, is_delay
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.domain.standards import counted_to, keys_for
from advocate_desk.errors import Invalid
from advocate_desk.store.tables.cases import hearing

LISTING = ("hearing_on", "listed_time", "court_code", "court_name", "courtroom", "kind")
"""When and where a hearing is: what the outcome of the one before it says of it."""


@dataclass(frozen=True, slots=True)
class HearingDetails:
    """A listing. `listed_time` is London time "HH:MM" or ""; `measures` maps a special measure's code to its status."""

    hearing_on: date | None
    listed_time: str = ""
    court_code: str = ""
    court_name: str = ""
    courtroom: str = ""
    kind: str = ""
    attends: tuple[str, ...] = ()
    client_wishes: str = ""
    measures: Mapping[str, str] | None = None
    fact_source: str = ""
    fact_state: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a hearing came to. `next_hearing` is the listing that it was adjourned into, if it was."""

    outcome: str
    outcome_text: str = ""
    client_told_on: date | None = None
    next_hearing: HearingDetails | None = None


def _row(details: HearingDetails) -> dict[str, object]:
    return {
        "hearing_on": details.hearing_on,
        "listed_time": details.listed_time,
        "court_code": details.court_code,
        "court_name": details.court_name,
        "courtroom": details.courtroom,
        "kind": details.kind,
        "attends": list(details.attends),
        "client_wishes": details.client_wishes,
        "measures": dict(details.measures or {}),
        "fact_source": details.fact_source,
        "fact_state": details.fact_state,
    }


def check_listing(details: HearingDetails, prefix: str = "") -> dict[str, str]:
    """Problems by field: no date, or no court."""
    problems: dict[str, str] = {}
    if details.hearing_on is None:
        problems[f"{prefix}hearing_on"] = "Give the date of the hearing."
    if not details.court_name.strip():
        problems[f"{prefix}court"] = "Choose the court, or write its name."
    return problems


def list_hearing(work: Work, file_id: FileId, case_id: RecordId, details: HearingDetails) -> Done:
    """Add a hearing to a case. Raises Invalid."""
    with work.activity("hearing_listed", file_id) as act:
        _refuse(check_listing(details))
        hearing_id = _insert(act, file_id, case_id, details, None)
        act.audit("hearing_listed", file_id, "hearing", hearing_id)
        return act.done(hearing_id, file_id)


def _insert(
    act: Activity, file_id: FileId, case_id: RecordId, details: HearingDetails, adjourned_from: RecordId | None
) -> RecordId:
    row = {**_row(details), "case_id": case_id, "adjourned_from_id": adjourned_from, "told_at": act.now}
    hearing_id = act.insert(hearing, file_id, row)
    if details.hearing_on is not None and details.hearing_on >= act.today:
        about = _about(details.hearing_on)
        follow_up.after(act, file_id, "hearing_listed", day=details.hearing_on, origin_id=hearing_id, about=about)
    return hearing_id


def _about(day: date) -> str:
    return f"Hearing of {long_day(day)}."


def change_hearing(work: Work, hearing_id: RecordId, details: HearingDetails) -> Done:
    """Change a listing. A later day counts as a delay; what counts to the day moves with it. Raises Invalid."""
    with work.activity("hearing_changed") as act:
        _refuse(check_listing(details))
        before = act.row(hearing, hearing_id)
        file_id = act.update(hearing, hearing_id, {**_row(details), "told_at": act.now})
        moved = details.hearing_on is not None and details.hearing_on > before["hearing_on"]
        if not before["outcome"]:  # the listing of a hearing that was held is only put right
            _follow_day(act, file_id, before, details.hearing_on)
            if moved:
                about = _about(before["hearing_on"])
                follow_up.after(act, file_id, "hearing_delayed", day=act.today, origin_id=hearing_id, about=about)
        act.audit("hearing_changed", file_id, "hearing", hearing_id, moved=moved)
        return act.done(hearing_id, file_id)


def _follow_day(act: Activity, file_id: FileId, before: RowMapping, day: date | None) -> None:
    """Move what counts to the day of a hearing that is still to come; an earlier day is told at once."""
    if day is None or day == before["hearing_on"]:
        return
    ahead, about = day if day >= act.today else None, _about(day)
    follow_up.count_again(act, file_id, "hearing_listed", ahead, before["id"], about)
    if act.today <= day < before["hearing_on"]:
        follow_up.after(act, file_id, "hearing_earlier", day=act.today, origin_id=before["id"], about=about)


def record_outcome(work: Work, hearing_id: RecordId, outcome: Outcome) -> Done:
    """Record what a hearing came to, or put it right, and list the next one, in one act. Raises Invalid.

    A next hearing that is listed already has its listing changed. Answers with the next hearing's id where one is
    given, else with this one's.
    """
    with work.activity("outcome_recorded") as act:
        before = act.row(hearing, hearing_id)
        following = _following(act, hearing_id)
        _refuse(_check_outcome(outcome, before, following, act))
        values: dict[str, object] = {
            "outcome": outcome.outcome,
            "outcome_text": outcome.outcome_text,
            "client_told_on": outcome.client_told_on,
        }
        if not before["outcome"]:
            values["outcome_recorded_at"] = act.now
        file_id = act.update(hearing, hearing_id, values)
        answer = hearing_id
        if outcome.next_hearing is not None:
            answer = _list_next(act, file_id, before, following, outcome.next_hearing)
        _follow_outcome(act, file_id, before, outcome)
        kind = "outcome_corrected" if before["outcome"] else "outcome_recorded"
        act.audit(kind, file_id, "hearing", hearing_id, outcome=outcome.outcome)
        return act.done(answer, file_id)


def _following(act: Activity, hearing_id: RecordId) -> RowMapping | None:
    """The hearing that this one was adjourned into, where it is listed already."""
    return (
        act.conn.execute(
            hearing.select()
            .where(hearing.c.adjourned_from_id == hearing_id, hearing.c.deleted_at.is_(None))
            .order_by(hearing.c.created_at.desc())
        )
        .mappings()
        .first()
    )


def _list_next(
    act: Activity, file_id: FileId, before: RowMapping, following: RowMapping | None, details: HearingDetails
) -> RecordId:
    """List the next hearing; of one that is listed already, change when and where, and leave what is its own."""
    if following is None:
        return _insert(act, file_id, RecordId(before["case_id"]), details, RecordId(before["id"]))
    next_id = RecordId(following["id"])
    row = _row(details)
    act.update(hearing, next_id, {**{name: row[name] for name in LISTING}, "told_at": act.now})
    if not following["outcome"]:
        _follow_day(act, file_id, following, details.hearing_on)
    return next_id


def _follow_outcome(act: Activity, file_id: FileId, before: RowMapping, outcome: Outcome) -> None:
    """Tasks that an outcome raises and closes: of a delay only where the case was put off, and once."""
    hearing_id, about = RecordId(before["id"]), _about(before["hearing_on"])
    standards, outcomes = act.packs.contact_standards(), act.packs.hearing_outcomes()
    follow_up.call_off(act, file_id, hearing_id, counted_to(standards, "hearing_listed"))
    was_delay = is_delay(outcomes, before["outcome"])
    if is_delay(outcomes, outcome.outcome):
        if not was_delay:
            follow_up.after(act, file_id, "hearing_delayed", day=act.today, origin_id=hearing_id, about=about)
    elif was_delay:
        follow_up.call_off(act, file_id, hearing_id, keys_for(standards, "hearing_delayed"))
    if outcome.client_told_on is not None:
        follow_up.fulfil(act, file_id, "outcome_told", hearing_id)
    else:
        follow_up.after(act, file_id, "outcome_recorded", day=act.today, origin_id=hearing_id, about=about)


def _check_outcome(outcome: Outcome, before: RowMapping, following: RowMapping | None, act: Activity) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not outcome.outcome:
        problems["outcome"] = "Choose what the hearing came to."
    elif before["hearing_on"] > act.today and not can_come_before_its_day(
        act.packs.hearing_outcomes(), outcome.outcome
    ):
        problems["outcome"] = (
            f"This hearing is listed for {long_day(before['hearing_on'])}. Until then it can only be taken out of the "
            "list; if its day has moved, change the hearing."
        )
    if outcome.client_told_on is not None and outcome.client_told_on > act.today:
        problems["client_told_on"] = "This date is in the future."
    if outcome.next_hearing is not None:
        problems |= check_listing(outcome.next_hearing, "next_")
        next_on = outcome.next_hearing.hearing_on
        is_as_it_was = following is not None and following["hearing_on"] == next_on
        if next_on is not None and next_on < act.today and not is_as_it_was:
            problems["next_hearing_on"] = "The next hearing cannot lie in the past."
    return problems


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise Invalid("The hearing was not saved yet. What you typed is still here.", problems)
