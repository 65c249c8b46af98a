"""Contact notes and attempts, newest first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from advocate_desk.store.queries.lines import of_file
from advocate_desk.store.tables.work import contact_attempt, contact_note

PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class NoteLine:
    """A contact note. `amends_id` names the note that it takes the place of."""

    note_id: UUID
    happened_at: datetime
    method: str
    duration_min: int | None
    setting: str
    with_whom: str
    spoke_with_client: bool
    text: str
    written_by: str
    amends_id: UUID | None
    amendment_reason: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NotesPage:
    """Notes that stand, newest first, and every note that was amended, by its own id."""

    notes: tuple[NoteLine, ...]
    amended: dict[UUID, NoteLine]
    total: int


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """A try to reach the client."""

    attempt_id: UUID
    contact_method_id: UUID | None
    attempted_at: datetime
    channel: str
    outcome: str
    text: str
    is_override: bool
    override_reason: str
    made_by: str


_successor = contact_note.alias("successor")
_IS_AMENDED = (
    select(_successor.c.id)
    .where(_successor.c.amends_id == contact_note.c.id, _successor.c.deleted_at.is_(None))
    .correlate(contact_note)
    .exists()
)
_COLUMNS = [contact_note.c.id if name == "note_id" else contact_note.c[name] for name in NoteLine.__slots__]
_STANDING = (
    select(*_COLUMNS)
    .where(contact_note.c.file_id == bindparam("file"), contact_note.c.deleted_at.is_(None), ~_IS_AMENDED)
    .order_by(contact_note.c.happened_at.desc(), contact_note.c.id.desc())
    .limit(bindparam("rows"))
    .offset(bindparam("offset"))
)
_COUNT = select(func.count()).where(
    contact_note.c.file_id == bindparam("file"), contact_note.c.deleted_at.is_(None), ~_IS_AMENDED
)
_AMENDED = select(*_COLUMNS).where(contact_note.c.file_id == bindparam("file"), _IS_AMENDED)
_ONE = select(*_COLUMNS).where(contact_note.c.id == bindparam("note"), contact_note.c.deleted_at.is_(None))
_ATTEMPTS = of_file(contact_attempt, AttemptLine, "attempt_id", contact_attempt.c.attempted_at.desc())


def notes_page(conn: Connection, file_id: UUID, offset: int = 0, rows: int = PAGE_ROWS) -> NotesPage:
    """One page of a file's notes."""
    given = {"file": file_id, "rows": rows, "offset": offset}
    standing = tuple(NoteLine(*row) for row in conn.execute(_STANDING, given))
    old = {line.note_id: line for line in (NoteLine(*row) for row in conn.execute(_AMENDED, {"file": file_id}))}
    total = conn.execute(_COUNT, {"file": file_id}).scalar_one()
    return NotesPage(standing, old, total)


def attempts(conn: Connection, file_id: UUID) -> tuple[AttemptLine, ...]:
    """Every contact attempt of a file, newest first."""
    return tuple(AttemptLine(*row) for row in conn.execute(_ATTEMPTS, {"file": file_id}))


def note_by_id(conn: Connection, note_id: UUID) -> NoteLine | None:
    """One note, amended or not; None when it is not there."""
    row = conn.execute(_ONE, {"note": note_id}).one_or_none()
    return None if row is None else NoteLine(*row)


@dataclass(frozen=True, slots=True)
class ContactHistory:
    """Notes and attempts together, as far back as was asked. `more` counts the notes that are older still."""

    notes: tuple[NoteLine, ...]
    attempts: tuple[AttemptLine, ...]
    amended: dict[UUID, NoteLine]
    more: int


def contact_history(conn: Connection, file_id: UUID, rows: int = PAGE_ROWS) -> ContactHistory:
    """The last `rows` notes and the attempts of the same time; every attempt once all notes are there."""
    page = notes_page(conn, file_id, 0, rows)
    tries = attempts(conn, file_id)
    more = page.total - len(page.notes)
    if more and page.notes:
        oldest = page.notes[-1].happened_at
        tries = tuple(each for each in tries if each.attempted_at >= oldest)
    return ContactHistory(page.notes, tries, page.amended, more)
