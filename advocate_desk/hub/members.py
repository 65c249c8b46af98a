"""Members at the hub: their chain of statements, and who may read which collection.

The hub checks what it can, so that a mistake is refused early; every desk checks all of it again.
"""

from __future__ import annotations

from collections import defaultdict

from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database, Row, Session
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
        known = _Known(session, caller, {each.collection for each in given})
        for right in given:
            if not known.may_give(right):
                raise RefusedByHub("no_right")
            if known.is_there(right):
                continue
            if right.sealed:
                known.check_epoch(right)
            number += 1
            known.take(right, number)
        known.keep(session)
        session.run("UPDATE organisation SET rights = ? WHERE organisation = ?", number, caller.organisation)
    return RightsTaken(number)


def _check(caller: Caller, given: list[Right]) -> None:
    for right in given:
        if right.by != caller.device or len(right.sealed) > MOST_RIGHTS_BYTES:
            raise RefusedByHub("malformed")
        body = wire.right_body(caller.organisation, right)
        if not signing.is_signed(signing.RIGHT, body, right.signature, caller.sign_public):
            raise RefusedByHub("wrong_signature")


class _Known:
    """What was said of the rights to some collections, read at once: a first exchange gives a key for every file."""

    def __init__(self, session: Session, caller: Caller, collections: set[bytes]) -> None:
        self._caller = caller
        self._readers: dict[bytes, dict[bytes, bool]] = defaultdict(dict)
        self._said: dict[bytes, list[tuple[bytes, int, int, bool]]] = defaultdict(list)
        self._new: list[Row] = []
        self._changed: dict[tuple[bytes, bytes], bool] = {}
        wanted = [list(collections)]
        for collection, device, is_withdrawn in session.matching(
            "SELECT r.collection, r.device, r.is_withdrawn FROM wanted w JOIN reader r ON r.collection = w.c0 "
            "WHERE r.organisation = ?",
            wanted,
            caller.organisation,
        ):
            self._readers[bytes(collection)][bytes(device)] = bool(is_withdrawn)
        for collection, device, epoch, number, size in session.matching(
            "SELECT r.collection, r.device, r.epoch, r.number, length(r.sealed) FROM wanted w "
            "JOIN collection_right r ON r.collection = w.c0 WHERE r.organisation = ?",
            wanted,
            caller.organisation,
        ):
            self._said[bytes(collection)].append((bytes(device), epoch, number, size > 0))

    def may_give(self, right: Right) -> bool:
        """Whether the caller reads the collection, or makes it hers."""
        readers = self._readers[right.collection]
        is_first = not readers and right.device == self._caller.device and bool(right.sealed)
        return is_first or not readers.get(self._caller.device, True)

    def is_there(self, right: Right) -> bool:
        """Whether the same was said already: this epoch given since the last withdrawal, or nothing since it."""
        said = [each[1:] for each in self._said[right.collection] if each[0] == right.device]
        withdrawn = max((number for _, number, is_key in said if not is_key), default=0)
        since = {epoch for epoch, number, _ in said if number > withdrawn}
        return right.epoch in since if right.sealed else bool(withdrawn) and not since

    def check_epoch(self, right: Right) -> None:
        """Only who holds a key gives it on, and only one desk makes the key of an epoch: the second hears "taken"."""
        keys = {(device, epoch) for device, epoch, _, is_key in self._said[right.collection] if is_key}
        if (self._caller.device, right.epoch) in keys:
            return
        newest = max((epoch for _, epoch in keys), default=0)
        if right.device != self._caller.device or right.epoch > newest + 1:
            raise RefusedByHub("no_right")
        if right.epoch <= newest:
            raise RefusedByHub("taken")

    def take(self, right: Right, number: int) -> None:
        """Let a right count for those after it, and be kept."""
        is_key = bool(right.sealed)
        self._said[right.collection].append((right.device, right.epoch, number, is_key))
        self._readers[right.collection][right.device] = not is_key
        self._changed[right.collection, right.device] = not is_key
        place = (self._caller.organisation, number, right.collection, right.epoch, right.device)
        self._new.append((*place, right.by, right.sealed, right.signature))

    def keep(self, session: Session) -> None:
        """Write what was taken."""
        session.many(
            "INSERT INTO collection_right (organisation, number, collection, epoch, device, given_by, sealed, "
            "signature) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            self._new,
        )
        session.many(
            "INSERT INTO reader (organisation, collection, device, is_withdrawn) VALUES (?, ?, ?, ?) "
            "ON CONFLICT (organisation, collection, device) DO UPDATE SET is_withdrawn = excluded.is_withdrawn",
            [(self._caller.organisation, *place, is_withdrawn) for place, is_withdrawn in self._changed.items()],
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
