"""The hub's database on PostgreSQL, by psycopg and a pool of connections. Several workers share one database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from psycopg import Connection, IsolationLevel
from psycopg_pool import ConnectionPool

from advocate_desk.hub.database import MIGRATION_LOCK, Row
from advocate_desk.hub.schema import pending_steps

POOL_SIZE = 8
STATEMENT_MS = 30_000
LOCK_MS = 20_000


@lru_cache(maxsize=256)
def _spoken(sql: str) -> str:
    """Our SQL as PostgreSQL and its driver want it."""
    return sql.replace("?", "%s").replace("/*lock*/", "FOR UPDATE")


class PostgresSession:
    """A transaction of PostgreSQL. Answers come in binary: an envelope is never written out in hexadecimal."""

    def __init__(self, connection: Connection[Row]) -> None:
        self._connection = connection

    def rows(self, sql: str, *parameters: object) -> list[Row]:
        """Run a statement; every row of its answer."""
        return self._connection.execute(_spoken(sql), parameters, binary=True).fetchall()

    def run(self, sql: str, *parameters: object) -> None:
        """Run a statement that answers nothing."""
        self._connection.execute(_spoken(sql), parameters)

    def many(self, sql: str, rows: Sequence[Row]) -> None:
        """Run an INSERT once for all of `rows`, its VALUES (?, ...) turned into columns that are unnested."""
        if not rows:
            return
        head, values, tail = _parted(sql)
        types = [_type(value) for value in rows[0]]
        columns = ", ".join(f"%s::{kind}[]" for kind in types)
        source = f"{head} SELECT * FROM unnest({columns}) {tail}" if values else sql  # noqa: S608 - our own words only
        self._connection.execute(source, [list(each) for each in zip(*rows, strict=True)])

    def matching(self, sql: str, columns: Sequence[Sequence[object]], *parameters: object) -> list[Row]:
        """Rows of a statement that joins `wanted`, which is unnested here."""
        names = ", ".join(f"c{at}" for at in range(len(columns)))
        lists = ", ".join("%s::bytea[]" for _ in columns)
        source = f"WITH wanted ({names}) AS (SELECT * FROM unnest({lists})) {_spoken(sql)}"  # noqa: S608 - our own words only
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
        self._pool = ConnectionPool(
            url,
            min_size=1,
            max_size=POOL_SIZE,
            kwargs={"options": options},
            check=ConnectionPool.check_connection,
            open=True,
        )
        with self.writing() as session:
            session.run("SELECT pg_advisory_xact_lock(?)", MIGRATION_LOCK)
            session.run("CREATE TABLE IF NOT EXISTS hub_version (version BIGINT NOT NULL)")
            done = session.rows("SELECT coalesce(max(version), 0) FROM hub_version")[0][0]
            for number, statements in pending_steps(done, "bytea"):
                for statement in statements:
                    session.run(statement)
                session.run("INSERT INTO hub_version VALUES (?)", number)

    @contextmanager
    def writing(self) -> Iterator[PostgresSession]:
        """A transaction that writes. The organisation's row lock gives its writers their order."""
        with self._pool.connection() as connection, connection.transaction():
            yield PostgresSession(connection)

    @contextmanager
    def reading(self) -> Iterator[PostgresSession]:
        """A transaction that sees one state of the database throughout."""
        with self._pool.connection() as connection:
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            connection.read_only = True
            try:
                with connection.transaction():
                    yield PostgresSession(connection)
            finally:
                connection.isolation_level = None
                connection.read_only = None

    def close(self) -> None:
        """Let the connections go."""
        self._pool.close()
