"""What this desk has to send: records that were never sent, or changed since, and the push that carries them.

A push is kept byte for byte until it is answered, and what each record said in it is known by that: a record that is
edited while its push is under way is unsent again, from what was sent.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import msgspec

from advocate_desk.sync import manifest, seal, wire
from advocate_desk.sync.manifest import NONE, Distrust, Manifest, Named, Seen
from advocate_desk.sync.merge import CHANGED, EXTRA
from advocate_desk.sync.records import Shape, identifier, outgoing, said, shapes
from advocate_desk.sync.seal import Place, Record
from advocate_desk.sync.wire import ACCEPTED, BEHIND, Change, Part, Push, PushAnswer

Driver = Any
"""A connection of sqlcipher3, which has no types."""
OVERHEAD_BYTES = 160


class Unsent(msgspec.Struct, frozen=True):
    """A record to be sent, with what `records.said` says of it. `expected`: the revision before its change, or 0."""

    kind: str
    item: bytes
    collection: bytes
    expected: int
    values: dict[str, Any]


class Sent(msgspec.Struct, frozen=True):
    """What a record said in the push under way; None where nobody can tell any more."""

    kind: str
    item: bytes
    values: dict[str, Any] | None


def unsent(driver: Driver, most: int, without: Iterable[bytes] = (), after: bytes = b"") -> tuple[list[Unsent], bool]:
    """Records that wait to be sent, `most` at the most, and whether more wait: by file, parents first.

    Only of files after `after`, and none of those in `without`. A push of whole files names few of them: it is signed,
    kept and looked up by file. No file is parted that need not.
    """
    left_out = json.dumps([each.hex() for each in without])
    places = driver.execute(_places(), (left_out, after.hex(), most + 1)).fetchall()
    has_more = len(places) > most
    if has_more:
        (last, _), (first, _) = places[-1], places[0]
        places = [each for each in places if each[0] != last] or [each for each in places if each[0] == first]
    if not places:
        return [], False
    span = (places[0][0], places[-1][0])
    found: list[Unsent] = []
    for name in sorted({name for _, name in places}, key=_ranks().__getitem__):
        found += _of_kind(driver, shapes()[name], span, left_out, most)
    found.sort(key=lambda each: each.collection)
    return found[:most], has_more


_WAITS = "(synced_rev IS NULL OR base IS NOT NULL) AND file_id NOT IN (SELECT value FROM json_each(?1))"


@cache
def _ranks() -> Mapping[str, int]:
    """The place of each kind of record: parents first."""
    return {name: rank for rank, name in enumerate(shapes())}


@cache
def _places() -> str:
    """The files, in order, and the kinds of the first records that wait: out of indexes alone."""
    each = (
        f"SELECT file_id, '{name}' AS kind FROM \"{name}\" INDEXED BY ix_{name}_unsent "  # noqa: S608
        f"WHERE {_WAITS} AND file_id > ?2"
        for name in shapes()
    )
    return f"{' UNION ALL '.join(each)} ORDER BY file_id LIMIT ?3"


def _of_kind(driver: Driver, shape: Shape, span: tuple[str, str], left_out: str, most: int) -> list[Unsent]:
    """Records of one kind that wait, of the files from one to another."""
    columns = ", ".join(f'"{name}"' for name in ("id", "file_id", "synced_rev", EXTRA, *shape.columns))
    sql = (
        f'SELECT {columns} FROM "{shape.name}" INDEXED BY ix_{shape.name}_unsent '  # noqa: S608 - names of tables of ours
        f"WHERE {_WAITS} AND file_id BETWEEN ?2 AND ?3 ORDER BY file_id LIMIT ?4"
    )
    found: list[Unsent] = []
    for key, file, revision, extra, *row in driver.execute(sql, (left_out, *span, most)):
        found.append(Unsent(shape.name, identifier(key), identifier(file), revision or 0, said(shape, row, extra)))
    return found


def count_unsent(driver: Driver) -> int:
    """How many records wait to be sent."""
    return sum(
        driver.execute(
            f'SELECT count(*) FROM "{name}" INDEXED BY ix_{name}_unsent '  # noqa: S608 - names of tables of ours
            "WHERE synced_rev IS NULL OR base IS NOT NULL"
        ).fetchone()[0]
        for name in shapes()
    )


@dataclass(frozen=True, slots=True)
class Chain:
    """Where this device stands in its own chain of manifests. `after` is the last number that the hub has."""

    organisation: bytes
    device: bytes
    number: int
    hash: bytes
    after: int
    seen: Sequence[Seen]
    members: int = 0
    members_hash: bytes = NONE


@dataclass(frozen=True, slots=True)
class Sealed:
    """Changes on their way into a push: by file, as the manifest names them, and what each said.

    `written` is `writes_of_others` before they were read.
    """

    parts: list[Part]
    named: list[Named]
    sent: list[Sent]
    written: int | None = None


def seal_records(
    records: Sequence[Unsent], keys: Mapping[bytes, tuple[int, bytes]], organisation: bytes, written: int
) -> Sealed:
    """As many of `records` as fit into a push. `keys` are each file's newest epoch and key."""
    fit: list[tuple[bytes, Place, bytes]] = []
    size = 0
    for each in records[: wire.MOST_CHANGES]:
        plain = seal.padded(Record(each.kind, each.values))
        size += len(plain) + seal.MORE_BYTES + OVERHEAD_BYTES
        if fit and size > wire.MOST_PUSH_BYTES:
            break
        epoch, key = keys[each.collection]
        fit.append((plain, Place(organisation, each.collection, each.item, epoch, each.expected + 1), key))
    by_file: dict[bytes, list[Change]] = defaultdict(list)
    taken: dict[bytes, list[Sent]] = defaultdict(list)
    for each, (_, place, _), envelope in zip(records, fit, seal.seal_each(fit), strict=False):
        by_file[each.collection].append(Change(each.item, each.expected, place.epoch, envelope))
        taken[each.collection].append(Sent(each.kind, each.item, each.values))
    parts = [Part(collection, changes) for collection, changes in by_file.items()]
    named = [manifest.named(part.collection, part.changes) for part in parts]
    return Sealed(parts, named, [each for part in parts for each in taken[part.collection]], written)


