"""A backup is opened while the desk is locked, damaged, missing, or on a computer that has none.

First the folder, then the passphrase or the recovery code, then the list. Nothing is changed before one is restored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from advocate_desk.casework.restoring import way_in
from advocate_desk.casework.shelf import NO_BACKUPS, Shelf
from advocate_desk.clock import Clock
from advocate_desk.desk.dialogs.ask import choose_folder
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.backups.presenter import ShelfPresenter
from advocate_desk.desk.screens.backups.view import BackupsPage
from advocate_desk.desk.screens.backups.words import moment_words
from advocate_desk.desk.screens.unlock.frame import CentredCard
from advocate_desk.desk.screens.unlock.said import Said
from advocate_desk.desk.screens.unlock.view import UnlockView
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import clear_layout
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.errors import DeskError
from advocate_desk.store.backup_files import FOLDER_NAME, CopyFile, copies_in, sets_in
from advocate_desk.store.backup_round import Places
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.trouble import NOT_READ
from advocate_desk.vault.vault import OpenVault

if TYPE_CHECKING:
    from advocate_desk.vault.keyring import KeyringCheck
    from advocate_desk.vault.passphrase import KdfCost


@dataclass(frozen=True)
class FoundSet:
    """The backups under one key: where they lie, how many, and when the newest was made."""

    folder: Path
    count: int
    newest: datetime


class OpenBackupPage(QWidget):
    """The three steps. Whoever takes `restore_asked` takes the opened vault with it; otherwise it is closed here."""

    left = Signal()
    opened = Signal()  # the list is shown: from here on the page is locked as a desk is
    ended = Signal()  # and from here on no more
    restore_asked = Signal(object, object)  # OpenVault, CopyFile

    def __init__(
        self,
        profile: Path,
        clock: Clock,
        jobs: Jobs,
        *,
        cost: KdfCost | None = None,
        find_keyring: Callable[[], KeyringCheck] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("surface", "canvas")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._profile, self._clock, self._jobs = profile, clock, jobs
        self._cost, self._find_keyring = cost, find_keyring
        self._vault: OpenVault | None = None
        self._folder = profile
        self.unlock: UnlockView | None = None
        self.page: BackupsPage | None = None
        self._presenter: ShelfPresenter | None = None
        self._steps = QStackedWidget()
        self._steps.addWidget(self._first_step())
        self.back = button(self.tr("Back"), "quiet", icon="arrow-left", clicked=self.leave)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(12), px(8), 0, 0)
        layout.addWidget(self.back)
        layout.addWidget(self._steps, 1)
        self.look_in(None)

    def look_in(self, folder: Path | None) -> None:
        """Find backups at and below `folder`; None for the profile's own."""
        job = self._jobs.run(self, lambda: _sets(folder or self._profile / FOLDER_NAME))
        job.done.connect(lambda found: self._show_sets(found, folder))
        job.refused.connect(self._say_refused)
        job.broken.connect(self._say_broken)

    @Slot()
    def leave(self) -> None:
        """Forget all of it, and go back to where one came from."""
        if self.unlock is not None:
            self.unlock.forget()
        vault, self._vault = self._vault, None
        if vault is not None:
            self.ended.emit()
            if self._presenter is not None:
                self._presenter.stop()
            self._jobs.run_unowned(vault.close)  # behind what is being read: no key is wiped under a job
        self.left.emit()

    # --- the steps ---

    def _first_step(self) -> QWidget:
        card = CentredCard()
        card.add_heading(self.tr("Open a backup of your desk."))
        lead = self.tr("You need the passphrase on this computer, or the recovery sheet anywhere.")
        card.inside.addWidget(text_label(lead, "muted", wrap=True))
        self.found = QVBoxLayout()
        self.found.setSpacing(px(8))
        card.inside.addLayout(self.found)
        self.said = Said()
        card.inside.addWidget(self.said)
        self.other = button(self.tr("Look in another folder…"), icon="folder-open", clicked=self._ask_folder)
        card.inside.addWidget(self.other)
        return card

    def _show_sets(self, found: tuple[FoundSet, ...], folder: Path | None) -> None:
        clear_layout(self.found)
        self.said.say("")
        if not found and folder is None:
            words = self.tr(
                "There are no backups on this computer. Look on the stick or share that they were copied to."
            )
            self.said.say(words, "info")
        elif not found:
            self.said.say(NO_BACKUPS, "warning")
        for each in found:
            words = self.tr("1 backup, of {1}") if each.count == 1 else self.tr("{0} backups, the newest of {1}")
            words = words.format(each.count, moment_words(each.newest))
            self.found.addWidget(button(words, "primary", "history", partial(self._ask_key, each.folder)))
        first = self.found.itemAt(0)
        target = first.widget() if first is not None else None
        (target or self.other).setFocus()

    def _ask_folder(self) -> None:
        choose_folder(self, self.tr("Where are the backups?"), self.look_in)

    def _ask_key(self, folder: Path) -> None:
        self._folder = folder
        job = self._jobs.run(self, lambda: way_in(self._profile, folder))
        job.done.connect(self._show_unlock)
        job.refused.connect(self._say_refused)
        job.broken.connect(self._say_broken)

    @Slot(object)
    def _show_unlock(self, key_folder: Path) -> None:
        view = UnlockView(key_folder, self._clock, self._jobs, cost=self._cost, find_keyring=self._find_keyring)
        view.passphrase_page.backup.hide()
        view.passphrase_page.show_hint(self.tr("This opens the backup, to look at it. Nothing is changed by that."))
        view.unlocked.connect(self._show_list)
        self.unlock = view
        self._turn_to(view)

    @Slot(object)
    def _show_list(self, vault: OpenVault) -> None:
        self._vault = vault
        page = BackupsPage(is_open=False)
        shelf = Shelf(Places(self._profile, vault.key_id), vault.db_key)
        self._presenter = presenter = ShelfPresenter(page, self._jobs, lambda: shelf)
        page.restore_agreed.connect(self._on_restore)
        self.page, self.unlock = page, None
        self._turn_to(page)
        is_own = self._folder.is_relative_to(self._profile)
        presenter.look_in(None if is_own else self._folder)
        self.opened.emit()

    @Slot(object)
    def _on_restore(self, file: CopyFile) -> None:
        vault, self._vault = self._vault, None
        if vault is not None:
            self.ended.emit()
            self.restore_asked.emit(vault, file)

    # --- inside ---

    def _turn_to(self, widget: QWidget) -> None:
        before = self._steps.currentWidget()
        self._steps.addWidget(widget)
        self._steps.setCurrentWidget(widget)
        if before is not None:
            self._steps.removeWidget(before)
            before.deleteLater()
        widget.setFocus()

    def _say_refused(self, error: DeskError) -> None:
        self.said.say(error.advice, "warning")

    def _say_broken(self) -> None:
        self.said.say(
            self.tr("Something went wrong in the program, and nothing was changed. Close it and start it again.")
        )


def _sets(folder: Path) -> tuple[FoundSet, ...]:
    """On the thread. Raises Unavailable."""
    with disk_trouble_in_words(NOT_READ):
        listed = [(one, copies_in(one)) for one in sets_in(folder)]
    return tuple(FoundSet(one, len(found), found[0].copy.made_at) for one, found in listed if found)
