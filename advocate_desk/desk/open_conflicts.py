"""What waits for a decision in the open desk, read once and followed: every flag and list asks here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from advocate_desk.casework.work import Done
from advocate_desk.store.queries.conflicts import Conflict, open_conflicts

if TYPE_CHECKING:
    from advocate_desk.desk.office import Office


class OpenConflicts(QObject):
    """The open conflicts of every file of this desk. Empty until they are read, and while there are none."""

    changed = Signal()

    def __init__(self, office: Office) -> None:
        super().__init__(office)
        self._office = office
        self._found: tuple[Conflict, ...] = ()
        self._by_file: dict[UUID, list[Conflict]] = {}
        self._by_record: dict[UUID, list[Conflict]] = {}
        office.changed.connect(self._on_changed)
        self.reload()

    def all(self) -> tuple[Conflict, ...]:
        """Every one, safety-critical first."""
        return self._found

    def of_file(self, file_id: UUID) -> tuple[Conflict, ...]:
        """Those of one client file."""
        return tuple(self._by_file.get(file_id, ()))

    def about(self, *record_ids: UUID) -> tuple[Conflict, ...]:
        """Those about these records."""
        return tuple(each for record_id in record_ids for each in self._by_record.get(record_id, ()))

    def records(self) -> Collection[UUID]:
        """Every record on which two people differ."""
        return self._by_record.keys()

    def kinds_of(self, file_id: UUID) -> frozenset[str]:
        """The kinds of record of a file on which two people differ."""
        return frozenset(each.kind for each in self._by_file.get(file_id, ()))

    @Slot()
    def reload(self) -> None:
        """Read them again."""
        job = self._office.messages.follow(self._office.read(self, open_conflicts))
        job.done.connect(self._on_read)

    @Slot(object)
    def _on_read(self, found: tuple[Conflict, ...]) -> None:
        if found == self._found:
            return
        by_file, by_record = defaultdict(list), defaultdict(list)
        for each in found:
            by_file[each.file_id].append(each)
            by_record[each.about_id].append(each)
        self._found, self._by_file, self._by_record = found, dict(by_file), dict(by_record)
        self.changed.emit()

    @Slot(object)
    def _on_changed(self, done: Done) -> None:
        """What a conflict is about may have changed too: it is shown as it stands."""
        if "conflict" in done.kinds or self._found:
            self.reload()
