"""Decides how the first-run guide goes on. Keys are made off the GUI thread, and nothing is written before the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from advocate_desk.clock import Clock
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.first_run.steps import PassphraseStep, ReadyStep, Step
from advocate_desk.errors import DeskError
from advocate_desk.vault.keyring import KeyringCheck
from advocate_desk.vault.passphrase import KdfCost
from advocate_desk.vault.set_up import NewVault, create_vault
from advocate_desk.vault.vault import OpenVault

if TYPE_CHECKING:
    from advocate_desk.desk.screens.first_run.view import FirstRunView


class FirstRunPresenter(QObject):
    """Leads from page to page. A child of its view: the two end together."""

    def __init__(
        self,
        view: FirstRunView,
        folder: Path,
        clock: Clock,
        jobs: Jobs,
        cost: KdfCost,
        find_keyring: Callable[[], KeyringCheck],
    ) -> None:
        super().__init__(view)
        self._view, self._folder, self._clock, self._jobs, self._cost = view, folder, clock, jobs, cost
        self._find_keyring = find_keyring
        self._check: KeyringCheck | None = None
        self._new: NewVault | None = None
        self._made_with = ""
        self._is_busy = False
        view.next_asked.connect(self.go_on)
        view.back_asked.connect(self.go_back)

    def start(self) -> None:
        """Look for a keyring while the first pages are read."""
        job = self._jobs.run(self, self._keyring)
        job.done.connect(self._view.passphrase_step.show_keyring)

    @Slot()
    def go_on(self) -> None:
        """The next page, unless something on this one is not right yet."""
        if self._is_busy:
            return
        step = self._view.step()
        problem = step.problem()
        self._view.say(problem)
        if problem:
            step.focus_problem()
        elif isinstance(step, PassphraseStep):
            self._make_keys(step)
        elif isinstance(step, ReadyStep):
            self._finish()
        else:
            self._view.show_step(self._view.number() + 1)

    @Slot()
    def go_back(self) -> None:
        """The page before. Keys that were made are kept as long as the passphrase stays."""
        if not self._is_busy:
            self._view.show_step(max(0, self._view.number() - 1))

    def discard(self) -> None:
        """Wipe keys that were made and not written."""
        if self._new is not None:
            self._new.discard()
            self._new = None

    def _make_keys(self, step: PassphraseStep) -> None:
        typed = step.form.passphrase()
        if self._new is not None and typed == self._made_with:
            self._view.show_step(self._view.number() + 1)
            return
        details = self._view.about_step.details()
        self._set_busy(step, is_busy=True)
        job = self._jobs.run(self, lambda: self._create(typed, (details.name, details.service_name)))
        job.done.connect(self._keys_made)
        job.refused.connect(self._refused)
        job.broken.connect(self._broken)

    def _finish(self) -> None:
        new = self._new
        if new is None:  # the keys were wiped: make them again
            self._view.show_step(self._view.steps.index(self._view.passphrase_step))
            return
        self._set_busy(self._view.step(), is_busy=True)
        job = self._jobs.run(self, new.finish)
        job.done.connect(self._finished)
        job.refused.connect(self._refused)
        job.broken.connect(self._broken)

    # --- on the worker ----------------------------------------------------------------------------------------------

    def _keyring(self) -> KeyringCheck:
        if self._check is None:
            self._check = self._find_keyring()
        return self._check

    def _create(self, typed: str, personal: tuple[str, ...]) -> tuple[str, NewVault]:
        keyring = self._keyring().keyring
        return typed, create_vault(
            self._folder, typed, keyring=keyring, clock=self._clock, personal=personal, cost=self._cost
        )

    # --- back on the GUI thread -------------------------------------------------------------------------------------

    @Slot(object)
    def _keys_made(self, answer: tuple[str, NewVault]) -> None:
        self.discard()
        self._made_with, self._new = answer
        self._view.sheet_step.form.show_code(self._new.recovery_code, self._new.sheet_mark)
        self._set_busy(self._view.step(), is_busy=False)
        self._view.show_step(self._view.number() + 1)

    @Slot(object)
    def _finished(self, vault: OpenVault) -> None:
        self._new, self._made_with = None, ""
        details = replace(self._view.about_step.details(), joins=self._view.ready_step.joins.isChecked())
        self._set_busy(self._view.step(), is_busy=False)
        self._view.forget()
        self._view.created.emit(vault, details)

    @Slot(object)
    def _refused(self, error: DeskError) -> None:
        self._set_busy(self._view.step(), is_busy=False)
        self._view.say(error.advice)
        self._view.step().focus_first()

    @Slot()
    def _broken(self) -> None:
        self._set_busy(self._view.step(), is_busy=False)
        self._view.say(self.tr("Something went wrong in the program, and nothing was written. Try once more."))

    def _set_busy(self, step: Step, *, is_busy: bool) -> None:
        self._is_busy = is_busy
        self._view.show_busy(step.busy_verb if is_busy else step.verb, is_busy=is_busy)
