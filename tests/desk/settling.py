"""Waiting for a desk to have nothing in hand: no time is waited for, the store's thread is asked."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.desk.office import Office
from advocate_desk.desk.slices import is_making

ROUNDS = 4
"""An answer may bring up what asks again."""


def settle(office: Office, page: QWidget, qtbot: QtBot) -> None:
    """Wait until the store has answered and its answers are drawn on `page`."""
    for _ in range(ROUNDS):
        asker = QObject()
        done: list[object] = []
        office.jobs.run(asker, lambda: True).done.connect(done.append)
        qtbot.waitUntil(lambda heard=done: bool(heard) and not is_making(page))  # type: ignore[misc]
        QTest.qWait(0)
