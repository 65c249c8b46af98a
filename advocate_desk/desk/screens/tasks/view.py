"""Tasks: everything that is open, the most urgent first, done with one key and undone with another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from advocate_desk.desk.office import Office
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.tasks.presenter import TasksPresenter
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, EmptyState
from advocate_desk.desk.widgets.grouped_list import GroupedList, Line
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.widgets.menu_chip import MenuChip
from advocate_desk.desk.widgets.whose_choice import WhoseChoice

ONE_LINE_HEAD = 640  # pixels at 100% text


class TasksScreen(QWidget):
    """The screen. Its presenter reads; it draws and says what is asked."""

    origins_chosen = Signal(tuple)

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self.setProperty("surface", "canvas")
        self.list = GroupedList(self.tr("Open tasks"))
        self._lay_out()
        self._wanted: UUID | None = None
        self.presenter = TasksPresenter(self, office)
        self.reload()

    # --- the desk asks ---

    def reload(self) -> None:
        """Read it again."""
        self.presenter.reload()

    def place(self) -> dict[str, Any]:
        """Of which origins, and which row."""
        key = self.list.current_key()
        return {
            "origins": list(self.presenter.origins),
            "task": str(key) if key is not None else "",
        }

    def restore(self, place: dict[str, Any]) -> None:
        """Go back there."""
        self.presenter.origins = tuple(str(each) for each in place.get("origins") or ())
        try:
            self._wanted = UUID(str(place.get("task") or ""))
        except ValueError:
            self._wanted = None
        self.reload()

    # --- layout ---

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(20), px(24), px(16))
        column.setSpacing(px(12))
        column.addLayout(self._header())
        self.banner = Banner()
        column.addWidget(self.banner)
        self._stack = QStackedWidget()
        self._stack.setMinimumSize(px(240), px(120))  # its empty state would ask for the height of a narrow column
        self.empty = EmptyState("circle-check", self.tr("Nothing to do"), self.tr("No task is open here."))
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        column.addWidget(self._stack, 1)
        self.setFocusProxy(self.list)

    def _header(self) -> QBoxLayout:
        self._head = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._head.setSpacing(px(12))
        titles = QVBoxLayout()
        titles.setSpacing(px(2))
        titles.addWidget(text_label(self.tr("Tasks"), "display"))
        self.count = text_label("", "muted")
        titles.addWidget(self.count)
        self._head.addLayout(titles, 1)
        tools = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        tools.setSpacing(px(12))
        self._whose = WhoseChoice(self._office, "tasks", self.tr("Whose tasks"))
        self.origin = MenuChip(self.tr("Origin"))
        self.origin.chosen.connect(self.origins_chosen)
        tools.addWidget(self.origin)
        tools.addWidget(self._whose)
        self._head.addLayout(tools)
        return self._head

    def resizeEvent(self, event: object) -> None:
        """The tools stand under the title where there is little room."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._head.setDirection(across if self.width() >= px(ONE_LINE_HEAD) else down)

    # --- the presenter shows ---

    def offer_origins(self, keys: Sequence[str], kept: tuple[str, ...]) -> None:
        """Offer the origins that occur, and those that are kept."""
        offered = [*keys, *(key for key in kept if key not in keys)]
        self.origin.offer([(key, self._office.packs.label("task_origin", key)) for key in offered])
        self.origin.set_values(kept)

    @property
    def waits_for_row(self) -> bool:
        """Whether the row to go back to has not been shown yet."""
        return self._wanted is not None

    def show_tasks(self, lines: Sequence[Line], count: int, overdue: int) -> None:
        """Show the list; `count` and `overdue` say how much there is, also of what is not read yet."""
        open_words = words.count_words(count, self.tr("open task"), self.tr("open tasks"))
        self.count.setText(self.tr("{0} · {1} overdue").format(open_words, overdue) if overdue else open_words)
        self.list.show_lines(lines)
        self._stack.setCurrentWidget(self.list if lines else self.empty)
        self.empty.text.setText(self._empty_words(count > 0))
        if self._wanted is not None and self.list.choose(self._wanted):
            self._wanted = None

    def _empty_words(self, has_others: bool) -> str:
        if has_others:
            return self.tr("No open task has this origin. Take the filter away to see the others.")
        if self.presenter.mine:
            return self.tr("You have no open task. Everyone’s shows what colleagues have to do.")
        return self.tr("Nobody has an open task.")
