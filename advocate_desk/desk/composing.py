"""Text that an input method is still composing: an accent waiting for its letter, a syllable waiting for its character.

It stands in the field and is not yet part of its text. Before a lock takes the field away it is taken in as it stands.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QGuiApplication, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid


class Composing(QObject):
    """Follows the field that has the focus. `composed` follows each step, which may come without any key press."""

    composed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._field: QWidget | None = None
        self._text = ""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)
            self._on_focus(None, QApplication.focusWidget())

    def finish(self) -> None:
        """Take into the field what is being composed: by the input method, or as it stands where that does nothing."""
        QGuiApplication.inputMethod().commit()
        field, text = self._field, self._text
        if text and field is not None and isValid(field):
            taken = QInputMethodEvent()
            taken.setCommitString(text)
            QApplication.sendEvent(field, taken)
        self._text = ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note what is being composed in the field."""
        if isinstance(event, QInputMethodEvent):
            self._text = event.preeditString()
            self.composed.emit()
        return super().eventFilter(watched, event)

    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Watching one field, not every event of the application, costs nothing while lists are drawn."""
        if new is self._field:
            return
        if self._field is not None and isValid(self._field):
            self._field.removeEventFilter(self)
        self._field, self._text = new, ""
        if new is not None:
            new.installEventFilter(self)
