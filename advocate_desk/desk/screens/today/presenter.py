"""Decides what Today shows, and when it reads it again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Slot

from advocate_desk.casework.tasks import complete_task, reopen_task
from advocate_desk.casework.work import Done
from advocate_desk.clock import in_london, today_in_london
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.today.model import arrange
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.today import HearingLine, TaskLine, TodayView, today_view

if TYPE_CHECKING:
    from advocate_desk.desk.screens.today.view import TodayScreen

KINDS = frozenset(
    {"client_file", "person", "referral", "criminal_case", "hearing", "bail", "task", "risk_assessment", "contact_note",
     "contact_attempt", "import_batch"}
)  # fmt: skip
MINUTE_MS = 60_000


class TodayPresenter(QObject):
    """Reads Today, keeps it up with the clock and with what changes. A child of its view."""

    def __init__(self, view: TodayScreen, office: Office) -> None:
        super().__init__(view)
        self._view, self._office = view, office
        self._read: TodayView | None = None
        self._day = today_in_london(office.clock)
        self._turn = 0
        view.refresh_asked.connect(self.refresh)
        view.file_asked.connect(self._open_file)
        view.outcome_asked.connect(self._record_outcome)
        view.letter_asked.connect(self._write_letter)
        view.task_completed.connect(self._complete)
        office.changed.connect(self._on_changed)
        office.whose.changed.connect(self._on_whose)
        office.drafts.listed.connect(self._show_drafts)
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.on_minute)
        self._minute.start()

    @property
    def mine(self) -> bool:
        """Whether the day is that of whoever is at the desk alone."""
        return self._office.whose.is_mine("today")

    def refresh(self) -> None:
        """Read all of it again. What is shown stays until the answer is there."""
        self._day = today_in_london(self._office.clock)
        mine = self._office.work.actor.name if self.mine else ""
        first_days = self._office.packs.contact_standards().first_days
        self._turn += 1
        turn = self._turn
        job = self._office.read(self, today_view, self._day, mine, first_days)
        job.done.connect(lambda view: self._on_read(view, turn))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)
        self._show_drafts()

    def on_minute(self) -> None:
        """A minute has passed: "in 25 minutes" is now 24, and after midnight it is another day."""
        if today_in_london(self._office.clock) != self._day:
            self.refresh()
        else:
            self._show()

    def _now(self) -> datetime:
        return in_london(self._office.clock.now()).replace(second=0, microsecond=0)

    def _on_read(self, view: TodayView, turn: int) -> None:
        if turn != self._turn:
            return  # a later question is on its way
        self._read = view
        self._view.banner.hide()
        self._show()

    @Slot()
    def _show(self) -> None:
        if self._read is not None:
            self._view.show_page(arrange(self._read, self._now()))

    @Slot(str)
    def _on_whose(self, screen: str) -> None:
        if screen in ("", "today"):
            self.refresh()

    def _on_changed(self, done: Done) -> None:
        if done.kinds & KINDS:
            self.refresh()

    def _show_drafts(self) -> None:
        self._view.show_drafts(self._office.drafts.aside())

    def _open_file(self, file_id: UUID, section: str) -> None:
        self._office.open_file(FileId(file_id), section)

    def _record_outcome(self, line: HearingLine) -> None:
        self._office.open_form("outcome", {"file_id": str(line.file_id), "hearing_id": str(line.hearing_id)})

    def _write_letter(self, line: HearingLine) -> None:
        params: dict[str, Any] = {"file_id": str(line.file_id), "hearing_id": str(line.hearing_id)}
        if self._office.forms.kind("letter") is not None:
            self._office.open_form("letter", params)
        else:
            self._office.open_file(FileId(line.file_id), "letters")

    def _complete(self, line: TaskLine) -> None:
        office, task_id = self._office, RecordId(line.task_id)

        def undo() -> None:
            office.messages.follow(office.do(office, reopen_task, task_id))

        job = office.do(self, complete_task, task_id)
        office.messages.follow(job)
        job.refused.connect(self.refresh)  # its box was ticked: show it open again
        job.broken.connect(self.refresh)
        job.done.connect(lambda _done: office.messages.undoable(self.tr("Task done."), undo))
