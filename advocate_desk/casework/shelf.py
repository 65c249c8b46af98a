"""The backups of one desk as a page shows them: what each holds, and how it differs from the caseload in place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from advocate_desk.domain.backups import FOR_EVER, Why
from advocate_desk.errors import Unavailable
from advocate_desk.store.backup import Stop, check_copy
from advocate_desk.store.backup_files import CopyFile, copies_in, remove_copies, sets_in
from advocate_desk.store.backup_round import Places
from advocate_desk.store.compare import Contents, Differences, compare, contents
from advocate_desk.store.engine import DATABASE_NAME, disk_trouble_in_words, open_store
from advocate_desk.vault.secret import SecretKey

NO_BACKUPS = (
    "There are no backups in that folder. Nothing was changed. "
    "Choose the folder that the desk itself made, or the stick or share that it stands on."
)
_NOT_LISTED = "so its backups cannot be shown. Nothing was changed."


@dataclass(frozen=True, slots=True)
class BackupLine:
    """One backup in the list: `holds` is None and `trouble` says why where it cannot be read."""

    file: CopyFile
    holds: Contents | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """What a closer look at one backup found. No `differences` where the present caseload cannot be read."""

    is_whole: bool
    trouble: str = ""
    differences: Differences | None = None


@dataclass(frozen=True, slots=True)
class Shelf:
    """Reads the backups under one key, off the GUI thread. `source`: the open store, None while the desk is locked."""

    places: Places
    key: SecretKey
    source: Engine | None = None

    def lines(self, folder: Path | None, stop: Stop) -> tuple[BackupLine, ...]:
        """The backups of the profile, or at and below `folder`; newest first. Raises Unavailable, Stopped."""
        with disk_trouble_in_words(_NOT_LISTED):
            folders = [self.places.own] if folder is None else sets_in(folder)
            found = [each for one in folders for each in copies_in(one)]
        if folder is not None and not found:
            raise Unavailable(NO_BACKUPS)
        found.sort(key=lambda each: each.copy.number, reverse=True)
        return tuple(self._line(each, stop) for each in found)

    def look(self, file: CopyFile, stop: Stop) -> Look:
        """Check every page of a backup, and say how it differs from what is in place. Raises Stopped."""
        key = self.key.buffer
        try:
            check_copy(file.path, key, stop)
        except Unavailable as error:
            return Look(is_whole=False, trouble=error.advice)
        try:
            with self._present() as present:
                return Look(is_whole=True, differences=compare(present, file.path, key, stop))
        except Unavailable:
            return Look(is_whole=True)

    def remove(self, file: CopyFile) -> None:
        """Remove, for good, a caseload that was set aside. Raises ValueError for another copy, Unavailable."""
        if file.copy.why not in FOR_EVER:
            raise ValueError("rotation removes the others")
        with disk_trouble_in_words("so it is still there."):
            remove_copies([file.path])

    def _line(self, file: CopyFile, stop: Stop) -> BackupLine:
        try:
            return BackupLine(file, contents(file.path, self.key.buffer, stop))
        except Unavailable as error:
            return BackupLine(file, None, "" if file.copy.why is Why.DAMAGED else error.advice)

    @contextmanager
    def _present(self) -> Iterator[Engine]:
        """The caseload in place: the open one, or opened for a moment. Raises Unavailable."""
        if self.source is not None:
            yield self.source
            return
        engine = open_store(self.places.profile / DATABASE_NAME, self.key.buffer)
        try:
            yield engine
        finally:
            engine.dispose()
