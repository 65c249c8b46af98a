"""Connections to a hub's SQLite file: as many as are used at once, however many threads have come and gone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from advocate_desk.hub.database import SqliteDatabase


@pytest.fixture
def database(tmp_path: Path) -> Iterator[SqliteDatabase]:
    made = SqliteDatabase(tmp_path / "hub.db")
    yield made
    made.close()


def ask(database: SqliteDatabase) -> None:
    with database.reading() as session:
        session.rows("SELECT 1")


def test_threads_that_have_ended_leave_no_connection_open(database: SqliteDatabase) -> None:
    for _ in range(20):
        thread = threading.Thread(target=ask, args=(database,))
        thread.start()
        thread.join()
    assert len(database._idle) == 1


def test_two_transactions_at_once_have_a_connection_each(database: SqliteDatabase) -> None:
    with database.writing() as one:
        one.run("INSERT INTO hub_secret (only_one, secret) VALUES (1, ?)", b"x")
        with database.reading() as other:
            assert other.rows("SELECT * FROM hub_secret") == []
    assert len(database._idle) == 2


def test_one_that_is_in_use_when_the_database_is_closed_is_closed_when_it_is_let_go(database: SqliteDatabase) -> None:
    with database.reading() as session:
        database.close()
        assert session.rows("SELECT 1") == [(1,)]
    assert database._idle == []
