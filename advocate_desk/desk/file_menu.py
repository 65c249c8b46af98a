"""The File menu: what concerns the whole desk. Its entries are commands that find offers too, by the same names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.find import Command
from advocate_desk.desk.shortcuts import with_keys


class FileMenu(QToolButton):
    """A button with a menu. `groups` gives the entries when it opens; a line stands between two groups."""

    def __init__(self, groups: Callable[[], Sequence[Sequence[Command]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups = groups
        words = self.tr("File")
        self.setText(words)
        self.setAccessibleName(words)
        self.setToolTip(with_keys(self.tr("What concerns the whole desk"), "file_menu"))
        self.setProperty("role", "quiet")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        menu = QMenu(self)
        menu.setAccessibleName(words)
        menu.aboutToShow.connect(self._fill)
        self.setMenu(menu)

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        for number, group in enumerate(self._groups()):
            if number:
                menu.addSeparator()
            for each in group:
                shown = each.title.replace("&", "&&")
                action = menu.addAction(theme.icon(each.icon, "muted"), f"{shown}\t{each.keys}" if each.keys else shown)
                action.triggered.connect(lambda _checked=False, run=each.run: run())
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])
