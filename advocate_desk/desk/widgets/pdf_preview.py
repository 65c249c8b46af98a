"""The pages of a PDF in the window: rendered from the very bytes that are saved, exported and printed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import clear_layout
from advocate_desk.documents.render import page, page_count, page_sizes, page_texts

MARGIN = 16


class PdfPreview(QScrollArea):
    """Every page under the other, as wide as the window; arrows and Page Up and Down scroll, plus and minus zoom."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pdf = b""
        self._zoom = 1.0
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("box", "inset")
        self.setAccessibleName(self.tr("Preview of the pages"))
        inner = QWidget()
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._pages = QVBoxLayout(inner)
        self._pages.setContentsMargins(px(MARGIN), px(MARGIN), px(MARGIN), px(MARGIN))
        self._pages.setSpacing(px(MARGIN))
        self.setWidget(inner)

    def show_pdf(self, pdf: bytes) -> None:
        """Show these pages from the first. Raises Unavailable if the bytes are no PDF."""
        self._pdf = pdf
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

    def _draw(self) -> None:
        clear_layout(self._pages)
        if not self._pdf:
            return
        ratio = self.devicePixelRatioF()
        room = max(self.viewport().width() - 2 * px(MARGIN) - 2, px(200))
        texts = page_texts(self._pdf)
        for number, (width, _height) in enumerate(page_sizes(self._pdf)):
            drawn = page(self._pdf, number, min(room / width, 2.2) * self._zoom * ratio)
            image = QImage(drawn.bgra, drawn.width_px, drawn.height_px, drawn.stride, QImage.Format.Format_RGB32).copy()
            image.setDevicePixelRatio(ratio)
            label = QLabel()
            label.setProperty("box", "paper")
            picture = QPixmap.fromImage(image)
            label.setPixmap(picture)
            label.setFixedSize(picture.deviceIndependentSize().toSize())  # never squeezed by the height of the window
            name = self.tr("Page {number} of {count}").format(number=number + 1, count=page_count(self._pdf))
            label.setAccessibleName(name)
            label.setAccessibleDescription(texts[number])
            self._pages.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        self._pages.addStretch(1)
