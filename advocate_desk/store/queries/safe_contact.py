"""How the people of a file may be reached, as values for the safe-contact guard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

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


_M = contact_method.c
_METHOD = (
    _M.kind, _M.value, _M.is_safe, _M.may_text, _M.may_leave_voicemail, _M.safe_from, _M.safe_until, _M.safe_days,
    _M.code_word, _M.who_may_answer, _M.is_device_shared, _M.do_not_contact_before,
)  # fmt: skip
_LINES = (
    select(
        _M.id, person.c.id, person.c.role, person.c.given_name, person.c.family_name, _M.note, _M.fact_source,
        _M.fact_state, _M.told_at, *_METHOD,
    )
    .join(person, person.c.id == contact_method.c.person_id)
    .where(
        contact_method.c.file_id == bindparam("file"),
        contact_method.c.deleted_at.is_(None),
        person.c.deleted_at.is_(None),
    )
    .order_by(person.c.role != "client", contact_method.c.is_safe != "yes", contact_method.c.created_at)
)  # fmt: skip
_ONE = select(*_METHOD).where(contact_method.c.id == bindparam("contact"), contact_method.c.deleted_at.is_(None))


def contact_lines(conn: Connection, file_id: UUID) -> tuple[ContactLine, ...]:
    """Every contact method of the file, the client's and the safe ones first."""
    return tuple(_line(*row) for row in conn.execute(_LINES, {"file": file_id}))


def _line(
    contact_id: UUID,
    whose: UUID,
    role: str,
    given_name: str,
    family_name: str,
    note: str,
    fact_source: str,
    fact_state: str,
    told_at: datetime | None,
    *method: Any,  # noqa: ANN401 - the columns of _METHOD
) -> ContactLine:
    name = f"{given_name} {family_name}".strip()
    return ContactLine(contact_id, whose, role, name, _method(*method), note, fact_source, fact_state, told_at)


def contact_method_by_id(conn: Connection, contact_id: UUID) -> ContactMethod:
    """One contact method. Raises Refused when it is gone."""
    row = conn.execute(_ONE, {"contact": contact_id}).one_or_none()
    if row is None:
        raise Refused("This contact method is no longer in the file. Nothing was changed.")
    return _method(*row)


def _method(*row: Any) -> ContactMethod:  # noqa: ANN401 - the columns of _METHOD
    kind, value, is_safe, may_text, may_leave_voicemail, safe_from, safe_until, safe_days, *rest = row
    hours = read_hours(safe_from, safe_until, safe_days or ())
    return ContactMethod(kind, value, is_safe, may_text, may_leave_voicemail, hours, *rest)
