from __future__ import annotations

import gc
import logging
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.errors import Stopped, Unavailable

ROUNDS = 300


class Held(QObject):
    """Something that only the work holds. Says in which thread it ended."""

    def __init__(self, ended_in: list[str]) -> None:
        super().__init__()
        self.timer = QTimer()  # without a parent: it ends with the wrapper that holds it
        weakref.finalize(self, lambda: ended_in.append(threading.current_thread().name))


@pytest.fixture(autouse=True)
def threads_that_change_often() -> Iterator[None]:
    """What a worker holds a moment too long is then the last as often as not."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def give(_held: Held) -> int:
    return 1


def refuse(_held: Held) -> int:
    raise Unavailable("Not now.")


def break_off(held: Held) -> int:
    inside = [held]
    try:
        raise KeyError(len(inside))
    except KeyError as error:
        raise ValueError("as a bug does") from error


@pytest.mark.parametrize("work", [give, refuse, break_off])
def test_what_only_a_job_held_ends_on_the_gui_thread(
    work: Callable[[Held], int], jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("advocate_desk.desk.jobs"), "disabled", True)  # a kept record keeps frames
    ended_in: list[str] = []
    owner = QObject()
    for _ in range(ROUNDS):
        jobs.run(owner, partial(work, Held(ended_in)))
    qtbot.waitUntil(lambda: not owner.findChildren(Job))
    gc.collect()
    assert ended_in == [threading.current_thread().name] * ROUNDS


def test_what_a_screen_that_has_closed_had_asked_for_ends_on_the_gui_thread(jobs: Jobs, qtbot: QtBot) -> None:
    ended_in: list[str] = []
    for _ in range(ROUNDS):
        owner = Held(ended_in)
        jobs.run(owner, partial(give, owner))
        owner.deleteLater()
        del owner
    stays = QObject()
    done: list[bool] = []
    jobs.run(stays, lambda: True).done.connect(done.append)
    qtbot.waitUntil(lambda: done == [True])
    gc.collect()
    assert ended_in == [threading.current_thread().name] * ROUNDS


def test_an_error_that_is_told_holds_nothing_of_what_was_worked_on(jobs: Jobs, qtbot: QtBot) -> None:
    ended_in: list[str] = []
    told: list[Unavailable] = []
    owner = QObject()
    jobs.run(owner, partial(refuse, Held(ended_in))).refused.connect(told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0].__traceback__ is None
    qtbot.waitUntil(lambda: bool(ended_in))


def test_what_is_waited_for_comes_behind_what_was_asked_before(jobs: Jobs) -> None:
    order: list[str] = []
    jobs.run_unowned(lambda: order.append("first"))
    assert jobs.run_and_wait(lambda: order.append("second")) is None
    assert order == ["first", "second"]


def test_work_given_up_at_a_lock_is_no_failure_that_is_told_or_logged(
    jobs: Jobs, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def give_up() -> None:
        raise Stopped

    owner, told = QObject(), list[str]()
    job = jobs.run(owner, give_up)
    job.refused.connect(lambda _error: told.append("refused"))
    job.broken.connect(lambda: told.append("broken"))
    job.done.connect(lambda _result: told.append("done"))
    assert isinstance(jobs.run_and_wait(give_up), Stopped)
    qtbot.waitUntil(lambda: job.finished)
    assert (told, caplog.messages) == ([], [])
