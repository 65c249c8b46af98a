"""Who is named for a restricted file, and whose it is in the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, select

from advocate_desk.domain.identity import FileId
from advocate_desk.errors import Refused
from advocate_desk.store.tables.files import client_file


@dataclass(frozen=True, slots=True)
class FileReaders:
    """Ids are those of the organisation's people. `advocate` reads it in any case; None where it is nobody's."""

    is_restricted: bool
    conflict_note: str
    advocate: UUID | None
    readers: tuple[UUID, ...]


def file_readers(conn: Connection, file_id: FileId) -> FileReaders:
    """Who may read a restricted file. Raises Refused where the file is gone."""
    columns = (
        client_file.c.is_restricted,
        client_file.c.conflict_note,
        client_file.c.allocated_person,
        client_file.c.readers,
    )
    row = conn.execute(select(*columns).where(client_file.c.id == file_id)).one_or_none()
    if row is None:
        raise Refused("This file is no longer on this desk.")
    named = row.readers if isinstance(row.readers, list) else []
    return FileReaders(row.is_restricted, row.conflict_note, row.allocated_person, tuple(_ids(named)))


def _ids(named: list[object]) -> list[UUID]:
    found = []
    for each in named:
        try:
            found.append(UUID(str(each)))
        except ValueError:  # a later version may write what this one cannot read
            continue
    return found
