"""A hub's databases: SQLite in a file, and a real PostgreSQL server of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from advocate_desk.hub.database import Database, open_database
from tests.hub import postgres
from tests.hub.members import Organisation
from tests.hub.postgres import Postgres


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """A server with nothing in it, for every test that does it no harm."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Postgres) -> str:
    """A new database of the server."""
    return postgres_server.url(postgres_server.new_database())


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Each of the hub's two databases in turn."""
    found = request.getfixturevalue("postgres_url") if request.param == "postgres" else tmp_path / "hub.db"
    return str(found)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Each of the hub's two databases in turn, open."""
    made = open_database(database_url)
    yield made
    made.close()


@pytest.fixture
def organisation(database: Database) -> Organisation:
    """An organisation with its founder."""
    return Organisation(database)
