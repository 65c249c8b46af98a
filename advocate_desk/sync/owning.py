"""Whose the files of this desk are: the chains of signed links that it holds, and the columns that screens read.

The columns of `client_file` say what whoever is at the desk wants, the last link what counts. Where they differ, that
is a wish, which the next exchange makes a link.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

from advocate_desk.store.tables.files import OWNING
from advocate_desk.sync import ownership, wire
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.ownership import Owned, Readers, Whose
from advocate_desk.sync.state import AMONG, as_list
from advocate_desk.sync.statements import MemberDevice, Members
from advocate_desk.sync.wire import SignedOwnership

ID_BYTES = 16
MADE, ANSWERED, SEEN = 0, 1, 2
"""How far a link has come: made here and not answered, taken as the hub answered, and shown by the hub."""
MOST_KNOWN = 32_768
"""Links that are remembered as they were read: each exchange looks at the last of every file."""
NOBODYS = Whose(None, None, is_restricted=False, readers=frozenset())
_SHOWN = f"SELECT id, {', '.join(OWNING)} FROM client_file"  # noqa: S608 - names of ours


def lasts(driver: Driver, among: Iterable[bytes] | None = None) -> dict[bytes, Owned]:
    """The last link of each file here, or of those in `among`, that the hub has taken."""
    where, given = ("", ()) if among is None else (f"AND {AMONG}", (as_list(among),))
    sql = f"SELECT collection, max(number), body FROM file_ownership WHERE taken {where} GROUP BY collection"  # noqa: S608
    return {bytes(collection): _owned(body) for collection, _, body in driver.execute(sql, given)}


def last(driver: Driver, collection: bytes) -> Owned | None:
    """The last link of a file that the hub has taken; None for one of which there is none."""
    links = chain(driver, collection)
    return links[-1] if links else None


def chain(driver: Driver, collection: bytes) -> list[Owned]:
    """The links of a file that the hub has taken, from the first."""
    rows = driver.execute(
        "SELECT body FROM file_ownership WHERE collection = ? AND taken ORDER BY number", (collection,)
    )
    return [_owned(body) for (body,) in rows]


def unshown(driver: Driver, taken: int) -> list[SignedOwnership]:
    """The links here that have come so far, MADE or ANSWERED, and that the hub has not shown: each file's in order."""
    sql = "SELECT body FROM file_ownership WHERE taken < 2 AND taken = ? ORDER BY collection, number"
    return [wire.unpack(SignedOwnership, bytes(body)) for (body,) in driver.execute(sql, (taken,))]


def told(driver: Driver, among: Iterable[bytes] | None = None) -> Iterator[SignedOwnership]:
    """The links of all files, or of those in `among`, that the hub has taken: each file's in order."""
    where, given = ("", ()) if among is None else (f"AND {AMONG}", (as_list(among),))
    sql = f"SELECT body FROM file_ownership WHERE taken {where} ORDER BY collection, number"  # noqa: S608
    for (body,) in driver.execute(sql, given).fetchall():
        yield wire.unpack(SignedOwnership, bytes(body))


def keep(driver: Driver, link: SignedOwnership, taken: int) -> None:
    """Keep a link in its place of its file's chain, come so far. In the caller's transaction."""
    found = ownership.known(link).link
    driver.execute(
        "INSERT OR REPLACE INTO file_ownership (collection, number, body, taken) VALUES (?, ?, ?, ?)",
        (found.collection, found.number, wire.pack(link), taken),
    )


def mark_seen(driver: Driver, links: Iterable[tuple[bytes, int]]) -> None:
    """The hub has shown these of its own accord, by file and number: it has them. In the caller's transaction."""
    driver.executemany(
        "UPDATE file_ownership SET taken = ? WHERE collection = ? AND number = ? AND taken = ?",
        [(SEEN, *each, ANSWERED) for each in links],
    )


def cut(driver: Driver, collection: bytes, number: int) -> None:
    """Take away a file's links from `number` on. In the caller's transaction."""
    driver.execute("DELETE FROM file_ownership WHERE collection = ? AND number >= ?", (collection, number))


def disagreeing(driver: Driver) -> dict[bytes, tuple[Owned | None, Whose, bool]]:
    """The files whose columns say otherwise than the last link, or that have none: link, columns, and if new here.

    But not those of which a link waits to be answered.
    """
    return {
        collection: (before, whose, is_new)
        for collection, (before, whose, is_new, is_said) in _marked(driver).items()
        if whose is not None and not is_said and (before is None or before.whose != whose)
    }


def strike_off(driver: Driver, writing: Callable[[Driver], AbstractContextManager[None]]) -> None:
    """Look no more at files whose columns say what their last link says, until one of the two is written again."""
    if _agreeing(driver):
        with writing(driver):
            gone = [(collection.hex(),) for collection in _agreeing(driver)]
            driver.executemany("DELETE FROM owners_to_check WHERE file_id = ?", gone)


def _agreeing(driver: Driver) -> list[bytes]:
    """Of the marked files those that agree, and those that are not here any more."""
    return [
        collection
        for collection, (before, whose, _, _) in _marked(driver).items()
        if whose is None or (before is not None and before.whose == whose)
    ]


