"""The overlay of shortcuts (F1), drawn from the one list of them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.desk.dialogs.ask import DeskDialog
from advocate_desk.desk.shortcuts import SHORTCUTS, where_words
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import Badge, text_label


class ShortcutsDialog(DeskDialog):
    """Every shortcut, by where it works."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, self.tr("Keyboard shortcuts"), icon="keyboard")
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(0, 0, px(8), 0)
        columns.setSpacing(px(32))
        for places in (("everywhere",), ("client file", "forms", "questions", "lists")):
            column = QVBoxLayout()
            column.setSpacing(px(8))
            for where in places:
                column.addWidget(text_label(where_words(where), "overline"))  # type: ignore[arg-type]
                column.addLayout(self._rows(where))
                column.addSpacing(px(8))
            column.addStretch(1)
            columns.addLayout(column)
        self.body.addWidget(scrolled(inner))
        close = button(self.tr("Close"), "primary", clicked=self.accept)
        close.setDefault(True)
        self.buttons.addWidget(close)
        window = parent.window()
        self.resize(min(px(900), window.width() - px(60)), min(px(640), window.height() - px(60)))

    def _rows(self, where: str) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(1, 1)
        for row, each in enumerate(one for one in SHORTCUTS if one.where == where):
            keys = Badge(each.shown(), "plain", "keyboard")
            grid.addWidget(keys, row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(text_label(each.words(), wrap=True), row, 1)
        return grid
