"""Writing what was pulled into the store: new records as they are, changed ones merged, both values of a clash kept.

A record may come before its parent: foreign keys are not enforced on this connection, and no screen shows a record
whose file, person or case is not there. Everything of a page, and the tip that it reaches, is one transaction.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from advocate_desk.domain.identity import uuid7
from advocate_desk.store.tables.everything import metadata
from advocate_desk.store.tables.files import OWNING
from advocate_desk.store.tracking import index_added, searched_columns
from advocate_desk.sync import owning
from advocate_desk.sync.giving_back import NOTHING_AGREED
from advocate_desk.sync.merge import CHANGED, EXTRA, Clash, Merged, merge
from advocate_desk.sync.outbox import Driver, base_text
from advocate_desk.sync.records import Shape, Unreadable, incoming, outgoing, shapes

SEARCHED = tuple(str(name) for name, table in metadata.tables.items() if searched_columns(table))
CLIENT_FILE = "client_file"


class Arrived(msgspec.Struct, frozen=True):
    """A record that was opened: its place, its revision at the hub, what it says, who wrote it and who reads it here.

    `author` and `reader` are ids of people, in hexadecimal. `is_new`: it came in its place of the history, not as a
    part of a file that is filled. `is_ours`: this desk said it itself, so that what stands here came after it.
    """

    kind: str
    item: bytes
    collection: bytes
    revision: int
    author: str
    reader: str
    values: Mapping[str, object]
    is_new: bool = False
    is_ours: bool = False


@dataclass
class Applied:
    """What a page did: files and kinds touched, and how much of each.

    `restored` counts final records that somebody changed, and that are sent again as they were; `forked` those of which
    the hub gave out two versions as one; `links_refused` links of ownership that nobody may have made, and
    `has_gaps` where those before them did not come. `wrote`: whose change a record that was here before has taken, and
    the moment that the record carries since. `not_taken`: the conflicts, in hexadecimal, in which what was typed here
    gave way to the hub's.
    """

    files: set[bytes] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    added: int = 0
    changed: int = 0
    clashes: int = 0
    restored: int = 0
    forked: int = 0
    links_refused: int = 0
    has_gaps: bool = False
    wrote: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    unreadable: list[tuple[Arrived, str]] = field(default_factory=list)
    not_taken: list[str] = field(default_factory=list)


def apply(driver: Driver, arrived: Sequence[Arrived], now: datetime) -> Applied:
    """Write what arrived. Inside the caller's transaction, with the tracking switched off and foreign keys too."""
    done, scribe = Applied(), Scribe(driver, now)
    by_kind: dict[str, list[tuple[Arrived, dict[str, Any]]]] = defaultdict(list)
    for each in _once(arrived, done):
        try:
            by_kind[each.kind].append((each, incoming(each.kind, each.values)))
        except Unreadable as error:
            done.unreadable.append((each, error.reason))
    for name, shape in shapes().items():
        if by_kind[name]:
            _apply_kind(driver, shape, by_kind[name], scribe, done)
    done.not_taken += scribe.settled
    return done


def _once(arrived: Sequence[Arrived], done: Applied) -> Iterable[Arrived]:
    """Each record once, at its latest revision.

    An id used in two files, or a file's by another record, is used in vain: no member shall stop a page with it.
    """
    latest: dict[bytes, Arrived] = {}
    for each in arrived:
        before = latest.get(each.item)
        is_misplaced = (each.kind == CLIENT_FILE) != (each.item == each.collection)
        if is_misplaced or (before is not None and (before.collection, before.kind) != (each.collection, each.kind)):
            done.unreadable.append((each, "file_id"))
        elif before is None or each.revision > before.revision:
            latest[each.item] = each
    return latest.values()


@dataclass(frozen=True, slots=True)
class Scribe:
    """Writes down clashes: as conflict records of the same file, which travel as every record does.

    `settled` names those in which the hub's value was taken.
    """

    driver: Driver
    now: datetime
    settled: list[str] = field(default_factory=list)

    def keep(self, shape: Shape, each: Arrived, clash: Clash, ours_at: str, theirs_at: str) -> None:
        """Keep both values of a clash: open where it is critical, else as decided for the hub's, which was first.

        Where two people say the same, as when two desks tell a restored hub of it, there is nothing to keep. One
        person's value on both sides is what she lays before those who have her file now.
        """
        if clash.ours == clash.theirs and each.reader != each.author:
            return
        moment = self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        identity = uuid7(int(self.now.timestamp() * 1000), os.urandom(10)).hex
        values = {
            "id": identity,
            "file_id": each.collection.hex(),
            "created_at": moment,
            "changed_at": moment,
            "kind": shape.name,
            "about_id": each.item.hex(),
            "before": _text(clash.base),
            "ours": _text(clash.ours),
            "theirs": _text(clash.theirs),
            "ours_by": each.reader,
            "theirs_by": each.author,
            "ours_at": ours_at,
            "theirs_at": theirs_at,
            "found_at": moment,
            "is_critical": int(clash.is_critical),
            "decision": "" if clash.is_critical else "later",
            "decided_at": None if clash.is_critical else moment,
        }
        columns = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" * len(values))
        self.driver.execute(f"INSERT INTO conflict ({columns}) VALUES ({marks})", tuple(values.values()))  # noqa: S608
        if not clash.is_critical:
            self.settled.append(identity)


