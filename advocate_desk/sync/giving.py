"""Making the keys of files, and giving those held here to whoever may read: of the files that are marked to be checked.

What marks them is `store/to_check.py`: whatever is written that somebody may lack a key by. A mark stays until a look
finds that nobody lacks one, so that what waits, or was refused, is looked at again at each exchange.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from advocate_desk.store.to_check import EVERY
from advocate_desk.sync import giving_back, keeping, owning, rights, state, unseen
from advocate_desk.sync.hub import Hub, HubRefused
from advocate_desk.sync.keeping import Writing
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.ownership import Owned, Readers
from advocate_desk.sync.owning import KnownReaders
from advocate_desk.sync.state import AMONG, Standing, as_list
from advocate_desk.sync.statements import MemberDevice, Members
from advocate_desk.sync.wire import Right
from advocate_desk.vault.device import Device
from advocate_desk.vault.secret import SecretKey

MOST_RIGHTS = 500
"""Rights in one request."""
MOST_STRUCK_OFF = 2_000
"""Marks struck off in one transaction: others wait to write meanwhile."""


def offer_keys(driver: Driver, device: Device, hub: Hub, writing: Writing) -> None:
    """Make a key for each new file that has its first link, and give the keys held here to entitled devices.

    Also those of a file that this desk's own person may read no more: whoever has it now is to have all of it.
    """
    stand = state.standing(driver)
    if stand is None:
        return
    new = _keyless(driver)
    if new:
        with writing(driver):
            for collection in new:
                with SecretKey.random() as key:
                    state.keep_key(driver, collection, 1, bytes(key.buffer))
    _give(driver, device, hub, writing, stand)
    _strike_off(driver, device, writing, stand)


def _keyless(driver: Driver) -> list[bytes]:
    """The files that are new here, have a link and no key."""
    sql = (
        "SELECT id FROM client_file INDEXED BY ix_client_file_unsent WHERE synced_rev IS NULL "
        "AND EXISTS (SELECT 1 FROM file_ownership WHERE collection = unhex(id) AND taken) "
        "AND NOT EXISTS (SELECT 1 FROM collection_key WHERE collection = unhex(id)) ORDER BY id"
    )
    return [bytes.fromhex(row[0]) for row in driver.execute(sql)]


def confirm_own(driver: Driver, device: Device, hub: Hub, writing: Writing) -> None:
    """Say again the keys of this device that the hub has answered and not shown since.

    Before anything is sent under them: it may have been restored to before that, and another desk have made them since.
    """
    stand = state.standing(driver)
    sql = (
        "SELECT 1 FROM keys_to_check m CROSS JOIN given_right g ON g.collection = m.collection "
        "WHERE g.device = ? AND NOT g.is_seen LIMIT 1"
    )
    if stand is not None and driver.execute(sql, (device.id.bytes,)).fetchone() is not None:
        _give(driver, device, hub, writing, stand, (True,))


# --- who lacks what ---


@dataclass(frozen=True)
class Lack:
    """A key that a device may have and that is not known to have been given to it."""

    collection: bytes
    epoch: int
    key: bytes
    taker: MemberDevice


@dataclass(frozen=True)
class Looked:
    """Some collections, as the store has them now: keys held, keys given by collection and epoch, and last links.

    `seen`: the own keys that the hub has shown.
    """

    own: MemberDevice
    readers: KnownReaders
    known: Mapping[bytes, Owned]
    keys: Mapping[bytes, Mapping[int, bytes]]
    given: Mapping[tuple[bytes, int], set[bytes]]
    seen: set[tuple[bytes, int]]

    def own_lacks(self) -> Iterator[Lack]:
        """This device's own keys that the hub has not shown yet."""
        for collection, keys in self.keys.items():
            if self.readers.devices(collection) is not None:
                for epoch, key in sorted(keys.items()):
                    if (collection, epoch) not in self.seen:
                        yield Lack(collection, epoch, key, self.own)

    def lacks(self, collection: bytes) -> Iterator[Lack]:
        """What the devices that may read a collection, as far as that is known, lack of its keys."""
        for epoch, key in sorted(self.keys[collection].items()):
            given = self.given.get((collection, epoch), set())
            for taker in self.readers.devices(collection) or ():
                if taker.device not in given:
                    yield Lack(collection, epoch, key, taker)

    def is_settled(self, collection: bytes) -> bool:
        """Whether nobody lacks any key of a collection, and the hub has shown this device's own."""
        if collection not in self.keys:
            return True
        is_known = self.readers.devices(collection) is not None
        has_own = all((collection, epoch) in self.seen for epoch in self.keys[collection])
        return is_known and has_own and next(self.lacks(collection), None) is None


