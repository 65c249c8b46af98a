"""A widget made of parts, one of which takes the focus for it."""

from __future__ import annotations

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget


class WithFocusPart(QWidget):
    """Gives the focus that it gets to one of its parts, and has no place of its own in the tab order.

    Qt's focus proxy would have one: Tab comes to the whole after everything else, is sent back to the part, and so
    goes round for ever without reaching what lies behind.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._focus_part: QWidget | None = None

    def set_focus_part(self, part: QWidget) -> None:
        """The part that takes the focus from here on."""
        self._focus_part = part

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand it on."""
        super().focusInEvent(event)
        if self._focus_part is not None:
            self._focus_part.setFocus(event.reason())
