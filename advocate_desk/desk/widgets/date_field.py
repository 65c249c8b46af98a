"""Dates and times typed the way people write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QDate, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.forms.values import day_words, iso_day, parse_day, parse_time
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import icon_button
from advocate_desk.desk.widgets.focus_part import WithFocusPart
from advocate_desk.desk.widgets.labels import text_label


class _SettlingEdit(QLineEdit):
    """A line that says when it is left, so that what was typed can be written out in full."""

    left = Signal()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that it was left; not when the whole window was, or is hidden, and she comes back to it."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self.left.emit()

    def rewrite(self, text: str) -> None:
        """Replace the text so that undo brings the old one back."""
        if text != self.text():
            self.selectAll()
            self.insert(text)


class DateField(WithFocusPart):
    """A day: "3/4/26", "tomorrow", "fri", "+7", or from the calendar. Shows what it understood, with the weekday.

    The value is "2026-04-03", or the text as typed while it is no date. `is_terse` shows the weekday alone.
    """

    changed = Signal()

    def __init__(
        self, today: Callable[[], date], name: str = "", parent: QWidget | None = None, is_terse: bool = False
    ) -> None:
        super().__init__(parent)
        self._today, self._is_terse = today, is_terse
        self.edit = _SettlingEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(self.tr("day/month/year"))
        self.edit.setFixedWidth(px(132))
        self.edit.textChanged.connect(self._on_text)
        self.edit.left.connect(self._settle)
        self.words = text_label("", "muted")
        self._calendar: QCalendarWidget | None = None
        opener = icon_button("calendar", self.tr("Open the calendar for {0}").format(name), self.open_calendar)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(4))
        layout.addWidget(self.edit)
        layout.addWidget(opener)
        layout.addWidget(self.words, 1)
        self.set_focus_part(self.edit)

    def value(self) -> str:
        """ISO date, or the text as typed."""
        day = parse_day(self.edit.text(), self._today()) if self.edit.text().strip() else None
        return day.isoformat() if day else self.edit.text().strip()

    def set_value(self, value: str) -> None:
        """Show an ISO date, or text as it was typed."""
        day = iso_day(value)
        self.edit.setText(f"{day:%d/%m/%Y}" if day else value)

    def typed(self) -> str | None:
        """The text while `value` does not tell it all: a date not written out, blanks around; else None."""
        text, day = self.edit.text(), self.day()
        return text if text != (f"{day:%d/%m/%Y}" if day else self.value()) else None

    def day(self) -> date | None:
        """The date, if it is one."""
        return iso_day(self.value())

    def open_calendar(self) -> None:
        """Let the day be picked from a month."""
        popup = QWidget(self, Qt.WindowType.Popup)
        popup.setProperty("box", "calendar")
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        calendar.setAccessibleName(self.tr("Calendar"))
        calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setGridVisible(False)
        plain = QTextCharFormat()
        plain.setForeground(theme.colour("text"))
        for weekday in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            calendar.setWeekdayTextFormat(weekday, plain)
        header = QTextCharFormat()
        header.setForeground(theme.colour("muted"))
        calendar.setHeaderTextFormat(header)
        shown = self.day() or self._today()
        calendar.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        calendar.setMinimumSize(px(300), px(270))
        for name, picture in (("prevmonth", "chevron-left"), ("nextmonth", "chevron-right")):
            step = calendar.findChild(QToolButton, f"qt_calendar_{name}")
            if isinstance(step, QToolButton):
                step.setIcon(theme.icon(picture, "muted"))
        calendar.clicked.connect(lambda picked: self._pick(picked, popup))
        calendar.activated.connect(lambda picked: self._pick(picked, popup))
        layout = QVBoxLayout(popup)
        layout.setContentsMargins(px(6), px(6), px(6), px(6))
        layout.addWidget(calendar)
        popup.move(self.mapToGlobal(QPoint(0, self.height() + 2)))
        popup.show()
        calendar.setFocus()

    def _pick(self, picked: QDate, popup: QWidget) -> None:
        self.edit.rewrite(f"{date(picked.year(), picked.month(), picked.day()):%d/%m/%Y}")
        popup.close()
        self.edit.setFocus()

    def _on_text(self, text: str) -> None:
        day = parse_day(text, self._today()) if text.strip() else None
        understood = day_words(day) if day else ""
        self.words.setText(understood[:3] if self._is_terse else understood)
        if text.strip() and day is None:
            self.words.setText(self.tr("not a date yet"))
        self.changed.emit()

    def _settle(self) -> None:
        day = self.day()
        if day is not None:
            self.edit.rewrite(f"{day:%d/%m/%Y}")


class TimeField(WithFocusPart):
    """A time of day: 1015, 10.15, 10:15, 2pm. The value is "10:15", or the text as typed while it is no time."""

    changed = Signal()

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = _SettlingEdit()
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(self.tr("hh:mm"))
        self.edit.setFixedWidth(px(84))
        self.edit.textChanged.connect(self._on_text)
        self.edit.left.connect(self._settle)
        self.words = text_label("", "muted")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(8))
        layout.addWidget(self.edit)
        layout.addWidget(self.words, 1)
        self.set_focus_part(self.edit)

    def value(self) -> str:
        """The time as "10:15", or the text as typed."""
        text = self.edit.text().strip()
        moment = parse_time(text) if text else None
        return f"{moment:%H:%M}" if moment else text

    def set_value(self, value: str) -> None:
        """Show a time, or text as it was typed."""
        self.edit.setText(value)

    def typed(self) -> str | None:
        """The text while `value` does not tell it all; else None."""
        text = self.edit.text()
        return text if text != self.value() else None

    def _on_text(self, text: str) -> None:
        moment = parse_time(text) if text.strip() else None
        shown = "" if not text.strip() or (moment and text.strip() == f"{moment:%H:%M}") else None
        if shown is None:
            shown = f"{moment:%H:%M}" if moment else self.tr("not a time yet")
        self.words.setText(shown)
        self.changed.emit()

    def _settle(self) -> None:
        self.edit.rewrite(self.value())