def look(driver: Driver, members: Members, own: MemberDevice, among: Collection[bytes]) -> Looked:
    """Look at collections, by the members as they are known."""
    listed = as_list(among)
    known = owning.lasts(driver, among)
    keys: dict[bytes, dict[int, bytes]] = defaultdict(dict)
    sql = f"SELECT collection, epoch, key FROM collection_key WHERE {AMONG} ORDER BY collection"  # noqa: S608
    for collection, epoch, key in driver.execute(sql, (listed,)):
        keys[bytes(collection)][epoch] = bytes(key)
    given: dict[tuple[bytes, int], set[bytes]] = defaultdict(set)
    seen: set[tuple[bytes, int]] = set()
    sql = f"SELECT collection, epoch, device, is_seen FROM given_right WHERE {AMONG}"  # noqa: S608
    for collection, epoch, device, is_seen in driver.execute(sql, (listed,)):
        given[bytes(collection), epoch].add(bytes(device))
        if is_seen and device == own.device:
            seen.add((bytes(collection), epoch))
    return Looked(own, KnownReaders(members, known), known, dict(keys), dict(given), seen)


def _marked(driver: Driver, writing: Writing) -> list[bytes]:
    """The collections to be checked; where the members have changed, all whose key is here are marked first."""
    if driver.execute("SELECT 1 FROM keys_to_check WHERE collection = ?", (EVERY,)).fetchone() is not None:
        with writing(driver):
            driver.execute(
                "INSERT INTO keys_to_check (collection) SELECT DISTINCT collection FROM collection_key WHERE true "
                "ON CONFLICT DO NOTHING"
            )
            driver.execute("DELETE FROM keys_to_check WHERE collection = ?", (EVERY,))
    return [bytes(row[0]) for row in driver.execute("SELECT collection FROM keys_to_check ORDER BY collection")]


def _strike_off(driver: Driver, device: Device, writing: Writing, stand: Standing) -> None:
    """Look no more at collections of which nobody lacks a key, until something is written again that changes that."""
    marked = _marked(driver, writing)
    for start in range(0, len(marked), MOST_STRUCK_OFF):
        some = marked[start : start + MOST_STRUCK_OFF]
        if _settled(driver, device, stand, some):
            with writing(driver):  # by what holds in this transaction, the members' last statement among it
                gone = [(each,) for each in _settled(driver, device, stand, some)]
                driver.executemany("DELETE FROM keys_to_check WHERE collection = ?", gone)


def _settled(driver: Driver, device: Device, stand: Standing, among: Sequence[bytes]) -> list[bytes]:
    members = state.members(driver, stand)
    own = members.devices.get(device.id.bytes)
    if own is None:
        return []
    looked = look(driver, members, own, among)
    return [each for each in among if looked.is_settled(each)]


# --- giving ---


def _give(
    driver: Driver,
    device: Device,
    hub: Hub,
    writing: Writing,
    stand: Standing,
    phases: Sequence[bool] = (True, False),
) -> None:
    """Give keys to this device first, so that the hub says where another desk was quicker, and then to the others.

    Its own are said until the hub has shown them: it may have been restored to before it answered.
    Where the hub sees no right to it, it may have lost links that were taken: they are said again, and the keys given
    the next time.
    """
    if device.id.bytes not in state.members(driver, stand).devices:
        return
    for is_own in phases:
        marked = _marked(driver, writing)  # before the members are read: a statement that comes then marks all again
        if not marked:
            return
        members = state.members(driver, stand)
        looked = look(driver, members, members.devices[device.id.bytes], marked)
        wanted = list(looked.own_lacks() if is_own else _may_be_given(driver, members, looked))
        for start in range(0, len(wanted), MOST_RIGHTS):
            said = [_right(members, device, looked.known, each) for each in wanted[start : start + MOST_RIGHTS]]
            refused = _say(hub, said)
            _keep_given(driver, writing, said, refused)
            unknown = {each.collection for each, code in refused.items() if code == "no_right"}
            if unknown:
                giving_back.give_links(driver, hub, unknown)


def _may_be_given(driver: Driver, members: Members, looked: Looked) -> Iterator[Lack]:
    """What others lack and is given from here: of a key that the hub has taken from this desk, by what is known here.

    Where one branch of a file's links gave way to another, to nobody whom the lost one left out.
    """
    kept, unjudged = keeping.kept_to_this_desk(driver), unseen.epochs(driver)
    lost, before = keeping.given_way(driver), Readers(members)
    own = looked.own.device
    for collection in sorted(looked.keys.keys() - kept):
        had = {each.device for each in before.devices(lost[collection])} if collection in lost else None
        for each in looked.lacks(collection):
            place = (collection, each.epoch)
            if (
                own in looked.given.get(place, ())
                and place not in unjudged
                and (had is None or each.taker.device in had)
            ):
                yield each


