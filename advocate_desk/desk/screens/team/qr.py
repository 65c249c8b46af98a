"""A QR code drawn in black on white, whatever the theme: cameras want it so."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel

from advocate_desk.desk.theme import px

_QUIET = 4  # modules of white around it, as ISO/IEC 18004 asks


def modules(text: str) -> tuple[tuple[bool, ...], ...]:
    """The dark modules of a QR code of `text`, row by row."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(text))
    code.make()
    size = code.getModuleCount()
    return tuple(tuple(bool(code.isDark(row, column)) for column in range(size)) for row in range(size))


class QrPicture(QWidget):
    """Shows a QR code, or nothing. `forget` lets go of what it says."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._modules: tuple[tuple[bool, ...], ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(self.sizeHint())

    def show_text(self, text: str) -> None:
        """Show the code of `text`."""
        self._modules = modules(text)
        self.update()

    def forget(self) -> None:
        """Show nothing."""
        self._modules = ()
        self.update()

    def sizeHint(self) -> QSize:
        """Large enough for a telephone's camera."""
        return QSize(px(190), px(190))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """White ground, dark squares."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        if self._modules:
            side = min(self.width(), self.height()) / (len(self._modules) + 2 * _QUIET)
            for row, line in enumerate(self._modules):
                for column, is_dark in enumerate(line):
                    if is_dark:
                        square = QRectF((column + _QUIET) * side, (row + _QUIET) * side, side + 0.4, side + 0.4)
                        painter.fillRect(square, QColor("black"))
        painter.end()
