"""What a file knows for a letter: people, consents, needs, cases, hearings, and how often the client was spoken to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from advocate_desk.clock import in_london
from advocate_desk.store.queries.client_file import ConsentLine, FileView, file_view
from advocate_desk.store.queries.justice import JusticeView, justice_view
from advocate_desk.store.queries.lines import fields, of_file
from advocate_desk.store.queries.papers import DisclosureLine, LetterLine, disclosures, letters
from advocate_desk.store.queries.safe_contact import ContactLine, contact_lines
from advocate_desk.store.tables.files import consent
from advocate_desk.store.tables.papers import disclosure, letter, stored_document
from advocate_desk.store.tables.work import contact_attempt, contact_note

WITH_OTHERS = frozenset({"professional", "marac", "record"})
"""Methods of a note that were no contact with the client."""


@dataclass(frozen=True, slots=True)
class FileForLetter:
    """Everything of one file that a letter may need, and what must never stand in one (`contacts`, `file.people`)."""

    file: FileView
    justice: JusticeView
    contacts: tuple[ContactLine, ...]
    contact_count: int


_successor = contact_note.alias("successor")
_IS_AMENDED = (
    select(_successor.c.id)
    .where(_successor.c.amends_id == contact_note.c.id, _successor.c.deleted_at.is_(None))
    .correlate(contact_note)
    .exists()
)
_NOTES = select(contact_note.c.happened_at).where(
    contact_note.c.file_id == bindparam("file"),
    contact_note.c.deleted_at.is_(None),
    contact_note.c.spoke_with_client,
    contact_note.c.method.not_in(WITH_OTHERS),
    ~_IS_AMENDED,
)
_SPOKE = select(contact_attempt.c.attempted_at).where(
    contact_attempt.c.file_id == bindparam("file"),
    contact_attempt.c.deleted_at.is_(None),
    contact_attempt.c.outcome == "spoke",
)
_LETTER = select(
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
).join(stored_document, stored_document.c.id == letter.c.document_id)
_CONSENTS = of_file(consent, ConsentLine, "consent_id")
_TOLD = (
    select(*fields(disclosure, DisclosureLine, "disclosure_id"))
    .where(disclosure.c.letter_id == bindparam("letter"), disclosure.c.deleted_at.is_(None))
    .order_by(disclosure.c.decided_at.desc(), disclosure.c.created_at.desc(), disclosure.c.id.desc())
    .limit(1)
)
_FILE = select(letter.c.file_id).where(letter.c.id == bindparam("letter"))
_ONE = _LETTER.where(letter.c.id == bindparam("letter"), letter.c.deleted_at.is_(None))


def file_for_letter(conn: Connection, file_id: UUID) -> FileForLetter:
    """What the file knows for a letter. Raises Refused when there is no such file."""
    return FileForLetter(
        file=file_view(conn, file_id),
        justice=justice_view(conn, file_id),
        contacts=contact_lines(conn, file_id),
        contact_count=contact_count(conn, file_id),
    )


def contact_count(conn: Connection, file_id: UUID) -> int:
    """How often the client was in contact: notes of talks with her, and calls in which she spoke on a day without one.

    A call that was logged as an attempt and then written up is one contact: a court is told no number that is too high.
    """
    notes = [_day(row) for row in conn.execute(_NOTES, {"file": file_id})]
    noted = set(notes)
    return len(notes) + sum(_day(row) not in noted for row in conn.execute(_SPOKE, {"file": file_id}))


@dataclass(frozen=True, slots=True)
class PapersView:
    """What the Letters section shows."""

    letters: tuple[LetterLine, ...]
    disclosures: tuple[DisclosureLine, ...]


def papers_of_file(conn: Connection, file_id: UUID) -> PapersView:
    """Letters and disclosures of a file, newest first."""
    return PapersView(letters(conn, file_id), disclosures(conn, file_id))


def letter_by_id(conn: Connection, letter_id: UUID) -> LetterLine | None:
    """One letter that was made; None when it is not there."""
    row: Any = conn.execute(_ONE, {"letter": letter_id}).one_or_none()
    return None if row is None else LetterLine(*row)


def consents_of_file(conn: Connection, file_id: UUID) -> tuple[ConsentLine, ...]:
    """What the client agreed to or did not, in the order in which it was recorded."""
    return tuple(ConsentLine(*each) for each in conn.execute(_CONSENTS, {"file": file_id}))


def file_of_letter(conn: Connection, letter_id: UUID) -> UUID:
    """The file that a letter belongs to; it must be there."""
    found: UUID = conn.execute(_FILE, {"letter": letter_id}).scalar_one()
    return found


def last_disclosure(conn: Connection, letter_id: UUID) -> DisclosureLine | None:
    """The newest entry of the register about a letter: the ground on which it rests now."""
    row: Any = conn.execute(_TOLD, {"letter": letter_id}).one_or_none()
    return None if row is None else DisclosureLine(*row)


def _day(row: Any) -> date:  # noqa: ANN401 - a row of one moment
    return in_london(row[0]).date()
