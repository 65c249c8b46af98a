"""Members at the hub: their chain of statements, and who may read which collection.

The hub checks what it can, so that a mistake is refused early; every desk checks all of it again.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

from advocate_desk.hub import entitlement
from advocate_desk.hub.callers import Caller, check_stays
from advocate_desk.hub.database import Database, Row, Session
from advocate_desk.hub.given import MOST_GIVERS
from advocate_desk.hub.limits import STATEMENT_BYTES, check_space
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import ownership, signing, statements, wire
from advocate_desk.sync.manifest import NONE, Distrust
from advocate_desk.sync.messages import RightsTaken
from advocate_desk.sync.statements import ADVOCATE, Found, Member, Members, Signed, Statement
from advocate_desk.sync.wire import Right, SignedOwnership

MOST_RIGHTS_BYTES = 512
FIRST_EPOCH = 1
_NO_LINK = (0, NONE)


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
        entitlement.own_everybodys(session, members)


def add_statement(database: Database, organisation: bytes, body: bytes, quota_bytes: int | None = None) -> None:
    """Take one more statement of an organisation's chain; said again, it changes nothing. Raises RefusedByHub.

    One that takes something away from somebody is taken whatever space there is.
    """
    with database.writing() as session:
        members = _locked_members(session, organisation)
        if _has_said(session, organisation, body):
            return
        taken = _taken(members, body)
        _check_revocation(session, members, taken)
        if quota_bytes is not None and not _takes_away(members, taken):
            sql = "SELECT used_bytes, rights FROM organisation WHERE organisation = ?"
            used, rights = session.rows(sql, organisation)[0]
            check_space(used, rights, 0, len(body) + STATEMENT_BYTES, quota_bytes)
        _keep(session, taken, body)
        entitlement.follow_members(session, taken)


def _takes_away(before: Members, after: Members) -> bool:
    """Whether somebody may do or read less than before, and nobody more; each such statement leaves less to take."""
    if any(each.revoked_by and not before.devices[each.device].revoked_by for each in after.devices.values()):
        return True  # of one who has left, too: a laptop that is lost is told so
    return any(_has_less(each, after.people[each.person]) for each in before.people.values())


def _has_less(before: Member, after: Member) -> bool:
    """Whether she lost a role, a team or her place, and gained none but that of an advocate, who reads the least."""
    if before.is_active and not after.is_active:
        return True
    gained = (after.roles - before.roles - {ADVOCATE}) or after.teams - before.teams or not before.is_active
    return not gained and bool(before.roles - after.roles or before.teams - after.teams)


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
    bodies = session.rows("SELECT body FROM statement WHERE organisation = ? ORDER BY number", organisation)
    return _checked(organisation, bytes(found[0][0]), tuple(bytes(body) for (body,) in bodies))


@lru_cache(maxsize=16)
def _checked(organisation: bytes, root_public: bytes, bodies: tuple[bytes, ...]) -> Members:
    """What these very statements say: each has a signature to check, and each batch of links asks."""
    members = Members(organisation, root_public)
    for body in bodies:
        members = _taken(members, body)
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
    session.run(
        "UPDATE organisation SET statements = ?, used_bytes = used_bytes + ? WHERE organisation = ?",
        members.number,
        len(body) + STATEMENT_BYTES,
        members.organisation,
    )
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
        if device.revoked_by == members.number:
            place = (members.organisation, device.device)
            session.run("DELETE FROM hub_session WHERE organisation = ? AND device = ?", *place)
            session.run("DELETE FROM reader WHERE organisation = ? AND device = ?", *place)
            session.run("DELETE FROM doubt WHERE organisation = ? AND device = ?", *place)


def add_rights(database: Database, caller: Caller, given: list[Right]) -> RightsTaken:
    """Number and keep rights that the caller gives; those that are there already change nothing.

    Who holds a collection gives it to devices that may read it, by its last link. The first key of a collection that
    nobody holds is made by whoever opened it, or may read it, for herself. Raises RefusedByHub, and then kept none; it
    says which it would not take.
    """
    _check(caller, given)
    with database.writing() as session:
        number: int = session.rows(
            "SELECT rights FROM organisation WHERE organisation = ? /*lock*/", caller.organisation
        )[0][0]
        check_stays(session, caller)
        _check_statements(session, caller, given)
        known = _Known(session, caller, given)
        refused: dict[str, list[int]] = defaultdict(list)
        for place, right in enumerate(given):
            try:
                is_there = known.check(right)
            except RefusedByHub as refusal:
                refused[refusal.code].append(place)
                continue
            if not is_there:
                number += 1
                known.take(right, number)
        for code, places in refused.items():
            raise RefusedByHub(code, which=tuple(places))
        known.keep(session)
        session.run("UPDATE organisation SET rights = ? WHERE organisation = ?", number, caller.organisation)
    return RightsTaken(number)


def _check(caller: Caller, given: list[Right]) -> None:
    for right in given:
        if right.by != caller.device or not right.sealed or len(right.sealed) > MOST_RIGHTS_BYTES:
            raise RefusedByHub("malformed")
        body = wire.right_body(caller.organisation, right)
        if not signing.is_signed(signing.RIGHT, body, right.signature, caller.sign_public):
            raise RefusedByHub("wrong_signature")


def _check_statements(session: Session, caller: Caller, given: list[Right]) -> None:
    """Refuse rights given by statements that are not here: they were lost, or never were. Raises RefusedByHub."""
    head, statements_here = session.rows(
        "SELECT sequence, statements FROM organisation WHERE organisation = ?", caller.organisation
    )[0]
    if any(right.members > statements_here for right in given):
        raise RefusedByHub("other_history", head)


class _Known:
    """What is known of some collections, read at once: a first exchange gives a key for every file."""

    def __init__(self, session: Session, caller: Caller, rights: list[Right]) -> None:
        self._session, self._caller = session, caller
        collections = {each.collection for each in rights}
        self._since: dict[bytes, dict[bytes, int]] = defaultdict(dict)
        self._given: dict[bytes, dict[tuple[bytes, int], list[tuple[int, bytes]]]] = defaultdict(dict)
        self._could_read: dict[bytes, bool] = {}
        self._new: list[Row] = []
        self._new_readers: list[Row] = []
        wanted = [list(collections)]
        self._may_read = entitlement.may_read(session, caller.organisation, collections)
        for collection, device, since in session.matching(
            "SELECT r.collection, r.device, r.since FROM wanted w CROSS JOIN reader r "
            "WHERE r.collection = w.c0 AND r.organisation = ?",
            wanted,
            caller.organisation,
        ):
            self._since[bytes(collection)][bytes(device)] = since
        said = session.matching(
            "SELECT r.collection, r.device, r.epoch, r.number, r.given_by FROM wanted w "
            "CROSS JOIN collection_right r WHERE r.collection = w.c0 AND r.organisation = ?",
            wanted,
            caller.organisation,
        )
        for collection, device, epoch, number, by in said:
            self._given[bytes(collection)].setdefault((bytes(device), epoch), []).append((number, bytes(by)))
        doubts = session.matching(
            "SELECT d.collection, d.device FROM wanted w CROSS JOIN doubt d "
            "WHERE d.collection = w.c0 AND d.organisation = ?",
            wanted,
            caller.organisation,
        )
        self._doubts = {(bytes(collection), bytes(device)) for collection, device in doubts}
        self._read_owned(rights)

    def _read_owned(self, rights: list[Right]) -> None:
        """Which of the collections the caller's person opened, and the last links of those that are given to others."""
        session, caller = self._session, self._caller
        wanted = [sorted({each.collection for each in rights})]
        first = session.matching(
            "SELECT o.collection, o.opener FROM wanted w CROSS JOIN owned o "
            "WHERE o.collection = w.c0 AND o.organisation = ?",
            wanted,
            caller.organisation,
        )
        place = (caller.organisation, caller.device)
        own = session.rows("SELECT person FROM device WHERE organisation = ? AND device = ?", *place)[0][0]
        self._opened = {bytes(collection) for collection, opener in first if opener == own}
        self._lasts = {
            bytes(collection): (place, wire.digest(wire.unpack(SignedOwnership, bytes(body)).link))
            for collection, place, body in session.matching(
                "SELECT o.collection, o.place, o.body FROM wanted w CROSS JOIN owned d "
                "JOIN ownership o ON o.organisation = d.organisation AND o.number = d.number "
                "WHERE d.collection = w.c0 AND d.organisation = ?",
                [sorted({each.collection for each in rights if each.device != caller.device})],
                caller.organisation,
            )
        }

    def check(self, right: Right) -> bool:
        """Whether a right that the caller may give is there already. Raises RefusedByHub for another."""
        if not self.may_give(right) or not self.is_by_last(right):
            raise RefusedByHub("no_right")
        is_there = self.is_there(right)
        if not is_there:
            self.check_epoch(right)
        return is_there

    def may_give(self, right: Right) -> bool:
        """Whether the caller holds the collection and its taker may read it, or the caller begins it for herself.

        Or held it before, and delivers under its first key, which all have: a hub that was restored has forgotten that.
        """
        readers, own = self._since[right.collection], self._caller.device
        may_read = self._may_read.get(right.collection, set())
        if own in readers:
            return right.device == own or right.device in may_read
        if right.device != own:
            return False
        if not readers:
            return own in may_read or right.collection in self._opened
        return self._is_forgotten(right)

    def _is_forgotten(self, right: Right) -> bool:
        """Whether this is the first key of a collection that the caller opened, or could read, and may read no more.

        By a device that she had then: one of later is no former reader. Where she cleared it, and says it in bad
        faith, she gains what every former reader may who has not.
        """
        caller, collection = self._caller, right.collection
        is_former = (
            caller.device not in self._may_read.get(collection, ()) and caller.device not in self._since[collection]
        )
        if right.epoch != FIRST_EPOCH or not is_former:
            return False
        if collection not in self._could_read:
            self._could_read[collection] = self._has_read(collection)
        return self._could_read[collection]

    def _has_read(self, collection: bytes) -> bool:
        """Whether the caller opened a collection or could read it once, by the device that it is. Reads its chain."""
        caller = self._caller
        members = members_of(self._session, caller.organisation)
        sql = "SELECT body FROM ownership WHERE organisation = ? AND collection = ? ORDER BY place"
        rows = self._session.rows(sql, caller.organisation, collection)
        links = [ownership.known(wire.unpack(SignedOwnership, bytes(body))).link for (body,) in rows]
        if collection in self._opened and links and members.actor_at(caller.device, links[0].members) is not None:
            return True
        # by a link somebody may have come to read the file later, as long as no other followed
        ends = [*(each.members for each in links[1:]), members.number]
        return any(
            (reader := members.actor_at(caller.device, number)) is not None and ownership.may_read(reader, link)
            for link, end in zip(links, ends, strict=True)
            for number in (link.members, end)
        )

    def is_by_last(self, right: Right) -> bool:
        """Whether a right to another device was given by the collection's last link, which she is to know too.

        So nobody makes a colleague wait for a link that never was. The organisation's own collection has none.
        """
        is_own = right.device == self._caller.device
        return is_own or self._lasts.get(right.collection, _NO_LINK) == (right.links, right.last_link)

    def is_there(self, right: Right) -> bool:
        """Whether this epoch was given to that device since it last became a reader.

        What somebody gave who may read no more does not stand in the way of who may: her key may be none. Nor does
        what anybody gave to a device that says that no key opens the file, but for so many. Where
        another made it, a device that says it made it too, with another key, hears "taken". Raises RefusedByHub.
        """
        since = self._since[right.collection].get(right.device)
        given = self._given[right.collection].get((right.device, right.epoch), [])
        givers = {by for number, by in given if since is not None and number >= since}
        if not givers:
            return False
        own = self._caller.device
        if right.device == own and own not in givers:
            raise RefusedByHub("taken")
        if (right.collection, right.device) in self._doubts:
            return own in givers or len(givers) >= MOST_GIVERS
        return own in givers or not givers.isdisjoint(self._may_read.get(right.collection, set()))

    def check_epoch(self, right: Right) -> None:
        """Only who holds a key gives it on, and only one desk makes the key of an epoch: the second hears "taken".

        Who may read no more makes no new one: only the first, of a file that she opened for somebody else.
        """
        given, own = self._given[right.collection], self._caller.device
        if (own, right.epoch) in given:
            return
        newest = max((epoch for _, epoch in given), default=0)
        may_make = own in self._may_read.get(right.collection, ()) or not newest
        if right.device != own or right.epoch > newest + 1 or (right.epoch > newest and not may_make):
            raise RefusedByHub("no_right")
        if right.epoch <= newest and not self._is_forgotten(right):
            raise RefusedByHub("taken")

    def take(self, right: Right, number: int) -> None:
        """Let a right count for those after it, and be kept."""
        organisation, collection, device = self._caller.organisation, right.collection, right.device
        self._given[collection].setdefault((device, right.epoch), []).append((number, right.by))
        if device not in self._since[collection]:
            self._since[collection][device] = number
            is_withdrawn = device not in self._may_read.get(collection, ())
            self._new_readers.append((organisation, collection, device, is_withdrawn, number))
        place = (organisation, number, collection, right.epoch, device)
        under = (right.links, right.last_link, right.members)
        self._new.append((*place, right.by, right.sealed, right.signature, *under))

    def keep(self, session: Session) -> None:
        """Write what was taken."""
        session.many(
            "INSERT INTO collection_right (organisation, number, collection, epoch, device, given_by, sealed, "
            "signature, links, last_link, members) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self._new,
        )
        session.many(
            "INSERT INTO reader (organisation, collection, device, is_withdrawn, since) VALUES (?, ?, ?, ?, ?)",
            self._new_readers,
        )
        session.many(
            "DELETE FROM wanting WHERE organisation = ? AND collection = ? AND device = ?",
            [row[:3] for row in self._new_readers],
        )


