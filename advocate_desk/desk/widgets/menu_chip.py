"""A chip that opens a menu of values to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QPushButton

from advocate_desk.desk import theme


class _StayingMenu(QMenu):
    """A menu whose ticks can be set one after another: it closes with Escape or a press beside it."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Tick, and stay."""
        if not self._tick():
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space ticks and stays; Enter ticks and closes."""
        if event.key() != Qt.Key.Key_Space or not self._tick():
            super().keyPressEvent(event)

    def _tick(self) -> bool:
        action: object = self.activeAction()  # None where no entry is under the pointer
        if not isinstance(action, QAction) or not action.isCheckable():
            return False
        action.trigger()
        return True


class MenuChip(QPushButton):
    """A chip that opens a menu of values to keep, any number of them or one."""

    chosen = Signal(tuple)

    def __init__(self, title: str, is_single: bool = False) -> None:
        super().__init__(title)
        self._title, self._is_single = title, is_single
        self._values: tuple[Any, ...] = ()
        self._options: tuple[tuple[Any, str], ...] = ()
        self.setAutoDefault(False)
        self.setProperty("role", "chip")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands after the words
        self._menu = QMenu(self) if is_single else _StayingMenu(self)
        self._menu.setAccessibleName(title)
        self.setMenu(self._menu)
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self.setCheckable(True)
        self._show()

    def offer(self, options: Sequence[tuple[Any, str]]) -> None:
        """Offer these values, each with its words."""
        self._options = tuple(options)
        self._fill()
        self._show()

    def set_values(self, values: tuple[Any, ...]) -> None:
        """Show what is kept. No signal."""
        self._values = values
        self._fill()
        self._show()

    def values(self) -> tuple[Any, ...]:
        """What is kept."""
        return self._values

    def nextCheckState(self) -> None:
        """A press opens the menu; the chip is on while it keeps something."""

    def _fill(self) -> None:
        if self._menu.isVisible():  # ticks are set one after another
            for action in self._menu.actions():
                action.setChecked(action.data() in self._values)
            return
        self._menu.clear()
        group = QActionGroup(self._menu)
        group.setExclusive(False)
        for value, said in self._options:
            action = QAction(said.replace("&", "&&"), self._menu, checkable=True)
            action.setData(value)
            action.setChecked(value in self._values)
            action.triggered.connect(lambda on, value=value: self._on_triggered(value, on))
            self._menu.addAction(action)
        if not self._options:
            empty = QAction(self.tr("Nothing to choose yet"), self._menu)
            empty.setEnabled(False)
            self._menu.addAction(empty)

    def _on_triggered(self, value: Any, on: bool) -> None:  # noqa: ANN401 - a key or a number of days
        if self._is_single:
            self._values = (value,) if on else ()
        else:
            kept = [each for each, _ in self._options if each in self._values and each != value]
            self._values = tuple([*kept, value] if on else kept)
        self._show()
        self.chosen.emit(self._values)

    def _show(self) -> None:
        labels = dict(self._options)
        said = [labels.get(value, str(value)) for value in self._values]
        words = ", ".join(said[:2]) + (f" +{len(said) - 2}" if len(said) > 2 else "")
        self.setText((f"{self._title}: {words}" if said else self._title).replace("&", "&&"))
        self.setAccessibleName(self.tr("Filter: {0}").format(self.text().replace("&&", "&")))
        self.setChecked(bool(said))
        self.setIcon(theme.icon("chevron-down", "accent_text" if said else "muted"))
        self.setIconSize(theme.icon_size(14))
