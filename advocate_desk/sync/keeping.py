"""The keys of files: making and giving them, opening those that were given to us."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from advocate_desk.sync import rights, state
from advocate_desk.sync.hub import Hub, HubRefused
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.owning import FileOwners, entitled, former_owners, owners, owners_of
from advocate_desk.sync.state import Standing
from advocate_desk.sync.statements import MemberDevice, Members
from advocate_desk.sync.wire import Right
from advocate_desk.vault.device import Device
from advocate_desk.vault.secret import SecretKey

_UNSENT_FILES = (
    "SELECT file_id FROM client_file INDEXED BY ix_client_file_unsent WHERE synced_rev IS NULL OR base IS NOT NULL"
)
MOST_RIGHTS = 500
"""Rights in one request."""


@dataclass(frozen=True, slots=True)
class Key:
    """A file's key of one epoch. `is_current`: who gave it may act still, so that it is fit to write with."""

    collection: bytes
    epoch: int
    key: bytes
    is_current: bool
    by: bytes


@dataclass
class Gained:
    """What a page's rights give and take. `rivals`: who gave a key for an epoch that has another here."""

    keys: list[Key] = field(default_factory=list)
    withdrawn: list[bytes] = field(default_factory=list)
    unfit: int = 0
    rivals: set[bytes] = field(default_factory=set)


def give_again(driver: Driver, before: Mapping[bytes, FileOwners]) -> None:
    """Forget to whom the keys were given of those files whose owners have changed. In the caller's transaction.

    A colleague may have taken such a file from somebody in between who may read it now.
    """
    after = owners_of(driver, before)
    changed = [(each,) for each, owner in before.items() if after.get(each) != owner]
    driver.executemany("DELETE FROM given_right WHERE collection = ?", changed)


def forget_given(driver: Driver, collection: bytes) -> None:
    """Give the keys of a file again. In the caller's transaction."""
    driver.execute("DELETE FROM given_right WHERE collection = ?", (collection,))


def offer_keys(
    driver: Driver, device: Device, hub: Hub, writing: Callable[[Driver], AbstractContextManager[None]]
) -> None:
    """Make a key for each new file, give the keys held here to entitled devices that lack them, take others' back."""
    stand = state.standing(driver)
    if stand is None:
        return
    members = state.members(driver, stand)
    files = owners(driver)
    held = state.keys(driver)
    gone = set(withdrawn(driver))
    files = [each for each in files if each.collection not in gone]
    new = [each.collection for each in files if each.collection not in held]
    if new:
        with writing(driver):
            for collection in new:
                with SecretKey.random() as key:
                    state.keep_key(driver, collection, 1, bytes(key.buffer))
        held = state.keys(driver)
    _give(driver, device, hub, writing, members, files, held)
    _withdraw_lost(driver, device, hub, writing, members)


def _give(
    driver: Driver,
    device: Device,
    hub: Hub,
    writing: Callable[[Driver], AbstractContextManager[None]],
    members: Members,
    files: Sequence[FileOwners],
    held: Mapping[bytes, Mapping[int, bytes]],
) -> None:
    given = {
        (bytes(row[0]), row[1], bytes(row[2]))
        for row in driver.execute("SELECT collection, epoch, device FROM given_right")
    }
    everybody = FileOwners(members.organisation, None, None, False, frozenset())
    wanted: list[tuple[bytes, int, bytes, MemberDevice]] = []
    alike: dict[tuple[object, ...], list[MemberDevice]] = {}
    own = members.devices.get(device.id.bytes)
    for file in (everybody, *files):
        whose = () if file is everybody else file.whose
        if whose not in alike:
            alike[whose] = members.devices_of(entitled(members, file))
        takers = alike[whose]
        if own is not None and own not in takers and file.collection in held:
            takers = [own, *takers]  # who opened a file holds it, whatever becomes of it next
        takers = sorted(takers, key=lambda each: each.device != device.id.bytes)  # ours first: the file is ours to give
        for epoch, key in sorted(held.get(file.collection, {}).items()):
            wanted += [
                (file.collection, epoch, key, taker)
                for taker in takers
                if (file.collection, epoch, taker.device) not in given
            ]
    for start in range(0, len(wanted), MOST_RIGHTS):
        chunk = wanted[start : start + MOST_RIGHTS]
        said = [_right(members.organisation, device, *each) for each in chunk]
        _keep_given(driver, writing, said, _say(hub, said))


