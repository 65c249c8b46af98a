"""Forms of the criminal case: the case with its offences, and a step that it takes."""

from __future__ import annotations

from typing import Any

from advocate_desk.casework.cases import CaseDetails, OffenceDetails, StageDetails, change_case, open_case, record_stage
from advocate_desk.casework.work import Done
from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.convert import as_day, day_of, file_of, record_of, rows_of, text_of
from advocate_desk.desk.forms.facts import FACT_FIELDS, fact_of
from advocate_desk.desk.forms.registry import FormKind, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Option, Section, ShownWhen
from advocate_desk.store.queries.client_file import relationships
from advocate_desk.store.queries.justice import justice_view

OFFENCE_FIELDS = (
    Field(
        "offence",
        FieldKind.SEARCH,
        "Offence",
        options="offence",
        required=True,
        help="Type a word or a code, such as “strangulation” or “PH97”. An offence in your own words is kept too.",
    ),
    Field("is_charged", FieldKind.CHECK, "Charged", wide=False),
    Field("charged_on", FieldKind.DATE, "Charged on", wide=False, shown_when=ShownWhen("is_charged", ("yes",))),
    Field("plea", FieldKind.CHOICE, "Plea", options="plea", wide=False, shown_when=ShownWhen("is_charged", ("yes",))),
    Field(
        "plea_on",
        FieldKind.DATE,
        "Plea given on",
        wide=False,
        shown_when=ShownWhen("is_charged", ("yes",)),
        help="Time limits count from it. Left empty, the last hearing counts.",
    ),
    Field(
        "result",
        FieldKind.CHOICE,
        "Result",
        options="charge_result",
        wide=False,
        shown_when=ShownWhen("is_charged", ("yes",)),
    ),
)

CASE = FormSpec(
    "case",
    "Criminal case",
    (
        Section(
            "police",
            "With the police",
            (
                Field("relationship_id", FieldKind.CHOICE, "Against", options="relationships"),
                Field("force", FieldKind.SEARCH, "Police force", options="force", wide=False),
                Field("crime_ref", FieldKind.TEXT, "Crime reference", wide=False, max_length=60),
                Field("officer_name", FieldKind.TEXT, "Officer in the case", wide=False, max_length=120),
                Field("officer_contact", FieldKind.TEXT, "Officer’s telephone or email", wide=False, max_length=200),
                Field("offence_on", FieldKind.DATE, "Happened on", wide=False),
                Field("reported_on", FieldKind.DATE, "Reported on", wide=False),
                Field(
                    "urn",
                    FieldKind.TEXT,
                    "URN",
                    help="The unique reference number that police and CPS share once there is a file.",
                    wide=False,
                    max_length=40,
                ),
            ),
        ),
        Section(
            "offences",
            "Offences",
            (Field("offences", FieldKind.REPEAT, "Offence", fields=OFFENCE_FIELDS, add_label="Add an offence"),),
        ),
        Section("note", "Note", (Field("note", FieldKind.LONG_TEXT, "Anything to know about this case"),)),
    ),
    save_label="Save case",
)

STAGE = FormSpec(
    "stage",
    "A step of the case",
    (
        Section(
            "stage",
            "",
            (
                Field("stage", FieldKind.CHOICE, "What happened", options="case_stages", required=True),
                Field("happened_on", FieldKind.DATE, "On", wide=False),
                Field("client_told_on", FieldKind.DATE, "Client told on", wide=False),
                Field(
                    "outcome_code",
                    FieldKind.CHOICE,
                    "Police outcome",
                    options="outcome_codes",
                    help="It says whether the client supported the case, and decides which review can be asked for.",
                ),
                Field("text", FieldKind.LONG_TEXT, "In words"),
                *FACT_FIELDS,
            ),
        ),
    ),
    save_label="Save step",
)


def _case_options(office: Office, params: Params) -> dict[str, list[Option]]:
    links = office.work.read(relationships, file_of(params))
    return {"relationships": [Option(str(each.relationship_id), each.perpetrator_name) for each in links]}


