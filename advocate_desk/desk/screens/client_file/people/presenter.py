"""Reads the people of a file, and takes people and contact methods out with a way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from advocate_desk.casework.people import remove_contact, remove_person, restore_contact, restore_person
from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.client_file import people_view

if TYPE_CHECKING:
    from advocate_desk.desk.screens.client_file.people.section import PeopleSection

LOOK_MS = 60_000


class PeoplePresenter(QObject):
    """A child of its section: the two end together."""

    def __init__(self, section: PeopleSection, office: Office, file_id: FileId) -> None:
        super().__init__(section)
        self._section, self._office, self._file_id = section, office, file_id
        section.remove_contact_asked.connect(self.remove_contact)
        section.remove_person_asked.connect(self.remove_person)
        self._minute = QTimer(self, interval=LOOK_MS)
        self._minute.timeout.connect(section.on_minute)
        self._minute.start()

    @Slot()
    def reload(self) -> None:
        """Read it again."""
        job = self._office.read(self, people_view, self._file_id)
        job.done.connect(self._section.show_view)
        job.refused.connect(self._section.show_refused)
        job.broken.connect(self._section.show_broken)

    @Slot(object)
    def remove_contact(self, contact_id: RecordId) -> None:
        """Take a contact method out of the file, and offer to take that back."""
        office = self._office

        def undo() -> None:
            office.messages.follow(office.do(office, restore_contact, contact_id))

        job = office.messages.follow(office.do(self, remove_contact, contact_id))
        job.done.connect(lambda _done: office.messages.undoable(self.tr("Contact method removed."), undo))

    @Slot(object)
    def remove_person(self, person_id: RecordId) -> None:
        """Take somebody out of the file, and offer to take that back."""
        office = self._office

        def undo() -> None:
            office.messages.follow(office.do(office, restore_person, person_id))

        job = office.messages.follow(office.do(self, remove_person, person_id))
        job.done.connect(lambda _done: office.messages.undoable(self.tr("Taken out of the file."), undo))
