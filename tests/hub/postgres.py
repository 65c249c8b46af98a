"""A real PostgreSQL server of a test's own: started, killed, copied to a standby that follows it, and promoted."""

from __future__ import annotations

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

import psycopg

MOST_CONNECTIONS = 120


def program(name: str) -> str:
    """A program of PostgreSQL: Debian keeps the server's beside its version, off the path."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    found = shutil.which(name, path=os.pathsep.join([*map(str, places), os.environ["PATH"]]))
    assert found, f"PostgreSQL's {name} is not installed"
    return found


class Postgres:
    """A server in a folder, reached by a socket in that folder. What runs as root runs as its package's user."""

    def __init__(self, home: Path) -> None:
        self.home, self.data = home, home / "data"
        self._owner = None if os.geteuid() else pwd.getpwnam("postgres")
        if self._owner is not None:
            os.chown(home, self._owner.pw_uid, self._owner.pw_gid)

    def make(self) -> None:
        """An empty cluster, which a standby may copy."""
        self._call(["cp", "-a", str(_empty_cluster().data), str(self.data)])

    def make_first(self) -> None:
        """The cluster that every other one is a copy of."""
        self.run("initdb", "-D", self.data, "-A", "trust", "-U", "hub", "--no-sync", "-E", "UTF8", "--wal-segsize=1")
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(
                f"listen_addresses = ''\nfsync = off\nmax_connections = {MOST_CONNECTIONS}\n"
                "max_wal_senders = 4\nhot_standby = on\nwal_keep_size = 64MB\nshared_buffers = 32MB\n"
            )

    def copy(self, home: Path) -> Postgres:
        """A standby in `home` that follows this server, not yet started."""
        other = Postgres(home)
        other.run(
            "pg_basebackup",
            "-D",
            other.data,
            "-h",
            self.home,
            "-U",
            "hub",
            "-R",
            "-X",
            "stream",
            "-c",
            "fast",
            "--no-sync",
        )
        return other

    def run(self, name: str, *arguments: object) -> None:
        """Run one of its programs. Raises CalledProcessError."""
        self._call([program(name), *map(str, arguments)])

    def _call(self, command: list[str]) -> None:
        if self._owner is None:
            subprocess.run(command, check=True, capture_output=True, cwd=self.home)
        else:
            owner = {"user": self._owner.pw_uid, "group": self._owner.pw_gid, "extra_groups": []}
            subprocess.run(command, check=True, capture_output=True, cwd=self.home, **owner)  # type: ignore[call-overload]

    def start(self) -> None:
        """Start it, again and again where what was killed has not gone yet."""
        options = f"-c unix_socket_directories={self.home}"
        until = time.monotonic() + 30
        while True:
            try:
                self.run("pg_ctl", "-D", self.data, "-w", "-l", self.home / "log", "-o", options, "start")
            except subprocess.CalledProcessError:
                assert time.monotonic() < until, (self.home / "log").read_text()
                continue
            return

    def stop(self, mode: str = "immediate") -> None:
        """Stop it, where it runs."""
        if (self.data / "postmaster.pid").exists():
            try:
                self.run("pg_ctl", "-D", self.data, "-m", mode, "stop")
            except subprocess.CalledProcessError:
                assert self.pid is None

    def kill(self) -> None:
        """Kill -9 every process of it at once, as when the power goes."""
        pid = self.pid
        assert pid is not None
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            try:
                os.kill(each, signal.SIGKILL)
            except ProcessLookupError:
                continue

    @property
    def pid(self) -> int | None:
        """The process of the server, if it is there."""
        try:
            number = int((self.data / "postmaster.pid").read_text().split()[0])
            os.kill(number, 0)
        except (OSError, IndexError, ValueError):
            return None
        return number

    def promote(self) -> None:
        """Make a standby the server that is written to."""
        self.run("pg_ctl", "-D", self.data, "-w", "promote")

    def new_database(self) -> str:
        """The name of a new, empty database."""
        name = f"hub_{uuid.uuid4().hex}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return name

    def url(self, database: str) -> str:
        """The URL of one of its databases."""
        return either_url([self], database)

    def ask(self, database: str, sql: str) -> list[tuple[object, ...]]:
        """Rows of a query."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []


@lru_cache(maxsize=1)
def _empty_cluster() -> Postgres:
    """What initdb makes, once for all tests of this process."""
    home = Path(tempfile.mkdtemp(prefix="hub-pg-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    made = Postgres(home)
    made.make_first()
    return made


def either_url(servers: Sequence[Postgres], database: str, more: str = "") -> str:
    """The URL of a database on whichever of `servers` it is found."""
    return f"postgresql://hub@/{database}?host={','.join(str(each.home) for each in servers)}{more}"


@contextmanager
def running() -> Iterator[Postgres]:
    """A new server, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="hub-pg-") as folder:
        server = Postgres(Path(folder))
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
