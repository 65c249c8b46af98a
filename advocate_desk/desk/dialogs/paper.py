"""A finished page before it leaves: looked at, then saved to disk, locked with a password if wanted, or printed.

What leaves is put on record first: where that fails, no byte leaves the desk.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeAlias

from PySide6.QtCore import QRectF, QStandardPaths, Qt, Slot
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from advocate_desk.clock import today_in_london
from advocate_desk.desk.dialogs.ask import DeskDialog, choose_save_file
from advocate_desk.desk.jobs import Job
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.widgets.pdf_preview import PdfPreview
from advocate_desk.documents.export import free_name, write_safely
from advocate_desk.documents.layout import finish_pdf
from advocate_desk.documents.render import page, page_sizes
from advocate_desk.errors import DeskError, Unavailable

Record: TypeAlias = Callable[[str], Job]
"""Begins to put on record that a page leaves: EXPORTED or PRINTED before it does, an …_FAILED if that then failed."""

EXPORTED, PRINTED = "exported", "printed"
EXPORT_FAILED, PRINT_FAILED = "export_failed", "print_failed"
_FAILED = {EXPORTED: EXPORT_FAILED, PRINTED: PRINT_FAILED}

PRINT_DPI = 300
POINTS = 72
_SIDE = 264


class PaperDialog(DeskDialog):
    """Shows the exact PDF, and lets it leave once `record` has put on record that it does."""

    def __init__(
        self, parent: QWidget, office: Office, pdf: bytes, title: str, kind: str, record: Record, caution: str = ""
    ) -> None:
        super().__init__(parent.window(), title)
        self._office, self._pdf, self._kind, self._record = office, pdf, kind, record
        self._leaving: tuple[str, Callable[[], None]] | None = None  # how, and what takes it out
        self.trouble = Banner()
        self.preview = PdfPreview()
        self.preview.show_pdf(pdf)
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setAccessibleName(self.tr("Password for the saved file, if wanted"))
        self.password.setPlaceholderText(self.tr("No password"))
        self.password.setMaxLength(127)
        self.body.addWidget(self.trouble)
        columns = QHBoxLayout()
        columns.setSpacing(px(20))
        columns.addWidget(self.preview, 1)
        room = parent.window().size()
        side = self._side(caution)
        side.setFixedWidth(min(px(_SIDE), room.width() // 3))
        columns.addWidget(side)
        self.body.addLayout(columns, 1)
        self.buttons.addWidget(button(self.tr("Close"), clicked=self.reject))
        self.resize(min(px(1040), room.width() - 40), min(px(900), room.height() - 40))
        self.preview.setFocus()

    def _side(self, caution: str) -> QWidget:
        inner = QWidget()
        side = QVBoxLayout(inner)
        side.setContentsMargins(0, 0, px(8), 0)
        side.setSpacing(px(10))
        self.first = QVBoxLayout()  # what must be settled before it may leave
        side.addLayout(self.first)
        if caution:
            mind = Banner(can_dismiss=False)
            side.addWidget(mind)
            mind.say(caution, "warning")
        side.addWidget(self._words(self.tr("This is the page exactly as it will leave."), "muted"))
        side.addSpacing(px(8))
        side.addWidget(text_label(self.tr("Password (optional)"), "label"))
        side.addWidget(self.password)
        side.addWidget(
            self._words(
                self.tr("The saved file is then locked with AES-256. Tell the password by another way."), "small"
            )
        )
        self._save = button(self.tr("Save to disk…"), "primary", "download", clicked=self.choose_place)
        self._print = button(self.tr("Print…"), "", "printer", clicked=self.choose_printer)
        side.addWidget(self._save)
        side.addSpacing(px(8))
        side.addWidget(self._print)
        side.addStretch(1)
        return scrolled(inner)  # large text, low windows

    def _words(self, text: str, role: str) -> QWidget:
        return text_label(text, role, wrap=True)

    def choose_place(self) -> None:
        """Ask where to save it; a neutral name is offered."""
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        name = free_name(folder, self._kind, today_in_london(self._office.clock)).name
        choose_save_file(self, self.tr("Save to disk"), name, self.tr("PDF (*.pdf)"), self.save_to)

    def save_to(self, path: Path) -> None:
        """Put on record that it leaves, then write the file, locked if a password was typed."""
        self._leave(EXPORTED, partial(self._write, path, self.password.text()))

    def _write(self, path: Path, password: str) -> None:
        write_safely(path, finish_pdf(self._pdf, password or None))
        self.password.clear()
        self.trouble.say(
            self.tr("Saved. The file on disk is not encrypted by the desk: move it where it is safe."), "ok"
        )

    def choose_printer(self) -> None:
        """Ask which printer, then print."""
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("Document")  # a print queue is read by others
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer))
        QDialog.open(dialog)  # QPrintDialog has only the form of open() that takes a slot by name

    def print_on(self, printer: QPrinter) -> None:
        """Put on record that it leaves, then print every page, and say so."""
        self._leave(PRINTED, partial(self._put_on_paper, printer))

    def _put_on_paper(self, printer: QPrinter) -> None:
        _paint(self._pdf, printer)
        self.trouble.say(self.tr("Sent to the printer. Fetch it at once."), "ok")

    # --- on record first ---

    def _leave(self, how: str, take_out: Callable[[], None]) -> None:
        if self._leaving is not None:
            return
        self._leaving = (how, take_out)
        job = self._record(how)
        job.done.connect(self._on_recorded)
        job.refused.connect(self._on_refused)
        job.broken.connect(self._on_broken)

    @Slot(object)
    def _on_recorded(self, _done: object) -> None:
        if self._leaving is None:  # closed in the meantime
            return
        (how, take_out), self._leaving = self._leaving, None
        try:
            take_out()
        except DeskError as error:
            self._record(_FAILED[how])
            self.trouble.say_refused(error)
        except Exception:
            self._record(_FAILED[how])
            self.trouble.say_broken()
            raise

    @Slot(object)
    def _on_refused(self, error: DeskError) -> None:
        self._leaving = None
        self.trouble.say_refused(error)

    @Slot()
    def _on_broken(self) -> None:
        self._leaving = None
        self.trouble.say_broken()

    def done(self, result: int) -> None:
        """Close; what is not out yet stays in."""
        self._leaving = None
        super().done(result)


def _paint(pdf: bytes, printer: QPrinter) -> None:
    """Send every page to `printer` at its own size. Raises Unavailable if the printer does not take it."""
    painter = QPainter()
    if not painter.begin(printer):
        raise Unavailable("The printer did not take the page. Nothing was printed. Check it, or choose another.")
    try:
        for number, (width, height) in enumerate(page_sizes(pdf)):
            if number and not printer.newPage():
                raise Unavailable("The printer stopped after a page. Check what it printed before you print again.")
            drawn = page(pdf, number, PRINT_DPI / POINTS)
            image = QImage(drawn.bgra, drawn.width_px, drawn.height_px, drawn.stride, QImage.Format.Format_RGB32)
            scale = printer.resolution() / POINTS
            painter.drawImage(QRectF(0, 0, width * scale, height * scale), image)
    finally:
        painter.end()


def show_paper(
    parent: QWidget, office: Office, pdf: bytes, title: str, kind: str, record: Record, caution: str = ""
) -> PaperDialog:
    """Open the page over the desk. `kind` is the plain word of its file name; nothing leaves without `record`."""
    dialog = PaperDialog(parent, office, pdf, title, kind, record, caution)
    dialog.open()
    return dialog
