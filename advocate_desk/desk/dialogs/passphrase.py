"""Changes how an open desk is opened: another passphrase, or another recovery sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from advocate_desk.clock import Clock
from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.desk.screens.first_run.sheet_form import (
    ChooseFile,
    PrintPdf,
    SheetForm,
    choose_file,
    print_with_dialog,
)
from advocate_desk.desk.screens.unlock.new_passphrase import NewPassphrase
from advocate_desk.desk.screens.unlock.said import Said
from advocate_desk.desk.screens.unlock.secret_field import SecretField
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.errors import DeskError
from advocate_desk.vault.change import NewRecovery, change_passphrase, replace_recovery
from advocate_desk.vault.keyring import KeyringCheck, find_keyring
from advocate_desk.vault.passphrase import DEFAULT_COST, KdfCost
from advocate_desk.vault.vault import OpenVault

WIDTH_PX = 520


class _VaultDialog(QDialog):
    """A title, a column, what is said about it, Cancel and one button that may be busy."""

    def __init__(self, title: str, lead: str, verb: str, busy_verb: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._verb, self._busy_verb, self._is_busy = verb, busy_verb, False
        self.said = Said()
        self.cancel = button(self.tr("Cancel"), clicked=self.reject)
        self.go = button(verb, "primary", clicked=self.go_on)
        body = QWidget()
        self.column = QVBoxLayout(body)
        self.column.setContentsMargins(px(28), px(24), px(28), px(12))
        self.column.setSpacing(px(12))
        self.column.addWidget(text_label(title, "title", wrap=True))
        self.column.addWidget(text_label(lead, "muted", wrap=True))
        scroll = QScrollArea()
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
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scroll, 1)
        layout.addLayout(said)
        layout.addLayout(row)

    def fit(self, height: int) -> None:
        """Take the size that the text needs, or what the screen has."""
        room = self.screen().availableSize()
        self.resize(min(px(WIDTH_PX), room.width() - 40), min(px(height), room.height() - 60))

    def go_on(self) -> None:
        """Do it, or say what is not right yet."""
        raise NotImplementedError

    def reject(self) -> None:
        """Close, unless the change is being written."""
        if not self._is_busy:
            self.let_go()
            super().reject()

    def let_go(self) -> None:
        """Forget what was typed or made."""

    def _follow(self, job: Job) -> None:
        self._set_busy(is_busy=True)
        job.done.connect(self._done)
        job.refused.connect(self._refused)
        job.broken.connect(self._broken)

    @Slot()
    def _done(self) -> None:
        self._set_busy(is_busy=False)
        self.let_go()
        self.accept()

    @Slot(object)
    def _refused(self, error: DeskError) -> None:
        self._set_busy(is_busy=False)
        self.said.say(error.advice)

    @Slot()
    def _broken(self) -> None:
        self._set_busy(is_busy=False)
        self.said.say(self.tr("Something went wrong in the program, and nothing was changed. Try once more."))

    def _set_busy(self, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self.go.setText(self._busy_verb if is_busy else self._verb)
        self.go.setAccessibleName(self.go.text())
        self.go.setEnabled(not is_busy)
        self.cancel.setEnabled(not is_busy)

    def _clear_said(self) -> None:
        self.said.say("")


class ChangePassphraseDialog(_VaultDialog):
    """Asks for the passphrase in force and for a new one. Accepted once the new one is in force."""

    def __init__(
        self,
        vault: OpenVault,
        clock: Clock,
        jobs: Jobs,
        *,
        personal: Sequence[str] = (),
        cost: KdfCost = DEFAULT_COST,
        find_keyring: Callable[[], KeyringCheck] = find_keyring,
        parent: QWidget | None = None,
    ) -> None:
        title = self.tr("Change the passphrase")
        lead = self.tr("The recovery sheet stays as it is. Nothing in the caseload has to be written again.")
        super().__init__(title, lead, self.tr("Change it"), self.tr("Changing it…"), parent)
        self._vault, self._clock, self._jobs, self._cost = vault, clock, jobs, cost
        self._personal, self._find_keyring = tuple(personal), find_keyring
        self._check: KeyringCheck | None = None
        self.present = SecretField(self.tr("Present passphrase"))
        self.form = NewPassphrase(jobs, lambda: self._personal)
        self.column.addWidget(self.present)
        self.column.addSpacing(px(6))
        self.column.addWidget(self.form)
        self.column.addStretch(1)
        self.present.entered.connect(self.form.setFocus)
        self.form.entered.connect(self.go_on)
        self.present.changed.connect(self._clear_said)
        self.form.changed.connect(self._clear_said)
        jobs.run(self, self._keyring).done.connect(self._keyring_found)
        self.fit(540)
        self.present.setFocus()

    @Slot()
    def go_on(self) -> None:
        """Change it, or say what is not right yet."""
        if self._is_busy:
            return
        if not self.present.text():
            self.said.say(self.tr("Type the present passphrase first."))
            self.present.setFocus()
            return
        problem = self.form.problem()
        self.said.say(problem)
        if problem:
            self.form.focus_problem()
            return
        typed, new = self.present.text(), self.form.passphrase()
        self._follow(self._jobs.run(self, lambda: self._change(typed, new)))

    def let_go(self) -> None:
        """Leave nothing typed."""
        self.present.clear()
        self.form.clear()

    def _keyring(self) -> KeyringCheck:
        if self._check is None:
            self._check = self._find_keyring()
        return self._check

    @Slot(object)
    def _keyring_found(self, check: KeyringCheck) -> None:
        self.form.set_keyring(check.keyring is not None)

    def _change(self, typed: str, new: str) -> None:
        change_passphrase(
            self._vault,
            typed,
            new,
            keyring=self._keyring().keyring,
            clock=self._clock,
            personal=self._personal,
            cost=self._cost,
        )


class NewSheetDialog(_VaultDialog):
    """Prints a new recovery sheet. Accepted once it was typed back; until then the old sheet stays in force."""

    def __init__(
        self,
        vault: OpenVault,
        clock: Clock,
        jobs: Jobs,
        *,
        choose: ChooseFile = choose_file,
        print_pdf: PrintPdf = print_with_dialog,
        parent: QWidget | None = None,
    ) -> None:
        title = self.tr("Make a new recovery sheet")
        lead = self.tr("The old sheet opens this desk until you have typed two groups of the new one. Then destroy it.")
        super().__init__(title, lead, self.tr("Put it in force"), self.tr("Writing…"), parent)
        self._jobs = jobs
        self._new: NewRecovery | None = replace_recovery(vault)
        self.form = SheetForm(jobs, clock, choose=choose, print_pdf=print_pdf)
        self.form.show_code(self._new.recovery_code, self._new.sheet_mark)
        self.form.entered.connect(self.go_on)
        self.form.changed.connect(self._clear_said)
        self.column.addSpacing(px(6))
        self.column.addWidget(self.form)
        self.column.addStretch(1)
        self.fit(620)
        self.form.print_button.setFocus()

    @Slot()
    def go_on(self) -> None:
        """Put it in force, or say what is still to be done."""
        if self._is_busy or self._new is None:
            return
        problem = self.form.problem()
        self.said.say(problem)
        if problem:
            self.form.focus_problem()
            return
        self._follow(self._jobs.run(self, self._new.finish))

    def let_go(self) -> None:
        """Wipe the code; the old sheet stays unless the new one was put in force."""
        self.form.forget()
        if self._new is not None:
            self._new.discard()
            self._new = None
