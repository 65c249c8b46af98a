"""What a device is newly given beside the history: keys, the links that say whose its files are, and who wants a key.

Rights and links have one count, so that a device that has seen all up to a number knows who may read what as of then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Row, Session
from advocate_desk.sync import wire
from advocate_desk.sync.wire import Right, SignedOwnership, Wanting

MOST_RIGHTS = 2_000
MOST_GIVERS = 8
"""Of one key to a device that says that no key opens the file."""
MOST_LINKS_BYTES = 2 * 1024 * 1024
"""Of the links in a page that came since, and as many again of those of files that are new to the device."""


@dataclass(frozen=True, slots=True)
class Given:
    """Rights and links, up to the number `upto`."""

    upto: int
    rights: list[Right] = field(default_factory=list)
    owners: list[SignedOwnership] = field(default_factory=list)


def given_since(session: Session, caller: Caller, after: int, head: int) -> Given:
    """What is numbered after `after`, as much as fits into a page; `head` is the last number that there is.

    The links that came since are few, the files that a device reads are many: the CROSS JOIN begins with the links.
    """
    rights = session.rows(
        "SELECT number, collection, epoch, device, given_by, sealed, signature, links, last_link, members "
        "FROM collection_right WHERE organisation = ? AND device = ? AND number > ? ORDER BY number LIMIT ?",
        caller.organisation,
        caller.device,
        after,
        MOST_RIGHTS,
    )
    links = _links_since(session, caller, after)
    begun = session.rows(
        "SELECT r.since, sum(length(o.body)) FROM reader r JOIN ownership o "
        "ON o.organisation = r.organisation AND o.collection = r.collection "
        "WHERE r.organisation = ? AND r.device = ? AND r.since > ? GROUP BY r.since ORDER BY r.since LIMIT ?",
        caller.organisation,
        caller.device,
        after,
        MOST_RIGHTS,
    )
    upto = min(
        rights[-1][0] if len(rights) == MOST_RIGHTS else head,
        _fitting([(row[0], len(row[3])) for row in links], head),
        _fitting([(row[0], int(row[1])) for row in begun], head),
    )
    chains = session.rows(
        "SELECT o.number, o.collection, o.place, o.body FROM reader r JOIN ownership o "
        "ON o.organisation = r.organisation AND o.collection = r.collection "
        "WHERE r.organisation = ? AND r.device = ? AND r.since > ? AND r.since <= ?",
        caller.organisation,
        caller.device,
        after,
        upto,
    )
    # of a file that is not new a link beyond `upto` comes with the next page; a new one's chain is given whole
    named = {(bytes(row[1]), row[2]): bytes(row[3]) for row in (*(each for each in links if each[0] <= upto), *chains)}
    return Given(
        upto,
        _still_held(session, caller, [row for row in rights if row[0] <= upto]),
        [wire.unpack(SignedOwnership, body) for _, body in sorted(named.items())],
    )


def _links_since(session: Session, caller: Caller, after: int) -> list[Row]:
    """(number, collection, place, body) of the next links of the collections that the device read before."""
    return session.rows(
        "SELECT o.number, o.collection, o.place, o.body FROM ownership o CROSS JOIN reader r "
        "WHERE o.organisation = ? AND o.number > ? AND r.organisation = o.organisation "
        "AND r.collection = o.collection AND r.device = ? AND r.since <= ? ORDER BY o.number LIMIT ?",
        caller.organisation,
        after,
        caller.device,
        after,
        MOST_RIGHTS,
    )


def _still_held(session: Session, caller: Caller, rows: Sequence[Row]) -> list[Right]:
    """The rights, but for those to a file that the device has cleared since it was given them."""
    since = {
        bytes(collection): number
        for collection, number in session.matching(
            "SELECT r.collection, r.since FROM wanted w CROSS JOIN reader r "
            "WHERE r.collection = w.c0 AND r.organisation = ? AND r.device = ?",
            [sorted({bytes(row[1]) for row in rows})],
            caller.organisation,
            caller.device,
        )
    }
    rights = [_right(*row) for row in rows]
    return [each for each in rights if each.number >= since.get(each.collection, each.number + 1)]


def _right(
    number: int,
    collection: bytes,
    epoch: int,
    device: bytes,
    by: bytes,
    sealed: bytes,
    signature: bytes,
    links: int,
    last_link: bytes,
    members: int,
) -> Right:
    to, giver, body, signed = map(bytes, (device, by, sealed, signature))
    return Right(number, bytes(collection), epoch, to, giver, body, signed, links, bytes(last_link), members)


def _fitting(sizes: Sequence[Row], head: int) -> int:
    """The last number up to which these (number, bytes) fit into a page, one at the least; `head` where all do."""
    spent, reached = 0, 0
    for number, size in sizes:
        spent += size
        if reached and spent > MOST_LINKS_BYTES:
            return reached
        reached = number
    return reached if len(sizes) == MOST_RIGHTS else head


def mark_of(session: Session, organisation: bytes, number: int) -> bytes:
    """By what the right or link of that number is known again; nothing where there is none."""
    for sql in (
        "SELECT signature FROM collection_right WHERE organisation = ? AND number = ?",
        "SELECT body FROM ownership WHERE organisation = ? AND number = ?",
    ):
        found = session.rows(sql, organisation, number)
        if found:
            return wire.digest(bytes(found[0][0]))
    return b""


def wanting(session: Session, caller: Caller) -> list[Wanting]:
    """The devices that may read a collection which the caller holds, and have no key of it.

    Or say that none opens it, with each epoch of which the caller was given a key that she has not given them, nor have
    so many.
    """
    found = session.rows(
        "SELECT w.collection, w.device FROM wanting w JOIN reader r "
        "ON r.organisation = w.organisation AND r.collection = w.collection AND r.device = ? "
        "WHERE w.organisation = ? LIMIT ?",
        caller.device,
        caller.organisation,
        wire.MOST_WANTING,
    )
    wanted = [Wanting(bytes(row[0]), bytes(row[1])) for row in found]
    return [*wanted, *_doubting(session, caller)][: wire.MOST_WANTING]


def _doubting(session: Session, caller: Caller) -> list[Wanting]:
    """Of each device that doubts the keys of a file which the caller reads, the epochs of which it lacks hers.

    Looked up doubt by doubt, of which there are few: joined in one statement, a planner that has no statistics begins
    with every key of every file.
    """
    since = _doubts(session, caller)
    if not since:
        return []
    own: dict[bytes, set[int]] = defaultdict(set)
    givers: dict[tuple[bytes, bytes, int], list[bytes]] = defaultdict(list)
    for row in session.matching(
        "SELECT c.collection, c.device, c.epoch, c.given_by, c.number FROM wanted w CROSS JOIN collection_right c "
        "WHERE c.collection = w.c0 AND c.organisation = ?",
        [sorted({collection for collection, _ in since})],
        caller.organisation,
    ):
        collection, device, epoch = bytes(row[0]), bytes(row[1]), row[2]
        if device == caller.device:
            own[collection].add(epoch)
        elif row[4] >= since.get((collection, device), row[4] + 1):
            givers[collection, device, epoch].append(bytes(row[3]))
    return [
        Wanting(collection, device, epoch)
        for collection, device in since
        for epoch in sorted(own[collection])
        if len(by := givers[collection, device, epoch]) < MOST_GIVERS and caller.device not in by
    ]


def _doubts(session: Session, caller: Caller) -> dict[tuple[bytes, bytes], int]:
    """Of the files that the caller reads: by file and device, since which right a device that doubts reads it."""
    sql = "SELECT collection, device FROM doubt WHERE organisation = ? AND device <> ?"
    told = session.rows(sql, caller.organisation, caller.device)
    doubts = [(bytes(collection), bytes(device)) for collection, device in told]
    if not doubts:
        return {}
    read = {
        bytes(row[0])
        for row in session.matching(
            "SELECT r.collection FROM wanted w CROSS JOIN reader r "
            "WHERE r.collection = w.c0 AND r.organisation = ? AND r.device = ?",
            [sorted({collection for collection, _ in doubts})],
            caller.organisation,
            caller.device,
        )
    }
    doubts = [each for each in doubts if each[0] in read]
    return {
        (bytes(row[0]), bytes(row[1])): row[2]
        for row in session.matching(
            "SELECT t.collection, t.device, t.since FROM wanted w CROSS JOIN reader t "
            "WHERE t.collection = w.c0 AND t.device = w.c1 AND t.organisation = ? AND NOT t.is_withdrawn",
            [[each[0] for each in doubts], [each[1] for each in doubts]],
            caller.organisation,
        )
    }
