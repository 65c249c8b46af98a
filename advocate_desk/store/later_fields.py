"""What newer versions sent before this store was brought to theirs: it takes its place once there is one.

Fields that a version does not know lie in a record's `extra`; records of kinds that it does not know lie unread.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, Table

from advocate_desk.store.tables import everything
from advocate_desk.store.tables.base import content_columns, record_tables
from advocate_desk.store.tables.checks import check_of
from advocate_desk.store.tracking import applying

AGAIN = "again"
"""The reason of an unread record that is to be tried again: this version may know its kind."""


def take_places(connection: Connection) -> None:
    """Move the fields that this version knows into their columns, and let unread records be tried again.

    What no column could hold stays where it is. In the migration's transaction; nothing counts as changed by it.
    """
    assert everything.ALL
    with applying(connection):
        for table in record_tables():
            _take_places(connection, table)
        connection.exec_driver_sql("UPDATE unreadable_item SET reason = ? WHERE reason <> 'key'", (AGAIN,))


def _take_places(connection: Connection, table: Table) -> None:
    known = set(content_columns(table)) - {"id", "file_id", "extra"}
    rows = connection.exec_driver_sql(f'SELECT id, extra FROM "{table.name}" WHERE extra IS NOT NULL').all()  # noqa: S608
    for key, text in rows:
        kept = json.loads(text)
        moved = {name: value for name, value in kept.items() if name in known and check_of(table.c[name])(value)}
        if not moved:
            continue
        left = {name: value for name, value in kept.items() if name not in moved}
        said = json.dumps(left, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if left else None
        settings = ", ".join(f'"{name}" = ?' for name in (*moved, "extra"))
        connection.exec_driver_sql(
            f'UPDATE "{table.name}" SET {settings} WHERE id = ?',  # noqa: S608 - names of tables of ours
            (*moved.values(), said, key),
        )
