"""Loads the criminal side of a file for the three sections that show it."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Slot

from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.justice import JusticeView, justice_view


class ShowsJustice(Protocol):
    """A section that can be given the view, or a reason why there is none."""

    def show_view(self, view: JusticeView) -> None:
        """Draw it."""

    def show_refused(self, error: object) -> None:
        """Say why it cannot be shown."""

    def show_broken(self) -> None:
        """Say that something of ours failed."""


class JusticePresenter(QObject):
    """Asks for the view again whenever the section says so. A child of its section: the two end together."""

    def __init__(self, section: QObject, office: Office, file_id: FileId) -> None:
        super().__init__(section)
        self._section, self._office, self._file_id = section, office, file_id

    @Slot()
    def reload(self) -> None:
        """Read it again."""
        job = self._office.read(self, justice_view, self._file_id)
        job.done.connect(self._section.show_view)  # type: ignore[attr-defined]
        job.refused.connect(self._section.show_refused)  # type: ignore[attr-defined]
        job.broken.connect(self._section.show_broken)  # type: ignore[attr-defined]
