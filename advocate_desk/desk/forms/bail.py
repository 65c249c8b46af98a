"""Forms of bail: bail with its conditions, its end, and a breach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from advocate_desk.casework.bail import (
    BailDetails,
    BreachDetails,
    ConditionDetails,
    change_bail,
    end_bail,
    record_bail,
    record_breach,
)
from advocate_desk.casework.work import Done
from advocate_desk.clock import today_in_london
from advocate_desk.desk.forms.bail_periods import BailPeriodsAside
from advocate_desk.desk.forms.bail_places import CHECK_FIELD, PlaceGuard, refuse_unchecked
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.convert import as_day, as_moment, day_of, file_of, moment_of, record_of, rows_of, text_of
from advocate_desk.desk.forms.facts import FACT_FIELDS, fact_of
from advocate_desk.desk.forms.hearings import case_words
from advocate_desk.desk.forms.registry import FormKind, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.bail import bail_start
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Option, Section, ShownWhen
from advocate_desk.domain.identity import RecordId
from advocate_desk.errors import Invalid, Refused
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.justice import BailDetail, JusticeView, justice_view

BEFORE_CHARGE = ShownWhen("kind", ("bail_precharge",))
CONDITION_FIELDS = (
    Field("code", FieldKind.CHOICE, "Condition", options="condition_codes", required=True),
    Field(
        "text",
        FieldKind.LONG_TEXT,
        "Its terms",
        help="As they were told to you. Never write where the client is safe: the perpetrator is given these words.",
    ),
    Field("started_on", FieldKind.DATE, "From", wide=False),
    Field("ended_on", FieldKind.DATE, "Ended", wide=False),
    *FACT_FIELDS,
)

BAIL = FormSpec(
    "bail",
    "Bail and its conditions",
    (
        Section(
            "bail",
            "Bail",
            (
                Field("case_id", FieldKind.CHOICE, "Case", options="cases", required=True),
                Field("kind", FieldKind.CHOICE, "Kind of bail", options="bail_kinds", required=True),
                Field("arrested_on", FieldKind.DATE, "Arrested on", wide=False, shown_when=BEFORE_CHARGE),
                Field(
                    "started_on",
                    FieldKind.DATE,
                    "Bail from",
                    wide=False,
                    help="Left empty, bail before charge begins on the day after the arrest.",
                ),
                Field(
                    "period",
                    FieldKind.CHOICE,
                    "Authorised up to",
                    options="bail_periods",
                    shown_when=BEFORE_CHARGE,
                    wide=False,
                ),
                Field(
                    "expires_on",
                    FieldKind.DATE,
                    "Last day",
                    wide=False,
                    help="As told by the officer or the court: that outranks a counted date. "
                    "Left empty, the period is counted from the arrest and shown as counted, not told.",
                ),
                Field(
                    "is_clock_paused",
                    FieldKind.CHECK,
                    "The clock is paused while a charging decision is awaited",
                    shown_when=BEFORE_CHARGE,
                ),
                *FACT_FIELDS,
            ),
        ),
        Section(
            "conditions",
            "Conditions",
            (
                Field(
                    "conditions",
                    FieldKind.REPEAT,
                    "Condition",
                    fields=CONDITION_FIELDS,
                    add_label="Add a condition",
                    help="A condition that you take out is kept as ended today.",
                ),
                CHECK_FIELD,
            ),
        ),
        Section("note", "Note", (Field("note", FieldKind.LONG_TEXT, "Anything to know"),)),
    ),
    save_label="Save bail",
)

END = FormSpec(
    "bail_end",
    "Bail has ended",
    (
        Section(
            "end",
            "",
            (
                Field("ended_on", FieldKind.DATE, "Ended on", required=True, wide=False),
                Field("end_reason", FieldKind.CHOICE, "Why", options="bail_end_reason", required=True),
            ),
        ),
    ),
    intro="All its conditions end with it. The client is told today: a task is raised for that.",
    save_label="End bail",
)

BREACH = FormSpec(
    "breach",
    "Breach of bail",
    (
        Section(
            "what",
            "What happened",
            (
                Field("occurred_at", FieldKind.DATE_TIME, "When", required=True),
                Field("condition_id", FieldKind.CHOICE, "Condition broken", options="conditions"),
                Field("text", FieldKind.LONG_TEXT, "What happened", required=True),
                Field("evidence", FieldKind.LONG_TEXT, "Evidence, and who holds it"),
            ),
        ),
        Section(
            "police",
            "With the police",
            (
                Field("reported_at", FieldKind.DATE_TIME, "Reported"),
                Field("police_ref", FieldKind.TEXT, "Reference", wide=False, max_length=60),
                Field("action_taken", FieldKind.CHOICE, "What the police did", options="breach_action", wide=False),
                Field("is_charged", FieldKind.CHECK, "Charged with an offence for it"),
            ),
        ),
    ),
    intro="Police can arrest for it, though before charge it is no offence of its own. After charge the court is told.",
    save_label="Save breach",
)


def _lists(office: Office, params: Params) -> dict[str, list[Option]]:
    view = office.work.read(justice_view, file_of(params))
    packs = office.packs
    bail_id = record_of(params, "bail_id")
    own = view.conditions.get(bail_id, ()) if bail_id else ()
    return {
        "cases": [Option(str(each.case_id), case_words(office, view, each.case_id)) for each in view.cases],
        "bail_kinds": [Option(each.key, each.label, each.granted_by) for each in packs.bail_kinds().kind],
        "bail_periods": [Option(each.key, each.label, each.authority) for each in packs.bail_periods().period],
        "condition_codes": condition_options(packs),
        "conditions": [Option(str(each.condition_id), condition_words(packs, each.code, each.text)) for each in own],
    }


def condition_options(packs: Packs) -> list[Option]:
    """Every kind of condition."""
    return [Option(each.key, each.label, each.help) for each in packs.condition_codes().condition]


def condition_words(packs: Packs, code: str, terms: str) -> str:
    """A condition as it is read out: its kind, then its terms."""
    label = next((each.label for each in packs.condition_codes().condition if each.key == code), "")
    return f"{label}: {terms}" if label and terms else label or terms


def _find(office: Office, params: Params) -> tuple[JusticeView, BailDetail | None]:
    bail_id = record_of(params, "bail_id")
    view = office.work.read(justice_view, file_of(params))
    return view, next((each for each in view.bail if each.bail_id == bail_id), None)


def _load(office: Office, params: Params) -> Values:
    view, line = _find(office, params)
    if line is None:
        case_id = str(params.get("case_id") or (view.cases[0].case_id if len(view.cases) == 1 else ""))
        return {"case_id": case_id, "kind": "bail_precharge", "period": "abp3", "fact_source": "police"}
    return {
        "case_id": str(line.case_id),
        "kind": line.kind,
        "arrested_on": as_day(line.arrested_on),
        "started_on": "" if _begins_by_law(line) else as_day(line.started_on),
        "expires_on": "" if line.is_expiry_counted else as_day(line.expires_on),
        "period": line.period,
        "is_clock_paused": line.is_clock_paused,
        "note": line.note,
        "fact_source": line.fact_source,
        "fact_state": line.fact_state,
        "conditions": [
            {
                "id": str(each.condition_id),
                "code": each.code,
                "text": each.text,
                "started_on": as_day(each.started_on),
                "ended_on": as_day(each.ended_on),
                "fact_source": each.fact_source,
                "fact_state": each.fact_state,
            }
            for each in view.conditions.get(line.bail_id, ())
            if each.ended_on is None or each.ended_on > today_in_london(office.clock)
        ],
    }


def _begins_by_law(line: BailDetail) -> bool:
    return line.arrested_on is not None and line.started_on == bail_start(line.arrested_on)


def _details(values: Mapping[str, Any]) -> BailDetails:
    kind, arrested = text_of(values, "kind"), day_of(values, "arrested_on")
    started, period = day_of(values, "started_on"), text_of(values, "period")
    paused = values.get("is_clock_paused") is True
    if kind == "bail_precharge" and arrested is not None:
        started = started or bail_start(arrested)
    return BailDetails(
        kind=kind,
        arrested_on=arrested if kind == "bail_precharge" else None,
        started_on=started,
        expires_on=day_of(values, "expires_on"),
        period=period if kind == "bail_precharge" else "",
        is_clock_paused=paused and kind == "bail_precharge",
        note=text_of(values, "note"),
        **fact_of(values),
    )


def _condition(row: Mapping[str, Any]) -> ConditionDetails:
    return ConditionDetails(
        code=text_of(row, "code"),
        text=text_of(row, "text"),
        started_on=day_of(row, "started_on"),
        ended_on=day_of(row, "ended_on"),
        **fact_of(row),
    )


def _save(office: Office, params: Params, values: Values) -> Done:
    refuse_unchecked(office, params, values)
    file_id, bail_id, case_id = file_of(params), record_of(params, "bail_id"), record_of(values, "case_id")
    details, rows = _details(values), rows_of(values, "conditions")
    if bail_id is not None:
        return change_bail(
            office.work, bail_id, details, tuple((record_of(row, "id"), _condition(row)) for row in rows)
        )
    if case_id is None:
        raise Refused("Bail belongs to a case. Record the case first, then bail. What you typed is kept.")
    return record_bail(office.work, file_id, case_id, details, tuple(_condition(row) for row in rows))


def _bail_id(params: Params) -> RecordId:
    found = record_of(params, "bail_id")
    if found is None:
        raise Refused("This bail is no longer in the file. What you typed is kept as a draft.")
    return found


def _load_end(office: Office, _params: Params) -> Values:
    return {"ended_on": as_day(today_in_london(office.clock))}


def _save_end(office: Office, params: Params, values: Values) -> Done:
    ended_on = day_of(values, "ended_on")
    if ended_on is None:
        raise Invalid("The end of bail was not saved yet.", {"ended_on": "Give the day on which it ended."})
    return end_bail(office.work, _bail_id(params), ended_on, text_of(values, "end_reason"))


def _load_breach(office: Office, _params: Params) -> Values:
    return {"occurred_at": as_moment(office.clock.now())}


def _save_breach(office: Office, params: Params, values: Values) -> Done:
    details = BreachDetails(
        occurred_at=moment_of(values, "occurred_at"),
        text=text_of(values, "text"),
        condition_id=record_of(values, "condition_id"),
        evidence=text_of(values, "evidence"),
        reported_at=moment_of(values, "reported_at"),
        police_ref=text_of(values, "police_ref"),
        action_taken=text_of(values, "action_taken"),
        is_charged=values.get("is_charged") is True,
    )
    return record_breach(office.work, _bail_id(params), details)


def _aside(office: Office, params: Params, view: FormView) -> BailPeriodsAside:
    PlaceGuard(office, params, view)
    return BailPeriodsAside(office, params, view)


FORM_KINDS = (
    FormKind(
        "bail",
        lambda _office, _params: BAIL,
        _save,
        _load,
        _lists,
        is_wide=True,
        saved_words="Bail and its conditions are saved.",
        aside=_aside,
        edits="bail_id",
        record="bail",
        parts=(("condition", "bail_id"),),
    ),
    FormKind("bail_end", lambda _office, _params: END, _save_end, _load_end, saved_words="The end of bail is saved."),
    FormKind(
        "breach",
        lambda _office, _params: BREACH,
        _save_breach,
        _load_breach,
        _lists,
        saved_words="The breach is saved. See the tasks that it raised.",
    ),
)
