"""What is written: a note, an import, a backup. Each beside the least that the driver needs for it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import sqlcipher3.dbapi2 as sqlcipher

from advocate_desk.casework.import_rows import RowToImport
from advocate_desk.casework.imports import import_rows
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.work import Work
from advocate_desk.domain.backups import Why
from advocate_desk.store.backup import make_copy
from tests.benchmarks.caseloads import Built
from tests.benchmarks.figures import MS, SHARE, Figure, figure, medians
from tests.benchmarks.statements import Sent, bare_driver, caught

NOTE_TARGET = 2.0
IMPORT_TARGET = 3.0  # a third of the speed of raw inserts
IMPORT_ROWS = 5_000
NOTE_ROUNDS = 25
COPY_ROUNDS = 5
TEXT = "She was told of the new date, and asked for a screen and for the side entrance. " * 5


def save_a_note(built: Built) -> Iterator[Figure]:
    """A note through casework, beside its row alone: BEGIN IMMEDIATE, the insert, COMMIT to the disk."""
    file_id = built.file_ids[len(built.file_ids) // 2]
    with built.work() as work:
        note = NoteDetails(work.clock.now(), "phone", TEXT)
        what = caught(work.engine, lambda: write_note(work, file_id, note))
        row = next(one for one in what.sent if one.sql.startswith("INSERT INTO contact_note"))
        with bare_driver(work.engine) as driver:
            acts = (partial(write_note, work, file_id, note), partial(_bare_note, driver, row))
            value, floor = medians(acts, NOTE_ROUNDS)
    yield figure("Save a note", built.size, value, MS, floor, NOTE_TARGET)


def _bare_note(driver: Any, row: Sent) -> None:
    driver.execute("BEGIN IMMEDIATE")
    driver.execute(row.sql, _with_new_id(row.given))
    driver.execute("COMMIT")


def _with_new_id(given: Any) -> Any:
    """The same row under another identifier: the first of its values that is one, which is its own."""
    if isinstance(given, dict):
        return {**given, "id": uuid4().hex}
    at = next(number for number, value in enumerate(given) if _is_id(value))
    return (*given[:at], uuid4().hex, *given[at + 1 :])


def _is_id(value: object) -> bool:
    try:
        UUID(hex=str(value))
    except ValueError:
        return False
    return True


def import_a_list(built: Built, count: int = IMPORT_ROWS) -> Iterator[Figure]:
    """A referral list through casework, beside the same rows of the same tables inserted by the bare driver."""
    rows = [_referral(number) for number in range(2, count + 2)]
    with tempfile.TemporaryDirectory(dir=built.folder.parent) as folder:
        one, two = (Path(folder) / name for name in ("one", "two"))
        one.mkdir()
        two.mkdir()
        with built.work(built.copied(one)) as work:
            inserts = [each for each in caught(work.engine, lambda: import_rows(work, rows, {})).sent if _adds(each)]
        value, floor = _import_turns(built, one, two, rows, inserts)
    name = f"Import of {count:,} rows"
    yield figure(name, built.size, value, MS, floor, IMPORT_TARGET)
    yield figure(f"{name}, share of the speed of raw inserts", built.size, floor / value, SHARE, 1.0)


def _adds(each: Sent) -> bool:
    return each.sql.startswith("INSERT INTO") and (each.many or len(each.given) > 0)


def _import_turns(
    built: Built, one: Path, two: Path, rows: list[RowToImport], inserts: list[Sent]
) -> tuple[float, float]:
    """Median milliseconds of both, each time on a copy that holds none of the rows yet."""
    with (
        built.work(built.copied(one)) as work,
        built.work(built.copied(two)) as other,
        bare_driver(other.engine) as driver,
    ):
        value, floor = once((partial(import_rows, work, rows, {}), partial(_bare_inserts, driver, inserts)))
    return value, floor


def once(acts: tuple[Any, Any]) -> tuple[float, float]:
    """Milliseconds of two acts that can be done only once."""
    taken = []
    for act in acts:
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return taken[0], taken[1]


def _bare_inserts(driver: Any, inserts: list[Sent]) -> None:
    driver.execute("BEGIN IMMEDIATE")
    for one in inserts:
        if one.many:
            driver.executemany(one.sql, one.given)
        else:
            driver.execute(one.sql, one.given)
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
