"""Opening what was pulled: each envelope checked against its manifest, opened with its file's key, made a record.

What cannot be opened is kept as it came: a key may still arrive, or a version that knows the kind of record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from advocate_desk.store.later_fields import AGAIN
from advocate_desk.sync import manifest, seal, state
from advocate_desk.sync.gaining import Gained
from advocate_desk.sync.inbox import Applied, Arrived
from advocate_desk.sync.manifest import Distrust, Listed, Manifest, Named
from advocate_desk.sync.outbox import Behind, Driver
from advocate_desk.sync.records import shapes
from advocate_desk.sync.seal import Forged, Place, Record
from advocate_desk.sync.state import Standing
from advocate_desk.sync.statements import Members
from advocate_desk.sync.wire import Current, FilledPart, PulledPart, PulledPush

NO_KEY, NO_RECORD, NO_PLACE = "key", "envelope", "file_id"


@dataclass
class Opener:
    """Opens a page, push by push. `parted`: files of which the hub may leave out what it likes."""

    stand: Standing
    members: Members
    keys: Mapping[bytes, Mapping[int, bytes]]
    own_device: bytes
    others: Callable[[bytes, int], Sequence[bytes]] = lambda _collection, _epoch: ()
    parted: set[bytes] = field(default_factory=set)
    arrived: list[Arrived] = field(default_factory=list)
    unreadable: list[tuple[bytes, Current, str]] = field(default_factory=list)
    overtaken: list[tuple[bytes, bytes, int]] = field(default_factory=list)
    _envelopes: dict[tuple[bytes, bytes], Current] = field(default_factory=dict)
    _opened: set[tuple[bytes, int]] = field(default_factory=set)
    _opened_by_others: dict[tuple[bytes, int], bytes] = field(default_factory=dict)

    def take(self, push: PulledPush, said: Manifest, *, is_whole: bool) -> None:
        """Open a push that comes in its place of the history, and whose manifest was checked.

        `is_whole`: with every part that this desk reads. Raises Distrust where it is not what the manifest names.
        """
        if is_whole and manifest.unaccounted(said, push.parts, self._reads):
            raise Distrust("left out")
        person = self.members.devices[said.device].person.hex()
        is_ours = said.device == self.own_device and said.number <= self.stand.push_number
        for part in push.parts:
            self._take_part(part, manifest.check_part(said, part), person, is_new=True, is_ours=is_ours)

    def fill(self, part: FilledPart, by: bytes, named: Named) -> None:
        """Open a part of a push of the device `by`, of which its manifest named `named`. Raises Distrust."""
        person, listed = self.members.devices[by].person.hex(), manifest.check_named(named, part)
        self._take_part(part, listed, person, is_new=False, is_ours=by == self.own_device)

    def _take_part(
        self,
        part: PulledPart | FilledPart,
        listed: Sequence[Listed],
        person: str,
        *,
        is_new: bool,
        is_ours: bool = False,
    ) -> None:
        self.overtaken += [(part.collection, each.item, each.revision) for each in listed if not each.is_here]
        for item in part.items:
            self._open(part.collection, item, person, is_new=is_new, is_ours=is_ours)

    def _reads(self, collection: bytes) -> bool:
        return collection in self.keys and collection not in self.parted

    def _open(self, collection: bytes, item: Current, author: str, *, is_new: bool, is_ours: bool = False) -> None:
        key = self.keys.get(collection, {}).get(item.epoch)
        if key is None:
            self.unreadable.append((collection, item, NO_KEY))
            return
        record = self._unsealed(collection, item, key)
        if record is None:  # signed by a member who holds the key, and no record: not the hub's doing
            self.unreadable.append((collection, item, NO_RECORD))
            return
        if collection == self.stand.organisation:  # no record of this version lies there
            self.unreadable.append((collection, item, NO_PLACE))
            return
        self._envelopes[collection, item.item] = item
        reader = self.stand.person.hex()
        self.arrived.append(
            Arrived(record.kind, item.item, collection, item.revision, author, reader, record.values, is_new, is_ours)
        )

    def _unsealed(self, collection: bytes, item: Current, key: bytes) -> Record | None:
        """The record in an envelope, under the first key of its epoch or another that was given for it."""
        place = Place(self.stand.organisation, collection, item.item, item.epoch, item.revision)
        with suppress(Forged):
            record = seal.unseal(item.envelope, place, key)
            self._opened.add((collection, item.epoch))
            return record
        for other in self.others(collection, item.epoch):
            with suppress(Forged):
                record = seal.unseal(item.envelope, place, other)
                if other != key:
                    self._opened_by_others[collection, item.epoch] = other
                return record
        return None

    def retry(self, driver: Driver, gained: Gained) -> None:
        """Open what waited for a key that has come now, or for this version. In the caller's transaction."""
        again = driver.execute("SELECT DISTINCT collection FROM unreadable_item WHERE reason = ?", (AGAIN,)).fetchall()
        for collection in {*(each.collection for each in gained.keys), *(bytes(row[0]) for row in again)}:
            which = "WHERE collection = ? AND reason IN (?, ?, ?)"
            place = (collection, NO_KEY, NO_RECORD, AGAIN)
            rows = driver.execute(
                f"SELECT item, revision, epoch, envelope FROM unreadable_item {which}",  # noqa: S608 - our own words
                place,
            ).fetchall()
            driver.execute(f"DELETE FROM unreadable_item {which}", place)  # noqa: S608 - our own words
            for item, revision, epoch, envelope in rows:
                self._open(collection, Current(bytes(item), revision, epoch, bytes(envelope)), "", is_new=False)

    def keep(self, driver: Driver, done: Applied) -> None:
        """Keep what could not be read, and what is still to come. In the caller's transaction."""
        state.prove_keys(driver, self._opened, self._opened_by_others)
        if driver.execute("SELECT 1 FROM unreadable_item").fetchone():
            driver.executemany(
                "DELETE FROM unreadable_item WHERE collection = ? AND item = ? AND revision <= ?",
                [(each.collection, each.item, each.revision) for each in self.arrived],
            )
        come = {(each.collection, each.item): each.revision for each in self.arrived}
        self.unreadable = [each for each in self.unreadable if come.get((each[0], each[1].item), 0) < each[1].revision]
        for arrived, reason in done.unreadable:
            self.unreadable.append((arrived.collection, self._envelopes[arrived.collection, arrived.item], reason))
        driver.executemany(
            "INSERT INTO unreadable_item (collection, item, revision, epoch, envelope, reason) "
            "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (collection, item) DO UPDATE SET "
            "revision = excluded.revision, epoch = excluded.epoch, envelope = excluded.envelope, "
            "reason = excluded.reason WHERE excluded.revision >= revision",
            [(file, each.item, each.revision, each.epoch, each.envelope, why) for file, each, why in self.unreadable],
        )
        driver.executemany(
            "INSERT INTO expected_item (collection, item, revision) VALUES (?, ?, ?) ON CONFLICT (collection, item) "
            "DO UPDATE SET revision = max(revision, excluded.revision)",
            self.overtaken,
        )


