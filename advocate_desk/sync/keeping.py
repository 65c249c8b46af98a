"""The keys of files: making and giving them, and giving up those of files that are read no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from itertools import pairwise

from advocate_desk.sync import giving_back, owning, rights, state, unseen, wire
from advocate_desk.sync.hub import Hub, HubRefused
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.ownership import Owned, Readers
from advocate_desk.sync.owning import KnownReaders
from advocate_desk.sync.statements import MemberDevice, Members
from advocate_desk.sync.wire import Ownership, Right, Wanting
from advocate_desk.vault.device import Device
from advocate_desk.vault.secret import SecretKey

Writing = Callable[[Driver], AbstractContextManager[None]]
MOST_RIGHTS = 500
"""Rights in one request."""


_OF_A_FILE = (
    "collection_key",
    "other_key",
    "collection_state",
    "given_right",
    "file_ownership",
    "unseen_link",
    "expected_item",
    "unreadable_item",
)


def forget_given(driver: Driver, collection: bytes) -> None:
    """Give the keys of a file again. In the caller's transaction."""
    driver.execute("DELETE FROM given_right WHERE collection = ?", (collection,))


def offer_keys(driver: Driver, device: Device, hub: Hub, writing: Writing) -> None:
    """Make a key for each new file that has its first link, and give the keys held here to entitled devices.

    Also those of a file that this desk's own person may read no more: whoever has it now is to have all of it.
    """
    stand = state.standing(driver)
    if stand is None:
        return
    members = state.members(driver, stand)
    known, held = owning.lasts(driver), state.keys(driver)
    mine = {bytes.fromhex(row[0]) for row in driver.execute("SELECT id FROM client_file WHERE synced_rev IS NULL")}
    new = sorted((known.keys() & mine) - held.keys())
    if new:
        with writing(driver):
            for collection in new:
                with SecretKey.random() as key:
                    state.keep_key(driver, collection, 1, bytes(key.buffer))
    _give(driver, device, hub, writing, members, known)


def confirm_own(driver: Driver, device: Device, hub: Hub, writing: Writing) -> None:
    """Say again the keys of this device that the hub has answered and not shown since.

    Before anything is sent under them: it may have been restored to before that, and another desk have made them since.
    """
    stand = state.standing(driver)
    sql = "SELECT 1 FROM given_right WHERE device = ? AND NOT is_seen LIMIT 1"
    if stand is not None and driver.execute(sql, (device.id.bytes,)).fetchone() is not None:
        _give(driver, device, hub, writing, state.members(driver, stand), owning.lasts(driver), (True,))


def _give(
    driver: Driver,
    device: Device,
    hub: Hub,
    writing: Writing,
    members: Members,
    known: Mapping[bytes, Owned],
    phases: Sequence[bool] = (True, False),
) -> None:
    """Give keys to this device first, so that the hub says where another desk was quicker, and then to the others.

    Its own are said until the hub has shown them: it may have been restored to before it answered.
    Where the hub sees no right to it, it may have lost links that were taken: they are said again, and the keys given
    the next time.
    """
    own = members.devices.get(device.id.bytes)
    if own is None:
        return
    readers, lost, before = KnownReaders(members, known), _given_way(driver), Readers(members)
    kept, unjudged = kept_to_this_desk(driver), unseen.epochs(driver)
    for is_own in phases:
        rows = driver.execute("SELECT collection, epoch, device, is_seen FROM given_right").fetchall()
        given = {(bytes(row[0]), row[1], bytes(row[2])) for row in rows}
        done = {(bytes(row[0]), row[1], bytes(row[2])) for row in rows if row[3]} if is_own else given
        wanted: list[tuple[bytes, int, bytes, MemberDevice]] = []
        for collection, keys in state.keys(driver).items():
            takers = readers.devices(collection)
            if takers is None or (collection in kept and not is_own):
                continue
            if collection in lost:
                takers = tuple(each for each in takers if each in before.devices(lost[collection]))
            wanted += [
                (collection, epoch, key, taker)
                for epoch, key in sorted(keys.items())
                for taker in ((own,) if is_own else takers)
                if (collection, epoch, taker.device) not in done
                and (is_own or ((collection, epoch, own.device) in given and (collection, epoch) not in unjudged))
            ]
        for start in range(0, len(wanted), MOST_RIGHTS):
            said = [_right(members, device, known, *each) for each in wanted[start : start + MOST_RIGHTS]]
            refused = _say(hub, said)
            _keep_given(driver, writing, said, refused)
            unknown = {each.collection for each, code in refused.items() if code == "no_right"}
            if unknown:
                giving_back.give_links(driver, hub, unknown)


