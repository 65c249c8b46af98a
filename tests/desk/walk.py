"""Walks a window's controls: each must have a name for assistive technology, and a place in the tab order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
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
    for area in root.findChildren(QScrollArea):
        inner: QWidget | None = area.widget()
        if inner is not None and area.isVisibleTo(root) and area.widgetResizable():
            assert inner.minimumSizeHint().width() <= max(area.viewport().width(), 1), _describe(inner)


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
