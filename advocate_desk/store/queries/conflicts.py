"""Values that two people gave to one field apart from each other: what each said, who, when, and what stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Select, Table, func, or_, select

from advocate_desk.store.tables.base import BOOKKEEPING, metadata, record_tables
from advocate_desk.store.tables.exchange import conflict
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.local import file_summary

Fields = Mapping[str, Any]
"""Values by column, each as Python has it: dates, moments, booleans, lists."""
DELETED = "deleted_at"
MOST_SETTLED = 500
LATER = "later"
"""The decision of the exchange itself: what the hub had first stands."""
_NOT_LOOKED_AT = {*BOOKKEEPING, "extra", "changed_at", "content"}
_NEVER_CHOSEN = {*_NOT_LOOKED_AT, "id", "file_id"}


@dataclass(frozen=True, slots=True)
class Said:
    """What one side said. `by` is a person's id in hexadecimal; `at` is by the clock of her computer."""

    values: Fields
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field of a record, or a group that says one thing, with everything that was said of it apart.

    `ids` are the conflict records that tell of it: one, or several where more than two people disagree. `said` holds
    each different value once. `stands` is the whole record as it is, None where it is not here. `decided_at` is None
    while it is open; a `decision` of "later" was the exchange's own. `is_file_gone`: the whole file was taken out, and
    only keeping a record that was changed meanwhile brings it back.
    """

    ids: tuple[UUID, ...]
    file_id: UUID
    reference: str
    client_name: str
    kind: str
    about_id: UUID
    fields: tuple[str, ...]
    before: Fields
    said: tuple[Said, ...]
    stands: Fields | None
    is_critical: bool
    found_at: datetime | None
    decided_at: datetime | None
    decided_by: str
    decision: str
    is_file_gone: bool = False

    @property
    def is_removal(self) -> bool:
        """Whether one side took the record out of the file while the other changed it."""
        return self.fields == (DELETED,)

    @property
    def is_gone(self) -> bool:
        """Whether the record is no longer in the file: there is nothing to choose for."""
        return self.stands is None or (self.stands[DELETED] is not None and not self.is_removal)

    def differing(self) -> tuple[str, ...]:
        """The fields in which the sides, or what stands now, differ."""
        known = [each.values for each in self.said] + ([self.stands] if self.stands is not None else [])
        return tuple(name for name in self.fields if any(each[name] != known[0][name] for each in known))


_TOLD = "$.told_at"
_OPEN = (
    conflict.c.decided_at.is_(None),
    conflict.c.deleted_at.is_(None),
    or_(
        conflict.c.ours_by == conflict.c.theirs_by,
        func.json_remove(conflict.c.ours, _TOLD) != func.json_remove(conflict.c.theirs, _TOLD),
    ),
)
"""Two people's values that are one, but for the moment at which each was told, leave nothing to decide: no desk asks.

