"""The lease: the right of one running program to be the only open desk on a caseload folder.

SQLite alone would keep two writers on one computer apart, but not their drafts, and not two computers. So:

- **Everywhere** the open desk holds the system's lock on `caseload.lease`. It keeps out other windows, other
  accounts of this computer and, where the file server passes locks on (NFS, SMB), other computers. The system takes
  it back when the program is killed. If somebody removes the file under us, it is made and locked again before the
  next save; if somebody else was quicker, nothing more is saved here, in words.
- **On a folder that is shared over a network** locks are not to be trusted (sshfs and some servers keep them to one
  computer), so the desk also writes its name of this opening, random and of nobody, into `caseload.holder`, and
  counts in it every few seconds. Whoever finds such a file watches it for three beats: a count that moves is a desk
  that is open; one that stands still was left by a crash, and is taken over by a rename, which one of two succeeds
  in. No clock is compared. Before every save the holder reads that the file is still its own: a desk that was cut
  off for longer than that while another took over saves nothing more.
- **The journal**: SQLite's write-ahead log lives in memory that computers do not share, and corrupts a database on
  a network drive. There the store keeps a rollback journal instead (`engine.py`), at the cost of slower saves.
  Refusing such folders altogether was turned down: services do keep their files on a share, and would copy the
  vault to and fro.

What is left: where a network keeps no locks and delays one computer's writes for longer than three beats, two desks
could both believe that they are alone. Sharing a caseload between desks is what synchronising is for.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import threading
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from advocate_desk import trouble
from advocate_desk.errors import Unavailable
from advocate_desk.file_lock import FileLock
from advocate_desk.store.filesystem import is_remote

LEASE_NAME = "caseload.lease"
HOLDER_NAME = "caseload.holder"
BEAT_S = 5.0
BEATS_WATCHED = 3
_MOST_BYTES = 100
_NO_LOCKS_HERE = frozenset({errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS})

OPEN_ELSEWHERE = (
    "This desk is open already: in another window, in another account, or on another computer that shares its folder. "
    "Nothing was changed. Lock it or close it there, then try again."
)
TAKEN_ELSEWHERE = (
    "This desk was opened in another place while its folder was out of reach, so this was not saved. What you typed is "
    "still here. Lock this desk, close the other one, then unlock: the open forms come back."
)
NOT_REACHED = (
    "The folder of this desk does not answer, so it was not opened. Nothing was changed. Bring it back and try again."
)


def _not_taken(error: OSError) -> str:
    """What keeps the lease from being taken: a folder that is away, or one that is full or cannot be written to."""
    meant = trouble.of_system(error)
    return meant.told(trouble.NOT_OPENED) if meant in {trouble.DISK_FULL, trouble.READ_ONLY} else NOT_REACHED


class Lease:
    """The lease on the caseload in `folder`. Take it before the store is opened, release it after it is closed."""

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / LEASE_NAME)
        self._holder = folder / HOLDER_NAME
        self._name = secrets.token_hex(16)
        self._folder = folder
        self._is_shared = False
        self._count = 0
        self._writing = threading.Lock()
        self._ended = threading.Event()

    def take(self) -> None:
        """Become the only open desk. Raises Unavailable where another is open, or the folder does not answer.

        On a shared folder that a crash left held this waits for three beats. Not on the GUI thread.
        """
        try:
            self._is_shared = is_remote(self._folder)
            if not self._take_lock():
                raise Unavailable(OPEN_ELSEWHERE)
            if self._is_shared:
                self._take_holder()
        except OSError as error:
            self.release()
            raise Unavailable(_not_taken(error)) from error
        except BaseException:
            self.release()
            raise
        if self._is_shared:
            threading.Thread(target=self._beat, name="lease", daemon=True).start()

    def guard(self, engine: Engine) -> None:
        """Refuse every save through `engine` once the lease is another's."""

        def check(connection: Any) -> None:  # noqa: ANN401
            if connection.get_execution_options().get("takes_writer", False):
                self.check()

        event.listen(engine, "commit", check)

    def check(self) -> None:
        """Raise Unavailable if another desk has taken over. A folder that is out of reach is no other desk."""
        with contextlib.suppress(OSError):  # the store says itself that its folder has gone
            is_ours = self._lock.is_standing() or self._take_lock()
            if not is_ours or (self._is_shared and not self._holds_on()):
                raise Unavailable(TAKEN_ELSEWHERE)

    def release(self) -> None:
        """Let others open the desk. Nothing happens where the folder has gone: three beats later it is free."""
        self._ended.set()
        with self._writing, contextlib.suppress(OSError):
            if self._is_shared and _read(self._holder).startswith(self._name.encode()):
                self._holder.unlink()
        self._lock.release()

    def _take_lock(self) -> bool:
        try:
            return self._lock.take()
        except OSError as error:
            if self._is_shared and error.errno in _NO_LOCKS_HERE:
                return True  # a server without locks: the holder's file alone must do
            raise

    # --- the holder's file ---

    def _take_holder(self) -> None:
        while not self._create():
            found = _read(self._holder)
            if self._moves(found) or not self._clear_away(found):
                raise Unavailable(OPEN_ELSEWHERE)

    def _moves(self, found: bytes) -> bool:
        """Whether the file changes within three beats: then somebody is there."""
        end = time.monotonic() + BEATS_WATCHED * BEAT_S
        while time.monotonic() < end:
            if self._ended.wait(BEAT_S / 4):
                return True
            now = _read(self._holder)
            if not now:  # given back in the meantime
                return False
            if now != found:
                return True
        return False

    def _clear_away(self, left: bytes) -> bool:
        """Take away what a crash left. False if it was somebody's after all."""
        aside = self._holder.with_name(f"{HOLDER_NAME}.{self._name}")
        try:
            self._holder.rename(aside)
        except FileNotFoundError:
            return True
        if _read(aside) != left:  # another desk was quicker, and this is hers
            with contextlib.suppress(FileExistsError):
                os.link(aside, self._holder)
            aside.unlink()
            return False
        aside.unlink()
        return True

    def _create(self) -> bool:
        try:
            handle = os.open(self._holder, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return False
        with os.fdopen(handle, "wb") as file:
            file.write(self._line())
            file.flush()
            os.fsync(file.fileno())
        return True

    def _holds_on(self) -> bool:
        with self._writing:
            found = _read(self._holder)
            return found.startswith(self._name.encode()) or (not found and self._create())

    def _beat(self) -> None:
        while not self._ended.wait(BEAT_S):
            with self._writing, contextlib.suppress(OSError):  # a folder that has gone: count on when it is back
                if not self._ended.is_set():
                    self._count_on()

    def _count_on(self) -> None:
        """Raise the count, in place: the file is never seen empty. Only while it is ours."""
        handle = os.open(self._holder, os.O_RDWR)
        try:
            if os.read(handle, _MOST_BYTES).startswith(self._name.encode()):
                self._count += 1
                os.lseek(handle, 0, os.SEEK_SET)
                os.write(handle, self._line())
        finally:
            os.close(handle)

    def _line(self) -> bytes:
        return f"{self._name} {self._count:010d}\n".encode()


def _read(path: Path) -> bytes:
    """What stands in the holder's file, b"" if there is none. Raises OSError where the folder does not answer."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except FileNotFoundError:
        return b""
