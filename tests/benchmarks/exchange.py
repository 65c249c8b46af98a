"""The exchange: first push and pull, small changes, a new device, and growth; real stores, hub processes, PostgreSQL.

Each beside the floor of the same run, `exchange_floor.py`. The database is a test's own and does not wait for its disk,
for the floor and for us. `size` is a number of records here.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from advocate_desk.hub.database import open_database
from advocate_desk.sync import seal
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.exchange import Exchange
from advocate_desk.sync.records import said, shapes
from advocate_desk.sync.seal import Record
from advocate_desk.sync.statements import DATA_LEAD
from advocate_desk.sync.transport import HttpHub
from advocate_desk.sync.wire import Change, Part, Pull, Tip
from tests.benchmarks import exchange_floor
from tests.benchmarks.exchange_floor import Floor
from tests.benchmarks.figures import COUNT, FLAT_TARGET, MB, MS, Figure, figure
from tests.benchmarks.starts import resident_mb
from tests.benchmarks.statements import bare_driver
from tests.builders import a_work
from tests.builders_large import OWNER, a_caseload
from tests.hub import members, postgres
from tests.hub.far_desks import FarTeam
from tests.hub.postgres import Postgres
from tests.hub.processes import HubProcess
from tests.sync.desks import Desk

US, BYTES = "us", "bytes"
FLOOR_TARGET = 2.0
"""At least half of the floor's speed."""
REQUESTS = 2.0
NEW_DEVICE_TARGET = 0.1
WIRE_BYTES_BESIDE = 120
NOTES_EACH, RECORDS_A_FILE = 20, 28
CHANGES = (100, 500)
ORGANISATIONS = (1, 10, 100)
CHANGES_EACH, GROWTH_ROUNDS = 100, 20
PUSH, PULL = "First push", "First pull"
PUSHED, PULLED = "a record pushed", "a record pulled"
ALL = "All processors"
"""Both sides and the database."""
WORK_PUSHED, WORK_PULLED = f"{ALL}, {PUSHED}", f"{ALL}, {PULLED}"
GROWING = (PUSH, PULL, WORK_PUSHED, WORK_PULLED)


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the clock, and of the processor's work: of this process, of the server, and of its database."""

    wall_s: float
    desk_s: float
    server_s: float
    database_s: float

    @property
    def wall_ms(self) -> float:
        """Milliseconds on the clock."""
        return self.wall_s * 1000

    @property
    def all_s(self) -> float:
        """The processor's work of all."""
        return self.desk_s + self.server_s + self.database_s


@dataclass(frozen=True)
class Ground:
    """An organisation at a real hub, and the floor's server beside it, each with a database of its own."""

    folder: Path
    hub: HubProcess
    team: FarTeam
    floor: Floor
    database: Postgres

    def took(self, act: Callable[[], object], server: int) -> Took:
        """What an act takes of the clock, and of the processor here, in the process `server` and in the database."""
        before = self._used(server)
        act()
        return Took(*(after - used for after, used in zip(self._used(server), before, strict=True)))

    def _used(self, server: int) -> tuple[float, float, float, float]:
        return time.perf_counter(), time.process_time(), cpu_s(server), database_s(self.database)

    def answered(self) -> list[dict[str, Any]]:
        """The requests that the hub has answered so far, as it logs them."""
        assert self.hub.is_ready()  # asked and answered after all that came before
        return [each for each in self.hub.lines if str(each.get("route", "")).startswith("/v1/")]

    @contextmanager
    def empty_store(self) -> Iterator[Any]:
        """The driver of a new store."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            work = a_work(Path(folder))
            with bare_driver(work.engine) as driver:
                driver.execute("PRAGMA foreign_keys = OFF")
                yield driver
            work.engine.dispose()


@contextmanager
def grounds(server: Postgres) -> Iterator[Ground]:
    """New databases, a hub and a floor, until the block ends."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        url = server.url(server.new_database())
        hub = HubProcess(Path(folder) / "hub", url)
        stack.callback(hub.end)
        hub.start()
        floor = stack.enter_context(exchange_floor.serving(server.url(server.new_database())))
        team = FarTeam(Path(folder), url=url, address=f"http://127.0.0.1:{hub.port}")
        stack.callback(team.close)
        yield Ground(Path(folder), hub, team, floor, server)


def measure(sizes: Sequence[int]) -> Iterator[Figure]:
    """Every figure of the exchange at each number of records, then growth with what else the hub holds."""
    smallest: dict[str, float] = {}
    with postgres.running() as server:
        for size in sizes:
            with grounds(server) as ground:
                for each in _one_size(ground, size):
                    yield each
                    if each.name in GROWING:
                        a_record_us = (each.value or 0.0) * (1000 / each.size if each.unit == MS else 1)
                        first_us = smallest.setdefault(each.name, a_record_us)
                        if size != sizes[0]:
                            told = f"Growth of {each.name}{', a record' if each.unit == MS else ''}"
                            yield figure(told, each.size, a_record_us, US, first_us, FLAT_TARGET)
        yield from organisations(server)


