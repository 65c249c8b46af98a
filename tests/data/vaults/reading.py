"""What is in a kept vault, as JSON: the same for the version that wrote it and for every later one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine

Rows = dict[str, list[dict[str, Any]]]

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
DERIVED = ("search_", "file_summary", "alembic_version", "tracking")
"""Tables that are made from others, or that say how the store stands: a later version may make them otherwise."""


def rows_of(engine: Engine) -> Rows:
    """Every row that somebody or the desk itself has entered, by table; bytes as `{"hex": ...}`."""
    with engine.begin() as conn:
        names = [name for name in conn.exec_driver_sql(_TABLES).scalars() if not name.startswith(DERIVED)]
        return {
            name: [
                {column: _plain(value) for column, value in row.items()}
                for row in conn.exec_driver_sql(f'SELECT * FROM "{name}" ORDER BY 1').mappings()
            ]
            for name in names
        }


def _plain(value: object) -> object:
    return {"hex": value.hex()} if isinstance(value, bytes) else value
