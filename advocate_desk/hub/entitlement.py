"""Which devices may read which collections, worked out from the two chains of the members and of ownership.

Kept by audience, because many files are the same people's: a change in the members' chain is worked out once an
audience and written in one statement a device, a batch of links in one statement for all of its collections. What the
routes look at is the result: a reader's `is_withdrawn`, and the devices that want a key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from advocate_desk.hub.database import Row, Session
from advocate_desk.sync import wire
from advocate_desk.sync.ownership import Readers
from advocate_desk.sync.statements import Members
from advocate_desk.sync.wire import Ownership

EVERYBODY = b""
"""The body of the audience that reads the organisation's own collection."""
_MAY_READ = (
    "EXISTS (SELECT 1 FROM owned o JOIN entitlement e ON e.organisation = o.organisation AND e.audience = o.audience "
    "WHERE o.organisation = reader.organisation AND o.collection = reader.collection AND e.device = reader.device)"
)
_IS_READER = (
    "EXISTS (SELECT 1 FROM reader r WHERE r.organisation = o.organisation AND r.collection = o.collection "
    "AND r.device = e.device)"
)


def own_links(session: Session, members: Members, links: Iterable[tuple[int, Ownership]], before: int) -> None:
    """Let collections be whose their last links, numbered after `before`, say. (number, link), the last of each."""
    bodies: dict[bytes, bytes] = {}
    rows: list[Row] = []
    for number, link in links:
        body = _audience_of(link)
        audience = wire.digest(body)
        bodies[audience] = body
        rows.append((members.organisation, link.collection, number, link.opener, audience))
    _own(session, members, rows, bodies, before)


def own_everybodys(session: Session, members: Members) -> None:
    """Let the organisation's own collection be everybody's."""
    audience = wire.digest(EVERYBODY)
    rows = [(members.organisation, members.organisation, 0, bytes(16), audience)]
    _own(session, members, rows, {audience: EVERYBODY}, -1)


def _own(session: Session, members: Members, rows: list[Row], bodies: dict[bytes, bytes], before: int) -> None:
    session.many(
        "INSERT INTO owned (organisation, collection, number, opener, audience) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (organisation, collection) DO UPDATE SET number = excluded.number, audience = excluded.audience",
        rows,
    )
    known = session.matching(
        "SELECT a.audience FROM wanted w CROSS JOIN audience a WHERE a.audience = w.c0 AND a.organisation = ?",
        [list(bodies)],
        members.organisation,
    )
    new = {audience: bodies[audience] for audience in bodies.keys() - {bytes(row[0]) for row in known}}
    readers = Readers(members)
    session.many(
        "INSERT INTO audience (organisation, audience, body) VALUES (?, ?, ?)",
        [(members.organisation, audience, body) for audience, body in new.items()],
    )
    _entitle(session, members, ((each, device) for each, body in new.items() for device in _devices(readers, body)))
    place = (members.organisation, members.organisation, before)
    numbered = "collection IN (SELECT collection FROM owned WHERE organisation = ? AND number > ?)"
    session.run(
        "UPDATE reader SET is_withdrawn = NOT is_withdrawn "  # noqa: S608 - words of ours
        f"WHERE organisation = ? AND {numbered} AND is_withdrawn = {_MAY_READ}",
        *place,
    )
    session.many(
        "DELETE FROM wanting WHERE organisation = ? AND collection = ?",
        [(members.organisation, row[1]) for row in rows],
    )
    session.run(
        "INSERT INTO wanting (organisation, collection, device) "  # noqa: S608
        "SELECT o.organisation, o.collection, e.device FROM owned o JOIN entitlement e "
        "ON e.organisation = o.organisation AND e.audience = o.audience "
        f"WHERE o.organisation = ? AND o.number > ? AND NOT {_IS_READER}",
        members.organisation,
        before,
    )


