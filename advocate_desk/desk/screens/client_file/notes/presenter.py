"""Reads the notes and attempts of a file, further back each time that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.notes import contact_history

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.notes.section import NotesSection

PAGE = 30


class NotesPresenter(QObject):
    """A child of its section: the two end together."""

    def __init__(self, section: NotesSection, office: Office, file_id: FileId) -> None:
        super().__init__(section)
        self._section, self._office, self._file_id = section, office, file_id
        self.rows = PAGE
        section.older_asked.connect(self.show_older)

    @Slot()
    def reload(self) -> None:
        """Read it again, as far back as before."""
        job = self._office.read(self, contact_history, self._file_id, self.rows)
        job.done.connect(self._section.show_history)
        job.refused.connect(self._section.show_refused)
        job.broken.connect(self._section.show_broken)

    @Slot()
    def show_older(self) -> None:
        """Go one page further back."""
        self.rows += PAGE
        self.reload()