def _text(values: Mapping[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _apply_kind(
    driver: Driver, shape: Shape, pairs: Sequence[tuple[Arrived, dict[str, Any]]], scribe: Scribe, done: Applied
) -> None:
    done.kinds.add(shape.name)
    done.files.update(each.collection for each, _ in pairs)
    held = _held(driver, shape, [each.item for each, _ in pairs])
    fresh = [(each, row) for each, row in pairs if each.item not in held]
    _insert(driver, shape, fresh)
    done.added += len(fresh)
    for each, row in pairs:
        before = held.get(each.item)
        if before is None:
            continue
        if bytes.fromhex(before["file_id"]) != each.collection:
            done.unreadable.append((each, "file_id"))  # an item never moves to another file
        elif each.revision > (before["synced_rev"] or 0):
            _merge_one(driver, shape, each, row, before, scribe, done)
        elif each.is_new:
            _look_for_fork(driver, shape, each, row, before, scribe, done)


def _held(driver: Driver, shape: Shape, items: Sequence[bytes]) -> dict[bytes, dict[str, Any]]:
    """Those of `items` that are here already, as they are."""
    names = ("id", "file_id", "synced_rev", "base", EXTRA, *shape.columns)
    columns = ", ".join(f'"{name}"' for name in names)
    sql = f'SELECT {columns} FROM "{shape.name}" WHERE id IN (SELECT value FROM json_each(?))'  # noqa: S608 - names of ours
    rows = driver.execute(sql, (json.dumps([each.hex() for each in items]),))
    return {bytes.fromhex(row[0]): dict(zip(names, row, strict=True)) for row in rows}


def _insert(driver: Driver, shape: Shape, pairs: Sequence[tuple[Arrived, dict[str, Any]]]) -> None:
    if not pairs:
        return
    owning_columns = OWNING if shape.name == CLIENT_FILE else ()
    names = ("id", "file_id", "synced_rev", EXTRA, *shape.columns, *shape.blobs, *owning_columns)
    columns = ", ".join(f'"{name}"' for name in names)
    marks = ", ".join("?" * len(names))
    blobs = (b"",) * len(shape.blobs)
    driver.executemany(
        f'INSERT INTO "{shape.name}" ({columns}) VALUES ({marks})',  # noqa: S608 - names of tables of ours
        [
            (
                each.item.hex(),
                each.collection.hex(),
                each.revision,
                row[EXTRA],
                *(row[name] for name in shape.columns),
                *blobs,
                *(owning.texts_of(driver, each.collection) if owning_columns else ()),
            )
            for each, row in pairs
        ],
    )
    index_added(driver, metadata.tables[shape.name], [each.item.hex() for each, _ in pairs])


def _merge_one(
    driver: Driver,
    shape: Shape,
    each: Arrived,
    row: Mapping[str, Any],
    before: Mapping[str, Any],
    scribe: Scribe,
    done: Applied,
) -> None:
    ours, theirs = outgoing(shape, before), _theirs(shape, each, row, before)
    is_unsent = before["synced_rev"] is None or before["base"] is not None
    base = _base(shape, before["base"]) if is_unsent else ours
    if each.is_ours and before["base"] == NOTHING_AGREED:
        base = theirs  # the hub has what this desk gave it before: as when desks met in a file meanwhile
    hers = _with_final_kept(shape, base, theirs)
    done.restored += hers is not theirs
    done.changed += 1
    if not is_unsent and hers is theirs and theirs.keys() == ours.keys():
        _write(driver, shape, each, dict(row), None)
        done.wrote[each.item] = (each.author, row[CHANGED])
        return
    merged = _merged(shape, base, ours, hers)
    for clash in merged.clashes:
        scribe.keep(shape, each, clash, before["changed_at"], row["changed_at"])
        done.kinds.add("conflict")
    done.clashes += len(merged.clashes)
    is_to_send = merged.to_send or hers is not theirs
    after = _row_of(shape, merged)
    if not is_to_send:
        after[CHANGED] = row[CHANGED]  # nothing is left to say: the record is the hub's, to the last letter
    _write(driver, shape, each, after, base_text(shape, theirs) if is_to_send else None)
    done.wrote[each.item] = (each.author, after[CHANGED])


def _merged(shape: Shape, base: Mapping[str, Any] | None, ours: dict[str, Any], theirs: dict[str, Any]) -> Merged:
    """The merge, in which a record that one side made final is taken whole: the final one, theirs where both are."""
    is_ours, is_theirs = shape.is_final(ours), shape.is_final(theirs)
    if not (is_ours or is_theirs) or (base and shape.is_final(base)):
        return merge(base, ours, theirs, shape.rules)
    rules = replace(shape.rules, together=(shape.frozen,))
    if is_theirs:
        return merge(base, ours, theirs, rules)
    turned = merge(base, theirs, ours, rules)
    clashes = (replace(each, ours=each.theirs, theirs=each.ours) for each in turned.clashes)
    return Merged(turned.values, tuple(clashes), to_keep=turned.to_send, to_send=turned.to_keep)


def _theirs(shape: Shape, each: Arrived, row: Mapping[str, Any], before: Mapping[str, Any]) -> dict[str, Any]:
    """What they say of a record that is here.

    A field that their version does not know is left out, if ours says more than nothing there: it stands, and is sent.
    """
    theirs = outgoing(shape, row)
    for name in shape.later:
        if name not in each.values and before[name] != shape.empty[name]:
            del theirs[name]
    return theirs


def _with_final_kept(shape: Shape, base: Mapping[str, Any] | None, theirs: dict[str, Any]) -> dict[str, Any]:
    """`theirs`, or where it changes a record that was final, what it may say of it: that it is deleted, or is not."""
    if not base or not shape.is_final(base):
        return theirs
    changed = {name: base[name] for name in shape.frozen if name in base and theirs.get(name, base[name]) != base[name]}
    return {**theirs, **changed} if changed else theirs


def _look_for_fork(
    driver: Driver,
    shape: Shape,
    each: Arrived,
    row: Mapping[str, Any],
    before: Mapping[str, Any],
    scribe: Scribe,
    done: Applied,
) -> None:
    """A new push with a revision that we have: the hub told two desks that theirs was the one. Both are kept."""
    theirs = outgoing(shape, row)
    is_clean = before["base"] is None
    ours = outgoing(shape, before) if is_clean else _base(shape, before["base"]) or {}
    if all(theirs.get(name) == ours.get(name, theirs.get(name)) for name in shape.columns if name != CHANGED):
        if is_clean and row[CHANGED] != before[CHANGED]:  # two desks gave back one record to a restored hub
            sql = f'UPDATE "{shape.name}" SET changed_at = ? WHERE id = ?'  # noqa: S608 - names of tables of ours
            driver.execute(sql, (row[CHANGED], each.item.hex()))
        return
    now = outgoing(shape, before)
    for clash in merge({}, theirs, now, shape.rules).clashes:
        turned = Clash(clash.fields, clash.base, clash.theirs, clash.ours, clash.is_critical)
        scribe.keep(shape, each, turned, before["changed_at"], row["changed_at"])
        done.clashes += 1
    done.kinds.add("conflict")
    done.forked += 1
    driver.execute(f"UPDATE \"{shape.name}\" SET base = coalesce(base, '{{}}') WHERE id = ?", (each.item.hex(),))  # noqa: S608


def _base(shape: Shape, text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    kept = json.loads(text)
    extra = kept.pop(EXTRA, None)
    values = {name: kept.get(name) for name in shape.columns if name in kept}
    values.update(json.loads(extra) if extra else {})
    return values


def _row_of(shape: Shape, merged: Merged) -> dict[str, Any]:
    row = {name: merged.values.get(name, shape.empty[name]) for name in shape.columns}
    unknown = {name: value for name, value in merged.values.items() if name not in shape.empty}
    row[EXTRA] = _text(unknown) if unknown else None
    return row


def _write(driver: Driver, shape: Shape, each: Arrived, row: Mapping[str, Any], base: str | None) -> None:
    names = (EXTRA, *shape.columns)
    settings = ", ".join(f'"{name}" = ?' for name in names)
    driver.execute(
        f'UPDATE "{shape.name}" SET {settings}, synced_rev = ?, base = ? WHERE id = ?',  # noqa: S608 - names of ours
        (*(row[name] for name in names), each.revision, base, each.item.hex()),
    )


def clear_file(driver: Driver, collection: bytes) -> int:
    """Remove every record of a file that was taken from this desk. Inside the caller's transaction; gives how many."""
    removed = 0
    key = collection.hex()
    driver.execute("INSERT INTO search_text (search_text, rank) VALUES ('secure-delete', 1)")  # leave no word behind
    for name in SEARCHED:  # marked first: that takes their words out of the indexes
        driver.execute(f'UPDATE "{name}" SET deleted_at = created_at WHERE file_id = ? AND deleted_at IS NULL', (key,))  # noqa: S608
    driver.execute("INSERT INTO search_text (search_text, rank) VALUES ('secure-delete', 0)")
    for name in reversed(list(shapes())):
        removed += driver.execute(f'DELETE FROM "{name}" WHERE file_id = ?', (key,)).rowcount  # noqa: S608
    driver.execute("DELETE FROM file_summary WHERE file_id = ?", (key,))
    return removed
