"""The encrypted database: opening, proving that it is encrypted, and the driver's errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, ExceptionContext, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import QueuePool

from advocate_desk import trouble
from advocate_desk.errors import Unavailable, WrongKey
from advocate_desk.store import thread_connections
from advocate_desk.store.filesystem import is_remote
from advocate_desk.store.keying import connect_keyed
from advocate_desk.store.whereabouts import LostFile, Whereabouts

CACHE_KIB = 64 * 1024
"""Measured: with 64 MB of cache lists read as fast as from a plain SQLite, with the default 2 MB they do not."""
BUSY_MS = 5_000
PLAIN_HEADER = b"SQLite format 3\x00"
MADE = 1
"""The `user_version` of every store of ours: a file without it holds nothing."""
LEAST_BYTES = 512
"""The smallest page of SQLite: no store is shorter."""

DATABASE_NAME = "caseload.db"


def open_store(path: Path, key: bytes | bytearray) -> Engine:
    """Engine on the encrypted store at `path`, unlocked with the raw 32-byte `key`.

    Raises WrongKey when the key does not open it, Unavailable when the file is not there, is not encrypted or cannot
    be read.
    """
    if not path.is_file():
        raise Unavailable(trouble.MISSING.told(trouble.NOT_OPENED))
    refuse_plain(path)
    if path.stat().st_size < LEAST_BYTES:  # SQLite takes it for a new database, and would hide that all of it is gone
        raise Unavailable(trouble.EMPTY.told(trouble.NOT_OPENED))
    engine = _engine(path, key)
    try:
        with disk_trouble_in_words(trouble.NOT_OPENED):
            _prove_key(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prove_key(engine: Engine) -> None:
    try:
        with engine.connect() as conn:
            made = conn.exec_driver_sql("PRAGMA user_version").scalar_one()
    except DatabaseError as error:
        if "file is not a database" in str(error.orig):
            raise WrongKey(trouble.OTHER_FILE.told(trouble.NOT_OPENED)) from error
        raise
    if not made:
        raise Unavailable(trouble.EMPTY.told(trouble.NOT_OPENED))


def create_store(path: Path, key: bytes | bytearray) -> Engine:
    """Engine on a new, empty, encrypted file at `path`. Raises Unavailable where it exists or cannot be made."""
    new = path.with_name(f".{path.name}.new")
    try:
        if path.exists():
            raise FileExistsError(path)
        for left in (new, *_neighbours(new)):  # of an attempt that was cut off
            left.unlink(missing_ok=True)
        new.touch(mode=0o600, exist_ok=False)
        _mark_made(new, key)
        new.replace(path)  # now it is a whole store: a cut-off one never has the name
    except OSError as error:
        raise Unavailable(trouble.NOT_MADE.told("so nothing was saved there.")) from error
    return _engine(path, key)


def _mark_made(path: Path, key: bytes | bytearray) -> None:
    engine = _engine(path, key)
    try:
        with disk_trouble_in_words(trouble.NOT_OPENED), engine.connect() as conn:
            conn.exec_driver_sql(f"PRAGMA user_version = {MADE}")
            conn.commit()
    finally:
        engine.dispose()
    refuse_plain(path)


def _neighbours(path: Path) -> tuple[Path, ...]:
    """The files that SQLite keeps beside a database while it is open."""
    return path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")


def refuse_plain(path: Path) -> None:
    """Raise Unavailable if the file can be read without a key: such a file is never written to."""
    with disk_trouble_in_words(trouble.NOT_OPENED), path.open("rb") as file:
        header = file.read(len(PLAIN_HEADER))
    if header == PLAIN_HEADER:
        raise Unavailable(trouble.PLAIN.told(trouble.NOT_OPENED))


def _engine(path: Path, key: bytes | bytearray) -> Engine:
    if len(key) != 32:
        raise ValueError("the key must be 32 bytes")
    is_shared, whereabouts = is_remote(path.parent), Whereabouts(path)

    def connect() -> Any:  # noqa: ANN401 - the driver has no types
        whereabouts.refuse_missing()
        raw = connect_keyed(path, key, BUSY_MS / 1000)  # transactions are begun by us, below
        raw.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        raw.execute("PRAGMA temp_store = MEMORY")
        raw.execute("PRAGMA foreign_keys = ON")
        raw.execute("PRAGMA recursive_triggers = ON")  # else a REPLACE goes round the triggers that hold a row
        raw.execute("PRAGMA secure_delete = ON")
        try:
            _choose_journal(raw, is_shared)
        except sqlcipher.DatabaseError:
            raw.close()
            raise
        raw.execute("PRAGMA synchronous = FULL")
        return raw

    engine = create_engine(
        "sqlite://",
        creator=connect,
        module=sqlcipher,
        poolclass=QueuePool,
        pool_size=3,
        hide_parameters=True,  # an error would quote what somebody typed
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", _renew_spoiled)
    whereabouts.watch(engine)
    thread_connections.watch(engine)
    return engine


def _choose_journal(raw: Any, is_shared: bool) -> None:  # noqa: ANN401
    """A write-ahead log, but a rollback journal on a network drive, where that log corrupts the database.

    Source: sqlite.org/wal.html, "WAL does not work over a network filesystem". A store that was kept with a log is
    turned under an exclusive lock, in which SQLite wants no memory that computers would have to share.
    """
    if not is_shared:
        raw.execute("PRAGMA journal_mode = WAL")
        return
    raw.execute("PRAGMA locking_mode = EXCLUSIVE")
    raw.execute("PRAGMA journal_mode = TRUNCATE")
    raw.execute("PRAGMA locking_mode = NORMAL")
    raw.execute("SELECT 1 FROM sqlite_master").fetchone()  # a lock is let go at the first read after that


_SPOILING = (trouble.DAMAGED, trouble.READ_ONLY, trouble.NO_ANSWER)


def _renew_spoiled(context: ExceptionContext) -> None:
    """Have the next transaction open the file anew after an error that SQLCipher does not get over.

    Once a page did not decrypt, the connection refuses every write as if the file were read-only, or as if there were
    no memory; one that was opened on a read-only disk stays so when the disk can be written to.
    """
    error = context.original_exception
    is_spoiled = isinstance(error, MemoryError) or trouble.of_driver(str(error)) in _SPOILING
    if is_spoiled and context.connection is not None:
        context.connection.connection.invalidate(error, soft=True)


def writing(engine: Engine) -> Engine:
    """The same engine, whose transactions take the store's one place for a writer when they begin.

    One that reads first and writes then would be refused at once, without waiting, if another process wrote between.
    """
    return engine.execution_options(takes_writer=True)


def _begin(connection: Any) -> None:  # noqa: ANN401
    # The driver would begin only before INSERT, UPDATE or DELETE: a failed migration would then leave its tables.
    takes_writer = connection.get_execution_options().get("takes_writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if takes_writer else "BEGIN")


@contextmanager
def disk_trouble_in_words(kept: str = trouble.NOT_SAVED) -> Iterator[None]:
    """Turn what the disk refuses into a sentence; `kept` ends it. Stands around every transaction.

    A broken constraint is no trouble of the disk but our own defect, and goes on as it is.
    """
    try:
        yield
    except (DBAPIError, sqlcipher.Error) as error:
        reason = str(error.orig if isinstance(error, DBAPIError) else error)
        told = trouble.of_driver(reason)
        if told is None:
            raise
        raise Unavailable(told.told(kept)) from error
    except MemoryError as error:
        raise Unavailable(trouble.NO_MEMORY.told(kept)) from error
    except LostFile as error:
        raise Unavailable(trouble.GONE.told(kept)) from error
    except OSError as error:
        raise Unavailable(trouble.of_system(error).told(kept)) from error
