"""What still lies ahead of a file, and so speaks against closing it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Connection, bindparam, func, select

from advocate_desk.store.tables.cases import bail, hearing

_HEARINGS = select(func.count()).where(
    hearing.c.file_id == bindparam("file"),
    hearing.c.deleted_at.is_(None),
    hearing.c.outcome == "",
    hearing.c.hearing_on >= bindparam("today"),
)
_BAILS = select(func.count()).where(
    bail.c.file_id == bindparam("file"), bail.c.deleted_at.is_(None), bail.c.ended_on.is_(None)
)


def open_matters(conn: Connection, file_id: UUID, today: date) -> tuple[str, ...]:
    """Plain words for each thing that is still open: "a hearing lies ahead", "bail is running"."""
    found = []
    if conn.execute(_HEARINGS, {"file": file_id, "today": today}).scalar_one():
        found.append("a hearing lies ahead")
    if conn.execute(_BAILS, {"file": file_id}).scalar_one():
        found.append("bail is running")
    return tuple(found)
