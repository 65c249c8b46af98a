"""A colleague's newer value that somebody replaced with her own, knowing of it: kept, to be seen and used again.

It stands with the values that differ, as one that is settled: whoever saved has decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, LargeBinary, Table

from advocate_desk.casework.conflicts import OURS
from advocate_desk.casework.work import Activity
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.conflicts import DELETED
from advocate_desk.store.tables.base import BOOKKEEPING, metadata
from advocate_desk.store.tables.exchange import conflict

Row = Mapping[str, Any]
_NO_VALUES = {*BOOKKEEPING, "id", "file_id", "created_at", "changed_at", "deleted_at", "extra"}


def row_of(conn: Connection, kind: str, about_id: UUID) -> dict[str, Any] | None:
    """A record as its table keeps it, as a draft can keep it too; None where it is not here."""
    return next(iter(_rows(conn, kind, "id", about_id).values()), None)


def rows_under(conn: Connection, kind: str, parent: str, about_id: UUID) -> dict[str, dict[str, Any]]:
    """The records of a kind that belong to another, by id, those taken out left out; as `row_of` gives each."""
    found = _rows(conn, kind, parent, about_id)
    return {each: row for each, row in found.items() if row[DELETED] is None}


def _rows(conn: Connection, kind: str, where: str, about_id: UUID) -> dict[str, dict[str, Any]]:
    names = _names(metadata.tables[kind])
    columns = ", ".join(f'"{name}"' for name in (*names, "file_id", "changed_at", DELETED))
    sql = f'SELECT id, {columns} FROM "{kind}" WHERE "{where}" = ? ORDER BY id'  # noqa: S608 - names of ours
    found: dict[str, dict[str, Any]] = {}
    for each in conn.exec_driver_sql(sql, (about_id.hex,)).mappings():
        row = dict(each)
        found[row.pop("id")] = row
    return found


@dataclass(frozen=True, slots=True)
class Sides:
    """Who saves and who wrote what is replaced: ids in the organisation, "" where that is not known."""

    ours: str = ""
    theirs: str = ""


def keep_replaced(act: Activity, kind: str, about_id: UUID, opened: Row, theirs: Row, by: Sides) -> int:
    """Keep what others wrote between `opened` and `theirs` and this act has replaced; how many values it was."""
    ours = row_of(act.conn, kind, about_id)
    found = list(_replaced(metadata.tables[kind], opened, theirs, ours)) if ours is not None else []
    if not found or ours is None:
        return 0
    file_id = FileId(UUID(ours["file_id"]))
    for names in found:
        said = {
            side: {name: row.get(name) for name in names}
            for side, row in (("before", opened), ("ours", ours), ("theirs", theirs))
        }
        values = {
            **said,
            "kind": kind,
            "about_id": about_id,
            "ours_by": by.ours,
            "theirs_by": by.theirs,
            "ours_at": act.now,
            "theirs_at": datetime.fromisoformat(theirs["changed_at"]),
            "found_at": act.now,
            "decided_at": act.now,
            "decided_by": act.actor.name,
            "decision": OURS,
            "is_critical": any(metadata.tables[kind].c[name].info.get("critical") for name in names),
        }
        act.insert(conflict, file_id, values)
    act.audit("value_replaced", file_id, kind, about_id, fields=sorted({n for g in found for n in g}))
    return len(found)


def _replaced(table: Table, opened: Row, theirs: Row, ours: Row) -> Iterator[tuple[str, ...]]:
    """The fields, or groups that say one thing, that a colleague changed and that read otherwise now.

    A record that she changed and that was taken out now is told as that alone.
    """
    names = _names(table)
    groups = [tuple(each) for each in table.info["together"]]
    alone = [(name,) for name in names if not any(name in group for group in groups)]
    known = [tuple(name for name in group if name in names) for group in (*groups, *alone)]
    changed = [group for group in known if any(theirs[name] != opened.get(name) for name in group)]
    if changed and ours[DELETED] is not None:
        yield (DELETED,)
        return
    yield from (group for group in changed if any(ours[name] != theirs[name] for name in group))


def _names(table: Table) -> tuple[str, ...]:
    return tuple(
        each.name for each in table.columns if each.name not in _NO_VALUES and not isinstance(each.type, LargeBinary)
    )