def let_clear(database: Database, caller: Caller, collection: bytes) -> None:
    """A device is about to clear a collection: from here on it is no reader, so that whoever hands it back gives anew.

    Raises RefusedByHub for one that may read it: it was handed back, and others may count on the copy that is there.
    """
    with database.writing() as session:
        session.rows("SELECT 1 FROM organisation WHERE organisation = ? /*lock*/", caller.organisation)
        check_stays(session, caller)
        if caller.device in entitlement.may_read(session, caller.organisation, [collection]).get(collection, set()):
            raise RefusedByHub("may_read")
        entitlement.let_go(session, caller.organisation, collection, caller.device)


def confirm_cleared(database: Database, caller: Caller, collection: bytes) -> None:
    """A device says that a collection is gone from it, or never opened: if it may read it, it wants a key again."""
    with database.writing() as session:
        session.rows("SELECT 1 FROM organisation WHERE organisation = ? /*lock*/", caller.organisation)
        check_stays(session, caller)
        entitlement.let_go(session, caller.organisation, collection, caller.device)


def doubt_keys(database: Database, caller: Caller, collection: bytes) -> None:
    """A reader says that no key she was given opens a collection: others may give her theirs beside it.

    Raises RefusedByHub for a device that is no reader.
    """
    with database.writing() as session:
        session.rows("SELECT 1 FROM organisation WHERE organisation = ? /*lock*/", caller.organisation)
        check_stays(session, caller)
        place = (caller.organisation, collection, caller.device)
        if not session.rows("SELECT 1 FROM reader WHERE organisation = ? AND collection = ? AND device = ?", *place):
            raise RefusedByHub("no_right")
        session.run(
            "INSERT INTO doubt (organisation, collection, device) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", *place
        )


def settle_doubt(database: Database, caller: Caller, collection: bytes) -> None:
    """A device says that it has found the keys of a collection that it doubted."""
    with database.writing() as session:
        check_stays(session, caller)
        entitlement.forget_doubt(session, caller.organisation, collection, caller.device)
