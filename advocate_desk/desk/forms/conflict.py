"""The form in which two values are made one: every field of what differs, with the texts of both sides joined."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework.conflicts import Decided, decide, joined, take_back
from advocate_desk.casework.work import Done
from advocate_desk.desk.forms.convert import (
    as_day,
    as_moment,
    day_of,
    is_ticked,
    keys_of,
    moment_of,
    number_of,
    record_of,
    text_of,
)
from advocate_desk.desk.forms.described import QUIET, describe
from advocate_desk.desk.forms.registry import FormKind, OptionList, Params
from advocate_desk.desk.forms.tasks import advocates
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Section
from advocate_desk.errors import Invalid, Refused
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.conflicts import Conflict, Fields, conflict_with

FORM = "conflict"
COURT = "court"
_WRITTEN = (FieldKind.TEXT, FieldKind.LONG_TEXT)
_LISTED = frozenset({"cases", "relationships", "conditions"})


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("ConflictForm", text)


def params_of(one: Conflict, *, again: bool) -> dict[str, Any]:
    """What the form is opened for."""
    return {"file_id": str(one.file_id), "conflict_id": str(one.ids[0]), "again": again}


def can_combine(one: Conflict) -> bool:
    """Whether what differs can be typed: answers of an assessment and links to other records can only be chosen."""
    return not one.is_removal and not one.is_gone and all(_is_typed(each) for each in _fields(one))


def _is_typed(field: Field) -> bool:
    return field.kind not in (FieldKind.NOTE, FieldKind.REPEAT, FieldKind.ANSWER) and field.options not in _LISTED


def _fields(one: Conflict) -> tuple[Field, ...]:
    """Every field of the group that somebody reads: a new date has its own source."""
    return tuple(describe(one.kind, name) for name in one.fields if name not in QUIET)


def _conflict(office: Office, params: Params) -> Conflict:
    conflict_id = record_of(params, "conflict_id")
    found = office.work.read(conflict_with, conflict_id) if conflict_id is not None else None
    if found is None or not can_combine(found):
        raise Refused(tr("This was decided or changed meanwhile, so there is nothing to combine any more."))
    return found


def _spec(office: Office, params: Params) -> FormSpec:
    one = _conflict(office, params)
    intro = tr("Both texts are here, one after the other. Write what is right; both values stay in the history.")
    section = Section("values", "", _fields(one))
    return FormSpec(FORM, tr("Combine two values"), (section,), "1", intro, tr("Save as decided"))


def _load(office: Office, params: Params) -> Values:
    one = _conflict(office, params)
    return {field.key: _form_value(field, one) for field in _fields(one)}


def _form_value(field: Field, one: Conflict) -> Any:  # noqa: ANN401 - one of the shapes of `domain.forms`
    stands = one.stands or {}
    value = stands[field.key]
    if field.options == COURT:
        return stands["court_code"] or value
    if field.kind in _WRITTEN:
        words = joined(str(each.values[field.key]) for each in one.said)
        return words if field.kind is FieldKind.LONG_TEXT else words.replace("\n", " / ")
    if isinstance(value, datetime):
        return as_moment(value)
    if isinstance(value, date):
        return as_day(value)
    if field.kind is FieldKind.CHOICES:
        return list(value or ())
    return "" if value is None else value


def _options(office: Office, _params: Params) -> Mapping[str, OptionList]:
    return {"advocates": advocates(office)}


def chosen(packs: Packs, one: Conflict, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, by column; what the program keeps beside it as it stands."""
    stands: Fields = one.stands or {}
    found = {name: stands[name] for name in one.fields}
    for field in _fields(one):
        found[field.key] = _column_value(field, values)
        if field.options == COURT:
            said = text_of(values, field.key)
            court = packs.court(said)
            found |= {"court_code": court.key if court else "", "court_name": court.name if court else said}
    return found


def _column_value(field: Field, values: Mapping[str, Any]) -> object:
    match field.kind:
        case FieldKind.DATE:
            return day_of(values, field.key)
        case FieldKind.DATE_TIME:
            return moment_of(values, field.key)
        case FieldKind.CHECK:
            return is_ticked(values, field.key)
        case FieldKind.CHOICES:
            return list(keys_of(values, field.key))
        case FieldKind.NUMBER:
            return number_of(values, field.key)
        case _:
            return text_of(values, field.key)


def _save(office: Office, params: Params, values: Values) -> Done:
    one = _conflict(office, params)
    try:
        return decide(office.work, one.ids, chosen(office.packs, one, values), again=params.get("again") is True)
    except Invalid as error:
        at_field = {"court_name" if key == COURT else key: words for key, words in error.problems.items()}
        raise Invalid(error.advice, at_field) from error


def offer_undo(office: Office, _params: Params, done: Done) -> None:
    """Say that it was decided, and offer to take that back where it can be."""
    words = tr("Decided. The other value is kept in the history.")
    if not isinstance(done, Decided) or done.stood is None:
        office.messages.notice(words)
        return

    def undo() -> None:
        office.messages.follow(office.do(office, take_back, done))

    office.messages.undoable(words, undo)


FORM_KINDS = (FormKind(FORM, _spec, _save, _load, _options, saved_words=tr("Decided."), after=offer_undo),)