def _say(hub: Hub, said: Sequence[Right]) -> dict[Right, str]:
    """Say these rights to the hub; those that it refused, each by itself, and why.

    A right to give to whom has changed, and this desk has not heard of it yet: it hears with the next page.
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


def _right(
    members: Members,
    device: Device,
    known: Mapping[bytes, Owned],
    collection: bytes,
    epoch: int,
    key: bytes,
    taker: MemberDevice,
) -> Right:
    last = known.get(collection)
    under = rights.Under(last.link.number if last else 0, last.hash if last else NONE, members.number)
    to, by = (taker.device, taker.exchange_public), (device.id.bytes, device.sign_seed)
    with SecretKey(bytearray(key)) as secret:
        return rights.give(members.organisation, collection, epoch, secret, to, by, under)


def kept_to_this_desk(driver: Driver) -> set[bytes]:
    """The collections of which this desk gives no key, and makes none: others know better who may read them.

    By what they gave it by something is kept from here, or the hub has another branch of links, and takes no key that
    was given by this desk's own.
    """
    return unseen.files(driver) | parted(driver)


def judge(
    driver: Driver,
    members: Members,
    own: bytes,
    taker_of: Callable[[bytes], bytes | None],
    among: Collection[bytes] | None = None,
) -> None:
    """Mark the files that the device `own` may read no more, and those that it may again. In the caller's transaction.

    By the two chains alone. `among`: the only files of which anything has changed. `taker_of`: the device that saw to
    it that a file is read no more here. A file that may be read again is filled up to the tip: the hub left out what
    came meanwhile.
    """
    if own not in members.devices:
        return
    if among is None:
        known = owning.lasts(driver)
        held = [bytes(row[0]) for row in driver.execute("SELECT DISTINCT collection FROM collection_key").fetchall()]
    else:
        known = {each: last for each in among if (last := owning.last(driver, each)) is not None}
        held = [each for each in among if is_held(driver, each)]
    readers, gone = KnownReaders(members, known), set(withdrawn(driver))
    for collection in held:
        may_read = readers.may_read(collection, own) and members.may_act(own)
        if may_read and collection in gone:
            driver.execute(
                "UPDATE collection_state SET is_withdrawn = 0, taken_by = NULL WHERE collection = ?", (collection,)
            )
            fill_again(driver, collection)
        elif not may_read and collection not in gone:
            driver.execute(
                "INSERT INTO collection_state (collection, filled_to, fill_until, is_withdrawn, taken_by) "
                "VALUES (?, 0, 0, 1, ?) ON CONFLICT (collection) DO UPDATE SET is_withdrawn = 1, "
                "taken_by = excluded.taken_by",
                (collection, taker_of(collection)),
            )


def mark_parted(driver: Driver, now: Collection[bytes], taken: Collection[bytes]) -> None:
    """Mark the files of which the hub has another branch of owners, and those of which it has not. In the transaction.

    By its branch the hub may leave out what this desk may read by its own: that is told once, and stops nothing.
    """
    driver.executemany(
        "INSERT INTO collection_state (collection, filled_to, fill_until, is_parted) VALUES (?, 0, 0, 1) "
        "ON CONFLICT (collection) DO UPDATE SET is_parted = 1",
        [(each,) for each in now],
    )
    for collection in (parted(driver) & set(taken)) - set(now):
        driver.execute("UPDATE collection_state SET is_parted = 0 WHERE collection = ?", (collection,))
        fill_again(driver, collection)


def keep_given_way(driver: Driver, collection: bytes, lost: Owned | None) -> None:
    """Keep the link that gave way to another branch, until a later link is taken: then None. In the transaction.

    The hub may have shown a choice that it had answered as second: by that alone nobody is given a key.
    """
    driver.execute(
        "UPDATE collection_state SET gave_way = ? WHERE collection = ?",
        (wire.pack(lost.link) if lost else None, collection),
    )
    if lost is not None:
        driver.execute(
            "INSERT INTO collection_state (collection, filled_to, fill_until, gave_way) VALUES (?, 0, 0, ?) "
            "ON CONFLICT (collection) DO NOTHING",
            (collection, wire.pack(lost.link)),
        )


def _given_way(driver: Driver) -> dict[bytes, Ownership]:
    rows = driver.execute("SELECT collection, gave_way FROM collection_state WHERE gave_way IS NOT NULL")
    return {bytes(collection): wire.unpack(Ownership, bytes(link)) for collection, link in rows}


def parted(driver: Driver) -> set[bytes]:
    """The files of which the hub has another branch of owners than this desk."""
    return {bytes(row[0]) for row in driver.execute("SELECT collection FROM collection_state WHERE is_parted")}


def drop_keyless(driver: Driver, collections: Collection[bytes]) -> None:
    """Say that files are not here of which links came and no key: then it is given again. In the transaction."""
    for collection in collections:
        if not is_held(driver, collection):
            forget(driver, collection)


def withdrawn(driver: Driver) -> list[bytes]:
    """The files that this desk's person may read no more and that are still here."""
    return [bytes(row[0]) for row in driver.execute("SELECT collection FROM collection_state WHERE is_withdrawn")]