def _withdraw_lost(
    driver: Driver,
    device: Device,
    hub: Hub,
    writing: Callable[[Driver], AbstractContextManager[None]],
    members: Members,
) -> None:
    """Take files from the devices of people who may read them no more, and make those files' keys anew.

    A file was handed on or restricted, or somebody changed team. Every desk takes back what it has given, and the desk
    that handed the file on what others gave. A device that may read a file no more gives it up by itself, last, and
    only where another holds the key by then: so it goes even where whoever took it could not say so to the hub.
    """
    lost = _lost(driver, members, device.id.bytes)
    if not lost:
        return
    held = state.newest(state.keys(driver))
    by = (device.id.bytes, device.sign_seed)
    said = [
        rights.withdraw(members.organisation, collection, held[collection][0], taker, by)
        for collection, taker in sorted(lost, key=lambda each: each[1] == device.id.bytes)
        if collection in held
    ]
    for start in range(0, len(said), MOST_RIGHTS):
        _say(hub, said[start : start + MOST_RIGHTS])
    with writing(driver):
        driver.executemany("DELETE FROM given_right WHERE collection = ? AND device = ?", sorted(lost))
        for collection in {each for each, _ in lost}:
            _set_stale(driver, collection)
    own = {collection for collection, taker in lost if taker == device.id.bytes}
    files = {each.collection: each for each in owners(driver)}
    for collection in sorted({each for each, _ in lost} - own):
        if collection in held:
            _renew(driver, device, hub, writing, members, files[collection], held[collection][0] + 1)


def _say(hub: Hub, said: Sequence[Right]) -> dict[Right, str]:
    """Say these rights to the hub; those that it refused, each by itself, and why.

    Who reads a file no more, and has not heard of it yet, can neither give nor take it: she hears with the next page.
    """
    try:
        hub.rights(said)
    except HubRefused as refusal:
        if refusal.code not in {"no_right", "taken"}:
            raise
        if len(said) == 1:
            return {said[0]: refusal.code}
        half = len(said) // 2
        return {**_say(hub, said[:half]), **_say(hub, said[half:])}
    return {}


def _lost(driver: Driver, members: Members, own: bytes) -> set[tuple[bytes, bytes]]:
    """The files and devices whose right has ended, as far as this desk can know."""
    gone = set(withdrawn(driver))
    takers: dict[tuple[object, ...], set[bytes]] = {}

    def may_read(file: FileOwners) -> set[bytes]:
        if file.whose not in takers:
            takers[file.whose] = {each.device for each in members.devices_of(entitled(members, file))}
        return takers[file.whose]

    acting = {each for each in members.devices if members.may_act(each)}
    now = {each.collection: may_read(each) for each in owners(driver) if each.collection not in gone}
    found = {
        (bytes(collection), bytes(device))
        for collection, device in driver.execute(
            "SELECT DISTINCT collection, device FROM given_right WHERE device <> ?", (own,)
        )
        if bytes(collection) in now
    }
    for file in former_owners(driver):
        if now.get(file.collection):
            found |= {(file.collection, each) for each in may_read(file) if each != own}
    unsent = {bytes.fromhex(row[0]) for row in driver.execute(_UNSENT_FILES)}  # until it is sent it may come to nothing
    found |= {
        (each.collection, own)
        for each in owners(driver)
        if each.collection in now and each.collection not in unsent and _is_anothers(each)
    }
    return {
        (collection, each)
        for collection, each in found
        if each in acting and now[collection] and each not in now[collection]
    }


def has_to_give_up(driver: Driver, device: Device) -> bool:
    """Whether this desk's device holds a file that its person may read no more, as the hub knows by now."""
    stand = state.standing(driver)
    own = device.id.bytes
    return stand is not None and any(taker == own for _, taker in _lost(driver, state.members(driver, stand), own))


def _is_anothers(file: FileOwners) -> bool:
    """Whether a file says whose it is. One that does not stays with whoever opened it, too."""
    return file.is_restricted or file.person is not None or file.team is not None


def _right(
    organisation: bytes, device: Device, collection: bytes, epoch: int, key: bytes, taker: MemberDevice
) -> Right:
    with SecretKey(bytearray(key)) as secret:
        to = (taker.device, taker.exchange_public)
        return rights.give(organisation, collection, epoch, secret, to, (device.id.bytes, device.sign_seed))


