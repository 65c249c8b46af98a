"""Drafts: every open form as it was typed, and the place in the desk. No lock, crash or power cut costs a character."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select

from advocate_desk.casework.work import Work
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.store.tables.local import draft


@dataclass(frozen=True, slots=True)
class Draft:
    """One form's draft. `payload` holds its values and where the cursor was; `is_open`: it was on screen."""

    key: str
    form: str
    file_id: UUID | None
    params: Mapping[str, Any]
    payload: Mapping[str, Any]
    is_open: bool
    position: int
    saved_at: datetime


def keep(work: Work, one: Draft) -> None:
    """Write a draft in place of the one with the same key. Not audited: it is no record yet."""
    keep_all(work, (one,))


def keep_all(work: Work, many: tuple[Draft, ...]) -> None:
    """Write several drafts in one transaction."""
    rows = [
        {
            "key": one.key,
            "form": one.form,
            "file_id": one.file_id,
            "params": dict(one.params),
            "payload": dict(one.payload),
            "is_open": one.is_open,
            "position": one.position,
            "saved_at": one.saved_at,
        }
        for one in many
    ]
    if not rows:
        return
    with disk_trouble_in_words(), work.engine.begin() as conn:
        conn.execute(insert(draft).prefix_with("OR REPLACE"), rows)


def drop(work: Work, key: str) -> None:
    """Forget a draft: its form was saved, or discarded by hand."""
    with disk_trouble_in_words(), work.engine.begin() as conn:
        conn.execute(delete(draft).where(draft.c.key == key))


def _drafts(conn: Connection) -> tuple[Draft, ...]:
    rows = conn.execute(select(draft).order_by(draft.c.position, draft.c.saved_at))
    return tuple(
        Draft(row.key, row.form, row.file_id, row.params, row.payload, row.is_open, row.position, row.saved_at)
        for row in rows
        if isinstance(row.params, dict) and isinstance(row.payload, dict)  # else of a version that kept them otherwise
    )


def all_drafts(work: Work) -> tuple[Draft, ...]:
    """Every draft, open ones and those that were left, in the order in which they stood."""
    return work.read(_drafts)
