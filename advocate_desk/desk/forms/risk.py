"""The form of a risk assessment: asked from its instrument, left half done, finalised, or amended once it is final."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework.risk import finalise, judge, keep_progress, unfinished
from advocate_desk.casework.work import Done
from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.convert import file_of, record_of, text_of
from advocate_desk.desk.forms.registry import FormKind, OtherSave, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Section
from advocate_desk.domain.identity import RecordId
from advocate_desk.domain.risk import Instrument
from advocate_desk.errors import Refused
from advocate_desk.store.queries.risk import AssessmentLine, assessments

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from advocate_desk.desk.forms.builder import FormView

DASH = "dash"
REASON = "amendment_reason"


def _tr(text: str) -> str:
    return QCoreApplication.translate("RiskForm", text)


def answers_of(line: AssessmentLine) -> dict[str, Any]:
    """The form values of an assessment, as they were."""
    return {**(line.answers or {}), **(line.professional or {})}


def _line(office: Office, params: Params, key: str) -> AssessmentLine | None:
    wanted = record_of(params, key)
    if wanted is None:
        return None
    lines = office.work.read(assessments, file_of(params))
    found = next((each for each in lines if each.assessment_id == wanted), None)
    if found is None:
        raise Refused("This assessment is no longer in the file. Nothing was changed. Close this form.")
    return found


def _amended(office: Office, params: Params) -> AssessmentLine | None:
    """The final assessment that this form amends; None for an assessment of its own."""
    begun = _line(office, params, "assessment_id")
    if begun is not None and begun.supersedes_id is not None:
        return _line(office, {**params, "amends": str(begun.supersedes_id)}, "amends")
    return _line(office, params, "amends")


def _instrument(office: Office, params: Params) -> Instrument:
    line = _line(office, params, "assessment_id") or _line(office, params, "amends")
    return office.packs.instrument(line.instrument_key) if line else office.packs.instrument(DASH)


def _spec(office: Office, params: Params) -> FormSpec:
    asked = _instrument(office, params).form_spec()
    if _amended(office, params) is None:
        return replace(asked, save_label=_tr("Finalise"))
    why = Section(
        "amendment",
        _tr("Amendment"),
        (Field(REASON, FieldKind.LONG_TEXT, _tr("Why it is amended"), required=True),),
        _tr("The assessment stays in the file as it was. This one takes its place, with its day."),
    )
    title = _tr("Amend: {title}").format(title=asked.title)
    return replace(asked, title=title, sections=(why, *asked.sections), save_label=_tr("Finalise the amendment"))


def _load(office: Office, params: Params) -> Values:
    begun = _line(office, params, "assessment_id")
    if begun is not None:
        return {**answers_of(begun), REASON: begun.amendment_reason}
    final = _line(office, params, "amends")
    return answers_of(final) if final is not None else {}


def _said(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that belong to the instrument."""
    return {key: value for key, value in values.items() if key != REASON}


def _keep(office: Office, params: Params, values: Values) -> Done:
    amended = _amended(office, params)
    return keep_progress(
        office.work,
        file_of(params),
        record_of(params, "assessment_id"),
        _instrument(office, params).key,
        _said(values),
        supersedes=RecordId(amended.assessment_id) if amended else None,
        amendment_reason=text_of(values, REASON),
    )


def _finalise(office: Office, params: Params, values: Values) -> Done:
    amended = _amended(office, params)
    return finalise(
        office.work,
        file_of(params),
        record_of(params, "assessment_id"),
        _instrument(office, params).key,
        _said(values),
        completed_on=amended.completed_on if amended else None,
        supersedes=RecordId(amended.assessment_id) if amended else None,
        amendment_reason=text_of(values, REASON),
    )


def _confirm(office: Office, params: Params, values: Values) -> str:
    """What finalising means, said once before it is done; "" while something still stands in its way."""
    instrument = office.packs.instrument(str(params.get("instrument") or DASH))
    judged = judge(instrument, values, today_in_london(office.clock), office.work)
    if judged.refusal or unfinished(judged, values):
        return ""
    open_count = len(judged.finding.unanswered)
    parts = [_tr("Final means final: nobody can edit it any more, only an amendment can take its place.")]
    if open_count:
        words = _tr("One question is not asked.") if open_count == 1 else _tr("{count} questions are not asked.")
        parts.append(words.format(count=open_count))
    if judged.finding.dont_know_count:
        parts.append(_tr("“Don’t know”: {count}.").format(count=judged.finding.dont_know_count))
    grade = office.packs.label("risk_grade", judged.grade)
    parts.append(_tr("It will stand as: {grade}.").format(grade=grade))
    return " ".join(parts)


def _aside(office: Office, params: Params, view: FormView) -> QWidget:
    from advocate_desk.desk.screens.client_file.risk.panel import RiskPanel  # noqa: PLC0415 - screens know forms

    own = {str(params.get(key) or "") for key in ("assessment_id", "amends")}
    return RiskPanel(office, office.packs.instrument(str(params.get("instrument") or DASH)), view, file_of(params), own)


def _other_saves(_office: Office, _params: Params) -> tuple[OtherSave, ...]:
    return (
        OtherSave(
            _tr("&Keep and finish later"),
            _keep,
            _tr("Kept. It waits in the risk section, to be resumed on any day."),
        ),
    )


FORM_KINDS = (
    FormKind(
        DASH,
        _spec,
        _finalise,
        _load,
        is_wide=True,
        saved_words=_tr("The assessment is final."),
        aside=_aside,
        confirm=_confirm,
        other_saves=_other_saves,
    ),
)
