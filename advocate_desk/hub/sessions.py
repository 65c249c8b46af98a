"""Who is calling: a device signs the hub's challenge and gets a token, which a revocation makes worthless at once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Collection

from advocate_desk.hub.callers import Caller, refuse_revoked
from advocate_desk.hub.database import Database, Session
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import signing, wire
from advocate_desk.sync.messages import AskChallenge, OpenSession, SessionFor

CHALLENGE_S = 120
SESSION_S = 12 * 3600


def hub_secret(database: Database) -> bytes:
    """The secret that all workers of this hub share. Made the first time."""
    with database.writing() as session:
        session.run(
            "INSERT INTO hub_secret (only_one, secret) VALUES (1, ?) ON CONFLICT (only_one) DO NOTHING",
            secrets.token_bytes(32),
        )
        return bytes(session.rows("SELECT secret FROM hub_secret WHERE only_one = 1")[0][0])


def challenge(secret: bytes, asked: AskChallenge, now: int) -> bytes:
    """Something to sign that no worker need remember: the moment, and the hub's own mark on it and on who asked."""
    moment = now.to_bytes(8, "big")
    return moment + _mark(secret, asked.organisation, asked.device, moment)


def open_session(
    database: Database, secret: bytes, opened: OpenSession, now: int, addresses: Collection[str] = ()
) -> bytes:
    """A token of 32 bytes for the device that signed its challenge. Raises RefusedByHub.

    `addresses`: those by which desks reach this hub; a signature for any other is another hub's, that passes it on.
    """
    moment, mark = opened.challenge[:8], opened.challenge[8:]
    if len(moment) != 8 or not hmac.compare_digest(mark, _mark(secret, opened.organisation, opened.device, moment)):
        raise RefusedByHub("wrong_signature")
    if not 0 <= now - int.from_bytes(moment, "big") <= CHALLENGE_S:
        raise RefusedByHub("ended")
    if addresses and opened.address not in addresses:
        raise RefusedByHub("other_address")
    signed = wire.pack(SessionFor(opened.organisation, opened.device, opened.address, opened.challenge))
    with database.writing() as session:
        sign_public, revoked_by = _device(session, opened.organisation, opened.device)
        if not signing.is_signed(signing.SESSION, signed, opened.signature, sign_public):
            raise RefusedByHub("wrong_signature")
        if revoked_by:  # the members' chain, which that tells, is for the device alone
            refuse_revoked(session, opened.organisation, revoked_by)
        token = secrets.token_bytes(32)
        session.run("DELETE FROM hub_session WHERE ends_at < ?", now)
        session.run(
            "INSERT INTO hub_session (token_hash, organisation, device, ends_at) VALUES (?, ?, ?, ?)",
            _hash(token),
            opened.organisation,
            opened.device,
            now + SESSION_S,
        )
    return token


def caller_of(database: Database, token: bytes, now: int) -> Caller:
    """The device that a token belongs to. Raises RefusedByHub."""
    with database.reading() as session:
        found = session.rows(
            "SELECT s.organisation, s.device, d.sign_public, d.revoked_by FROM hub_session s "
            "JOIN device d ON d.organisation = s.organisation AND d.device = s.device "
            "WHERE s.token_hash = ? AND s.ends_at > ?",
            _hash(token),
            now,
        )
        if not found:
            raise RefusedByHub("no_session")
        organisation, device, sign_public, revoked_by = found[0]
        if revoked_by:
            refuse_revoked(session, bytes(organisation), revoked_by)
    return Caller(bytes(organisation), bytes(device), bytes(sign_public))


def _device(session: Session, organisation: bytes, device: bytes) -> tuple[bytes, int]:
    """The key that a device signs with, and the statement that revoked it, 0 for none. Raises RefusedByHub."""
    found = session.rows(
        "SELECT sign_public, revoked_by FROM device WHERE organisation = ? AND device = ?", organisation, device
    )
    if not found:
        raise RefusedByHub("unknown")
    return bytes(found[0][0]), found[0][1]


def _mark(secret: bytes, organisation: bytes, device: bytes, moment: bytes) -> bytes:
    return hmac.digest(secret, organisation + device + moment, "sha256")


def _hash(token: bytes) -> bytes:
    return hashlib.sha256(token).digest()
