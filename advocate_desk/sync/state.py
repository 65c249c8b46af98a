"""Where this desk stands in its organisation: members, chains, keys and tip, as the store keeps them."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any

from advocate_desk.store.later_fields import AGAIN
from advocate_desk.sync import claims, statements, wire
from advocate_desk.sync.manifest import NONE, Chains, Claim, Link, Manifest, Named
from advocate_desk.sync.merge import EXTRA
from advocate_desk.sync.outbox import Chain, Driver
from advocate_desk.sync.records import shapes
from advocate_desk.sync.statements import Members, Signed
from advocate_desk.sync.wire import Fill, Right, Tip

NOBODY = bytes(16)
"""Stands for the giver of a key that another has taken the place of."""
OPEN = "collection_state INDEXED BY ix_collection_state_open"
"""The states of collections of which something is to be done, or was: few of many."""
AMONG = "collection IN (SELECT unhex(value) FROM json_each(?))"
"""Of the collections in a list, which `as_list` makes a parameter."""


def as_list(collections: Iterable[bytes]) -> str:
    """Collections as `AMONG` takes them."""
    return json.dumps([each.hex() for each in collections])


@dataclass(frozen=True, slots=True)
class Standing:
    """The one row of the store that says where the desk stands."""

    organisation: bytes
    root_public: bytes
    person: bytes
    hub_address: str
    is_paused: bool
    tip: Tip
    rights_number: int
    push_number: int
    push_hash: bytes
    push_after: int
    rights_mark: bytes = b""
    links_members: int = 0
    cleared_files: int = 0


_COLUMNS = (
    "organisation, root_public, person, hub_address, is_paused, tip_sequence, tip_hash, rights_number, push_number, "
    "push_hash, push_after, rights_mark, links_members, cleared_files"
)


def standing(driver: Driver) -> Standing | None:
    """Where the desk stands; None while it belongs to no organisation."""
    row = driver.execute(f"SELECT {_COLUMNS} FROM organisation").fetchone()  # noqa: S608 - our own words
    if row is None:
        return None
    return Standing(
        bytes(row[0]),
        bytes(row[1]),
        bytes(row[2]),
        row[3],
        bool(row[4]),
        Tip(row[5], bytes(row[6])),
        row[7],
        row[8],
        bytes(row[9]),
        row[10],
        bytes(row[11] or b""),
        row[12],
        row[13],
    )


def join(
    driver: Driver,
    organisation: bytes,
    root_public: bytes,
    person: bytes,
    hub_address: str,
    at: datetime,
    name: str = "",
) -> None:
    """Begin to belong to an organisation, called `name`. In the caller's transaction."""
    driver.execute(
        "INSERT INTO organisation (only, organisation, root_public, person, hub_address, name, joined_at, tip_hash, "
        "push_hash) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
        (organisation, root_public, person, hub_address, name, moment(at), NONE, NONE),
    )


def change(driver: Driver, **values: object) -> None:
    """Change the row. In the caller's transaction."""
    settings = ", ".join(f"{name} = ?" for name in values)
    driver.execute(f"UPDATE organisation SET {settings}", tuple(values.values()))  # noqa: S608 - names of ours


def moment(at: datetime) -> str:
    """A moment as the store keeps it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def members(driver: Driver, stand: Standing) -> Members:
    """The organisation as its chain says, checked from the pinned root key on.

    What was checked once is known by the number and the hash of its last statement, which the whole chain hangs on: an
    exchange asks some ten times, and at each page, and every statement has a signature to check.
    """
    number = driver.execute("SELECT coalesce(max(number), 0) FROM member_statement").fetchone()[0]
    found = Members(stand.organisation, stand.root_public)
    if not number:
        return found
    root = (stand.organisation, stand.root_public)
    with _checked_lock:
        known = sorted((each for each in _checked if each[:2] == root and each[2] <= number), key=lambda each: -each[2])
    for place in known:
        if statement_hash(driver, place[2]) == place[3]:
            found = _checked.get(place, found)
            break
    sql = "SELECT body FROM member_statement WHERE number > ? ORDER BY number"
    for (body,) in driver.execute(sql, (found.number,)).fetchall():
        found = statements.take(found, bytes(body))
    with _checked_lock:
        place = (*root, found.number, found.hash)
        _checked[place] = found
        _checked.move_to_end(place)
        while len(_checked) > MOST_CHECKED:
            _checked.popitem(last=False)
    return found


MOST_CHECKED = 16
"""Chains of members, at some number, that are remembered as checked."""
_checked: OrderedDict[tuple[bytes, bytes, int, bytes], Members] = OrderedDict()
_checked_lock = Lock()


def keep_statement(driver: Driver, number: int, body: bytes) -> None:
    """Add a statement that was checked. In the caller's transaction."""
    driver.execute("INSERT INTO member_statement (number, body) VALUES (?, ?)", (number, body))


