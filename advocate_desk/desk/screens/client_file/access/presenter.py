"""Reads who looked at a file, and verifies the chain when that is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework.access import AccessLine, history, verify_chain
from advocate_desk.casework.work import Work
from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.papers import DisclosureLine, disclosures

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.access.section import AccessSection


@dataclass(frozen=True, slots=True)
class AccessView:
    """What Access shows."""

    lines: tuple[AccessLine, ...]
    disclosures: tuple[DisclosureLine, ...]


def access_view(work: Work, file_id: FileId) -> AccessView:
    """The history of a file and what was told to whom."""
    return AccessView(history(work, file_id), work.read(disclosures, file_id))


class AccessPresenter(QObject):
    """A child of its section: the two end together."""

    def __init__(self, section: AccessSection, office: Office, file_id: FileId) -> None:
        super().__init__(section)
        self._section, self._office, self._file_id = section, office, file_id
        section.verify_asked.connect(self.verify)

    @Slot()
    def reload(self) -> None:
        """Read it again."""
        job = self._office.do(self, access_view, self._file_id)
        job.done.connect(self._section.show_view)
        job.refused.connect(self._section.show_refused)
        job.broken.connect(self._section.show_broken)

    @Slot()
    def verify(self) -> None:
        """Walk the whole chain."""
        self._section.show_verifying()
        job = self._office.do(self, verify_chain)
        job.done.connect(self._section.show_report)
        job.refused.connect(self._section.show_refused)
        job.broken.connect(self._section.show_broken)
