"""The moment at which something was painted for the first time."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.desk.first_paint import FirstPaint


def test_it_is_told_once_that_a_page_was_painted(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    first, told = FirstPaint(page), list[bool]()
    first.painted.connect(lambda: told.append(True))
    page.show()
    qtbot.waitUntil(lambda: told == [True])
    page.repaint()
    QApplication.processEvents()
    assert told == [True]