def statement_hash(driver: Driver, number: int) -> bytes:
    """The hash of a statement of the members' chain, as the next names it; zeros for one that is not here."""
    row = driver.execute("SELECT body FROM member_statement WHERE number = ?", (number,)).fetchone()
    return wire.digest(wire.unpack(Signed, bytes(row[0])).statement) if row else NONE


def last_statement(driver: Driver) -> tuple[int, bytes]:
    """The number and the hash of the last statement that is here; 0 and zeros where there is none."""
    number: int = driver.execute("SELECT coalesce(max(number), 0) FROM member_statement").fetchone()[0]
    return number, statement_hash(driver, number)


def chains(driver: Driver, organisation: Members) -> Chains:
    """What is known of every device's chain, and claimed of it."""
    found = Chains(organisation.organisation, organisation.key_of_manifest, members=organisation.number)
    for device, number, digest, is_contradicted in driver.execute(
        "SELECT device, number, hash, is_contradicted FROM chain_end"
    ):
        if number:
            found.ends[bytes(device)] = Link(number, bytes(digest))
        if is_contradicted:
            found.contradicted.add(bytes(device))
    for device, by, number, made_at in driver.execute("SELECT device, by, number, made_at FROM chain_claim"):
        found.claims[bytes(device), bytes(by)] = Claim(number, made_at)
    return found


def keep_chains(driver: Driver, known: Chains, at: datetime) -> None:
    """Keep what is known of the chains, and that those which grew did so by `at`. In the caller's transaction.

    Tells of each device whose claim turned out to be contradicted.
    """
    driver.executemany(
        "INSERT INTO chain_end (device, number, hash, grew_at) VALUES (?, ?, ?, ?) "
        "ON CONFLICT (device) DO UPDATE SET number = excluded.number, hash = excluded.hash, "
        "grew_at = CASE WHEN excluded.number > chain_end.number THEN excluded.grew_at ELSE chain_end.grew_at END",
        [(device, link.number, link.hash, moment(at)) for device, link in known.ends.items()],
    )
    for device in sorted(known.contradicted):
        sql = "UPDATE chain_end SET is_contradicted = 1 WHERE device = ? AND NOT is_contradicted"
        if driver.execute(sql, (device,)).rowcount:
            tell(driver, at, "contradicted", {"by": [device.hex()]})
    unmet = known.unmet()
    gone = [place for place in driver.execute("SELECT device, by FROM chain_claim").fetchall() if place not in unmet]
    driver.executemany("DELETE FROM chain_claim WHERE device = ? AND by = ?", gone)
    driver.executemany(
        "INSERT INTO chain_claim (device, by, number, made_at) VALUES (?, ?, ?, ?) ON CONFLICT (device, by) DO UPDATE "
        "SET number = excluded.number, made_at = excluded.made_at",
        [(*place, claim.number, claim.made_at) for place, claim in unmet.items()],
    )


def own_chain(driver: Driver, stand: Standing, device: bytes) -> Chain:
    """Where this device's own chain stands."""
    return Chain(
        stand.organisation,
        device,
        stand.push_number,
        stand.push_hash,
        stand.push_after,
        claims.untold(driver, device),
        *last_statement(driver),
    )


