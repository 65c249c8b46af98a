"""Members at the hub: their chain of statements, and who may read which collection.

The hub checks what it can, so that a mistake is refused early; every desk checks all of it again.
"""

from __future__ import annotations

from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database, Session
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import signing, statements, wire
from advocate_desk.sync.manifest import NONE, Distrust
from advocate_desk.sync.messages import RightsTaken
from advocate_desk.sync.statements import Found, Members, Signed, Statement
from advocate_desk.sync.wire import Right

MOST_RIGHTS_BYTES = 512


def found_organisation(database: Database, body: bytes, founded_at: int) -> None:
    """Take the founding of an organisation; said again, it changes nothing. Raises RefusedByHub."""
    try:
        statement = wire.unpack(Statement, wire.unpack(Signed, body).statement)
    except wire.Malformed as error:
        raise RefusedByHub("malformed") from error
    if not isinstance(statement.act, Found):
        raise RefusedByHub("malformed")
    members = _taken(Members(statement.organisation, statement.act.root_public), body)
    with database.writing() as session:
        if _has_said(session, statement.organisation, body):
            return
        if session.rows("SELECT 1 FROM organisation WHERE organisation = ?", statement.organisation):
            raise RefusedByHub("taken")
        session.run(
            "INSERT INTO organisation (organisation, root_public, sequence, statements, rights, used_bytes, "
            "founded_at) VALUES (?, ?, 0, 0, 0, 0, ?)",
            statement.organisation,
            statement.act.root_public,
            founded_at,
        )
        _keep(session, members, body)


def add_statement(database: Database, organisation: bytes, body: bytes) -> None:
    """Take one more statement of an organisation's chain; said again, it changes nothing. Raises RefusedByHub."""
    with database.writing() as session:
        members = _locked_members(session, organisation)
        if _has_said(session, organisation, body):
            return
        taken = _taken(members, body)
        _check_revocation(session, members, taken)
        _keep(session, taken, body)


def _check_revocation(session: Session, before: Members, after: Members) -> None:
    """Refuse a revocation that disowns pushes which are here already: no desk could go past them any more."""
    for device in after.devices.values():
        known = before.devices.get(device.device)
        if device.revoked_by and known is not None and not known.revoked_by:
            last = session.rows(
                "SELECT last_number FROM device WHERE organisation = ? AND device = ?",
                after.organisation,
                device.device,
            )[0][0]
            if device.last_number < last:
                raise RefusedByHub("out_of_order", last)


def members_of(session: Session, organisation: bytes) -> Members:
    """An organisation as its chain says. Raises RefusedByHub for one that is not here."""
    found = session.rows("SELECT root_public FROM organisation WHERE organisation = ?", organisation)
    if not found:
        raise RefusedByHub("unknown")
    members = Members(organisation, bytes(found[0][0]))
    for (body,) in session.rows("SELECT body FROM statement WHERE organisation = ? ORDER BY number", organisation):
        members = _taken(members, bytes(body))
    return members


def _locked_members(session: Session, organisation: bytes) -> Members:
    session.rows("SELECT 1 FROM organisation WHERE organisation = ? /*lock*/", organisation)
    return members_of(session, organisation)


def _has_said(session: Session, organisation: bytes, body: bytes) -> bool:
    return bool(session.rows("SELECT 1 FROM statement WHERE organisation = ? AND body = ?", organisation, body))


def _taken(members: Members, body: bytes) -> Members:
    try:
        return statements.take(members, body)
    except Distrust as error:
        raise RefusedByHub({"another history": "taken", "no right": "no_right"}.get(error.what, "malformed")) from error


def _keep(session: Session, members: Members, body: bytes) -> None:
    session.run(
        "INSERT INTO statement (organisation, number, body) VALUES (?, ?, ?)",
        members.organisation,
        members.number,
        body,
    )
    session.run("UPDATE organisation SET statements = ? WHERE organisation = ?", members.number, members.organisation)
    session.many(
        "INSERT INTO device (organisation, device, person, sign_public, revoked_by, last_number, last_hash, "
        "last_answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (organisation, device) DO UPDATE SET "
        "revoked_by = excluded.revoked_by",
        [
            (members.organisation, each.device, each.person, each.sign_public, each.revoked_by, 0, NONE, b"")
            for each in members.devices.values()
        ],
    )
    for device in members.devices.values():
        place = (members.organisation, device.device)
        if device.revoked_by:
            session.run("DELETE FROM hub_session WHERE organisation = ? AND device = ?", *place)
            session.run("DELETE FROM reader WHERE organisation = ? AND device = ?", *place)
        elif not members.people[device.person].is_active:  # it delivers what it has, and reads no more
            session.run("UPDATE reader SET is_withdrawn = ? WHERE organisation = ? AND device = ?", True, *place)


