"""What the dialogs that change how a desk is opened have in common."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from advocate_desk.desk.jobs import Job
from advocate_desk.desk.screens.unlock.said import Said
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Flowing
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.errors import DeskError

WIDTH_PX = 520
LEAST_PX = 260


class _Area(QScrollArea):
    """Keeps the line in which somebody types in sight, where what is said below takes room."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """It has less room, or more."""
        super().resizeEvent(event)
        now = QApplication.focusWidget()
        if now is not None and self.isAncestorOf(now):
            self.ensureWidgetVisible(now, 0, px(28))


class VaultDialog(QDialog):
    """A title, a column, what is said about it, Cancel and one button that may be busy."""

    def __init__(self, title: str, lead: str, verb: str, busy_verb: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._verb, self._busy_verb, self.is_busy = verb, busy_verb, False
        self.said = Said()
        self.cancel = button(self.tr("Cancel"), clicked=self.reject)
        self.go = button(verb, "primary", clicked=self.go_on)
        body = Flowing()
        self.column = QVBoxLayout(body)
        self.column.setContentsMargins(px(28), px(24), px(28), px(12))
        self.column.setSpacing(px(12))
        self.column.addWidget(text_label(title, "title", wrap=True))
        self.lead = text_label(lead, "muted", wrap=True)
        self.column.addWidget(self.lead)
        scroll = _Area()
        scroll.setWidget(body)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        said = QHBoxLayout()
        said.setContentsMargins(px(28), 0, px(28), 0)
        said.addWidget(self.said)
        row = QHBoxLayout()
        row.setContentsMargins(px(28), px(8), px(28), px(20))
        row.setSpacing(px(10))
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.go)
        self._scroll, self._outside = scroll, QVBoxLayout(self)
        layout = self._outside
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addLayout(said)
        layout.addLayout(row)

    def fit(self, height: int) -> None:
        """Take the size that the text needs, or what the screen has."""
        room = self.screen().availableSize()
        self.resize(min(px(WIDTH_PX), room.width() - 40), min(px(height), room.height() - 60))

    def fit_text(self) -> None:
        """Be as high as what stands in it needs, or as the screen lets it; never lower than it is already."""
        room = self.screen().availableSize()
        width = min(px(WIDTH_PX), room.width() - 40)
        for each in reversed(self._scroll.findChildren(QLayout)):  # from inside out: words have changed, or the look
            each.activate()
        whole = max(self._outside.sizeHint().height(), self._outside.heightForWidth(width))
        around = whole - self._scroll.sizeHint().height()
        wanted = max(px(LEAST_PX), self.column.heightForWidth(width) + around)
        before = self.height() if self.isVisible() else 0
        self.resize(width, max(before, min(wanted, room.height() - 60)))

    def go_on(self) -> None:
        """Do it, or say what is not right yet."""
        raise NotImplementedError

    def reject(self) -> None:
        """Close, unless the change is being written."""
        if not self.is_busy:
            self.let_go()
            super().reject()

    def let_go(self) -> None:
        """Forget what was typed or made."""

    def follow(self, job: Job) -> None:
        """Be busy until `job` has ended, and show how."""
        self.set_busy(is_busy=True)
        job.done.connect(self.job_done)
        job.refused.connect(self._refused)
        job.broken.connect(self._broken)

    @Slot(object)
    def job_done(self, _result: object) -> None:
        """What was asked is done: nothing else is left to do."""
        self.set_busy(is_busy=False)
        self.let_go()
        self.accept()

    @Slot(object)
    def _refused(self, error: DeskError) -> None:
        self.set_busy(is_busy=False)
        self.said.say(error.advice)

    @Slot()
    def _broken(self) -> None:
        self.set_busy(is_busy=False)
        self.said.say(self.tr("Something went wrong in the program, and nothing was changed. Try once more."))

    def set_verbs(self, verb: str, busy_verb: str) -> None:
        """What the button does next, and what it says meanwhile."""
        self._verb, self._busy_verb = verb, busy_verb
        self.set_busy(is_busy=False)

    def set_busy(self, *, is_busy: bool) -> None:
        """Say that it is being done, and take nothing else meanwhile."""
        self.is_busy = is_busy
        self.go.setText(self._busy_verb if is_busy else self._verb)
        self.go.setAccessibleName(self.go.text())
        self.go.setEnabled(not is_busy)
        self.cancel.setEnabled(not is_busy)

    def clear_said(self) -> None:
        """Something is being mended: what was said about it is over."""
        self.said.say("")
