"""How the people of a file may be reached, as values for the safe-contact guard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, bindparam, select

from advocate_desk.domain.contact import ContactMethod, read_hours
from advocate_desk.errors import Refused
from advocate_desk.store.tables.people import contact_method, person


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A contact method as a screen shows it, with whom it reaches."""

    contact_id: UUID
    person_id: UUID
    person_role: str
    person_name: str
    method: ContactMethod
    note: str
    fact_source: str
    fact_state: str
    told_at: datetime | None


_LINES = (
    select(contact_method, person.c.role, person.c.given_name, person.c.family_name, person.c.id.label("whose"))
    .join(person, person.c.id == contact_method.c.person_id)
    .where(
        contact_method.c.file_id == bindparam("file"),
        contact_method.c.deleted_at.is_(None),
        person.c.deleted_at.is_(None),
    )
    .order_by(person.c.role != "client", contact_method.c.is_safe != "yes", contact_method.c.created_at)
)
_ONE = select(contact_method).where(contact_method.c.id == bindparam("contact"), contact_method.c.deleted_at.is_(None))


def contact_lines(conn: Connection, file_id: UUID) -> tuple[ContactLine, ...]:
    """Every contact method of the file, the client's and the safe ones first."""
    return tuple(
        ContactLine(
            row["id"],
            row["whose"],
            row["role"],
            f"{row['given_name']} {row['family_name']}".strip(),
            _method(row),
            row["note"],
            row["fact_source"],
            row["fact_state"],
            row["told_at"],
        )
        for row in conn.execute(_LINES, {"file": file_id}).mappings()
    )


def contact_method_by_id(conn: Connection, contact_id: UUID) -> ContactMethod:
    """One contact method. Raises Refused when it is gone."""
    row = conn.execute(_ONE, {"contact": contact_id}).mappings().one_or_none()
    if row is None:
        raise Refused("This contact method is no longer in the file. Nothing was changed.")
    return _method(row)


def _method(row: RowMapping) -> ContactMethod:
    return ContactMethod(
        kind=row["kind"],
        value=row["value"],
        is_safe=row["is_safe"],
        may_text=row["may_text"],
        may_leave_voicemail=row["may_leave_voicemail"],
        hours=read_hours(row["safe_from"], row["safe_until"], row["safe_days"] or ()),
        code_word=row["code_word"],
        who_may_answer=row["who_may_answer"],
        is_device_shared=row["is_device_shared"],
        do_not_contact_before=row["do_not_contact_before"],
    )
