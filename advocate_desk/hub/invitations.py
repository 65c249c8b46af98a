"""Invitations at the hub: sealed words left under a name that only the two who share the code can know."""

from __future__ import annotations

from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync.messages import Answered, Invite

LASTS_S = 3 * 24 * 3600
MOST_BYTES = 8_192
MOST_OPEN = 50
"""Of one organisation, unanswered: whoever was let in counts no more, and many join in the first days."""
MOST_KEPT = 1_000
"""Of one organisation, answered ones too, until they end."""


def invite(database: Database, caller: Caller, invitation: Invite, now: int) -> int:
    """Keep an invitation; the moment at which it ends. Said again, it is answered as before. Raises RefusedByHub."""
    if len(invitation.body) > MOST_BYTES:
        raise RefusedByHub("too_large", MOST_BYTES)
    ends_at = now + min(invitation.lasts_s or LASTS_S, LASTS_S)
    with database.writing() as session:
        session.run("DELETE FROM invitation WHERE ends_at < ?", now - LASTS_S)
        held = session.rows(
            "SELECT made_by, body, ends_at FROM invitation WHERE name = ? AND organisation = ?",
            invitation.name,
            caller.organisation,
        )
        if held and (bytes(held[0][0]), bytes(held[0][1])) == (caller.device, invitation.body):
            moment: int = held[0][2]
            return moment
        unanswered, kept = session.rows(
            "SELECT count(CASE WHEN answer IS NULL THEN 1 END), count(*) FROM invitation "
            "WHERE organisation = ? AND ends_at > ?",
            caller.organisation,
            now,
        )[0]
        if unanswered >= MOST_OPEN or kept >= MOST_KEPT:
            raise RefusedByHub("too_many", LASTS_S)
        if session.rows("SELECT 1 FROM invitation WHERE name = ?", invitation.name):
            raise RefusedByHub("taken")
        session.run(
            "INSERT INTO invitation (name, organisation, made_by, body, answer, ends_at) VALUES (?, ?, ?, ?, ?, ?)",
            invitation.name,
            caller.organisation,
            caller.device,
            invitation.body,
            None,
            ends_at,
        )
    return ends_at


def read_invitation(database: Database, name: bytes, now: int) -> bytes:
    """What is sealed in an invitation, for whoever knows its name. Raises RefusedByHub."""
    with database.reading() as session:
        found = session.rows("SELECT body, answer, ends_at FROM invitation WHERE name = ?", name)
    if not found:
        raise RefusedByHub("unknown")
    body, answer, ends_at = found[0]
    if ends_at <= now:
        raise RefusedByHub("ended")
    if answer is not None:
        raise RefusedByHub("taken")
    return bytes(body)


def answer_invitation(database: Database, name: bytes, answer: bytes, now: int) -> None:
    """Leave the newcomer's answer: once; the same said again changes nothing. Raises RefusedByHub."""
    if not answer or len(answer) > MOST_BYTES:
        raise RefusedByHub("too_large", MOST_BYTES)
    with database.writing() as session:
        found = session.rows("SELECT answer, ends_at FROM invitation WHERE name = ? /*lock*/", name)
        if not found:
            raise RefusedByHub("unknown")
        if found[0][1] <= now:
            raise RefusedByHub("ended")
        if found[0][0] is not None:
            if bytes(found[0][0]) == answer:
                return
            raise RefusedByHub("taken")
        session.run("UPDATE invitation SET answer = ? WHERE name = ?", answer, name)


def answer_of(database: Database, caller: Caller, name: bytes) -> Answered:
    """What was answered to an invitation of the caller's organisation. Raises RefusedByHub."""
    with database.reading() as session:
        found = session.rows(
            "SELECT answer, ends_at FROM invitation WHERE name = ? AND organisation = ?", name, caller.organisation
        )
    if not found:
        raise RefusedByHub("unknown")
    return Answered(bytes(found[0][0] or b""), found[0][1])


def take_back(database: Database, caller: Caller, name: bytes) -> None:
    """End an invitation of the caller's organisation, answered or not."""
    with database.writing() as session:
        session.run("DELETE FROM invitation WHERE name = ? AND organisation = ?", name, caller.organisation)
