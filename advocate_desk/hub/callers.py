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
