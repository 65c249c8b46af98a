"""The pages of a PDF in the window: rendered from the very bytes that are saved, exported and printed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QWidget

from advocate_desk.desk.theme import px
from advocate_desk.documents.render import RenderedPage, page, page_sizes, page_texts

MARGIN = 16
LARGEST_SCALE = 2.2  # of the paper's own size, before zooming: a page wider than that is read no better


class PdfPreview(QScrollArea):
    """Every page under the other, as wide as the window; arrows and Page Up and Down scroll, plus and minus zoom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pdf = b""
        self._zoom = 1.0
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._sheets: list[QLabel] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setProperty("box", "inset")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # its coming would change the width
        self.setAccessibleName(self.tr("Preview of the pages"))
        self._table = QWidget()
        self._table.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self.setWidget(self._table)

    def show_pdf(self, pdf: bytes) -> None:
        """Show these pages from the first. Raises Unavailable if the bytes are no PDF."""
        self._sizes, texts = page_sizes(pdf), page_texts(pdf)
        self._pdf = pdf
        for sheet in self._sheets:
            sheet.hide()
            sheet.deleteLater()
        self._sheets = [self._sheet(number, text) for number, text in enumerate(texts)]
        self._draw()
        self.verticalScrollBar().setValue(0)

    def text(self) -> str:
        """What the pages say, for a screen reader and for tests."""
        return "\n".join(page_texts(self._pdf)) if self._pdf else ""

    def zoom(self, factor: float) -> None:
        """Make the pages larger or smaller, between half and four times the window's width."""
        self._zoom = max(0.5, min(4.0, self._zoom * factor))
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the pages again at the new width."""
        super().resizeEvent(event)
        if self._pdf and event.size().width() != event.oldSize().width():
            self._draw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Zoom with plus and minus; the rest scrolls."""
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(1.2)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom(1 / 1.2)
        else:
            super().keyPressEvent(event)

    def _sheet(self, number: int, text: str) -> QLabel:
        sheet = QLabel(self._table)
        sheet.setProperty("box", "paper")
        sheet.setTextFormat(Qt.TextFormat.PlainText)
        name = self.tr("Page {number} of {count}").format(number=number + 1, count=len(self._sizes))
        sheet.setAccessibleName(name)
        sheet.setAccessibleDescription(text)
        return sheet

    def _draw(self) -> None:
        """Render each page for the width there is, and place them by hand: no layout may squeeze a page."""
        ratio = self.devicePixelRatioF()
        room = max(self.viewport().width() - 2 * px(MARGIN), px(160))
        top, widest = px(MARGIN), 0
        for number, (sheet, (width, _height)) in enumerate(zip(self._sheets, self._sizes, strict=True)):
            scale = min(room / width, LARGEST_SCALE) * self._zoom * ratio
            picture = _pixmap(page(self._pdf, number, scale), ratio)
            size = picture.deviceIndependentSize().toSize()
            sheet.setPixmap(picture)
            sheet.setGeometry(px(MARGIN), top, size.width(), size.height())
            sheet.show()
            top += size.height() + px(MARGIN)
            widest = max(widest, size.width())
        self._table.setFixedSize(widest + 2 * px(MARGIN), top)


def _pixmap(drawn: RenderedPage, ratio: float) -> QPixmap:
    image = QImage(drawn.bgra, drawn.width_px, drawn.height_px, drawn.stride, QImage.Format.Format_RGB32).copy()
    image.setDevicePixelRatio(ratio)
    return QPixmap.fromImage(image)
