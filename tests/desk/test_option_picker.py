"""Choosing one of many by keyboard."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from advocate_desk.desk.widgets.option_picker import OptionPicker, matching
from advocate_desk.domain.forms import Option

OPTIONS = (Option("lee", "Lee Placeholder", "Hospital team"), Option("kit", "Kit Example", "Court team"))


def test_an_arrow_beyond_the_last_choice_keeps_it(qtbot: QtBot) -> None:
    labels = {each.key: each.label for each in OPTIONS}
    picker = OptionPicker(partial(matching, OPTIONS), lambda key: labels.get(key, ""), strict=False)
    qtbot.addWidget(picker)
    picker.show()
    picker.activateWindow()
    picker.setFocus()
    qtbot.waitUntil(picker.hasFocus)
    QTest.keyClicks(picker, "Lee")
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    popup = QApplication.activePopupWidget()
    assert popup is not None
    QTest.keyClick(popup, Qt.Key.Key_Down)
    QTest.keyClick(popup, Qt.Key.Key_Return)
    assert (picker.value(), picker.text()) == ("lee", "Lee Placeholder")