def open_rights(driver: Driver, stand: Standing, members: Members, given: Sequence[Right], device: Device) -> Gained:
    """What rights give to this device, or take from it. Raises Distrust for one that no member signed.

    One that a member signed and that does not open is passed over: no member shall stop a colleague's exchange. A key
    that came from somebody who may not read the file, as far as this desk knows, is read with and never written with.
    """
    gained = Gained()
    files = {each.collection: each for each in owners(driver)} if given else {}
    for right in given:
        public = members.sign_public(right.by)
        if right.device != device.id.bytes or public is None:
            raise Distrust("right")
        if not rights.is_signed(stand.organisation, right, public):
            raise Distrust("right")
        if not right.sealed:
            gained.withdrawn.append(right.collection)
            continue
        key = rights.open_key(stand.organisation, right, device.exchange_secret)
        if key is None:
            gained.unfit += 1
            continue
        with key:
            file = files.get(right.collection)
            is_entitled = file is None or members.devices[right.by].person in entitled(members, file)
            is_current = members.may_act(right.by) and is_entitled
            gained.keys.append(Key(right.collection, right.epoch, bytes(key.buffer), is_current, right.by))
        if right.collection in gained.withdrawn:
            gained.withdrawn.remove(right.collection)
    return gained


def reading(driver: Driver, gained: Gained) -> dict[bytes, dict[int, bytes]]:
    """The keys of the files that this desk reads once it has what it gained: none of those that were taken from it."""
    held = state.keys(driver)
    for each in gained.keys:
        held.setdefault(each.collection, {}).setdefault(each.epoch, each.key)
    given_again = {each.collection for each in gained.keys}
    for collection in {*gained.withdrawn, *withdrawn(driver)} - (given_again - set(gained.withdrawn)):
        held.pop(collection, None)
    return held


def keep(driver: Driver, gained: Gained, until: int) -> None:
    """Keep what was gained. In the caller's transaction.

    A file that is new here is filled up to `until`, the tip; from there on the history itself brings it.
    """
    gone = set(withdrawn(driver))  # taken, and given again before it was cleared: what came meanwhile is filled in
    for each in gained.keys:
        is_new = each.collection in gone or not _held(driver, each.collection)
        is_rival = state.keep_key(driver, each.collection, each.epoch, each.key, each.by)
        if is_rival:
            gained.rivals.add(each.by)
        if is_new and until:
            _set_state(driver, each.collection, until)
        if is_rival or not each.is_current:  # of two keys, or given by a device that is out: never written with
            _set_stale(driver, each.collection)
    driver.executemany(
        "INSERT INTO collection_state (collection, filled_to, fill_until, is_withdrawn) VALUES (?, 0, 0, 1) "
        "ON CONFLICT (collection) DO UPDATE SET is_withdrawn = 1",
        [(collection,) for collection in gained.withdrawn],
    )


def withdrawn(driver: Driver) -> list[bytes]:
    """The files that were taken from this desk and are still here."""
    return [bytes(row[0]) for row in driver.execute("SELECT collection FROM collection_state WHERE is_withdrawn")]


def forget(driver: Driver, collection: bytes) -> None:
    """Destroy the keys of a file that was cleared. In the caller's transaction."""
    for table in ("collection_key", "other_key", "collection_state", "given_right", "expected_item", "unreadable_item"):
        driver.execute(f"DELETE FROM {table} WHERE collection = ?", (collection,))  # noqa: S608 - names of ours


def fill_again(driver: Driver, collection: bytes) -> None:
    """Ask for all of a file from its beginning. In the caller's transaction."""
    driver.execute(
        "INSERT INTO collection_state (collection, filled_to, fill_until) "
        "SELECT ?, 0, tip_sequence FROM organisation WHERE true "
        "ON CONFLICT (collection) DO UPDATE SET filled_to = 0, fill_until = excluded.fill_until",
        (collection,),
    )


def mark_stale(driver: Driver, before: Members, after: Members) -> None:
    """Mark every file whose key somebody held who may read it no more. In the caller's transaction.

    The key is made anew by whoever next writes to the file. What was given to somebody whose roles or teams have
    changed is given again: a colleague may have taken it from her in between.
    """
    if before.number == after.number:
        return
    moved = {each.person for each in after.people.values() if each.since > before.number}
    driver.executemany(
        "DELETE FROM given_right WHERE device = ?",
        [(each.device,) for each in after.devices.values() if each.person in moved],
    )
    everybody = FileOwners(after.organisation, None, None, False, frozenset())
    for file in (everybody, *owners(driver)):
        had = {each.device for each in before.devices_of(entitled(before, file))}
        has = {each.device for each in after.devices_of(entitled(after, file))}
        if had - has:
            _set_stale(driver, file.collection)


def _set_stale(driver: Driver, collection: bytes) -> None:
    driver.execute(
        "INSERT INTO collection_state (collection, filled_to, fill_until, is_stale) VALUES (?, 0, 0, 1) "
        "ON CONFLICT (collection) DO UPDATE SET is_stale = 1",
        (collection,),
    )


