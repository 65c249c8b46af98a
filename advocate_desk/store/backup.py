"""Copies the open store while it is worked on, proves the copy, and only then gives it its name.

A copy is what the store was at one moment: the pages are read under one snapshot, in small steps, and written under the
same key. It counts once SQLite finds it whole and every table has as many rows, and the audit chain the same end, as
the snapshot had. Until then it is a `.part` that the next start removes.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Connection, Engine

from advocate_desk import trouble
from advocate_desk.domain.backups import Why
from advocate_desk.durable import make_folder, sync_folder
from advocate_desk.errors import Stopped, Unavailable, WrongKey
from advocate_desk.store.backup_files import CopyFile, copy_of, new_path, partial_path
from advocate_desk.store.engine import CACHE_KIB, disk_trouble_in_words, refuse_plain
from advocate_desk.store.keying import connect_keyed
from advocate_desk.trouble import NOT_COPIED

STEP_PAGES = 128
"""Half a megabyte: some three milliseconds, which is how long a lock waits for a copy that it cuts off."""
PAUSE_S = 0.001
FLUSH_EVERY_STEPS = 8
"""Four megabytes: flushed as it grows, the copy asks little of the disk at its end, which a lock would wait for."""
RESERVE_BYTES = 32 * 1024**2
"""Left free on the disk: a copy must never take the room that the next save needs."""
WHOLE_CHECK_BYTES = 64 * 1024**2
"""Up to here every page is checked, the unused ones too; above, that would hold up a lock (measured: 2.4 s a GB)."""
LOOK_EVERY_STEPS = 500  # of SQLite's machine, or pages checked: some milliseconds between looks at `stop`

NO_ROOM = (
    "There is too little room on the disk for a backup, so none was made. The caseload itself is as it was. "
    "Free some space; then it is tried again."
)
DAMAGED_COPY = "This backup is damaged, so it was not used. Nothing was changed. Choose another one."
NOT_USED = "so the backup was not used. Nothing was changed."
OTHER_KEY = (
    "This backup was made by another desk, or before the key of this desk was changed, so it does not open here. "
    "Nothing was changed. Choose another one."
)
NOT_PROVED = (
    "The backup could not be read back as it was written, so it was not kept. The caseload itself is as it was."
)

Stop = Callable[[], bool]
Census = dict[str, Any]


def never() -> bool:
    """A `stop` for what is always finished."""
    return False


def make_copy(
    source: Engine,
    key: bytes | bytearray,
    folder: Path,
    why: Why,
    now: datetime,
    stop: Stop = never,
    *,
    above: int = 0,
) -> CopyFile:
    """Copy the store as it is in one moment into `folder`, made if it is not there. Not on the GUI thread.

    Others go on reading and writing meanwhile. `stop` is asked every few milliseconds. The copy is numbered above those
    of `folder` and above `above`. Raises Stopped, or Unavailable;
    then no copy has the name of one.
    """
    with disk_trouble_in_words(NOT_COPIED):
        make_folder(folder)
        path = new_path(folder, why, now, above)
        part = partial_path(path)
        try:
            census = _write(source, key, part, stop)
            if check_copy(part, key, stop) != census:
                raise Unavailable(NOT_PROVED)
            part.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        sync_folder(folder)
        copy = copy_of(path.name)
        assert copy is not None
        return CopyFile(path, copy, path.stat().st_size)


def check_copy(path: Path, key: bytes | bytearray, stop: Stop = never, *, is_thorough: bool = False) -> Census:
    """Read every page of the copy at `path` and count its rows. Raises Unavailable, WrongKey or Stopped.

    `is_thorough`: pages that hold nothing too, however many; that part cannot be stopped.
    """
    with reading_copy(path, key, stop) as raw:
        size = path.stat().st_size
        if not size:
            raise Unavailable(DAMAGED_COPY)  # it is a whole database of no tables, under any key
        if raw.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise Unavailable(DAMAGED_COPY)
        is_short = size <= WHOLE_CHECK_BYTES
        if (is_thorough or is_short) and raw.execute("PRAGMA cipher_integrity_check").fetchall():
            raise Unavailable(DAMAGED_COPY)
        return _census(lambda sql: raw.execute(sql).fetchall())


@contextmanager
def reading_copy(path: Path, key: bytes | bytearray, stop: Stop = never) -> Iterator[Any]:
    """A driver connection that reads the copy at `path`; nothing is written to it or beside it.

    What goes wrong inside becomes Unavailable, WrongKey or Stopped. A disk that does not answer is not called damage.
    """
    raw = None
    try:
        refuse_plain(path)
        raw = connect_keyed(path, key, 1.0, is_still=True)
        _prove_key(raw)
        raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        raw.execute("PRAGMA temp_store = MEMORY")
        raw.set_progress_handler(stop, LOOK_EVERY_STEPS)
        yield raw
    except sqlcipher.DatabaseError as error:
        if "interrupted" in str(error):
            raise Stopped from error
        told = trouble.of_driver(str(error))
        if told is None or told is trouble.DAMAGED:
            raise Unavailable(DAMAGED_COPY) from error
        raise Unavailable(told.told(NOT_USED)) from error
    finally:
        if raw is not None:
            raw.close()


def _prove_key(raw: Any) -> None:  # noqa: ANN401 - the driver has no types
    try:
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlcipher.DatabaseError as error:
        if "not a database" in str(error):
            raise WrongKey(OTHER_KEY) from error
        raise


def _write(source: Engine, key: bytes | bytearray, part: Path, stop: Stop) -> Census:
    part.unlink(missing_ok=True)
    with source.connect() as conn:
        _refuse_too_little_room(conn, part.parent)
        driver = conn.connection.driver_connection
        if driver is None:
            raise Unavailable(NOT_PROVED)
        census = _census_of_snapshot(conn, driver, stop)
        part.touch(mode=0o600)
        copy = connect_keyed(part, key, 1.0)
        try:
            copy.execute("PRAGMA journal_mode = OFF")  # a copy that was cut off is thrown away, not rolled back
            copy.execute("PRAGMA synchronous = OFF")
            with part.open("rb+") as file:
                step = _Steps(stop, file.fileno())
                driver.backup(copy, pages=_pages_in_a_step(conn), progress=step)
            copy.execute("PRAGMA journal_mode = DELETE")  # it is one file, and is read without a log beside it
        finally:
            copy.close()
    to_the_disk(part)
    return census


def _census_of_snapshot(conn: Connection, driver: Any, stop: Stop) -> Census:  # noqa: ANN401 - the driver has no types
    """Count the rows, which begins the snapshot that the pages are then read from."""
    conn.exec_driver_sql("SELECT 1 FROM sqlite_master").all()
    driver.set_progress_handler(stop, LOOK_EVERY_STEPS)
    try:
        return _census(lambda sql: driver.execute(sql).fetchall())
    except sqlcipher.OperationalError as error:
        if "interrupted" in str(error):
            raise Stopped from error
        raise
    finally:
        driver.set_progress_handler(None, 0)


class _Steps:
    """Called between two steps: others have the disk, and whoever locks the desk is heard."""

    def __init__(self, stop: Stop, file: int) -> None:
        self._stop, self._file, self._done = stop, file, 0

    def __call__(self, *_counts: int) -> None:
        if self._stop():
            raise Stopped
        self._done += 1
        if self._done % FLUSH_EVERY_STEPS == 0:
            os.fsync(self._file)
        time.sleep(PAUSE_S)


def _pages_in_a_step(conn: Connection) -> int:
    """All at once where there is no write-ahead log: on a network drive a reader holds up whoever writes."""
    has_log = conn.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    return STEP_PAGES if has_log else -1


def _refuse_too_little_room(conn: Connection, folder: Path) -> None:
    pages = int(conn.exec_driver_sql("PRAGMA page_count").scalar_one())
    page_bytes = int(conn.exec_driver_sql("PRAGMA page_size").scalar_one())
    if shutil.disk_usage(folder).free < pages * page_bytes + RESERVE_BYTES:
        raise Unavailable(NO_ROOM)


def to_the_disk(part: Path) -> None:
    """Flush a file, and have the system forget it, so that what is checked next is what the disk holds."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0 ORDER BY name"


def _census(rows: Callable[[str], list[Any]]) -> Census:
    """How many rows each table has, and where the audit chain ends."""
    names = [name for (name,) in rows(_TABLES)]
    found: Census = {name: rows(f'SELECT count(*) FROM "{name}"')[0][0] for name in names}  # noqa: S608 - our tables
    if "audit_head" in names:
        found["end of the audit chain"] = rows("SELECT position, hash FROM audit_head")
    return found
