"""What is put on record of backups: that a caseload was restored, and that a copy left this computer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from advocate_desk.casework.work import Done, Work
from advocate_desk.store.tables.local import audit_event


def record_restored(work: Work, number: int, made_at: datetime) -> Done:
    """Put on record, in the caseload that was restored, which copy it is. It has not seen what came after.

    Whoever exchanges with other desks looks here first: nothing is exchanged until the user has seen her desk.
    """
    with work.activity("backup_restored") as act:
        act.audit("backup_restored", subject="backup", number=number, made_at=made_at.isoformat())
        return act.done()


def highest_restored(work: Work) -> int:
    """The highest number of a copy that this caseload was restored from; 0 if it never was. A new copy goes above it.

    The folder with the copies between may be on a stick that is away, or on a computer that is lost.
    """
    asked = select(audit_event.c.detail).where(audit_event.c.kind == "backup_restored")
    details = work.read(lambda conn: conn.execute(asked).scalars().all())
    return max((int(each["number"]) for each in details), default=0)


def record_put_away(work: Work, number: int) -> Done:
    """Put on record that a copy of the whole caseload, encrypted, went into the second folder."""
    with work.activity("backup_put_away") as act:
        act.audit("backup_put_away", subject="backup", number=number)
        return act.done()
