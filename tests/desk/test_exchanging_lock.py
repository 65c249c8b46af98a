"""A lock during an exchange: it waits for no network, and leaves no connection and no key behind."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import Engine

from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.team import exchanging, line_jobs
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.team.gate import Gate
from advocate_desk.sync import choices, overview, wire
from advocate_desk.sync.link import TeamHub
from advocate_desk.sync.outbox import Sealed
from advocate_desk.sync.overview import Overview
from advocate_desk.sync.sending import Reader
from advocate_desk.sync.statements import SUPERVISOR
from advocate_desk.sync.wire import Page, Pull, Push, PushAnswer
from advocate_desk.vault.device import Device
from tests.builders import a_file
from tests.builders_large import a_caseload
from tests.sync.desks import Desk, Team


@pytest.fixture
def ann(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A desk with a file to send, which loses no time."""
    monkeypatch.setattr(exchanging, "FIRST_MS", 1)
    monkeypatch.setattr(exchanging, "END_S", 30)  # a busy computer is no network that hangs
    team = Team(tmp_path)
    desk = team.join("Ann", SUPERVISOR)
    a_file(desk.work)
    yield desk
    team.close()


@contextmanager
def silent_hub() -> Iterator[tuple[str, threading.Event]]:
    """The address of what takes connections and never answers; set once somebody has called."""
    called = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        lines: list[socket.socket] = []

        def listen() -> None:
            try:
                line, _ = server.accept()
            except OSError:
                return
            lines.append(line)
            line.recv(10)
            called.set()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", called
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for each in lines:
            each.close()


def exchange_threads() -> list[threading.Thread]:
    return [each for each in threading.enumerate() if each.name == "exchange"]


def test_a_lock_ends_a_request_that_is_never_answered(ann: Desk, qtbot: QtBot) -> None:
    with silent_hub() as (address, called):
        choices.set_hub_address(ann.work.engine, address)
        office = Office(ann.work, Jobs())
        office.keep_exchanging(Exchanges(office, ann.device))
        qtbot.waitUntil(called.is_set)
        office.make_haste()
        office.end()
    assert not exchange_threads()
    assert ann.work.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


