"""Walks a window's controls: each must have a name for assistive technology, and a place in the tab order."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QCalendarWidget,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTextEdit,
    QWidget,
)

SETTLE_MS, STEP_MS = 2000, 10
CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
)
_INSIDE_OTHERS = (QCalendarWidget, QAbstractSpinBox, QComboBox)  # their parts are Qt's own


def controls(root: QWidget) -> list[QWidget]:
    """Every control under `root` that can be seen, but for those inside Qt's own compound widgets."""
    found = [each for each in root.findChildren(QWidget) if isinstance(each, CONTROLS) or _takes_tab(each)]
    return [each for each in found if each.isVisibleTo(root) and not _is_inside_other(each, root)]


def nameless(root: QWidget) -> list[str]:
    """Controls that assistive technology would read without a name."""
    return [_describe(each) for each in controls(root) if not _spoken_name(each).strip()]


def unreachable(root: QWidget) -> list[str]:
    """Controls that can be used but that Tab does not reach, from the window's own chain."""
    window, chain = root.window(), set()
    widget = window.nextInFocusChain()
    while widget is not None and widget is not window and widget not in chain:
        chain.add(widget)
        widget = widget.nextInFocusChain()
    wanted = [each for each in controls(root) if _takes_tab(each) and each.isEnabled()]
    return [_describe(each) for each in wanted if each not in chain]


def mouse_only(root: QWidget) -> list[str]:
    """Buttons and fields that no key can reach: neither by Tab, nor by arrows inside a group, nor by an opener."""
    lost = []
    for each in controls(root):
        policy = each.focusPolicy()
        is_field_part = isinstance(each.parentWidget(), QLineEdit) or isinstance(each, QAbstractItemView)
        in_group = each.property("role") == "segment"
        if policy == Qt.FocusPolicy.NoFocus and not is_field_part and not in_group and each.isEnabled():
            lost.append(_describe(each))
    return lost


def rich_labels(root: QWidget) -> list[str]:
    """Labels that would read what somebody typed as markup."""
    plain = Qt.TextFormat.PlainText
    return [_describe(each) for each in root.findChildren(QLabel) if each.text() and each.textFormat() != plain]


def assert_accessible(root: QWidget) -> None:
    """Fail with a list when a control under `root` has no name, no way to it by keyboard, or a label is not plain."""
    assert controls(root), "there is nothing to use on this page"
    assert nameless(root) == [], "controls without an accessible name"
    assert unreachable(root) == [], "controls that Tab does not reach"
    assert mouse_only(root) == [], "controls that only a mouse reaches"
    assert rich_labels(root) == [], "labels that are not plain text"


def assert_fits(root: QWidget, width: int) -> None:
    """Fail when `root` cannot be as narrow as `width` pixels, or a scroll area would have to move sideways."""
    assert root.minimumSizeHint().width() <= width, f"needs {root.minimumSizeHint().width()} pixels"
    lost = still_too_wide(root)
    assert lost == [], f"wider than the view they are in: {lost}"


def still_too_wide(root: QWidget) -> list[str]:
    """What stays wider than its view once the page has settled: a scroll bar narrows it a moment after it appears."""
    lost = too_wide(root)
    for _ in range(SETTLE_MS // STEP_MS):
        if not lost:
            break
        QTest.qWait(STEP_MS)
        lost = too_wide(root)
    return lost


def too_wide(root: QWidget) -> list[str]:
    """What stands in a scroll area that is narrower than it."""
    lost = []
    for area in root.findChildren(QScrollArea):
        inner: QWidget | None = area.widget()
        if inner is None or not area.isVisibleTo(root) or not area.widgetResizable():
            continue
        needed, room = max(inner.minimumSizeHint().width(), inner.width()), max(area.viewport().width(), 1)
        if needed > room:
            lost.append(f"{needed} in {room}: {_describe(inner)} {_widest(inner, room)}")
    return lost


def clipped(root: QWidget) -> list[str]:
    """Words that are cut off: labels and buttons that have less room than their words need, or that stick out."""
    lost = []
    for each in root.findChildren(QWidget):
        if not isinstance(each, (QLabel, QAbstractButton)) or not each.text() or not each.isVisibleTo(root):
            continue
        if each.visibleRegion().isEmpty() and not _is_scrolled(each):
            lost.append(f"covered or outside: {_describe(each)}")
        width, height = _room_for(each)
        if each.width() + 1 < width or each.height() + 2 < height:
            lost.append(f"{each.width()}x{each.height()} of {width}x{height}: {_describe(each)}")
    return lost


def _room_for(widget: QLabel | QAbstractButton) -> tuple[int, int]:
    """The width and height in pixels that the words of a label or button cannot do without."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        words = widget.text().split()
        longest = max((widget.fontMetrics().horizontalAdvance(word) for word in words), default=0)
        lines = widget.fontMetrics().boundingRect(
            QRect(0, 0, max(widget.contentsRect().width(), 1), 10_000), int(Qt.TextFlag.TextWordWrap), widget.text()
        )
        return min(longest, lines.width()), lines.height()
    if isinstance(widget, QLabel):
        words_of_it = widget.fontMetrics().size(0, widget.text())
        return words_of_it.width(), min(words_of_it.height(), widget.minimumSizeHint().height())
    return widget.minimumSizeHint().width(), widget.minimumSizeHint().height()


def _is_scrolled(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _widest(inner: QWidget, room: int) -> str:
    """The deepest widgets that make it so wide: what to mend."""
    wide = [each for each in inner.findChildren(QWidget) if each.isVisibleTo(inner)]
    wide = [each for each in wide if each.minimumSizeHint().width() > room]
    deepest = [each for each in wide if not any(each.isAncestorOf(other) for other in wide)]
    return "; ".join(f"{each.minimumSizeHint().width()} {_describe(each)}" for each in deepest[:4])


def _takes_tab(widget: QWidget) -> bool:
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None


def _is_inside_other(widget: QWidget, root: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, _INSIDE_OTHERS) or (isinstance(parent, QAbstractItemView) and parent is not widget):
            return True
        parent = parent.parentWidget()
    return False


def _spoken_name(widget: QWidget) -> str:
    if isinstance(widget, QGroupBox):
        return widget.title()
    spoken = QAccessible.queryAccessibleInterface(widget)
    return spoken.text(QAccessible.Text.Name) or widget.accessibleName()


def _describe(widget: QWidget) -> str:
    path: list[str] = []
    each: QWidget | None = widget
    while each is not None and len(path) < 5:
        path.append(type(each).__name__ + (f"#{each.objectName()}" if each.objectName() else ""))
        each = each.parentWidget()
    return " < ".join(path) + f" [{widget.accessibleName() or getattr(widget, 'text', lambda: '')()}]"
