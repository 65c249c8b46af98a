"""What the page says while a desk is opened or made."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QProgressBar
from pytestqt.qtbot import QtBot

from advocate_desk.desk.screens.waiting import WaitingPage


def test_a_demonstration_that_is_there_already_is_only_opened(qtbot: QtBot) -> None:
    page = WaitingPage("Opening the demonstration…")
    qtbot.addWidget(page)
    page.say_while_it_is_made("Making the demonstration caseload…")
    page.show()
    bar = page.findChild(QProgressBar)
    assert bar is not None

    def says(words: str) -> bool:
        return words in {each.text() for each in page.findChildren(QLabel)} and bar.accessibleName() == words

    assert says("Opening the demonstration…")
    page.progressed.emit(1, 20)
    qtbot.waitUntil(lambda: says("Making the demonstration caseload…") and bar.value() == 1)
