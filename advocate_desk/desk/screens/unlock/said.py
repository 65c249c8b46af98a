"""What a locked desk says on its page: problems, waits and good news, for eyes and for screen readers alike."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.labels import text_label, tone_icon


class Said(QFrame):
    """One sentence or two in a tinted box. Hidden while there is nothing to say."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "banner")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._icon = QLabel()
        self._words = text_label("", wrap=True)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(12), px(10), px(12), px(10))
        layout.setSpacing(px(10))
        layout.addWidget(self._icon, 0)
        layout.addWidget(self._words, 1)
        layout.setAlignment(self._icon, Qt.AlignmentFlag.AlignTop)
        self.hide()

    def say(self, words: str, tone: Tone = "danger", *, aloud: bool = True) -> None:
        """Show `words` with the tone's icon and read them out; "" hides the box."""
        self._words.setText(words)
        self.setAccessibleName(words)
        self._icon.setPixmap(theme.pixmap(tone_icon(tone), 18, theme.look().tone(tone)))
        theme.set_role(self, tone=tone)
        self.setVisible(bool(words))
        if words and aloud:
            from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # noqa: PLC0415 - PySide makes them here

            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def words(self) -> str:
        """What is said now."""
        return self._words.text()
