"""Makes a new database key: the passphrase anew, then a new recovery sheet. The desk is encrypted anew after it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

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
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.vault.keyring import KeyringCheck, find_keyring
from advocate_desk.vault.new_key import NewKey, make_new_key
from advocate_desk.vault.passphrase import DEFAULT_COST, KdfCost
from advocate_desk.vault.vault import OpenVault


class HeldKey:
    """The key between the worker that makes it and the dialog, which may have ended meanwhile: then it is wiped."""

    def __init__(self) -> None:
        self._key: NewKey | None = None
        self._is_given_up = False
        self._lock = threading.Lock()

    @property
    def is_made(self) -> bool:
        """Whether there is one to take."""
        return self._key is not None

    def put(self, key: NewKey) -> NewKey:
        """From the worker: hold it, or wipe it where nobody wants it any more. Gives it back."""
        with self._lock:
            if self._is_given_up:
                key.wipe()
            else:
                self._key = key
        return key

    def take(self) -> NewKey:
        """The key, for whoever wipes it from now on."""
        with self._lock:
            key, self._key = self._key, None
        assert key is not None
        return key

    def give_up(self) -> None:
        """Wipe it, now or when it is made."""
        with self._lock:
            self._is_given_up = True
            if self._key is not None:
                self._key.wipe()
                self._key = None


class NewKeyDialog(VaultDialog):
    """Asks for both passphrases, then for a proven recovery sheet. `made` gives the key; whoever takes it wipes it."""

    made = Signal(object)  # NewKey, after the dialog has closed

    def __init__(
        self,
        vault: OpenVault,
        clock: Clock,
        jobs: Jobs,
        *,
        personal: Sequence[str] = (),
        cost: KdfCost = DEFAULT_COST,
        find_keyring: Callable[[], KeyringCheck] = find_keyring,
        choose: ChooseFile = choose_file,
        print_pdf: PrintPdf = print_with_dialog,
        parent: QWidget | None = None,
    ) -> None:
        title = self.tr("Change the database key")
        lead = self.tr(
            "Do this if a laptop or stick with a copy of this desk was out of your hands, or if somebody may know the "
            "passphrase or has seen the recovery sheet. Another passphrase alone does not help then: who has the old "
            "one and an old copy of the key file could still open this caseload."
        )
        super().__init__(title, lead, self.tr("Go on"), self.tr("Making the key…"), parent)
        self._vault, self._jobs, self._held = vault, jobs, HeldKey()
        self.secrets = TwoPassphrases(clock, jobs, personal, cost, find_keyring)
        self.sheet = SheetForm(jobs, clock, choose=choose, print_pdf=print_pdf)
        self._first, self._paper = self._lay_out_secrets(), self._lay_out_paper()
        self.column.addWidget(self._first)
        self.column.addWidget(self._paper)
        self.column.addStretch(1)
        self._paper.hide()
        for each in (self.secrets, self.sheet):
            each.entered.connect(self.go_on)
            each.changed.connect(self.clear_said)
        self.fit(680)
        self.secrets.setFocus()

    @Slot()
    def go_on(self) -> None:
        """Make the key, or hand it over, or say what is not right yet."""
        if self.is_busy:
            return
        if self._held.is_made:
            self._hand_over()
        else:
            self._make()

    def let_go(self) -> None:
        """Leave nothing typed and no key that was not handed over."""
        self.secrets.clear()
        self.sheet.forget()
        self._held.give_up()

    def keep(self) -> None:
        """The desk locks: nothing of this is kept, nor a key that is still being made."""
        self.let_go()

    @Slot(object)
    def job_done(self, result: object) -> None:
        """The key is made: its sheet comes next."""
        assert isinstance(result, NewKey)
        if not self._held.is_made:
            return  # given up while it was made, and wiped
        self.set_verbs(self.tr("Change the key now"), self.tr("Changing…"))
        for each in (self.lead, self._first):
            each.hide()
        self.sheet.show_code(result.recovery_code, result.sheet_mark)
        self._paper.show()
        self.sheet.print_button.setFocus()

    # --- the two pages ---

    def _lay_out_secrets(self) -> QWidget:
        page, column = _page()
        what = self.tr(
            "The caseload and its backups are written anew, which takes from seconds to minutes. You will have a new "
            "passphrase and a new recovery sheet; the old ones open nothing any more. Copies elsewhere, on sticks or "
            "in a second backup folder, still open with the old ones: destroy those."
        )
        column.addWidget(text_label(what, wrap=True))
        column.addSpacing(px(6))
        column.addWidget(self.secrets)
        return page

    def _lay_out_paper(self) -> QWidget:
        page, column = _page()
        what = self.tr(
            "Nothing has changed yet. The new recovery sheet comes into force together with the new passphrase, "
            "once the caseload is written anew."
        )
        column.addWidget(text_label(what, wrap=True))
        column.addSpacing(px(6))
        column.addWidget(self.sheet)
        return page

    # --- what is done ---

    def _make(self) -> None:
        problem = self.secrets.problem()
        self.said.say(problem)
        if problem:
            self.secrets.focus_problem()
            return
        make = self.secrets.act(make_new_key, self._vault)
        self.follow(self._jobs.run(self, lambda: self._held.put(make())))

    def _hand_over(self) -> None:
        problem = self.sheet.problem()
        self.said.say(problem)
        if problem:
            self.sheet.focus_problem()
            return
        new = self._held.take()
        self.let_go()
        self.accept()
        self.made.emit(new)


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(12))
    return page, column
