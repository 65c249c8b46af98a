"""Puts a PDF that exists only in memory on paper, through the system's own print dialog."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QWidget

from advocate_desk.documents.render import RenderedPage, pages
from advocate_desk.errors import Unavailable

PRINT_DPI = 300
_POINTS_PER_INCH = 72


def print_pdf(pdf: bytes, parent: QWidget) -> bool:
    """Ask for a printer and print; False if the user changed her mind. Raises Unavailable if the printer refuses."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName("Sheet")  # what the queue shows to everybody at the printer
    dialog = QPrintDialog(printer, parent)
    if dialog.exec() != QPrintDialog.DialogCode.Accepted:
        return False
    paint(printer, pages(pdf, PRINT_DPI / _POINTS_PER_INCH))
    return True


def paint(printer: QPrinter, sheets: Iterable[RenderedPage]) -> None:
    """Paint every sheet on a page of its own, A4 to the paper's edge. Raises Unavailable."""
    printer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF())
    )
    printer.setFullPage(True)
    painter = QPainter()
    if not painter.begin(printer):
        raise Unavailable(
            "The printer did not take the page. Nothing was changed. Check it, or save the sheet instead."
        )
    try:
        for number, sheet in enumerate(sheets):
            if number:
                printer.newPage()
            picture = QImage(sheet.bgra, sheet.width_px, sheet.height_px, sheet.stride, QImage.Format.Format_RGB32)
            painter.drawImage(QRectF(painter.viewport()), picture)
    finally:
        painter.end()
