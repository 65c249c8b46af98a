"""The whole store as one value, and whether it is sound: what is compared before and after a fault."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, select, text, update

from advocate_desk.store import audit, summaries
from advocate_desk.store.tables.base import record_tables
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.local import file_summary, search_entry
from advocate_desk.store.tracking import applying, searched_columns

Dump = dict[str, list[tuple[Any, ...]]]

_REAL = text("SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name")


def everything(engine: Engine) -> Dump:
    """Every row of every table, the search index's own included, in the order of storage."""
    with engine.begin() as conn:
        return {
            name: [tuple(row) for row in conn.exec_driver_sql(f'SELECT * FROM "{name}"')]
            for name in conn.execute(_REAL).scalars().all()
        }


def check_sound(engine: Engine) -> None:
    """Fail unless the database, its foreign keys, the search index, the audit chain and the lists agree."""
    with engine.begin() as conn:
        assert conn.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
        assert conn.exec_driver_sql("PRAGMA cipher_integrity_check").all() == []
        assert conn.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        check_search(conn)
        report = audit.verify(conn)
        assert report.is_whole, report.reason
        check_summaries(conn)


def check_search(conn: Connection) -> None:
    """Fail unless the search indexes are those of the text they were made from, and every live record is in one."""
    for table in filter(searched_columns, record_tables()):
        entries = select(search_entry.c.record_id)
        assert (
            conn.execute(select(table.c.id).where(table.c.deleted_at.is_(None), table.c.id.not_in(entries))).all() == []
        )
    for index in ("search_text", "search_record"):
        conn.execute(text(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)"))


def check_summaries(conn: Connection) -> None:
    """Fail unless each file's line in the lists is what a fresh count of its records gives."""
    kept = _lines(conn)
    with conn.begin_nested() as trial:
        conn.execute(text("DELETE FROM file_summary"))
        summaries.refresh(conn, conn.execute(select(client_file.c.id)).scalars().all())
        fresh = _lines(conn)
        trial.rollback()
    assert kept == fresh


def _lines(conn: Connection) -> list[Any]:
    return conn.execute(select(file_summary).order_by(file_summary.c.file_id)).all()  # type: ignore[return-value]


Records = dict[str, dict[bytes, dict[str, Any]]]


def records(engine: Engine) -> Records:
    """Every synced record by table and id, as the columns stand in the file."""
    found: Records = {}
    with engine.begin() as conn:
        for table in record_tables():
            rows = conn.exec_driver_sql(f'SELECT * FROM "{table.name}"').mappings()
            found[table.name] = {row["id"]: dict(row) for row in rows}
    return found


def as_exchanged(engine: Engine, revision: int = 5, extra: object = None) -> None:
    """Leave every record as an exchange leaves it: at a revision, without base, with `extra` of a newer desk."""
    with engine.begin() as conn, applying(conn):
        for table in record_tables():
            conn.execute(update(table).values(synced_rev=revision, base=None, extra=extra))
