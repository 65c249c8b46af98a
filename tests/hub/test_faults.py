"""Desks, hub and database as processes, in bad weather, killed at random: the same files in the end, nothing lost.

ADVOCATE_DESK_HUB_SECONDS says how long the killing goes on; ADVOCATE_DESK_HUB_SEED which kills.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from advocate_desk.sync.records import shapes
from advocate_desk.sync.statements import DATA_LEAD, SUPERVISOR
from tests.hub import postgres
from tests.hub.far_desks import FarTeam, Journal, start_process
from tests.hub.postgres import Postgres
from tests.hub.processes import HubProcess
from tests.hub.proxy import KINDS, Proxy
from tests.sync.desks import Desk
from tests.sync.model import WORD, files_of

SECONDS = float(os.environ.get("ADVOCATE_DESK_HUB_SECONDS", "9"))
SEED = int(os.environ.get("ADVOCATE_DESK_HUB_SEED", "4"))
PARTS = ("desk", "database", "worker", "hub")
WEIGHTS = {"desk": 5, "database": 1, "worker": 3, "hub": 1}
YEARS = (0, -24 * 365 * 3, 24 * 365 * 2)


@dataclass
class World:
    """A database, a hub, a network and desks, each in processes of its own. Without a server: SQLite, one worker."""

    folder: Path
    server: Postgres | None
    chance: random.Random
    runs: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    desks: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.database = self.server.new_database() if self.server else str(self.folder / "hub.db")
        url = self.server.url(self.database) if self.server else self.database
        self.parts = PARTS if self.server else ("desk", "hub")
        self.hub = HubProcess(self.folder / "hub", url, workers=2 if self.server else 1)
        self.proxy = Proxy(self.hub.port, self.chance.randrange(2**32))
        self.team = FarTeam(self.folder, url=url, address=self.proxy.address)

    def found(self) -> None:
        """Desks that know each other."""
        self.hub.start()
        for number, hours_off in enumerate(YEARS):
            self.team.join(f"d{number}", SUPERVISOR, DATA_LEAD, hours_off=hours_off)
        self.team.database.close()
        for desk in self.team.desks:
            desk.exchange()

    def begin(self) -> None:
        """Every desk goes to work."""
        for desk in self.team.desks:
            desk.work.engine.dispose()
            self.start(desk.name)

    def start(self, name: str) -> None:
        self.runs[name] += 1
        self.desks[name] = start_process(self.folder / name, self.runs[name])

    def kill_something(self) -> None:
        """Kill -9 to one part, which then begins again."""
        kind = self.chance.choices(self.parts, [WEIGHTS[part] for part in self.parts])[0]
        if self.killed.total() < len(self.parts):
            kind = self.parts[self.killed.total()]
        self.killed[kind] += 1
        if kind == "desk":
            name = self.chance.choice(sorted(self.desks))
            self.desks[name].kill()
            self.desks[name].wait(30)
            self.start(name)
        elif kind == "worker":
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.chance.choice(self.hub.worker_pids), signal.SIGKILL)
        elif kind == "hub":
            self.hub.kill()
            self.hub.start()
        elif self.server is not None:
            self.server.kill()
            self.server.start()

    def journals(self) -> list[dict[str, set[str]]]:
        """What the desks' processes wrote down."""
        return [Journal(self.folder / desk.name / "journal").read() for desk in self.team.desks]

    def has_met_everything(self) -> bool:
        """Whether everything has happened once: on a busy computer that takes longer."""
        has_exchanged = all(len(journal["round"]) > 1 for journal in self.journals())
        return has_exchanged and len(self.killed) == len(self.parts) and set(KINDS) <= set(self.proxy.happened)

    def calm(self) -> None:
        """Desks are killed for the last time; everything else is whole again."""
        for process in self.desks.values():
            process.kill()
            process.wait(30)
        self.proxy.settle()
        until = time.monotonic() + 30
        while not self.hub.is_ready():
            assert time.monotonic() < until, self.hub.log

    def meet(self) -> None:
        """Every desk exchanges until none has anything for another."""
        for desk in self.team.desks:
            desk.work.engine.dispose()
        for _ in range(12):
            reports = [desk.exchange() for desk in self.team.desks]
            assert [report.troubles for report in reports] == [[] for _ in reports]
            if not any(report.sent or report.received or report.waiting for report in reports):
                return
        raise AssertionError("the desks do not come to rest")

    def end(self) -> None:
        for process in self.desks.values():
            process.kill()
            process.wait(30)
        self.team.close()
        self.proxy.end()
        self.hub.end()


@pytest.fixture(params=["postgres", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with postgres.running() if request.param == "postgres" else contextlib.nullcontext() as server:
        made = World(tmp_path, server, random.Random(SEED))
        try:
            made.found()
            yield made
        finally:
            made.end()


def kept_by(desk: Desk) -> dict[str, int]:
    """Every record of a desk with its revision."""
    return {
        key: revision
        for name in shapes()
        for key, revision in desk.rows(f'SELECT id, synced_rev FROM "{name}" WHERE synced_rev IS NOT NULL')
    }


def kept_at_hub(world: World) -> list[tuple[str, int]]:
    """Every item of the hub with its revision, as the database itself says."""
    if world.server is None:
        with contextlib.closing(sqlite3.connect(world.database)) as connection:
            return connection.execute("SELECT lower(hex(item)), revision FROM item ORDER BY 1").fetchall()
    rows = world.server.ask(world.database, "SELECT encode(item, 'hex'), revision FROM item ORDER BY 1")
    return [(str(row[0]), int(str(row[1]))) for row in rows]


@pytest.mark.timeout(int(SECONDS * 4) + 240)
def test_desks_converge_through_bad_weather_and_kills(world: World) -> None:
    world.begin()
    world.proxy.badness = 0.25
    until = time.monotonic() + (SECONDS if world.server else SECONDS / 2)
    patience = 1.0
    while time.monotonic() < until or not world.has_met_everything():
        patience *= 1.0 if time.monotonic() < until else 1.3  # a desk that is killed while it starts never exchanges
        time.sleep(patience * world.chance.uniform(0.2, 0.9))
        world.kill_something()
    world.calm()
    world.meet()

    first = files_of(world.team.desks[0])
    assert first
    for desk in world.team.desks:
        assert files_of(desk) == first
        assert desk.rows("SELECT count(*) FROM unreadable_item") == [(0,)]
    journals = world.journals()
    rounds = [len(journal["round"]) for journal in journals]
    print(f"seed {SEED}: killed {dict(world.killed)}, weather {dict(world.proxy.happened)}, exchanges {rounds}")
    assert [journal["trouble"] for journal in journals] == [set()] * 3
    typed, typed_over = (set().union(*(journal[kind] for journal in journals)) for kind in ("typed", "typed_over"))
    assert len(typed) > 100
    assert typed - typed_over - set(WORD.findall(repr(first))) == set()

    at_hub = kept_at_hub(world)
    assert len(at_hub) == len(dict(at_hub)), "an item is there twice"
    for desk in world.team.desks:
        assert kept_by(desk) == dict(at_hub)
