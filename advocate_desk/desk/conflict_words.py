"""What differs, in words: the record, the fields and the values as people read them, and whose they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QCoreApplication

from advocate_desk.clock import in_london
from advocate_desk.desk.forms.described import QUIET, describe
from advocate_desk.desk.forms.values import day_words
from advocate_desk.domain.caseload import Roster
from advocate_desk.domain.forms import Field, FieldKind
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.conflicts import DELETED, Conflict, Fields, Said

MOST_ANSWERS = 12
SECTIONS = {
    "client_file": "overview", "referral": "overview", "consent": "overview", "alert": "overview",
    "access_need": "overview", "task": "overview", "person": "people", "relationship": "people",
    "contact_method": "people", "criminal_case": "justice", "charge": "justice", "stage_event": "justice",
    "hearing": "hearings", "bail": "bail", "condition": "bail", "breach": "bail", "risk_assessment": "risk",
    "safety_plan": "plan", "safety_action": "plan", "contact_note": "notes", "contact_attempt": "notes",
    "letter": "letters", "stored_document": "letters", "disclosure": "access",
}  # fmt: skip
"""The section of a client file that shows a kind of record."""


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("ConflictWords", text)


def shown_fields(one: Conflict) -> tuple[Field, ...]:
    """The fields that differ and that somebody reads, each once."""
    return tuple(describe(one.kind, name) for name in one.differing() if name not in QUIET)


def field_words(one: Conflict) -> str:
    """What differs: "Date, Courtroom". Who told it and how sure it is are named where nothing else differs."""
    if one.is_removal:
        return tr("Taken out, or kept")
    found = shown_fields(one)
    named = [each for each in found if each.key not in _OF_A_FACT] or found
    return ", ".join(each.label.rstrip("?") for each in named) or tr("When it was told")


_OF_A_FACT = frozenset({"fact_source", "fact_state"})


def differ_words(one: Conflict) -> str:
    """One sentence of what is to be decided."""
    if one.is_removal:
        return tr("One person took this out of the file while another changed it.")
    count = {2: tr("Two values"), 3: tr("Three values")}.get(len(one.said), tr("Several values"))
    return tr("{0}, given apart from each other: {1}.").format(count, field_words(one))


def record_words(packs: Packs, one: Conflict) -> str:
    """The record that it is about: "Hearing of Tue 8 Dec 2026", "Alert: Weapons"."""
    row = one.stands or {}
    words = _RECORDS.get(one.kind, one.kind.replace("_", " ").capitalize())
    detail = _detail(packs, one.kind, row) if row else ""
    return f"{tr(words)}: {detail}" if detail else tr(words)


_RECORDS = {
    "client_file": "The file itself",
    "referral": "Referral",
    "consent": "Consent",
    "alert": "Alert",
    "access_need": "Access need",
    "person": "Person",
    "relationship": "How client and perpetrator are related",
    "contact_method": "Way to reach somebody",
    "criminal_case": "Criminal case",
    "charge": "Offence",
    "stage_event": "Step of the case",
    "hearing": "Hearing",
    "bail": "Bail",
    "condition": "Condition of bail",
    "breach": "Breach of bail",
    "risk_assessment": "Risk assessment",
    "safety_plan": "Safety plan",
    "safety_action": "Action of the safety plan",
    "task": "Task",
    "contact_note": "Contact note",
    "contact_attempt": "Contact attempt",
    "letter": "Letter",
    "stored_document": "Document",
    "disclosure": "Disclosure",
}


def _detail(packs: Packs, kind: str, row: Fields) -> str:
    if kind in _LABELLED:
        options, column = _LABELLED[kind]
        return packs.label(options, row[column]) if row[column] else ""
    if kind == "person":
        name = f"{row['given_name']} {row['family_name']}".strip() or str(row["known_as"])
        return f"{name} ({packs.label('person_role', row['role'])})"
    if kind == "safety_plan":
        return tr("version {0}").format(row["version"])
    told = next((row[column] for column in _NAMED.get(kind, ()) if row[column]), "")
    return day_words(told) if isinstance(told, date) else str(told)


_LABELLED = {
    "consent": ("consent_scope", "scope"),
    "alert": ("alert_kind", "kind"),
    "access_need": ("access_need", "kind"),
    "contact_method": ("contact_kind", "kind"),
    "stage_event": ("case_stage", "stage"),
    "bail": ("bail_kind", "kind"),
    "condition": ("condition_code", "code"),
    "safety_action": ("plan_section", "section"),
}
_NAMED = {
    "criminal_case": ("crime_ref", "urn"),
    "charge": ("offence_title",),
    "hearing": ("hearing_on",),
    "risk_assessment": ("completed_on", "started_on"),
    "task": ("title",),
    "letter": ("addressee",),
    "stored_document": ("title",),
}


def value_words(packs: Packs, field: Field, value: Any, kind: str = "") -> str:  # noqa: ANN401 - a column's value
    """A value as people read it; "" where there is none."""
    if value is None or value in ("", [], {}):
        return ""
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if isinstance(value, datetime):
        return moment_words(value)
    if isinstance(value, date):
        return day_words(value)
    if isinstance(value, UUID):
        return tr("another record of the file")
    if isinstance(value, Mapping):
        return "\n".join(f"{_key_words(packs, kind, key)}: {_answer_words(packs, each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_label(packs, field, str(each)) for each in value)
    return _label(packs, field, str(value))


def _label(packs: Packs, field: Field, value: str) -> str:
    if field.options == "force":
        force = packs.force(value)
        return force.name if force else value
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES) and field.options not in NO_LISTS:
        return packs.label(field.options, value)
    return value


NO_LISTS = frozenset({"", "cases", "relationships", "conditions", "advocates", "court", "offence"})
"""Options that a form's opener finds in the file, or that are names already."""


