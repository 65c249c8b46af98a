"""Who is calling, and what a device hears that may call no more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from advocate_desk.hub.database import Session
from advocate_desk.hub.refusals import RefusedByHub


@dataclass(frozen=True, slots=True)
class Caller:
    """The device that a session belongs to."""

    organisation: bytes
    device: bytes
    sign_public: bytes


def refuse_revoked(session: Session, organisation: bytes, number: int) -> NoReturn:
    """Raises RefusedByHub with the chain up to the statement that ended the device: it believes nothing less."""
    bodies = session.rows(
        "SELECT body FROM statement WHERE organisation = ? AND number <= ? ORDER BY number", organisation, number
    )
    raise RefusedByHub("revoked", number, tuple(bytes(row[0]) for row in bodies))


def check_stays(session: Session, caller: Caller) -> None:
    """Refuse a device that was revoked since its session was looked up. Under the organisation's lock."""
    place = (caller.organisation, caller.device)
    revoked_by = session.rows("SELECT revoked_by FROM device WHERE organisation = ? AND device = ?", *place)[0][0]
    if revoked_by:
        refuse_revoked(session, caller.organisation, revoked_by)