def still_missing(driver: Driver) -> list[tuple[bytes, bytes]]:
    """Items, each with its file, that a manifest named and that are not here, at that revision or later, nor unread.

    Those that have come are struck off. In a transaction of its own, if in none.
    """
    rows = driver.execute("SELECT collection, item, revision FROM expected_item").fetchall()
    if not rows:
        return []
    missing: list[tuple[bytes, bytes]] = []
    arrived: list[tuple[bytes, bytes]] = []
    for collection, item, revision in rows:
        if _revision_here(driver, bytes(collection), bytes(item)) >= revision:
            arrived.append((collection, item))
        else:
            missing.append((bytes(collection), bytes(item)))
    driver.executemany("DELETE FROM expected_item WHERE collection = ? AND item = ?", arrived)
    return missing


def is_here(driver: Driver, behind: Behind) -> bool:
    """Whether a record has come at the revision that the hub named, or a later one, read or unread."""
    row = driver.execute(f'SELECT synced_rev FROM "{behind.kind}" WHERE id = ?', (behind.item.hex(),)).fetchone()  # noqa: S608
    return (row is not None and (row[0] or 0) >= behind.revision) or _is_elsewhere(driver, behind)


def is_spoiled(driver: Driver, behind: Behind) -> bool:
    """Whether the hub's revision of a record came, and is nothing that any version can read."""
    row = driver.execute(
        "SELECT revision, reason FROM unreadable_item WHERE collection = ? AND item = ?",
        (behind.collection, behind.item),
    ).fetchone()
    is_unread = row is not None and row[0] == behind.revision and row[1] != NO_KEY
    return is_unread or _is_elsewhere(driver, behind, but_for=behind.kind)


def _is_elsewhere(driver: Driver, behind: Behind, but_for: str = "") -> bool:
    """Whether that revision came as a record of another kind, or unread."""
    unread = driver.execute(
        "SELECT 1 FROM unreadable_item WHERE collection = ? AND item = ? AND revision >= ?",
        (behind.collection, behind.item, behind.revision),
    ).fetchone()
    if unread is not None and not but_for:
        return True
    place = (behind.item.hex(), behind.revision)
    return any(
        driver.execute(f'SELECT 1 FROM "{name}" WHERE id = ? AND synced_rev >= ?', place).fetchone()  # noqa: S608
        for name in shapes()
        if name != (but_for or behind.kind)
    )


def _revision_here(driver: Driver, collection: bytes, item: bytes) -> int:
    unread = driver.execute(
        "SELECT revision FROM unreadable_item WHERE collection = ? AND item = ?", (collection, item)
    ).fetchone()
    best = int(unread[0]) if unread else 0
    for name in shapes():
        row = driver.execute(f'SELECT synced_rev FROM "{name}" WHERE id = ?', (item.hex(),)).fetchone()  # noqa: S608
        if row is not None:
            return max(best, int(row[0] or 0))
    return best
