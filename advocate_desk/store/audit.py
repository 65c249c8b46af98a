"""The audit chain of this device: each event carries the hash of the one before, so that a change or a gap shows.

The head (how many, and the last hash) is kept beside the chain, so that events cut off the end show too. Whoever holds
the key of the database could write a whole new chain; against that stands the copy that other devices hold.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, RowMapping, select

from advocate_desk.store.rows import insert_rows
from advocate_desk.store.tables.local import audit_event, audit_head

GENESIS = bytes(32)


@dataclass(frozen=True, slots=True)
class Event:
    """What is written of one act. `detail` names fields and counts, never what a person typed."""

    device_id: str
    actor: str
    happened_at: datetime
    kind: str
    file_id: UUID | None = None
    subject: str = ""
    subject_id: UUID | None = None
    detail: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Whether the chain holds. `broken_at` is the position of the first event that does not fit, 0 when all do."""

    events: int
    broken_at: int
    reason: str

    @property
    def is_whole(self) -> bool:
        """True when every event is there, in order, as it was written."""
        return self.broken_at == 0


_SAID = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def _digest(position: int, event: Event, previous: bytes) -> bytes:
    body = _SAID(
        [
            position,
            event.device_id,
            event.actor,
            event.happened_at.isoformat(),
            event.kind,
            event.file_id.hex if event.file_id else "",
            event.subject,
            event.subject_id.hex if event.subject_id else "",
            dict(event.detail or {}),
        ]
    )
    return hashlib.sha256(previous + body.encode()).digest()


_HEAD = select(audit_head.c.position, audit_head.c.hash)
_PUT_HEAD = "INSERT OR REPLACE INTO audit_head (only, position, hash) VALUES (1, ?, ?)"


def append(conn: Connection, event: Event) -> None:
    """Add one event to the chain, in the caller's transaction."""
    append_all(conn, (event,))


def append_all(conn: Connection, events: Sequence[Event]) -> None:
    """Add events to the chain in their order, in the caller's transaction."""
    if not events:
        return
    head = conn.execute(_HEAD).one_or_none()
    position, digest = (head.position, head.hash) if head else (0, GENESIS)
    rows = []
    for event in events:
        position, previous = position + 1, digest
        digest = _digest(position, event, previous)
        rows.append(
            {
                "position": position,
                "device_id": event.device_id,
                "actor": event.actor,
                "happened_at": event.happened_at,
                "kind": event.kind,
                "file_id": event.file_id,
                "subject": event.subject,
                "subject_id": event.subject_id,
                "detail": dict(event.detail or {}),
                "previous_hash": previous,
                "hash": digest,
            }
        )
    insert_rows(conn, audit_event, rows)
    conn.exec_driver_sql(_PUT_HEAD, (position, digest))


def verify(conn: Connection) -> ChainReport:
    """Walk the whole chain and say where it first breaks."""
    expected, previous = 1, GENESIS
    for row in conn.execute(select(audit_event).order_by(audit_event.c.position)).mappings():
        if row["position"] != expected:
            return ChainReport(expected - 1, expected, "an event is missing")
        if row["previous_hash"] != previous or _digest(expected, _event(row), previous) != row["hash"]:
            return ChainReport(expected - 1, expected, "an event was altered")
        previous, expected = row["hash"], expected + 1
    head = conn.execute(_HEAD).one_or_none()
    at_head = (head.position, head.hash) if head else (0, GENESIS)
    if at_head != (expected - 1, previous):
        return ChainReport(expected - 1, expected, "events at the end are missing")
    return ChainReport(expected - 1, 0, "")


def _event(row: RowMapping) -> Event:
    return Event(
        row["device_id"],
        row["actor"],
        row["happened_at"],
        row["kind"],
        row["file_id"],
        row["subject"],
        row["subject_id"],
        row["detail"],
    )
