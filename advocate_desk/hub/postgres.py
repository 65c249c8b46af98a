"""The hub's database on PostgreSQL, by psycopg and a pool of connections. Several workers share one database."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import psycopg
from psycopg import Connection, IsolationLevel
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool, PoolTimeout

from advocate_desk.hub.database import MIGRATION_LOCK, DatabaseAway, DatabaseForbids, Row, take_steps

POOL_SIZE = 8
STATEMENT_MS = 30_000
LOCK_MS = 20_000
FEWEST_TO_COPY = 200
"""Rows from which on COPY is the quicker way in."""
WAIT_S = 4.0
"""How long a request waits for a connection: less than a desk waits for its answer."""
REST_S = 1.0
"""After that wait was in vain, requests are told so at once for so long: they do not queue for what is not there."""
GIVE_UP_S = 2.0
"""After so long the pool ends a series of attempts to connect; the next request begins another, without its pauses."""
LINE = {"connect_timeout": "5", "keepalives_idle": "30", "keepalives_interval": "10", "tcp_user_timeout": "20000"}
"""How soon a database that has gone without a word is given up. What the URL says comes before it."""

_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction)


@lru_cache(maxsize=256)
def _spoken(sql: str) -> str:
    """Our SQL as PostgreSQL and its driver want it."""
    return sql.replace("?", "%s").replace("/*lock*/", "FOR UPDATE")


@lru_cache(maxsize=64)
def _looked_up(sql: str) -> str:
    """A statement that joins `wanted` to one table, so that each wanted row is looked up by itself, by the table's key.

    Left to itself the planner, which has no statistics of a new organisation, reads all of its rows for a few.
    """
    found = _JOINED.search(sql)
    if found is None:
        return sql
    table, name, key, rest, order = found.group("table", "name", "key", "rest", "order")
    looked_up = f"FROM wanted w CROSS JOIN LATERAL (SELECT * FROM {table} WHERE {key} OFFSET 0) {name}"  # noqa: S608
    return f"{sql[: found.start()]}{looked_up}{f' WHERE {rest}' if rest else ''}{order or ''}"


_JOINED = re.compile(
    r"FROM wanted w CROSS JOIN (?P<table>\w+ (?P<name>\w+)) WHERE "
    r"(?P<key>.*?\.organisation = \?)(?: AND (?P<rest>.*?))?(?P<order> ORDER BY .*)?$"
)


class PostgresSession:
    """A transaction of PostgreSQL. Lists go and answers come in binary: no envelope is written out in hexadecimal."""

    def __init__(self, connection: Connection[Row]) -> None:
        self._connection = connection

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """Run a statement; every row of its answer."""
        return self._connection.execute(_spoken(sql), parameters, binary=True).fetchall()

    def run(self, sql: str, *parameters: object) -> None:
        """Run a statement that answers nothing."""
        self._connection.execute(_spoken(sql), parameters)

    def many(self, sql: str, rows: Sequence[Row]) -> None:
        """Run an INSERT once for all of `rows`, its VALUES (?, ...) turned into columns that are unnested.

        Any other statement is sent for each, without waiting in between.
        """
        if not rows:
            return
        head, values, tail = _parted(sql)
        if not values:
            with self._connection.cursor() as cursor:
                cursor.executemany(_spoken(sql), rows)
            return
        types = [_type(value) for value in rows[0]]
        columns = ", ".join(f"%b::{kind}[]" for kind in types)
        source = f"{head} SELECT * FROM unnest({columns}) {tail}"  # noqa: S608 - our own words only
        self._connection.execute(source, [list(each) for each in zip(*rows, strict=True)])

    def add(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Add rows to a table that has none of them: many by COPY, few by one INSERT, which begins sooner."""
        names = ", ".join(columns)
        if len(rows) < FEWEST_TO_COPY:
            self.many(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})", rows)  # noqa: S608
            return
        cursor = self._connection.cursor()
        with cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types([_type(value) for value in rows[0]])
            for row in rows:
                copy.write_row(row)

    def matching(self, sql: str, columns: Sequence[Sequence[object]], *parameters: object) -> list[Row]:
        """Rows of a statement that joins `wanted`, which is unnested here."""
        names = ", ".join(f"c{at}" for at in range(len(columns)))
        lists = ", ".join("%b::bytea[]" for _ in columns)
        source = f"WITH wanted ({names}) AS (SELECT * FROM unnest({lists})) {_spoken(_looked_up(sql))}"  # noqa: S608 - our own words only
        return self._connection.execute(source, [*map(list, columns), *parameters], binary=True).fetchall()


@lru_cache(maxsize=64)
def _parted(sql: str) -> tuple[str, bool, str]:
    """An INSERT before its VALUES, whether it has them, and what follows them."""
    head, found, rest = sql.partition("VALUES (")
    _, _, tail = rest.partition(")")
    return head, bool(found), tail


def _type(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "bigint" if isinstance(value, int) else "bytea"


class PostgresDatabase:
    """A pool on one database, whose schema is brought to this version under an advisory lock."""

    def __init__(self, url: str) -> None:
        options = f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={LOCK_MS}"
        try:
            named = conninfo_to_dict(url)
        except psycopg.ProgrammingError:
            raise DatabaseAway from None  # the message of the driver repeats the URL
        self._away_until = 0.0
        self._pool = ConnectionPool(
            url,
            min_size=1,
            max_size=POOL_SIZE,
            timeout=WAIT_S,
            reconnect_timeout=GIVE_UP_S,
            kwargs={"options": options} | {name: value for name, value in LINE.items() if name not in named},
            check=ConnectionPool.check_connection,
            open=True,
        )
        try:
            self._take_steps()
        except psycopg.errors.InsufficientPrivilege as error:
            self._pool.close()
            raise DatabaseForbids from error
        except BaseException:
            self._pool.close()
            raise

    def _take_steps(self) -> None:
        with self.writing() as session:
            session.run("SET LOCAL statement_timeout = 0")
            session.run("SET LOCAL lock_timeout = 0")
            session.run("SELECT pg_advisory_xact_lock(?)", MIGRATION_LOCK)
            take_steps(session, "bytea")

    @contextmanager
    def writing(self) -> Iterator[PostgresSession]:
        """A transaction that writes. The organisation's row lock gives its writers their order."""
        with self._connection() as connection, connection.transaction():
            yield PostgresSession(connection)

    @contextmanager
    def reading(self) -> Iterator[PostgresSession]:
        """A transaction that sees one state of the database throughout."""
        with self._connection() as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            try:
                with connection.transaction():
                    yield PostgresSession(connection)
            finally:
                if not connection.closed:
                    connection.isolation_level = None
                    connection.read_only = None

    @contextmanager
    def _connection(self) -> Iterator[Connection[Row]]:
        """A connection that has just answered. What fails on the way to the database is one thing: DatabaseAway."""
        if time.monotonic() < self._away_until:
            raise DatabaseAway
        try:
            with self._pool.connection() as connection:
                try:
                    yield connection
                except psycopg.errors.ReadOnlySqlTransaction:
                    connection.close()  # a server that became a standby: the next connection asks for another
                    raise
        except PoolTimeout as error:
            self._away_until = time.monotonic() + REST_S
            raise DatabaseAway from error
        except _AWAY as error:
            raise DatabaseAway from error

    def close(self) -> None:
        """Let the connections go."""
        self._pool.close()
