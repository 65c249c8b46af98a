"""Statements for lists whose lines carry a table's own column names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Table, bindparam, select


def fields(table: Table, line: Any, id_name: str) -> tuple[Any, ...]:  # noqa: ANN401 - a slots dataclass
    """The columns of `table` in the order of `line`'s fields; its "id" stands for `id_name`."""
    return tuple(table.c["id"] if name == id_name else table.c[name] for name in line.__slots__)


def of_file(table: Table, line: Any, id_name: str, *order: Any) -> Select[Any]:  # noqa: ANN401
    """Every record of one file, given as :file, that is not deleted."""
    return (
        select(*fields(table, line, id_name))
        .where(table.c.file_id == bindparam("file"), table.c.deleted_at.is_(None))
        .order_by(*order, table.c.created_at)
    )
