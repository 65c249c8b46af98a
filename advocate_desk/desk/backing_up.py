"""Backs up by itself while the desk is open, on a thread of its own, and says quietly where something is amiss."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal, Slot

from advocate_desk.casework import settings as kept
from advocate_desk.casework.backups import highest_restored, record_put_away
from advocate_desk.casework.shelf import Shelf
from advocate_desk.casework.work import Work
from advocate_desk.desk.jobs import Job, Jobs
from advocate_desk.desk.office import Office
from advocate_desk.domain.backups import Why
from advocate_desk.errors import DeskError, Stopped
from advocate_desk.settings import BACKUP_KEY, BackupSettings, from_json, to_json
from advocate_desk.store.backup_round import (
    Places,
    Round,
    choose_second,
    is_round_due,
    keep_key_file,
    mirror,
    run_round,
    sweep,
)
from advocate_desk.store.swap import drop_stage
from advocate_desk.vault.vault import OpenVault

FIRST_LOOK_MS = 15_000
"""After an unlock: the desk is on the screen by then, and whoever opened it has begun."""
LOOK_EVERY_MS = 5 * 60_000


class BackupKeeper(QObject):
    """Makes the copies of one open desk. Ends with it: `close` cuts off a copy in hand, of which nothing is left."""

    ended = Signal(object)  # Round: a copy was made, or could not be

    def __init__(self, work: Work, vault: OpenVault, office: Office) -> None:
        super().__init__(office)
        self._work, self._vault, self._store_jobs = work, vault, office.jobs
        self._told: set[str] = set()
        self.jobs = Jobs("backup", self)
        self.last: Round | None = None
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._first = QTimer(self, singleShot=True, interval=FIRST_LOOK_MS)
        self._first.timeout.connect(self.look)

    def start(self) -> None:
        """Look soon, and then every few minutes."""
        self.jobs.run_unowned(self._sweep)
        self._first.start()
        self._timer.start()

    def close(self) -> None:
        """Stop. Blocks for some milliseconds at most."""
        self._first.stop()
        self._timer.stop()
        self.jobs.close()

    @Slot()
    def look(self) -> None:
        """Make a copy if one is due, and bring the second folder and the key files into step."""
        self._follow(self.jobs.run(self, self._look))

    def back_up_now(self) -> Job:
        """Make a copy, due or not. The Job gives the Round."""
        return self._follow(self.jobs.run(self, lambda: self._round(Why.ASKED)))

    def keep_in_step(self) -> None:
        """The ways into the vault were changed: older copies open by them too, and by the old ones no more."""
        self.jobs.run_unowned(self._keep_in_step)

    def shelf(self, settings: BackupSettings) -> Shelf:
        """What a page reads the backups from, on the keeper's thread."""
        return Shelf(self._places(settings), self._vault.db_key, self._work.engine)

    def is_new(self, trouble: str) -> bool:
        """Whether that was not told yet since the desk was opened: a stick that is away is no news twice."""
        is_new = trouble not in self._told
        self._told.add(trouble)
        return is_new

    def use_second(self, folder: Path | None) -> Job:
        """Copy to `folder` too from now on, or to none. The Job gives the Round, or is refused where it cannot be."""
        return self._follow(self.jobs.run(self, lambda: self._use_second(folder)))

    # --- on its thread ---

    def settings(self) -> BackupSettings:
        """What is kept."""
        return from_json(BackupSettings, kept.get(self._work, BACKUP_KEY))

    def keep_settings(self, settings: BackupSettings) -> None:
        """Keep it. On a thread."""
        kept.put(self._work, BACKUP_KEY, to_json(settings))

    def _places(self, settings: BackupSettings) -> Places:
        second = Path(settings.second_folder) if settings.second_folder else None
        return Places(self._vault.folder, self._vault.key_id, second)

    def _is_stopping(self) -> bool:
        """A lock stops the store's jobs first of all, and then waits for drafts: a copy ends meanwhile."""
        return self.jobs.is_stopping or self._store_jobs.is_stopping

    def _look(self) -> Round | None:
        settings = self.settings()
        places = self._places(settings)
        if is_round_due(places, self._work.clock.now(), timedelta(hours=settings.every_hours)):
            return self._round(Why.AUTO)
        self._keep_in_step()
        return self._recorded(self._mirrored(places))

    def _round(self, why: Why) -> Round | None:
        try:
            places, key, now = self._places(self.settings()), self._vault.db_key.buffer, self._work.clock.now()
            above = highest_restored(self._work)
            return self._recorded(run_round(self._work.engine, key, places, why, now, self._is_stopping, above=above))
        except Stopped:
            return None

    def _use_second(self, folder: Path | None) -> Round | None:
        if folder is not None:
            choose_second(folder)
        settings = BackupSettings(self.settings().every_hours, str(folder) if folder is not None else "")
        self.keep_settings(settings)
        return self._recorded(self._mirrored(self._places(settings)))

    def _mirrored(self, places: Places) -> Round | None:
        try:
            return mirror(self._vault.db_key.buffer, places, self._work.clock.now(), None, self._is_stopping)
        except Stopped:
            return None

    def _recorded(self, done: Round | None) -> Round | None:
        if done is not None and done.put_away is not None:
            record_put_away(self._work, done.put_away.copy.number)
        return done

    def _sweep(self) -> None:
        drop_stage(self._vault.folder)
        with contextlib.suppress(DeskError):  # the first look says what is amiss
            sweep(self._places(self.settings()))

    def _keep_in_step(self) -> None:
        with contextlib.suppress(DeskError):  # told by the next round, which tries it too
            places = self._places(self.settings())
            for folder in (places.own, places.away):
                if folder is not None and folder.is_dir():
                    keep_key_file(places.profile, folder)

    # --- back on the GUI thread ---

    def _follow(self, job: Job) -> Job:
        job.done.connect(self._on_ended)
        return job

    @Slot(object)
    def _on_ended(self, done: Round | None) -> None:
        if done is not None:
            self.last = done
            self.ended.emit(done)


def back_up_now(office: Office) -> None:
    """Make a copy, and say so: the command. Nothing where the desk has no vault, as in tests."""
    keeper = office.backups
    if keeper is not None:
        job = office.messages.follow(keeper.back_up_now())
        job.done.connect(lambda done: _say_made(office, done))


def _say_made(office: Office, done: Round | None) -> None:
    if done is not None and done.made is not None and not (done.trouble or done.trouble_away):
        office.messages.notice(QCoreApplication.translate("Backups", "A backup was made and checked."))
    elif done is not None and office.backups is not None:
        office.messages.notice(" ".join(part for part in (done.trouble, done.trouble_away) if part), "warning")
