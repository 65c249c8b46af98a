"""A finished document on disk, under a name that says nothing about anybody."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from datetime import date
from pathlib import Path

from advocate_desk.errors import Unavailable

_MODE = 0o600  # the owner alone, before the first byte


def neutral_name(kind: str, on: date, number: int, suffix: str = "pdf") -> str:
    """A file name such as "letter-2026-11-21-1.pdf". `kind` is a plain word of ours, never what somebody typed.

    Raises ValueError if `kind` or `suffix` is not one lower-case word.
    """
    for word in (kind, suffix):
        if not (word.isascii() and word.isalnum() and word == word.lower()):
            raise ValueError("a neutral name is made of plain words")
    return f"{kind}-{on.isoformat()}-{number}.{suffix}"


def free_name(folder: Path, kind: str, on: date, suffix: str = "pdf") -> Path:
    """The first neutral name of that day that no file in `folder` has."""
    number = 1
    while (path := folder / neutral_name(kind, on, number, suffix)).exists():
        number += 1
    return path


def write_safely(path: Path, content: bytes) -> None:
    """Put `content` at `path`, whole or not at all, readable by this user alone.

    Raises Unavailable with what was there before left as it was.
    """
    neighbour: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
        neighbour = Path(name)
        with os.fdopen(handle, "wb") as file:
            if os.name == "posix":
                os.fchmod(file.fileno(), _MODE)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        neighbour.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        if neighbour is not None:
            with contextlib.suppress(OSError):
                neighbour.unlink(missing_ok=True)
        raise Unavailable(_advice(error)) from error


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network folders cannot, and the file is already written
            os.fsync(handle)
    finally:
        os.close(handle)


def _advice(error: OSError) -> str:
    reasons = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "the disk is full",
        errno.EACCES: "you may not write in that folder",
        errno.EPERM: "you may not write in that folder",
        errno.EROFS: "that disk cannot be written to",
        errno.ENOENT: "that folder is not there",
        errno.ENOTDIR: "that folder is not there",
    }
    reason = reasons.get(error.errno or 0, "the disk refused it")
    return f"The document was not saved: {reason}. It is still kept in the file. Choose another place and save again."
