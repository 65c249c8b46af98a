"""Exchange without a server: a file on a stick or in a shared folder, which holds what a hub would hold, sealed.

The file is never worked on in place: a stick may be pulled out and a share may vanish. It is copied here, exchanged
with, and put back whole under its name, unless somebody else has changed it meanwhile: then it is done again with hers.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from advocate_desk import trouble
from advocate_desk.durable import sync_folder
from advocate_desk.errors import DeskError, Refused
from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import AWAY, VERSION_TABLE, DatabaseAway, SqliteDatabase
from advocate_desk.hub.near import Damaged, NearHub
from advocate_desk.hub.schema import NewerSchema, pending_steps
from advocate_desk.hub.turn import turn
from advocate_desk.sync.hub import Unreachable

T = TypeVar("T")

SUFFIX = ".advocate-bundle"
ATTEMPTS = 5
MOST_BYTES = 4 * 1024**3
LEAST_BYTES = 512
"""SQLite takes a shorter file for a new database."""
NOT_THERE = (
    "The exchange file cannot be reached. What you wrote is kept here. Bring the stick or folder back, try again."
)
NO_BUNDLE = (
    "This file is not an exchange file, or it is damaged. Nothing was changed. Choose another, or make a new one."
)
NEWER = "This exchange file was written by a newer version. Nothing was changed. Update the program to use it."
FULL = (
    "There is no room for the exchange file. It is as it was, and what you wrote is kept here. Free some space on the "
    "stick, in the folder or on this computer, and try again."
)
READ_ONLY = (
    "The exchange file can be read but not written, so it is as it was. What you wrote is kept here. Take off the "
    "stick’s write protection or ask for the right to write to the folder, and try again."
)
NOT_HERE = (
    "This computer could not open or write its copy of the exchange file. The exchange file is as it was, and what you "
    "wrote is kept here. Close other programs or start the computer again, and try again."
)
BUSY = "Somebody else is using the exchange file again and again. What you wrote is kept here. Try again in a minute."


def exchange_through(path: Path, caller: Caller, exchange: Callable[[NearHub], T]) -> T:
    """Run `exchange` with the hub in the file at `path`, and put back what it becomes. Raises Unreachable, Refused."""
    for _attempt in range(ATTEMPTS):
        with _room() as folder:
            copy = folder / "bundle"
            before = _fetch(path, copy)
            result = _with_hub(copy, caller, exchange)
            if _hash(copy) == before or _put_back(path, copy, before):
                return result
    raise Unreachable(BUSY)


def see_room(path: Path) -> None:
    """See that the file could be put back as it is now. Raises Unreachable.

    For who has something to give: what is given counts as given before the file is put back.
    """
    neighbour = _neighbour(path)
    try:
        neighbour.open("xb").close()
        neighbour.unlink()
        is_full = shutil.disk_usage(path.parent).free < path.stat().st_size
    except OSError as error:
        raise Unreachable(_words(error)) from error
    if is_full:
        raise Unreachable(FULL)


def make(path: Path, found: Callable[[SqliteDatabase], None]) -> None:
    """Make a new exchange file at `path`; `found` founds the organisation in it. Raises Refused, Unreachable."""
    if path.exists():
        raise Refused("There is a file of this name already. Nothing was changed. Choose another name.")
    with _room() as folder:
        copy = folder / "bundle"
        database = SqliteDatabase(copy)
        try:
            found(database)
        finally:
            database.close()
        _put_back(path, copy, "")


@contextmanager
def _room() -> Iterator[Path]:
    """A folder of our own on this computer. Raises Unreachable where its disk takes nothing more."""
    try:
        room = tempfile.TemporaryDirectory(prefix="advocate-desk-")
    except OSError as error:
        raise Unreachable(FULL) from error
    with room as folder:
        yield Path(folder)


def _told(error: Exception) -> DeskError:
    """What is said of trouble with the copy: this computer's disk, this computer, or what is in the file."""
    code = getattr(error.__cause__ or error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return Unreachable(FULL)
    return Unreachable(NOT_HERE) if isinstance(error, DatabaseAway) or code in AWAY else Refused(NO_BUNDLE)


def _with_hub(copy: Path, caller: Caller, exchange: Callable[[NearHub], T]) -> T:
    try:
        _check_schema(copy)
        database = SqliteDatabase(copy)
    except (sqlite3.DatabaseError, DatabaseAway, ValueError, TypeError) as error:
        raise _told(error) from error
    except NewerSchema as error:
        raise Refused(NEWER) from error
    try:
        return exchange(NearHub(database, caller, MOST_BYTES))
    except (sqlite3.DatabaseError, DatabaseAway, Damaged) as error:
        raise _told(error) from error
    finally:
        database.close()


def _check_schema(copy: Path) -> None:
    """See that the file has the tables of an exchange file and nothing else: no trigger or view of a stranger's runs.

    Raises Refused, NewerSchema, sqlite3.DatabaseError.
    """
    with closing(sqlite3.connect(copy)) as theirs, closing(sqlite3.connect(":memory:")) as ours:
        theirs.execute("PRAGMA trusted_schema = OFF")
        found = _schema_of(theirs)
        if found.get("hub_version") != _schema_of_version(ours, 0)["hub_version"]:
            raise Refused(NO_BUNDLE)
        version = theirs.execute("SELECT coalesce(max(version), 0) FROM hub_version").fetchone()[0]
        if not isinstance(version, int) or found != _schema_of_version(ours, version):
            raise Refused(NO_BUNDLE)


def _schema_of(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())


def _schema_of_version(empty: sqlite3.Connection, version: int) -> dict[str, str]:
    """What this version's own steps make, up to `version`. Raises NewerSchema for one that it does not know."""
    pending_steps(version, "BLOB")
    empty.execute(VERSION_TABLE)
    for number, statements in pending_steps(0, "BLOB"):
        if number <= version:
            for statement in statements:
                empty.execute(statement)
    return _schema_of(empty)


def _fetch(path: Path, copy: Path) -> str:
    """Copy the file here; the hash of what was copied."""
    try:
        if not LEAST_BYTES <= path.stat().st_size <= MOST_BYTES:
            raise Refused(NO_BUNDLE)
        shutil.copyfile(path, copy)
        return _hash(copy)
    except OSError as error:
        raise Unreachable(_words(error)) from error


def _put_back(path: Path, copy: Path, before: str) -> bool:
    """Put the copy under the name, whole; False where somebody else changed the file since it was fetched, or after."""
    neighbour = _neighbour(path)
    is_ours = False
    try:
        with copy.open("rb") as source, neighbour.open("xb") as target:
            is_ours = True
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        with turn(path):
            if before and _hash(path) != before:
                return False
            neighbour.replace(path)
            is_ours = False
            sync_folder(path.parent)
        return _hash(path) == _hash(copy)
    except OSError as error:
        raise Unreachable(_words(error)) from error
    finally:
        if is_ours:
            with suppress(OSError):  # a stick that was pulled out
                neighbour.unlink()


def _neighbour(path: Path) -> Path:
    """A name of our own beside the file: process ids are alike on many a computer."""
    return path.with_name(f".{path.name}.{secrets.token_hex(8)}")


def _words(error: OSError) -> str:
    meant = trouble.of_system(error)
    return {trouble.DISK_FULL: FULL, trouble.READ_ONLY: READ_ONLY}.get(meant, NOT_THERE)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
