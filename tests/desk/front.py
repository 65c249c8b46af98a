"""Bringing a window to the front, as a person who clicks on it does."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


def to_front(window: QWidget, qtbot: QtBot) -> None:
    """Show `window` and ask for it until it is the active one: off screen, one that goes takes the keys along."""
    window.show()
    window.activateWindow()  # though it be the active one: a list that has closed may still have the keys
    qtbot.waitUntil(lambda: _is_front(window))


def _is_front(window: QWidget) -> bool:
    if not window.isActiveWindow():
        window.activateWindow()
    return window.isActiveWindow()
