"""Change tracking, search upkeep and immutability, as database triggers generated from the mapped tables.

Being triggers, no code goes round them, bulk writes included. `applying` is the one thing that switches the tracking
off, for what was pulled from the hub, inside its own transaction: a crash or a rollback switches it on again. What is
added then is put into the search index by `index_added`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Table, update

from advocate_desk.store.tables.base import BOOKKEEPING, content_columns, record_tables
from advocate_desk.store.tables.local import tracking
from advocate_desk.store.to_check import marking_triggers

FROZEN_ONCE = {
    "contact_note": "1",
    "risk_assessment": "OLD.finalised_at IS NOT NULL",
    "stored_document": "1",
    "disclosure": "1",
}
"""Tables whose rows are never edited in place, and from when: an amendment is a new record that names the old."""

WATCHED = "(SELECT is_applying FROM tracking) = 0"


def _differs(columns: tuple[str, ...]) -> str:
    return " OR ".join(f'OLD."{name}" IS NOT NEW."{name}"' for name in columns)


def _tracking_triggers(table: Table) -> Iterator[tuple[str, str]]:
    name = table.name
    columns = content_columns(table)
    meant = tuple(each for each in columns if each != "changed_at")  # a touched row alone is no change: no noise
    # A document's bytes never change (it is frozen), and a BLOB has no JSON form: base leaves it out.
    kept = [each for each in columns if table.c[each].type.__class__.__name__ != "LargeBinary"]
    fields = ", ".join(f"'{each}', OLD.\"{each}\"" for each in kept)
    yield (
        f"tr_{name}_keep_base",
        (
            f'CREATE TRIGGER tr_{name}_keep_base AFTER UPDATE ON "{name}" '
            f"WHEN {WATCHED} AND OLD.synced_rev IS NOT NULL AND OLD.base IS NULL AND ({_differs(meant)}) "
            f'BEGIN UPDATE "{name}" SET base = json_object({fields}) WHERE id = OLD.id; END'
        ),
    )
    yield (
        f"tr_{name}_hold_rev",
        (
            f'CREATE TRIGGER tr_{name}_hold_rev BEFORE UPDATE OF synced_rev ON "{name}" '
            f"WHEN {WATCHED} AND OLD.synced_rev IS NOT NEW.synced_rev "
            f"BEGIN SELECT RAISE(ABORT, 'a revision is set only by an exchange'); END"
        ),
    )
    yield (
        f"tr_{name}_hold_row",
        (
            f'CREATE TRIGGER tr_{name}_hold_row BEFORE DELETE ON "{name}" WHEN {WATCHED} '
            f"BEGIN SELECT RAISE(ABORT, 'a record is marked deleted, never removed'); END"
        ),
    )


def _freezing_triggers(table: Table) -> Iterator[tuple[str, str]]:
    since = FROZEN_ONCE.get(table.name)
    if since is None:
        return
    loose = {"deleted_at", "changed_at", *BOOKKEEPING}
    columns = tuple(each for each in content_columns(table) if each not in loose)
    yield (
        f"tr_{table.name}_frozen",
        (
            f'CREATE TRIGGER tr_{table.name}_frozen BEFORE UPDATE ON "{table.name}" '
            f"WHEN {WATCHED} AND {since} AND ({_differs(columns)}) "
            f"BEGIN SELECT RAISE(ABORT, 'this record is final: an amendment is a new record'); END"
        ),
    )


def searched_columns(table: Table) -> tuple[str, ...]:
    """The columns whose text goes into the full-text index."""
    return tuple(each.name for each in table.columns if each.info.get("searched"))


FIGURES = {
    "client_file": "lower(replace({row}.\"reference\", '-', ''))",
    "contact_method": (
        "replace(replace(replace(replace(replace({row}.\"value\", ' ', ''), '-', ''), '(0)', ''), '(', ''), ')', '')"
    ),
}
"""What is also found by figures in its middle: a reference or a number, without spaces, dashes and brackets."""


def search_index(table: Table) -> str:
    """The full-text index of a table. Notes have their own: beside them nothing would answer a letter at once."""
    return "search_text" if table.name == "contact_note" else "search_record"


def _body(table: Table, row: str) -> str:
    return " || ' ' || ".join(f'{row}."{name}"' for name in searched_columns(table))


def index_added(driver: Any, table: Table, ids: Collection[str]) -> None:  # noqa: ANN401 - the driver has no types
    """Put the rows that an exchange has added to a table into the search index, all of them at once.

    A trigger does that row by row, and FTS5 writes what it has to the disk after each statement of a trigger: eight
    times the cost. `ids` as the table keeps them. In the caller's transaction.
    """
    if not ids or not searched_columns(table):
        return
    figures = FIGURES.get(table.name)
    columns, values, otherwise = (
        "record_id, file_id, kind",
        f"t.id, t.file_id, '{table.info['searched_as']}'",
        "NOTHING",
    )
    if figures is not None:
        columns, values = f"{columns}, figures", f"{values}, {figures.format(row='t')}"
        otherwise = "UPDATE SET figures = excluded.figures"
    added = f'FROM json_each(?) a JOIN "{table.name}" t ON t.id = a.value'
    told = (json.dumps(list(ids)),)
    driver.execute(
        f"INSERT INTO search_entry ({columns}) SELECT {values} {added} "
        f"WHERE t.deleted_at IS NULL ON CONFLICT (record_id) DO {otherwise}",
        told,
    )
    driver.execute(
        f"INSERT INTO {search_index(table)} (rowid, body, kind) "
        f"SELECT e.entry, {_body(table, 't')}, '{table.info['searched_as']}' {added} "
        "JOIN search_entry e ON e.record_id = t.id WHERE t.deleted_at IS NULL",
        told,
    )


def _put_entry(table: Table) -> str:
    kind, figures = table.info["searched_as"], FIGURES.get(table.name)
    if figures is None:
        return (
            f"INSERT INTO search_entry (record_id, file_id, kind) VALUES (NEW.id, NEW.file_id, '{kind}') "
            "ON CONFLICT (record_id) DO NOTHING"
        )
    return (
        "INSERT INTO search_entry (record_id, file_id, kind, figures) "
        f"VALUES (NEW.id, NEW.file_id, '{kind}', {figures.format(row='NEW')}) "
        "ON CONFLICT (record_id) DO UPDATE SET figures = excluded.figures"
    )


def _search_triggers(table: Table) -> Iterator[tuple[str, str]]:
    columns = searched_columns(table)
    if not columns:
        return
    name, kind, index = table.name, table.info["searched_as"], search_index(table)
    entry = "(SELECT entry FROM search_entry WHERE record_id = {row}.id)"
    take = (
        f"INSERT INTO {index} ({index}, rowid, body, kind) "
        f"SELECT 'delete', entry, {_body(table, 'OLD')}, '{kind}' FROM search_entry WHERE record_id = OLD.id; "
    )
    put = (
        f"{_put_entry(table)}; INSERT INTO {index} (rowid, body, kind) "
        f"VALUES ({entry.format(row='NEW')}, {_body(table, 'NEW')}, '{kind}'); "
    )
    yield (
        f"tr_{name}_search_add",
        (
            f'CREATE TRIGGER tr_{name}_search_add AFTER INSERT ON "{name}" '
            f"WHEN {WATCHED} AND NEW.deleted_at IS NULL BEGIN {put}END"
        ),
    )
    changed = _differs(columns)
    yield (
        f"tr_{name}_search_change",
        (
            f'CREATE TRIGGER tr_{name}_search_change AFTER UPDATE ON "{name}" '
            f"WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NULL AND ({changed}) BEGIN {take}{put}END"
        ),
    )
    drop = "DELETE FROM search_entry WHERE record_id = OLD.id; "
    yield (
        f"tr_{name}_search_hide",
        (
            f'CREATE TRIGGER tr_{name}_search_hide AFTER UPDATE OF deleted_at ON "{name}" '
            f"WHEN OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL BEGIN {take}{drop}END"
        ),
    )
    yield (
        f"tr_{name}_search_show",
        (
            f'CREATE TRIGGER tr_{name}_search_show AFTER UPDATE OF deleted_at ON "{name}" '
            f"WHEN OLD.deleted_at IS NOT NULL AND NEW.deleted_at IS NULL BEGIN {put}END"
        ),
    )


def _search_source(index: str) -> tuple[str, str]:
    """(name, SQL) of the text behind an index, read in place: the index itself keeps no second copy of a note."""
    parts = [
        f"SELECT e.entry AS entry, {_body(table, 't')} AS body, e.kind AS kind FROM search_entry e "
        f'JOIN "{table.name}" t ON t.id = e.record_id'
        for table in record_tables()
        if searched_columns(table) and search_index(table) == index
    ]
    name = "search_source" if index == "search_text" else "searched_records"
    return name, f"CREATE VIEW {name} AS " + " UNION ALL ".join(parts)


def store_objects() -> Iterator[tuple[str, str]]:
    """(name, SQL) of every view, virtual table and trigger beside the tables, in the order to create them."""
    yield _search_source("search_text")
    yield _search_source("search_record")
    yield (
        "search_text",
        (
            "CREATE VIRTUAL TABLE search_text USING fts5(body, kind, content='search_source', content_rowid='entry', "
            "tokenize='unicode61 remove_diacritics 2')"
        ),
    )
    yield (
        "search_record",
        (
            "CREATE VIRTUAL TABLE search_record USING fts5(body, kind, content='searched_records', "
            "content_rowid='entry', tokenize='unicode61 remove_diacritics 2', prefix='1 2 3')"
        ),
    )
    for table in record_tables():
        yield from _tracking_triggers(table)
        yield from _freezing_triggers(table)
        yield from _search_triggers(table)
    yield from marking_triggers()
    for verb in ("UPDATE", "DELETE"):
        name = f"tr_audit_event_no_{verb.lower()}"
        yield (
            name,
            (
                f"CREATE TRIGGER {name} BEFORE {verb} ON audit_event "
                "BEGIN SELECT RAISE(ABORT, 'the audit chain is only added to'); END"
            ),
        )


@contextmanager
def applying(conn: Connection) -> Iterator[None]:
    """While inside, writes are those of an exchange: they keep no base, may set revisions, and index what they add."""
    conn.execute(update(tracking).values(is_applying=True))
    yield
    conn.execute(update(tracking).values(is_applying=False))