def add_rights(database: Database, caller: Caller, given: list[Right]) -> RightsTaken:
    """Number and keep rights that the caller gives or takes away; those that are there already change nothing.

    Only who reads a collection may give it on or take it away; who writes the first right to a new one makes it hers.
    Raises RefusedByHub, and then kept none.
    """
    _check(caller, given)
    with database.writing() as session:
        number: int = session.rows(
            "SELECT rights FROM organisation WHERE organisation = ? /*lock*/", caller.organisation
        )[0][0]
        for right in given:
            if not _may_give(session, caller, right):
                raise RefusedByHub("no_right")
            if _is_there(session, caller, right):
                continue
            if right.sealed:
                _check_epoch(session, caller, right)
            number += 1
            _keep_right(session, caller, right, number)
        session.run("UPDATE organisation SET rights = ? WHERE organisation = ?", number, caller.organisation)
    return RightsTaken(number)


def _check(caller: Caller, given: list[Right]) -> None:
    for right in given:
        if right.by != caller.device or len(right.sealed) > MOST_RIGHTS_BYTES:
            raise RefusedByHub("malformed")
        body = wire.right_body(caller.organisation, right)
        if not signing.is_signed(signing.RIGHT, body, right.signature, caller.sign_public):
            raise RefusedByHub("wrong_signature")


def _may_give(session: Session, caller: Caller, right: Right) -> bool:
    readers = session.rows(
        "SELECT device = ? AND NOT is_withdrawn FROM reader WHERE organisation = ? AND collection = ?",
        caller.device,
        caller.organisation,
        right.collection,
    )
    return any(row[0] for row in readers) or (not readers and right.device == caller.device and bool(right.sealed))


def _check_epoch(session: Session, caller: Caller, right: Right) -> None:
    """Only who holds a key gives it on, and only one desk makes the key of an epoch: the second hears "taken"."""
    found = session.rows(
        "SELECT coalesce(max(epoch), 0), coalesce(max(CASE WHEN device = ? AND epoch = ? THEN 1 ELSE 0 END), 0) "
        "FROM collection_right WHERE organisation = ? AND collection = ? AND length(sealed) > 0",
        caller.device,
        right.epoch,
        caller.organisation,
        right.collection,
    )
    newest, holds = found[0]
    if holds:
        return
    if right.device != caller.device or right.epoch > newest + 1:
        raise RefusedByHub("no_right")
    if right.epoch <= newest:
        raise RefusedByHub("taken")


def _is_there(session: Session, caller: Caller, right: Right) -> bool:
    """Whether the same was said already: this epoch given since the last withdrawal, or nothing given since it."""
    place = (caller.organisation, right.collection, right.device)
    withdrawn: int = session.rows(
        "SELECT coalesce(max(number), 0) FROM collection_right WHERE organisation = ? AND collection = ? "
        "AND device = ? AND length(sealed) = 0",
        *place,
    )[0][0]
    since = session.rows(
        "SELECT epoch FROM collection_right WHERE organisation = ? AND collection = ? AND device = ? AND number > ?",
        *place,
        withdrawn,
    )
    return right.epoch in {row[0] for row in since} if right.sealed else bool(withdrawn) and not since


def _keep_right(session: Session, caller: Caller, right: Right, number: int) -> None:
    session.run(
        "INSERT INTO collection_right (organisation, number, collection, epoch, device, given_by, sealed, signature) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        caller.organisation,
        number,
        right.collection,
        right.epoch,
        right.device,
        right.by,
        right.sealed,
        right.signature,
    )
    session.run(
        "INSERT INTO reader (organisation, collection, device, is_withdrawn) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (organisation, collection, device) DO UPDATE SET is_withdrawn = excluded.is_withdrawn",
        caller.organisation,
        right.collection,
        right.device,
        not right.sealed,
    )


def confirm_cleared(database: Database, caller: Caller, collection: bytes) -> None:
    """A device says that it delivered and cleared a collection that was withdrawn from it."""
    with database.writing() as session:
        session.run(
            "DELETE FROM reader WHERE organisation = ? AND collection = ? AND device = ? AND is_withdrawn",
            caller.organisation,
            collection,
            caller.device,
        )
