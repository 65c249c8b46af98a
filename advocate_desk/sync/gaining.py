"""What a page's rights give to this desk: keys opened, judged and kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from advocate_desk.sync import keeping, rights, state
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.ownership import Owned
from advocate_desk.sync.owning import KnownReaders
from advocate_desk.sync.rights import Key, Under
from advocate_desk.sync.state import Standing
from advocate_desk.sync.statements import Members
from advocate_desk.sync.wire import Right
from advocate_desk.vault.device import Device


@dataclass
class Gained:
    """What a page's rights give.

    `unfit`: of which files and epochs a right did not open. `rivals`: who gave a key for an epoch of which another has
    opened something here.
    """

    keys: list[Key] = field(default_factory=list)
    unfit: list[tuple[bytes, int]] = field(default_factory=list)
    rivals: set[bytes] = field(default_factory=set)


def open_rights(
    given: Sequence[Right], stand: Standing, members: Members, known: Mapping[bytes, Owned], device: Device
) -> Gained:
    """What rights give to this device. Raises Distrust for one that no member signed.

    One that a member signed and that does not open is passed over: no member shall stop a colleague's exchange. A key
    that came from somebody who may not read the file, as far as this desk knows, is read with and never written with.
    """
    gained = Gained()
    readers = KnownReaders(members, known)
    for right in given:
        public = members.sign_public(right.by)
        if right.device != device.id.bytes or public is None:
            raise Distrust("right")
        if not rights.is_signed(stand.organisation, right, public):
            raise Distrust("right")
        key = rights.open_key(stand.organisation, right, device.exchange_secret, device.exchange_public)
        if key is None:
            gained.unfit.append((right.collection, right.epoch))
            continue
        with key:
            takers = readers.devices(right.collection)
            is_current = takers is None or any(each.device == right.by for each in takers)
            under = Under(right.links, right.last_link, right.members)
            gained.keys.append(Key(right.collection, right.epoch, bytes(key.buffer), is_current, right.by, under))
    return gained


def reading(
    driver: Driver,
    gained: Gained,
    members: Members,
    known: Mapping[bytes, Owned] | None,
    own: bytes,
    among: Collection[bytes] | None = None,
) -> dict[bytes, dict[int, bytes]]:
    """The keys of the files that this desk reads once it has what it gained, by the links and members known then.

    `known` is None where nothing of that has changed since it was judged last. `among`: the only files that matter.
    """
    held = state.keys(driver, among)
    for each in gained.keys:
        held.setdefault(each.collection, {}).setdefault(each.epoch, each.key)
    if own not in members.devices:
        return held
    if not members.may_act(own):
        return {}  # who has left reads no more: the hub leaves out everything, and rightly
    if known is None:
        gone = set(keeping.withdrawn(driver))
        return {collection: keys for collection, keys in held.items() if collection not in gone}
    readers = KnownReaders(members, known)
    return {collection: keys for collection, keys in held.items() if readers.may_read(collection, own)}


def keep(driver: Driver, gained: Gained, own: bytes, until: int) -> None:
    """Keep what was gained by the device `own`. In the caller's transaction.

    A file that is new here is filled up to `until`, the tip; from there on the history itself brings it.
    """
    for each in gained.keys:
        is_new = not keeping.is_held(driver, each.collection)
        place = (each.collection, each.epoch, own)
        sql = "SELECT 1 FROM given_right WHERE collection = ? AND epoch = ? AND device = ?"
        if driver.execute(sql, place).fetchone() is None:  # one made here that no hub has taken gives way
            driver.execute("DELETE FROM collection_key WHERE collection = ? AND epoch = ?", place[:2])
            driver.execute("INSERT INTO given_right (collection, epoch, device) VALUES (?, ?, ?)", place)
        is_rival = state.keep_key(driver, each.collection, each.epoch, each.key, each.by)
        if is_rival and state.is_proven(driver, each.collection, each.epoch):
            gained.rivals.add(each.by)
        elif each.is_current:  # who gave it has it, where she may read still: else she has cleared it, or will
            place = (each.collection, each.epoch, each.by)
            driver.execute("INSERT OR IGNORE INTO given_right (collection, epoch, device) VALUES (?, ?, ?)", place)
        if is_new:
            driver.execute("UPDATE collection_state SET is_cleared = 0 WHERE collection = ?", (each.collection,))
        if is_new and until:
            _set_state(driver, each.collection, until)
        if is_rival or not each.is_current:  # of two keys, or given by a device that is out: never written with
            keeping.set_stale(driver, each.collection)


def mark_seen(driver: Driver, shown: Sequence[Right]) -> None:
    """The hub has shown that this device has these keys there, be they known here or not. In the transaction."""
    driver.executemany(
        "UPDATE given_right SET is_seen = 1 WHERE collection = ? AND epoch = ? AND device = ? AND NOT is_seen",
        [(each.collection, each.epoch, each.device) for each in shown],
    )


def _set_state(driver: Driver, collection: bytes, until: int) -> None:
    driver.execute(
        "INSERT INTO collection_state (collection, filled_to, fill_until) VALUES (?, 0, ?) "
        "ON CONFLICT (collection) DO UPDATE SET filled_to = 0, fill_until = excluded.fill_until",
        (collection, until),
    )