def withdraw_all(driver: Driver) -> None:
    """Mark every file as one that may be read here no more: this device is out. In the caller's transaction."""
    driver.execute(
        "INSERT INTO collection_state (collection, filled_to, fill_until, is_withdrawn) "
        "SELECT DISTINCT collection, 0, 0, 1 FROM collection_key WHERE true "
        "ON CONFLICT (collection) DO UPDATE SET is_withdrawn = 1"
    )


def to_clear(driver: Driver, members: Members, own: bytes) -> list[bytes]:
    """Those of them of which the hub has taken every key for another device that may read them.

    What no other device could open is not taken from here, whoever may read it.
    """
    gone = withdrawn(driver)
    readers = KnownReaders(members, owning.lasts(driver) if gone else {})
    return [each for each in gone if _is_given(driver, each, own, readers.devices(each) or ())]


def _is_given(driver: Driver, collection: bytes, own: bytes, takers: Sequence[MemberDevice]) -> bool:
    given: dict[bytes, set[int]] = defaultdict(set)
    for epoch, device in driver.execute("SELECT epoch, device FROM given_right WHERE collection = ?", (collection,)):
        given[bytes(device)].add(epoch)
    wanted = given.pop(own, set())
    return bool(wanted) and any(wanted <= given[each.device] for each in takers if each.device in given)


def taken_by(driver: Driver, collection: bytes) -> bytes:
    """The device that saw to it that a file is read no more here; b"" where nobody knows."""
    row = driver.execute("SELECT taken_by FROM collection_state WHERE collection = ?", (collection,)).fetchone()
    return bytes(row[0] or b"") if row else b""


def note_wanting(driver: Driver, members: Members, wanting: Sequence[Wanting]) -> bool:
    """Give keys again to devices that want them and may have them; whether there are any. In the caller's transaction.

    The hub's word alone gives nothing. Of an epoch by itself, which a device doubts, only a key that is here and counts
    as given is given again: else a colleague's useless key would have everybody try for ever.
    """
    readers = KnownReaders(members, owning.lasts(driver) if wanting else {})
    is_any = False
    kept = kept_to_this_desk(driver) if wanting else set()
    for each in wanting:
        takers = readers.devices(each.collection) or () if each.collection not in kept else ()
        if any(taker.device == each.device for taker in takers) and is_held(driver, each.collection):
            place = (each.collection, each.device)
            if not each.epoch:
                driver.execute("DELETE FROM given_right WHERE collection = ? AND device = ?", place)
                is_any = True
            elif each.epoch in state.keys(driver, [each.collection])[each.collection]:
                sql = "DELETE FROM given_right WHERE collection = ? AND device = ? AND epoch = ?"
                is_any = driver.execute(sql, (*place, each.epoch)).rowcount > 0 or is_any
    return is_any


def is_bound(driver: Driver, collection: bytes) -> bool:
    """Whether a file holds work that nobody has yet, or a wish about whose it is that was not said."""
    return state.is_undelivered(driver, collection) or owning.is_wished_otherwise(driver, collection)


def forget(driver: Driver, collection: bytes, *, is_said: bool = False) -> None:
    """Destroy the keys of a file that was cleared. In the caller's transaction.

    The hub is to hear of it, but for one to which it was said before: said again, it would let go keys given since.
    """
    for table in _OF_A_FILE:
        driver.execute(f"DELETE FROM {table} WHERE collection = ?", (collection,))  # noqa: S608 - names of ours
    if not is_said:
        driver.execute(
            "INSERT INTO collection_state (collection, filled_to, fill_until, is_cleared) VALUES (?, 0, 0, 1)",
            (collection,),
        )


def say_cleared(driver: Driver, hub: Hub, writing: Writing) -> None:
    """Tell the hub which files are gone from here: from then on it lists this device as one that has none of them."""
    sql = (
        "SELECT collection FROM collection_state WHERE is_cleared "
        "AND collection NOT IN (SELECT collection FROM collection_key)"
    )
    for (collection,) in driver.execute(sql).fetchall():
        hub.cleared(bytes(collection))
        with writing(driver):
            driver.execute("DELETE FROM collection_state WHERE collection = ? AND is_cleared", (collection,))


