"""Much to send: push after push of whole files, each sealed while the hub answers, and nothing typed is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.errors import Stopped
from advocate_desk.sync import outbox, sending, wire
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.hub import HubRefused, Unreachable
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.sending import Reader
from advocate_desk.sync.statements import DATA_LEAD
from advocate_desk.sync.transaction import writing
from advocate_desk.sync.transport import NO_ANSWER
from advocate_desk.sync.wire import ACCEPTED, Outcome, Push, PushAnswer
from tests.benchmarks.statements import bare_driver
from tests.builders_large import a_caseload
from tests.sync.desks import Desk, Team
from tests.sync.test_exchange import contents

FILES = 12


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    monkeypatch.setattr(wire, "MOST_CHANGES", 20)
    made = Team(tmp_path)
    yield made
    made.close()


@pytest.fixture
def ann(team: Team) -> Desk:
    """A desk with a dozen files that nobody else has yet."""
    made = team.join("Ann", DATA_LEAD)
    made.exchange()
    a_caseload(made.work, FILES, 3)
    return made


class Watched:
    """A hub that is told of each push before it answers."""

    def __init__(self, hub: Any, act: Callable[[Push], object]) -> None:
        self._hub, self._act = hub, act

    def __getattr__(self, name: str) -> Any:
        return getattr(self._hub, name)

    def push(self, push: Push) -> PushAnswer:
        self._act(push)
        answer: PushAnswer = self._hub.push(push)
        return answer


def run(desk: Desk, hub: Any) -> Report:
    return Exchange(desk.work.engine, desk.device, hub, desk.work.clock).run()


def test_a_push_is_of_whole_files_and_no_file_is_in_two(ann: Desk) -> None:
    pushed: list[list[bytes]] = []
    report = run(ann, Watched(ann.hub, lambda push: pushed.append([part.collection for part in push.parts])))
    files = [file for each in pushed for file in each]
    assert len(pushed) > 3
    assert len(files) == len(set(files)) == FILES
    assert files == sorted(files)
    assert report.waiting == 0


def test_a_file_that_is_larger_than_a_push_goes_in_several(team: Team, ann: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr(wire, "MOST_CHANGES", 3)
    assert ann.exchange().waiting == 0
    ben = team.join("Ben", DATA_LEAD)
    ann.exchange()
    assert ben.exchange().troubles == []
    assert contents(ann) == contents(ben)


@pytest.mark.parametrize("when", ["while it is under way", "after it is sealed"])
def test_what_is_typed_while_pushes_are_under_way_is_sent_too(team: Team, ann: Desk, when: str) -> None:
    typed: list[str] = []

    def type_(push: Push) -> None:
        if len(typed) > 4:
            return
        file = push.parts[0].collection if when == "while it is under way" else push.parts[-1].collection
        which = f"file_id {'=' if when == 'while it is under way' else '>'} ?"
        with bare_driver(ann.work.engine) as driver:
            typed.append(f"Typed {len(typed)}")
            driver.execute(f"UPDATE person SET note = note || ? WHERE {which}", (typed[-1], file.hex()))

    report = run(ann, Watched(ann.hub, type_))
    assert len(typed) > 3
    assert report.waiting == 0
    ben = team.join("Ben", DATA_LEAD)
    ann.exchange()
    ben.exchange()
    assert contents(ann) == contents(ben)
    assert any(typed[2] in note for (note,) in ben.rows("SELECT note FROM person"))


def test_a_network_that_goes_at_any_push_loses_and_doubles_nothing(team: Team, ann: Desk) -> None:
    for most in range(1, 4):
        left = iter(range(most))

        def fail(_push: Push, left: Any = left) -> None:
            if next(left, None) is None:
                raise Unreachable(NO_ANSWER)

        with pytest.raises(Unreachable):
            run(ann, Watched(ann.hub, fail))
        with bare_driver(ann.work.engine) as driver:
            assert outbox.count_unsent(driver) > 0
    assert ann.exchange().waiting == 0
    ben = team.join("Ben", DATA_LEAD)
    ann.exchange()
    assert ben.exchange().troubles == []
    assert contents(ann) == contents(ben)
    assert {row[0] for row in ann.rows("SELECT synced_rev FROM contact_note")} == {1}


def test_what_was_under_way_is_read_in_its_own_envelopes_and_what_nobody_can_read_waits_again(ann: Desk) -> None:
    def fail(_push: Push) -> None:
        raise Unreachable(NO_ANSWER)

    with pytest.raises(Unreachable):
        run(ann, Watched(ann.hub, fail))
    with bare_driver(ann.work.engine) as driver:
        body, kinds = driver.execute("SELECT body, sent FROM outgoing_push").fetchone()
        push, words = wire.unpack(Push, bytes(body)), wire.unpack_words(bytes(kinds))
        waiting = {each.item: each.values for each in outbox.unsent(driver, 1000)[0]}
        said = sending.sent_again(driver, push, words)
        assert {each.item: each.values for each in said}.items() <= waiting.items()
        lost = push.parts[0]
        driver.execute("DELETE FROM collection_key WHERE collection = ?", (lost.collection,))
        said = sending.sent_again(driver, push, words)
        unread = {each.item for each in said if each.values is None}
        assert unread == {each.item for each in lost.changes}
        taken = PushAnswer(1, [Outcome(ACCEPTED, 1) for _ in said])
        with writing(driver, lambda: False):
            assert outbox.settle(driver, push, said, taken) == []
        left = outbox.unsent(driver, 1000)[0]
    assert {each.item for each in left if each.expected} == unread
    assert {each.item for each in left if not each.expected} == waiting.keys() - {each.item for each in said}


def test_all_pushes_of_an_exchange_are_sent_on_one_thread_that_no_end_of_the_program_waits_for(ann: Desk) -> None:
    threads: list[threading.Thread] = []
    run(ann, Watched(ann.hub, lambda _push: threads.append(threading.current_thread())))
    aside = [each for each in threads if each is not threading.current_thread()]
    assert len(aside) > 3
    assert len(set(aside)) == 1
    assert aside[0].daemon
    assert not aside[0].is_alive()


def test_what_is_sealed_ahead_fails_only_once_the_hub_has_answered(ann: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    is_failing, answered = threading.Event(), threading.Event()

    def fail(_reader: Reader) -> None:
        is_failing.set()
        raise Stopped

    class Slow(Watched):
        def push(self, push: Push) -> PushAnswer:
            is_failing.wait()
            answer = super().push(push)
            answered.set()
            return answer

    monkeypatch.setattr(Reader, "ahead", fail)
    with pytest.raises(Stopped):
        run(ann, Slow(ann.hub, lambda _push: None))
    assert answered.is_set()
    monkeypatch.undo()
    assert ann.exchange().waiting == 0


def test_a_transaction_during_which_the_exchange_is_stopped_is_taken_back(ann: Desk) -> None:
    is_stopped = threading.Event()

    def write(driver: Driver) -> None:
        with writing(driver, is_stopped.is_set):
            driver.execute("UPDATE person SET note = 'of a page that a lock cut'")
            is_stopped.set()

    with bare_driver(ann.work.engine) as driver:
        with pytest.raises(Stopped):
            write(driver)
        assert not driver.in_transaction
    assert ann.rows("SELECT 1 FROM person WHERE note = 'of a page that a lock cut'") == []


def test_a_hub_that_has_no_space_for_what_is_sent_still_gives_what_others_wrote(team: Team, ann: Desk) -> None:
    ben = team.join("Ben", DATA_LEAD)
    ben.exchange()
    a_caseload(ben.work, 1, 1)
    is_full = True

    def refuse(_push: Push) -> None:
        if is_full:
            raise HubRefused("full")

    watched = Watched(ben.hub, refuse)
    clock = ben.work.clock
    ann.exchange()
    for _ in range(2):  # the second begins with a push that is under way
        with pytest.raises(HubRefused, match="full"):
            Exchange(ben.work.engine, ben.device, watched, clock).run()
        assert ben.rows("SELECT count(*) FROM client_file") == [(FILES + 1,)]
    is_full = False
    Exchange(ben.work.engine, ben.device, watched, clock).run()
    team.exchange_all(2)
    assert contents(ann) == contents(ben)
