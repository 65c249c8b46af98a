"""Types as a person does: whatever has the focus gets the key."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def focused() -> QWidget:
    """The widget that has the focus."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the focus"
    return widget


def type_text(text: str) -> None:
    """Type `text` where the focus is."""
    QTest.keyClicks(focused(), text)


def press(key: Qt.Key, times: int = 1, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is; an open list gets it first, as the window system gives it."""
    for _ in range(times):
        QTest.keyClick(QApplication.activePopupWidget() or focused(), key, modifiers)


def tab_to(name: str, most: int = 40) -> None:
    """Press Tab until the control of that accessible name has the focus."""
    for _ in range(most):
        if focused().accessibleName() == name:
            return
        press(Qt.Key.Key_Tab)
    raise AssertionError(f"Tab never reaches {name!r}")
