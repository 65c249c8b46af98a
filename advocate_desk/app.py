"""The composition root: builds the parts, joins them and starts the window.

The unlock page is painted with Qt and the theme alone; the vault, the desk and its store are imported behind it, while
the passphrase is typed. That is where a quick start comes from, and tests/unit/desk/test_start.py holds it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from advocate_desk import logs, paths, settings
from advocate_desk.clock import Clock, SystemClock
from advocate_desk.desk import qt_messages, theme
from advocate_desk.desk.first_paint import FirstPaint
from advocate_desk.desk.garbage import GuiCollector, collect_all, leave_out_what_is_there
from advocate_desk.desk.immortal import keep_true_alive
from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.desk.one_place import Claim, OnePlace
from advocate_desk.desk.screens.unlock.view import UnlockView
from advocate_desk.desk.window import MainWindow
from advocate_desk.settings import LockSettings
from advocate_desk.vault.folder import has_vault, is_removing, is_restoring

if TYPE_CHECKING:
    from advocate_desk.demonstration.team_process import TeamProcess
    from advocate_desk.desk.composition import OpenDesk
    from advocate_desk.desk.screens.first_run.details import ProfileDetails
    from advocate_desk.desk.screens.waiting import WaitingPage
    from advocate_desk.store.backup_files import CopyFile
    from advocate_desk.store.lease import Lease
    from advocate_desk.vault.new_key import NewKey
    from advocate_desk.vault.vault import OpenVault

log = logging.getLogger(__name__)


class Program(QObject):
    """Takes the window from locked to unlocked and back, and owns what is open in between."""

    def __init__(
        self,
        window: MainWindow,
        profile: Path,
        clock: Clock,
        is_demonstration: bool,
        place: OnePlace | None = None,
        role: str = "",
    ) -> None:
        super().__init__(window)
        self._window, self._profile, self._clock, self._place = window, profile, clock, place
        self._is_demonstration, self._role = is_demonstration, role
        self._team: TeamProcess | None = None  # runs beside the demonstration of a team
        self._jobs = Jobs("vault", self)
        self._open: OpenDesk | None = None
        self._was_opened = self._is_demonstration  # a demonstration is opened at once
        self._passed_by = False
        window.watch.passed_by.connect(self._on_passed_by)
        self._new_key: NewKey | None = None
        self._restoring: CopyFile | None = None
        self._is_removed = False
        self._notice = ""
        window.locked.connect(self._on_locked)
        window.closing.connect(self._on_closing)
        window.key_change_asked.connect(self._on_key_change)
        window.restore_asked.connect(self._on_restore)
        window.removed.connect(self._on_removed)
        if place is not None:
            place.raise_asked.connect(window.come_forward)

    def start(self) -> None:
        """Show the page that comes first, and warm the rest once it is seen: a thread beside it would hold it up."""
        if self._is_demonstration:
            page: QWidget = self._start_demonstration()
        else:
            page = self._show_first()
        FirstPaint(page).painted.connect(self._on_first_paint)

    @Slot()
    def _on_first_paint(self) -> None:
        keep_true_alive()
        if self._place is not None:
            self._place.listen()
        self._window.watch.listen()
        threading.Thread(target=self._warm, name="warm", daemon=True).start()

    def _warm(self) -> None:
        """Import and read what the desk needs. A failure shows when the desk is opened, in words."""
        from advocate_desk.vault import memory  # noqa: PLC0415 - behind the first page, before anything can be typed

        memory.refuse_dumps()
        try:
            from advocate_desk.desk import composition  # noqa: PLC0415

            composition.warm()
        except Exception:
            log.exception("warming failed")
        if not self._was_opened:
            leave_out_what_is_there()

    # --- the pages before the desk ---

    def _show_first(self) -> QWidget:
        """What a start without a desk in hand shows. Over what was decided before, nothing else may be opened."""
        if is_removing(self._profile):
            return self._show_removed()
        if is_restoring(self._profile):
            return self._finish_swap()
        return self._show_unlock() if has_vault(self._profile) else self._show_first_run()

    def _finish_swap(self) -> QWidget:
        """A restore was cut off after it had been decided: finish it, then go on."""
        page = self._show_waiting(self.tr("Putting the backup in place…"))

        def finish() -> None:
            from advocate_desk.casework.restoring import finish_restore  # noqa: PLC0415 - once in a long while

            finish_restore(self._profile)

        job = self._jobs.run(self, finish)
        job.done.connect(lambda _done: self._show_first())
        job.refused.connect(lambda error: page.say(error.advice, self.tr("Try again"), self._finish_swap))
        job.broken.connect(page.say_broken)
        return page

    def _show_removed(self) -> QWidget:
        """The organisation reported this desk lost: destroy what is left of it, and say so."""
        from advocate_desk.desk.team.removed_page import RemovedPage  # noqa: PLC0415 - once in a profile's life

        page = RemovedPage(self._profile, self._jobs)
        page.left.connect(self._show_first)
        page.close_asked.connect(self._window.close)
        self._window.show_page(page)
        return page

    def _show_open_backup(self) -> None:
        from advocate_desk.desk.screens.backups.from_lock import OpenBackupPage  # noqa: PLC0415 - once in a while

        page = OpenBackupPage(self._profile, self._clock, self._jobs)
        page.left.connect(self._show_first)
        page.opened.connect(lambda: self._window.watch.start(LockSettings()))
        page.ended.connect(self._window.watch.stop)
        page.restore_asked.connect(self._restore)
        self._window.watch.lock_asked.connect(page.leave)
        self._window.show_page(page)

    def _show_unlock(self) -> UnlockView:
        page = UnlockView(self._profile, self._clock, self._jobs)
        if self._is_demonstration:
            from advocate_desk.demonstration.profile import PASSPHRASE  # noqa: PLC0415 - only where it is wanted

            page.passphrase_page.show_hint(
                self.tr("This is the demonstration. Its passphrase is: {words}").format(words=PASSPHRASE)
            )
        if held := self._window.held_words():
            page.passphrase_page.show_hint(held, "warning")
        page.unlocked.connect(self._on_unlocked)
        page.backup_asked.connect(self._show_open_backup)
        self._window.show_page(page)
        return page

    def _show_first_run(self) -> QWidget:
        from advocate_desk.desk.screens.first_run.view import FirstRunView  # noqa: PLC0415 - once in a profile's life

        page = FirstRunView(self._profile, self._clock, self._jobs)
        page.created.connect(self._on_created)
        page.backup_asked.connect(self._show_open_backup)
        self._window.show_page(page)
        return page

    def _start_demonstration(self) -> QWidget:
        page = self._show_waiting(self.tr("Opening the demonstration…"))
        page.say_while_it_is_made(self.tr("Making the demonstration caseload…"))

        def make() -> OpenVault:
            if self._role:
                from advocate_desk.demonstration.team import open_team  # noqa: PLC0415

                return open_team(self._profile, self._clock, page.progressed.emit, self._keep_team)
            from advocate_desk.demonstration.profile import open_demonstration  # noqa: PLC0415

            return open_demonstration(self._profile, self._clock, page.progressed.emit)

        self._open_with(self._jobs.run(self, make), page)
        return page

    def _keep_team(self, team: TeamProcess) -> None:
        self._team = team

    def end_team(self) -> None:
        """End what runs beside the demonstration of a team. Safe to repeat."""
        if self._team is not None:
            self._team.end()

    def _show_waiting(self, words: str) -> WaitingPage:
        from advocate_desk.desk.screens.waiting import WaitingPage  # noqa: PLC0415 - no part of the first page

        page = WaitingPage(words)
        self._window.show_page(page)
        return page

    # --- opening ---

    @Slot(object)
    def _on_unlocked(self, vault: OpenVault) -> None:
        self._passed_by = False
        self._open_desk(vault, None)

    @Slot(object, object)
    def _on_created(self, vault: OpenVault, details: ProfileDetails) -> None:
        self._passed_by = False
        self._open_desk(vault, details)

    def _open_with(self, job: Job, page: WaitingPage) -> None:
        job.done.connect(self._on_unlocked)
        job.refused.connect(lambda error: page.say(error.advice))
        job.broken.connect(page.say_broken)

    def _open_desk(self, vault: OpenVault, details: ProfileDetails | None) -> None:
        self._was_opened = True
        page = self._show_waiting(self.tr("Opening your desk…"))

        def open_store() -> OpenDesk:
            from advocate_desk.desk.composition import open_desk  # noqa: PLC0415 - warm by now

            return open_desk(vault, self._clock, details)

        job = self._jobs.run(self, open_store)
        job.done.connect(self._on_opened)
        job.refused.connect(lambda error: self._on_not_opened(vault, page, error.advice))
        job.broken.connect(lambda: self._on_not_opened(vault, page, ""))

    def _on_not_opened(self, vault: OpenVault, page: WaitingPage, advice: str) -> None:
        """Wipe the key, and offer the way back; no `advice` where the failure is ours."""
        from advocate_desk.desk.messages import broken_words  # noqa: PLC0415 - no part of the first page

        vault.close()
        self._notice = ""
        page.say(advice or broken_words(), self.tr("Back to the passphrase"), self._show_first)

    @Slot()
    def _on_passed_by(self) -> None:
        """The computer slept, or locked its screen, while no desk was open."""
        self._passed_by = True

    @Slot(object)
    def _on_opened(self, opened: OpenDesk) -> None:
        if self._passed_by:  # nobody may find it open who wakes the computer up
            opened.close()
            self._show_first()
            return
        self._open = opened
        page = self._window.show_desk(lambda: opened.build(self._window), opened.lock_settings)
        for notice in opened.notices:
            page.office.messages.notice(notice, "warning")
        if self._notice:
            page.office.messages.notice(self._notice)
            self._notice = ""

    # --- closing ---

    @Slot(str)
    def _on_locked(self, reason: str) -> None:
        opened, self._open = self._open, None
        new, self._new_key = self._new_key, None
        restoring, self._restoring = self._restoring, None
        is_removed, self._is_removed = self._is_removed, False
        if opened is not None:
            opened.close(keeps_lease=new is not None, keeps_vault=restoring is not None)
        if is_removed:
            self._window.forget_held()
            self._show_first()
        elif new is not None:
            self._show_key_change(new, opened.lease if opened is not None else None)
        elif restoring is not None and opened is not None:
            self._restore(opened.vault, restoring)
        elif reason != "closing" and is_removing(self._profile):  # it was decided when the lock came
            self._show_removed()
        elif reason != "closing":
            self._show_unlock()
        QTimer.singleShot(0, self, collect_all)  # after Qt has deleted the desk

    @Slot()
    def _on_removed(self) -> None:
        """Close the desk as a lock does, and destroy it: that was decided on the disk before this is heard."""
        self._is_removed = True
        self._window.lock("removed")
        if self._is_removed:  # it was locked already
            self._is_removed = False
            self._show_first()

    @Slot(object)
    def _on_restore(self, chosen: CopyFile) -> None:
        """Close the desk as a lock does, and put a backup in its place."""
        self._restoring = chosen
        self._passed_by = False
        self._window.lock("restore")

    @Slot(object, object)
    def _restore(self, vault: OpenVault, chosen: CopyFile) -> None:
        page = self._show_waiting(self.tr("Putting the backup in place…"))

        def put_in_place() -> None:
            from advocate_desk.casework.restoring import restore  # noqa: PLC0415 - once in a while
            from advocate_desk.packs.packs import Packs  # noqa: PLC0415

            restore(self._profile, vault, chosen, self._clock, Packs(paths.resources()))
            vault.folder = self._profile

        job = self._jobs.run(self, put_in_place)
        job.done.connect(lambda _done: self._on_restored(vault))
        job.refused.connect(lambda error: self._on_not_opened(vault, page, error.advice))
        job.broken.connect(lambda: self._on_not_opened(vault, page, ""))

    def _on_restored(self, vault: OpenVault) -> None:
        self._notice = self.tr(
            "The backup is in place. The caseload before it was set aside: File, Restore from a backup, brings it back."
        )
        self._open_desk(vault, None)

    @Slot(object)
    def _on_key_change(self, new: NewKey) -> None:
        """Close the desk as a lock does, and encrypt it anew under the key that was made."""
        self._new_key = new
        self._window.lock("key")
        if self._new_key is not None:  # it was locked already: nobody takes the key
            self._new_key.wipe()
            self._new_key = None

    def _show_key_change(self, new: NewKey, lease: Lease | None) -> None:
        from advocate_desk.desk.screens.key_change import KeyChangePage  # noqa: PLC0415 - once in a while

        page = KeyChangePage(new, self._jobs)
        if lease is not None:  # nobody else opens the desk while its key is changed
            page.left.connect(lease.release)
        page.left.connect(self._show_unlock)
        self._window.show_page(page)

    @Slot()
    def _on_closing(self) -> None:
        self.end_team()
        self._jobs.close()
        QApplication.quit()


class Asked(NamedTuple):
    """What was asked on the command line. No `profile`: the usual one."""

    demo: bool = False
    profile: Path | None = None
    role: str = ""


def arguments(argv: Sequence[str]) -> Asked:
    """What was asked on the command line, which begins with the program's name."""
    if len(argv) <= 1:
        return Asked()
    import argparse  # noqa: PLC0415 - most starts ask for nothing

    parser = argparse.ArgumentParser(prog="advocate-desk", description="The caseload of a domestic abuse advocate.")
    parser.add_argument("--demo", action="store_true", help="open a demonstration caseload of invented people")
    parser.add_argument("--profile", type=Path, help="the folder of the vault, instead of the usual one")
    parser.add_argument(
        "--role", choices=("supervisor",), default="", help="with --demo: a supervisor’s desk, with a team and its hub"
    )
    found = parser.parse_args(argv[1:])
    if found.role and not found.demo:
        parser.error("--role goes with --demo")
    return Asked(found.demo, found.profile, found.role)