def keys(driver: Driver, among: Iterable[bytes] | None = None) -> dict[bytes, dict[int, bytes]]:
    """The keys that this desk holds, of all collections or of those in `among`, by collection and epoch."""
    found: dict[bytes, dict[int, bytes]] = {}
    where, given = ("", ()) if among is None else (f"WHERE {AMONG}", (as_list(among),))
    sql = f"SELECT collection, epoch, key FROM collection_key {where} ORDER BY collection"  # noqa: S608 - words of ours
    for collection, epoch, key in driver.execute(sql, given):
        found.setdefault(bytes(collection), {})[epoch] = bytes(key)
    return found


def newest(held: Mapping[bytes, Mapping[int, bytes]]) -> dict[bytes, tuple[int, bytes]]:
    """The newest epoch and key of each collection."""
    return {collection: max(epochs.items()) for collection, epochs in held.items()}


def keep_key(driver: Driver, collection: bytes, epoch: int, key: bytes, by: bytes = b"") -> bool:
    """Keep a key, made here or given `by` a device. In the caller's transaction.

    The first for an epoch stands, and another is kept beside it: the one that somebody wrote with has to be found out.
    True where one was given that is another than the first, and that was not made here.
    """
    driver.execute(
        "INSERT INTO collection_key (collection, epoch, key, is_proven) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (collection, epoch, key, not by),
    )
    sql = "SELECT key FROM collection_key WHERE collection = ? AND epoch = ?"
    if not by or bytes(driver.execute(sql, (collection, epoch)).fetchone()[0]) == key:
        return False
    driver.execute(
        "INSERT OR REPLACE INTO other_key (collection, epoch, by, key) VALUES (?, ?, ?, ?)",
        (collection, epoch, by, key),
    )
    return True


def is_proven(driver: Driver, collection: bytes, epoch: int) -> bool:
    """Whether the first key of an epoch has opened something, or was made here."""
    sql = "SELECT 1 FROM collection_key WHERE collection = ? AND epoch = ? AND is_proven"
    return driver.execute(sql, (collection, epoch)).fetchone() is not None


def other_keys(driver: Driver, collection: bytes, epoch: int) -> list[bytes]:
    """The keys of an epoch that are not the first: where that does not open something, one of them may."""
    rows = driver.execute(
        "SELECT key FROM other_key WHERE collection = ? AND epoch = ? ORDER BY by", (collection, epoch)
    )
    return [bytes(row[0]) for row in rows]


def prove_keys(driver: Driver, opened: Set[tuple[bytes, int]], others: Mapping[tuple[bytes, int], bytes]) -> None:
    """Take in which keys have opened something: the first of an epoch, and others. In the caller's transaction.

    Another takes the place of a first that never opened anything, and never of one that did. What this desk wrote with
    such a first nobody could read: the file's records are sent again.
    """
    if not opened and not others:
        return
    prove = "UPDATE collection_key SET is_proven = 1 WHERE collection = ? AND epoch = ? AND NOT is_proven"
    driver.executemany(prove, sorted(opened))
    for place, key in others.items():
        collection, _ = place
        unproven = "SELECT 1 FROM collection_key WHERE collection = ? AND epoch = ? AND NOT is_proven"
        if driver.execute(unproven, place).fetchone():
            driver.execute("DELETE FROM other_key WHERE collection = ? AND epoch = ? AND key = ?", (*place, key))
            driver.execute(
                "INSERT OR REPLACE INTO other_key (collection, epoch, by, key) "
                "SELECT collection, epoch, ?, key FROM collection_key WHERE collection = ? AND epoch = ?",
                (NOBODY, *place),
            )
            driver.execute("UPDATE collection_key SET key = ? WHERE collection = ? AND epoch = ?", (key, *place))
            driver.execute(prove, place)
            send_again(driver, collection)


def send_again(driver: Driver, collection: bytes) -> None:
    """Send every record of a file again, as it is. In the caller's transaction."""
    for shape in shapes().values():
        pairs = ", ".join(f"'{name}', \"{name}\"" for name in (EXTRA, *shape.columns))
        driver.execute(
            f'UPDATE "{shape.name}" SET base = json_object({pairs}) '  # noqa: S608 - names of ours
            "WHERE file_id = ? AND synced_rev IS NOT NULL AND base IS NULL",
            (collection.hex(),),
        )


