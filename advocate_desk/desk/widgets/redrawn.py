"""A column of cards that is drawn anew in slices, while what stood there before stays in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QMargins, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from advocate_desk.desk.slices import Slices, prepared
from advocate_desk.desk.theme import px


class Redrawn(QWidget):
    """Cards under each other, all of them changed in one moment: a half-drawn column is never seen nor focused."""

    drawn = Signal()

    def __init__(self, parent: QWidget | None = None, margins: QMargins | None = None, spacing: int = 16) -> None:
        """`spacing`: pixels between cards, at 100% text."""
        super().__init__(parent)
        self._spacing = spacing
        self._drawing = Slices(self)
        self._margins = margins or QMargins()
        self._shown: QWidget | None = None
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)

    def draw_anew(self, fill: Callable[[QVBoxLayout], Iterator[None]], *, at_once: bool = True) -> None:
        """Draw by the steps of `fill`, which puts a card at a step into the column it is given.

        Not `at_once`: from the next turn of the event loop on, for what nobody waits for.
        """
        self._drawing.run(self._steps(fill), at_once=at_once)

    def finish(self) -> None:
        """Draw all that is left of it now: somebody is about to use it."""
        self._drawing.finish()

    def change_over(self, change: Callable[[], None]) -> None:
        """Put the new cards in the place of those before, by `change`. Carry over here what must outlive them."""
        change()

    def _steps(self, fill: Callable[[QVBoxLayout], Iterator[None]]) -> Iterator[None]:
        fresh = QWidget(self)
        past: QWidget | None = fresh  # what goes at the end: these, if other steps take their place before the change
        fresh.hide()
        try:
            column = QVBoxLayout(fresh)
            column.setContentsMargins(self._margins)
            column.setSpacing(px(self._spacing))
            self._outer.addWidget(fresh)
            fresh.ensurePolished()
            yield from fill(column)
            column.addStretch(1)
            yield from self._prepared(fresh, column)
            past = self._shown
            self.change_over(partial(self._change, fresh))
            yield
        finally:
            if past is not None and isValid(past):
                past.deleteLater()
        self.drawn.emit()

    def _prepared(self, fresh: QWidget, column: QVBoxLayout) -> Iterator[None]:
        """Card by card, then all of them: the cards know their heights by then."""
        width = self.width()
        inside = width - self._margins.left() - self._margins.right()
        for number in range(column.count()):
            item = column.itemAt(number)
            card = item.widget() if item is not None else None
            if card is not None:
                yield from prepared(card, inside)
        fresh.resize(width, column.totalHeightForWidth(width))
        yield
        column.activate()
        yield

    def _change(self, fresh: QWidget) -> None:
        if self._shown is not None:
            self._shown.hide()
        self._shown = fresh
        fresh.show()
