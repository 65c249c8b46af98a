"""Changes how an open desk is opened: another passphrase, or another recovery sheet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from advocate_desk.clock import Clock
from advocate_desk.desk.dialogs.two_passphrases import TwoPassphrases
from advocate_desk.desk.dialogs.vault_dialog import VaultDialog
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.first_run.sheet_form import (
    ChooseFile,
    PrintPdf,
    SheetForm,
    choose_file,
    print_with_dialog,
)
from advocate_desk.desk.theme import px
from advocate_desk.vault.change import NewRecovery, change_passphrase, replace_recovery
from advocate_desk.vault.keyring import KeyringCheck, find_keyring
from advocate_desk.vault.passphrase import DEFAULT_COST, KdfCost
from advocate_desk.vault.vault import OpenVault


class ChangePassphraseDialog(VaultDialog):
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
        self._vault, self._jobs = vault, jobs
        self.secrets = TwoPassphrases(clock, jobs, personal, cost, find_keyring)
        self.column.addWidget(self.secrets)
        self.column.addStretch(1)
        self.secrets.entered.connect(self.go_on)
        self.secrets.changed.connect(self.clear_said)
        self.fit(540)
        self.secrets.setFocus()

    @Slot()
    def go_on(self) -> None:
        """Change it, or say what is not right yet."""
        if self.is_busy:
            return
        problem = self.secrets.problem()
        self.said.say(problem)
        if problem:
            self.secrets.focus_problem()
        else:
            self.follow(self._jobs.run(self, self.secrets.act(change_passphrase, self._vault)))

    def let_go(self) -> None:
        """Leave nothing typed."""
        self.secrets.clear()


class NewSheetDialog(VaultDialog):
    """Prints a new recovery sheet. Accepted once it was typed back; until then the old sheet stays in force."""

    def __init__(
        self,
        vault: OpenVault,
        clock: Clock,
        jobs: Jobs,
        *,
        lead: str = "",
        choose: ChooseFile = choose_file,
        print_pdf: PrintPdf = print_with_dialog,
        parent: QWidget | None = None,
    ) -> None:
        title = self.tr("Make a new recovery sheet")
        usual = self.tr(
            "The old sheet opens this desk until you have typed two groups of the new one. Then destroy it."
        )
        super().__init__(title, lead or usual, self.tr("Put it in force"), self.tr("Writing…"), parent)
        self._jobs = jobs
        self._new: NewRecovery | None = replace_recovery(vault)
        self.form = SheetForm(jobs, clock, choose=choose, print_pdf=print_pdf)
        self.form.show_code(self._new.recovery_code, self._new.sheet_mark)
        self.form.entered.connect(self.go_on)
        self.form.changed.connect(self.clear_said)
        self.column.addSpacing(px(6))
        self.column.addWidget(self.form)
        self.column.addStretch(1)
        self.fit(620)
        self.form.print_button.setFocus()

    @Slot()
    def go_on(self) -> None:
        """Put it in force, or say what is still to be done."""
        if self.is_busy or self._new is None:
            return
        problem = self.form.problem()
        self.said.say(problem)
        if problem:
            self.form.focus_problem()
            return
        self.follow(self._jobs.run(self, self._new.finish))

    def let_go(self) -> None:
        """Wipe the code; the old sheet stays unless the new one was put in force."""
        self.form.forget()
        if self._new is not None:
            self._new.discard()
            self._new = None
