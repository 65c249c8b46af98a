"""Where this desk stands in its organisation: members, chains, keys and tip, as the store keeps them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from advocate_desk.sync import statements, wire
from advocate_desk.sync.manifest import NONE, Chains, Link, Manifest, Seen
from advocate_desk.sync.outbox import Chain, Driver
from advocate_desk.sync.records import shapes
from advocate_desk.sync.statements import Members, Signed
from advocate_desk.sync.wire import Fill, Right, Tip


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
    rights_marked: int = 0
    links_members: int = 0
    cleared_files: int = 0


_COLUMNS = (
    "organisation, root_public, person, hub_address, is_paused, tip_sequence, tip_hash, rights_number, push_number, "
    "push_hash, push_after, rights_mark, rights_marked, links_members, cleared_files"
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
        row[14],
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
    """The organisation as its chain says, checked from the pinned root key on."""
    bodies = tuple(bytes(row[0]) for row in driver.execute("SELECT body FROM member_statement ORDER BY number"))
    return _checked(stand.organisation, stand.root_public, bodies)


@lru_cache(maxsize=4)
def _checked(organisation: bytes, root_public: bytes, bodies: tuple[bytes, ...]) -> Members:
    """What these very statements say: an exchange asks some ten times, and every one has a signature to check."""
    found = Members(organisation, root_public)
    for body in bodies:
        found = statements.take(found, body)
    return found


def keep_statement(driver: Driver, number: int, body: bytes) -> None:
    """Add a statement that was checked. In the caller's transaction."""
    driver.execute("INSERT INTO member_statement (number, body) VALUES (?, ?)", (number, body))


def statement_hash(driver: Driver, number: int) -> bytes:
    """The hash of a statement of the members' chain, as the next names it; zeros for one that is not here."""
    row = driver.execute("SELECT body FROM member_statement WHERE number = ?", (number,)).fetchone()
    return wire.digest(wire.unpack(Signed, bytes(row[0])).statement) if row else NONE


def chains(driver: Driver, organisation: Members) -> Chains:
    """What is known of every device's chain."""
    found = Chains(organisation.organisation, organisation.key_of_manifest)
    found.members_claimed = driver.execute("SELECT members_claimed FROM organisation").fetchone()[0]
    for device, number, digest, claimed in driver.execute("SELECT device, number, hash, claimed FROM chain_end"):
        if number:
            found.ends[bytes(device)] = Link(number, bytes(digest))
        if claimed:
            found.claimed[bytes(device)] = claimed
    return found


def keep_chains(driver: Driver, known: Chains, at: datetime) -> None:
    """Keep what is known of the chains, and that those which grew did so by `at`. In the caller's transaction."""
    driver.executemany(
        "INSERT INTO chain_end (device, number, hash, claimed, grew_at) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (device) DO UPDATE SET number = excluded.number, hash = excluded.hash, "
        "claimed = excluded.claimed, "
        "grew_at = CASE WHEN excluded.number > chain_end.number THEN excluded.grew_at ELSE chain_end.grew_at END",
        [
            (
                device,
                known.ends.get(device, Link()).number,
                known.ends.get(device, Link()).hash,
                known.claimed.get(device, 0),
                moment(at),
            )
            for device in known.ends.keys() | known.claimed.keys()
        ],
    )
    change(driver, members_claimed=known.members_claimed)


def untold(driver: Driver, own: bytes) -> list[Seen]:
    """The chains that have grown since our own last manifest told of them."""
    rows = driver.execute(
        "SELECT device, number FROM chain_end WHERE number > told AND device <> ? ORDER BY device", (own,)
    )
    return [Seen(bytes(device), number) for device, number in rows]


def told(driver: Driver, seen: Iterable[Seen]) -> None:
    """Our manifest, now accepted, told of these. In the caller's transaction."""
    driver.executemany("UPDATE chain_end SET told = ? WHERE device = ?", [(each.number, each.device) for each in seen])


def own_chain(driver: Driver, stand: Standing, device: bytes) -> Chain:
    """Where this device's own chain stands."""
    said = driver.execute("SELECT coalesce(max(number), 0) FROM member_statement").fetchone()[0]
    return Chain(
        stand.organisation,
        device,
        stand.push_number,
        stand.push_hash,
        stand.push_after,
        untold(driver, device),
        said,
        statement_hash(driver, said),
    )


