"""What is typed on a form before it is there: it waits for the first field, as it would in a paper's margin."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

_OTHER_KEYS = frozenset(
    {
        Qt.Key.Key_Tab,
        Qt.Key.Key_Backtab,
        Qt.Key.Key_Backspace,
        Qt.Key.Key_Delete,
        Qt.Key.Key_Return,
        Qt.Key.Key_Enter,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
_COMMANDING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class KeysAhead(QObject):
    """Keeps what is typed while `form` has the focus itself: `keys`, each [key, with Shift, text], as JSON.

    `press` gives it to a field, and ends it.
    """

    held = Signal()

    def __init__(self, form: QWidget, keys: object = None) -> None:
        super().__init__(form)
        self._form = form
        self.keys = [each for each in keys if _is_key(each)] if isinstance(keys, list) else []
        form.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        form.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what a field would take; shortcuts are the window's."""
        if isinstance(event, QInputMethodEvent):
            self._hold(0, False, event.commitString())
            return True
        if not isinstance(event, QKeyEvent) or not _is_typed(event):
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif event.type() == QEvent.Type.KeyPress and event.matches(QKeySequence.StandardKey.Paste):
            self._hold(0, False, QApplication.clipboard().text())
        elif event.type() == QEvent.Type.KeyPress:
            self._hold(event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier), event.text())
        return True

    def _hold(self, key: int, with_shift: bool, text: str) -> None:
        if key or text:
            self.keys.append([key, with_shift, text])
            self.held.emit()

    def press(self, field: QWidget | None) -> None:
        """Press it all in `field`, and in those that it leads to."""
        self._form.removeEventFilter(self)
        self._form.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        keys, self.keys = self.keys, []
        for key, with_shift, text in keys:
            now = QApplication.focusWidget()
            there = now if now is not None and self._form.isAncestorOf(now) else field
            if there is not None:
                _press(there, key, with_shift, text)


def _press(field: QWidget, key: int, with_shift: bool, text: str) -> None:
    if not key:
        whole = QInputMethodEvent()
        whole.setCommitString(text)
        QApplication.sendEvent(field, whole)
    else:
        modifiers = Qt.KeyboardModifier.ShiftModifier if with_shift else Qt.KeyboardModifier.NoModifier
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(field, QKeyEvent(kind, key, modifiers, text))


def _is_typed(event: QKeyEvent) -> bool:
    if event.matches(QKeySequence.StandardKey.Paste):
        return True
    commanding = event.modifiers() & _COMMANDING
    if event.text().isprintable() and event.text():  # with Ctrl and Alt together too: the third level of a keyboard
        return commanding in (Qt.KeyboardModifier.NoModifier, _COMMANDING & ~Qt.KeyboardModifier.MetaModifier)
    return not commanding and event.key() in _OTHER_KEYS


def _is_key(kept: Any) -> bool:  # noqa: ANN401 - out of a draft, which another version may have written
    return isinstance(kept, list) and [type(each) for each in kept] == [int, bool, str]