def _load_case(office: Office, params: Params) -> Values:
    case_id = record_of(params, "case_id")
    view = office.work.read(justice_view, file_of(params))
    line = next((each for each in view.cases if each.case_id == case_id), None)
    if line is None:
        links = office.work.read(relationships, file_of(params))
        return {"relationship_id": str(links[0].relationship_id)} if len(links) == 1 else {}
    return {
        "relationship_id": str(line.relationship_id or ""),
        "force": line.force,
        "crime_ref": line.crime_ref,
        "officer_name": line.officer_name,
        "officer_contact": line.officer_contact,
        "offence_on": as_day(line.offence_on),
        "reported_on": as_day(line.reported_on),
        "urn": line.urn,
        "note": line.note,
        "offences": [
            {
                "id": str(each.charge_id),
                "offence": each.offence_code or each.offence_title,
                "is_charged": each.is_charged,
                "charged_on": as_day(each.charged_on),
                "plea": each.plea,
                "plea_on": as_day(each.plea_on),
                "result": each.result,
            }
            for each in view.charges.get(line.case_id, ())
        ],
    }


def _save_case(office: Office, params: Params, values: Values) -> Done:
    file_id, case_id = file_of(params), record_of(params, "case_id")
    stage = "reported"
    if case_id is not None:
        view = office.work.read(justice_view, file_id)
        stage = next((each.stage for each in view.cases if each.case_id == case_id), stage)
    details = CaseDetails(
        relationship_id=record_of(values, "relationship_id"),
        force=text_of(values, "force"),
        crime_ref=text_of(values, "crime_ref"),
        urn=text_of(values, "urn"),
        officer_name=text_of(values, "officer_name"),
        officer_contact=text_of(values, "officer_contact"),
        reported_on=day_of(values, "reported_on"),
        offence_on=day_of(values, "offence_on"),
        stage=stage,
        note=text_of(values, "note"),
    )
    offences = tuple(_offence(office, row) for row in rows_of(values, "offences"))
    if case_id is None:
        return open_case(office.work, file_id, details, offences)
    return change_case(office.work, case_id, details, offences)


def _offence(office: Office, row: Any) -> OffenceDetails:  # noqa: ANN401 - a row of a repeat
    said = text_of(row, "offence")
    known = office.packs.offence(said)
    charged = row.get("is_charged") is True
    return OffenceDetails(
        offence_code=known.code if known else "",
        offence_title=known.title if known else said,
        is_charged=charged,
        charged_on=day_of(row, "charged_on") if charged else None,
        plea=text_of(row, "plea") if charged else "",
        result=text_of(row, "result") if charged else "",
        plea_on=day_of(row, "plea_on") if charged else None,
    )


def _stage_options(office: Office, _params: Params) -> dict[str, list[Option]]:
    return {
        "case_stages": [Option(each.key, each.label, each.acts) for each in office.packs.case_stages().stage],
        "outcome_codes": [
            Option(each.key, f"{each.key} · {each.label}", each.note) for each in office.packs.outcome_codes().outcome
        ],
    }


def _load_stage(office: Office, _params: Params) -> Values:
    return {"happened_on": as_day(today_in_london(office.clock)), "fact_source": "police", "fact_state": "heard"}


def _save_stage(office: Office, params: Params, values: Values) -> Done:
    case_id = record_of(params, "case_id")
    if case_id is None:
        raise ValueError("a step belongs to a case")
    details = StageDetails(
        stage=text_of(values, "stage"),
        happened_on=day_of(values, "happened_on"),
        text=text_of(values, "text"),
        client_told_on=day_of(values, "client_told_on"),
        outcome_code=text_of(values, "outcome_code"),
        **fact_of(values),
    )
    return record_stage(office.work, case_id, details)


FORM_KINDS = (
    FormKind(
        "case",
        lambda _office, _params: CASE,
        _save_case,
        _load_case,
        _case_options,
        is_wide=True,
        saved_words="The case is saved.",
        edits="case_id",
        record="criminal_case",
        parts=(("charge", "case_id"),),
    ),
    FormKind(
        "stage",
        lambda _office, _params: STAGE,
        _save_stage,
        _load_stage,
        _stage_options,
        saved_words="The step is saved.",
    ),
)