def _say(hub: Hub, said: Sequence[Right]) -> dict[Right, str]:
    """Say these rights to the hub; those that it refused, each by itself, and why.

    A right to give to whom has changed, and this desk has not heard of it yet: it hears with the next page. A hub that
    does not say which it refuses has refused all.
    """
    refused: dict[Right, str] = {}
    left = list(said)
    while left:
        try:
            hub.rights(left)
        except HubRefused as refusal:
            if refusal.code not in {"no_right", "taken"}:
                raise
            named = {left[place] for place in refusal.which if place < len(left)} or set(left)
            refused |= dict.fromkeys(named, refusal.code)
            left = [each for each in left if each not in named]
        else:
            break
    return refused


def _right(members: Members, device: Device, known: Mapping[bytes, Owned], lack: Lack) -> Right:
    last = known.get(lack.collection)
    under = rights.Under(last.link.number if last else 0, last.hash if last else NONE, members.number)
    to, by = (lack.taker.device, lack.taker.exchange_public), (device.id.bytes, device.sign_seed)
    with SecretKey(bytearray(lack.key)) as secret:
        return rights.give(members.organisation, lack.collection, lack.epoch, secret, to, by, under, device.sign_public)


def _keep_given(
    driver: Driver,
    writing: Writing,
    said: Sequence[Right],
    refused: Mapping[Right, str],
) -> None:
    """Keep what the hub took. Of an epoch that another desk was quicker to make, its key stands, and is asked for.

    A later key that the hub would not let even us have is nobody's: what was written with it, nobody could read.
    """
    gone = set(keeping.withdrawn(driver))
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
        # what this desk gives itself it need not open when the hub shows it
        state.keep_taken(driver, [each for each in said if each.device == each.by and each not in refused])
        driver.executemany("DELETE FROM collection_key WHERE collection = ? AND epoch = ?", sorted(taken))
        driver.executemany(
            "DELETE FROM collection_key WHERE collection = ? AND epoch = ? AND epoch > "
            "(SELECT min(epoch) FROM collection_key WHERE collection = ?)",
            sorted(vain),
        )
        for collection in {each.collection for each in refused if each.device == each.by}:
            keeping.set_stale(driver, collection)  # until there is another, nothing is written with the one before
        if taken:
            for table in ("taken_right", "outgoing_push"):  # what is under way was sealed with a key that is none
                driver.execute(f"DELETE FROM {table}")  # noqa: S608 - names of ours
            state.change(driver, rights_number=0, rights_mark=None)


# --- making anew ---


def renew_stale(driver: Driver, device: Device, hub: Hub, writing: Writing) -> None:
    """Make new keys for the stale files that are about to be written to: the next epoch, given to who may.

    The organisation's own, under which names are sealed, is made anew by an administrator's desk, which writes them.
    Where another desk was quicker, its key comes with the next page.
    """
    stand = state.standing(driver)
    if stand is None:
        return
    members = state.members(driver, stand)
    written = state.unsent_files(driver) - {members.organisation, *keeping.withdrawn(driver)}
    if members.is_administrator(device.id.bytes):
        written.add(members.organisation)
    stale = state.stale_files(driver, written)
    if not stale:
        return
    held, known = state.keys(driver, stale), owning.lasts(driver, stale)
    readers = KnownReaders(members, known)
    for collection in sorted(held.keys() - keeping.kept_to_this_desk(driver)):
        if readers.devices(collection):
            own = members.devices[device.id.bytes]
            _renew(driver, device, hub, writing, members, known, (collection, max(held[collection]) + 1, own))


def _renew(
    driver: Driver,
    device: Device,
    hub: Hub,
    writing: Writing,
    members: Members,
    known: Mapping[bytes, Owned],
    place: tuple[bytes, int, MemberDevice],
) -> None:
    """The key is kept before the hub hears of it: an answer that is lost must not leave two keys of one epoch.

    It is given to this device alone: to others once it is known that no other desk was quicker.
    """
    collection, epoch, own = place
    with SecretKey.random() as secret, writing(driver):
        key = bytes(secret.buffer)
        state.keep_key(driver, collection, epoch, key)
        driver.execute("UPDATE collection_state SET is_stale = 0 WHERE collection = ?", (collection,))
    said = [_right(members, device, known, Lack(collection, epoch, key, own))]
    _keep_given(driver, writing, said, _say(hub, said))
