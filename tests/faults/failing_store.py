"""A store whose disk fails at the nth write, as the driver would tell it: each statement in turn, then the commit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, event

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass
class Fault:
    """Whether it struck, and how many writes there were up to then, the commit included."""

    writes: int = 0
    fired: bool = False


def disk_full() -> Exception:
    """What SQLite says when no room is left."""
    return sqlcipher.OperationalError("database or disk is full")  # type: ignore[no-any-return]


def disk_fault() -> Exception:
    """What SQLite says when the disk gives an error."""
    return sqlcipher.OperationalError("disk I/O error")  # type: ignore[no-any-return]


def defect() -> Exception:
    """An error of ours, which no code expects."""
    return RuntimeError("forced")


def broken_rule() -> Exception:
    """What SQLite says when a trigger or a constraint refuses a row: SQLAlchemy would quote the row beside it."""
    return sqlcipher.IntegrityError("forced")  # type: ignore[no-any-return]


@contextmanager
def failing_write(engine: Engine, nth: int, error: Callable[[], BaseException] = disk_full) -> Iterator[Fault]:
    """Inside, the nth INSERT, UPDATE or DELETE raises `error`; the COMMIT counts as the last of them."""
    fault = Fault()

    def count() -> None:
        fault.writes += 1
        if fault.writes == nth:
            fault.fired = True
            raise error()

    def statement(_cursor: Any, said: str, *_: object) -> None:
        if said.lstrip()[:7].upper().startswith(_WRITES):
            count()

    commit = engine.dialect.do_commit

    def do_commit(connection: Any) -> None:
        count()
        commit(connection)

    for name in ("do_execute", "do_executemany"):
        event.listen(engine, name, statement)
    engine.dialect.do_commit = do_commit  # type: ignore[method-assign, assignment]
    try:
        yield fault
    finally:
        del engine.dialect.do_commit  # the instance's: the class's own is there again
        for name in ("do_execute", "do_executemany"):
            event.remove(engine, name, statement)
