"""The File menu: what concerns the whole desk. Its entries are commands that find offers too, by the same names."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.find import Command
from advocate_desk.desk.shortcuts import with_keys
from advocate_desk.desk.widgets.buttons import DeskButton


class FileMenu(DeskButton):
    """A button with a menu. `groups` gives the entries when it opens; a line stands between two groups.

    The menu is shown and not waited for, as Qt's own button with a menu does: a lock must find no loop to end.
    """

    def __init__(self, groups: Callable[[], Sequence[Sequence[Command]]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups = groups
        words = self.tr("File")
        self.setText(words)
        self.setAccessibleName(words)
        self.setAccessibleDescription(self.tr("Opens a menu"))
        self.setToolTip(with_keys(self.tr("What concerns the whole desk"), "file_menu"))
        self.setProperty("role", "quiet")
        self.setAutoDefault(False)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands after the words
        self.setIcon(theme.icon("chevron-down", "muted", before_words=True))
        self.setIconSize(theme.worded_icon_size(14))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._menu = QMenu(self)
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._menu.setAccessibleName(words)
        self.clicked.connect(self.open_menu)

    def open_menu(self) -> None:
        """Open it under the button, its first entry chosen."""
        self._fill()
        self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        self._menu.setActiveAction(self._menu.actions()[0])

    def _fill(self) -> None:
        self._menu.clear()
        for number, group in enumerate(self._groups()):
            if number:
                self._menu.addSeparator()
            for each in group:
                shown = each.title.replace("&", "&&")
                words = f"{shown}\t{each.keys}" if each.keys else shown
                action = self._menu.addAction(words)
                action.triggered.connect(lambda _checked=False, run=each.run: run())


def grouped(commands: Sequence[tuple[int, Command]]) -> list[list[Command]]:
    """The commands of each group of the menu, in the order of the groups' numbers; 0 stands in none."""
    numbers = sorted({number for number, _ in commands if number})
    return [[each for number, each in commands if number == at] for at in numbers]
