"""Decides which days the calendar shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework.work import Done
from advocate_desk.clock import today_in_london
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.calendar.model import SECTIONS, agenda_lines, shifted_month, span
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.calendar import CalendarEntry, CalendarView, calendar_view

if TYPE_CHECKING:
    from advocate_desk.desk.screens.calendar.view import CalendarScreen

KINDS = frozenset(
    {"hearing", "bail", "task", "safety_plan", "client_file", "person", "risk_assessment", "import_batch"}
)


class CalendarPresenter(QObject):
    """Reads the agenda from the chosen day on, and the month around it. A child of its view."""

    def __init__(self, view: CalendarScreen, office: Office) -> None:
        super().__init__(view)
        self._view, self._office = view, office
        self._entries: dict[object, CalendarEntry] = {}
        self._read: CalendarView | None = None
        self._is_reading = False
        self._turn = 0
        self.day = today_in_london(office.clock)
        self.month = self.day
        view.day_chosen.connect(self.show_day)
        view.month_stepped.connect(self.step_month)
        view.today_asked.connect(self.show_today)
        view.list.opened.connect(self._open)
        view.list.end_neared.connect(self.read_more)
        office.changed.connect(self._on_changed)
        office.whose.changed.connect(self._on_whose)
        office.conflicts.changed.connect(self._on_differing)

    def reload(self) -> None:
        """Read it again. What is shown stays until the answer is there."""
        self._turn += 1
        self._is_reading = True
        turn, asked = self._turn, span(self.day, self.month)
        self._view.show_days(self.day, self.month)
        job = self._office.read(self, calendar_view, asked.agenda, asked.month, self._whose())
        job.done.connect(lambda view: self._on_read(view, turn))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    def read_more(self) -> None:
        """Read the days that follow those shown, up to the end of the six weeks, unless they are being read."""
        end = span(self.day, self.month).agenda[1]
        if self._is_reading or self._read is None or self._read.until >= end:
            return
        self._is_reading = True
        turn, following = self._turn, self._read.until + timedelta(days=1)
        job = self._office.read(self, calendar_view, (following, end), (following, end), self._whose())
        job.done.connect(lambda view: self._on_more(view, turn))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    def _whose(self) -> str:
        return self._office.work.actor.name if self.mine else ""

    @property
    def mine(self) -> bool:
        """Whether it keeps to the user's own files and tasks."""
        return self._office.whose.is_mine("calendar")

    @Slot(str)
    def _on_whose(self, screen: str) -> None:
        if screen in ("", "calendar"):
            self.reload()

    def show_day(self, day: date) -> None:
        """Begin the agenda at a day; the month follows."""
        if day != self.day or day.replace(day=1) != self.month.replace(day=1):
            self.day = self.month = day
            self.reload()

    def step_month(self, months: int) -> None:
        """Show another month, and the agenda from its first day, or from today in the present month."""
        month = shifted_month(self.day, months)
        today = today_in_london(self._office.clock)
        self.show_day(today if (month.year, month.month) == (today.year, today.month) else month)

    def show_today(self) -> None:
        """Back to today."""
        self.show_day(today_in_london(self._office.clock))

    def _on_read(self, view: CalendarView, turn: int) -> None:
        if turn != self._turn:
            return
        self._is_reading = False
        self._view.banner.hide()
        self._view.show_month(self.month, today_in_london(self._office.clock), view.counts, self.day)
        self._show(view)

    def _on_more(self, view: CalendarView, turn: int) -> None:
        if turn == self._turn and self._read is not None:
            self._is_reading = False
            self._show(replace(self._read, entries=self._read.entries + view.entries, until=view.until))

    def _show(self, view: CalendarView) -> None:
        self._read = view
        today = today_in_london(self._office.clock)
        self._entries = {(entry.kind, entry.record_id): entry for entry in view.entries}
        lines = agenda_lines(view.entries, today, self._office.packs, self._office.conflicts.records())
        self._view.show_agenda(lines, self.day, today)

    @Slot()
    def _on_differing(self) -> None:
        if self._read is not None:
            self._show(self._read)

    def _open(self, key: object) -> None:
        entry = self._entries.get(key)
        if entry is not None:
            self._office.open_file(FileId(entry.file_id), SECTIONS[entry.kind])

    def _on_changed(self, done: Done) -> None:
        if done.kinds & KINDS:
            self.reload()
