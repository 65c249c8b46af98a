"""What a page's rights give to this desk: keys opened, judged and kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from advocate_desk.sync import keeping, rights, state
from advocate_desk.sync.aside import on_two
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.ownership import Owned
from advocate_desk.sync.owning import KnownReaders
from advocate_desk.sync.rights import Key, Under
from advocate_desk.sync.state import Standing
from advocate_desk.sync.statements import Members
from advocate_desk.sync.wire import Right
from advocate_desk.vault.device import Device
from advocate_desk.vault.secret import SecretKey

Opened: TypeAlias = SecretKey | Literal[False] | None
"""A right's key: None where it does not open, False where it was not signed."""


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
    publics = {each.by: members.sign_public(each.by) for each in given}
    if any(each.device != device.id.bytes or publics[each.by] is None for each in given):
        raise Distrust("right")

    def opened(some: Sequence[Right]) -> list[Opened]:
        return [
            rights.is_signed(stand.organisation, each, publics[each.by] or b"")
            and rights.open_key(stand.organisation, each, device.exchange_secret, device.exchange_public)
            for each in some
        ]

    keys = on_two(opened, given)
    if any(key is False for key in keys):
        for key in keys:
            if key:
                key.wipe()
        raise Distrust("right")
    for right, key in zip(given, keys, strict=True):
        if not key:
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
    held = state.keys(driver, {each.collection for each in gained.keys})
    count = Counter(each.collection for each in gained.keys)
    new = [each for each in gained.keys if each.collection not in held and count[each.collection] == 1]
    _keep_new(driver, new, own)
    for each in gained.keys:
        if each.collection in held or count[each.collection] > 1:
            _keep_one(driver, gained, each, own)
    begun = {each.collection for each in gained.keys} - held.keys()
    driver.executemany(
        "UPDATE collection_state SET is_cleared = 0 WHERE collection = ?", [(each,) for each in sorted(begun)]
    )
    if until:
        driver.executemany(
            "INSERT INTO collection_state (collection, filled_to, fill_until) VALUES (?, 0, ?) "
            "ON CONFLICT (collection) DO UPDATE SET filled_to = 0, fill_until = excluded.fill_until",
            [(each, until) for each in sorted(begun)],
        )
    for each in gained.keys:
        if not each.is_current:  # given by a device that is out: never written with
            keeping.set_stale(driver, each.collection)


def _keep_new(driver: Driver, keys: Sequence[Key], own: bytes) -> None:
    """Keep the first keys of files: a new desk is given thousands at once."""
    driver.executemany(
        "INSERT INTO collection_key (collection, epoch, key, is_proven) VALUES (?, ?, ?, ?)",
        [(each.collection, each.epoch, each.key, not each.by) for each in keys],
    )
    driver.executemany(
        "INSERT OR IGNORE INTO given_right (collection, epoch, device) VALUES (?, ?, ?)",
        [
            (each.collection, each.epoch, device)
            for each in keys
            for device in (
                (own, each.by) if each.is_current else (own,)
            )  # who gave it has it, where she may read still
        ],
    )


def _keep_one(driver: Driver, gained: Gained, each: Key, own: bytes) -> None:
    """Keep a key beside others of its file."""
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
    if is_rival:  # of two keys, neither is written with
        keeping.set_stale(driver, each.collection)


def mark_seen(driver: Driver, shown: Sequence[Right]) -> None:
    """The hub has shown that this device has these keys there, be they known here or not. In the transaction."""
    driver.executemany(
        "UPDATE given_right SET is_seen = 1 WHERE collection = ? AND epoch = ? AND device = ? AND NOT is_seen",
        [(each.collection, each.epoch, each.device) for each in shown],
    )