Of one person alone it is what she typed in a file that was handed on meanwhile, laid before those who have it.
"""
_KEYS = select(
    conflict.c.file_id, conflict.c.about_id, conflict.c.kind, conflict.c.before, conflict.c.is_critical
).where(*_OPEN)
_ROWS = (
    select(
        *conflict.c,
        client_file.c.reference,
        file_summary.c.client_name,
        client_file.c.deleted_at.is_not(None).label("is_file_gone"),
    )
    .join(client_file, client_file.c.id == conflict.c.file_id)
    .outerjoin(file_summary, file_summary.c.file_id == conflict.c.file_id)
    .where(conflict.c.deleted_at.is_(None))
)
_IN_ORDER = (conflict.c.found_at, conflict.c.id)
_OPEN_ROWS = _ROWS.where(*_OPEN).order_by(*_IN_ORDER)
_SETTLED_ROWS = (
    _ROWS.where(conflict.c.decided_at.is_not(None))
    .order_by(conflict.c.decided_at.desc(), conflict.c.id)
    .limit(MOST_SETTLED)
)


def count_open(conn: Connection, *, only_critical: bool = False) -> dict[UUID, int]:
    """How many fields or groups wait for a decision, by file; files with none are left out."""
    found: defaultdict[UUID, set[object]] = defaultdict(set)
    for row in conn.execute(_KEYS):
        if (row.is_critical or not only_critical) and _fields(row.kind, row.before):
            found[row.file_id].add((row.about_id, row.kind, tuple(sorted(row.before or ()))))
    return {file_id: len(keys) for file_id, keys in found.items()}


def open_conflicts(conn: Connection, file_id: UUID | None = None) -> tuple[Conflict, ...]:
    """What waits for a decision in every file or in one: safety-critical first, then as they were found."""
    found = _conflicts(conn, _OPEN_ROWS, file_id)
    return tuple(sorted(found, key=lambda each: not each.is_critical))


def settled_conflicts(conn: Connection, file_id: UUID | None = None) -> tuple[Conflict, ...]:
    """What was decided, by a person or by the exchange, latest first: the value that was not taken is kept here."""
    return tuple(_conflicts(conn, _SETTLED_ROWS, file_id))


def conflicts_of(conn: Connection, ids: Iterable[UUID]) -> tuple[Conflict, ...]:
    """The conflicts that these conflict records tell of, open or not; those that are gone are left out."""
    return tuple(_conflicts(conn, _ROWS.where(conflict.c.id.in_(list(ids))).order_by(*_IN_ORDER), None))


def conflict_with(conn: Connection, conflict_id: UUID) -> Conflict | None:
    """The conflict that this conflict record tells of, with all others that tell of it too; None where it is gone."""
    own = conflicts_of(conn, [conflict_id])
    if not own or own[0].decided_at is not None:
        return next(iter(own), None)
    return next((each for each in open_conflicts(conn, own[0].file_id) if conflict_id in each.ids), None)


def _conflicts(conn: Connection, query: Select[Any], file_id: UUID | None) -> list[Conflict]:
    if file_id is not None:
        query = query.where(conflict.c.file_id == file_id)
    groups: defaultdict[object, list[RowMapping]] = defaultdict(list)
    for row in conn.execute(query).mappings():
        if _fields(row["kind"], row["before"]):
            groups[row["about_id"], row["kind"], tuple(sorted(row["before"])), _settling(row)].append(row)
    stand = _standing(conn, [rows[0] for rows in groups.values()])
    return [_conflict(conn, rows, stand.get(rows[0]["about_id"])) for rows in groups.values()]


def _settling(row: RowMapping) -> object:
    """What settled a conflict: one act of a person; or the exchange, of the same two values once.

    Two desks that meet in a file and then at the hub each find them, and each in its own moment.
    """
    if row["decision"] != LATER:
        return row["decided_at"]
    sides = ("ours", "theirs")
    return frozenset(repr((sorted((row[each] or {}).items()), row[f"{each}_by"])) for each in sides)


def _fields(kind: str, before: Fields | None) -> tuple[str, ...]:
    """The fields that a conflict is about; none where it is a newer version's, or tells of what nobody may choose.

    A colleague's desk sent it, and all conflicts are read at once: one that could not be shown would hide every other.
    """
    return tuple(name for name in _choosable().get(kind, ()) if name in (before or ()))


@cache
def _choosable() -> Mapping[str, tuple[str, ...]]:
    """The columns of each kind of record of which a person can say what stands."""
    return {
        str(table.name): tuple(each.name for each in table.columns if each.name not in _NEVER_CHOSEN)
        for table in record_tables()
    }


def _standing(conn: Connection, rows: Sequence[RowMapping]) -> dict[UUID, Fields]:
    """The records that these conflicts are about, as they are now."""
    wanted: defaultdict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        wanted[row["kind"]].add(row["about_id"])
    found: dict[UUID, Fields] = {}
    for kind, ids in wanted.items():
        table = metadata.tables[kind]
        columns = [each for each in table.columns if each.name not in _NOT_LOOKED_AT]
        for record in conn.execute(select(*columns).where(table.c.id.in_(ids))).mappings():
            found[record["id"]] = dict(record)
    return found


def _conflict(conn: Connection, rows: Sequence[RowMapping], stands: Fields | None) -> Conflict:
    first, table = rows[0], metadata.tables[rows[0]["kind"]]
    fields = _fields(first["kind"], first["before"])
    said: list[Said] = []
    for row in rows:
        for side in ("theirs", "ours"):
            values = read_values(conn, table, fields, row[side] or {})
            if all(each.values != values for each in said):
                said.append(Said(values, row[f"{side}_by"], row[f"{side}_at"]))
    return Conflict(
        tuple(row["id"] for row in rows),
        first["file_id"],
        first["reference"],
        first["client_name"] or "",
        first["kind"],
        first["about_id"],
        fields,
        read_values(conn, table, fields, first["before"]),
        tuple(said),
        stands,
        any(row["is_critical"] for row in rows),
        first["found_at"],
        first["decided_at"],
        first["decided_by"],
        first["decision"],
        bool(first["is_file_gone"]),
    )


def read_values(conn: Connection, table: Table, fields: Iterable[str], kept: Fields) -> dict[str, Any]:
    """Values of a record as a conflict keeps them, as Python has them."""
    found: dict[str, Any] = {}
    for name in fields:
        turn = table.c[name].type.dialect_impl(conn.dialect).result_processor(conn.dialect, None)
        value = kept.get(name)
        found[name] = value if turn is None or value is None else turn(value)
    return found
