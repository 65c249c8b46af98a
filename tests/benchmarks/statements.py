"""What an act asks of the database, caught once and played again: through bare SQLAlchemy Core, and bare sqlcipher3.

The Core floor runs the very statement objects on a connection that is held open, and fetches; nothing is made of the
rows. The raw floor sends the compiled text to the driver and takes what it gives: no UUID, no date, no row type.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event


@dataclass(frozen=True, slots=True)
class Asked:
    """One statement as it went to SQLAlchemy. `clause` is its object, or its text where the driver's was used."""

    clause: Any
    given: Any


@dataclass(frozen=True, slots=True)
class Sent:
    """One statement as it went to the driver. `many`: the parameters are a list of sets."""

    sql: str
    given: Any
    many: bool


@dataclass(frozen=True, slots=True)
class Caught:
    """What an act asked, in order, BEGIN and COMMIT left out."""

    asked: tuple[Asked, ...]
    sent: tuple[Sent, ...]


def caught(engine: Engine, act: Callable[[], object]) -> Caught:
    """Run `act`, and catch what it asks of `engine`."""
    asked: list[Asked] = []
    sent: list[Sent] = []

    def on_clause(_conn: Any, clause: Any, many: Any, one: Any, _options: Any) -> None:
        asked.append(Asked(clause, many or one or None))

    def on_cursor(_conn: Any, _cursor: Any, sql: str, given: Any, context: Any, many: bool) -> None:
        if sql.startswith(("BEGIN", "COMMIT", "PRAGMA")):
            return
        if getattr(context, "compiled", None) is None:
            asked.append(Asked(sql, given))
        sent.append(Sent(sql, list(given) if many else given, many))

    event.listen(engine, "before_execute", on_clause)
    event.listen(engine, "before_cursor_execute", on_cursor)
    try:
        act()
    finally:
        event.remove(engine, "before_execute", on_clause)
        event.remove(engine, "before_cursor_execute", on_cursor)
    return Caught(tuple(asked), tuple(sent))


def through_core(conn: Connection, what: Caught) -> None:
    """Run the statements as bare prebuilt Core in one transaction of `conn`, and fetch."""
    with conn.begin():
        for one in what.asked:
            if isinstance(one.clause, str):
                found = conn.exec_driver_sql(one.clause, one.given)
            else:
                found = conn.execute(one.clause, one.given)
            if found.returns_rows:
                found.fetchall()


def through_driver(driver: Any, what: Caught) -> None:
    """Run the statements through the bare driver in one transaction, and fetch."""
    driver.execute("BEGIN")
    for one in what.sent:
        if one.many:
            driver.executemany(one.sql, one.given)
        else:
            driver.execute(one.sql, one.given).fetchall()
    driver.execute("COMMIT")


@contextmanager
def held(engine: Engine) -> Iterator[Connection]:
    """A connection that stays open while something is measured."""
    with engine.connect() as conn:
        yield conn


@contextmanager
def bare_driver(engine: Engine) -> Iterator[Any]:
    """The driver's own connection."""
    raw = engine.raw_connection()
    try:
        yield raw.driver_connection
    finally:
        raw.close()