def test_a_look_that_a_lock_cuts_off_is_no_failure(
    ann: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    is_reading = threading.Event()

    def endless(engine: Engine) -> Overview | None:
        with engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            raw.set_progress_handler(is_reading.set, 1000)  # the statement runs; None lets it go on
            try:
                connection.exec_driver_sql(ENDLESS)
            finally:
                raw.set_progress_handler(None, 0)
        raise AssertionError("it has no end")

    monkeypatch.setattr(overview, "read", endless)
    office = Office(ann.work, Jobs())
    office.keep_exchanging(Exchanges(office, ann.device, connect=lambda *_: cast(TeamHub, ann.hub)))
    qtbot.waitUntil(is_reading.is_set)
    office.end()
    qtbot.wait(1)  # what the thread said at its end is heard
    assert not exchange_threads()
    assert caplog.messages == []


class StuckHub:
    """A hub whose network can be cut by nobody, as while a name is looked up."""

    def __init__(self, desk: Desk, gate: Gate) -> None:
        self.desk, self.gate = desk, gate
        self.is_asked, self.may_go = threading.Event(), threading.Event()

    def pull(self, pull: Pull) -> Page:
        with self.gate.out(lambda: None):
            self.is_asked.set()
            self.may_go.wait()
        return self.desk.hub.pull(pull)

    def __getattr__(self, name: str) -> object:
        return getattr(self.desk.hub, name)


@pytest.mark.expects_log("Exception during reset or similar")  # the pool finds the connection closed
def test_a_thread_that_the_network_keeps_loses_its_connections(
    ann: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchanging, "END_S", 0.05)
    choices.set_hub_address(ann.work.engine, "https://hub.example.org")
    made: list[StuckHub] = []

    def connect(_seen: Overview, _device: Device, gate: Gate) -> TeamHub:
        made.append(StuckHub(ann, gate))
        return cast(TeamHub, made[0])

    office = Office(ann.work, Jobs())
    exchanges = Exchanges(office, ann.device, connect=connect)
    office.keep_exchanging(exchanges)
    qtbot.waitUntil(lambda: bool(made) and made[0].is_asked.is_set())
    held = list(exchanges._connections._taken)
    assert held
    office.end()
    for raw in held:
        with pytest.raises(Exception, match="closed"):
            raw.execute("SELECT 1")
    ann.work.engine.dispose()
    ann.device.wipe()
    made[0].may_go.set()  # the network answers after all
    for each in exchange_threads():
        each.join()
    qtbot.waitUntil(lambda: not line_jobs._left_behind)


class StuckAtPushes(StuckHub):
    """A hub whose network keeps the thread that sends."""

    def pull(self, pull: Pull) -> Page:
        return self.desk.hub.pull(pull)

    def push(self, push: Push) -> PushAnswer:
        with self.gate.out(lambda: None):
            self.is_asked.set()
            self.may_go.wait()
        return self.desk.hub.push(push)


@pytest.mark.parametrize(
    "is_at_the_store",
    [True, pytest.param(False, marks=pytest.mark.expects_log("Exception during reset or similar"))],
)
def test_a_thread_loses_its_connections_only_while_it_waits_itself(
    ann: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, is_at_the_store: bool
) -> None:
    """While another thread is out with a push, the exchange's own reads the next from the store, or waits for that."""
    monkeypatch.setattr(exchanging, "END_S", 0.05)
    monkeypatch.setattr(wire, "MOST_CHANGES", 10)
    choices.set_hub_address(ann.work.engine, "https://hub.example.org")
    a_caseload(ann.work, 6, 3)
    is_reading, may_read = threading.Event(), threading.Event()
    read = Reader.ahead

    def slowly(reader: Reader) -> Sealed | None:
        is_reading.set()
        may_read.wait()
        return read(reader)

    monkeypatch.setattr(Reader, "ahead", slowly)
    made: list[StuckAtPushes] = []

    def connect(_seen: Overview, _device: Device, gate: Gate) -> TeamHub:
        made.append(StuckAtPushes(ann, gate))
        return cast(TeamHub, made[0])

    office = Office(ann.work, Jobs())
    exchanges = Exchanges(office, ann.device, connect=connect)
    office.keep_exchanging(exchanges)
    qtbot.waitUntil(lambda: is_reading.is_set() and made[0].is_asked.is_set())
    held = list(exchanges._connections._taken)
    assert held
    if not is_at_the_store:
        may_read.set()
        qtbot.waitUntil(lambda: exchanges._connections.thread in exchanges._gate._waiting)
    office.end()
    for raw in held:
        if is_at_the_store:
            assert raw.execute("SELECT 1").fetchone() == (1,)
        else:
            with pytest.raises(Exception, match="closed"):
                raw.execute("SELECT 1")
    may_read.set()
    made[0].may_go.set()
    for each in exchange_threads():
        each.join()
    qtbot.waitUntil(lambda: not line_jobs._left_behind)
    assert ann.work.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    monkeypatch.undo()
    assert ann.exchange().waiting == 0


def test_a_lock_in_the_middle_of_a_full_first_exchange_loses_nothing(ann: Desk, qtbot: QtBot) -> None:
    choices.set_hub_address(ann.work.engine, "https://hub.example.org")
    for _ in range(5):
        lock_while_running(ann, qtbot)
        assert not exchange_threads()
    ann.exchange()
    assert not ann.rows("SELECT 1 FROM client_file WHERE synced_rev IS NULL")
    assert ann.rows("SELECT count(*) FROM client_file")[0][0] == 1


def lock_while_running(desk: Desk, qtbot: QtBot) -> None:
    office = Office(desk.work, Jobs())
    exchanges = Exchanges(office, desk.device, connect=lambda *_: cast(TeamHub, desk.hub))
    began: list[bool] = []

    def on_state() -> None:
        if exchanges.state().is_running:
            began.append(True)
            office.make_haste()

    exchanges.state_changed.connect(on_state)
    office.keep_exchanging(exchanges)
    qtbot.waitUntil(lambda: bool(began))
    office.end()