def _one_size(ground: Ground, size: int) -> Iterator[Figure]:
    one = ground.team.join("one", DATA_LEAD)
    one.exchange()  # knows the organisation that it founded
    a_caseload(one.work, *shape_of(size))
    with bare_driver(one.work.engine) as driver:
        driver.execute("UPDATE client_file SET allocated_person = ?", (one.person.hex(),))
    records, own_bytes, padding = _sizes(one)
    yield from _first_push(ground, one, records, own_bytes, padding)
    two = ground.team.join("two", DATA_LEAD)
    with bare_driver(one.work.engine) as driver:
        driver.execute("UPDATE client_file SET allocated_person = ? WHERE allocated_to = ?", (two.person.hex(), OWNER))
    one.exchange()  # gives the new device its keys
    yield from _first_pull(ground, one, two, records)
    after = records
    for changes in CHANGES:
        yield from _changes(ground, one, two, records, changes, after)
        after += min(changes, one.rows("SELECT count(*) FROM person")[0][0])


def shape_of(records: int) -> tuple[int, int]:
    """How many files, with how many notes each, make about so many records."""
    return max(1, records // RECORDS_A_FILE), NOTES_EACH


def _sizes(desk: Desk) -> tuple[int, float, float]:
    """How many records a store has, their mean size as they are serialised, and the mean of what pads them."""
    bytes_each: list[int] = []
    with bare_driver(desk.work.engine) as driver:
        for shape in shapes().values():
            names = ("extra", *shape.columns)
            columns = ", ".join(f'"{name}"' for name in names)
            for row in driver.execute(f'SELECT {columns} FROM "{shape.name}"'):
                sent = Record(shape.name, said(shape, row[1:], row[0]))
                bytes_each.append(len(msgspec.msgpack.encode(sent)))
    padding = [seal.padded_size(each + 1) - each for each in bytes_each]
    return len(bytes_each), statistics.fmean(bytes_each), statistics.fmean(padding)


def cpu_s(pid: int) -> float:
    """Seconds of processor that the threads of a process have used; 0 once it is gone."""
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9
    except OSError:
        return 0.0


def database_s(server: Postgres) -> float:
    """Seconds of processor that a database's processes have used, those that have ended since among them."""
    pid = server.pid
    assert pid is not None
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ended = sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[13:15]))
    return sum(cpu_s(each) for each in (pid, *map(int, children))) + ended / os.sysconf("SC_CLK_TCK")


def _work(records: int, done: str, ours: Took, floors: Took) -> Iterator[Figure]:
    """The processor's work, a record: it means something on a machine that has other work too."""
    for name, value, floor in (
        ("Desk's processor", ours.desk_s, floors.desk_s),
        ("Hub's processor", ours.server_s, floors.server_s),
        (ALL, ours.all_s, floors.all_s),
    ):
        yield figure(f"{name}, {done}", records, value / records * 1e6, US, floor / records * 1e6)


def _first_push(ground: Ground, one: Desk, records: int, own_bytes: float, padding: float) -> Iterator[Figure]:
    def floor() -> None:
        with bare_driver(one.work.engine) as driver:
            ground.floor.push(driver)

    floors = ground.took(floor, ground.floor.pid)
    ours = ground.took(one.exchange, ground.hub.pid)
    sent = sum(int(each["received_bytes"]) for each in ground.answered() if each["route"] == "/v1/push")
    yield figure(PUSH, records, ours.wall_ms, MS, floors.wall_ms, FLOOR_TARGET)
    yield from _work(records, PUSHED, ours, floors)
    yield figure(
        "Bytes on the wire, a record, padding aside",
        records,
        sent / records - padding,
        BYTES,
        own_bytes + WIRE_BYTES_BESIDE,
        1.0,
    )


def _first_pull(ground: Ground, one: Desk, two: Desk, records: int) -> Iterator[Figure]:
    with ground.empty_store() as driver:
        floors = ground.took(lambda: ground.floor.pull(driver), ground.floor.pid)
    watch = OpenFiles(one, two)
    exchange = Exchange(two.work.engine, two.device, two.hub, two.work.clock, progress=watch.look)
    ours = ground.took(exchange.run, ground.hub.pid)
    yield figure(PULL, records, ours.wall_ms, MS, floors.wall_ms, FLOOR_TARGET)
    yield from _work(records, PULLED, ours, floors)
    yield figure("Hub's memory", records, resident_mb(ground.hub.pid), MB, resident_mb(ground.floor.pid))
    shown = watch.shown_after_ms()
    yield figure("A new device has its open files", records, shown, MS, ours.wall_ms, NEW_DEVICE_TARGET)
    before_them = watch.came_before()
    yield figure("Records that come until then", records, before_them, COUNT, records, NEW_DEVICE_TARGET)


