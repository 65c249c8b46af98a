"""Where copies of the caseload lie and what they are called. Reads names only: no key, no database.

backups/                  in the profile, and in a second folder if one was chosen
  5950f74f/               one folder for each database key, named by the start of its `key_id`
    vault.json            the way in, kept in step with the profile's (and its spare)
    caseload-000042-20261121T093000Z-auto.db
    .caseload-000043-….part   is being written, or was cut off
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from advocate_desk.domain.backups import Copy, Why

FOLDER_NAME = "backups"
SECOND_FOLDER_NAME = "desk-backups"
"""Inside the folder that the user chooses, which may be a stick full of other things."""
_NAME = re.compile(r"caseload-(\d{6,12})-(\d{8}T\d{6})Z-([a-z]{1,20})\.db")
LOGS_KEPT = ("-wal", "-journal")
"""What SQLite may have left beside a caseload that could not be closed: a part of it, which goes where it goes."""
_STAMP = "%Y%m%dT%H%M%S"
_KEY_DIGITS = 8


@dataclass(frozen=True, slots=True)
class CopyFile:
    """One copy on a disk."""

    path: Path
    copy: Copy
    size_bytes: int


def set_folder(backups: Path, key_id: str) -> Path:
    """Where the copies under one database key lie, with the `vault.json` that opens them. It may not exist yet."""
    return backups / key_id[:_KEY_DIGITS]


def copies_in(folder: Path) -> list[CopyFile]:
    """The whole copies of one folder, newest first. None where the folder is not there. Raises OSError otherwise."""
    found = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            copy = copy_of(entry.name)
            if copy is not None and entry.is_file(follow_symlinks=False):
                found.append(CopyFile(Path(entry.path), copy, entry.stat().st_size))
    return sorted(found, key=lambda each: each.copy.number, reverse=True)


def backup_files(folder: Path) -> list[Path]:
    """Every copy that its key opens, in `folder` (a profile's `backups`) and its folders by key; oldest first.

    A caseload that was set aside because it could not be read is not among them.
    """
    found = [each for one in _folders(folder) for each in copies_in(one) if each.copy.why is not Why.DAMAGED]
    return [each.path for each in sorted(found, key=lambda each: (each.copy.number, each.path))]


def sets_in(folder: Path) -> list[Path]:
    """The folders with copies in them at or below `folder`: what a user who points at a stick may mean."""
    near = [folder, *(folder / name for name in (FOLDER_NAME, SECOND_FOLDER_NAME))]
    return [one for each in near for one in _folders(each) if _has_copies(one)]


def _folders(folder: Path) -> list[Path]:
    try:
        below = sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink())
    except (FileNotFoundError, NotADirectoryError):
        return []
    return [folder, *below]


def _has_copies(folder: Path) -> bool:
    try:
        return bool(copies_in(folder))
    except OSError:
        return False


def copy_of(name: str) -> Copy | None:
    """What a file name says of its copy; None where it is no name of ours."""
    match = _NAME.fullmatch(name)
    if match is None or match[3] not in set(Why):
        return None
    try:
        made_at = datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Copy(int(match[1]), made_at, Why(match[3]))


def highest_number(folder: Path) -> int:
    """The highest number of a copy in `folder`; 0 without any. Raises OSError."""
    return max((each.copy.number for each in copies_in(folder)), default=0)


def new_path(folder: Path, why: Why, now: datetime, above: int = 0) -> Path:
    """A name that no copy of `folder` has, with a number above all of theirs and above `above`."""
    number = 1 + max(highest_number(folder), above)
    return folder / f"caseload-{number:06}-{now.astimezone(UTC):{_STAMP}}Z-{why}.db"


def partial_path(path: Path) -> Path:
    """Where a copy is written before it is whole."""
    return path.with_name(f".{path.stem}.part")


def remove_partial(folder: Path) -> int:
    """Remove what a copy that was cut off left behind; how many files. A folder that refuses is left as it is."""
    removed = 0
    with contextlib.suppress(OSError):
        for path in folder.glob(".caseload-*.part*"):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def remove_copies(paths: Iterable[Path]) -> None:
    """Remove copies and what lies beside them. Raises OSError."""
    for path in paths:
        path.unlink(missing_ok=True)
        for ending in LOGS_KEPT:
            path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
