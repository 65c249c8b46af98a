"""The thread beside an exchange: what it is asked is waited for, except by the end of the program."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from advocate_desk.sync.aside import FEW, Aside, on_two

NEVER_ANSWERED = """
import threading
from advocate_desk.sync.aside import Aside

asked = threading.Event()

def ask(said):
    asked.set()
    threading.Event().wait()

def exchange():
    with Aside() as aside:
        aside.answer(aside.begin(ask, None))

threading.Thread(target=exchange, daemon=True).start()
asked.wait()
"""


def test_the_program_ends_while_the_network_answers_nothing() -> None:
    subprocess.run([sys.executable, "-c", NEVER_ANSWERED], check=True, timeout=60)


def test_an_error_of_the_asking_is_raised_where_the_answer_is_waited_for() -> None:
    def refuse(said: str) -> None:
        raise LookupError(said)

    with Aside() as aside:
        begun = aside.begin(refuse, "nothing there")
        with pytest.raises(LookupError, match="nothing there"):
            aside.answer(begun)
        aside.settle(begun)


def test_only_the_wait_for_an_answer_counts_as_waiting() -> None:
    may_answer = threading.Event()
    waits: list[bool] = []

    @contextmanager
    def waiting() -> Iterator[None]:
        waits.append(True)
        may_answer.set()
        yield

    with Aside(waiting) as aside:
        begun = aside.begin(lambda said: may_answer.wait() and said, 7)
        assert not waits
        assert aside.answer(begun) == 7
    assert waits == [True]


@pytest.mark.parametrize("count", [0, 1, FEW - 1, FEW, 3 * FEW + 1])
def test_what_two_processors_did_comes_in_its_order(count: int) -> None:
    assert on_two(lambda some: [each * each for each in some], range(count)) == [each * each for each in range(count)]


@pytest.mark.parametrize("spoiled", [0, 2 * FEW - 1])
def test_what_fails_on_either_processor_is_raised(spoiled: int) -> None:
    def work(some: Sequence[int]) -> list[int]:
        if spoiled in some:
            raise LookupError
        return list(some)

    with pytest.raises(LookupError):
        on_two(work, range(2 * FEW))
