"""A column that is drawn anew: what stood there stays in sight until what follows it is whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from advocate_desk.desk import slices
from advocate_desk.desk.slices import is_making
from advocate_desk.desk.widgets.redrawn import Redrawn


@pytest.fixture(autouse=True)
def _each_step_fills_its_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "SLICE_S", 0.0)


@pytest.fixture
def column(qtbot: QtBot) -> Redrawn:
    made = Redrawn()
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.show()
    return made


def cards(*words: str) -> Callable[[QVBoxLayout], Iterator[None]]:
    def fill(place: QVBoxLayout) -> Iterator[None]:
        for each in words:
            place.addWidget(QPushButton(each))
            yield

    return fill


def in_sight(column: Redrawn) -> list[str]:
    return [each.text() for each in column.findChildren(QPushButton) if each.isVisible()]


def test_the_cards_before_stay_until_all_of_the_next_are_there(qtbot: QtBot, column: Redrawn) -> None:
    column.draw_anew(cards("one", "two"))
    assert in_sight(column) == []
    qtbot.waitUntil(lambda: not is_making(column))
    seen: list[list[str]] = []
    column.draw_anew(cards("three", "four", "five"))
    while is_making(column):
        seen.append(in_sight(column))
        QCoreApplication.processEvents()
    assert {tuple(each) for each in seen} == {("one", "two"), ("three", "four", "five")}
    assert in_sight(column) == ["three", "four", "five"]


def test_a_drawing_that_another_takes_the_place_of_leaves_nothing(qtbot: QtBot, column: Redrawn) -> None:
    column.draw_anew(cards("one", "two"))
    column.draw_anew(cards("three"))
    qtbot.waitUntil(lambda: not is_making(column))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [each.text() for each in column.findChildren(QPushButton)] == ["three"]


def test_a_fault_in_a_drawing_leaves_what_was_there(qtbot: QtBot, column: Redrawn) -> None:
    column.draw_anew(cards("one"))
    qtbot.waitUntil(lambda: not is_making(column))

    def faulty(place: QVBoxLayout) -> Iterator[None]:
        place.addWidget(QLabel("half"))
        yield
        raise ValueError("a fault")

    column.draw_anew(faulty)
    with qtbot.captureExceptions() as raised:
        qtbot.waitUntil(lambda: bool(raised))
    assert in_sight(column) == ["one"]


def test_a_drawing_can_be_finished_at_once(column: Redrawn) -> None:
    column.draw_anew(cards("one", "two"), at_once=False)
    assert is_making(column)
    column.finish()
    assert in_sight(column) == ["one", "two"]
