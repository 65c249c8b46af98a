"""Reads the overview of a file and does what its rows ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework.files import remove_record, restore_record
from advocate_desk.casework.tasks import complete_task, reopen_task
from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.overview import OverviewView, overview

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.overview.section import OverviewSection


class OverviewPresenter(QObject):
    """A child of its section: the two end together."""

    def __init__(self, section: OverviewSection, office: Office, file_id: FileId) -> None:
        super().__init__(section)
        self._section, self._office, self._file_id = section, office, file_id
        section.task_done.connect(self.complete)
        section.task_reopened.connect(self.reopen)
        section.remove_asked.connect(self.remove)
        office.drafts.listed.connect(self._show_drafts)

    @Slot()
    def reload(self) -> None:
        """Read it again."""
        job = self._office.read(self, overview, self._file_id)
        job.done.connect(self._on_read)
        job.refused.connect(self._section.show_refused)
        job.broken.connect(self._section.show_broken)

    @Slot(object)
    def complete(self, task_id: RecordId) -> None:
        """Mark a task done, and offer to take that back."""
        office = self._office

        def undo() -> None:
            office.messages.follow(office.do(office, reopen_task, task_id))

        job = office.messages.follow(office.do(self, complete_task, task_id))
        job.done.connect(lambda _done: office.messages.undoable(self.tr("Task done."), undo))
        job.refused.connect(self.reload)
        job.broken.connect(self.reload)

    @Slot(object)
    def reopen(self, task_id: RecordId) -> None:
        """Take back that a task was done."""
        self._office.messages.follow(self._office.do(self, reopen_task, task_id))

    @Slot(str, object)
    def remove(self, kind: str, record_id: RecordId) -> None:
        """Take an alert, consent or need out of the file, and offer to take that back."""
        office = self._office

        def undo() -> None:
            office.messages.follow(office.do(office, restore_record, kind, record_id))

        job = office.messages.follow(office.do(self, remove_record, kind, record_id))
        job.done.connect(lambda _done: office.messages.undoable(self.tr("Taken out of the file."), undo))

    @Slot(object)
    def _on_read(self, view: OverviewView) -> None:
        self._section.show_view(view)
        self._show_drafts()

    def _show_drafts(self) -> None:
        own = [each for each in self._office.drafts.aside() if each.file_id == self._file_id]
        self._section.show_drafts(own)
