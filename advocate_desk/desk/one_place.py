"""One window a desk: a second start on the same profile brings the first window forward and ends.

The first start holds a lock in a folder of this user's own and listens on a local socket beside it; both are named by a
hash of the profile's real path and the user, so that nothing of either can be read there. All that is ever said is
"raise", and all that is answered is that it was heard. A locked desk comes forward locked, a hidden one hidden.

A first start that was killed leaves no lock, and its socket is cleared away. One that hangs keeps its lock and does not
answer: then the second start says so. The vault has a lease of its own (`store/lease.py`): this is for the person.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QDeadlineTimer, QObject, QThread, Signal

from advocate_desk.file_lock import FileLock

if TYPE_CHECKING:
    from advocate_desk.desk.raising import Listener

PATIENCE_MS = 5_000
_STEP_MS = 50
_NAME_LENGTH = 45
_LONGEST_PATH = 100  # of a socket's address on any Unix


class Claim(Enum):
    """What a start finds."""

    FIRST = auto()  # go on: the desk is ours
    RAISED = auto()  # the first window was brought forward: end
    SILENT = auto()  # another start holds the desk and does not answer


class OnePlace(QObject):
    """The claim of this process on the window of one profile."""

    raise_asked = Signal()

    def __init__(self, profile: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder = runtime_folder()
        name = place_name(profile)
        self._lock = FileLock(folder / f"{name}.lock")
        self._address = name if sys.platform == "win32" else str(folder / name)
        self._listener: Listener | None = None

    def claim(self, patience_ms: int = PATIENCE_MS) -> Claim:
        """Become the first, or bring the first forward. Waits at most `patience_ms` for its answer.

        Where no folder of ours can be had there is no claim to make, and the vault's lease alone decides.
        """
        try:
            if self._lock.take():
                return Claim.FIRST
        except OSError:
            return Claim.FIRST
        from advocate_desk.desk.raising import ask_to_raise  # noqa: PLC0415 - the first start does without

        end = QDeadlineTimer(patience_ms)
        while not end.hasExpired():
            if ask_to_raise(self._address, end):
                return Claim.RAISED
            if self._lock.take():  # the first has just ended
                return Claim.FIRST
            QThread.msleep(_STEP_MS)
        return Claim.SILENT

    def listen(self) -> None:
        """Hear those who start after us, once the window is painted. Only after `claim` gave FIRST."""
        if self._listener is not None or not self._lock.is_standing():
            return
        from advocate_desk.desk.raising import Listener  # noqa: PLC0415 - the network's library takes its time

        self._listener = Listener(self._address, self)
        self._listener.raise_asked.connect(self.raise_asked)

    def release(self) -> None:
        """Give the place up."""
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._lock.release()


def place_name(profile: Path) -> str:
    """The name of the place of `profile`, the same for every way of writing its path."""
    real = os.path.normcase(os.path.realpath(profile))
    user = os.environ.get("USERNAME", "") if sys.platform == "win32" else str(os.getuid())
    named = f"{real}\0{user}".encode("utf-8", "surrogateescape")
    # Qt's own: Python's would have OpenSSL read from the disk before the first paint.
    digest = QCryptographicHash.hash(named, QCryptographicHash.Algorithm.Sha256).toHex().toStdString()
    return f"advocate-desk-{digest[:24]}"


def runtime_folder() -> Path:
    """A folder that this user alone may enter: the session's own, or one in the folder for temporary files."""
    named = Path(os.environ.get("XDG_RUNTIME_DIR", ""))
    if named.is_absolute() and _is_private(named) and len(str(named)) + _NAME_LENGTH < _LONGEST_PATH:
        return named
    import tempfile  # noqa: PLC0415 - most sessions have a folder of their own

    if sys.platform == "win32":
        return Path(tempfile.gettempdir())  # the user's own there
    folder = Path(tempfile.gettempdir()) / f"advocate-desk-{os.getuid()}"
    if len(str(folder)) + _NAME_LENGTH >= _LONGEST_PATH:
        folder = Path("/tmp") / folder.name  # noqa: S108 - private, and checked to be so
    with contextlib.suppress(OSError):  # a file, or another user's folder, of that name
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder if _is_private(folder) else Path(tempfile.mkdtemp(prefix="advocate-desk-"))


def _is_private(folder: Path) -> bool:
    if sys.platform == "win32":
        return True
    try:
        found = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
