"""The people of a file and how they may be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from advocate_desk.casework.names import name_key
from advocate_desk.casework.work import Activity, Done, Work, columns_of
from advocate_desk.domain.contact import read_hours
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid, Refused
from advocate_desk.store.tables.people import contact_method, person, relationship


@dataclass(frozen=True, slots=True)
class PersonDetails:
    """Somebody in the file. `role` is a person role. `immigration_note` None leaves what is written there as it is."""

    role: str
    given_name: str = ""
    family_name: str = ""
    known_as: str = ""
    born_on: date | None = None
    gender: str = ""
    language: str = ""
    needs_interpreter: bool = False
    occupation: str = ""
    whereabouts: str = ""
    immigration_note: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ContactDetails:
    """One way to reach somebody, with what makes it safe. Times are "HH:MM"; yes/no fields hold yes, no or unknown."""

    kind: str
    value: str
    is_safe: str = "unknown"
    may_text: str = "unknown"
    may_leave_voicemail: str = "unknown"
    safe_from: str = ""
    safe_until: str = ""
    safe_days: tuple[str, ...] = ()
    code_word: str = ""
    who_may_answer: str = ""
    is_device_shared: bool = False
    do_not_contact_before: date | None = None
    note: str = ""
    fact_source: str = ""
    fact_state: str = ""


@dataclass(frozen=True, slots=True)
class RelationshipDetails:
    """The link between client and perpetrator, on which risk, cases and bail hang."""

    kind: str = ""
    status: str = ""
    separated_on: date | None = None
    child_contact: str = ""


def check_person(details: PersonDetails, today: date, prefix: str = "") -> dict[str, str]:
    """Problems by field: somebody without any name, or born after today."""
    problems: dict[str, str] = {}
    if not (details.given_name.strip() or details.family_name.strip() or details.known_as.strip()):
        problems[f"{prefix}given_name"] = "Give at least one name, or a word that you will know her by."
    if details.born_on is not None and details.born_on > today:
        problems[f"{prefix}born_on"] = "This date of birth is in the future."
    return problems


def check_contact(details: ContactDetails, prefix: str = "") -> dict[str, str]:
    """Problems by field: nothing to reach her by, or a time span of no length."""
    problems: dict[str, str] = {}
    if not details.value.strip():
        problems[f"{prefix}value"] = "Write the number or address, or remove this line."
    try:
        read_hours(details.safe_from, details.safe_until, details.safe_days)
    except ValueError:
        problems[f"{prefix}safe_until"] = "Give a start and an end that differ, such as 9:00 and 15:00."
    return problems


def person_row(details: PersonDetails) -> dict[str, object]:
    """The columns of a person, her comparison key included."""
    row = columns_of(details)
    if details.immigration_note is None:
        del row["immigration_note"]
    row["name_key"] = name_key(f"{details.given_name} {details.known_as}".strip(), details.family_name)
    row["sort_key"] = name_key(details.family_name, details.given_name or details.known_as)
    return row


def add_person(act: Activity, file_id: FileId, details: PersonDetails) -> RecordId:
    """Write a new person within an activity."""
    return act.insert(person, file_id, person_row(details))


def contact_row(details: ContactDetails) -> dict[str, object]:
    """The columns of a contact method."""
    return {**columns_of(details), "safe_days": list(details.safe_days)}


def add_contact(act: Activity, file_id: FileId, person_id: RecordId, details: ContactDetails) -> RecordId:
    """Write a new contact method within an activity."""
    return act.insert(contact_method, file_id, {**contact_row(details), "person_id": person_id, "told_at": act.now})


def add_relationship(
    act: Activity, file_id: FileId, client_id: RecordId, perpetrator_id: RecordId, details: RelationshipDetails
) -> RecordId:
    """Link client and perpetrator within an activity."""
    return act.insert(
        relationship, file_id, {**columns_of(details), "client_id": client_id, "perpetrator_id": perpetrator_id}
    )


def save_person(work: Work, file_id: FileId, person_id: RecordId | None, details: PersonDetails) -> Done:
    """Add somebody to the file, or change what is known of her. Raises Invalid."""
    with work.activity("person_saved", file_id) as act:
        problems = check_person(details, act.today)
        if problems:
            raise Invalid("The name or date of birth needs another look. What you typed is still here.", problems)
        if person_id is None:
            person_id = add_person(act, file_id, details)
        else:
            act.update(person, person_id, person_row(details))
        act.audit("person_saved", file_id, "person", person_id)
        return act.done(person_id, file_id)


def save_perpetrator(
    work: Work,
    file_id: FileId,
    person_id: RecordId | None,
    details: PersonDetails,
    link: RelationshipDetails,
) -> Done:
    """Add a perpetrator and the link to the client, or change both, in one act. Raises Invalid."""
    with work.activity("person_saved", file_id) as act:
        problems = check_person(details, act.today)
        if problems:
            raise Invalid("The name or date of birth needs another look. What you typed is still here.", problems)
        if person_id is None:
            person_id = add_person(act, file_id, details)
        else:
            act.update(person, person_id, person_row(details))
        of_her = select(relationship.c.id).where(
            relationship.c.perpetrator_id == person_id, relationship.c.deleted_at.is_(None)
        )
        known = act.conn.execute(of_her).scalar()
        if known is not None:
            act.update(relationship, RecordId(known), columns_of(link))
        else:
            add_relationship(act, file_id, _client_of(act, file_id), person_id, link)
        act.audit("person_saved", file_id, "person", person_id)
        return act.done(person_id, file_id)


def _client_of(act: Activity, file_id: FileId) -> RecordId:
    own = select(person.c.id).where(
        person.c.file_id == file_id, person.c.role == "client", person.c.deleted_at.is_(None)
    )
    found = act.conn.execute(own).scalar()
    if found is None:
        raise Refused("This file has no client. Nothing was changed.")
    return RecordId(found)


def read_immigration_note(work: Work, person_id: RecordId) -> str:
    """Open the one field behind its own door. That it was read is on record in the file's history."""
    with work.activity("immigration_note_read") as act:
        row = act.row(person, person_id)
        act.audit("immigration_note_read", row["file_id"], "person", person_id)
        return str(row["immigration_note"])