def withdraw_all(driver: Driver) -> None:
    """Mark every file as taken away: this desk's person has left. In the caller's transaction."""
    driver.execute(
        "INSERT INTO collection_state (collection, filled_to, fill_until, is_withdrawn) "
        "SELECT DISTINCT collection, 0, 0, 1 FROM collection_key WHERE true "
        "ON CONFLICT (collection) DO UPDATE SET is_withdrawn = 1"
    )


def renew_stale(
    driver: Driver,
    device: Device,
    hub: Hub,
    writing: Callable[[Driver], AbstractContextManager[None]],
) -> None:
    """Make new keys for the stale files that are about to be written to: the next epoch, given to who may.

    The organisation's own, under which names are sealed, is made anew by an administrator's desk, which writes them.
    Where another desk was quicker, its key comes with the next page.
    """
    stand = state.standing(driver)
    stale = state.stale_files(driver)
    if stand is None or not stale:
        return
    members = state.members(driver, stand)
    written = state.unsent_files(driver)
    held = state.keys(driver)
    files = {each.collection: each for each in owners(driver)}
    files[members.organisation] = FileOwners(members.organisation, None, None, False, frozenset())
    if members.is_administrator(device.id.bytes):
        written.add(members.organisation)
    for collection in sorted(stale & written):
        file = files.get(collection)
        if file is None or collection not in held:
            continue
        _renew(driver, device, hub, writing, members, file, max(held[collection]) + 1)


def _renew(
    driver: Driver,
    device: Device,
    hub: Hub,
    writing: Callable[[Driver], AbstractContextManager[None]],
    members: Members,
    file: FileOwners,
    epoch: int,
) -> None:
    """The key is kept before the hub hears of it: an answer that is lost must not leave two keys of one epoch."""
    takers = members.devices_of(entitled(members, file))
    takers.sort(key=lambda each: each.device != device.id.bytes)
    with SecretKey.random() as secret, writing(driver):
        key = bytes(secret.buffer)
        state.keep_key(driver, file.collection, epoch, key)
        driver.execute("UPDATE collection_state SET is_stale = 0 WHERE collection = ?", (file.collection,))
    said = [_right(members.organisation, device, file.collection, epoch, key, taker) for taker in takers]
    _keep_given(driver, writing, said, _say(hub, said))


def keys_to_write_with(driver: Driver) -> dict[bytes, tuple[int, bytes]]:
    """The newest epoch and key of each file that was given to anybody: what only this desk has would hide its work."""
    fit: dict[bytes, tuple[int, bytes]] = {}
    for collection, epochs in state.keys(driver).items():
        known = {min(epochs)}
        if len(epochs) > 1:
            sql = "SELECT DISTINCT epoch FROM given_right WHERE collection = ?"
            known |= {row[0] for row in driver.execute(sql, (collection,))} & epochs.keys()
        fit[collection] = (max(known), epochs[max(known)])
    return fit


def _keep_given(
    driver: Driver,
    writing: Callable[[Driver], AbstractContextManager[None]],
    said: Sequence[Right],
    refused: Mapping[Right, str],
) -> None:
    """Keep what the hub took. Of an epoch that another desk was quicker to make, its key stands, and is asked for.

    A later key that the hub would not let even us have is nobody's: what was written with it, nobody could read.
    """
    taken = {(each.collection, each.epoch) for each, code in refused.items() if code == "taken"}
    is_made = bool(said) and len({(each.collection, each.epoch) for each in said}) == 1
    vain = {
        (each.collection, each.epoch, each.collection)
        for each, code in refused.items()
        if code == "no_right" and (each.device == each.by or is_made)
    }
    with writing(driver):
        driver.executemany(
            "INSERT INTO given_right (collection, epoch, device) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            [(each.collection, each.epoch, each.device) for each in said if each not in refused],
        )
        driver.executemany("DELETE FROM collection_key WHERE collection = ? AND epoch = ?", sorted(taken))
        driver.executemany(
            "DELETE FROM collection_key WHERE collection = ? AND epoch = ? AND epoch > "
            "(SELECT min(epoch) FROM collection_key WHERE collection = ?)",
            sorted(vain),
        )
        if taken:
            driver.execute("DELETE FROM taken_right")
            state.change(driver, rights_number=0, rights_mark=None)


def _held(driver: Driver, collection: bytes) -> Any:  # noqa: ANN401 - a row, or None
    return driver.execute("SELECT 1 FROM collection_key WHERE collection = ?", (collection,)).fetchone()


def _set_state(driver: Driver, collection: bytes, until: int) -> None:
    driver.execute(
        "INSERT INTO collection_state (collection, filled_to, fill_until) VALUES (?, 0, ?) "
        "ON CONFLICT (collection) DO UPDATE SET filled_to = 0, fill_until = excluded.fill_until, is_withdrawn = 0",
        (collection, until),
    )
