"""A hub's databases: SQLite in a file, and a real PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from advocate_desk.hub.database import Database, open_database
from tests.hub.members import Organisation


def postgres_program(name: str) -> str:
    """A program of PostgreSQL: Debian keeps the server's beside its version, off the path."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ["PATH"]]))
    assert found, f"PostgreSQL's {name} is not installed"
    return found


def run_server(command: list[str], home: Path) -> None:
    """Run a program of PostgreSQL, which refuses to run as root: then it runs as the user that its package makes."""
    owner = None if os.geteuid() else pwd.getpwnam("postgres")
    if owner is None:
        subprocess.run(command, check=True, capture_output=True, cwd=home)
    else:
        os.chown(home, owner.pw_uid, owner.pw_gid)
        subprocess.run(command, check=True, capture_output=True, cwd=home, user=owner.pw_uid, group=owner.pw_gid)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server with nothing in it, without a database's name; reached by a socket in a private folder."""
    with tempfile.TemporaryDirectory(prefix="hub-pg-") as folder:
        home = Path(folder)
        data = home / "data"
        run = [postgres_program("initdb"), "-D", str(data), "-A", "trust", "-U", "hub", "--no-sync", "-E", "UTF8"]
        run_server(run, home)
        options = f"-c listen_addresses='' -c unix_socket_directories={home} -c fsync=off -c max_connections=200"
        control = postgres_program("pg_ctl")
        start = [control, "-D", str(data), "-w", "-l", str(home / "log"), "-o", options, "start"]
        run_server(start, home)
        try:
            yield f"postgresql://hub@/{{}}?host={home}"
        finally:
            stop = [control, "-D", str(data), "-m", "immediate", "stop"]
            run_server(stop, home)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """A new database of the server."""
    import psycopg

    name = f"hub_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_server.format("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return postgres_server.format(name)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Each of the hub's two databases in turn."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else str(tmp_path / "hub.db")
    made = open_database(url)
    yield made
    made.close()


@pytest.fixture
def organisation(database: Database) -> Organisation:
    """An organisation with its founder."""
    return Organisation(database)
