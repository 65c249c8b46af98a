"""What would hold the window up is done in slices, between which the window answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.desk import slices
from advocate_desk.desk.slices import Slices, is_making, prepared


@pytest.fixture(autouse=True)
def _each_step_fills_its_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE_S", 0.0)


def _steps(done: list[str], count: int = 5) -> Iterator[None]:
    for number in range(count):
        done.append(f"step {number}")
        yield
    done.append("whole")


def test_the_first_slice_is_done_at_once_and_the_others_in_later_turns(qtbot: QtBot) -> None:
    owner, done = QObject(), []  # type: tuple[QObject, list[str]]
    work = Slices(owner)
    work.run(_steps(done))
    assert done == ["step 0"]
    assert work.is_running
    assert is_making(owner)
    qtbot.waitUntil(lambda: not is_making(owner))
    assert done[-1] == "whole"


def test_between_two_slices_the_event_loop_turns(qtbot: QtBot) -> None:
    owner, done = QObject(), []  # type: tuple[QObject, list[str]]
    turn = QTimer(owner, interval=0)
    turn.timeout.connect(lambda: done.append("turn"))
    turn.start()
    Slices(owner).run(_steps(done))
    qtbot.waitUntil(lambda: "whole" in done)
    assert all("turn" in (first, second) for first, second in pairwise(done[:-1]))


def test_what_is_left_can_be_finished_at_once() -> None:
    owner, done = QObject(), []  # type: tuple[QObject, list[str]]
    work = Slices(owner)
    work.run(_steps(done))
    work.finish()
    assert done[-1] == "whole"
    assert not work.is_running


def test_other_work_takes_the_place_of_what_was_left(qtbot: QtBot) -> None:
    owner, first, second = QObject(), [], []  # type: tuple[QObject, list[str], list[str]]
    work = Slices(owner)
    work.run(_steps(first))
    work.run(_steps(second))
    qtbot.waitUntil(lambda: not work.is_running)
    assert first == ["step 0"]
    assert second[-1] == "whole"


def test_what_went_wrong_is_not_tried_again(qtbot: QtBot) -> None:
    def faulty() -> Iterator[None]:
        yield
        raise ValueError("a fault")

    owner = QObject()
    work = Slices(owner)
    work.run(faulty())
    with qtbot.captureExceptions() as raised:
        qtbot.waitUntil(lambda: bool(raised))
    assert [each[0] for each in raised] == [ValueError]
    assert not work.is_running


def test_what_is_prepared_out_of_sight_is_laid_out_and_outlives_a_part_that_goes(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    hidden = QWidget(window)
    hidden.hide()
    column = QVBoxLayout(hidden)
    labels = [QLabel(f"Line {number}") for number in range(3)]
    for each in labels:
        column.addWidget(each)
    steps = prepared(hidden, 300)
    next(steps)
    shiboken6.delete(labels[1])
    for _ in steps:
        pass
    assert hidden.isHidden()
    assert hidden.width() == 300
    assert labels[2].y() > labels[0].geometry().bottom() > 0
    assert labels[0].testAttribute(Qt.WidgetAttribute.WA_WState_Polished)
