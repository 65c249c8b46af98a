"""The keys of files: making and giving them, and giving up those of files that are read no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from itertools import pairwise

from advocate_desk.sync import owning, state, unseen, wire
from advocate_desk.sync.hub import Hub
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.ownership import Owned, Readers
from advocate_desk.sync.owning import KnownReaders
from advocate_desk.sync.statements import MemberDevice, Members
from advocate_desk.sync.wire import Ownership, Wanting

Writing = Callable[[Driver], AbstractContextManager[None]]
_OF_A_FILE = (
    "collection_key",
    "other_key",
    "collection_state",
    "given_right",
    "file_ownership",
    "unseen_link",
    "expected_item",
    "unreadable_item",
    "doubted_key",
)


def forget_given(driver: Driver, collection: bytes) -> None:
    """Give the keys of a file again. In the caller's transaction."""
    driver.execute("DELETE FROM given_right WHERE collection = ?", (collection,))


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
        known = owning.lasts(driver, among)
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


def given_way(driver: Driver) -> dict[bytes, Ownership]:
    """The last link of the branch that gave way, of each file of which one did and that nobody has decided since."""
    rows = driver.execute(f"SELECT collection, gave_way FROM {state.OPEN} WHERE gave_way IS NOT NULL")  # noqa: S608
    return {bytes(collection): wire.unpack(Ownership, bytes(link)) for collection, link in rows}


def parted(driver: Driver) -> set[bytes]:
    """The files of which the hub has another branch of owners than this desk."""
    return {bytes(row[0]) for row in driver.execute(f"SELECT collection FROM {state.OPEN} WHERE is_parted")}  # noqa: S608


def drop_keyless(driver: Driver, collections: Collection[bytes]) -> None:
    """Say that files are not here of which links came and no key: then it is given again. In the transaction."""
    for collection in collections:
        if not is_held(driver, collection):
            forget(driver, collection)


def mark_let_go(driver: Driver, collections: Collection[bytes], *, is_let_go: bool) -> None:
    """Mark files that the hub may list as gone from here, though they are here still. In the caller's transaction."""
    driver.executemany(
        "UPDATE collection_state SET is_cleared = ? WHERE collection = ?", [(is_let_go, each) for each in collections]
    )


def let_go(driver: Driver) -> set[bytes]:
    """The files here that the hub may list as gone: of those it may give nothing until it gives their key."""
    sql = (
        f"SELECT collection FROM {state.OPEN} WHERE is_cleared "  # noqa: S608 - words of ours
        "AND EXISTS (SELECT 1 FROM collection_key k WHERE k.collection = collection_state.collection)"
    )
    return {bytes(row[0]) for row in driver.execute(sql)}


def handed_back(driver: Driver) -> set[bytes]:
    """Those of them that this desk's person may read again: what others write there is missed until the key comes."""
    return let_go(driver) - set(withdrawn(driver))


def hear_of(driver: Driver, given: Collection[bytes], spoken_of: Collection[bytes]) -> None:
    """The hub gives the key of some files, or something of them: it lists them as here. In the caller's transaction.

    A file whose key it gives anew is filled from its beginning: it left out what came meanwhile.
    """
    for collection in let_go(driver) & {*given, *spoken_of}:
        mark_let_go(driver, [collection], is_let_go=False)
        if collection in given:
            fill_again(driver, collection)


def withdrawn(driver: Driver) -> list[bytes]:
    """The files that this desk's person may read no more and that are still here."""
    return [bytes(row[0]) for row in driver.execute(f"SELECT collection FROM {state.OPEN} WHERE is_withdrawn")]  # noqa: S608


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
    readers = KnownReaders(members, owning.lasts(driver, gone))
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
    readers = KnownReaders(members, owning.lasts(driver, {each.collection for each in wanting}))
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
        f"SELECT collection FROM {state.OPEN} WHERE is_cleared "  # noqa: S608 - words of ours
        "AND NOT EXISTS (SELECT 1 FROM collection_key k WHERE k.collection = collection_state.collection)"
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
    if not before:
        return
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


def keys_to_write_with(driver: Driver) -> Mapping[bytes, tuple[int, bytes]]:
    """The newest epoch and key of each file that was given to anybody: what only this desk has would hide its work.

    Each is looked up when it is asked for: few files are written to at once.
    """
    return _Newest(driver)


class _Newest(Mapping[bytes, tuple[int, bytes]]):
    """As `keys_to_write_with` has it, as the store said when a file was asked for first."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._found: dict[bytes, tuple[int, bytes] | None] = {}

    def __getitem__(self, collection: bytes) -> tuple[int, bytes]:
        if collection not in self._found:
            self._found[collection] = self._newest(collection)
        found = self._found[collection]
        if found is None:
            raise KeyError(collection)
        return found

    def __iter__(self) -> Iterator[bytes]:
        return iter([bytes(row[0]) for row in self._driver.execute("SELECT DISTINCT collection FROM collection_key")])

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _newest(self, collection: bytes) -> tuple[int, bytes] | None:
        epochs = state.keys(self._driver, [collection]).get(collection)
        if not epochs:
            return None
        known = {min(epochs)}
        if len(epochs) > 1:
            sql = "SELECT DISTINCT epoch FROM given_right WHERE collection = ?"
            known |= {row[0] for row in self._driver.execute(sql, (collection,))} & epochs.keys()
        return max(known), epochs[max(known)]


def is_held(driver: Driver, collection: bytes) -> bool:
    """Whether any key of a file is here."""
    return driver.execute("SELECT 1 FROM collection_key WHERE collection = ?", (collection,)).fetchone() is not None
