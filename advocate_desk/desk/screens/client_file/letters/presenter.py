"""Reads the letters of a file and what was disclosed from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.letter_facts import papers_of_file

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.letters.section import LettersSection


class LettersPresenter(QObject):
    """A child of its section: the two end together."""

    def __init__(self, section: LettersSection, office: Office, file_id: FileId) -> None:
        super().__init__(section)
        self._section, self._office, self._file_id = section, office, file_id

    @Slot()
    def reload(self) -> None:
        """Read it again."""
        job = self._office.read(self, papers_of_file, self._file_id)
        job.done.connect(self._section.show_view)
        job.refused.connect(self._section.show_refused)
        job.broken.connect(self._section.show_broken)