def keys(driver: Driver) -> dict[bytes, dict[int, bytes]]:
    """Every key that this desk holds, by collection and epoch."""
    found: dict[bytes, dict[int, bytes]] = {}
    for collection, epoch, key in driver.execute("SELECT collection, epoch, key FROM collection_key"):
        found.setdefault(bytes(collection), {})[epoch] = bytes(key)
    return found


def newest(held: Mapping[bytes, Mapping[int, bytes]]) -> dict[bytes, tuple[int, bytes]]:
    """The newest epoch and key of each collection."""
    return {collection: max(epochs.items()) for collection, epochs in held.items()}


def keep_key(driver: Driver, collection: bytes, epoch: int, key: bytes) -> None:
    """Keep a key. In the caller's transaction; the first for an epoch stands."""
    driver.execute(
        "INSERT INTO collection_key (collection, epoch, key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (collection, epoch, key),
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


def stale_files(driver: Driver) -> set[bytes]:
    """The files whose newest key somebody holds who may read them no more."""
    return {bytes(row[0]) for row in driver.execute("SELECT collection FROM collection_state WHERE is_stale")}


def fills(driver: Driver) -> list[Fill]:
    """Collections that are still to be filled: those of open files first, the newest changed before the others."""
    rows = driver.execute(
        "SELECT s.collection, s.filled_to, s.fill_until FROM collection_state s "
        "LEFT JOIN file_summary f ON f.file_id = lower(hex(s.collection)) "
        "WHERE s.filled_to < s.fill_until AND NOT s.is_withdrawn "
        "ORDER BY coalesce(f.status, '') = 'closed', f.next_on IS NULL, s.collection"
    )
    return [Fill(bytes(collection), after, until) for collection, after, until in rows]


def keep_fill(driver: Driver, collection: bytes, reached: int) -> None:
    """A collection is filled up to there. In the caller's transaction."""
    driver.execute("UPDATE collection_state SET filled_to = ? WHERE collection = ?", (reached, collection))


def tell(driver: Driver, at: datetime, kind: str, detail: Mapping[str, Any]) -> None:
    """Write an event of the exchange for the user to see: kinds, counts and ids, no content.

    What was told last is not told again: each exchange finds a trouble that lasts.
    """
    import json  # noqa: PLC0415 - seldom

    told_last = driver.execute("SELECT kind, detail FROM exchange_event ORDER BY number DESC LIMIT 1").fetchone()
    words = json.dumps(dict(detail), sort_keys=True, separators=(",", ":"))
    if told_last != (kind, words):
        driver.execute(
            "INSERT INTO exchange_event (happened_at, kind, detail) VALUES (?, ?, ?)", (moment(at), kind, words)
        )


def seen_hash(driver: Driver, sequence: int) -> bytes:
    """The hash of the manifest at a place of the history that this desk has seen; zeros where it has not."""
    row = driver.execute("SELECT manifest_hash FROM seen_push WHERE sequence = ?", (sequence,)).fetchone()
    return bytes(row[0]) if row else NONE


def keep_seen(driver: Driver, seen: Sequence[tuple[wire.PulledPush, Manifest]]) -> None:
    """Remember these pushes, and which files they named. In the caller's transaction."""
    driver.executemany(
        "INSERT OR REPLACE INTO seen_push (sequence, manifest_hash, device, number) VALUES (?, ?, ?, ?)",
        [(push.sequence, wire.digest(push.manifest), said.device, said.number) for push, said in seen],
    )
    driver.executemany(
        "INSERT OR IGNORE INTO named_part (collection, sequence) VALUES (?, ?)",
        [(part.collection, push.sequence) for push, said in seen for part in said.parts],
    )


def named_parts(driver: Driver, collection: bytes, after: int, until: int) -> list[int]:
    """The places of the history, after `after` and up to `until`, at which a manifest named a file."""
    rows = driver.execute(
        "SELECT sequence FROM named_part WHERE collection = ? AND sequence > ? AND sequence <= ?",
        (collection, after, until),
    )
    return [row[0] for row in rows]


def is_taken(driver: Driver, right: Right) -> bool:
    """Whether this very right was taken in before."""
    mark = wire.right_mark(right)
    return driver.execute("SELECT 1 FROM taken_right WHERE digest = ?", (mark,)).fetchone() is not None


def keep_taken(driver: Driver, rights: Iterable[Right]) -> None:
    """Remember that these rights were taken in. In the caller's transaction."""
    marks = [(wire.right_mark(each),) for each in rights]
    driver.executemany("INSERT OR IGNORE INTO taken_right (digest) VALUES (?)", marks)
