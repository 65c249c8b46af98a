"""The unlock screen: what stands in the window while the desk is locked. Nothing of any client is in it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from advocate_desk.clock import Clock
from advocate_desk.desk.first_paint import FirstPaint
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.unlock.frame import CentredCard
from advocate_desk.desk.screens.unlock.pages import Page, PassphrasePage
from advocate_desk.desk.screens.unlock.presenter import UnlockPresenter

if TYPE_CHECKING:  # the vault itself is imported by the presenter's worker, behind the painted page
    from advocate_desk.desk.screens.unlock.recovery_pages import NewPassphrasePage, RecoveryPage
    from advocate_desk.vault.keyring import KeyringCheck
    from advocate_desk.vault.passphrase import KdfCost

MINUTE_S = 60
_P = TypeVar("_P", bound=Page)


class UnlockView(QWidget):
    """Asks for the passphrase or the recovery code of the vault in `folder`, and gives the opened vault.

    `jobs` does the stretching and the keyring; it should be no other's, since both take their time. Without `cost` and
    `find_keyring` they are the vault's own.
    """

    backup_asked = Signal()
    unlocked = Signal(object)  # OpenVault; whoever takes it closes it

    def __init__(
        self,
        folder: Path,
        clock: Clock,
        jobs: Jobs,
        *,
        cost: KdfCost | None = None,
        find_keyring: Callable[[], KeyringCheck] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("unlock")
        self.setProperty("surface", "canvas")
        self._card = CentredCard()
        self._line = self._card.add_heading("")
        self._jobs = jobs
        self._pages: list[Page] = []
        self.passphrase_page = self._add(PassphrasePage())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._card)
        self.passphrase_page.recovery_asked.connect(self.show_recovery)
        self.passphrase_page.backup_asked.connect(self.backup_asked)
        self.show_passphrase()
        self._presenter = UnlockPresenter(self, folder, clock, jobs, cost, find_keyring)
        FirstPaint(self.passphrase_page).painted.connect(self._presenter.start)

    @cached_property
    def recovery_page(self) -> RecoveryPage:
        """The page that asks for the recovery code."""
        from advocate_desk.desk.screens.unlock.recovery_pages import RecoveryPage  # noqa: PLC0415 - seldom wanted

        page = self._add(RecoveryPage())
        page.passphrase_asked.connect(self.show_passphrase)
        self._presenter.serve_recovery(page)
        return page

    @cached_property
    def new_passphrase_page(self) -> NewPassphrasePage:
        """The page that offers a new passphrase after the recovery code."""
        from advocate_desk.desk.screens.unlock.recovery_pages import NewPassphrasePage  # noqa: PLC0415 - as above

        page = self._add(NewPassphrasePage(self._jobs))
        self._presenter.serve_new_passphrase(page)
        return page

    def show_passphrase(self) -> None:
        """Ask for the passphrase."""
        self._turn_to(self.passphrase_page, self.tr("Your desk is locked."))

    def show_recovery(self) -> None:
        """Ask for the recovery code."""
        self._turn_to(self.recovery_page, self.tr("Open your desk with the recovery sheet."))

    def show_new_passphrase(self, *, has_keyring: bool) -> None:
        """Offer a new passphrase after the recovery code."""
        self.recovery_page.set_busy(False)
        self.new_passphrase_page.form.set_keyring(has_keyring)
        self._turn_to(
            self.new_passphrase_page, self.tr("The code is right. Choose a new passphrase for this computer.")
        )

    def show_wait(self, wait_s: int, *, aloud: bool) -> None:
        """Say how many seconds are left before the next passphrase; 0: none."""
        if wait_s <= 0:
            self.passphrase_page.show_wait("", aloud=False)
            self.passphrase_page.said.say(self.tr("You can try again now."), "info", aloud=aloud)
            return
        words = self.tr(
            "There were several wrong passphrases. You can try again in {0}, or use the recovery code now. "
            "Nothing was changed."
        )
        self.passphrase_page.show_wait(words.format(self._duration(wait_s)), aloud=aloud)

    def show_fault(self) -> None:
        """Say that something of ours went wrong."""
        for page in self._pages:
            page.set_busy(False)
            if page.isVisibleTo(self):
                page.said.say(
                    self.tr(
                        "Something went wrong in the program, and nothing was changed. Close it and start it again."
                    )
                )

    def forget(self) -> None:
        """Leave nothing typed in the fields and no key untaken, and be ready for the next lock."""
        self._presenter.discard()
        for page in self._pages:
            page.set_busy(False)
            page.said.say("")
            page.clear()
        self.show_passphrase()

    def showEvent(self, event: QShowEvent) -> None:
        """The cursor is in the field at once."""
        super().showEvent(event)
        self._shown_page().setFocus()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever gives the page the focus means its field."""
        super().focusInEvent(event)
        self._shown_page().setFocus()

    def _add(self, page: _P) -> _P:
        page.hide()
        self._pages.append(page)
        self._card.inside.addWidget(page)
        return page

    def _turn_to(self, page: Page, line: str) -> None:
        for other in self._pages:
            other.setVisible(other is page)
        self._line.setText(line)
        page.setFocus()

    def _shown_page(self) -> Page:
        return next(page for page in self._pages if page.isVisibleTo(self))

    def _duration(self, seconds: int) -> str:
        minutes, rest = divmod(seconds, MINUTE_S)
        parts = []
        if minutes:
            parts.append(self.tr("1 minute") if minutes == 1 else self.tr("{0} minutes").format(minutes))
        if rest:
            parts.append(self.tr("1 second") if rest == 1 else self.tr("{0} seconds").format(rest))
        return " ".join(parts)
