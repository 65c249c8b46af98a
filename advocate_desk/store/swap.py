"""Puts a restored caseload in place of the present one, or leaves it: whatever happens in between, both exist.

All that is to be put in place is made ready in a folder of its own. The rename of that folder to `restoring` is the
moment of decision. From then on the swap is finished, now or at the next start, by steps that may be repeated. Imports
nothing of the database, so that a start can look without loading it.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from advocate_desk.domain.backups import Why
from advocate_desk.durable import make_folder, sync_folder
from advocate_desk.errors import Unavailable
from advocate_desk.store.backup_files import FOLDER_NAME, LOGS_KEPT, new_path
from advocate_desk.vault.folder import DATABASE_NAME, FILE_NAME, READY, is_restoring

_BEING_MADE = ".restoring-new"
_ASIDE_NOTE = "set-aside-as"
_LOGS = (*LOGS_KEPT, "-shm")

NOT_SWAPPED = (
    "The disk did not answer while a backup was put in place. The backup and the caseload before it both exist. "
    "Free some space or bring the disk back, then start Advocate Desk again: it finishes by itself."
)
NOT_STARTED = "The disk did not answer, so the backup was not put in place. The caseload is as it was. Try again."


def new_stage(profile: Path) -> Path:
    """An empty folder to make things ready in; what was left of another is removed. Raises OSError."""
    stage = profile / _BEING_MADE
    shutil.rmtree(stage, ignore_errors=True)
    make_folder(profile)
    stage.mkdir(mode=0o700)
    return stage


def drop_stage(profile: Path) -> None:
    """Remove what was made ready and is not wanted."""
    shutil.rmtree(profile / _BEING_MADE, ignore_errors=True)


def decide(profile: Path, aside: Path | None) -> None:
    """Put what was made ready in place, and the present caseload at `aside` (in the profile). No store may be open.

    The caller holds the lease. Raises Unavailable: then either nothing has changed, or the swap is finished at the
    next start, as the words say.
    """
    stage = profile / _BEING_MADE
    try:
        if aside is not None:
            _write(stage / _ASIDE_NOTE, aside.relative_to(profile).as_posix())
        for each in stage.iterdir():
            _flush(each)
        sync_folder(stage)
        stage.rename(profile / READY)
    except OSError as error:
        drop_stage(profile)
        if is_restoring(profile):  # a server that did it and failed to say so
            raise Unavailable(NOT_SWAPPED) from error
        raise Unavailable(NOT_STARTED) from error
    finish(profile)


def finish(profile: Path) -> bool:
    """Finish a swap that was decided. True if one was. The caller holds the lease. Raises Unavailable."""
    ready = profile / READY
    try:
        if not is_restoring(profile):
            return False
        sync_folder(profile)  # the decision is on the disk before anything is moved
        if (ready / DATABASE_NAME).exists():
            _set_aside(profile, ready)
            (ready / DATABASE_NAME).replace(profile / DATABASE_NAME)
            sync_folder(profile)
        if (ready / FILE_NAME).exists():
            (ready / FILE_NAME).replace(profile / FILE_NAME)
            sync_folder(profile)
        shutil.rmtree(ready)
        sync_folder(profile)
    except OSError as error:
        raise Unavailable(NOT_SWAPPED) from error
    return True


def _set_aside(profile: Path, ready: Path) -> None:
    """Give the present caseload, with the log that belongs to it, the name that was noted for it.

    One that nobody noted, because it came there later, gets a name too: no caseload is ever written over.
    """
    present, note = profile / DATABASE_NAME, ready / _ASIDE_NOTE
    aside = profile / note.read_text("utf-8") if note.exists() else None
    if present.exists():
        if aside is None or aside.exists():
            aside = _invented(profile)
        make_folder(aside.parent)
        if not (ready / DATABASE_NAME).exists():  # another was quicker: what is there now is what was restored
            raise FileNotFoundError(DATABASE_NAME)
        for ending in LOGS_KEPT:  # only a caseload that cannot be opened still has one with something in it
            log = present.with_name(f"{DATABASE_NAME}{ending}")
            if log.exists() and log.stat().st_size:
                log.replace(aside.with_name(f"{aside.name}{ending}"))
        present.replace(aside)
        sync_folder(aside.parent)
    for ending in _LOGS:  # of a caseload that is not there any more: SQLite would write it into the restored one
        present.with_name(f"{DATABASE_NAME}{ending}").unlink(missing_ok=True)
    sync_folder(profile)


def _invented(profile: Path) -> Path:
    """A free name for the present caseload, with its own key file beside it. The same again after a cut."""
    changed = (profile / DATABASE_NAME).stat().st_mtime_ns
    folder = profile / FOLDER_NAME / f"set-aside-{changed:x}"
    make_folder(folder)
    if (profile / FILE_NAME).exists():
        kept = folder / FILE_NAME
        kept.touch(mode=0o600)
        shutil.copyfile(profile / FILE_NAME, kept)
        _flush(kept)
        sync_folder(folder)
    return new_path(folder, Why.DAMAGED, datetime.fromtimestamp(changed // 10**9, UTC))


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, "utf-8", newline="\n")


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