def save_immigration_note(work: Work, person_id: RecordId, text: str) -> Done:
    """Write the one field behind its own door."""
    with work.activity("immigration_note_saved") as act:
        file_id = act.update(person, person_id, {"immigration_note": text})
        act.audit("immigration_note_saved", file_id, "person", person_id)
        return act.done(person_id, file_id)


def save_contact(
    work: Work, file_id: FileId, person_id: RecordId, contact_id: RecordId | None, details: ContactDetails
) -> Done:
    """Add or change a way to reach somebody; the audit chain says that it changed. Raises Invalid."""
    with work.activity("contact_method_saved", file_id) as act:
        problems = check_contact(details)
        if problems:
            raise Invalid("This contact method needs another look. What you typed is still here.", problems)
        if contact_id is None:
            contact_id = add_contact(act, file_id, person_id, details)
        else:
            act.update(contact_method, contact_id, {**contact_row(details), "told_at": act.now})
        act.audit("contact_method_saved", file_id, "contact_method", contact_id, safe=details.is_safe)
        return act.done(contact_id, file_id)


def save_relationship(work: Work, relationship_id: RecordId, details: RelationshipDetails) -> Done:
    """Change how client and perpetrator are related."""
    with work.activity("relationship_saved") as act:
        file_id = act.update(relationship, relationship_id, columns_of(details))
        return act.done(relationship_id, file_id)


def remove_contact(work: Work, contact_id: RecordId) -> Done:
    """Mark a contact method deleted."""
    with work.activity("contact_method_removed") as act:
        return act.done(contact_id, act.remove(contact_method, contact_id))


def restore_contact(work: Work, contact_id: RecordId) -> Done:
    """Take back the removal of a contact method."""
    with work.activity("contact_method_restored") as act:
        return act.done(contact_id, act.restore(contact_method, contact_id))


def remove_person(work: Work, person_id: RecordId) -> Done:
    """Mark somebody deleted from the file. The client herself cannot be. Raises Invalid."""
    with work.activity("person_removed") as act:
        if act.row(person, person_id)["role"] == "client":
            raise Invalid("The client cannot be taken out of her own file. Close the file instead.")
        return act.done(person_id, act.remove(person, person_id))


def restore_person(work: Work, person_id: RecordId) -> Done:
    """Take back that somebody was taken out of the file."""
    with work.activity("person_restored") as act:
        return act.done(person_id, act.restore(person, person_id))
