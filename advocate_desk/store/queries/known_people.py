"""Everybody in the caseload with the file that names them: what the conflict check and an import compare names with."""

from __future__ import annotations

from sqlalchemy import select

from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.people import person

KNOWN_PEOPLE = (
    select(
        person.c.id,
        person.c.file_id,
        person.c.role,
        person.c.name_key,
        person.c.given_name,
        person.c.family_name,
        person.c.born_on,
        client_file.c.reference,
        client_file.c.is_restricted,
    )
    .join(client_file, client_file.c.id == person.c.file_id)
    .where(person.c.deleted_at.is_(None), client_file.c.deleted_at.is_(None))
)
