"""Decides what the unlock screen shows. The stretching of the passphrase runs off the GUI thread.

So does the import of the vault, which the first job does: the page is painted by then.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Slot

from advocate_desk.clock import Clock
from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.errors import DeskError, Invalid

if TYPE_CHECKING:
    from advocate_desk.desk.screens.unlock.recovery_pages import NewPassphrasePage, RecoveryPage
    from advocate_desk.desk.screens.unlock.view import UnlockView
    from advocate_desk.sync.share_codes import ShareCode
    from advocate_desk.vault.keyring import KeyringCheck
    from advocate_desk.vault.passphrase import KdfCost
    from advocate_desk.vault.vault import OpenVault


class UnlockPresenter(QObject):
    """Opens the vault of `folder` with what was typed. A child of its view: the two end together."""

    def __init__(
        self,
        view: UnlockView,
        folder: Path,
        clock: Clock,
        jobs: Jobs,
        cost: KdfCost | None,
        find_keyring: Callable[[], KeyringCheck] | None,
    ) -> None:
        super().__init__(view)
        self._view, self._folder, self._clock, self._jobs, self._cost = view, folder, clock, jobs, cost
        self._find_keyring = find_keyring
        self._found: KeyringCheck | None = None
        self._recovered: OpenVault | None = None
        self._shares: tuple[ShareCode, ...] = ()
        self._wait_s, self._waited = 0, QElapsedTimer()
        self._tick = QTimer(self, interval=250)
        self._tick.timeout.connect(self._count_down)
        view.passphrase_page.asked.connect(self.try_passphrase)

    @Slot()
    def start(self) -> None:
        """Look for the wait that earlier attempts left, and warm the keyring while the passphrase is typed."""
        self._ask_wait().refused.connect(self._show_refusal)
        self._jobs.run(self, self._keyring)

    def serve_recovery(self, page: RecoveryPage) -> None:
        """Answer the page that asks for the recovery code, and tell it which sheet is in force."""
        page.asked.connect(self.try_code)
        self._jobs.run(self, self._sheet).done.connect(page.show_sheet)

    def serve_new_passphrase(self, page: NewPassphrasePage) -> None:
        """Answer the page that offers a new passphrase."""
        page.asked.connect(self.set_new)
        page.kept.connect(self.keep_present)

    @Slot(str)
    def try_passphrase(self, typed: str) -> None:
        """Try to open by passphrase."""
        page = self._view.passphrase_page
        page.set_busy(True)
        job = self._jobs.run(self, lambda: self._open(typed))
        job.done.connect(self._opened)
        job.refused.connect(self._passphrase_refused)
        job.broken.connect(self._broken)

    @Slot(str)
    def try_code(self, typed: str) -> None:
        """Try to open by recovery code."""
        self._view.recovery_page.set_busy(True)
        job = self._jobs.run(self, lambda: self._open_by_code(typed))
        job.done.connect(self._recovered_by_code)
        job.refused.connect(self._code_refused)
        job.broken.connect(self._broken)

    @Slot(str)
    def set_new(self, typed: str) -> None:
        """Give the desk that the code opened a new passphrase."""
        vault = self._recovered
        if vault is None:
            return
        self._view.new_passphrase_page.set_busy(True)
        job = self._jobs.run(self, lambda: self._set(vault, typed))
        job.done.connect(self._opened)
        job.refused.connect(self._new_refused)
        job.broken.connect(self._broken)

    @Slot()
    def keep_present(self) -> None:
        """Open with the code alone."""
        if self._recovered is not None:
            self._opened(self._recovered)

    def discard(self) -> None:
        """Wipe the keys of a desk that the code opened and nobody took."""
        self._shares = ()
        if self._recovered is not None:
            self._recovered.close()
            self._recovered = None

    # --- on the worker ----------------------------------------------------------------------------------------------

    def _keyring(self) -> KeyringCheck:
        from advocate_desk.vault.keyring import find_keyring  # noqa: PLC0415 - here and below: see above

        if self._found is None or self._found.keyring is None:  # it may have been started since
            self._found = (self._find_keyring or find_keyring)()
        return self._found

    def _wait_s_left(self) -> int:
        from advocate_desk.vault.vault import wait_before_next_attempt_s  # noqa: PLC0415

        return wait_before_next_attempt_s(self._folder, self._clock)

    def _sheet(self) -> str:
        from advocate_desk.vault.vault import sheet_in_force  # noqa: PLC0415

        return sheet_in_force(self._folder)

    def _open(self, typed: str) -> OpenVault:
        from advocate_desk.vault.passphrase import DEFAULT_COST  # noqa: PLC0415
        from advocate_desk.vault.vault import open_vault  # noqa: PLC0415

        keyring, cost = self._keyring().keyring, self._cost or DEFAULT_COST
        return open_vault(self._folder, typed, keyring=keyring, clock=self._clock, cost=cost)

    def _open_by_code(self, typed: str) -> tuple[OpenVault, bool] | tuple[ShareCode, ...]:
        from advocate_desk.vault.recovery import GROUP_CHARACTERS, GROUPS, RecoveryCode, plain_group  # noqa: PLC0415
        from advocate_desk.vault.vault import open_with_recovery  # noqa: PLC0415

        if len(plain_group(typed)) > GROUPS * GROUP_CHARACTERS:
            return self._open_by_shares(typed)
        code = RecoveryCode.parse(typed)
        try:
            return open_with_recovery(self._folder, code, clock=self._clock), self._keyring().keyring is not None
        finally:
            code.wipe()

    def _open_by_shares(self, typed: str) -> tuple[OpenVault, bool] | tuple[ShareCode, ...]:
        """The opened vault, or the sheets so far where they are too few."""
        from advocate_desk.sync import enrol, share_codes  # noqa: PLC0415
        from advocate_desk.vault.vault import TooFewSheets, open_with_organisation  # noqa: PLC0415

        held = share_codes.add(self._shares, typed)
        with share_codes.joined(held) as secret, enrol.recovery_key(secret) as key:
            try:
                return open_with_organisation(self._folder, key, clock=self._clock), self._keyring().keyring is not None
            except TooFewSheets:
                return held

    def _set(self, vault: OpenVault, typed: str) -> OpenVault:
        from advocate_desk.vault.change import set_passphrase  # noqa: PLC0415
        from advocate_desk.vault.passphrase import DEFAULT_COST  # noqa: PLC0415

        set_passphrase(vault, typed, keyring=self._keyring().keyring, cost=self._cost or DEFAULT_COST)
        return vault

    # --- back on the GUI thread -------------------------------------------------------------------------------------

    @Slot(object)
    def _opened(self, vault: OpenVault) -> None:
        self._recovered = None
        self._tick.stop()
        self._view.forget()
        self._view.unlocked.emit(vault)

    @Slot(object)
    def _recovered_by_code(self, answer: tuple[OpenVault, bool] | tuple[ShareCode, ...]) -> None:
        if not isinstance(answer[-1], bool):
            self._shares = answer
            self._view.recovery_page.show_shares(len(answer))
            return
        self._shares = ()
        self._recovered, has_keyring = answer
        self._view.show_new_passphrase(has_keyring=has_keyring)

    @Slot(object)
    def _passphrase_refused(self, error: DeskError) -> None:
        from advocate_desk.vault.throttle import TooSoon  # noqa: PLC0415

        page = self._view.passphrase_page
        page.set_busy(False)
        if isinstance(error, TooSoon):
            self._wait(error.wait_s)
            return
        page.said.say(error.advice)
        page.field.edit.selectAll()
        page.field.setFocus()
        self._ask_wait()

    @Slot(object)
    def _code_refused(self, error: DeskError) -> None:
        page = self._view.recovery_page
        page.set_busy(False)
        page.said.say(error.advice, "warning" if isinstance(error, Invalid) else "danger")
        page.setFocus()

    @Slot(object)
    def _new_refused(self, error: DeskError) -> None:
        page = self._view.new_passphrase_page
        page.set_busy(False)
        page.said.say(error.advice)
        page.setFocus()

    @Slot(object)
    def _show_refusal(self, error: DeskError) -> None:
        self._view.passphrase_page.said.say(error.advice)

    @Slot()
    def _broken(self) -> None:
        self._view.show_fault()

    def _ask_wait(self) -> Job:
        job = self._jobs.run(self, self._wait_s_left)
        job.done.connect(self._wait)
        return job

    @Slot(object)
    def _wait(self, wait_s: int) -> None:
        if wait_s > 0:
            self._wait_s = wait_s
            self._waited.start()
            self._tick.start()
            self._view.show_wait(wait_s, aloud=True)

    @Slot()
    def _count_down(self) -> None:
        left_s = self._wait_s - self._waited.elapsed() // 1000
        if left_s > 0:
            self._view.show_wait(left_s, aloud=False)
        else:
            self._tick.stop()
            self._view.show_wait(0, aloud=True)
