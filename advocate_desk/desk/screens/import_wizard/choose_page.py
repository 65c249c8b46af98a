"""First page: a file is chosen or dropped; the imports of before can be undone here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from advocate_desk.clock import in_london
from advocate_desk.desk import theme
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Card, clear_layout, scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import Badge, icon_label, rule, text_label
from advocate_desk.domain.days import long_day


@dataclass(frozen=True)
class BatchLine:
    """An import of before."""

    batch_id: UUID
    imported_at: datetime
    files: int
    is_undone: bool


class ChoosePage(QWidget):
    """Where a list comes in."""

    choose_asked = Signal()
    stop_asked = Signal()
    undo_asked = Signal(object)  # batch id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, px(16))
        column.setSpacing(px(16))
        column.addWidget(self._make_drop())
        column.addWidget(self._make_promises())
        self._before = Card(self.tr("Imports of before"), "history")
        column.addWidget(self._before)
        self._before.hide()
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(inner, 900))

    def _make_drop(self) -> QWidget:
        self.drop = Card()
        self.drop.setProperty("box", "inset")
        body = self.drop.body
        body.setContentsMargins(px(16), px(28), px(16), px(28))
        middle = Qt.AlignmentFlag.AlignHCenter
        body.addWidget(icon_label("import", 40, "accent"), 0, middle)
        title = text_label(self.tr("Bring in a list of referrals"), "title", wrap=True)
        text = text_label(
            self.tr("Drop a spreadsheet here, or choose one: CSV, Excel (XLSX, XLS) or OpenDocument (ODS)."),
            "muted",
            wrap=True,
        )
        for label in (title, text):
            label.setAlignment(middle)
            body.addWidget(label)
        body.addSpacing(px(8))
        self.choose = button(self.tr("Choose a file…"), "primary", "folder-open", self.choose_asked.emit)
        body.addWidget(self.choose, 0, middle)
        self._busy = QWidget()
        row = QHBoxLayout(self._busy)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedWidth(px(220))
        self._bar.setAccessibleName(self.tr("Reading the file"))
        row.addWidget(text_label(self.tr("Reading…")))
        row.addWidget(self._bar)
        row.addWidget(button(self.tr("Stop"), "", "x", self.stop_asked.emit))
        body.addWidget(self._busy, 0, middle)
        self._busy.hide()
        return self.drop

    def _make_promises(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(px(8), 0, px(8), 0)
        column.setSpacing(px(6))
        for icon, text in (
            (
                "shield-check",
                self.tr("Nothing is saved to your caseload before the last step, and then all of it or none."),
            ),
            ("undo-2", self.tr("A whole import can be undone as long as nobody has worked on its files.")),
            ("ban", self.tr("Formulas in the file never run. The desk does not remember the file’s name or place.")),
        ):
            row = QHBoxLayout()
            row.setSpacing(px(10))
            row.addWidget(icon_label(icon, 16, "ok"), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(text_label(text, "muted", wrap=True), 1)
            column.addLayout(row)
        return holder

    def show_busy(self, is_busy: bool) -> None:
        """While a file is being read."""
        self._busy.setVisible(is_busy)
        self.choose.setVisible(not is_busy)

    def show_drag(self, is_over: bool) -> None:
        """While a file is held over the page."""
        theme.set_role(self.drop, box="card" if is_over else "inset")

    def show_batches(self, batches: Sequence[BatchLine]) -> None:
        """The imports of before, newest first."""
        self._before.clear()
        clear_layout(self._before.body)
        self._before.setVisible(bool(batches))
        for place, batch in enumerate(batches):
            if place:
                self._before.body.addWidget(rule())
            self._before.body.addLayout(self._batch_row(batch))

    def _batch_row(self, batch: BatchLine) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(12))
        moment = in_london(batch.imported_at)
        when = f"{long_day(moment.date())}, {moment:%H:%M}"
        row.addWidget(text_label(when, "label"))
        files = self.tr("1 file opened") if batch.files == 1 else self.tr("{0} files opened").format(batch.files)
        row.addWidget(text_label(files, "muted"), 1)
        if batch.is_undone:
            row.addWidget(Badge(self.tr("Undone"), "plain", "undo-2"))
        else:
            undo = button(self.tr("Undo"), "quiet", "undo-2", lambda: self.undo_asked.emit(batch.batch_id))
            undo.setAccessibleName(self.tr("Undo the import of {0}").format(when))
            row.addWidget(undo)
        return row
