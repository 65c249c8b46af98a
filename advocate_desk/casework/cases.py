"""The criminal case: force, reference, officer, offences, and its stages from report to court."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import func, select

from advocate_desk.casework import follow_up
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.cases import victim_supported
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.tables.cases import charge, criminal_case, hearing, stage_event

DENIED = ("not_guilty", "mixed")
"""Pleas after which special measures have a time limit."""
DENIED_AT = {"not_guilty_magistrates", "not_guilty_crown"}
"""The triggers of that limit, by court."""


@dataclass(frozen=True, slots=True)
class CaseDetails:
    """What the police know it by. One case for one perpetrator and one set of incidents."""

    relationship_id: RecordId | None = None
    force: str = ""
    crime_ref: str = ""
    urn: str = ""
    officer_name: str = ""
    officer_contact: str = ""
    reported_on: date | None = None
    offence_on: date | None = None
    stage: str = "reported"
    note: str = ""


@dataclass(frozen=True, slots=True)
class OffenceDetails:
    """One offence of the case, alleged or charged. `offence_code` is a CJS code or "" for one in words only.

    Without `plea_on` a plea counts from the last hearing up to today.
    """

    offence_code: str
    offence_title: str
    is_charged: bool = False
    charged_on: date | None = None
    plea: str = ""
    result: str = ""
    plea_on: date | None = None


@dataclass(frozen=True, slots=True)
class StageDetails:
    """A step of the case: what, when, who said so."""

    stage: str
    happened_on: date | None
    text: str = ""
    client_told_on: date | None = None
    fact_source: str = ""
    fact_state: str = ""
    outcome_code: str = ""


def _check(details: CaseDetails, offences: tuple[OffenceDetails, ...], today: date) -> None:
    problems: dict[str, str] = {}
    if any(each.plea_on is not None and each.plea_on > today for each in offences):
        problems["offences"] = "A plea is dated in the future."
    if details.reported_on and details.reported_on > today:
        problems["reported_on"] = "This date is in the future."
    if details.offence_on and details.offence_on > today:
        problems["offence_on"] = "This date is in the future."
    if not (details.force or details.crime_ref or details.urn or details.officer_name or details.reported_on):
        problems["force"] = "Give the force, a reference, the officer or the day of the report: one is enough."
    if problems:
        raise Invalid("The case was not saved yet. What you typed is still here.", problems)


def open_case(work: Work, file_id: FileId, details: CaseDetails, offences: tuple[OffenceDetails, ...] = ()) -> Done:
    """Add a criminal case to the file, with its first stage and offences. Raises Invalid."""
    with work.activity("case_opened", file_id) as act:
        _check(details, offences, act.today)
        case_id = act.insert(criminal_case, file_id, asdict(details))
        _replace_offences(act, file_id, case_id, offences)
        first = details.reported_on or act.today
        act.insert(
            stage_event, file_id, {"case_id": case_id, "stage": details.stage, "happened_on": first, "told_at": act.now}
        )
        if details.reported_on:
            follow_up.after(act, file_id, "report", day=details.reported_on, origin_id=case_id)
        act.audit("case_opened", file_id, "criminal_case", case_id, offences=len(offences))
        return act.done(case_id, file_id)


def change_case(work: Work, case_id: RecordId, details: CaseDetails, offences: tuple[OffenceDetails, ...]) -> Done:
    """Change the case and its list of offences: those not given any more are marked deleted. Raises Invalid."""
    with work.activity("case_changed") as act:
        _check(details, offences, act.today)
        file_id = act.update(criminal_case, case_id, asdict(details))
        _replace_offences(act, file_id, case_id, offences)
        act.audit("case_changed", file_id, "criminal_case", case_id)
        return act.done(case_id, file_id)


def _replace_offences(act: Activity, file_id: FileId, case_id: RecordId, offences: tuple[OffenceDetails, ...]) -> None:
    found = act.conn.execute(
        charge.select().where(charge.c.case_id == case_id, charge.c.deleted_at.is_(None)).order_by(charge.c.id)
    ).mappings()
    rows = list(found)
    there = defaultdict(list)  # lists: one offence may be charged in several counts
    for row in rows:
        there[row["offence_code"], row["offence_title"]].append(row)
    for one in offences:
        counts = there[one.offence_code, one.offence_title]
        known = counts.pop(0) if counts else None
        if known is None:
            act.insert(charge, file_id, {**asdict(one), "case_id": case_id})
        else:
            act.update(charge, known["id"], asdict(one))
    for gone in itertools.chain.from_iterable(there.values()):
        act.remove(charge, gone["id"])
    before = [row["plea_on"] for row in rows if row["plea"] in DENIED]
    now = [each.plea_on for each in offences if each.plea in DENIED]
    if Counter(before) != Counter(now):
        _follow_pleas(act, file_id, case_id, now)


def _follow_pleas(act: Activity, file_id: FileId, case_id: RecordId, denied_on: list[date | None]) -> None:
    """The time limits that a plea of not guilty sets going, from the earliest of these pleas; none without a plea.

    A plea whose day nobody recorded counts from the last hearing, where pleas are taken; without any, from today.
    """
    limits = [clock.key for clock in act.packs.clocks().clock if set(clock.after) & DENIED_AT]
    follow_up.call_off(act, file_id, case_id, limits)
    if not denied_on:
        return
    told = [day for day in denied_on if day is not None]
    on = min(told) if told else (_last_hearing_on(act, case_id) or act.today)
    unsure = "" if told else "The day of the plea is not recorded: give it with the offence."
    follow_up.deadlines(act, file_id, f"not_guilty_{_court(act, case_id, on)}", on, case_id, unsure)


def _last_hearing_on(act: Activity, case_id: RecordId) -> date | None:
    return act.conn.execute(
        select(func.max(hearing.c.hearing_on)).where(
            hearing.c.case_id == case_id, hearing.c.deleted_at.is_(None), hearing.c.hearing_on <= act.today
        )
    ).scalar()


def _court(act: Activity, case_id: RecordId, on: date) -> str:
    """Where the case was on a day, "crown" or "magistrates": the kind of court of its last hearing up to then."""
    code = act.conn.execute(
        select(hearing.c.court_code)
        .where(hearing.c.case_id == case_id, hearing.c.deleted_at.is_(None), hearing.c.hearing_on <= on)
        .order_by(hearing.c.hearing_on.desc())
    ).scalar()
    court = act.packs.court(code or "")
    return "crown" if court is not None and court.kind == "crown" else "magistrates"


def record_stage(work: Work, case_id: RecordId, details: StageDetails) -> Done:
    """Record a step of the case and move the case to it; an outcome code says how the client stood. Raises Invalid."""
    with work.activity("stage_recorded") as act:
        if not details.stage:
            raise Invalid("The stage was not saved yet.", {"stage": "Choose the stage."})
        if details.happened_on is not None and details.happened_on > act.today:
            raise Invalid("The stage was not saved yet.", {"happened_on": "This date is in the future."})
        values: dict[str, object] = {"stage": details.stage}
        if details.outcome_code:
            values |= {"outcome_code": details.outcome_code, "outcome_on": details.happened_on or act.today}
            supported = victim_supported(act.packs.outcome_codes(), details.outcome_code)
            if supported is not None:
                values["victim_supported"] = supported
        file_id = act.update(criminal_case, case_id, values)
        row = asdict(details)
        del row["outcome_code"]
        event_id = act.insert(stage_event, file_id, {**row, "case_id": case_id, "told_at": act.now})
        _follow_stage(act, file_id, case_id, details)
        act.audit("stage_recorded", file_id, "stage_event", event_id, stage=details.stage)
        return act.done(event_id, file_id)


def _follow_stage(act: Activity, file_id: FileId, case_id: RecordId, details: StageDetails) -> None:
    """Tasks and time limits that a step sets going. Reviews count from the day on which the client was told."""
    on = details.happened_on or act.today
    if details.stage == "closed_no_charge":
        follow_up.after(act, file_id, "no_further_action", day=on, origin_id=case_id)
        code = next((each for each in act.packs.outcome_codes().outcome if each.key == details.outcome_code), None)
        if details.client_told_on is not None and (code is None or code.review != "usually_not"):
            who = "cps" if details.fact_source == "cps" else "police"
            follow_up.deadlines(act, file_id, f"nfa_{who}", details.client_told_on, case_id)
    elif details.stage == "sentenced":
        follow_up.deadlines(act, file_id, f"sentence_{_court(act, case_id, on)}", on, case_id)
    elif details.stage in ("charged", "convicted"):
        follow_up.after(act, file_id, details.stage, day=on, origin_id=case_id)
