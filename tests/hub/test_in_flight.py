"""No pull passes over a commit in flight: a push that has its number and is not committed yet holds back later ones."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.hub import pulls, pushes
from advocate_desk.hub.database import Database, open_database
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.transport import HttpHub
from advocate_desk.sync.wire import Part, Pull, PushAnswer
from tests.hub.members import QUOTA, Device, Organisation, changes
from tests.hub.processes import HubProcess


class Held:
    """A transaction that has taken its number and written its rows, and stays open until it is let go."""

    def __init__(self, keep: Callable[..., None]) -> None:
        self._keep = keep
        self._whose = b""
        self.has_number = threading.Event()
        self.may_commit = threading.Event()

    def hold(self, device: Device) -> None:
        self._whose = device.id

    def __call__(self, session: Any, caller: Any, *rest: Any) -> None:
        self._keep(session, caller, *rest)
        if caller.device == self._whose:
            self.has_number.set()
            assert self.may_commit.wait(30)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    made = Held(pushes._keep)
    monkeypatch.setattr(pushes, "_keep", made)
    yield made
    made.may_commit.set()


@pytest.fixture
def other_worker(database_url: str, database: Database) -> Iterator[Database]:
    """The same database, as another worker has it."""
    made = open_database(database_url)
    yield made
    made.close()


def a_part(file: bytes) -> Part:
    return Part(file, changes((os.urandom(16), 0)))


def test_a_later_push_waits_for_the_one_in_flight_and_no_pull_sees_it_first(
    database: Database, other_worker: Database, organisation: Organisation, held: Held
) -> None:
    ann, ben, reader = organisation.founder, organisation.join(), organisation.join()
    file = organisation.open_file(ann, ben, reader)
    ann.send(database, a_part(file))
    held.hold(ann)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(ann.send, database, a_part(file))
        assert held.has_number.wait(30)
        quick = pool.submit(ben.send, other_worker, a_part(file))
        for _ in range(20):
            page = pulls.answer_pull(other_worker, reader.caller, Pull(reader.tip, 0, 0))
            assert [push.sequence for push in page.pushes] == [1]
            assert page.head == 1
        assert wait_for([quick], timeout=0.5).not_done == {quick}
        held.may_commit.set()
        assert (slow.result(30).sequence, quick.result(30).sequence) == (2, 3)
    assert [push.sequence for page in reader.pull(other_worker) for push in page.pushes] == [1, 2, 3]


def test_several_workers_hold_back_what_follows_a_commit_in_flight(
    tmp_path: Path, postgres_url: str, held: Held
) -> None:
    """The same with hub processes: the transaction is held open here, and the hub's two workers wait for it."""
    database = open_database(postgres_url)
    organisation = Organisation(database)
    ann, others = organisation.founder, [organisation.join() for _ in range(4)]
    reader = organisation.join()
    file = organisation.open_file(ann, reader, *others)
    hub = HubProcess(tmp_path / "hub", postgres_url, workers=2)
    try:
        hub.start()
        far = {each.id: _far(hub, each) for each in (reader, *others)}
        held.hold(ann)
        with ThreadPoolExecutor(6) as pool:
            slow = pool.submit(ann.send, database, a_part(file))
            assert held.has_number.wait(30)
            quick: list[Future[PushAnswer]] = [
                pool.submit(far[each.id].push, each.push([a_part(file)])) for each in others
            ]
            until = time.monotonic() + 1.0
            while time.monotonic() < until:
                page = far[reader.id].pull(Pull(reader.tip, 0, 0))
                assert (page.pushes, page.head) == ([], 0)
            assert wait_for(quick, timeout=0).not_done == set(quick)
            held.may_commit.set()
            assert slow.result(30).sequence == 1
            assert sorted(each.result(30).sequence for each in quick) == [2, 3, 4, 5]
        page = far[reader.id].pull(Pull(reader.tip, 0, 0))
        assert [push.sequence for push in page.pushes] == [1, 2, 3, 4, 5]
        for each in far.values():
            each.close()
    finally:
        hub.end()
        database.close()


def test_a_push_that_is_rolled_back_leaves_no_gap(
    database: Database, organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = organisation.founder
    file = organisation.open_file(ann)
    push = ann.push([a_part(file)])

    def fail(*_rest: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pushes, "_keep", fail)
    with pytest.raises(ZeroDivisionError):
        pushes.take_push(database, ann.caller, push, QUOTA)
    monkeypatch.undo()
    assert pushes.take_push(database, ann.caller, push, QUOTA).sequence == 1


def _far(hub: HubProcess, device: Device) -> HttpHub:
    return HttpHub(parse_address(f"http://127.0.0.1:{hub.port}"), device.organisation, device.id, device.seed)
