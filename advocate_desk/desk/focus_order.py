"""Where Tab goes: through what can be used, in the order in which it is read, whenever it was put there.

Qt's own chain is the order in which widgets were made. Cards that are drawn anew after every save would come last.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

from advocate_desk.desk.theme import px

_SIDE, _CLEAR = 16, 96  # pixels at 100% text
_WHOLE = (QAbstractItemView, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)
_TEXT = (QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit)


def reading_order(root: QWidget) -> list[QWidget]:
    """Everything that Tab stops at under `root`, in the order in which it is read."""
    takes_all = QGuiApplication.styleHints().tabFocusBehavior() == Qt.TabFocusBehavior.TabFocusAllControls
    return [each for each in _walk(root) if takes_all or isinstance(each, _TEXT)]


def bring_into_view(widget: QWidget) -> None:
    """Scroll whatever it stands in until it is seen, clear of a notice at the foot of the window."""
    around = widget.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(widget, px(_SIDE), px(_CLEAR))
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
    """The widgets that show in `parent`, as their places say: a line after the other, or column by column.

    The layouts are not asked: their items are destroyed twice once Python has held them (measured, PySide6 6.12).
    """
    shown = [each for each in parent.children() if isinstance(each, QWidget) and not each.isWindow()]
    placed = [(each.geometry(), each) for each in shown if each.isVisible()]
    if parent.property("reads") == "columns":
        placed.sort(key=lambda one: (one[0].left(), one[0].top()))
        return [each for _area, each in placed]
    placed.sort(key=lambda one: (one[0].top(), one[0].left()))
    lines: list[tuple[QRect, list[tuple[QRect, QWidget]]]] = []
    for area, each in placed:
        if lines and _shares_line(lines[-1][0], area):
            lines[-1] = (lines[-1][0].united(area), lines[-1][1])
        else:
            lines.append((area, []))
        lines[-1][1].append((area, each))
    return [each for _area, line in lines for _at, each in sorted(line, key=lambda one: (one[0].x(), one[0].y()))]


def _shares_line(line: QRect, area: QRect) -> bool:
    """Whether more than half of the lower of the two is beside the other."""
    beside = min(line.bottom(), area.bottom()) - max(line.top(), area.top())
    return 2 * beside > min(line.height(), area.height())
