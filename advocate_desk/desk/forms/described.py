"""Columns of records in the user's words: the label, the kind and the choices of the form that asks for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from PySide6.QtCore import QCoreApplication

from advocate_desk.desk.forms import bail, cases, contacts, file, hearings, people, plan, tasks
from advocate_desk.desk.forms.values import top_fields
from advocate_desk.domain.forms import Field, FieldKind

SUPPLIED = {
    "bail_kinds": "bail_kind",
    "bail_periods": "bail_authority",
    "case_stages": "case_stage",
    "condition_codes": "condition_code",
    "hearing_outcomes": "hearing_outcome",
    "outcome_codes": "outcome_code",
    "plan_parts": "plan_section",
    "open_statuses": "file_status",
}
"""Lists that a form's opener supplies, by the list of the rule packs that has the same keys."""
QUIET = frozenset({"court_code", "name_key", "sort_key", "sha256", "suggestion_key", "position", "told_at"})
"""Columns that the program keeps beside what a person said: never shown, and set by what was said."""


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("Described", text)


def describe(kind: str, column: str) -> Field:
    """The question that a column of the table `kind` answers; one that no form asks has its own name as label."""
    found = _described().get(kind, {}).get(column)
    return found or Field(column, FieldKind.TEXT, column.removesuffix("_id").replace("_", " ").capitalize())


def is_described(kind: str, column: str) -> bool:
    """Whether a form or this module has words for a column."""
    return column in _described().get(kind, {})


@cache
def _described() -> Mapping[str, Mapping[str, Field]]:
    taken = {
        "client_file": _file_fields(),
        "referral": file.referral_fields(),
        "consent": file.consent_fields(),
        "alert": (*file.alert_fields(), Field("ended_on", FieldKind.DATE, tr("Ended on"))),
        "access_need": file.need_fields(),
        "person": _person_fields(),
        "relationship": [replace(each, key=each.key.removeprefix("relationship_")) for each in _relations()],
        "contact_method": contacts.contact_fields(),
        "criminal_case": (*top_fields(cases.CASE), *_case_fields()),
        "charge": [replace(each, key=_charge_key(each.key)) for each in cases.OFFENCE_FIELDS],
        "stage_event": top_fields(cases.STAGE),
        "hearing": _hearing_fields(),
        "bail": (*top_fields(bail.BAIL), *top_fields(bail.END), *_bail_fields()),
        "condition": bail.CONDITION_FIELDS,
        "breach": top_fields(bail.BREACH),
        "risk_assessment": _assessment_fields(),
        "safety_plan": plan.REVIEW_FIELDS,
        "safety_action": plan.action_fields(),
        "task": (*tasks.task_fields(), *_task_fields()),
    }
    return {kind: _by_column(fields) for kind, fields in taken.items()}


def _by_column(fields: Iterable[Field]) -> Mapping[str, Field]:
    """By key, free of what belongs to the form as a whole: another field's condition, help, a place on a line."""
    return {
        each.key: replace(
            each, options=SUPPLIED.get(each.options, each.options), shown_when=None, default="", wide=True
        )
        for each in fields
    }


def _file_fields() -> tuple[Field, ...]:
    return (
        *file.restriction_fields(),
        Field("reference", FieldKind.TEXT, tr("Reference")),
        Field("status", FieldKind.CHOICE, tr("Status"), options="file_status"),
        Field("allocated_to", FieldKind.TEXT, tr("Allocated to")),
        Field("setting", FieldKind.CHOICE, tr("Our setting"), options="setting"),
        Field("site", FieldKind.TEXT, tr("Site")),
        Field("opened_on", FieldKind.DATE, tr("Opened on")),
        Field("closed_on", FieldKind.DATE, tr("Closed on")),
        Field("closure_reason", FieldKind.CHOICE, tr("Why it was closed"), options="closure_reason"),
        Field("legal_hold", FieldKind.CHECK, tr("Kept for a legal matter")),
    )


def _person_fields() -> tuple[Field, ...]:
    return (
        *people.name_fields(),
        *people.language_fields(),
        *people.perpetrator_fields(),
        Field("role", FieldKind.CHOICE, tr("Who they are"), options="person_role"),
        Field("immigration_note", FieldKind.LONG_TEXT, tr("Immigration note")),
        Field("note", FieldKind.LONG_TEXT, tr("Note")),
    )


def _relations() -> tuple[Field, ...]:
    return people.relationship_fields()


def _case_fields() -> tuple[Field, ...]:
    return (
        Field("stage", FieldKind.CHOICE, tr("Stage"), options="case_stage"),
        Field("outcome_code", FieldKind.CHOICE, tr("Police outcome"), options="outcome_code"),
        Field("outcome_on", FieldKind.DATE, tr("Outcome on")),
        Field("victim_supported", FieldKind.CHECK, tr("The client supported the case")),
    )


def _charge_key(key: str) -> str:
    return "offence_title" if key == "offence" else key


def _hearing_fields() -> tuple[Field, ...]:
    listed = [replace(each, key="court_name") if each.key == "court" else each for each in top_fields(hearings.HEARING)]
    return (
        *listed,
        Field("outcome", FieldKind.CHOICE, tr("What it came to"), options="hearing_outcome"),
        Field("outcome_text", FieldKind.LONG_TEXT, tr("In words")),
        Field("outcome_recorded_at", FieldKind.DATE_TIME, tr("Outcome recorded")),
        Field("client_told_on", FieldKind.DATE, tr("Client told on")),
    )


def _bail_fields() -> tuple[Field, ...]:
    return (Field("is_expiry_counted", FieldKind.CHECK, tr("The last day is counted, not told")),)


def _assessment_fields() -> tuple[Field, ...]:
    return (
        Field("answers", FieldKind.NOTE, tr("Answers")),
        Field("professional", FieldKind.NOTE, tr("In the professional’s words")),
        Field("score", FieldKind.NUMBER, tr("Score")),
        Field("dont_know_count", FieldKind.NUMBER, tr("Answered “don’t know”")),
        Field("criteria", FieldKind.NOTE, tr("Marac criteria met")),
        Field("alerts", FieldKind.NOTE, tr("Alerts that it raised")),
        Field(
            "professional_grading", FieldKind.CHOICE, tr("Risk in the professional’s judgement"), options="risk_grade"
        ),
        Field("grade", FieldKind.CHOICE, tr("Risk"), options="risk_grade"),
        Field("grading_reason", FieldKind.LONG_TEXT, tr("Why this grade")),
        Field("completed_on", FieldKind.DATE, tr("Completed on")),
        Field("completed_by", FieldKind.TEXT, tr("Completed by")),
        Field("finalised_at", FieldKind.DATE_TIME, tr("Finished")),
    )


def _task_fields() -> tuple[Field, ...]:
    return (
        Field("due_at", FieldKind.DATE_TIME, tr("By when, to the minute")),
        Field("completed_at", FieldKind.DATE_TIME, tr("Done")),
        Field("completed_by", FieldKind.TEXT, tr("Done by")),
        Field("outcome", FieldKind.LONG_TEXT, tr("What came of it")),
    )
