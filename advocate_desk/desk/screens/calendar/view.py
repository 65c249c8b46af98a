"""The calendar: six weeks day by day, and a month to move by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from advocate_desk.desk.forms.values import iso_day
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.calendar.model import month_words
from advocate_desk.desk.screens.calendar.month_table import MonthTable
from advocate_desk.desk.screens.calendar.presenter import CalendarPresenter
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, Card, EmptyState
from advocate_desk.desk.widgets.buttons import Chip, button, icon_button
from advocate_desk.desk.widgets.grouped_list import GroupedList, Line
from advocate_desk.desk.widgets.labels import icon_label, text_label
from advocate_desk.desk.widgets.whose_choice import WhoseChoice
from advocate_desk.store.queries.calendar import DayCount

TWO_COLUMNS = 800  # pixels at 100% text: below, the month is shown only when asked for


class CalendarScreen(QWidget):
    """The screen. Its presenter reads; it draws and says what is asked."""

    day_chosen = Signal(object)
    month_stepped = Signal(int)
    today_asked = Signal()

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self.setProperty("surface", "canvas")
        self.list = GroupedList(self.tr("Agenda"))
        self.month = MonthTable(self.tr("Month"))
        self._lay_out()
        self.presenter = CalendarPresenter(self, office)
        self.reload()

    # --- the desk asks ---

    def reload(self) -> None:
        """Read it again."""
        self.presenter.reload()

    def place(self) -> dict[str, Any]:
        """From which day."""
        return {"day": self.presenter.day.isoformat()}

    def restore(self, place: dict[str, Any]) -> None:
        """Go back there."""
        day = iso_day(place.get("day"))
        if day is not None:
            self.presenter.day = self.presenter.month = day
        self.reload()

    # --- layout ---

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(20), px(24), px(16))
        column.setSpacing(px(12))
        column.addLayout(self._header())
        self.banner = Banner()
        column.addWidget(self.banner)
        body = QHBoxLayout()
        body.setSpacing(px(16))
        body.addWidget(self._month_card(), 0, Qt.AlignmentFlag.AlignTop)
        self._stack = QStackedWidget()
        self._stack.setMinimumSize(px(240), px(120))  # its empty state would ask for the height of a narrow column
        self.empty = EmptyState("calendar", self.tr("Nothing in these six weeks"))
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.empty)
        body.addWidget(self._stack, 1)
        column.addLayout(body, 1)
        self.setFocusProxy(self.list)
        self._place_month()

    def _header(self) -> QBoxLayout:
        self._head = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._head.setSpacing(px(12))
        titles = QVBoxLayout()
        titles.setSpacing(px(2))
        titles.addWidget(text_label(self.tr("Calendar"), "display"))
        self.about = text_label("", "muted")
        titles.addWidget(self.about)
        self._head.addLayout(titles, 1)
        tools = QHBoxLayout()
        tools.setSpacing(px(12))
        self.show_the_month = Chip(self.tr("Month"), self.tr("Show the month"))
        self.show_the_month.toggled.connect(self._place_month)
        tools.addWidget(self.show_the_month)
        self.today = button(self.tr("Today"), "", "calendar", self.today_asked.emit)
        tools.addWidget(self.today)
        self._whose = WhoseChoice(self._office, "calendar", self.tr("Whose calendar"))
        tools.addWidget(self._whose, 0, Qt.AlignmentFlag.AlignVCenter)
        self._head.addLayout(tools)
        return self._head

    def _month_card(self) -> Card:
        self._card = Card()
        row = QHBoxLayout()
        self._month_name = text_label("", "heading")
        row.addWidget(self._month_name, 1)
        row.addWidget(
            icon_button("chevron-left", self.tr("Month before (Page up)"), lambda: self.month_stepped.emit(-1))
        )
        row.addWidget(
            icon_button("chevron-right", self.tr("Month after (Page down)"), lambda: self.month_stepped.emit(1))
        )
        self._card.body.addLayout(row)
        self._card.body.addWidget(self.month)
        self._card.body.addSpacing(px(4))
        for icon, said in (
            ("gavel", self.tr("Filled number: hearings")),
            ("timer", self.tr("Outlined number: bail that ends")),
            ("list-todo", self.tr("Dot: tasks and plan reviews")),
        ):
            line = QHBoxLayout()
            line.setSpacing(px(8))
            line.addWidget(icon_label(icon, 14))
            line.addWidget(text_label(said, "small"), 1)
            self._card.body.addLayout(line)
        self.month.day_chosen.connect(self.day_chosen)
        self.month.month_stepped.connect(self.month_stepped)
        self.month.today_asked.connect(self.today_asked)
        self.month.entered.connect(self.list.setFocus)
        return self._card

    def resizeEvent(self, event: object) -> None:
        """Beside each other where there is room, else the agenda alone."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._place_month()

    def _place_month(self) -> None:
        is_wide = self.width() >= px(TWO_COLUMNS)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._head.setDirection(across if is_wide else down)
        self.show_the_month.setVisible(not is_wide)
        self._card.setVisible(is_wide or self.show_the_month.isChecked())
        self._stack.setVisible(is_wide or not self.show_the_month.isChecked())

    # --- the presenter shows ---

    def show_days(self, day: date, month: date) -> None:
        """Say at once which days were asked for; what lies on them follows."""
        self._month_name.setText(month_words(month))
        self.about.setText(self.tr("Six weeks from {0}").format(words.full_day(day)))

    def show_month(self, month: date, today: date, counts: dict[date, DayCount], day: date) -> None:
        """Show the month's counts, and mark the day that the agenda begins with."""
        self.month.month.show_month(month, today, counts)
        self.month.show_day(day)
        self.today.setEnabled(day != today)

    def show_agenda(self, lines: Sequence[Line], day: date, today: date) -> None:
        """Show what lies on the days."""
        self.list.show_lines(lines)
        self.empty.title.setText(
            self.tr("Nothing in the next six weeks") if day == today else self.tr("Nothing in these six weeks")
        )
        self._stack.setCurrentWidget(self.list if lines else self.empty)
