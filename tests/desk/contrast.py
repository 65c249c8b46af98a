"""How well words and signs stand out: by the colours of a style sheet, and by the pixels of a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

TEXT, LARGE, SIGN = 4.5, 3.0, 3.0
"""Least contrast ratios. Source: WCAG 2.2, 1.4.3 and 1.4.11."""
OFF = 2.5
"""For what cannot be used now, which WCAG leaves free: it should be made out all the same."""
CLOSER = 3
LARGE_PX, LARGE_BOLD_PX = 24.0, 18.66
EDGE = 4  # pixels of a control's border and focus ring, which are no words
FEWEST = 2  # pixels of a colour that count: one alone may be the corner of something


@dataclass(frozen=True)
class Seen:
    """Something to be read on a page: where, in pixels of the window, and the least contrast that it needs."""

    what: str
    where: QRect
    least: float


def luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb". Source: WCAG 2.2, definition of relative luminance."""
    return _luminance(int(colour[1:], 16))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours "#rrggbb", 1 to 21. Source: WCAG 2.2, definition of contrast ratio."""
    return _ratio(int(one[1:], 16), int(other[1:], 16))


@cache
def _luminance(rgb: int) -> float:
    parts = [((rgb >> shift) & 255) / 255 for shift in (16, 8, 0)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@cache
def _ratio(one: int, other: int) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def drawn_contrast(image: QImage, where: QRect) -> float:
    """The contrast of the most contrasting ink on the commonest ground in a part of a picture (RGB32); 0 if empty."""
    part = image.copy(where.intersected(image.rect()))
    if part.isNull():
        return 0.0
    pixels = Counter(memoryview(part.constBits()).cast("I"))
    ground = pixels.most_common(1)[0][0] & 0xFFFFFF
    inks = [pixel & 0xFFFFFF for pixel, count in pixels.items() if count >= FEWEST]
    return max((_ratio(ink, ground) for ink in inks), default=0.0)


def weak_on(top: QWidget) -> list[str]:
    """What on a window that is shown cannot be read well, and by how much."""
    image, parts = picture(top, 1), list(to_read(top))
    weak = [each for each in parts if drawn_contrast(image, each.where) < each.least]
    if not weak:
        return []
    closer = picture(top, CLOSER)  # a thin stroke may have no pixel of its own ink at this size
    found = [(drawn_contrast(closer, enlarged(each.where)), each) for each in weak]
    return [f"{ratio:.2f} of {each.least}: {each.what}" for ratio, each in found if ratio < each.least]


def picture(top: QWidget, times: int) -> QImage:
    """The window as it is drawn on a screen with so many times the pixels."""
    image = QImage(top.size() * times, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(times)
    image.fill(Qt.GlobalColor.black)
    top.render(image)
    image.setDevicePixelRatio(1)
    return image


def enlarged(area: QRect) -> QRect:
    """The same part of the closer picture."""
    return QRect(area.topLeft() * CLOSER, area.size() * CLOSER)


def to_read(top: QWidget) -> Iterator[Seen]:
    """Every word and every sign of a control that shows in `top`."""
    for widget in top.findChildren(QWidget):
        if not widget.isVisibleTo(top) or widget.window() is not top:
            continue
        if isinstance(widget, QAbstractItemView):
            if not isinstance(widget, QHeaderView):
                yield from _cells(widget, top)
            continue
        seen = _seen(widget)
        if seen is None:
            continue
        where = _shown(widget, seen.where, top)
        if where is not None:
            yield Seen(seen.what, where, seen.least)


def _seen(widget: QWidget) -> Seen | None:
    inside, who = widget.rect().adjusted(EDGE, EDGE, -EDGE, -EDGE), f"{type(widget).__name__}"
    least = least_for(widget.font()) if widget.isEnabled() else OFF
    if isinstance(widget, QLabel):
        if widget.text().strip():
            return Seen(f"{who} {widget.text()[:50]!r}", widget.contentsRect(), least)
        return (
            Seen(f"{who} a picture in {type(widget.parentWidget()).__name__}", widget.rect(), SIGN)
            if (not widget.pixmap().isNull() and widget.width() < 100)
            else None
        )
    if isinstance(widget, QAbstractButton):
        if widget.text():
            return Seen(f"{who} {widget.text()[:50]!r}", inside, least)
        sign = SIGN if widget.isEnabled() else OFF
        return Seen(f"{who} sign {widget.accessibleName()!r}", inside, sign) if not widget.icon().isNull() else None
    if isinstance(widget, QLineEdit):
        return (
            Seen(f"{who} {widget.accessibleName()!r}", inside, least)
            if (widget.text() or widget.placeholderText())
            else None
        )
    if isinstance(widget, QPlainTextEdit):
        return (
            Seen(f"{who} {widget.accessibleName()!r}", inside, least)
            if (widget.toPlainText() or widget.placeholderText())
            else None
        )
    return None


def _cells(view: QAbstractItemView, top: QWidget) -> Iterator[Seen]:
    model, port = view.model(), view.viewport()
    if model is None:
        return
    columns = range(model.columnCount(view.rootIndex())) if isinstance(view, QTableView) else range(1)
    for row in range(model.rowCount(view.rootIndex())):
        for column in columns:
            index = model.index(row, column, view.rootIndex())
            area = view.visualRect(index).intersected(port.rect())
            words = index.data(Qt.ItemDataRole.DisplayRole)
            whole = view.visualRect(index)
            if (
                area.isEmpty()  # of a column that is hidden
                or area.height() < whole.height()
                or area.width() < min(whole.width(), 60)
                or not str(words or "").strip(" –")
            ):
                continue
            inside = area.adjusted(EDGE, EDGE, -EDGE, -EDGE)
            where = _shown(port, inside, top)
            if where is not None and where.height() * 4 >= inside.height() * 3:  # a strip of a row shows no words
                yield Seen(f"{type(view).__name__} cell {row}, {column} {str(words)[:40]!r}", where, TEXT)


def _shown(widget: QWidget, area: QRect, top: QWidget) -> QRect | None:
    """The part of `area` that is seen, in pixels of `top`; None where hardly any is, or something stands over it."""
    seen = area.intersected(widget.visibleRegion().boundingRect())
    if seen.width() < 3 or seen.height() < min(10, area.height()):
        return None
    at = widget.mapTo(top, seen.center())
    found = top.childAt(at)
    if found is not None and found is not widget and not widget.isAncestorOf(found) and not found.isAncestorOf(widget):
        return None
    return QRect(widget.mapTo(top, QPoint(seen.topLeft())), seen.size())


def least_for(font: QFont) -> float:
    """What words in a font need: less when they are large."""
    size = font.pixelSize() if font.pixelSize() > 0 else font.pointSizeF() * 4 / 3
    is_large = size >= LARGE_PX or (size >= LARGE_BOLD_PX and font.weight() >= QFont.Weight.Bold)
    return LARGE if is_large else TEXT
