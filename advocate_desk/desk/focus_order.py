"""Where Tab goes: through what can be used, in the order in which it is read, whenever it was put there.

Qt's own chain is the order in which widgets were made. Cards that are drawn anew after every save would come last.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QGridLayout,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

_WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)
_BACKWARDS = (QBoxLayout.Direction.RightToLeft, QBoxLayout.Direction.BottomToTop)
_TEXT = (QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)


def reading_order(root: QWidget) -> list[QWidget]:
    """Everything that Tab stops at under `root`, in the order in which its layouts place it."""
    takes_all = QGuiApplication.styleHints().tabFocusBehavior() == Qt.TabFocusBehavior.TabFocusAllControls
    return [each for each in _walk(root) if takes_all or isinstance(each, _TEXT)]


def bring_into_view(widget: QWidget) -> None:
    """Scroll whatever it stands in until it is seen."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget)
        around = around.parentWidget()


def _walk(widget: QWidget) -> Iterator[QWidget]:
    for child in _in_lines(widget):
        if _stops_at(child):
            yield child
        if not isinstance(child, _WHOLE):
            yield from _walk(child)


def _stops_at(widget: QWidget) -> bool:
    if not widget.focusPolicy() & Qt.FocusPolicy.TabFocus or not widget.isEnabled():
        return False
    return widget.focusProxy() is None


def _in_lines(parent: QWidget) -> list[QWidget]:
    """The widgets that show in `parent`: as it is laid out, then what stands over the layout, from above."""
    layout: QLayout | None = parent.layout()
    laid_out = list(_laid_out(layout)) if layout is not None else []
    known = set(map(id, laid_out))
    shown = [each for each in parent.children() if isinstance(each, QWidget) and id(each) not in known]
    over = [each for each in shown if not each.isWindow()]
    over.sort(key=lambda each: (each.y(), each.x()))
    return [each for each in (*laid_out, *over) if each.isVisible()]


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    """The widgets of a layout, and of the layouts in it, in the order in which they stand."""
    for item in _items(layout):
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _laid_out(inner)


def _items(layout: QLayout) -> list[QLayoutItem]:
    items = [item for at in range(layout.count()) if (item := layout.itemAt(at)) is not None]
    if isinstance(layout, QGridLayout):
        places = [cast(tuple[int, int, int, int], layout.getItemPosition(at))[:2] for at in range(layout.count())]
        return [item for _place, item in sorted(zip(places, items, strict=True), key=lambda one: one[0])]
    if isinstance(layout, QBoxLayout) and layout.direction() in _BACKWARDS:
        items.reverse()
    return items
