"""One round of backing up: a copy in the profile, the same copy in the second folder, and what rotation lets go.

The second folder mirrors the first, so that a stick that was away catches up with the newest copy when it is back.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from advocate_desk.domain.backups import FOR_EVER, Why, is_due, to_remove
from advocate_desk.durable import make_folder, sync_folder
from advocate_desk.errors import Stopped, Unavailable
from advocate_desk.store.backup import NO_ROOM, RESERVE_BYTES, Stop, check_copy, make_copy, never
from advocate_desk.store.backup_files import (
    FOLDER_NAME,
    SECOND_FOLDER_NAME,
    CopyFile,
    copies_in,
    highest_number,
    partial_path,
    remove_copies,
    remove_partial,
    set_folder,
)
from advocate_desk.store.engine import disk_trouble_in_words
from advocate_desk.vault import keyfile, slots

SECOND_IS_AWAY = (
    "The second backup folder is not there now. Backups on this computer go on. "
    "Connect the stick or the share; the desk copies to it by itself."
)
NOT_CHOSEN = "Backups cannot be kept in that folder: it cannot be written to. Nothing was changed. Choose another one."
NOT_IN_STEP = "so the backups still open with the passphrase as it was before. The caseload itself is as it was."
ANOTHER_DESK = (
    "The backup folder holds the backups of another desk, so nothing was put there. Choose another folder in Settings."
)
_AWAY = "so it holds no new copy. Backups on this computer go on."
_CHUNK_BYTES = 1024**2


@dataclass(frozen=True, slots=True)
class Places:
    """Where the copies of one desk go. `second` is the folder that the user chose, None without one."""

    profile: Path
    key_id: str
    second: Path | None = None

    @property
    def own(self) -> Path:
        """The folder in the profile."""
        return set_folder(self.profile / FOLDER_NAME, self.key_id)

    @property
    def away(self) -> Path | None:
        """The folder on the stick or share; None where none was chosen. It may be out of reach."""
        return set_folder(self.second / SECOND_FOLDER_NAME, self.key_id) if self.second is not None else None


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did: the copy that it made, the one that it put away, and a sentence on what was amiss."""

    made: CopyFile | None = None
    put_away: CopyFile | None = None
    trouble: str = ""
    trouble_away: str = ""


def run_round(
    source: Engine,
    key: bytes | bytearray,
    places: Places,
    why: Why,
    now: datetime,
    stop: Stop = never,
    *,
    above: int = 0,
) -> Round:
    """Make a copy, mirror it, rotate. Never raises for a disk: the report says what was amiss. Raises Stopped.

    The copy is numbered above those in both folders and above `above`.
    """
    done = Round()
    try:
        above = max(above, _highest_away(places))
        done = replace(done, made=make_copy(source, key, places.own, why, now, stop, above=above))
        rotate(places.own, now)
        keep_key_file(places.profile, places.own)
    except Unavailable as error:
        done = replace(done, trouble=error.advice)
    return mirror(key, places, now, done, stop)


def _highest_away(places: Places) -> int:
    """The newest copy has the highest number in the second folder too, which another computer may have filled."""
    with contextlib.suppress(OSError):  # what is amiss there is told when the copy is put there
        return highest_number(places.away) if places.away is not None else 0
    return 0


def mirror(
    key: bytes | bytearray, places: Places, now: datetime, done: Round | None = None, stop: Stop = never
) -> Round:
    """Put the newest copy into the second folder, if there is one and it lacks it. Raises Stopped, nothing else."""
    done = done or Round()
    if places.away is None or places.second is None:
        return done
    try:
        if not (places.second / SECOND_FOLDER_NAME).is_dir():  # never made again: it may be an empty mount point
            raise Unavailable(SECOND_IS_AWAY)
        with disk_trouble_in_words(_AWAY):
            put = _put_newest(key, places.own, places.away, stop)
            rotate(places.away, now)
        keep_key_file(places.profile, places.away)
    except Unavailable as error:
        return replace(done, trouble_away=error.advice)
    return replace(done, put_away=put)


def choose_second(folder: Path) -> None:
    """Make the place for copies in a folder that the user chose. Raises Unavailable where it cannot be written to."""
    try:
        make_folder(folder / SECOND_FOLDER_NAME)
        trial = folder / SECOND_FOLDER_NAME / ".trial"
        trial.touch(mode=0o600)
        trial.unlink()
    except OSError as error:
        raise Unavailable(NOT_CHOSEN) from error


def is_round_due(places: Places, now: datetime, every: timedelta) -> bool:
    """Whether the profile has no young copy. A folder that cannot be read counts as one without copies."""
    with contextlib.suppress(OSError):
        return is_due((each.copy for each in copies_in(places.own)), now, every)
    return True


def rotate(folder: Path, now: datetime) -> None:
    """Remove the copies of `folder` that rotation lets go. Raises Unavailable."""
    with disk_trouble_in_words("so older backups are still there."):
        present = copies_in(folder)
        gone = to_remove((each.copy for each in present), now)
        remove_copies(each.path for each in present if each.copy in gone)


def sweep(places: Places) -> None:
    """Remove what copies that were cut off left behind, at the start of a desk."""
    for folder in (places.own, places.away):
        if folder is not None:
            remove_partial(folder)


def keep_key_file(profile: Path, folder: Path) -> None:
    """Have `folder` carry the profile's `vault.json`, so that its copies open wherever they are taken.

    A passphrase that was changed opens older copies too, and the old one no more. Raises Unavailable, NewerVault.
    """
    present = keyfile.load(profile)
    try:
        kept = keyfile.load(folder)
    except Unavailable:
        kept = None
    if kept is not None and kept.key_id != present.key_id:
        raise Unavailable(ANOTHER_DESK)
    if kept is None or slots.content(kept) != slots.content(present):
        keyfile.save(folder, present)


def _put_newest(key: bytes | bytearray, own: Path, away: Path, stop: Stop) -> CopyFile | None:
    newest = next((each for each in copies_in(own) if each.copy.why not in FOR_EVER), None)
    target = away / newest.path.name if newest is not None else None
    if newest is None or target is None or target.exists():
        return None
    make_folder(away)
    if shutil.disk_usage(away).free < newest.size_bytes + RESERVE_BYTES:
        raise Unavailable(NO_ROOM)
    part = partial_path(target)
    try:
        copy_bytes(newest.path, part, stop)
        check_copy(part, key, stop)
        part.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    sync_folder(away)
    return CopyFile(target, newest.copy, newest.size_bytes)


def copy_bytes(source: Path, target: Path, stop: Stop = never) -> None:
    """Copy a file, readable by its owner alone, to the disk. Raises OSError, Stopped."""
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(_CHUNK_BYTES):
            if stop():
                raise Stopped
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
