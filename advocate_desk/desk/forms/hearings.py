"""Forms of a hearing: its listing, and its outcome, which a keyboard records in under a minute."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework.hearings import HearingDetails, Outcome, change_hearing, list_hearing, record_outcome
from advocate_desk.casework.work import Done
from advocate_desk.desk.forms.convert import as_day, day_of, file_of, keys_of, record_of, rows_of, text_of
from advocate_desk.desk.forms.facts import FACT_FIELDS, fact_of
from advocate_desk.desk.forms.registry import FormKind, Params
from advocate_desk.desk.forms.values import Values, day_words
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Option, Section, ShownWhen
from advocate_desk.domain.hearings import needs_next_hearing
from advocate_desk.domain.identity import RecordId
from advocate_desk.errors import Refused
from advocate_desk.store.queries.justice import HearingDetail, JusticeView, justice_view

MEASURE_FIELDS = (
    Field("measure", FieldKind.CHOICE, "Measure", options="special_measures", required=True, wide=False),
    Field("status", FieldKind.CHOICE, "Where it stands", options="measure_status", wide=False),
)
COURT_HELP = "Type part of the name or the town. A court that is not listed may be written out."
WHERE = (
    Field("court", FieldKind.SEARCH, "Court", options="court", required=True, help=COURT_HELP),
    Field("hearing_on", FieldKind.DATE, "Date", required=True, wide=False),
    Field("listed_time", FieldKind.TIME, "Time", wide=False),
    Field("courtroom", FieldKind.TEXT, "Courtroom", wide=False, max_length=40),
    Field("kind", FieldKind.CHOICE, "Kind of hearing", options="hearing_kind", wide=False),
)

HEARING = FormSpec(
    "hearing",
    "Hearing",
    (
        Section(
            "where",
            "When and where",
            (Field("case_id", FieldKind.CHOICE, "Case", options="cases", required=True), *WHERE, *FACT_FIELDS),
        ),
        Section(
            "who",
            "Who is there, and what she needs",
            (
                Field("attends", FieldKind.CHOICES, "Who attends", options="hearing_attends"),
                Field("client_wishes", FieldKind.LONG_TEXT, "What the client wants for this hearing"),
                Field(
                    "measures",
                    FieldKind.REPEAT,
                    "Special measure",
                    fields=MEASURE_FIELDS,
                    add_label="Add a special measure",
                ),
            ),
        ),
    ),
    save_label="Save hearing",
)


def _outcome_spec(office: Office, params: Params) -> FormSpec:
    line = _find(office, params)
    listed = (day_words(line.hearing_on), line.listed_time, line.court_name, line.courtroom) if line else ()
    outcomes = office.packs.hearing_outcomes()
    shown = ShownWhen("outcome", tuple(each.key for each in outcomes.outcome if needs_next_hearing(outcomes, each.key)))
    return FormSpec(
        "outcome",
        "Outcome of the hearing",
        (
            Section(
                "outcome",
                "",
                (
                    Field("outcome", FieldKind.CHOICE, "What it came to", options="hearing_outcomes", required=True),
                    Field(
                        "outcome_text",
                        FieldKind.LONG_TEXT,
                        "In words",
                        help="Plea, what was decided, what happens next.",
                    ),
                    Field("client_told_on", FieldKind.DATE, "Client told on", wide=False),
                    Field("has_next", FieldKind.CHECK, "The next date is known", shown_when=shown, default="yes"),
                    Field("next_court", FieldKind.SEARCH, "Next court", options="court", shown_when=shown),
                    Field("next_hearing_on", FieldKind.DATE, "Next date", wide=False, shown_when=shown),
                    Field("next_listed_time", FieldKind.TIME, "Time", wide=False, shown_when=shown),
                    Field("next_courtroom", FieldKind.TEXT, "Courtroom", wide=False, shown_when=shown),
                    Field("next_kind", FieldKind.CHOICE, "Kind", options="hearing_kind", wide=False, shown_when=shown),
                ),
            ),
        ),
        intro=" · ".join(each for each in listed if each),
        save_label="Save outcome",
    )


def _lists(office: Office, params: Params) -> dict[str, list[Option]]:
    view = office.work.read(justice_view, file_of(params))
    return {
        "cases": [Option(str(each.case_id), case_words(office, view, each.case_id)) for each in view.cases],
        "special_measures": [
            Option(each.key, each.label, each.help) for each in office.packs.special_measures().measure
        ],
        "hearing_outcomes": [
            Option(each.key, each.label, each.help) for each in office.packs.hearing_outcomes().outcome
        ],
    }


def case_words(office: Office, view: JusticeView, case_id: object) -> str:
    """A case in a few words: its reference and force, or its first offence."""
    case = next((each for each in view.cases if each.case_id == case_id), None)
    if case is None:
        return ""
    force = office.packs.force(case.force)
    charges = view.charges.get(case.case_id, ())
    words = [
        case.crime_ref or case.urn,
        force.name if force else case.force,
        charges[0].offence_title if charges else "",
    ]
    return " · ".join(word for word in words if word) or QCoreApplication.translate(
        "hearings", "Case without a reference"
    )


def _find(office: Office, params: Params) -> HearingDetail | None:
    hearing_id = record_of(params, "hearing_id")
    view = office.work.read(justice_view, file_of(params))
    return next((each for each in view.hearings if each.hearing_id == hearing_id), None)


def _load(office: Office, params: Params) -> Values:
    line = _find(office, params)
    if line is None:
        view = office.work.read(justice_view, file_of(params))
        case_id = str(params.get("case_id") or (view.cases[0].case_id if len(view.cases) == 1 else ""))
        last = view.hearings[-1] if view.hearings else None
        court = (last.court_code or last.court_name) if last else ""
        return {"case_id": case_id, "court": court, "attends": ["idva"], "fact_state": "heard"}
    return {
        "case_id": str(line.case_id),
        "court": line.court_code or line.court_name,
        "hearing_on": as_day(line.hearing_on),
        "listed_time": line.listed_time,
        "courtroom": line.courtroom,
        "kind": line.kind,
        "attends": list(line.attends or ()),
        "client_wishes": line.client_wishes,
        "measures": [{"measure": code, "status": status} for code, status in (line.measures or {}).items()],
        "fact_source": line.fact_source,
        "fact_state": line.fact_state,
    }


def _details(office: Office, values: Mapping[str, Any], prefix: str = "") -> HearingDetails:
    said = text_of(values, f"{prefix}court")
    court = office.packs.court(said)
    return HearingDetails(
        hearing_on=day_of(values, f"{prefix}hearing_on"),
        listed_time=text_of(values, f"{prefix}listed_time"),
        court_code=court.key if court else "",
        court_name=court.name if court else said,
        courtroom=text_of(values, f"{prefix}courtroom"),
        kind=text_of(values, f"{prefix}kind"),
        attends=keys_of(values, "attends"),
        client_wishes=text_of(values, "client_wishes"),
        measures={text_of(row, "measure"): text_of(row, "status") or "wanted" for row in rows_of(values, "measures")},
        **fact_of(values),
    )


def _save(office: Office, params: Params, values: Values) -> Done:
    hearing_id, case_id = record_of(params, "hearing_id"), record_of(values, "case_id")
    if hearing_id is not None:
        return change_hearing(office.work, hearing_id, _details(office, values))
    if case_id is None:
        raise Refused("A hearing belongs to a case. Record the case first, then the hearing. What you typed is kept.")
    return list_hearing(office.work, file_of(params), case_id, _details(office, values))


def _load_outcome(office: Office, params: Params) -> Values:
    line = _find(office, params)
    if line is None:
        return {}
    found: Values = {
        "outcome": line.outcome,
        "outcome_text": line.outcome_text,
        "client_told_on": as_day(line.client_told_on),
        "next_court": line.court_code or line.court_name,
        "next_kind": line.kind,
        "has_next": not line.outcome,
    }
    view = office.work.read(justice_view, file_of(params))
    following = [each for each in view.hearings if each.adjourned_from_id == line.hearing_id]
    if following:  # what is listed already is changed, not listed twice
        found |= {
            "has_next": True,
            "next_court": following[-1].court_code or following[-1].court_name,
            "next_hearing_on": as_day(following[-1].hearing_on),
            "next_listed_time": following[-1].listed_time,
            "next_courtroom": following[-1].courtroom,
            "next_kind": following[-1].kind,
        }
    return found


def _save_outcome(office: Office, params: Params, values: Values) -> Done:
    line = _find(office, params)
    if line is None:
        raise Refused("This hearing is no longer in the file. What you typed is kept as a draft.")
    following = None
    is_put_off = needs_next_hearing(office.packs.hearing_outcomes(), text_of(values, "outcome"))
    if is_put_off and values.get("has_next") is True:
        carried = {
            "attends": line.attends,
            "client_wishes": line.client_wishes,
            "measures": [{"measure": code, "status": status} for code, status in (line.measures or {}).items()],
            "fact_source": "court",
            "fact_state": "heard",
        }
        following = _details(office, {**carried, **values}, "next_")
    said = Outcome(
        text_of(values, "outcome"), text_of(values, "outcome_text"), day_of(values, "client_told_on"), following
    )
    return record_outcome(office.work, RecordId(line.hearing_id), said)


FORM_KINDS = (
    FormKind(
        "hearing",
        lambda _office, _params: HEARING,
        _save,
        _load,
        _lists,
        saved_words="The hearing is saved.",
        edits="hearing_id",
        record="hearing",
    ),
    FormKind(
        "outcome",
        _outcome_spec,
        _save_outcome,
        _load_outcome,
        _lists,
        saved_words="The outcome is saved.",
        edits="hearing_id",
        record="hearing",
    ),
)