def _key_words(packs: Packs, kind: str, key: str) -> str:
    if kind == "hearing":
        return packs.label("special_measure", key)
    item = next((each for each in packs.instrument("dash").item if each.key == key), None)
    return item.label if item else key.replace("_", " ").capitalize()


def _answer_words(packs: Packs, value: object) -> str:
    if isinstance(value, Mapping):
        said = str(value.get("answer") or "")
        detail = value.get("detail")
        words = {"yes": tr("Yes"), "no": tr("No"), "dont_know": tr("Don’t know"), "": tr("Not asked")}.get(said, said)
        more = " · ".join(str(each) for each in detail.values() if each) if isinstance(detail, Mapping) else ""
        return f"{words} · {more}" if more else words
    text = str(value)
    return packs.label("measure_status", text)


def shown_values(packs: Packs, one: Conflict, values: Fields) -> tuple[tuple[str, str], ...]:
    """What one side says, field by field, as far as the sides differ: (label, words)."""
    if one.is_removal:
        gone = values[DELETED] is not None
        return ((tr("In the file"), tr("Taken out") if gone else tr("Kept, with what was changed")),)
    found = []
    for field in shown_fields(one):
        value = values.get(field.key)
        if isinstance(value, Mapping) or any(isinstance(each.values.get(field.key), Mapping) for each in one.said):
            value = _apart(one, field.key, value or {})
        found.append((field.label, value_words(packs, field, value, one.kind)))
    return tuple(found)


def _apart(one: Conflict, name: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """Of many answers, those that the sides gave differently."""
    sides: Sequence[Mapping[str, Any]] = [each.values.get(name) or {} for each in one.said]
    keys = [
        key for key in {key: None for side in sides for key in side} if len({repr(side.get(key)) for side in sides}) > 1
    ]
    return {key: value.get(key, "") for key in keys[:MOST_ANSWERS]}


def who_words(said: Said, roster: Roster, own_name: str) -> str:
    """Whose value it is."""
    if not said.by:
        return tr("Somebody")
    if roster.own is not None and roster.own.hex == said.by:
        return tr("{0} (you)").format(own_name) if own_name else tr("You")
    name = next((each.name for each in roster.members if each.person.hex == said.by), "")
    return name or tr("A colleague")


def when_words(said: Said) -> str:
    """When it was said, by the clock of her computer; "" where that is not known."""
    return moment_words(said.at) if said.at is not None else ""


def moment_words(at: datetime) -> str:
    """A moment, in London."""
    wall = in_london(at)
    return f"{day_words(wall.date())} {wall:%H:%M}"