def unsent_files(driver: Driver) -> set[bytes]:
    """The files that hold a record that waits to be sent."""
    return {
        bytes.fromhex(file)
        for name in shapes()
        for (file,) in driver.execute(
            f'SELECT DISTINCT file_id FROM "{name}" INDEXED BY ix_{name}_unsent '  # noqa: S608 - names of tables of ours
            "WHERE synced_rev IS NULL OR base IS NOT NULL"
        )
    }


def is_undelivered(driver: Driver, collection: bytes) -> bool:
    """Whether a file holds anything that nobody else has yet: a record to be sent, or the bytes of a document.

    Asked in the transaction that takes the file away: whoever is at the desk may be writing in it.
    """
    key = collection.hex()
    for name in shapes():
        sql = f'SELECT 1 FROM "{name}" WHERE file_id = ? AND (synced_rev IS NULL OR base IS NOT NULL) LIMIT 1'  # noqa: S608
        if driver.execute(sql, (key,)).fetchone():
            return True
    documents = driver.execute("SELECT id FROM stored_document WHERE file_id = ? AND length(content) > 0", (key,))
    return any(not _is_sent(driver, bytes.fromhex(document)) for (document,) in documents.fetchall())


def _is_sent(driver: Driver, document: bytes) -> bool:
    return driver.execute("SELECT 1 FROM attachment WHERE document = ? AND is_sent", (document,)).fetchone() is not None


def stale_files(driver: Driver, among: Collection[bytes]) -> set[bytes]:
    """Those of the files whose newest key somebody holds who may read them no more."""
    if not among:
        return set()
    sql = f"SELECT collection FROM collection_state WHERE is_stale AND {AMONG}"  # noqa: S608 - words of ours
    return {bytes(row[0]) for row in driver.execute(sql, (as_list(among),))}


def files_to_read_again(driver: Driver) -> set[bytes]:
    """The files with something unread that this version may know, since the desk was updated."""
    rows = driver.execute("SELECT DISTINCT collection FROM unreadable_item WHERE reason = ?", (AGAIN,))
    return {bytes(row[0]) for row in rows}


def fills(driver: Driver) -> list[Fill]:
    """Collections that are still to be filled."""
    rows = driver.execute(
        f"SELECT collection, filled_to, fill_until FROM {OPEN} "  # noqa: S608 - words of ours
        "WHERE filled_to < fill_until AND NOT is_withdrawn ORDER BY collection"
    )
    return [Fill(bytes(collection), after, until) for collection, after, until in rows]


def keep_fill(driver: Driver, collection: bytes, reached: int) -> None:
    """A collection is filled up to there. In the caller's transaction."""
    driver.execute("UPDATE collection_state SET filled_to = ? WHERE collection = ?", (reached, collection))


LASTING = frozenset(
    {
        "contradicted",
        "distrust",
        "links_refused",
        "push_refused",
        "rival_key",
        "spoiled_document",
        "statements_refused",
        "unfit_right",
        "withheld",
    }
)
"""Troubles that each exchange finds anew as long as they last."""
TOLD_FOR = timedelta(days=7)
"""After which a trouble that lasts is told again."""
MOST_KEPT_EVENTS = 2000
NOT_TAKEN = "not_taken"
"""The kind of event that tells how many values that were typed here gave way to the hub's."""


def tell(driver: Driver, at: datetime, kind: str, detail: Mapping[str, Any]) -> None:
    """Write an event of the exchange for the user to see: kinds, counts and ids, no content.

    What was told last is not told again, and a trouble that lasts once a week. Only the newest events are kept.
    """
    words = json.dumps(dict(detail), sort_keys=True, separators=(",", ":"))
    if _is_told(driver, at, kind, words):
        return
    driver.execute("INSERT INTO exchange_event (happened_at, kind, detail) VALUES (?, ?, ?)", (moment(at), kind, words))
    driver.execute(
        "DELETE FROM exchange_event WHERE number <= (SELECT max(number) FROM exchange_event) - ?", (MOST_KEPT_EVENTS,)
    )