class OpenFiles:
    """Sees when a new device has the whole of its owner's open files. Rows of a table keep the order they came in."""

    def __init__(self, one: Desk, two: Desk) -> None:
        self._two = two
        self._start = time.perf_counter()
        self._open = [
            row[0]
            for row in one.rows(
                "SELECT id FROM client_file WHERE status <> 'closed' AND allocated_person = ?", two.person.hex()
            )
        ]
        self._seen: list[tuple[float, dict[str, int]]] = []

    def look(self, _done: int, _all: int) -> None:
        """A page was taken."""
        at = (time.perf_counter() - self._start) * 1000
        self._seen.append((at, {name: self._last(name) for name in shapes()}))

    def _last(self, table: str, where: str = "", *given: object) -> int:
        return int(self._two.rows(f'SELECT coalesce(max(rowid), 0) FROM "{table}" {where}', *given)[0][0])

    def shown_after_ms(self) -> float:
        """Milliseconds until the last record of them was there."""
        marks = ", ".join("?" * len(self._open))
        wanted = {name: self._last(name, f"WHERE file_id IN ({marks})", *self._open) for name in shapes()}
        return next(at for at, here in self._seen if all(here[name] >= wanted[name] for name in wanted))

    def came_before(self) -> int:
        """How many records there were then, those of other files among them."""
        shown = self.shown_after_ms()
        return next(sum(here.values()) for at, here in self._seen if at == shown)


def _timed(act: Callable[[], object]) -> float:
    """Milliseconds that `act` took."""
    start = time.perf_counter()
    act()
    return (time.perf_counter() - start) * 1000


def _changes(ground: Ground, one: Desk, two: Desk, records: int, changes: int, after: int) -> Iterator[Figure]:
    """A few changes there and back, with the requests that the hub counted."""
    which = f"WHERE rowid IN (SELECT rowid FROM person ORDER BY rowid DESC LIMIT {changes})"
    with bare_driver(one.work.engine) as driver:
        driver.execute(f"UPDATE person SET given_name = given_name || '.' {which}")
        changed = driver.execute(f"SELECT count(*) FROM person {which}").fetchone()[0]
        floor_push = _timed(lambda: ground.floor.push(driver, [("person", which)]))
    with ground.empty_store() as driver:
        floor_pull = _timed(lambda: ground.floor.pull(driver, after))
    count = len(ground.answered())
    sent = _timed(one.exchange)
    asked = ground.answered()[count:]
    came = _timed(two.exchange)
    assert one.rows("SELECT count(*) FROM person WHERE base IS NOT NULL") == [(0,)]
    yield figure(f"Push of {changed} changes", records, sent, MS, floor_push)
    yield figure(f"Pull of {changed} changes", records, came, MS, floor_pull)
    yield figure(f"Requests of an exchange of {changed} changes", records, len(asked), COUNT, REQUESTS, 1.0)


def organisations(server: Postgres) -> Iterator[Figure]:
    """A push and a pull of a hundred changes while the hub holds more and more organisations."""
    smallest: dict[str, float] = {}
    held = 0
    with grounds(server) as ground:
        database = open_database(ground.team.url)
        try:
            for count in ORGANISATIONS:
                while held < count:
                    held += 1
                    organisation = members.Organisation(database)
                    file = organisation.open_file(organisation.founder)
                    organisation.founder.send(database, Part(file, _new_items()))
                for name, value in _of_one(ground, organisation, file).items():
                    first = smallest.setdefault(name, value)
                    told = f"{name}, one of {count} organisations"
                    yield figure(told, CHANGES_EACH, value, MS, first, FLAT_TARGET)
        finally:
            database.close()


def _new_items() -> list[Change]:
    return members.changes(*((os.urandom(16), 0) for _ in range(CHANGES_EACH)))


def _of_one(ground: Ground, organisation: members.Organisation, file: bytes) -> dict[str, float]:
    """The least milliseconds in which an organisation's push and pull of a hundred changes are answered."""
    founder = organisation.founder
    hub = HttpHub(parse_address(ground.team.address), organisation.id, founder.id, founder.seed)
    taken: dict[str, list[float]] = {"Hub's answer to a push": [], "Hub's answer to a pull": []}
    for _ in range(GROWTH_ROUNDS):
        before = founder.last
        push = founder.push([Part(file, _new_items())])
        start = time.perf_counter()
        answer = hub.push(push)
        middle = time.perf_counter()
        hub.pull(Pull(Tip(answer.sequence - 1, before), 1, 0, with_own=True))
        for times, took in zip(taken.values(), (middle - start, time.perf_counter() - middle), strict=True):
            times.append(took * 1000)
    hub.close()
    return {name: min(times) for name, times in taken.items()}
