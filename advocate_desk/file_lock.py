"""A lock on a file that one process holds at a time, and that the system takes back when the process ends, however."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path

_HELD_BY_ANOTHER = frozenset({errno.EACCES, errno.EAGAIN, errno.EDEADLK})
_TRIES = 3


class FileLock:
    """The lock on the file at `path`, which is made if it is not there and stays, empty, when the lock is given back.

    A killed process leaves nothing to clear away: the lock belongs to the open file and not to what is written in it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None

    def take(self) -> bool:
        """Whether this process holds the lock now. Never waits. Raises OSError where the file cannot be made."""
        for _ in range(_TRIES):
            self.release()
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
            try:
                is_ours = _lock(handle)
            except BaseException:
                os.close(handle)
                raise
            if not is_ours:
                os.close(handle)
                return False
            self._handle = handle
            if self.is_standing():
                return True
            # The file was removed between opening and locking it: another process would lock a new one beside ours.
        return False

    def is_standing(self) -> bool:
        """Whether the lock is held, and on the file that others would find. Raises OSError where nothing answers.

        A file that somebody removed, or put in its place, leaves a lock that keeps nobody out.
        """
        if self._handle is None:
            return False
        if sys.platform == "win32":  # an open file cannot be removed there
            return True
        ours = os.fstat(self._handle)
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return False
        return (ours.st_dev, ours.st_ino) == (found.st_dev, found.st_ino)

    def release(self) -> None:
        """Give the lock back. Nothing if it is not held."""
        handle, self._handle = self._handle, None
        if handle is not None:
            with contextlib.suppress(OSError):  # of a disk that has gone: the lock went with it
                os.close(handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in _HELD_BY_ANOTHER:
                return False
            raise
        return True

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _HELD_BY_ANOTHER:
                return False
            raise
        return True
