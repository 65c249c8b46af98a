"""Focus that outlives a redraw: a control is named, and its successor of that name has the focus afterwards."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

_KEPT = "kept_focus"


def keep_focus_as(widget: QWidget, name: str) -> None:
    """Name a control, so that its successor has the focus after a redraw."""
    widget.setProperty(_KEPT, name)


def focus_name(ancestor: QWidget) -> str:
    """The name of the control inside `ancestor` that has the focus, "unnamed" for another; "" if none has it."""
    widget = QApplication.focusWidget()
    if not isinstance(widget, QWidget) or not ancestor.isAncestorOf(widget):
        return ""
    return str(widget.property(_KEPT) or "unnamed")


def give_focus(ancestor: QWidget, name: str) -> bool:
    """Focus the control of that name; False if there is none any more."""
    for widget in ancestor.findChildren(QWidget):
        if name and widget.property(_KEPT) == name and widget.isEnabled() and _is_here(widget, ancestor):
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
    return False


def focus_first_control(ancestor: QWidget) -> None:
    """Focus the first control that Tab would reach."""
    for widget in ancestor.findChildren(QWidget):
        takes_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if takes_tab and widget.isEnabled() and _is_here(widget, ancestor):
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            return


def _is_here(widget: QWidget, ancestor: QWidget) -> bool:
    """Whether `widget` is no hidden one that waits to be deleted; a new one may not have been shown yet."""
    each: QWidget | None = widget
    while each is not None and each is not ancestor:
        if each.isHidden() and each.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            return False
        each = each.parentWidget()
    return True
