"""Decides what the backups page shows. All reading is done on the keeper's thread, which a lock cuts short."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from advocate_desk.casework.shelf import BackupLine, Look, Shelf
from advocate_desk.desk.backing_up import BackupKeeper
from advocate_desk.desk.dialogs.ask import choose_folder
from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.backups.view import BackupsPage
from advocate_desk.errors import Stopped
from advocate_desk.settings import BackupSettings
from advocate_desk.store.backup_files import CopyFile
from advocate_desk.store.backup_round import Round


class ShelfPresenter(QObject):
    """The list and the closer look, over an open or a locked desk. A child of its view: the two end together."""

    def __init__(self, view: BackupsPage, jobs: Jobs, shelf: Callable[[], Shelf]) -> None:
        super().__init__(view)
        self._page, self._jobs, self._shelf = view, jobs, shelf
        self._folder: Path | None = None
        self._looked = 0
        self._is_over = False
        view.chosen.connect(self._on_chosen)
        view.folder_asked.connect(self._on_folder_asked)
        view.own_asked.connect(self._on_own)
        view.remove_agreed.connect(self._on_remove)

    @Slot()
    def refresh(self) -> None:
        """Read the list again."""
        folder = self._folder
        job = self._jobs.run(self, lambda: self._shelf().lines(folder, self._is_stopping))
        job.done.connect(lambda lines: self._page.show_lines(lines, folder))
        job.refused.connect(self._page.banner.say_refused)
        job.broken.connect(self._page.banner.say_broken)

    def look_in(self, folder: Path | None) -> None:
        """Show the backups at and below `folder`, or this computer's own."""
        self._folder = folder
        self._page.banner.hide()
        self.refresh()

    def stop(self) -> None:
        """Give up what is being read."""
        self._is_over = True

    def _is_stopping(self) -> bool:
        return self._is_over or self._jobs.is_stopping

    @Slot(object)
    def _on_chosen(self, line: BackupLine) -> None:
        self._looked += 1
        number = self._looked
        job = self._jobs.run(self, lambda: self._look(line, number))
        job.done.connect(lambda look: self._page.show_look(line, look) if look is not None else None)
        job.refused.connect(self._page.banner.say_refused)
        job.broken.connect(self._page.banner.say_broken)

    def _look(self, line: BackupLine, number: int) -> Look | None:
        """On the thread; given up as soon as another backup is chosen."""
        try:
            return self._shelf().look(line.file, lambda: self._is_stopping() or number != self._looked)
        except Stopped:
            return None

    @Slot()
    def _on_folder_asked(self) -> None:
        choose_folder(self._page, self._page.tr("Where are the backups?"), self.look_in)

    @Slot()
    def _on_own(self) -> None:
        self.look_in(None)

    @Slot(object)
    def _on_remove(self, file: CopyFile) -> None:
        job = self._jobs.run(self, lambda: self._shelf().remove(file))
        job.done.connect(self.refresh)
        job.refused.connect(self._page.banner.say_refused)
        job.broken.connect(self._page.banner.say_broken)


class BackupsPresenter(QObject):
    """The page of an open desk: the list, and how copies are made."""

    settings_read = Signal(object)

    def __init__(self, view: BackupsPage, office: Office) -> None:
        super().__init__(view)
        self._page, self._office = view, office
        self._settings = BackupSettings()
        keeper = office.backups
        view.setEnabled(keeper is not None)
        if keeper is None:  # as in tests of other things: there is no vault to copy
            return
        self._keeper: BackupKeeper = keeper
        self.list = ShelfPresenter(view, keeper.jobs, lambda: keeper.shelf(keeper.settings()))
        view.now_asked.connect(self._on_now)
        view.second_asked.connect(self._on_second_asked)
        view.second_dropped.connect(lambda: self._use_second(None))
        view.every_chosen.connect(self._on_every)
        view.restore_agreed.connect(office.restore_asked)
        keeper.ended.connect(self._on_ended)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the list and the settings."""
        if self._office.backups is None:
            return
        self.list.refresh()
        self._keeper.jobs.run(self, self._keeper.settings).done.connect(self._on_settings)
        if self._keeper.last is not None:
            self._show_round(self._keeper.last)

    @Slot(object)
    def _on_settings(self, settings: BackupSettings) -> None:
        self._settings = settings
        self._page.show_settings(settings)

    @Slot()
    def _on_now(self) -> None:
        self._page.now.setEnabled(False)
        self._page.last.setText(self._page.tr("Copying and checking…"))
        self._follow(self._keeper.back_up_now())

    @Slot()
    def _on_second_asked(self) -> None:
        choose_folder(self._page, self._page.tr("A second folder for backups"), self._use_second)

    def _use_second(self, folder: Path | None) -> None:
        self._follow(self._keeper.use_second(folder)).done.connect(self.refresh)

    @Slot(int)
    def _on_every(self, hours: int) -> None:
        settings = BackupSettings(hours, self._settings.second_folder)
        self._settings = settings
        self._follow(self._keeper.jobs.run(self, lambda: self._keeper.keep_settings(settings)))

    def _follow(self, job: Job) -> Job:
        job.refused.connect(self._page.banner.say_refused)
        job.broken.connect(self._page.banner.say_broken)
        job.broken.connect(lambda: self._page.now.setEnabled(True))
        return job

    @Slot(object)
    def _on_ended(self, done: Round) -> None:
        self._page.now.setEnabled(True)
        self._show_round(done)
        if done.made is not None and self.list is not None:
            self.list.refresh()

    def _show_round(self, done: Round) -> None:
        trouble = " ".join(part for part in (done.trouble, done.trouble_away) if part)
        if trouble:
            self._page.banner.say(trouble, "warning")
        else:
            self._page.banner.hide()
