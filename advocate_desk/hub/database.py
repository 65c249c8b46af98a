"""The hub's database: PostgreSQL by a URL, or SQLite in a file, behind the few calls that the routes make.

SQL is written once, with `?` for a parameter and `/*lock*/` where PostgreSQL locks the row: SQLite has one writer, and
takes the whole database for it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from advocate_desk.hub.schema import pending_steps

Row: TypeAlias = tuple[Any, ...]

BUSY_S = 30.0
AWAY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}
"""What SQLite says where it is not the file that is wrong."""
VERSION_TABLE = "CREATE TABLE IF NOT EXISTS hub_version (version BIGINT NOT NULL)"
MIGRATION_LOCK = 0x41646B48
"""PostgreSQL's advisory lock under which one worker at a time takes the schema's steps."""


class DatabaseAway(Exception):
    """The database does not answer, or not in time, or has no room. The transaction may or may not have been kept."""


class DatabaseForbids(Exception):
    """The hub's user may not write in the database, or not make its tables."""


class Session(Protocol):
    """One transaction."""

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """Run a statement; every row of its answer."""

    def run(self, sql: str, *parameters: object) -> None:
        """Run a statement that answers nothing."""

    def many(self, sql: str, rows: Sequence[Row]) -> None:
        """Run a statement once for each of `rows`."""

    def add(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Add rows to a table that has none of them: bytes and whole numbers."""

    def matching(self, sql: str, columns: Sequence[Sequence[object]], *parameters: object) -> list[Row]:
        """Rows of a statement that joins `wanted`, a list given column by column (bytes each), to a table.

        Written as `FROM wanted w CROSS JOIN table t WHERE t.column = w.c0 AND t.organisation = ? AND ...`, each row of
        the list is looked up by the table's key.
        """


class Database(Protocol):
    """Where transactions come from. Safe to share between threads."""

    def writing(self) -> Any:  # noqa: ANN401 - a context manager of Session
        """A transaction that writes. Commits at the end, rolls back on an error. Raises DatabaseAway."""

    def reading(self) -> Any:  # noqa: ANN401 - a context manager of Session
        """A transaction that sees one state of the database throughout. Raises DatabaseAway."""

    def close(self) -> None:
        """Let the connections go."""


def open_database(url: str) -> Database:
    """The database at `url`: "postgresql://..." or the path of a SQLite file. Brings its schema to this version.

    Raises DatabaseAway, DatabaseForbids, NewerSchema.
    """
    if url.startswith(("postgresql://", "postgres://")):
        from advocate_desk.hub.postgres import PostgresDatabase  # noqa: PLC0415 - its driver only where it is used

        return PostgresDatabase(url)
    try:
        return SqliteDatabase(Path(url))
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
            raise
        raise DatabaseForbids from error


def take_steps(session: Session, bytes_type: str) -> None:
    """Bring the schema to this version, in a transaction that nobody else is in. Raises NewerSchema.

    `bytes_type` is what the database calls raw bytes.
    """
    session.run(VERSION_TABLE)
    done = session.rows("SELECT coalesce(max(version), 0) FROM hub_version")[0][0]
    for number, statements in pending_steps(done, bytes_type):
        for statement in statements:
            session.run(statement)
        session.run("INSERT INTO hub_version VALUES (?)", number)


class SqliteSession:
    """A transaction of SQLite."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """Run a statement; every row of its answer."""
        return self._connection.execute(sql, parameters).fetchall()

    def run(self, sql: str, *parameters: object) -> None:
        """Run a statement that answers nothing."""
        self._connection.execute(sql, parameters)

    def many(self, sql: str, rows: Sequence[Row]) -> None:
        """Run a statement once for each of `rows`."""
        self._connection.executemany(sql, rows)

    def add(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Add rows to a table that has none of them."""
        marks = ", ".join("?" * len(columns))
        self.many(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608 - our own words

    def matching(self, sql: str, columns: Sequence[Sequence[object]], *parameters: object) -> list[Row]:
        """Rows of a statement that joins `wanted`, which becomes a temporary table here."""
        names = ", ".join(f"c{at}" for at in range(len(columns)))
        marks = ", ".join("?" * len(columns))
        self._connection.execute(f"CREATE TEMP TABLE wanted ({names})")
        try:
            self._connection.executemany(f"INSERT INTO wanted VALUES ({marks})", list(zip(*columns, strict=True)))  # noqa: S608
            return self._connection.execute(sql, parameters).fetchall()
        finally:
            self._connection.execute("DROP TABLE wanted")


class SqliteDatabase:
    """A hub for one small team on one machine: one file, one writer, readers beside it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._is_closed = False
        self._lock = threading.Lock()
        try:
            with self.writing() as session:
                take_steps(session, "BLOB")
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """One that no other thread is at: not one a thread, for threads come and go and would leave it open."""
        with self._lock:
            found = self._idle.pop() if self._idle else None
        found = found or self._open()
        try:
            yield found
        finally:
            with self._lock:
                is_kept = not self._is_closed
                if is_kept:
                    self._idle.append(found)
            if not is_kept:
                found.close()

    def _open(self) -> sqlite3.Connection:
        made = sqlite3.connect(self._path, timeout=BUSY_S, isolation_level=None, check_same_thread=False)
        try:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "temp_store = MEMORY", "cache_size = -32768"):
                made.execute(f"PRAGMA {pragma}")
        except BaseException:
            made.close()
            raise
        return made

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[SqliteSession]:
        try:
            with self._connection() as connection:
                connection.execute(begin)
                try:
                    yield SqliteSession(connection)
                    connection.execute("COMMIT")
                finally:
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF in AWAY:
                raise DatabaseAway from error
            raise

    def writing(self) -> Any:  # noqa: ANN401 - a context manager of Session
        """A transaction that has the database for itself from its first moment."""
        return self._transaction("BEGIN IMMEDIATE")

    def reading(self) -> Any:  # noqa: ANN401 - a context manager of Session
        """A transaction that sees one state of the database throughout."""
        return self._transaction("BEGIN")

    def close(self) -> None:
        """Let the connections go; one that is in use, when it is not any more."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for each in idle:
            each.close()
