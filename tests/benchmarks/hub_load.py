"""What a hub can carry: several organisations push and pull at once, at one worker and at two on one PostgreSQL.

Nothing is sealed or merged on this side. `size` is the number of records of all organisations together. What is told of
the processor is the hub's and the database's: it means something on a machine that has other work too.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from advocate_desk.hub.database import open_database
from advocate_desk.sync import wire
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.transport import HttpHub
from advocate_desk.sync.wire import Change, Part, Pull, Push, Tip
from tests.benchmarks.exchange import US, cpu_s, database_s
from tests.benchmarks.figures import FLAT_TARGET, MB, Figure, figure
from tests.benchmarks.starts import resident_mb
from tests.hub import members, postgres
from tests.hub.postgres import Postgres
from tests.hub.processes import HubProcess

WORKERS = (1, 2)
ORGANISATIONS = 4
FILES_A_PUSH, ENVELOPE_BYTES = 35, 320
TAKEN, GIVEN = "taken in", "given out"


@dataclass(frozen=True)
class Load:
    """One organisation's desk, with the pushes that it will send."""

    hub: HttpHub
    pushes: Sequence[Push]

    def push(self) -> None:
        """Send them all."""
        for each in self.pushes:
            self.hub.push(each)

    def pull(self) -> None:
        """Fetch them all."""
        tip, has_more = Tip(0, bytes(32)), True
        while has_more:
            page = self.hub.pull(Pull(tip, 1, 2**40, with_own=True))
            if page.pushes:
                newest = page.pushes[-1]
                tip = Tip(newest.sequence, wire.digest(newest.manifest))
            has_more = page.has_more


def measure(records: int) -> Iterator[Figure]:
    """What a record costs on the clock and of the processor, of about so many; each worker's memory after it."""
    smallest: dict[str, float] = {}
    with postgres.running() as server:
        for workers in WORKERS:
            for name, size, value in _at(server, workers, records):
                first = smallest.setdefault(name, value)
                target = FLAT_TARGET if "processor" in name else None
                yield figure(f"{name}, {workers} workers", size, value, MB if "memory" in name else US, first, target)


def _at(server: Postgres, workers: int, records: int) -> Iterator[tuple[str, int, float]]:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = server.url(server.new_database())
        hub = HubProcess(Path(folder), url, workers=workers)
        stack.callback(hub.end)
        hub.start()
        loads = _loads(url, hub.port, records)
        for each in loads:
            stack.callback(each.hub.close)
        size = sum(len(part.changes) for each in loads for push in each.pushes for part in push.parts)

        def used_s() -> float:
            return sum(map(cpu_s, hub.worker_pids)) + database_s(server)

        for name, act in ((TAKEN, Load.push), (GIVEN, Load.pull)):
            before, start = used_s(), time.perf_counter()
            _all_at_once(loads, act)
            yield f"A hub's record {name}, on the clock", size, (time.perf_counter() - start) / size * 1e6
            yield f"A hub's record {name}, of the processor", size, max(used_s() - before, 1e-6) / size * 1e6
        yield "A hub worker's memory after it", size, max(map(resident_mb, hub.worker_pids))


def _all_at_once(loads: Sequence[Load], act: Callable[[Load], None]) -> None:
    with ThreadPoolExecutor(len(loads)) as threads:
        list(threads.map(act, loads))


def _loads(url: str, port: int, records: int) -> list[Load]:
    database = open_database(url)
    try:
        return [_load(members.Organisation(database), port, records // ORGANISATIONS) for _ in range(ORGANISATIONS)]
    finally:
        database.close()


def _load(organisation: members.Organisation, port: int, records: int) -> Load:
    device, pushes = organisation.founder, []
    files = [organisation.open_file(device) for _ in range(FILES_A_PUSH)]
    each_file = max(1, min(records, wire.MOST_CHANGES) // FILES_A_PUSH)
    for _ in range(max(1, records // (each_file * FILES_A_PUSH))):
        pushes.append(device.push([Part(file, _new_items(each_file)) for file in files]))
    address = parse_address(f"http://127.0.0.1:{port}")
    return Load(HttpHub(address, organisation.id, device.id, device.seed), pushes)


def _new_items(count: int) -> list[Change]:
    return [Change(os.urandom(16), 0, 1, os.urandom(ENVELOPE_BYTES)) for _ in range(count)]