def say_silent() -> int:
    """Say that this desk is open and does not answer; gives the exit status of a start that came to nothing."""
    from PySide6.QtCore import QCoreApplication  # noqa: PLC0415 - once in a long while
    from PySide6.QtWidgets import QMessageBox  # noqa: PLC0415

    words = QCoreApplication.translate(
        "OnePlace",
        "Advocate Desk is open already, but it does not answer. Nothing was changed. Give it a minute, or end it in "
        "the list of running programs; what was typed is kept as a draft. Then start it again.",
    )
    log.error("another start holds this desk and does not answer")
    box = QMessageBox(QMessageBox.Icon.Warning, "Advocate Desk", words)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.exec()
    return 1


def main(argv: Sequence[str]) -> int:
    """Start the program; gives its exit status."""
    asked = arguments(argv)
    logs.start(None)
    qt_messages.take_over()
    application = theme.new_application(argv[0])
    GuiCollector(application)
    application.setApplicationName("Advocate Desk")
    application.setQuitOnLastWindowClosed(False)
    computer = settings.load_computer(paths.computer_settings())
    theme.apply(application, computer.theme, computer.text_percent, is_start=True)
    profile = asked.profile or (paths.demonstration_profile(asked.role) if asked.demo else paths.default_profile())
    place = OnePlace(profile, application)
    claim = place.claim()
    if claim is not Claim.FIRST:
        return 0 if claim is Claim.RAISED else say_silent()
    clock = SystemClock()
    window = MainWindow(clock, computer, paths.computer_settings())
    program = Program(window, profile, clock, asked.demo, place, asked.role)
    program.start()
    window.show()
    try:
        return application.exec()
    finally:
        program.end_team()
        place.release()
