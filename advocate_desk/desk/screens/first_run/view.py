"""The guide that makes a desk on a computer that has none: five pages in the one window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from advocate_desk.clock import Clock
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.first_run.presenter import FirstRunPresenter
from advocate_desk.desk.screens.first_run.rail import RAIL_PX, StepRail
from advocate_desk.desk.screens.first_run.sheet_form import ChooseFile, PrintPdf, choose_file, print_with_dialog
from advocate_desk.desk.screens.first_run.steps import (
    AboutStep,
    PassphraseStep,
    ReadyStep,
    SheetStep,
    Step,
    WelcomeStep,
)
from advocate_desk.desk.screens.unlock.said import Said
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.vault.keyring import KeyringCheck, find_keyring
from advocate_desk.vault.passphrase import DEFAULT_COST, KdfCost

COLUMN_PX = 560


class FirstRunView(QWidget):
    """Makes the vault of `folder` with the user, and gives it opened. Nothing is written before the last page."""

    created = Signal(object, object)  # OpenVault, ProfileDetails; whoever takes the vault closes it
    backup_asked = Signal()
    next_asked = Signal()
    back_asked = Signal()

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        jobs: Jobs,
        *,
        cost: KdfCost = DEFAULT_COST,
        find_keyring: Callable[[], KeyringCheck] = find_keyring,
        choose: ChooseFile = choose_file,
        print_pdf: PrintPdf = print_with_dialog,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("first_run")
        self.setProperty("surface", "canvas")
        self.about_step = AboutStep()
        self.passphrase_step = PassphraseStep(jobs, self.about_step)
        self.sheet_step = SheetStep(jobs, clock, choose, print_pdf)
        self.welcome_step = WelcomeStep()
        self.welcome_step.backup_asked.connect(self.backup_asked)
        self.ready_step = ReadyStep()
        self.steps: tuple[Step, ...] = (
            self.welcome_step, self.about_step, self.passphrase_step, self.sheet_step, self.ready_step,
        )  # fmt: skip
        self._number = 0
        self._rail = StepRail([step.short for step in self.steps])
        self._count = text_label("", "overline")
        self._title = text_label("", "display", wrap=True)
        self._lead = text_label("", "muted", wrap=True)
        self._said = Said()
        self.back = button(self.tr("Back"), "quiet", icon="arrow-left", clicked=self.back_asked.emit)
        self.next = button("", "primary", clicked=self.next_asked.emit)
        self._scroll = QScrollArea()
        self._lay_out()
        for step in self.steps:
            step.entered.connect(self.next_asked)
            step.changed.connect(self._on_changed)
        self._presenter = FirstRunPresenter(self, folder, clock, jobs, cost, find_keyring)
        self._presenter.start()
        self.show_step(0)

    def _lay_out(self) -> None:
        column = QVBoxLayout()
        column.setSpacing(px(10))
        for part in (self._count, self._title, self._lead):
            column.addWidget(part)
        column.addSpacing(px(14))
        for step in self.steps:
            column.addWidget(step)
        column.addSpacing(px(6))
        column.addWidget(self._said)
        column.addStretch(1)
        inner = QWidget()
        inner.setMaximumWidth(px(COLUMN_PX))
        inner.setLayout(column)
        column.setContentsMargins(0, px(48), 0, px(24))
        ground = QWidget()
        ground.setProperty("surface", "canvas")
        across = QHBoxLayout(ground)
        across.setContentsMargins(px(40), 0, px(40), 0)
        across.addStretch(1)
        across.addWidget(inner, 100)
        across.addStretch(1)
        self._scroll.setWidget(ground)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._scroll, 1)
        right.addWidget(self._footer())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._rail)
        layout.addLayout(right, 1)

    def _footer(self) -> QFrame:
        footer = QFrame()
        footer.setProperty("box", "footer")
        across = QHBoxLayout(footer)
        across.setContentsMargins(px(40), px(14), px(40), px(14))
        inner = QHBoxLayout()
        inner.addWidget(self.back)
        inner.addStretch(1)
        inner.addWidget(self.next)
        holder = QWidget()
        holder.setMaximumWidth(px(COLUMN_PX))
        holder.setLayout(inner)
        inner.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(holder, 100)
        across.addStretch(1)
        return footer

    def _on_changed(self) -> None:
        self.say("")

    def step(self) -> Step:
        """The page that is shown."""
        return self.steps[self._number]

    def number(self) -> int:
        """Its number, from 0."""
        return self._number

    def show_step(self, number: int) -> None:
        """Turn to a page and put the cursor on it."""
        self._number = number
        step = self.step()
        for other in self.steps:
            other.setVisible(other is step)
        self._count.setText(self.tr("Step {0} of {1}").format(number + 1, len(self.steps)))
        self._title.setText(step.title)
        self._lead.setText(step.lead)
        self._rail.show_step(number)
        self.say("")
        self.back.setVisible(number > 0)
        self.show_busy(step.verb, is_busy=False)
        self._scroll.verticalScrollBar().setValue(0)
        self.next.setFocus()
        step.focus_first()

    def say(self, words: str) -> None:
        """Say what is not right on the page, or "" for nothing."""
        self._said.say(words)
        if words:
            QTimer.singleShot(0, self, self._show_said)  # once it has its place

    def _show_said(self) -> None:
        self._scroll.ensureWidgetVisible(self._said)

    def show_busy(self, verb: str, *, is_busy: bool) -> None:
        """What the button says, and whether anything can be pressed."""
        self.next.setText(verb)
        self.next.setAccessibleName(verb)
        for part in (self.next, self.back, self.step()):
            part.setEnabled(not is_busy)

    def forget(self) -> None:
        """Leave nothing typed on the pages."""
        self.passphrase_step.form.clear()
        self.sheet_step.form.forget()

    def discard(self) -> None:
        """Wipe keys that were made and not written: the window closes before the end."""
        self._presenter.discard()
        self.forget()

    def showEvent(self, event: QShowEvent) -> None:
        """The cursor is on the page at once."""
        super().showEvent(event)
        self.next.setFocus()
        self.step().focus_first()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever gives the guide the focus means what is to be done on its page."""
        super().focusInEvent(event)
        self.next.setFocus()
        self.step().focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The list of steps gives way where the text is large; "Step 2 of 5" says as much."""
        super().resizeEvent(event)
        self._rail.setVisible(self.width() >= px(RAIL_PX + COLUMN_PX) - px(60))
