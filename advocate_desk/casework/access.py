"""Who looked at what, and whether the audit chain is whole."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId
from advocate_desk.store import audit
from advocate_desk.store.audit import ChainReport
from advocate_desk.store.tables.local import audit_event


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One entry of a file's access history."""

    position: int
    happened_at: datetime
    actor: str
    kind: str
    subject: str
    detail: str


def _history(conn: Connection, file_id: FileId, most: int) -> tuple[AccessLine, ...]:
    rows = conn.execute(
        select(audit_event).where(audit_event.c.file_id == file_id).order_by(audit_event.c.position.desc()).limit(most)
    )
    return tuple(
        AccessLine(
            row.position,
            row.happened_at,
            row.actor,
            row.kind,
            row.subject,
            ", ".join(f"{name}: {value}" for name, value in sorted((row.detail or {}).items())),
        )
        for row in rows
    )


def history(work: Work, file_id: FileId, most: int = 500) -> tuple[AccessLine, ...]:
    """The access history of one file, newest first."""
    return work.read(_history, file_id, most)


def verify_chain(work: Work) -> ChainReport:
    """Walk the whole audit chain of this device; the walk itself is audited."""
    report = work.read(audit.verify)
    with work.activity("audit_verified") as act:
        act.audit("audit_verified", events=report.events, whole=report.is_whole)
    return report


def record_read(work: Work, file_id: FileId) -> None:
    """Put on record that a file was opened and read."""
    with work.activity("file_read", file_id) as act:
        act.audit("file_read", file_id)


def record_print(work: Work, file_id: FileId, what: str, how: str) -> None:
    """Put on record that a page of a file was printed or exported. `what` is a kind of page, never a name."""
    with work.activity("file_exported", file_id) as act:
        act.audit("file_exported", file_id, what=what, how=how)
