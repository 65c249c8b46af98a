"""A kept letter opened over the desk: proved against its hash, shown, and put on record each time before it leaves."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Qt, Slot
from PySide6.QtWidgets import QApplication, QWidget

from advocate_desk.casework.letters import letter_pdf, missing_consent, record_not_left
from advocate_desk.clock import in_london
from advocate_desk.desk.dialogs.paper import EXPORT_FAILED, EXPORTED, PRINT_FAILED, PRINTED, show_paper
from advocate_desk.desk.forms.letter_known import copy_cautions, read_basis
from advocate_desk.desk.jobs import Job
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.letters.client_copy import ClientCopy, leave
from advocate_desk.desk.screens.client_file.letters.ground import OtherGround
from advocate_desk.domain.consent import REFUSED, WITHDRAWN, Consent
from advocate_desk.domain.days import long_day
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Blocked, DeskError

FILE_KIND = "letter"
_LEAVING = {EXPORTED: "export", PRINTED: "print"}
_FAILED = {EXPORT_FAILED: "export", PRINT_FAILED: "print"}
Found = tuple[bytes, str, Consent | None]


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("LetterPapers", text)


class KeptLetter(QObject):
    """Opens one kept letter. Lives until its page is closed, or as long as its owner."""

    def __init__(self, owner: QObject, window: QWidget, office: Office, file_id: FileId, letter_id: RecordId) -> None:
        super().__init__(owner)
        self._window, self._office, self._file_id, self._letter_id = window, office, file_id, letter_id
        self._then = ""
        self._ground: OtherGround | None = None
        self._copy: ClientCopy | None = None

    def open(self, then: str = "") -> None:
        """Read, prove and show it; `then` "save" or "print" goes on to that at once."""
        self._then = then
        job = self._office.jobs.run(self, partial(_read, self._office, self._file_id, self._letter_id))
        job.done.connect(self._on_read)
        self._office.messages.follow(job)

    @Slot(object)
    def _on_read(self, found: Found) -> None:
        pdf, caution, missing = found
        dialog = show_paper(
            self._window, self._office, pdf, tr("Court support letter"), FILE_KIND, self._record, caution
        )
        self._ground = OtherGround(self._office.packs)
        dialog.first.addWidget(self._ground)
        self._copy = ClientCopy(caution)
        self._office.half_typed.follow(self._ground.reason, f"ground {self._letter_id}")
        self._office.half_typed.follow(self._copy.why, f"copy {self._letter_id}")
        dialog.first.addWidget(self._copy)
        dialog.finished.connect(self.deleteLater)
        if missing is not None:
            self._ground.ask(missing_words(missing))
        elif self._then == "save":
            dialog.choose_place()
        elif self._then == "print":
            dialog.choose_printer()

    def _record(self, how: str) -> Job:
        if how in _FAILED:
            return self._office.do(self._office, record_not_left, self._letter_id, _FAILED[how])
        ground = self._ground.answer() if self._ground is not None else None
        reason = self._copy.reason() if self._copy is not None else None
        job = self._office.do(self, leave, self._file_id, self._letter_id, _LEAVING[how], ground, reason)
        job.done.connect(self._on_recorded)
        job.refused.connect(self._on_refused)
        return job

    @Slot(object)
    def _on_recorded(self, _done: object) -> None:
        if self._ground is not None:
            self._ground.hide()  # the letter rests on the other ground from now on

    @Slot(object)
    def _on_refused(self, error: DeskError) -> None:
        """Her consent went while the page was open."""
        if isinstance(error, Blocked) and self._ground is not None:
            self._ground.ask(error.advice)


def missing_words(consent: Consent) -> str:
    """That a letter rests on a consent which stands no longer, in words."""
    on = tr(" on {0}").format(long_day(consent.on)) if consent.on else ""
    stands = {
        WITHDRAWN: tr("She withdrew her consent{0}, and this letter rests on it.").format(on),
        REFUSED: tr("She refused{0}, and this letter rests on her consent.").format(on),
    }.get(consent.state, tr("Her consent, on which this letter rests, is no longer in the file."))
    return f"{stands} {tr('Talk with her first, or say on what other lawful ground it may leave, and why.')}"


def show_new_letter(office: Office, file_id: FileId, letter_id: RecordId) -> None:
    """Show a letter that has just been saved, over the desk's window."""
    is_desk = Qt.WindowType.Window  # neither a dialog nor the list of a field that is going
    shown = [each for each in QApplication.topLevelWidgets() if each.isVisible() and each.windowType() == is_desk]
    window = next((each for each in shown if each.isActiveWindow()), next(iter(shown), None))
    if window is not None:
        KeptLetter(office, window, office, file_id, letter_id).open()


def _read(office: Office, file_id: FileId, letter_id: RecordId) -> Found:
    """The proved bytes, what to mind about a copy for the client, and a consent that is gone. On the store's thread."""
    pdf = letter_pdf(office.work, letter_id)
    at = in_london(office.clock.now()).replace(tzinfo=None)
    return pdf, copy_cautions(read_basis(office, file_id), at), missing_consent(office.work, letter_id)
