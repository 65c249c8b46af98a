"""What the pages of the plan share: an action with its status, owner and day."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from advocate_desk.desk.screens.client_file.risk.focus import keep_focus_as
from advocate_desk.desk.screens.client_file.risk.parts import is_large
from advocate_desk.desk.screens.list_words import overdue_words, short_day
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import icon_button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, text_label
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.risk import ActionLine

OPEN = ("proposed", "agreed", "in_progress")


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlanParts", text)


class StatusPicker(QComboBox):
    """Where an action stands. The wheel scrolls the page and changes nothing."""

    picked = Signal(str)

    def __init__(self, packs: Packs, status: str, name: str) -> None:
        super().__init__()
        for option in packs.choices("action_status"):
            self.addItem(option.label, option.key)
        self.setCurrentIndex(max(self.findData(status), 0))
        self.setAccessibleName(name)
        self.setAccessibleDescription(name)  # Qt on Linux gives what is chosen for the name of a list
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedWidth(px(168))
        self.activated.connect(self._on_activated)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the page."""
        event.ignore()

    def _on_activated(self, index: int) -> None:
        self.picked.emit(str(self.itemData(index)))


def due_badge(line_due: date | None, status: str, today: date) -> Badge | None:
    """By when, in words; overdue only while it is still to do."""
    if line_due is None:
        return None
    if status in OPEN and line_due < today:
        return Badge(overdue_words(line_due, today), "danger", "clock-alert")
    words = _tr("By today") if line_due == today else _tr("By {day}").format(day=short_day(line_due, today))
    return Badge(words, "warning" if status in OPEN and line_due == today else "plain", "calendar")


class ActionRow(QWidget):
    """One action. With `can_change` its status can be picked, and it can be edited or taken out."""

    status_picked = Signal(object, str)  # action id, key
    edit_asked = Signal(object)
    remove_asked = Signal(object)

    def __init__(self, packs: Packs, line: ActionLine, today: date, *, can_change: bool = True) -> None:
        super().__init__()
        self._line = line
        side_by_side, below = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        row = QBoxLayout(below if is_large() else side_by_side, self)
        row.setContentsMargins(0, px(4), 0, px(4))
        row.setSpacing(px(12))
        words = QVBoxLayout()
        words.setSpacing(px(4))
        is_done = line.status not in OPEN
        text = text_label(line.text, "muted" if is_done else "strong", wrap=True)
        words.addWidget(text)
        words.addWidget(self._particulars(packs, line, today, with_status=not can_change))
        if line.reason:
            words.addWidget(text_label(_tr("Why: {reason}").format(reason=line.reason), "small", wrap=True))
        row.addLayout(words, 1)
        if can_change:
            controls = QHBoxLayout()
            controls.setSpacing(px(8))
            row.addLayout(controls)
            self._add_controls(controls, packs, line)

    def _particulars(self, packs: Packs, line: ActionLine, today: date, *, with_status: bool) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, px(6))
        if with_status:
            flow.addWidget(Badge(packs.label("action_status", line.status), "ok" if line.status == "done" else "plain"))
        if line.owner:
            flow.addWidget(Badge(packs.label("action_owner", line.owner), "plain", "user"))
        due = due_badge(line.due_on, "replaced" if with_status else line.status, today)
        if due is not None:
            flow.addWidget(due)
        if line.shared_with:
            flow.addWidget(text_label(_tr("Known to: {who}").format(who=line.shared_with), "small"))
        if not flow.count():
            holder.hide()
        return holder

    def _add_controls(self, row: QHBoxLayout, packs: Packs, line: ActionLine) -> None:
        short = line.text if len(line.text) <= 60 else line.text[:57] + "…"
        picker = StatusPicker(packs, line.status, _tr("Status of: {action}").format(action=short))
        picker.picked.connect(self._on_picked)
        edit = icon_button("pencil", _tr("Change: {action}").format(action=short), self._on_edit)
        remove = icon_button("trash-2", _tr("Take out: {action}").format(action=short), self._on_remove)
        edit.setToolTip(_tr("Change"))
        remove.setToolTip(_tr("Take out of the plan"))
        for widget, name in ((picker, "status"), (edit, "edit"), (remove, "remove")):
            keep_focus_as(widget, f"{line.action_id} {name}")
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)
        if is_large():
            row.addStretch(1)

    def _on_picked(self, status: str) -> None:
        if status != self._line.status:
            self.status_picked.emit(self._line.action_id, status)

    def _on_edit(self) -> None:
        self.edit_asked.emit(self._line.action_id)

    def _on_remove(self) -> None:
        self.remove_asked.emit(self._line.action_id)
