"""Letters and disclosures of a file; a document's bytes are read only when it is opened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from advocate_desk.store.queries.lines import of_file
from advocate_desk.store.tables.papers import disclosure, letter, stored_document


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter that was made."""

    letter_id: UUID
    document_id: UUID
    template: str
    addressee_kind: str
    addressee: str
    facts: dict[str, Any]
    made_at: datetime
    made_by: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class DisclosureLine:
    """What was told to whom, and on what ground."""

    disclosure_id: UUID
    letter_id: UUID | None
    to_whom: str
    addressee_kind: str
    what: list[str]
    gateway: str
    consent: str
    necessity: str
    decided_by: str
    decided_at: datetime
    client_agreed_on: date | None
    how: str


_LETTERS = (
    select(
        letter.c.id,
        letter.c.document_id,
        letter.c.template,
        letter.c.addressee_kind,
        letter.c.addressee,
        letter.c.facts,
        letter.c.made_at,
        letter.c.made_by,
        stored_document.c.sha256,
        stored_document.c.size_bytes,
    )
    .join(stored_document, stored_document.c.id == letter.c.document_id)
    .where(letter.c.file_id == bindparam("file"), letter.c.deleted_at.is_(None))
    .order_by(letter.c.made_at.desc())
)
_DISCLOSURES = of_file(disclosure, DisclosureLine, "disclosure_id", disclosure.c.decided_at.desc())


def letters(conn: Connection, file_id: UUID) -> tuple[LetterLine, ...]:
    """Letters of a file, newest first."""
    rows: Iterable[Any] = conn.execute(_LETTERS, {"file": file_id})
    return tuple(LetterLine(*row) for row in rows)


def disclosures(conn: Connection, file_id: UUID) -> tuple[DisclosureLine, ...]:
    """Disclosures from a file, newest first."""
    return tuple(DisclosureLine(*row) for row in conn.execute(_DISCLOSURES, {"file": file_id}))
