"""A colleague's newer value that somebody replaced with her own, knowing of it: kept, to be seen and used again.

It stands with the values that differ, as one that is settled: whoever saved has decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, LargeBinary, Table

from advocate_desk.casework.conflicts import OURS
from advocate_desk.casework.work import Activity
from advocate_desk.domain.identity import FileId
from advocate_desk.store.tables.base import BOOKKEEPING, metadata
from advocate_desk.store.tables.exchange import conflict

Row = Mapping[str, Any]
_NO_VALUES = {*BOOKKEEPING, "id", "file_id", "created_at", "changed_at", "deleted_at", "extra"}


def row_of(conn: Connection, kind: str, about_id: UUID) -> dict[str, Any] | None:
    """A record as its table keeps it, as a draft can keep it too; None where it is not here."""
    names = _names(metadata.tables[kind])
    columns = ", ".join(f'"{name}"' for name in (*names, "file_id", "changed_at"))
    found = conn.exec_driver_sql(f'SELECT {columns} FROM "{kind}" WHERE id = ?', (about_id.hex,))  # noqa: S608
    row = found.mappings().one_or_none()
    return dict(row) if row is not None else None


def keep_replaced(act: Activity, kind: str, about_id: UUID, opened: Row, theirs: Row, person: UUID | None) -> int:
    """Keep what others wrote between `opened` and `theirs` and this act has replaced; how many values it was.

    `person`: who saves, in the organisation.
    """
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
            "ours_by": person.hex if person is not None else "",
            "ours_at": act.now,
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
    """The fields, or groups that say one thing, that a colleague changed and that read otherwise now."""
    names = _names(table)
    groups = [tuple(each) for each in table.info["together"]]
    alone = [(name,) for name in names if not any(name in group for group in groups)]
    for group in (*groups, *alone):
        known = tuple(name for name in group if name in names)
        was_changed = any(theirs[name] != opened.get(name) for name in known)
        if was_changed and any(ours[name] != theirs[name] for name in known):
            yield known


def _names(table: Table) -> tuple[str, ...]:
    return tuple(
        each.name for each in table.columns if each.name not in _NO_VALUES and not isinstance(each.type, LargeBinary)
    )
