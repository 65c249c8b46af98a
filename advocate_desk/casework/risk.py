"""Risk assessments: begun, left half done, resumed, finalised; after that only an amendment supersedes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from advocate_desk.casework import follow_up
from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.domain.marac import circumstances_from, marac_criteria
from advocate_desk.domain.risk import GRADES, Finding, Instrument, assess, effective_grade
from advocate_desk.errors import Blocked, Invalid
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.people import relationship
from advocate_desk.store.tables.risk import risk_assessment


@dataclass(frozen=True, slots=True)
class Judged:
    """What an assessment comes to: the finding, the Marac criteria met, and the grade that stands."""

    finding: Finding
    criteria: tuple[str, ...]
    grade: str
    refusal: str
    needs_reason: bool


def judge(instrument: Instrument, values: Mapping[str, Any], on: date, work: Work) -> Judged:
    """What these form values come to on the day `on`; they may be half done."""
    finding = assess(instrument, values)
    criteria = marac_criteria(finding, circumstances_from(values), on, work.packs.marac_rules())
    grading = effective_grade(finding, str(values.get("professional_grading") or ""))
    return Judged(finding, criteria, grading.grade, grading.refusal, grading.needs_reason)


def keep_progress(
    work: Work,
    file_id: FileId,
    assessment_id: RecordId | None,
    instrument_key: str,
    values: Mapping[str, Any],
    *,
    supersedes: RecordId | None = None,
    amendment_reason: str = "",
) -> Done:
    """Keep an assessment, or an amendment of the final one `supersedes`, as far as it is, to be resumed later."""
    with work.activity("assessment_kept", file_id) as act:
        assessment_id = _write(act, file_id, assessment_id, work.packs.instrument(instrument_key), values)
        if supersedes is not None:
            amended = {"supersedes_id": supersedes, "amendment_reason": amendment_reason.strip()}
            act.update(risk_assessment, assessment_id, amended)
        act.audit("assessment_kept", file_id, "risk_assessment", assessment_id)
        return act.done(assessment_id, file_id)


def _write(
    act: Activity, file_id: FileId, assessment_id: RecordId | None, instrument: Instrument, values: Mapping[str, Any]
) -> RecordId:
    items = {item.key for item in instrument.item}
    row: dict[str, Any] = {
        "instrument_key": instrument.key,
        "instrument_version": instrument.version,
        "answers": {key: value for key, value in values.items() if key in items},
        "professional": {key: value for key, value in values.items() if key not in items},
    }
    if assessment_id is not None:
        if act.row(risk_assessment, assessment_id)["finalised_at"] is not None:
            raise Blocked("This assessment is final and stays as it was. Make an amendment, which supersedes it.")
        act.update(risk_assessment, assessment_id, row)
        return assessment_id
    link = act.conn.execute(
        select(relationship.c.id)
        .where(relationship.c.file_id == file_id, relationship.c.deleted_at.is_(None))
        .order_by(relationship.c.created_at)
    ).scalar()
    return act.insert(risk_assessment, file_id, {**row, "started_on": act.today, "relationship_id": link})


def finalise(
    work: Work,
    file_id: FileId,
    assessment_id: RecordId | None,
    instrument_key: str,
    values: Mapping[str, Any],
    *,
    completed_on: date | None = None,
    supersedes: RecordId | None = None,
    amendment_reason: str = "",
) -> Done:
    """Close an assessment for good: from now on it is never edited, only superseded.

    An amendment may carry the day of the assessment that it puts right; what follows from it is counted from today.
    Raises Invalid where a reason or a grade is missing, Blocked where the grade chosen lies below the score's.
    """
    with work.activity("assessment_finalised", file_id) as act:
        assessment_id = finalise_in(
            act,
            work,
            file_id,
            assessment_id,
            instrument_key,
            values,
            completed_on=completed_on,
            supersedes=supersedes,
            amendment_reason=amendment_reason,
        )
        return act.done(assessment_id, file_id)


def finalise_in(
    act: Activity,
    work: Work,
    file_id: FileId,
    assessment_id: RecordId | None,
    instrument_key: str,
    values: Mapping[str, Any],
    *,
    completed_on: date | None = None,
    supersedes: RecordId | None = None,
    amendment_reason: str = "",
) -> RecordId:
    """Close an assessment within an activity, as `finalise` does. Gives its id."""
    instrument = work.packs.instrument(instrument_key)
    on = completed_on or act.today
    if on > act.today:
        raise Invalid("The assessment was not finalised yet.", {"completed_on": "This date is in the future."})
    if supersedes is not None:
        _refuse_outdated(act, file_id, supersedes)
    judged = judge(instrument, values, on, work)
    if judged.refusal:
        raise Blocked(judged.refusal)
    if problems := unfinished(judged, values, is_amendment=supersedes is not None, reason=amendment_reason):
        raise Invalid("The assessment was not finalised yet. All answers are kept.", problems)
    assessment_id = _write(act, file_id, assessment_id, instrument, values)
    act.update(
        risk_assessment,
        assessment_id,
        {
            "completed_on": on,
            "completed_by": act.actor.name,
            "score": judged.finding.score,
            "dont_know_count": judged.finding.dont_know_count,
            "criteria": list(judged.criteria),
            "alerts": [rule.key for rule in judged.finding.alerts],
            "professional_grading": str(values.get("professional_grading") or ""),
            "grade": judged.grade,
            "grading_reason": str(values.get("grading_reason") or ""),
            "supersedes_id": supersedes,
            "amendment_reason": amendment_reason.strip(),
            "finalised_at": act.now,
        },
    )
    _restate(act, file_id, judged)
    follow_up.fulfil(act, file_id, "assessed")
    day = act.today if supersedes else on
    follow_up.after(act, file_id, "dash_completed", day=day, origin_id=assessment_id, grade=judged.grade)
    act.audit("assessment_finalised", file_id, "risk_assessment", assessment_id, grade=judged.grade)
    return assessment_id


def unfinished(
    judged: Judged, values: Mapping[str, Any], *, is_amendment: bool = False, reason: str = ""
) -> dict[str, str]:
    """What a person still has to say before these values can be final, by field. Empty: nothing."""
    problems: dict[str, str] = {}
    if not judged.grade:
        problems["professional_grading"] = "Choose the risk in your judgement: the score alone does not grade it."
    if judged.needs_reason and not str(values.get("grading_reason") or "").strip():
        problems["grading_reason"] = "Say why, since the score alone does not reach this grade."
    if values.get("reasonable_grounds_for_marac") == "yes" and not str(values.get("judgement") or "").strip():
        problems["judgement"] = "Say what the serious concern is."
    if is_amendment and not reason.strip():
        problems["amendment_reason"] = "Say why the assessment is amended."
    return problems


def _refuse_outdated(act: Activity, file_id: FileId, supersedes: RecordId) -> None:
    """Only the assessment that stands can be amended: the newest, amended by nobody yet."""
    standing = act.conn.execute(
        select(risk_assessment.c.id)
        .where(
            risk_assessment.c.file_id == file_id,
            risk_assessment.c.deleted_at.is_(None),
            risk_assessment.c.finalised_at.is_not(None),
        )
        .order_by(risk_assessment.c.completed_on.desc(), risk_assessment.c.finalised_at.desc())
    ).scalar()
    if standing != supersedes:
        raise Blocked("A later assessment stands now. Amend that one, or make a new assessment. All answers are kept.")


def _restate(act: Activity, file_id: FileId, judged: Judged) -> None:
    """An open file's status says its grade; monitoring and closed files keep theirs.

    An assessment in which much is unknown never lowers it.
    """
    status = act.row(client_file, RecordId(file_id))["status"]
    if status != "waiting" and not status.startswith("open_"):
        return
    before = status.removeprefix("open_")
    lower = before in GRADES and GRADES.index(judged.grade) < GRADES.index(before)
    if not (lower and not judged.finding.is_complete):
        act.update(client_file, RecordId(file_id), {"status": f"open_{judged.grade}"})