def sign_push(sealed: Sealed, chain: Chain, seed: bytes | bytearray) -> Push:
    """A signed push of what was sealed, at the end of the device's chain."""
    said = Manifest(
        chain.organisation,
        chain.device,
        chain.number + 1,
        chain.after,
        chain.hash,
        list(chain.seen),
        sealed.named,
        chain.members,
        chain.members_hash,
    )
    body, signature = manifest.sign(said, seed)
    return Push(body, signature, sealed.parts)


def writes_of_others(driver: Driver) -> int:
    """A number that is another as soon as any other connection has written to the store."""
    return int(driver.execute("PRAGMA data_version").fetchone()[0])


def settle(
    driver: Driver, push: Push, sent: Sequence[Sent], answer: PushAnswer, *, is_untouched: bool = False
) -> list[Behind]:
    """Take the hub's answer in: what was accepted is at its new revision. Gives what was behind.

    `is_untouched`: nobody has written to the store since the push was made, so that no record is looked at again.
    Inside the caller's transaction, with the tracking switched off. Raises Distrust for an answer that cannot be one:
    a revision that is not the next would hide from this desk whatever its colleagues write.
    """
    asked = [(part.collection, change) for part in push.parts for change in part.changes]
    if len(asked) != len(answer.outcomes):
        raise Distrust("answer")
    behind: list[Behind] = []
    accepted: dict[str, list[tuple[Sent, int]]] = defaultdict(list)
    for one, (collection, change), outcome in zip(sent, asked, answer.outcomes, strict=True):
        if outcome.state == ACCEPTED and outcome.revision == change.expected + 1:
            accepted[one.kind].append((one, outcome.revision))
        elif outcome.state == BEHIND and outcome.revision > change.expected:
            behind.append(Behind(one.kind, one.item, collection, outcome.revision))
        else:
            raise Distrust("answer")
    for kind, pairs in accepted.items():
        if is_untouched:
            _settle_untouched(driver, kind, pairs)
        else:
            _settle_kind(driver, shapes()[kind], pairs)
    return behind


