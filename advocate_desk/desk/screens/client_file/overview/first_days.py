"""The first days after a report, as a strip: the days to be in touch, and which of them were kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.screens.list_words import ahead_words
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.boxes import clear_layout
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import icon_label, text_label
from advocate_desk.domain.files import FirstDays
from advocate_desk.store.queries.tasks import TaskDetail


class FirstDaysStrip(QFrame):
    """Day 0, 1, 3 and 5. Hidden outside the window."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "card")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(20), px(12), px(20), px(14))
        layout.setSpacing(px(8))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        head.addWidget(icon_label("footprints", 18, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        self._title = text_label("", "subheading", wrap=True)
        head.addWidget(self._title, 1)
        layout.addLayout(head)
        self._days = QWidget()
        self._flow = FlowLayout(self._days, px(10), px(150))
        layout.addWidget(self._days)
        self.hide()

    def show_days(self, window: FirstDays, today: date, tasks: Sequence[TaskDetail]) -> None:
        """Draw the window. `tasks` are those that the standard raised."""
        number = (today - window.reported_on).days
        self._title.setText(
            self.tr("First five days after the report: day {0}. Support now matters most.").format(number)
        )
        clear_layout(self._flow)
        for day in window.contact_on:
            task = next((each for each in tasks if each.due_on == day), None)
            self._flow.addWidget(self._day(day, (day - window.reported_on).days, today, task))
        self.show()

    def _day(self, day: date, number: int, today: date, task: TaskDetail | None) -> QWidget:
        words, icon, tone = self._state(day, today, task)
        made = QWidget()
        made.setAccessibleName(self.tr("Day {0}: {1}").format(number, words))
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(icon_label(icon, 18, theme.look().tone(tone)), 0, Qt.AlignmentFlag.AlignTop)
        both = QVBoxLayout()
        both.setSpacing(0)
        when = ahead_words(day, today)
        both.addWidget(text_label(self.tr("Day {0} · {1}").format(number, when), "label"))
        both.addWidget(text_label(words, "small", tone))
        row.addLayout(both)
        return made

    def _state(self, day: date, today: date, task: TaskDetail | None) -> tuple[str, str, Tone]:
        if task is not None and task.completed_at is not None:
            return self.tr("In touch"), "circle-check", "ok"
        if day > today:
            return self.tr("Ahead"), "circle-dashed", "plain"
        if day == today:
            return self.tr("Today"), "circle-dot", "accent"
        if task is not None:
            return self.tr("Not done yet"), "circle-alert", "danger"
        return self.tr("Before this file"), "circle-slash", "plain"
