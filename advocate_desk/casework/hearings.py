"""Hearings: listed, attended, and their outcome recorded, adjourned into the next with the chain kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from advocate_desk.casework import follow_up
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.tables.cases import hearing


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


def _check(details: HearingDetails, prefix: str = "") -> dict[str, str]:
    problems: dict[str, str] = {}
    if details.hearing_on is None:
        problems[f"{prefix}hearing_on"] = "Give the date of the hearing."
    if not details.court_name.strip():
        problems[f"{prefix}court"] = "Choose the court, or write its name."
    return problems


def list_hearing(work: Work, file_id: FileId, case_id: RecordId, details: HearingDetails) -> Done:
    """Add a hearing to a case. Raises Invalid."""
    with work.activity("hearing_listed", file_id) as act:
        _refuse(_check(details))
        hearing_id = _insert(act, file_id, case_id, details, None)
        act.audit("hearing_listed", file_id, "hearing", hearing_id)
        return act.done(hearing_id, file_id)


def _insert(
    act: Activity, file_id: FileId, case_id: RecordId, details: HearingDetails, adjourned_from: RecordId | None
) -> RecordId:
    row = {**_row(details), "case_id": case_id, "adjourned_from_id": adjourned_from, "told_at": act.now}
    hearing_id = act.insert(hearing, file_id, row)
    if details.hearing_on is not None and details.hearing_on >= act.today:
        follow_up.after(act, file_id, "hearing_listed", day=details.hearing_on, origin_id=hearing_id)
    return hearing_id


def change_hearing(work: Work, hearing_id: RecordId, details: HearingDetails) -> Done:
    """Change a listing. A change of day counts as a delay, with its follow-up. Raises Invalid."""
    with work.activity("hearing_changed") as act:
        _refuse(_check(details))
        before = act.row(hearing, hearing_id)
        file_id = act.update(hearing, hearing_id, {**_row(details), "told_at": act.now})
        moved = details.hearing_on is not None and details.hearing_on > before["hearing_on"]
        if moved:
            follow_up.after(act, file_id, "hearing_delayed", day=act.today, origin_id=hearing_id)
        act.audit("hearing_changed", file_id, "hearing", hearing_id, moved=moved)
        return act.done(hearing_id, file_id)


def record_outcome(work: Work, hearing_id: RecordId, outcome: Outcome) -> Done:
    """Record what a hearing came to and list the next one, in one act. Raises Invalid.

    Answers with the next hearing's id where there is one, else with this one's.
    """
    with work.activity("outcome_recorded") as act:
        _refuse(_check_outcome(outcome, act))
        before = act.row(hearing, hearing_id)
        file_id = act.update(
            hearing,
            hearing_id,
            {
                "outcome": outcome.outcome,
                "outcome_text": outcome.outcome_text,
                "outcome_recorded_at": act.now,
                "client_told_on": outcome.client_told_on,
            },
        )
        answer = hearing_id
        if outcome.next_hearing is not None:
            answer = _insert(act, file_id, RecordId(before["case_id"]), outcome.next_hearing, hearing_id)
            follow_up.after(act, file_id, "hearing_delayed", day=act.today, origin_id=answer)
        if outcome.client_told_on is not None:
            follow_up.fulfil(act, file_id, "outcome_told")
        else:
            follow_up.after(act, file_id, "outcome_recorded", day=act.today, origin_id=hearing_id)
        act.audit("outcome_recorded", file_id, "hearing", hearing_id, outcome=outcome.outcome)
        return act.done(answer, file_id)


def _check_outcome(outcome: Outcome, act: Activity) -> dict[str, str]:
    problems: dict[str, str] = {}
    if not outcome.outcome:
        problems["outcome"] = "Choose what the hearing came to."
    if outcome.next_hearing is not None:
        problems |= _check(outcome.next_hearing, "next_")
        next_on = outcome.next_hearing.hearing_on
        if next_on is not None and next_on < act.today:
            problems["next_hearing_on"] = "The next hearing cannot lie in the past."
    return problems


def _refuse(problems: dict[str, str]) -> None:
    if problems:
        raise Invalid("The hearing was not saved yet. What you typed is still here.", problems)
