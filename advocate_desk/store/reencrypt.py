"""Encrypts a store anew under another key: a whole, durable copy beside it, which then takes its name.

Pages are copied as they stand, so nothing of the content is read, changed or left out, and search index, triggers and
deleted space come along. The file under the old key is never written to but for the end of its write-ahead log, and
goes only after the copy has proved itself. `vault/new_key.py` says how this fits together with the key file.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher

from advocate_desk import trouble
from advocate_desk.durable import sync_folder
from advocate_desk.errors import Refused, Unavailable, WrongKey
from advocate_desk.store.backup import DAMAGED_COPY, RESERVE_BYTES, reading_copy, to_the_disk
from advocate_desk.store.backup_files import partial_path
from advocate_desk.store.engine import BUSY_MS, disk_trouble_in_words, refuse_plain
from advocate_desk.store.keying import connect_keyed

Progress = Callable[[int, int], None]
Key = bytes | bytearray

COPY_SUFFIX = ".rekeyed"
PAGES_A_STEP = 256

NOT_ENCRYPTED = "so it was not encrypted anew. Nothing was changed."
STILL_OPEN = (
    "The caseload is open in another window, so it was not encrypted anew. Nothing was changed. "
    "Close the other window and try again."
)
NOT_THE_SAME = (
    "The newly encrypted copy of the caseload is not what it should be, so it was thrown away. Nothing was changed. "
    "Look after the disk, then try again."
)


class Damaged(Unavailable):
    """What should be encrypted anew is not whole. The copying would make sound pages of broken ones, and hide it."""

    def __init__(self) -> None:
        super().__init__(trouble.DAMAGED.told(NOT_ENCRYPTED))


class Cancelled(Refused):
    """The copying was ended before its end; nothing of it is left."""

    def __init__(self) -> None:
        super().__init__(
            "The change was cancelled. Nothing was changed: the old passphrase and the old recovery sheet are in force."
        )


def copy_path(path: Path) -> Path:
    """Where the copy of the store at `path` under another key stands until it takes its place."""
    return path.with_name(path.name + COPY_SUFFIX)


@contextmanager
def held_still(path: Path, key: Key) -> Iterator[Any]:
    """The store at `path`, without a log beside it, and closed to every other writer and reader while inside.

    Raises Unavailable where somebody else has it open, WrongKey where `key` does not open it.
    """
    refuse_plain(path)
    with disk_trouble_in_words(NOT_ENCRYPTED), closing(connect_keyed(path, key, BUSY_MS / 1000)) as raw:
        try:
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            raw.execute("PRAGMA locking_mode = EXCLUSIVE")
            mode = raw.execute("PRAGMA journal_mode = DELETE").fetchone()[0]  # ends the log and removes its files
            raw.execute("BEGIN EXCLUSIVE")
            raw.execute("COMMIT")
        except sqlcipher.DatabaseError as error:
            if "not a database" in str(error):
                raise WrongKey("This key does not open the caseload. Nothing was changed.") from error
            if "locked" in str(error):
                raise Unavailable(STILL_OPEN) from error
            raise
        if mode != "delete":
            raise Unavailable(STILL_OPEN)
        sync_folder(path.parent)  # else a log that was removed could come back beside the copy
        yield raw


def copy_under(source: Any, target: Path, new: Key, progress: Progress, is_cancelled: Callable[[], bool]) -> None:  # noqa: ANN401
    """Copy the open store `source` to a new file at `target` under the key `new`; on return it survives a power cut.

    `progress` is told pages done and pages in all. Raises Cancelled, Damaged where `source` is not whole, or
    Unavailable; then nothing stands at `target`.
    """
    with disk_trouble_in_words(NOT_ENCRYPTED):
        try:
            remove_copy(target)
            _refuse_without_room(source, target)
            if source.execute("PRAGMA cipher_integrity_check").fetchall():
                raise Damaged
            target.touch(mode=0o600, exist_ok=False)
            with closing(connect_keyed(target, new, BUSY_MS / 1000)) as copy:
                copy.execute("PRAGMA journal_mode = OFF")  # cut off, it is thrown away: it needs no way back
                copy.execute("PRAGMA synchronous = OFF")
                _copy_pages(source, copy, progress, is_cancelled)
            to_the_disk(target)
            _refuse_another(source.execute("PRAGMA page_count").fetchone()[0], target, new)
            sync_folder(target.parent)
        except BaseException:
            with contextlib.suppress(OSError):
                remove_copy(target)
            raise


def take_place(path: Path, new: Key) -> None:
    """Put the finished copy of the store at `path` in its place, if there is one. Can be repeated after any cut.

    Called only once the key file names `new`. Raises Unavailable, WrongKey; then both files are as they were.
    """
    copy = copy_path(path)
    with disk_trouble_in_words(NOT_ENCRYPTED):
        if copy.exists():
            with reading_copy(copy, new):  # it is no file that somebody put there
                pass
            for suffix in ("-wal", "-shm", "-journal"):  # of the file that goes: beside the copy they would destroy it
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            sync_folder(path.parent)
            copy.replace(path)
        sync_folder(path.parent)


def copy_still(source: Path, target: Path, former: Key, new: Key) -> None:
    """Encrypt the backup `source` anew at `target`, which may be the same. On return it survives a power cut.

    Raises WrongKey where `former` does not open it, Damaged where it is not whole, Unavailable where the disk refuses;
    then nothing was changed.
    """
    with disk_trouble_in_words(NOT_ENCRYPTED):
        part = partial_path(target)
        try:
            with reading_copy(source, former) as raw:
                copy_under(raw, part, new, lambda _done, _all: None, lambda: False)
        except Unavailable as error:
            if error.advice == DAMAGED_COPY:
                raise Damaged from error
            raise
        part.replace(target)
        sync_folder(target.parent)


def remove_copy(path: Path) -> None:
    """Remove a copy that was cut off, and what lies beside it. Raises OSError."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _copy_pages(source: Any, copy: Any, progress: Progress, is_cancelled: Callable[[], bool]) -> None:  # noqa: ANN401
    def step(_status: int, left: int, count: int) -> None:
        progress(count - left, count)
        if is_cancelled():
            raise Cancelled

    source.backup(copy, pages=PAGES_A_STEP, progress=step)


def _refuse_another(pages: int, target: Path, new: Key) -> None:
    """Every page of the copy, as the disk gives it back, must be authentic under its key, and there must be as many."""
    with reading_copy(target, new) as copy:
        found = copy.execute("PRAGMA page_count").fetchone()[0]
        if found != pages or copy.execute("PRAGMA cipher_integrity_check").fetchall():
            raise Unavailable(NOT_THE_SAME)


def _refuse_without_room(source: Any, target: Path) -> None:  # noqa: ANN401
    pages, page_bytes = (int(source.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    needed = pages * page_bytes + RESERVE_BYTES
    if shutil.disk_usage(target.parent).free < needed:
        raise Unavailable(
            f"There is not enough room on the disk for a newly encrypted copy: {needed // 1_000_000} MB are needed. "
            "Nothing was changed. Free some space, then try again."
        )
