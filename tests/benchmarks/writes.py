"""What is written: a note, an import, a backup. Each beside the least that the driver needs for it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlcipher3.dbapi2 as sqlcipher

from advocate_desk.casework.import_rows import RowToImport
from advocate_desk.casework.imports import import_rows
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.work import Work
from advocate_desk.domain.backups import Why
from advocate_desk.store.backup import make_copy
from advocate_desk.store.tables.base import record_tables
from advocate_desk.store.tables.local import audit_event, file_summary, import_batch
from advocate_desk.store.tables.work import contact_note
from tests.benchmarks.caseloads import Built
from tests.benchmarks.figures import MS, SHARE, Figure, figure, medians
from tests.benchmarks.statements import bare_driver

NOTE_TARGET = 2.0
IMPORT_TARGET = 3.0  # a third of the speed of raw inserts
IMPORT_ROWS = 5_000
NOTE_ROUNDS = 25
WRITTEN = tuple(table.name for table in (import_batch, *record_tables(), audit_event, file_summary))
"""The tables that an import writes to itself; the search index is written by triggers, on both sides."""
COPY_ROUNDS = 5
TEXT = "She was told of the new date, and asked for a screen and for the side entrance. " * 5


def save_a_note(built: Built) -> Iterator[Figure]:
    """A note through casework, beside its row alone: BEGIN IMMEDIATE, the insert, COMMIT to the disk."""
    file_id = built.file_ids[len(built.file_ids) // 2]
    with built.work() as work:
        note = NoteDetails(work.clock.now(), "phone", TEXT)
        written = write_note(work, file_id, note)
        assert written.record_id is not None
        with bare_driver(work.engine) as driver:
            rows = _rows(driver, contact_note.name, "id = ?", written.record_id.hex)
            acts = (partial(write_note, work, file_id, note), partial(_bare_note, driver, rows))
            value, floor = medians(acts, NOTE_ROUNDS)
    yield figure("Save a note", built.size, value, MS, floor, NOTE_TARGET)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table as the driver gives them, and the statement that inserts one."""

    sql: str
    columns: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]


def _rows(driver: Any, table: str, where: str, *given: object) -> Rows:
    found = driver.execute(f'SELECT * FROM "{table}" WHERE {where}', given)
    columns = tuple(each[0] for each in found.description)
    names, marks = ", ".join(f'"{each}"' for each in columns), ", ".join("?" for _ in columns)
    return Rows(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', columns, tuple(tuple(row) for row in found))


def _bare_note(driver: Any, rows: Rows) -> None:
    at, (row,) = rows.columns.index("id"), rows.values
    driver.execute("BEGIN IMMEDIATE")
    driver.execute(rows.sql, (*row[:at], uuid4().hex, *row[at + 1 :]))
    driver.execute("COMMIT")


def import_a_list(built: Built, count: int = IMPORT_ROWS) -> Iterator[Figure]:
    """A referral list through casework, beside the same rows of the same tables inserted by the bare driver."""
    rows = [_referral(number) for number in range(2, count + 2)]
    with tempfile.TemporaryDirectory(dir=built.folder.parent) as folder:
        one, two = (Path(folder) / name for name in ("one", "two"))
        one.mkdir()
        two.mkdir()
        with built.work(built.copied(one)) as work, built.work(built.copied(two)) as other:
            with bare_driver(work.engine) as driver:
                before = {name: _last_row(driver, name) for name in WRITTEN}
            start = time.perf_counter()
            import_rows(work, rows, {})
            value = (time.perf_counter() - start) * 1000
            with bare_driver(work.engine) as driver:
                new = [_rows(driver, name, "rowid > ?", last) for name, last in before.items()]
            with bare_driver(other.engine) as driver:
                start = time.perf_counter()
                _bare_inserts(driver, new)
                floor = (time.perf_counter() - start) * 1000
    name = f"Import of {count:,} rows"
    yield figure(name, built.size, value, MS, floor, IMPORT_TARGET)
    yield figure(f"{name}, share of the speed of raw inserts", built.size, floor / value, SHARE, 1.0)


def _last_row(driver: Any, table: str) -> int:
    return int(driver.execute(f'SELECT coalesce(max(rowid), 0) FROM "{table}"').fetchone()[0])


def _bare_inserts(driver: Any, new: list[Rows]) -> None:
    driver.execute("BEGIN IMMEDIATE")
    for rows in new:
        driver.executemany(rows.sql, rows.values)
    driver.execute("COMMIT")


def _referral(number: int) -> RowToImport:
    """A row as a police force sends it."""
    values: dict[str, str | date] = {
        "client_given": "Una",
        "client_family": f"Stonechat{number}",
        "client_born_on": date(1970, 1, 1) + timedelta(days=number % 9000),
        "client_phone": f"07700 9{number % 100000:05d}",
        "perpetrator_given": "Imagino",
        "perpetrator_family": f"Fabricant{number}",
        "source": "police",
        "received_on": date(2026, 1, 20),
        "risk_at_referral": "high",
        "crime_ref": f"EX{200000 + number}/26",
    }
    return RowToImport(number, values)


def back_up(built: Built) -> Iterator[Figure]:
    """A backup as the desk makes it, proved before it counts, beside the driver's own copy of the pages."""
    with built.work() as work, tempfile.TemporaryDirectory(dir=built.folder.parent) as folder:
        acts = (partial(_desk_copy, work, built, Path(folder)), partial(_bare_copy, work, built, Path(folder)))
        value, floor = medians(acts, COPY_ROUNDS)
    yield figure("Backup", built.size, value, MS, floor)


def _desk_copy(work: Work, built: Built, folder: Path) -> None:
    made = make_copy(work.engine, built.key, folder / "copies", Why.ASKED, work.clock.now())
    made.path.unlink()


def _bare_copy(work: Work, built: Built, folder: Path) -> None:
    target = folder / "bare.db"
    copy = sqlcipher.connect(str(target))
    try:
        copy.execute(f"PRAGMA key = \"x'{built.key.hex()}'\"")
        with bare_driver(work.engine) as driver:
            driver.backup(copy)
    finally:
        copy.close()
    target.unlink()
