"""The intake form: a new client file from a referral, half done or whole, with the conflict check beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from advocate_desk.casework.conflict_check import NameTyped
from advocate_desk.casework.intake import Intake, open_file
from advocate_desk.casework.people import PersonDetails, RelationshipDetails
from advocate_desk.casework.work import Done
from advocate_desk.desk.forms.allocation import advocate_called
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.conflict_panel import ConflictPanel
from advocate_desk.desk.forms.contacts import contact_fields, contact_of
from advocate_desk.desk.forms.convert import day_of, is_ticked, rows_of, text_of, this_minute
from advocate_desk.desk.forms.file import (
    alert_fields,
    alert_of,
    consent_fields,
    consent_of,
    need_fields,
    need_of,
    referral_fields,
    referral_of,
    restriction_fields,
)
from advocate_desk.desk.forms.people import (
    OTHER_ROLES,
    language_fields,
    name_fields,
    perpetrator_fields,
    person_of,
    relationship_fields,
    relationship_of,
)
from advocate_desk.desk.forms.registry import FormKind, OptionList, Params
from advocate_desk.desk.forms.tasks import advocates
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.office import Office
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Section, ShownWhen


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("IntakeForm", text)


def start_intake(office: Office) -> None:
    """Open the form for one more client: each has a draft of its own, so that several may be left half done.

    Asked for twice in a minute, it is the same form.
    """
    office.open_form("intake", {"started": office.clock.now().isoformat(timespec="minutes")})


def _spec(_office: Office, _params: Params) -> FormSpec:
    sections = (
        Section("referral", tr("Referral"), referral_fields()),
        Section("client", tr("Client"), (*name_fields("client_"), *language_fields("client_"), *_immigration_fields())),
        Section(
            "perpetrator",
            tr("Perpetrator"),
            (*name_fields("perpetrator_"), *perpetrator_fields("perpetrator_"), *relationship_fields()),
        ),
        Section("children", tr("Children and others"), (_children_field(), _others_field())),
        Section("contact", tr("Safe contact"), (_contacts_field(),), intro=_contact_intro()),
        Section("alerts", tr("Alerts"), (_repeat("alerts", tr("Alert"), alert_fields(), tr("Add an alert")),)),
        Section(
            "consents", tr("Consents"), (_repeat("consents", tr("Consent"), consent_fields(), tr("Add a consent")),)
        ),
        Section("needs", tr("Access needs"), (_repeat("access_needs", tr("Need"), need_fields(), tr("Add a need")),)),
        Section("allocation", tr("Allocation"), (_allocated_field(), *restriction_fields())),
    )
    return FormSpec("intake", tr("New referral"), sections, save_label=tr("Open the file"))


def _immigration_fields() -> tuple[Field, ...]:
    """One note behind its own door: not there until somebody opens it."""
    return (
        Field(
            "immigration_door",
            FieldKind.CHECK,
            tr("Write an immigration note"),
            help=tr("Only if she wants it written down. It is kept apart and never goes to police or the Home Office."),
        ),
        Field(
            "immigration_note",
            FieldKind.LONG_TEXT,
            tr("Immigration note"),
            shown_when=ShownWhen("immigration_door", ("yes",)),
        ),
    )


def _contact_intro() -> str:
    return tr("Ask each time: is it safe to call, text or write, and when? Nothing is safe until she has said so.")


def _repeat(key: str, label: str, fields: tuple[Field, ...], add_label: str) -> Field:
    return Field(key, FieldKind.REPEAT, label, fields=fields, add_label=add_label)


def _children_field() -> Field:
    more = (
        Field("gender", FieldKind.CHOICE, tr("Gender"), options="gender", wide=False),
        Field("note", FieldKind.TEXT, tr("Lives with, school, what they have seen"), max_length=300),
    )
    return _repeat("children", tr("Child"), (*name_fields(), *more), tr("Add a child"))


def _others_field() -> Field:
    which = Field("role", FieldKind.CHOICE, tr("Who this is"), required=True, options="other_roles")
    more = (
        Field("occupation", FieldKind.TEXT, tr("Work or organisation"), wide=False),
        Field("whereabouts", FieldKind.TEXT, tr("Where they live or stay"), wide=False),
        Field("note", FieldKind.TEXT, tr("Note"), max_length=300),
    )
    return _repeat("others", tr("Person"), (which, *name_fields(), *more), tr("Add another person"))


def _contacts_field() -> Field:
    return _repeat("contacts", tr("Way to reach her"), contact_fields(), tr("Add a way to reach her"))


def _allocated_field() -> Field:
    return Field("allocated_to", FieldKind.SEARCH, tr("Allocated to"), options="advocates")


def _load(office: Office, _params: Params) -> Values:
    return {"received_at": this_minute(office.clock), "allocated_to": office.work.actor.name}


def _options(office: Office, _params: Params) -> dict[str, OptionList]:
    others = tuple(each for each in office.packs.choices("person_role") if each.key in OTHER_ROLES)
    return {"advocates": advocates(office), "other_roles": others}


def intake_of(values: Values, office: Office) -> Intake:
    """Everything that was taken down, as casework takes it. No perpetrator is made of empty fields."""
    note = text_of(values, "immigration_note") if is_ticked(values, "immigration_door") else None
    perpetrator = _named(person_of(values, "perpetrator", "perpetrator_"))
    return Intake(
        referral=referral_of(values, office),
        client=person_of(values, "client", "client_", note),
        perpetrator=perpetrator or _unnamed(values),
        relationship=relationship_of(values),
        children=tuple(person_of(dict(row), "child") for row in rows_of(values, "children")),
        others=tuple(person_of(dict(row), text_of(row, "role") or "at_risk") for row in rows_of(values, "others")),
        contacts=tuple(contact_of(dict(row)) for row in rows_of(values, "contacts")),
        alerts=tuple(alert_of(dict(row)) for row in rows_of(values, "alerts")),
        consents=tuple(consent_of(dict(row)) for row in rows_of(values, "consents")),
        access_needs=tuple(need_of(dict(row)) for row in rows_of(values, "access_needs")),
        allocated_to=text_of(values, "allocated_to"),
        is_restricted=is_ticked(values, "is_restricted"),
        conflict_note=text_of(values, "conflict_note"),
    )


def _named(person: PersonDetails) -> PersonDetails | None:
    return person if person.given_name or person.family_name or person.known_as else None


def _unnamed(values: Values) -> PersonDetails | None:
    """A perpetrator without a name, when anything else was said of them or of the relationship."""
    person = person_of(values, "perpetrator", "perpetrator_")
    said = person != PersonDetails("perpetrator") or relationship_of(values) != RelationshipDetails()
    return PersonDetails(**{**_fields_of(person), "known_as": tr("Name not known")}) if said else None


def _fields_of(person: PersonDetails) -> dict[str, Any]:
    return {name: getattr(person, name) for name in PersonDetails.__slots__}


def names_typed(values: Mapping[str, Any]) -> list[NameTyped]:
    """Every name that stands in the form so far."""
    found = [
        NameTyped(
            role, _given(values, f"{role}_"), text_of(values, f"{role}_family_name"), day_of(values, f"{role}_born_on")
        )
        for role in ("client", "perpetrator")
    ]
    for key, role in (("children", "child"), ("others", "at_risk")):
        found += [
            NameTyped(role, _given(row, ""), text_of(row, "family_name"), day_of(row, "born_on"))
            for row in rows_of(values, key)
        ]
    return [each for each in found if each.given_name or each.family_name]


def _given(values: Mapping[str, Any], prefix: str) -> str:
    return text_of(values, f"{prefix}given_name") or text_of(values, f"{prefix}known_as")


def is_more_than_a_referral(values: Values, office: Office) -> bool:
    """Whether anything was taken down that a referral alone would not carry to a file that is known."""
    intake = intake_of(values, office)
    client = intake.client
    bare = PersonDetails("client", client.given_name, client.family_name, client.known_as, client.born_on)
    rest = (intake.perpetrator, *intake.children, *intake.others, *intake.contacts, *intake.alerts)
    more = (*intake.consents, *intake.access_needs, intake.conflict_note, intake.is_restricted)
    return client != bare or any(rest) or any(more)


def _save(office: Office, _params: Params, values: Values) -> Done:
    intake = intake_of(values, office)
    to = advocate_called(intake.allocated_to, office)
    return open_file(office.work, replace(intake, allocated_person=to.person, team=next(iter(to.teams), None)))


def _aside(office: Office, _params: Params, view: FormView) -> QWidget:
    return ConflictPanel(office, view, names_typed, referral_of, is_more_than_a_referral)


def _after(office: Office, _params: Params, done: Done) -> None:
    if done.file_id is not None:
        office.open_file(done.file_id)


FORM_KINDS = (
    FormKind(
        "intake",
        _spec,
        _save,
        _load,
        _options,
        is_wide=True,
        saved_words=tr("Saved to her file."),
        aside=_aside,
        after=_after,
    ),
)
