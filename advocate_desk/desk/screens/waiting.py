"""A page for the moments in which the desk is being opened or made: what is going on, how far, what went wrong."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from advocate_desk.desk.messages import broken_words
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner
from advocate_desk.desk.widgets.labels import icon_label, text_label

WIDTH = 420


class WaitingPage(QWidget):
    """One sentence and a bar. `progressed` may be emitted from any thread with (done, of how many)."""

    progressed = Signal(int, int)

    def __init__(self, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._action: Callable[[], object] | None = None
        self._making = ""
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(px(WIDTH))
        self._bar.setAccessibleName(words)
        self._trouble = Banner(can_dismiss=False)
        self._trouble.setFixedWidth(px(WIDTH) + px(80))
        self._trouble.acted.connect(self._act)
        self._words = text_label(words, "heading")
        layout = QVBoxLayout(self)
        layout.setSpacing(px(16))
        layout.addStretch(1)
        for widget in (icon_label("folder-heart", 40, "accent"), self._words, self._bar, self._trouble):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        self.progressed.connect(self._on_progressed, Qt.ConnectionType.QueuedConnection)

    def say_while_it_is_made(self, words: str) -> None:
        """Say something else once it is known how much there is to do: that is so only of what is made anew."""
        self._making = words

    def say(self, advice: str, action: str = "", on_action: Callable[[], object] | None = None) -> None:
        """Say what went wrong, and offer one way on."""
        self._action = on_action
        self._bar.hide()
        self._words.hide()
        self._trouble.say(advice, "warning", action)

    @Slot()
    def say_broken(self) -> None:
        """Say that something of ours failed."""
        self.say(broken_words())

    @Slot(int, int)
    def _on_progressed(self, done: int, count: int) -> None:
        if self._making:
            self._words.setText(self._making)
            self._bar.setAccessibleName(self._making)
            self._making = ""
        self._bar.setRange(0, count)
        self._bar.setValue(done)

    def _act(self) -> None:
        if self._action is not None:
            self._action()
