"""Tells when a widget is on the screen for the first time: what can wait until then would only hold it up."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """Emits `painted` once, when the event that paints `widget` for the first time has been dealt with."""

    painted = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look for the painting, and let everything through."""
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._on_painted)  # the surface is given to the screen after this event
        return False

    @Slot()
    def _on_painted(self) -> None:
        """A slot of ours, which ends with us: to emit from a page that has ended leaves an error that crashes Qt."""
        self.painted.emit()
