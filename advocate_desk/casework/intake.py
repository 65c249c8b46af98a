"""Intake: a new client file from a referral, in one act, with the contact standards raised as tasks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import bindparam, select

from advocate_desk.casework import follow_up
from advocate_desk.casework.people import (
    ContactDetails,
    PersonDetails,
    RelationshipDetails,
    add_contact,
    add_person,
    add_relationship,
    check_contact,
    check_person,
)
from advocate_desk.casework.work import Activity, Done, Work, columns_of
from advocate_desk.domain.files import file_reference, status_for_grade
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.tables.exchange import organisation
from advocate_desk.store.tables.files import access_need, alert, client_file, consent, referral


@dataclass(frozen=True, slots=True)
class ReferralDetails:
    """How the client came to us. `received_at` is aware."""

    source: str
    received_at: datetime
    referrer_name: str = ""
    referrer_contact: str = ""
    sender_reference: str = ""
    incident_on: date | None = None
    incident_summary: str = ""
    risk_at_referral: str = ""
    crime_ref: str = ""
    location_status: str = ""
    setting: str = ""
    site: str = ""
    import_batch_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ConsentDetails:
    """What the client agreed to, or did not. `scope` is a consent scope, `decision` given or refused."""

    scope: str
    decision: str
    decided_on: date | None = None
    method: str = ""
    withdrawn_on: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class AlertDetails:
    """Something that must be seen before anybody acts."""

    kind: str
    text: str = ""
    since_on: date | None = None
    ended_on: date | None = None
    fact_source: str = ""
    fact_state: str = ""


@dataclass(frozen=True, slots=True)
class NeedDetails:
    """An access need: what would make it possible for her to take part."""

    kind: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Intake:
    """All that a new file may hold at once. Only the client's name, the source and the date are needed.

    `allocated_person` and `team` are ids of the organisation, for the advocate whom `allocated_to` names.
    """

    referral: ReferralDetails
    client: PersonDetails
    perpetrator: PersonDetails | None = None
    relationship: RelationshipDetails = field(default_factory=RelationshipDetails)
    children: tuple[PersonDetails, ...] = ()
    others: tuple[PersonDetails, ...] = ()
    contacts: tuple[ContactDetails, ...] = ()
    alerts: tuple[AlertDetails, ...] = ()
    consents: tuple[ConsentDetails, ...] = ()
    access_needs: tuple[NeedDetails, ...] = ()
    allocated_to: str = ""
    is_restricted: bool = False
    conflict_note: str = ""
    allocated_person: UUID | None = None
    team: UUID | None = None


def check_intake(intake: Intake, now: datetime, today: date) -> dict[str, str]:
    """Problems by field key of the intake form."""
    problems = check_person(intake.client, today, "client_")
    if not intake.referral.source:
        problems["source"] = "Choose where the referral came from."
    if intake.referral.received_at > now:
        problems["received_at"] = "The referral cannot have come in the future."
    if intake.referral.incident_on is not None and intake.referral.incident_on > today:
        problems["incident_on"] = "The incident cannot lie in the future."
    for index, one in enumerate(intake.children):
        problems |= check_person(one, today, f"children.{index}.")
    for index, one in enumerate(intake.others):
        problems |= check_person(one, today, f"others.{index}.")
    for index, contact in enumerate(intake.contacts):
        problems |= check_contact(contact, f"contacts.{index}.")
    return problems


def open_file(work: Work, intake: Intake) -> Done:
    """Open a client file from a referral. Raises Invalid; then nothing was written."""
    with work.activity("file_opened") as act:
        problems = check_intake(intake, act.now, act.today)
        if problems:
            raise Invalid("The file was not opened yet. What you typed is still here.", problems)
        file_id = write_file(act, intake)
        act.audit("file_opened", file_id, "client_file", RecordId(file_id), source=intake.referral.source)
        return act.done(RecordId(file_id), file_id)


def _person(act: Activity, intake: Intake) -> UUID | None:
    """Who takes the file on, as her organisation knows her; None for a colleague of whom only the name was said."""
    if intake.allocated_person is not None:
        return intake.allocated_person
    if intake.allocated_to not in ("", act.actor.name):
        return None
    own = act.conn.execute(select(organisation.c.person)).scalar_one_or_none()
    return UUID(bytes=own) if own else None


def write_file(act: Activity, intake: Intake) -> FileId:
    """Write everything of a checked intake within an activity."""
    file_id = FileId(act.new_id())
    grade = intake.referral.risk_at_referral
    act.insert(
        client_file,
        file_id,
        {
            "id": file_id,
            "reference": _free_reference(act, file_id),
            "status": status_for_grade(grade),
            "allocated_to": intake.allocated_to or act.actor.name,
            "allocated_person": _person(act, intake),
            "team": intake.team,
            "setting": intake.referral.setting,
            "site": intake.referral.site,
            "opened_on": act.today,
            "is_restricted": intake.is_restricted,
            "conflict_note": intake.conflict_note,
        },
    )
    _write_people(act, file_id, intake)
    for table, many in ((alert, intake.alerts), (consent, intake.consents), (access_need, intake.access_needs)):
        for one in many:
            act.insert(table, file_id, columns_of(one))
    add_referral(act, file_id, intake.referral)
    return file_id


def add_referral(act: Activity, file_id: FileId, details: ReferralDetails) -> RecordId:
    """Write a referral to a file, new or known, within an activity, and raise the contact standards that it starts."""
    referral_id = act.insert(referral, file_id, columns_of(details))
    if not act.is_blank_file(file_id):
        _reopen(act, file_id, details.risk_at_referral)
    follow_up.after(
        act,
        file_id,
        "referral",
        moment=details.received_at,
        origin_id=referral_id,
        grade=details.risk_at_referral,
    )
    return referral_id


def _reopen(act: Activity, file_id: FileId, grade: str) -> None:
    """A new referral opens a closed file again: a client who comes back must not stay out of sight."""
    if act.row(client_file, RecordId(file_id))["status"] == "closed":
        values = {"status": status_for_grade(grade), "closed_on": None, "closure_reason": ""}
        act.update(client_file, RecordId(file_id), values)
        act.audit("file_reopened", file_id, "client_file", RecordId(file_id))


def _write_people(act: Activity, file_id: FileId, intake: Intake) -> None:
    client_id = add_person(act, file_id, intake.client)
    if intake.perpetrator is not None:
        perpetrator_id = add_person(act, file_id, intake.perpetrator)
        add_relationship(act, file_id, client_id, perpetrator_id, intake.relationship)
    for one in (*intake.children, *intake.others):
        add_person(act, file_id, one)
    for contact in intake.contacts:
        add_contact(act, file_id, client_id, contact)


_TAKEN = select(client_file.c.id).where(client_file.c.reference == bindparam("sought"))


def _free_reference(act: Activity, file_id: FileId) -> str:
    """A reference that no file here has: made of the file's own random bits, so that desks need not agree."""
    for shift in range(4):
        reference = file_reference(file_id, act.today, shift)
        if act.conn.execute(_TAKEN, {"sought": reference}).first() is None:
            return reference
    return f"{reference}-{file_id.hex[-4:].upper()}"
