"""The passphrase in force and a new one: what every act begins with that changes how an open desk is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from advocate_desk.clock import Clock
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.unlock.new_passphrase import NewPassphrase
from advocate_desk.desk.screens.unlock.secret_field import SecretField
from advocate_desk.desk.theme import px
from advocate_desk.vault.keyring import KeyringCheck
from advocate_desk.vault.passphrase import KdfCost
from advocate_desk.vault.vault import OpenVault

T = TypeVar("T")


class TwoPassphrases(QWidget):
    """Two fields and a meter. `problem` says in words what is not right yet; `act` is what the worker then does."""

    entered = Signal()
    changed = Signal()

    def __init__(
        self,
        clock: Clock,
        jobs: Jobs,
        personal: Sequence[str],
        cost: KdfCost,
        find_keyring: Callable[[], KeyringCheck],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock, self._cost, self._personal = clock, cost, tuple(personal)
        self._find_keyring = find_keyring
        self._check: KeyringCheck | None = None
        self.present = SecretField(self.tr("Present passphrase"))
        self.form = NewPassphrase(jobs, lambda: self._personal)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self.present)
        column.addSpacing(px(6))
        column.addWidget(self.form)
        self.present.entered.connect(self.form.setFocus)
        self.form.entered.connect(self.entered)
        self.present.changed.connect(self.changed)
        self.form.changed.connect(self.changed)
        self.setFocusProxy(self.present)
        jobs.run(self, self._keyring).done.connect(self._keyring_found)

    def problem(self) -> str:
        """What is still to be typed, in a sentence; "" where both can be tried."""
        if not self.present.text():
            return self.tr("Type the present passphrase first.")
        return self.form.problem()

    def focus_problem(self) -> None:
        """Put the cursor where something is to be done."""
        if self.present.text():
            self.form.focus_problem()
        else:
            self.present.setFocus()

    def clear(self) -> None:
        """Leave nothing typed."""
        self.present.clear()
        self.form.clear()

    def act(self, do: Callable[..., T], vault: OpenVault) -> Callable[[], T]:
        """`do(vault, present, new, …)` with what stands in the fields now, to be run by a worker."""
        typed, new = self.present.text(), self.form.passphrase()
        named: dict[str, Any] = {"clock": self._clock, "personal": self._personal, "cost": self._cost}
        return lambda: do(vault, typed, new, keyring=self._keyring().keyring, **named)

    def _keyring(self) -> KeyringCheck:
        """On the worker: it may have to wait for the system."""
        if self._check is None:
            self._check = self._find_keyring()
        return self._check

    @Slot(object)
    def _keyring_found(self, check: KeyringCheck) -> None:
        self.form.set_keyring(check.keyring is not None)
