"""Writing rows quickly: the statement of a table and its columns is made once, and only values are turned each time.

An insert through SQLAlchemy's Core costs three times its own work in the driver; a save waits for it, an import of
thousands of rows a good part of its time. Columns that are left out take the default of the schema.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.engine import Dialect

Turn = Callable[[Any], Any] | None
"""How a value becomes what the driver takes; None where it is so already."""


def insert_row(conn: Connection, table: Table, row: Mapping[str, object]) -> None:
    """Write one row. Raises what the driver raises, as SQLAlchemy wraps it."""
    sql, turns = _statement(table, tuple(row), conn.dialect)
    conn.exec_driver_sql(sql, _turned(turns, row.values()))


def insert_rows(conn: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows, which need not have the same columns; those that have are written by one statement, in order."""
    if len(rows) == 1:
        insert_row(conn, table, rows[0])
        return
    alike: defaultdict[tuple[str, ...], list[tuple[object, ...]]] = defaultdict(list)
    for row in rows:
        names = tuple(row)
        alike[names].append(_turned(_statement(table, names, conn.dialect)[1], row.values()))
    for names, values in alike.items():
        conn.exec_driver_sql(_statement(table, names, conn.dialect)[0], values)


def _turned(turns: tuple[Turn, ...], values: Any) -> tuple[object, ...]:  # noqa: ANN401 - a view of a mapping
    return tuple(
        value if turn is None or value is None else turn(value) for turn, value in zip(turns, values, strict=True)
    )


@cache
def _statement(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[str, tuple[Turn, ...]]:
    """The statement for these columns and what turns their values. Raises KeyError for a column that is not there."""
    columns = [table.c[name] for name in names]
    listed = ", ".join(f'"{column.name}"' for column in columns)
    marks = ", ".join("?" * len(columns))
    turns = tuple(column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns)
    return f'INSERT INTO "{table.name}" ({listed}) VALUES ({marks})', turns  # noqa: S608 - our own names
