"""A kept letter opened over the desk: proved against its hash, shown, and put on record each time it leaves."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from advocate_desk.casework.letters import letter_pdf
from advocate_desk.casework.work import Work
from advocate_desk.clock import in_london
from advocate_desk.desk.dialogs.paper import show_paper
from advocate_desk.desk.forms.letter_known import copy_cautions, read_basis
from advocate_desk.desk.office import Office
from advocate_desk.domain.identity import FileId, RecordId

FILE_KIND = "letter"
_WAYS = {"exported": "export", "printed": "print"}


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("LetterPapers", text)


class KeptLetter(QObject):
    """Opens one kept letter. Lives until its page is closed, or as long as its owner."""

    def __init__(self, owner: QObject, window: QWidget, office: Office, file_id: FileId, letter_id: RecordId) -> None:
        super().__init__(owner)
        self._window, self._office, self._file_id, self._letter_id = window, office, file_id, letter_id
        self._then = ""

    def open(self, then: str = "") -> None:
        """Read, prove and show it; `then` "save" or "print" goes on to that at once."""
        self._then = then
        job = self._office.jobs.run(self, partial(_read, self._office, self._file_id, self._letter_id))
        job.done.connect(self._on_read)
        self._office.messages.follow(job)

    def _on_read(self, found: tuple[bytes, str]) -> None:
        pdf, caution = found
        dialog = show_paper(
            self._window, self._office, pdf, tr("Court support letter"), FILE_KIND, self._on_left, caution
        )
        dialog.finished.connect(self.deleteLater)
        if self._then == "save":
            dialog.choose_place()
        elif self._then == "print":
            dialog.choose_printer()

    def _on_left(self, how: str) -> None:
        office = self._office
        office.messages.follow(office.do(office, put_on_record, self._letter_id, _WAYS[how]))


def put_on_record(work: Work, letter_id: RecordId, how: str) -> None:
    """Say in the audit chain that a letter left; `how` is "export" or "print". Raises Unavailable."""
    letter_pdf(work, letter_id, how)


def show_new_letter(office: Office, file_id: FileId, letter_id: RecordId) -> None:
    """Show a letter that has just been saved, over the desk's window."""
    is_desk = Qt.WindowType.Window  # neither a dialog nor the list of a field that is going
    shown = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each.windowType() == is_desk]
    window = next((each for each in shown if each.isActiveWindow()), next(iter(shown), None))
    if window is not None:
        KeptLetter(office, window, office, file_id, letter_id).open()


def _read(office: Office, file_id: FileId, letter_id: RecordId) -> tuple[bytes, str]:
    """The proved bytes, and what to mind about a copy for the client. On the store's thread."""
    pdf = letter_pdf(office.work, letter_id, "preview")
    at = in_london(office.clock.now()).replace(tzinfo=None)
    return pdf, copy_cautions(read_basis(office, file_id), at)
