"""When the desk was last worked in, by its own record: a computer's clock that is earlier was set back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from advocate_desk.store.tables.local import audit_event

_LAST = select(audit_event.c.happened_at).order_by(audit_event.c.position.desc()).limit(1)


def last_entry(conn: Connection) -> datetime | None:
    """The moment that the newest event of the chain gives, None for a desk without one."""
    found: datetime | None = conn.execute(_LAST).scalar_one_or_none()
    return found