def _is_told(driver: Driver, at: datetime, kind: str, words: str) -> bool:
    if kind not in LASTING:
        last = driver.execute("SELECT kind, detail FROM exchange_event ORDER BY number DESC LIMIT 1").fetchone()
        return bool(last == (kind, words))
    found = driver.execute(  # by a clock that may have been set back since
        "SELECT 1 FROM exchange_event WHERE kind = ? AND detail = ? AND happened_at BETWEEN ? AND ? LIMIT 1",
        (kind, words, moment(at - TOLD_FOR), moment(at + TOLD_FOR)),
    )
    return found.fetchone() is not None


def keep_seen(driver: Driver, seen: Sequence[tuple[wire.PulledPush, Manifest]]) -> None:
    """Remember these pushes, and which files they named. In the caller's transaction."""
    driver.executemany(
        "INSERT OR REPLACE INTO seen_push (sequence, manifest_hash, device, number) VALUES (?, ?, ?, ?)",
        [(push.sequence, wire.digest(push.manifest), said.device, said.number) for push, said in seen],
    )
    driver.executemany(
        "INSERT OR REPLACE INTO named_part (collection, sequence, changes, entries_hash) VALUES (?, ?, ?, ?)",
        [
            (part.collection, push.sequence, part.changes, part.entries_hash)
            for push, said in seen
            for part in said.parts
        ],
    )


def named_parts(driver: Driver, collection: bytes, after: int, until: int) -> dict[int, tuple[bytes, Named]]:
    """The places of the history, after `after` and up to `until`, at which a manifest named a file.

    With each the device whose manifest it was, and what it named.
    """
    rows = driver.execute(
        "SELECT n.sequence, s.device, n.changes, n.entries_hash FROM named_part n JOIN seen_push s USING (sequence) "
        "WHERE n.collection = ? AND n.sequence > ? AND n.sequence <= ?",
        (collection, after, until),
    )
    return {row[0]: (bytes(row[1]), Named(collection, row[2], bytes(row[3]))) for row in rows}


def count_parts(driver: Driver) -> int:
    """How many parts of pushes are still to come into files that are being filled."""
    found = driver.execute(
        "SELECT count(*) FROM collection_state s JOIN named_part n ON n.collection = s.collection "
        "AND n.sequence > s.filled_to AND n.sequence <= s.fill_until "
        "WHERE s.filled_to < s.fill_until AND NOT s.is_withdrawn"
    ).fetchone()
    return int(found[0])


def fill_bare(driver: Driver, collections: Iterable[bytes], after: int, until: int) -> None:
    """What was named of these after `after`, up to `until`, came bare, and is to be filled. In a transaction."""
    driver.executemany(
        "INSERT INTO collection_state (collection, filled_to, fill_until) VALUES (?, ?, ?) "
        "ON CONFLICT (collection) DO UPDATE SET fill_until = excluded.fill_until, "
        "filled_to = CASE WHEN filled_to < fill_until THEN filled_to ELSE excluded.filled_to END",
        [(each, after, until) for each in collections],
    )


def holds_nothing(driver: Driver) -> bool:
    """Whether no file has ever come here from the hub, or gone there."""
    return driver.execute("SELECT 1 FROM client_file WHERE synced_rev IS NOT NULL LIMIT 1").fetchone() is None


def is_taken(driver: Driver, right: Right) -> bool:
    """Whether this very right was taken in before."""
    mark = wire.right_mark(right)
    return driver.execute("SELECT 1 FROM taken_right WHERE digest = ?", (mark,)).fetchone() is not None


def keep_taken(driver: Driver, rights: Iterable[Right]) -> None:
    """Remember that these rights were taken in. In the caller's transaction."""
    marks = [(wire.right_mark(each),) for each in rights]
    driver.executemany("INSERT OR IGNORE INTO taken_right (digest) VALUES (?)", marks)
