"""What is put on record of backups: that a caseload was restored, and that a copy left this computer."""

from __future__ import annotations

from datetime import datetime

from advocate_desk.casework.work import Done, Work


def record_restored(work: Work, number: int, made_at: datetime) -> Done:
    """Put on record, in the caseload that was restored, which copy it is. It has not seen what came after.

    Whoever exchanges with other desks looks here first: nothing is exchanged until the user has seen her desk.
    """
    with work.activity("backup_restored") as act:
        act.audit("backup_restored", subject="backup", number=number, made_at=made_at.isoformat())
        return act.done()


def record_put_away(work: Work, number: int) -> Done:
    """Put on record that a copy of the whole caseload, encrypted, went into the second folder."""
    with work.activity("backup_put_away") as act:
        act.audit("backup_put_away", subject="backup", number=number)
        return act.done()