def follow_members(session: Session, members: Members) -> None:
    """Work out anew who may read what, after a statement: device by device of those for whom it has changed."""
    bodies = session.rows(
        "SELECT a.audience, a.body FROM audience a WHERE a.organisation = ?",
        members.organisation,
    )
    before: dict[bytes, set[bytes]] = defaultdict(set)
    for audience, device in session.rows(
        "SELECT audience, device FROM entitlement WHERE organisation = ?", members.organisation
    ):
        before[bytes(device)].add(bytes(audience))
    after: dict[bytes, set[bytes]] = defaultdict(set)
    readers = Readers(members)
    for audience, body in bodies:
        for device in _devices(readers, bytes(body)):
            after[device].add(bytes(audience))
    for device in sorted(before.keys() | after.keys()):
        if before[device] != after[device]:
            place = (members.organisation, device)
            session.run("DELETE FROM entitlement WHERE organisation = ? AND device = ?", *place)
            _entitle(session, members, ((audience, device) for audience in after[device]))
            _follow_device(session, place, has_gained=bool(after[device] - before[device]))


def _follow_device(session: Session, place: tuple[bytes, bytes], *, has_gained: bool) -> None:
    session.run(
        "UPDATE reader SET is_withdrawn = NOT is_withdrawn "  # noqa: S608 - words of ours
        f"WHERE organisation = ? AND device = ? AND is_withdrawn = {_MAY_READ}",
        *place,
    )
    may_read = _MAY_READ.replace("reader.", "wanting.")
    session.run(f"DELETE FROM wanting WHERE organisation = ? AND device = ? AND NOT {may_read}", *place)  # noqa: S608
    if has_gained:
        session.run(
            "INSERT INTO wanting (organisation, collection, device) "  # noqa: S608
            "SELECT o.organisation, o.collection, e.device FROM entitlement e JOIN owned o "
            "ON o.organisation = e.organisation AND o.audience = e.audience "
            f"WHERE e.organisation = ? AND e.device = ? AND NOT {_IS_READER} ON CONFLICT DO NOTHING",
            *place,
        )


def let_go(session: Session, organisation: bytes, collection: bytes, device: bytes) -> None:
    """A device has cleared a collection: it is no reader, and wants a key again where it may read."""
    place = (organisation, collection, device)
    session.run("DELETE FROM reader WHERE organisation = ? AND collection = ? AND device = ?", *place)
    forget_doubt(session, *place)
    session.run(
        "INSERT INTO wanting (organisation, collection, device) "
        "SELECT o.organisation, o.collection, e.device FROM owned o JOIN entitlement e "
        "ON e.organisation = o.organisation AND e.audience = o.audience "
        "WHERE o.organisation = ? AND o.collection = ? AND e.device = ? ON CONFLICT DO NOTHING",
        *place,
    )


def forget_doubt(session: Session, organisation: bytes, collection: bytes, device: bytes) -> None:
    """A device doubts the keys of a collection no more."""
    place = (organisation, collection, device)
    session.run("DELETE FROM doubt WHERE organisation = ? AND collection = ? AND device = ?", *place)


def may_read(session: Session, organisation: bytes, collections: Iterable[bytes]) -> dict[bytes, set[bytes]]:
    """The devices that may read each of these collections."""
    owned = {
        bytes(collection): bytes(audience)
        for collection, audience in session.matching(
            "SELECT o.collection, o.audience FROM wanted w CROSS JOIN owned o "
            "WHERE o.collection = w.c0 AND o.organisation = ?",
            [list(collections)],
            organisation,
        )
    }
    devices: dict[bytes, set[bytes]] = defaultdict(set)
    for audience, device in session.matching(
        "SELECT e.audience, e.device FROM wanted w CROSS JOIN entitlement e "
        "WHERE e.audience = w.c0 AND e.organisation = ?",
        [sorted(set(owned.values()))],
        organisation,
    ):
        devices[bytes(audience)].add(bytes(device))
    return {collection: devices[audience] for collection, audience in owned.items()}


def _entitle(session: Session, members: Members, pairs: Iterable[tuple[bytes, bytes]]) -> None:
    session.many(
        "INSERT INTO entitlement (organisation, audience, device) VALUES (?, ?, ?)",
        [(members.organisation, *pair) for pair in pairs],
    )


def _audience_of(link: Ownership) -> bytes:
    """What of a link says who may read, as a link of no collection."""
    blank = bytes(16)
    opener = link.opener if link.person is None and link.team is None else blank
    return wire.pack(
        Ownership(
            blank, blank, 0, bytes(32), link.person, link.team, link.is_restricted, link.readers, opener, members=0
        )
    )


def _devices(readers: Readers, body: bytes) -> list[bytes]:
    found = readers.devices(wire.unpack(Ownership, body)) if body else readers.of_everybody()
    return [each.device for each in found]