@dataclass(frozen=True, slots=True)
class Behind:
    """A record that the hub has at `revision` already, which is later than the one that ours was changed from."""

    kind: str
    item: bytes
    collection: bytes
    revision: int


def write_over(driver: Driver, behind: Behind) -> None:
    """Let the next push of a record follow on the hub's revision, which cannot be read. In the caller's transaction."""
    driver.execute(
        f"UPDATE \"{behind.kind}\" SET synced_rev = ?, base = coalesce(base, '{{}}') WHERE id = ?",  # noqa: S608
        (behind.revision, behind.item.hex()),
    )


def set_apart(driver: Driver, behind: Behind) -> None:
    """Let a record be laid before others that the hub has by now, and that this desk may not fetch.

    Of a file that was taken from here, in a hub that was restored since. In the caller's transaction.
    """
    sql = f"UPDATE \"{behind.kind}\" SET synced_rev = 0, base = '{{}}' WHERE id = ? AND synced_rev IS NULL"  # noqa: S608
    driver.execute(sql, (behind.item.hex(),))


def _settle_untouched(driver: Driver, kind: str, pairs: Sequence[tuple[Sent, int]]) -> None:
    by_revision: dict[int, list[str]] = defaultdict(list)
    for one, revision in pairs:
        by_revision[revision].append(one.item.hex())
    for revision, keys in by_revision.items():
        driver.execute(
            f'UPDATE "{kind}" SET synced_rev = ?, base = NULL '  # noqa: S608 - names of tables of ours
            "WHERE id IN (SELECT value FROM json_each(?))",
            (revision, json.dumps(keys)),
        )


def _settle_kind(driver: Driver, shape: Shape, pairs: Sequence[tuple[Sent, int]]) -> None:
    """Records of one kind at once, as far as each still says to the letter what was sent; the others one by one."""
    plain = [
        (one.item, one.values, revision)
        for one, revision in pairs
        if one.values is not None and one.values.keys() <= shape.empty.keys()
    ]
    same = " AND ".join(f'"{name}" IS ?' for name in shape.columns)
    settled = driver.executemany(
        f'UPDATE "{shape.name}" SET synced_rev = ?, base = NULL '  # noqa: S608 - names of tables of ours
        f"WHERE id = ? AND {EXTRA} IS NULL AND {same}",
        [
            (revision, item.hex(), *(values.get(name, empty) for name, empty in shape.empty.items()))
            for item, values, revision in plain
        ],
    ).rowcount
    if settled < len(pairs):
        for one, revision in pairs:
            _settle_one(driver, one, revision)


def _settle_one(driver: Driver, one: Sent, revision: int) -> None:
    shape = shapes()[one.kind]
    names = (EXTRA, *shape.columns)
    columns = ", ".join(f'"{name}"' for name in names)
    key = one.item.hex()
    if one.values is None:  # it is sent again, and compared with what the hub has by then
        driver.execute(f"UPDATE \"{one.kind}\" SET synced_rev = ?, base = '{{}}' WHERE id = ?", (revision, key))  # noqa: S608
        return
    row = driver.execute(f'SELECT {columns} FROM "{one.kind}" WHERE id = ?', (key,)).fetchone()  # noqa: S608
    if row is None:  # cleared since: the file was taken from this desk
        return
    now, sent = outgoing(shape, dict(zip(names, row, strict=True))), {**shape.empty, **one.values}
    is_same = all(now.get(name) == sent.get(name) for name in now.keys() | sent.keys() if name != CHANGED)
    base = None if is_same else base_text(shape, sent)
    changed_at = sent[CHANGED] if is_same else now[CHANGED]
    driver.execute(
        f'UPDATE "{one.kind}" SET synced_rev = ?, base = ?, changed_at = ? WHERE id = ?',  # noqa: S608 - names of ours
        (revision, base, changed_at, key),
    )


def base_text(shape: Shape, values: Mapping[str, Any]) -> str:
    """What a record said at its synced revision, as the tracking's own triggers write it."""
    unknown = {name: value for name, value in values.items() if name not in shape.empty}
    kept = {name: values.get(name, shape.empty[name]) for name in shape.columns}
    extra = json.dumps(unknown, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if unknown else None
    return json.dumps({**kept, EXTRA: extra}, ensure_ascii=False, separators=(",", ":"))
