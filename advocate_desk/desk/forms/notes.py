"""Forms of contact notes: a new one, and the amendment that takes the place of an old one."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework import notes
from advocate_desk.casework.notes import NoteDetails
from advocate_desk.casework.work import Done
from advocate_desk.desk.forms.convert import (
    as_moment,
    file_of,
    moment_of,
    number_of,
    record_of,
    text_of,
    this_minute,
)
from advocate_desk.desk.forms.registry import FormKind, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Section
from advocate_desk.errors import Refused
from advocate_desk.store.queries.notes import note_by_id


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("NoteForms", text)


def _fields() -> tuple[Field, ...]:
    return (
        Field("text", FieldKind.LONG_TEXT, tr("What was said and done"), required=True),
        Field("method", FieldKind.CHOICE, tr("How"), required=True, options="note_method", wide=False),
        Field(
            "spoke_with_client",
            FieldKind.YES_NO,
            tr("Did you speak with the client?"),
            help=tr("Yes completes what the contact standards were waiting for."),
            required=True,
            wide=False,
        ),
        Field("happened_at", FieldKind.DATE_TIME, tr("When"), required=True),
        Field("with_whom", FieldKind.TEXT, tr("With whom"), wide=False, max_length=200),
        Field("duration_min", FieldKind.NUMBER, tr("Minutes"), wide=False),
        Field("setting", FieldKind.CHOICE, tr("Where you were"), options="setting", wide=False),
    )


def details_of(values: Values, office: Office) -> NoteDetails:
    """A note as casework takes it."""
    return NoteDetails(
        happened_at=moment_of(values, "happened_at") or office.clock.now(),
        method=text_of(values, "method"),
        text=text_of(values, "text"),
        duration_min=number_of(values, "duration_min"),
        setting=text_of(values, "setting"),
        with_whom=text_of(values, "with_whom"),
        spoke_with_client=text_of(values, "spoke_with_client") == "yes",
    )


def _note_spec(_office: Office, _params: Params) -> FormSpec:
    return FormSpec("note", tr("Add a contact note"), (Section("note", "", _fields()),), save_label=tr("Save note"))


def _note_load(office: Office, _params: Params) -> Values:
    return {"happened_at": this_minute(office.clock)}


def _note_save(office: Office, params: Params, values: Values) -> Done:
    return notes.write_note(office.work, file_of(params), details_of(values, office))


def _amend_spec(_office: Office, _params: Params) -> FormSpec:
    reason = Field(
        "amendment_reason",
        FieldKind.TEXT,
        tr("Why it is amended"),
        help=tr("The note as it was stays readable behind this one."),
        required=True,
        max_length=300,
    )
    section = Section("note", "", (reason, *_fields()))
    return FormSpec("amend_note", tr("Amend a contact note"), (section,), save_label=tr("Save amendment"))


def _amend_load(office: Office, params: Params) -> Values:
    note_id = record_of(params, "note_id")
    line = office.work.read(note_by_id, note_id) if note_id else None
    if line is None:
        raise Refused(tr("This note is no longer in the file."))
    return {
        "text": line.text,
        "method": line.method,
        "happened_at": as_moment(line.happened_at),
        "duration_min": "" if line.duration_min is None else line.duration_min,
        "setting": line.setting,
        "with_whom": line.with_whom,
        "spoke_with_client": "yes" if line.spoke_with_client else "no",
    }


def _amend_save(office: Office, params: Params, values: Values) -> Done:
    note_id = record_of(params, "note_id")
    assert note_id is not None, "an amendment names the note that it replaces"
    return notes.amend_note(office.work, note_id, details_of(values, office), text_of(values, "amendment_reason"))


FORM_KINDS = (
    FormKind("note", _note_spec, _note_save, _note_load, saved_words=tr("Note saved.")),
    FormKind("amend_note", _amend_spec, _amend_save, _amend_load, saved_words=tr("Amendment saved.")),
)