def fill_again(driver: Driver, collection: bytes) -> None:
    """Ask for all of a file from its beginning. In the caller's transaction."""
    driver.execute(
        "INSERT INTO collection_state (collection, filled_to, fill_until) "
        "SELECT ?, 0, tip_sequence FROM organisation WHERE true "
        "ON CONFLICT (collection) DO UPDATE SET filled_to = 0, fill_until = excluded.fill_until",
        (collection,),
    )


def mark_stale(driver: Driver, own: bytes, before: Members, after: Members) -> None:
    """Mark every file whose key somebody held who may read it no more. In the caller's transaction.

    The key is made anew by whoever next writes to the file. `own`: this device.
    """
    if before.number == after.number:
        return
    known = owning.lasts(driver)
    had, has = KnownReaders(before, known), KnownReaders(after, known)
    for collection in (after.organisation, *known):
        _mark_lost(driver, own, collection, _ids(had.devices(collection)) - _ids(has.devices(collection)))


def mark_handed_on(driver: Driver, own: bytes, members: Members, before: Sequence[Owned], after: Owned) -> None:
    """Mark a file stale whose key somebody holds by a link of `before` who may not by the next. In the transaction."""
    readers = Readers(members)
    held = [_ids(readers.devices(each.link)) for each in (*before, after)]
    lost = {device for had, has in pairwise(held) for device in had - has}  # also who has got it back since
    _mark_lost(driver, own, after.link.collection, lost)


def _mark_lost(driver: Driver, own: bytes, collection: bytes, devices: Set[bytes]) -> None:
    """These devices may read a file no more: they clear it, so that no key counts as given to them from here on.

    What this device itself has stays written: by that it is known what others need before it clears the file.
    """
    if devices:
        set_stale(driver, collection)
    driver.executemany(
        "DELETE FROM given_right WHERE collection = ? AND device = ?",
        [(collection, each) for each in devices if each != own],
    )


def _ids(devices: Sequence[MemberDevice] | None) -> set[bytes]:
    return {each.device for each in devices or ()}


def set_stale(driver: Driver, collection: bytes) -> None:
    """Have a file's key made anew by whoever next writes to it. In the caller's transaction."""
    driver.execute(
        "INSERT INTO collection_state (collection, filled_to, fill_until, is_stale) VALUES (?, 0, 0, 1) "
        "ON CONFLICT (collection) DO UPDATE SET is_stale = 1",
        (collection,),
    )


def renew_stale(
    driver: Driver,
    device: Device,
    hub: Hub,
    writing: Writing,
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
    written = state.unsent_files(driver) - {members.organisation, *withdrawn(driver)}
    held, known = state.keys(driver), owning.lasts(driver)
    readers = KnownReaders(members, known)
    if members.is_administrator(device.id.bytes):
        written.add(members.organisation)
    for collection in sorted((stale & written & held.keys()) - kept_to_this_desk(driver)):
        if readers.devices(collection):
            _renew(driver, device, hub, writing, members, known, collection, max(held[collection]) + 1)


def _renew(
    driver: Driver,
    device: Device,
    hub: Hub,
    writing: Writing,
    members: Members,
    known: Mapping[bytes, Owned],
    collection: bytes,
    epoch: int,
) -> None:
    """The key is kept before the hub hears of it: an answer that is lost must not leave two keys of one epoch.

    It is given to this device alone: to others once it is known that no other desk was quicker.
    """
    with SecretKey.random() as secret, writing(driver):
        key = bytes(secret.buffer)
        state.keep_key(driver, collection, epoch, key)
        driver.execute("UPDATE collection_state SET is_stale = 0 WHERE collection = ?", (collection,))
    said = [_right(members, device, known, collection, epoch, key, members.devices[device.id.bytes])]
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
    writing: Writing,
    said: Sequence[Right],
    refused: Mapping[Right, str],
) -> None:
    """Keep what the hub took. Of an epoch that another desk was quicker to make, its key stands, and is asked for.

    A later key that the hub would not let even us have is nobody's: what was written with it, nobody could read.
    """
    gone = set(withdrawn(driver))
    taken = {(each.collection, each.epoch) for each, code in refused.items() if code == "taken"}
    vain = {
        (each.collection, each.epoch, each.collection)
        for each, code in refused.items()
        if code == "no_right" and each.device == each.by and each.collection not in gone
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
        for collection in {each.collection for each in refused if each.device == each.by}:
            set_stale(driver, collection)  # until there is another, nothing is written with the one before
        if taken:
            for table in ("taken_right", "outgoing_push"):  # what is under way was sealed with a key that is none
                driver.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
            state.change(driver, rights_number=0, rights_mark=None)


def is_held(driver: Driver, collection: bytes) -> bool:
    """Whether any key of a file is here."""
    return driver.execute("SELECT 1 FROM collection_key WHERE collection = ?", (collection,)).fetchone() is not None
