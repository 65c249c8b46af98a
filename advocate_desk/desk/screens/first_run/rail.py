"""The list of the guide's steps at the left: what is done, what is now, what is to come."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.screens.unlock.frame import PRODUCT, mark
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.labels import text_label

RAIL_PX = 264


class StepRail(QFrame):
    """Shows, and is not pressed: Back and Continue move."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "rail")
        self.setFixedWidth(px(RAIL_PX))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(28), px(32), px(20), px(24))
        layout.setSpacing(px(18))
        head = QHBoxLayout()
        head.setSpacing(px(12))
        head.addWidget(mark(36, "rail_on", "rail_on_text"))
        heading = text_label(PRODUCT, "heading")
        heading.setStyleSheet(f"color: {self._ink('rail_on_text')};")
        head.addWidget(heading, 1)
        layout.addLayout(head)
        layout.addSpacing(px(20))
        self._rows: list[tuple[QLabel, QLabel]] = []
        for name in names:
            icon, words = QLabel(), text_label(name)
            icon.setFixedSize(px(20), px(20))
            row = QHBoxLayout()
            row.setSpacing(px(12))
            row.addWidget(icon)
            row.addWidget(words, 1)
            layout.addLayout(row)
            self._rows.append((icon, words))
        layout.addStretch(1)

    def show_step(self, current: int) -> None:
        """Mark the steps before `current` (from 0) as done."""
        for number, (icon, words) in enumerate(self._rows):
            name = "circle-check" if number < current else "circle-dot" if number == current else "circle-dashed"
            ink = "rail_on_text" if number == current else "rail_text"
            icon.setPixmap(theme.pixmap(name, 20, self._ink(ink)))
            words.setStyleSheet(f"color: {self._ink(ink)}; font-weight: {600 if number == current else 500};")

    @staticmethod
    def _ink(name: str) -> str:
        # In high contrast the text on the "on" ground is black; here it stands on the rail itself.
        colours = theme.look().colours
        is_lost = colours.rail_on_text == colours.rail
        return colours.accent_text if name == "rail_on_text" and is_lost else str(getattr(colours, name))
