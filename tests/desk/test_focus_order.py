"""Where Tab goes on the desk: in reading order, past what a form hides, and round again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.work import Work
from advocate_desk.desk.focus_order import reading_order
from tests.builders import a_file
from tests.desk.client_desk import ClientDesk
from tests.desk.keyboard import focused, press

MOST = 150


@pytest.fixture
def desk(qtbot: QtBot, work: Work) -> Iterator[ClientDesk]:
    made = ClientDesk(work, qtbot)
    yield made
    made.end()


def round_by_tab(first: QWidget) -> list[QWidget]:
    """What Tab goes through from `first` until it is there again."""
    first.setFocus()
    stops = []
    for _ in range(MOST):
        stops.append(focused())
        press(Qt.Key.Key_Tab)
        if focused() is first:
            return stops
    raise AssertionError("Tab never comes round")


@pytest.mark.parametrize("kind", ["note", "dash"])
def test_tab_reaches_nothing_that_a_form_hides_and_comes_round(kind: str, desk: ClientDesk, work: Work) -> None:
    made = a_file(work)
    page = desk.file_page(made, "overview")
    desk.office.open_form(kind, {"file_id": str(made)})
    form = desk.form(kind)
    stops = round_by_tab(focused())
    assert any(form.isAncestorOf(each) for each in stops)
    hidden = [each for each in stops if page.isAncestorOf(each) and is_under(each, form)]
    assert hidden == []
    assert page.isVisible() is not form.is_wide, "a screen that is covered is not there for assistive technology either"
    press(Qt.Key.Key_Backtab)
    press(Qt.Key.Key_Tab)
    assert focused() is stops[0]
    press(Qt.Key.Key_Escape)
    desk.settle()
    assert desk.forms() == () and page.isVisible()


def is_under(widget: QWidget, form: QWidget) -> bool:
    middle = widget.mapToGlobal(widget.rect().center())
    return form.rect().contains(form.mapFromGlobal(middle))


def test_the_order_is_that_of_the_places_and_not_that_of_making(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    last, second, first, fourth, third = (QPushButton(str(number), root) for number in range(5))
    gone = QPushButton("gone", root)
    over = QPushButton("over", root)
    outer, row, grid = QVBoxLayout(root), QHBoxLayout(), QGridLayout()
    row.addWidget(first)
    row.addWidget(gone)
    row.addWidget(second)
    grid.addWidget(fourth, 0, 1)
    grid.addWidget(last, 1, 0)
    grid.addWidget(third, 0, 0)
    outer.addLayout(row)
    outer.addLayout(grid)
    gone.hide()
    root.resize(400, 300)
    over.setGeometry(0, 290, 80, 20)
    root.show()
    assert reading_order(root) == [first, second, third, fourth, last, over]
    third.setEnabled(False)
    fourth.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    assert reading_order(root) == [first, second, last, over]
