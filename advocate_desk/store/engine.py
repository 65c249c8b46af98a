"""The encrypted database: opening, proving that it is encrypted, and the driver's errors in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import QueuePool

from advocate_desk.errors import Unavailable, WrongKey

CACHE_KIB = 64 * 1024
"""Measured: with 64 MB of cache lists read as fast as from a plain SQLite, with the default 2 MB they do not."""
BUSY_MS = 5_000
PLAIN_HEADER = b"SQLite format 3\x00"

DATABASE_NAME = "caseload.db"


def open_store(path: Path, key: bytes | bytearray) -> Engine:
    """Engine on the encrypted store at `path`, unlocked with the raw 32-byte `key`.

    Raises WrongKey when the key does not open it, Unavailable when the file is not there, is not encrypted or cannot
    be read.
    """
    if not path.is_file():
        raise Unavailable("The caseload file is not where it should be. Nothing was changed. Restore it from a backup.")
    refuse_plain(path)
    engine = _engine(path, key)
    try:
        with engine.connect() as conn:
            conn.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    except DatabaseError as error:
        engine.dispose()
        if "file is not a database" in str(error.orig):
            raise WrongKey("This key does not open the caseload. Nothing was changed.") from error
        raise Unavailable("The caseload file cannot be read. Nothing was changed. Restore it from a backup.") from error
    return engine


def create_store(path: Path, key: bytes | bytearray) -> Engine:
    """Engine on a new, empty, encrypted file at `path`. Raises Unavailable where it exists or cannot be made."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except OSError as error:
        raise Unavailable("The caseload file could not be made there. Nothing was changed.") from error
    engine = _engine(path, key)
    with engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA user_version = 1")
        conn.commit()
    refuse_plain(path)
    return engine


def refuse_plain(path: Path) -> None:
    """Raise Unavailable if the file can be read without a key: such a file is never written to."""
    with path.open("rb") as file:
        header = file.read(len(PLAIN_HEADER))
    if header == PLAIN_HEADER:
        raise Unavailable("The caseload file is not encrypted, so it was not opened and nothing was written to it.")


def _engine(path: Path, key: bytes | bytearray) -> Engine:
    if len(key) != 32:
        raise ValueError("the key must be 32 bytes")

    def connect() -> Any:  # noqa: ANN401 - the driver has no types
        raw = sqlcipher.connect(str(path), check_same_thread=False, timeout=BUSY_MS / 1000)
        raw.isolation_level = None  # transactions are begun by us, below
        raw.execute("PRAGMA cipher_log_level = NONE")  # a wrong key is ours to report, not the library's on stderr
        raw.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        raw.execute("PRAGMA temp_store = MEMORY")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA secure_delete = ON")
        try:
            raw.execute("PRAGMA journal_mode = WAL")
        except sqlcipher.DatabaseError:
            raw.close()
            raise
        raw.execute("PRAGMA synchronous = FULL")
        return raw

    engine = create_engine("sqlite://", creator=connect, module=sqlcipher, poolclass=QueuePool, pool_size=3)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Any) -> None:  # noqa: ANN401
    # The driver would begin only before INSERT, UPDATE or DELETE: a failed migration would then leave its tables.
    connection.exec_driver_sql("BEGIN")


@contextmanager
def disk_trouble_in_words() -> Iterator[None]:
    """Turn what the disk refuses into a sentence. Stands around every transaction, and nowhere else."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig)
        if "disk is full" in reason:
            raise Unavailable(
                "The disk is full, so this was not saved. What you typed is still here. Free some space and save again."
            ) from error
        if "readonly" in reason or "read-only" in reason:
            raise Unavailable(
                "The caseload folder cannot be written to, so this was not saved. What you typed is still here."
            ) from error
        if "locked" in reason:
            raise Unavailable(
                "The caseload is busy in another window, so this was not saved. Try again in a moment."
            ) from error
        if "disk I/O error" in reason or "unable to open" in reason:
            raise Unavailable(
                "The disk did not answer, so this was not saved. What you typed is still here. Try again."
            ) from error
        raise


def backup_pages(source: Engine, target: Path, key: bytes | bytearray) -> None:
    """Copy the whole store, as it is in one moment, to a new encrypted file at `target` under the same key."""
    target.touch(mode=0o600, exist_ok=False)
    copy = _engine(target, key)
    try:
        with source.connect() as from_conn, copy.connect() as to_conn:
            driver_from, driver_to = from_conn.connection.driver_connection, to_conn.connection.driver_connection
            if driver_from is None or driver_to is None:
                raise sqlite3.ProgrammingError("no connection")
            driver_from.backup(driver_to)
    finally:
        copy.dispose()
    refuse_plain(target)
