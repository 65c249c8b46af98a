"""How an import ends: written, stopped, taken back; and what becomes of the rows that stayed behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject, Signal, Slot

from advocate_desk.casework.import_matches import Choice, Match
from advocate_desk.casework.imports import (
    ImportDone,
    import_rows,
    note_failed_rows_saved,
    recent_batches,
    undo_import,
)
from advocate_desk.casework.work import Work
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.import_wizard.choose_page import BatchLine
from advocate_desk.desk.screens.import_wizard.errands import Errands
from advocate_desk.desk.screens.import_wizard.state import (
    Laid,
    ListInHand,
    decisions_of,
    failed_file,
    importable,
    remembered_form,
)
from advocate_desk.documents.export import write_safely
from advocate_desk.documents.sheets.rows import CheckedRow, Plan

if TYPE_CHECKING:
    from advocate_desk.desk.screens.import_wizard.view import ImportWizard

_BATCHES_SHOWN = 5


@dataclass(frozen=True)
class Prepared:
    """A list that is ready to be imported."""

    hand: ListInHand
    laid: Laid
    plan: Plan
    rows: Sequence[CheckedRow]
    matches: Sequence[Match]


class Ending(QObject):
    """Imports a prepared list, takes imports back, and holds what was left behind until it is dealt with."""

    progressed = Signal(int, int)  # from the store's thread
    imported = Signal()
    undone = Signal(object)  # the ListInHand that was imported, or None

    def __init__(self, view: ImportWizard, office: Office, errands: Errands) -> None:
        super().__init__(view)
        self._view, self._office, self._errands = view, office, errands
        self._batch: UUID | None = None
        self._imported: ListInHand | None = None
        self._failed = b""
        self._failed_count = 0
        self.is_importing = False
        self.progressed.connect(view.finish.show_progress)

    def forget(self) -> None:
        """Another list is in hand now."""
        self._batch, self._imported, self._failed = None, None, b""

    def take_failed(self) -> bytes:
        """The rows that were left behind, as the file that they make; b"" for none. They are handed out once."""
        failed, self._failed = self._failed, b""
        return failed

    @property
    def failed(self) -> bytes:
        """The same, left where it is."""
        return self._failed

    @Slot()
    def show_batches(self) -> None:
        """Read the imports of before."""
        job = self._office.read(self, recent_batches, _BATCHES_SHOWN)
        job.done.connect(lambda found: self._view.choose.show_batches([BatchLine(*batch) for batch in found]))

    def show_summary(self, list_: Prepared) -> None:
        """What an import would do, as counts."""
        rows = importable(list_.rows, list_.hand)
        decided = decisions_of(list_.matches, list_.hand)
        chosen = [decided[row.number].choice for row in rows if row.number in decided]
        merged, skipped = chosen.count(Choice.MERGE), chosen.count(Choice.SKIP)
        out = list_.hand.left_out
        problems = sum(bool(row.problems) and row.number not in out for row in list_.rows)
        self._view.finish.show_summary(len(rows) - merged - skipped, merged, skipped + len(out), problems)

    def import_list(self, list_: Prepared) -> None:
        """Write everything, in one transaction."""
        rows = importable(list_.rows, list_.hand)
        self.is_importing = True
        self._view.finish.show_progress(0, len(rows))
        self._errands.run(
            partial(
                import_rows,
                self._office.work,
                rows,
                decisions_of(list_.matches, list_.hand),
                list_.laid.signature,
                remembered_form(list_.laid.table, list_.hand),
                self.progressed.emit,
                self._errands.is_stopped,
            ),
            lambda result: self._on_imported(list_, result),
        )

    def _on_imported(self, list_: Prepared, result: ImportDone) -> None:
        self.is_importing = False
        hand = list_.hand
        failed = [row for row in list_.rows if row.problems or row.number in hand.left_out]
        said = self.tr("Left out by the person who imported the list.")
        self._failed = failed_file(list_.laid.table, list_.rows, list_.plan, hand, said) if failed else b""
        self._failed_count = len(failed)
        self._batch, self._imported = result.batch_id, hand
        self.imported.emit()
        self._view.finish.show_result(result.files, result.merged, len(failed))
        self._office.changed.emit(result.done)
        self.show_batches()

    @Slot()
    def undo_last(self) -> None:
        """Take the import back that has just been done."""
        if self._batch is not None:
            self.undo(self._batch)

    @Slot(object)
    def undo(self, batch_id: UUID) -> None:
        """Take an import back."""
        job = self._office.do(self, undo_import, batch_id)
        job.done.connect(lambda _done: self._on_undone(batch_id))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    def _on_undone(self, batch_id: UUID) -> None:
        self.show_batches()
        if batch_id != self._batch:
            self._office.messages.notice(self.tr("The import was undone. Your caseload is as it was before."))
            return
        hand, self._imported, self._failed = self._imported, None, b""
        self._view.finish.show_undone()
        self.undone.emit(hand)

    def save_failed(self, path: Path) -> None:
        """Write the rows that were left behind to a file, and say so in the audit chain."""
        work, data, count, batch = self._office.work, self._failed, self._failed_count, self._batch
        job = self._office.jobs.run(self, lambda: _save(work, path, data, count, batch))
        said = self.tr("The rows were saved. That file is not encrypted: delete it when they are imported.")
        job.done.connect(lambda _none: self._office.messages.notice(said, "info"))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)


def _save(work: Work, path: Path, data: bytes, count: int, batch: UUID | None) -> None:
    note_failed_rows_saved(work, batch, count)  # on record before it leaves: where that fails, nothing does
    write_safely(path, data)
