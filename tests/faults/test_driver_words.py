"""Whatever the database's driver says of the disk, and wherever it says it, comes to the user in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError

from advocate_desk import trouble
from advocate_desk.casework.work import Work
from advocate_desk.errors import Unavailable
from advocate_desk.store import engine as store_engine
from advocate_desk.store import whereabouts
from advocate_desk.store.engine import DATABASE_NAME
from advocate_desk.store.tables.work import contact_note
from tests.casework_calls import Standing

OF_THE_DISK = {
    "access permission denied": trouble.READ_ONLY,
    "database is locked": trouble.BUSY,
    "database table is locked": trouble.BUSY,
    "out of memory": trouble.NO_MEMORY,
    "attempt to write a readonly database": trouble.READ_ONLY,
    "disk I/O error": trouble.NO_ANSWER,
    "database disk image is malformed": trouble.DAMAGED,
    "unknown operation": trouble.NO_ANSWER,
    "database or disk is full": trouble.DISK_FULL,
    "unable to open database file": trouble.NO_ANSWER,
    "locking protocol": trouble.BUSY,
    "database schema has changed": trouble.BUSY,
    "large file support is disabled": trouble.NO_ANSWER,
    "file is not a database": trouble.DAMAGED,
    "query aborted": trouble.NO_ANSWER,
    "abort due to ROLLBACK": trouble.NO_ANSWER,
    "unable to open a temporary database file for storing temporary tables": trouble.NO_ANSWER,
    "malformed database schema (client_file)": trouble.DAMAGED,
    "unsupported file format": trouble.DAMAGED,
    "vtable constructor failed: search_text": trouble.DAMAGED,
    "fts5: missing row 7 from content table 'main'.'search_record'": trouble.DAMAGED,
    'fts5: corruption found reading blob 137438953473 from table "search_text"': trouble.DAMAGED,
}
OURS = (
    "SQL logic error",
    "interrupted",
    "string or blob too big",
    "constraint failed",
    "datatype mismatch",
    "bad parameter or other API misuse",
    "authorization denied",
    "column index out of range",
    "no such table: client_file",
)
"""With those above, the words of every primary code, and longer ones. Source: sqlite3.c, sqlite3ErrStr, and fts5.c."""
KINDS = (sqlcipher.OperationalError, sqlcipher.DatabaseError, sqlcipher.InternalError, sqlcipher.InterfaceError)
Strike = Callable[[Work, Callable[[], Exception], pytest.MonkeyPatch], None]


def at_a_connection(work: Work, error: Callable[[], Exception], patch: pytest.MonkeyPatch) -> None:
    work.engine.dispose()

    def connect(*_: object) -> None:
        raise error()

    patch.setattr(store_engine, "connect_keyed", connect)


def at_a_statement(work: Work, error: Callable[[], Exception], _patch: pytest.MonkeyPatch) -> None:
    def execute(_cursor: Any, said: str, *_: object) -> None:
        if said.startswith("SELECT contact_note"):
            raise error()

    event.listen(work.engine, "do_execute", execute)


def at_the_beginning(work: Work, error: Callable[[], Exception], _patch: pytest.MonkeyPatch) -> None:
    def begin(_cursor: Any, said: str, *_: object) -> None:
        if said.startswith("BEGIN"):
            raise error()

    event.listen(work.engine, "do_execute_no_params", begin)
    event.listen(work.engine, "do_execute", begin)


def at_the_end(work: Work, error: Callable[[], Exception], _patch: pytest.MonkeyPatch) -> None:
    def commit(_connection: object) -> None:
        raise error()

    work.engine.dialect.do_commit = commit  # type: ignore[method-assign, assignment]


def read(work: Work) -> object:
    return work.read(lambda conn: conn.execute(select(contact_note.c.text)).all())


@pytest.mark.parametrize("strike", [at_a_connection, at_the_beginning, at_a_statement, at_the_end])
@pytest.mark.parametrize("said", OF_THE_DISK)
def test_what_the_driver_says_of_the_disk_is_told_wherever_it_says_it(
    said: str, strike: Strike, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = iter(KINDS * 8)
    strike(work, lambda: next(kinds)(said), monkeypatch)
    for _ in KINDS:
        with pytest.raises(Unavailable) as told:
            read(work)
        assert told.value.advice == OF_THE_DISK[said].told(trouble.NOT_READ)


@pytest.mark.parametrize("said", OURS)
def test_what_is_a_defect_of_ours_is_never_told_as_trouble_of_the_disk(
    said: str, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_a_statement(work, lambda: sqlcipher.OperationalError(said), monkeypatch)
    with pytest.raises(DBAPIError):
        read(work)


@pytest.mark.parametrize("times", [1, 2, 3, 4, 5])
def test_a_folder_that_comes_and_goes_while_the_store_is_opened_is_told(
    times: int, work: Work, standing: Standing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, real, asked = read(work), whereabouts.identity, 0
    work.engine.dispose()

    def identity(path: Path) -> tuple[int, int] | None:
        nonlocal asked
        asked += 1
        return real(path) if asked % (times + 1) else None

    with monkeypatch.context() as patch:
        patch.setattr(whereabouts, "identity", identity)
        for _ in range(6):
            try:
                assert read(work) == whole
            except Unavailable as error:
                assert error.advice == trouble.GONE.told(trouble.NOT_READ)
    assert asked > times, "the folder went"
    assert read(work) == whole
    assert (tmp_path / DATABASE_NAME).exists()
