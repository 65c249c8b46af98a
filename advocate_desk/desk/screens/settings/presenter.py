"""Decides what the settings show, and hands each choice to where it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Slot
from PySide6.QtWidgets import QWidget

from advocate_desk.casework import settings as kept
from advocate_desk.casework.key_file import note_key_file
from advocate_desk.casework.work import Done, Work
from advocate_desk.desk.dialogs.new_key import NewKeyDialog
from advocate_desk.desk.dialogs.passphrase import ChangePassphraseDialog, NewSheetDialog
from advocate_desk.desk.forms.logo import choose_logo, kept_logo, remove_logo
from advocate_desk.desk.jobs import Job
from advocate_desk.desk.office import Office
from advocate_desk.settings import (
    LETTERHEAD_KEY,
    LOCK_KEY,
    WORKER_KEY,
    ComputerSettings,
    Letterhead,
    LockSettings,
    WorkerDetails,
    from_json,
    to_json,
)

if TYPE_CHECKING:
    from advocate_desk.desk.screens.settings.view import SettingsScreen

Facts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Shown:
    """What the page shows of the settings in the caseload."""

    lock: LockSettings
    service: Facts
    worker: Facts
    logo: bytes  # a PNG; b"" for none


class SettingsPresenter(QObject):
    """Reads and keeps settings. A child of its view: the two end together."""

    def __init__(self, view: SettingsScreen, office: Office) -> None:
        super().__init__(view)
        self._view, self._office = view, office
        view.computer_chosen.connect(self._on_computer)
        view.lock_chosen.connect(self._on_lock)
        view.logo.chosen.connect(self._on_logo)
        view.logo.removed.connect(self._on_no_logo)
        view.passphrase_asked.connect(self._on_passphrase)
        view.sheet_asked.connect(self._on_sheet)
        view.key_asked.connect(self._on_key)
        office.changed.connect(self._on_changed)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read what is kept."""
        job = self._office.do(self, self._read)
        job.done.connect(self._view.show_settings)
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    def _read(self, work: Work) -> Shown:
        """On the store's thread."""
        service = from_json(Letterhead, kept.get(work, LETTERHEAD_KEY))
        worker = from_json(WorkerDetails, kept.get(work, WORKER_KEY))
        logo = kept_logo(work)
        return Shown(
            from_json(LockSettings, kept.get(work, LOCK_KEY)),
            (
                (self.tr("Name"), service.service_name),
                (self.tr("Address"), service.address),
                (self.tr("Telephone"), service.phone),
                (self.tr("Email"), service.email),
            ),
            (
                (self.tr("Name"), worker.name),
                (self.tr("Job title"), worker.job_title),
                (self.tr("Telephone"), worker.phone),
                (self.tr("Email"), worker.email),
            ),
            logo.png if logo else b"",
        )

    @Slot(object)
    def _on_changed(self, done: Done) -> None:
        if "setting" in done.kinds:
            self.refresh()

    @Slot(object)
    def _on_computer(self, computer: ComputerSettings) -> None:
        self._office.computer_asked.emit(computer)

    @Slot(object)
    def _on_lock(self, lock: LockSettings) -> None:
        self._office.lock_settings_asked.emit(lock)
        job = self._office.do(self, kept.put, LOCK_KEY, to_json(lock))
        job.refused.connect(self._view.banner.say_refused)
        job.broken.connect(self._view.banner.say_broken)

    @Slot(object)
    def _on_logo(self, path: Path) -> None:
        self._follow(self._office.do(self, choose_logo, path))

    @Slot()
    def _on_no_logo(self) -> None:
        self._follow(self._office.do(self, remove_logo))

    def _follow(self, job: Job) -> None:
        self._view.banner.hide()
        job.refused.connect(self._view.banner.say_refused)
        job.refused.connect(self._view.show_top)
        job.broken.connect(self._view.banner.say_broken)

    @Slot()
    def _on_passphrase(self) -> None:
        ask_for_passphrase(self._office, self._view)

    @Slot()
    def _on_sheet(self) -> None:
        make_new_sheet(self._office, self._view)

    @Slot()
    def _on_key(self) -> None:
        vault = self._office.vault
        if vault is None:
            return
        dialog = NewKeyDialog(vault, self._office.clock, self._office.vault_jobs, parent=self._view.window())
        dialog.made.connect(self._office.key_change_asked)
        dialog.open()


def offer_new_sheet(office: Office) -> None:
    """Offer a new recovery sheet to whoever came in by the organisation's sheets: her own is lost, as it seems."""
    lead = QCoreApplication.translate(
        "Settings",
        "Holders of the organisation’s sheets opened this desk. If you have lost your own recovery sheet, make a new "
        "one now; if you still have it, cancel: it stays in force. Settings makes one at any time.",
    )
    make_new_sheet(office, lead=lead)


def make_new_sheet(office: Office, over: QWidget | None = None, lead: str = "") -> None:
    """Let a new recovery sheet be made, over `over` or whatever page is shown. Nothing where the desk has no vault."""
    page = over or office.parent()
    if office.vault is None or not isinstance(page, QWidget):
        return
    dialog = NewSheetDialog(office.vault, office.clock, office.vault_jobs, lead=lead, parent=page.window())
    dialog.accepted.connect(lambda: _on_sheet_made(office))
    dialog.open()


def _on_sheet_made(office: Office) -> None:
    _follow_key_file(office)
    words = QCoreApplication.translate("Settings", "The new recovery sheet is in force. Destroy the old one.")
    office.messages.notice(words)


def ask_for_passphrase(office: Office, over: QWidget | None = None) -> None:
    """Let the passphrase be changed, over `over` or whatever page is shown. Nothing where the desk has no vault."""
    page = over or office.parent()
    if office.vault is None or not isinstance(page, QWidget):
        return
    dialog = ChangePassphraseDialog(office.vault, office.clock, office.vault_jobs, parent=page.window())
    dialog.accepted.connect(lambda: _on_passphrase_changed(office))
    dialog.open()


def _on_passphrase_changed(office: Office) -> None:
    _follow_key_file(office)
    office.messages.notice(QCoreApplication.translate("Settings", "The new passphrase is in force."))


def _follow_key_file(office: Office) -> None:
    """Have the store remember the key file as it is now, and the backups open as the desk does."""
    if office.vault is not None:
        office.do(office, note_key_file, office.vault)
    if office.backups is not None:
        office.backups.keep_in_step()
