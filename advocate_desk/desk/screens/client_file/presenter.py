"""Decides what the page of a client file shows, and what its actions do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from advocate_desk.casework.access import record_read
from advocate_desk.casework.work import Done
from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import DeskError
from advocate_desk.store.queries.client_file import Banner, banner

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.page import ClientFilePage


class FilePresenter(QObject):
    """Reads the banner, puts the reading on record, and follows what changes. A child of its page."""

    def __init__(self, page: ClientFilePage, office: Office, file_id: FileId) -> None:
        super().__init__(page)
        self._page, self._office, self._file_id = page, office, file_id
        office.changed.connect(self._on_changed)
        page.form_asked.connect(self.open_form)
        office.messages.follow(office.do(self, record_read, file_id))

    @Slot()
    def reload(self) -> None:
        """Read the banner again."""
        job = self._office.read(self, banner, self._file_id)
        job.done.connect(self._on_banner)
        job.refused.connect(self._on_refused)
        job.broken.connect(self._page.trouble.say_broken)

    @Slot(str)
    def open_form(self, key: str) -> None:
        """Open a form of this file."""
        self._office.open_form(key, {"file_id": str(self._file_id)})

    @Slot(object)
    def _on_banner(self, shown: Banner) -> None:
        self._page.trouble.hide()
        self._page.banner.show_banner(shown)

    @Slot(object)
    def _on_refused(self, error: DeskError) -> None:
        self._page.trouble.say_refused(error)

    @Slot(object)
    def _on_changed(self, done: Done) -> None:
        if done.file_id == self._file_id or (done.file_id is None and done.kinds):
            self.reload()
            self._page.on_changed(done.kinds)
