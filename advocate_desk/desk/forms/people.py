"""Forms of the people of a file: who they are, how a perpetrator is related, and the one note behind its own door."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework import people
from advocate_desk.casework.overwriting import row_of
from advocate_desk.casework.people import PersonDetails, RelationshipDetails
from advocate_desk.casework.work import Done
from advocate_desk.desk.forms.convert import (
    as_day,
    day_of,
    file_of,
    is_ticked,
    record_of,
    text_of,
)
from advocate_desk.desk.forms.registry import FormKind, OptionList, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Section
from advocate_desk.domain.identity import RecordId
from advocate_desk.errors import Refused
from advocate_desk.store.queries.client_file import FileView, PersonLine, RelationshipLine, file_view

OTHER_ROLES = ("at_risk", "supporter", "associate", "witness", "professional")


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("PeopleForms", text)


def name_fields(prefix: str = "") -> tuple[Field, ...]:
    """Names and date of birth, for every role."""
    return (
        Field(f"{prefix}given_name", FieldKind.TEXT, tr("Given name"), wide=False, max_length=120),
        Field(f"{prefix}family_name", FieldKind.TEXT, tr("Family name"), wide=False, max_length=120),
        Field(f"{prefix}known_as", FieldKind.TEXT, tr("Known as"), wide=False, max_length=120),
        Field(f"{prefix}born_on", FieldKind.DATE, tr("Date of birth"), wide=False),
    )


def language_fields(prefix: str = "") -> tuple[Field, ...]:
    """Gender, language and interpreter."""
    return (
        Field(f"{prefix}gender", FieldKind.CHOICE, tr("Gender"), options="gender", wide=False),
        Field(f"{prefix}language", FieldKind.CHOICE, tr("First language"), options="language", wide=False),
        Field(
            f"{prefix}needs_interpreter",
            FieldKind.CHECK,
            tr("Needs an interpreter"),
            help=tr("A professional one: never family, a friend or a child."),
        ),
    )


def perpetrator_fields(prefix: str = "") -> tuple[Field, ...]:
    """What matters of a perpetrator beyond the name."""
    return (
        Field(f"{prefix}gender", FieldKind.CHOICE, tr("Gender"), options="gender", wide=False),
        Field(f"{prefix}language", FieldKind.CHOICE, tr("First language"), options="language", wide=False),
        Field(
            f"{prefix}occupation",
            FieldKind.TEXT,
            tr("Work"),
            help=tr("Police, prison, court, health, council or this service: think of restricting the file."),
            wide=False,
        ),
        Field(
            f"{prefix}whereabouts",
            FieldKind.TEXT,
            tr("Where they are now"),
            help=tr("Address or area, in custody, not known"),
            wide=False,
        ),
    )


def relationship_fields() -> tuple[Field, ...]:
    """How client and perpetrator are related."""
    return (
        Field(
            "relationship_kind",
            FieldKind.CHOICE,
            tr("To the client they are"),
            options="relationship_kind",
            wide=False,
        ),
        Field("relationship_status", FieldKind.CHOICE, tr("Now"), options="relationship_status", wide=False),
        Field("separated_on", FieldKind.DATE, tr("Separated on"), wide=False),
        Field(
            "child_contact",
            FieldKind.TEXT,
            tr("Contact with children"),
            help=tr("By order, agreed, in dispute, none"),
            wide=False,
        ),
    )


def person_of(values: Values, role: str, prefix: str = "", immigration_note: str | None = None) -> PersonDetails:
    """A person as casework takes it; fields that the form did not ask for are empty."""
    return PersonDetails(
        role=role,
        given_name=text_of(values, f"{prefix}given_name"),
        family_name=text_of(values, f"{prefix}family_name"),
        known_as=text_of(values, f"{prefix}known_as"),
        born_on=day_of(values, f"{prefix}born_on"),
        gender=text_of(values, f"{prefix}gender"),
        language=text_of(values, f"{prefix}language"),
        needs_interpreter=is_ticked(values, f"{prefix}needs_interpreter"),
        occupation=text_of(values, f"{prefix}occupation"),
        whereabouts=text_of(values, f"{prefix}whereabouts"),
        immigration_note=immigration_note,
        note=text_of(values, f"{prefix}note"),
    )


def relationship_of(values: Values) -> RelationshipDetails:
    """The link as casework takes it."""
    return RelationshipDetails(
        kind=text_of(values, "relationship_kind"),
        status=text_of(values, "relationship_status"),
        separated_on=day_of(values, "separated_on"),
        child_contact=text_of(values, "child_contact"),
    )


# --- one person -----------------------------------------------------------------------------------------------------


def _person_spec(_office: Office, params: Params) -> FormSpec:
    role = str(params.get("role", "at_risk"))
    is_new = not params.get("person_id")
    note = Field("note", FieldKind.LONG_TEXT, tr("Note"))
    if role == "perpetrator":
        title = tr("Add a perpetrator") if is_new else tr("Perpetrator")
        sections = (
            Section("person", tr("Who they are"), (*name_fields(), *perpetrator_fields(), note)),
            Section("relationship", tr("The relationship"), relationship_fields()),
        )
        return FormSpec("person", title, sections, save_label=tr("Save perpetrator"))
    if role == "client":
        fields = (*name_fields(), *language_fields(), *_where_fields(), note)
        return FormSpec("person", tr("Client"), (Section("person", "", fields),), save_label=tr("Save client"))
    if role == "child":
        title = tr("Add a child") if is_new else tr("Child")
        fields = (*name_fields(), *language_fields(), note)
        return FormSpec("person", title, (Section("person", "", fields),), save_label=tr("Save child"))
    which = Field("role", FieldKind.CHOICE, tr("Who this is"), required=True, options="other_roles")
    title = tr("Add another person") if is_new else tr("Another person")
    fields = (which, *name_fields(), *language_fields(), *_where_fields(), note)
    return FormSpec("person", title, (Section("person", "", fields),), save_label=tr("Save person"))


def _where_fields() -> tuple[Field, ...]:
    return (
        Field("occupation", FieldKind.TEXT, tr("Work or organisation"), wide=False),
        Field("whereabouts", FieldKind.TEXT, tr("Where they live or stay"), wide=False),
    )


def _person_load(office: Office, params: Params) -> Values:
    person_id = record_of(params, "person_id")
    role = str(params.get("role", "at_risk"))
    if person_id is None:
        return {"role": role if role in OTHER_ROLES else ""}
    view = office.work.read(file_view, file_of(params))
    line = next((each for each in view.people if each.person_id == person_id), None)
    if line is None:
        raise Refused(tr("This person is no longer in the file."))
    return {**_person_values(line), **_link_values(_link_of(view, line))}


def _link_of(view: FileView, line: PersonLine) -> RelationshipLine | None:
    return next((each for each in view.relationships if each.perpetrator_id == line.person_id), None)


def _person_values(line: PersonLine) -> Values:
    return {
        "role": line.role,
        "given_name": line.given_name,
        "family_name": line.family_name,
        "known_as": line.known_as,
        "born_on": as_day(line.born_on),
        "gender": line.gender,
        "language": line.language,
        "needs_interpreter": line.needs_interpreter,
        "occupation": line.occupation,
        "whereabouts": line.whereabouts,
        "note": line.note,
    }


def _link_values(link: RelationshipLine | None) -> Values:
    if link is None:
        return {}
    return {
        "relationship_kind": link.kind,
        "relationship_status": link.status,
        "separated_on": as_day(link.separated_on),
        "child_contact": link.child_contact,
    }


def _person_options(office: Office, _params: Params) -> dict[str, OptionList]:
    return {"other_roles": tuple(each for each in office.packs.choices("person_role") if each.key in OTHER_ROLES)}


def _person_save(office: Office, params: Params, values: Values) -> Done:
    file_id, person_id = file_of(params), record_of(params, "person_id")
    role = str(params.get("role", "at_risk"))
    if role in OTHER_ROLES:
        role = text_of(values, "role") or role
    details = person_of(values, role)
    if role == "perpetrator":
        return people.save_perpetrator(office.work, file_id, person_id, details, relationship_of(values))
    return people.save_person(office.work, file_id, person_id, details)


# --- the note behind its own door -----------------------------------------------------------------------------------


def _immigration_spec(_office: Office, _params: Params) -> FormSpec:
    warning = Field(
        "guidance",
        FieldKind.NOTE,
        tr("Kept apart from everything else in the file."),
        help=tr(
            "It is never in a letter to the police or the Home Office, in a list or in a search. "
            "That this note was opened is in the file’s history."
        ),
    )
    note = Field("immigration_note", FieldKind.LONG_TEXT, tr("Immigration note"))
    section = Section("note", "", (warning, note))
    return FormSpec("immigration_note", tr("Immigration note"), (section,), save_label=tr("Save note"))


def _immigration_load(office: Office, params: Params) -> Values:
    return {"immigration_note": people.read_immigration_note(office.work, _whose_note(params))}


def _immigration_again(office: Office, params: Params) -> Values:
    """As it stands now, for whoever has it open: that is on record already."""
    row = office.work.read(row_of, "person", _whose_note(params)) or {}
    return {"immigration_note": str(row.get("immigration_note") or "")}


def _immigration_save(office: Office, params: Params, values: Values) -> Done:
    return people.save_immigration_note(office.work, _whose_note(params), text_of(values, "immigration_note"))


def _whose_note(params: Params) -> RecordId:
    person_id = record_of(params, "person_id")
    if person_id is None:
        raise Refused(tr("This note has lost its person. Open the file and its note again; what you typed is kept."))
    return person_id


FORM_KINDS = (
    FormKind("person", _person_spec, _person_save, _person_load, _person_options, edits="person_id", record="person"),
    FormKind(
        "immigration_note",
        _immigration_spec,
        _immigration_save,
        _immigration_load,
        edits="person_id",
        read_again=_immigration_again,
    ),
)