def _marked(driver: Driver) -> dict[bytes, tuple[Owned | None, Whose | None, bool, bool]]:
    """Of each marked file the last link, what its columns say, if it is new here, and if a link of it waits."""
    link = "FROM file_ownership o WHERE o.collection = unhex(m.file_id)"
    sql = (
        "SELECT m.file_id, c.id IS NULL, c.synced_rev IS NULL, "  # noqa: S608 - words of ours
        f"(SELECT o.body {link} AND o.taken ORDER BY o.number DESC LIMIT 1), "
        f"EXISTS (SELECT 1 {link} AND o.taken = 0), {', '.join(f'c.{name}' for name in OWNING)} "
        "FROM owners_to_check m LEFT JOIN client_file c ON c.id = m.file_id"
    )
    return {
        bytes.fromhex(file): (
            _owned(body) if body else None,
            None if is_gone else _whose(*columns),
            bool(is_new),
            bool(is_said),
        )
        for file, is_gone, is_new, body, is_said, *columns in driver.execute(sql).fetchall()
    }


def shown_of(driver: Driver, collection: bytes) -> Whose | None:
    """Whose a file is, as its columns say; None where it is not here."""
    row = driver.execute(f"{_SHOWN} WHERE id = ?", (collection.hex(),)).fetchone()
    return _whose(*row[1:]) if row else None


def is_wished_otherwise(driver: Driver, collection: bytes) -> bool:
    """Whether somebody here chose something about whose a file is that no link says."""
    found = last(driver, collection)
    return found is not None and shown_of(driver, collection) not in (None, found.whose)


def show(driver: Driver, collection: bytes, whose: Whose) -> None:
    """Let the columns of a file say whose it is. In the caller's transaction, with the tracking switched off."""
    said = tuple(texts(whose).values())
    names, marks = ", ".join(OWNING), ", ".join("?" * len(OWNING))
    driver.execute(
        f"UPDATE client_file SET ({names}) = ({marks}) WHERE id = ? AND ({names}) IS NOT ({marks})",  # noqa: S608 - names of ours
        (*said, collection.hex(), *said),
    )


def texts(whose: Whose) -> dict[str, object]:
    """Whose a file is, as the columns keep it."""
    readers = json.dumps(sorted(each.hex() for each in whose.readers), separators=(",", ":"))
    return {
        "allocated_person": whose.person.hex() if whose.person else None,
        "team": whose.team.hex() if whose.team else None,
        "is_restricted": int(whose.is_restricted),
        "readers": readers if whose.readers else None,
    }


def whose_of(said: Mapping[str, Any]) -> Whose:
    """Whose a file is whose columns say so."""
    return _whose(*(said[name] for name in OWNING))


def texts_of(driver: Driver, collection: bytes) -> tuple[object, ...]:
    """What the columns of a file that comes are to say: whose it is by its last link, nobody's where there is none."""
    found = last(driver, collection)
    return tuple(texts(found.whose if found else NOBODYS).values())


def count_without(driver: Driver) -> int:
    """How many files came of which no link did: nobody can tell whose they are."""
    sql = (
        "SELECT count(*) FROM owners_to_check m CROSS JOIN client_file c ON c.id = m.file_id "
        "WHERE c.synced_rev IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM file_ownership o WHERE o.collection = unhex(m.file_id) AND o.taken)"
    )
    return int(driver.execute(sql).fetchone()[0])


@lru_cache(maxsize=MOST_KNOWN)
def _owned(body: bytes) -> Owned:
    return ownership.known(wire.unpack(SignedOwnership, bytes(body)))


def _whose(person: str | None, team: str | None, is_restricted: object, readers: str | None) -> Whose:
    return Whose(
        bytes.fromhex(person) if person else None,
        bytes.fromhex(team) if team else None,
        bool(is_restricted),
        _people(readers),
    )


def _people(text: str | None) -> frozenset[bytes]:
    named = json.loads(text) if text else []
    found: set[bytes] = set()
    for each in named if isinstance(named, list) else []:
        try:
            identity = bytes.fromhex(str(each))
        except ValueError:
            continue
        if len(identity) == ID_BYTES:  # a name that is no id entitles nobody
            found.add(identity)
    return frozenset(found)


class KnownReaders:
    """Who may read what, by the links known."""

    def __init__(self, members: Members, known: Mapping[bytes, Owned]) -> None:
        self._members, self._known, self._readers = members, known, Readers(members)

    def devices(self, collection: bytes) -> tuple[MemberDevice, ...] | None:
        """The devices that may read a collection; None where that is not known here."""
        if collection == self._members.organisation:
            return self._readers.of_everybody()
        found = self._known.get(collection)
        return self._readers.devices(found.link) if found is not None else None

    def may_read(self, collection: bytes, device: bytes) -> bool:
        """Whether a device may read a collection; one of which nothing is known here is read by whoever has its key."""
        takers = self.devices(collection)
        return takers is None or any(each.device == device for each in takers)
