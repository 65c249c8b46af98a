"""What the disk can do to a caseload, in words: what happened, what was kept, what to do. The one table of them.

A message is made of three parts: the cause and the remedy stand here, what was kept is said by whoever was at work.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that goes wrong outside the program: what happened, and what the user can do about it."""

    cause: str
    remedy: str

    def told(self, kept: str) -> str:
        """The whole message; `kept` goes on from the cause, ends with a full stop and says what became of the work."""
        return f"{self.cause}, {kept} {self.remedy}"


DISK_FULL = Trouble("The disk is full", "Free some space and try again.")
READ_ONLY = Trouble("The caseload folder cannot be written to", "Make it writable and try again.")
BUSY = Trouble("The caseload is busy in another window", "Try again in a moment.")
DAMAGED = Trouble("The caseload file is damaged", "Restore the caseload from a backup.")
GONE = Trouble("The caseload file is not where it was", "Bring its folder or drive back and try again.")
NO_ANSWER = Trouble("The disk did not answer", "Bring the disk or folder back and try again.")
NO_MEMORY = Trouble("The computer is short of memory", "Close other programs and try again.")
OTHER_FILE = Trouble(
    "Your passphrase is right, but the caseload file is damaged at its beginning or belongs to another desk",
    "Restore the caseload from a backup.",
)
EMPTY = Trouble("The caseload file is empty", "Restore the caseload from a backup.")
MISSING = Trouble(
    "The caseload file is not in its folder", "Bring the folder or drive back, or restore the caseload from a backup."
)
PLAIN = Trouble("The caseload file is not encrypted", "Restore the caseload from a backup.")
NOT_MADE = Trouble("The caseload file could not be made in that folder", "Free some space there, and try again.")
KEY_FILE_MISSING = Trouble(
    "The key file of this desk is missing", "Open a backup of the desk: the key file comes back with it."
)
KEY_FILE_DAMAGED = Trouble(
    "The key file of this desk is damaged", "Open a backup of the desk: the key file comes back with it."
)
FOLDER_MISSING = Trouble(
    "The folder of this desk is not where it was, or it is empty", "Bring the folder or its drive back and try again."
)

NOT_SAVED = "so this was not saved. What you typed is still here."
NOT_READ = "so this cannot be shown. Nothing was changed."
NOT_OPENED = "so the caseload was not opened. Nothing was changed."
KEY_FILE_AS_IT_WAS = "so the key file of this desk stays as it was. Nothing was changed."
NOT_COPIED = "so no copy was made. The caseload itself is as it was."

_OF_DRIVER = (
    (("disk is full",), DISK_FULL),
    (("readonly", "read-only", "access permission denied"), READ_ONLY),
    (("locked", "locking protocol", "schema has changed"), BUSY),
    (("malformed", "not a database", "corrupt", "vtable constructor failed", "missing row", "file format"), DAMAGED),
    (("disk I/O error", "unable to open", "unknown operation", "large file support"), NO_ANSWER),
    (("query aborted", "abort due to ROLLBACK"), NO_ANSWER),  # of what else ran when the disk failed
    (("out of memory",), NO_MEMORY),
)
"""Parts of what SQLite's error codes say."""
_OF_SYSTEM = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EFBIG: DISK_FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
    errno.ENOENT: GONE,
    errno.ENOTDIR: GONE,
    errno.ENOMEM: NO_MEMORY,
}


def of_driver(reason: str) -> Trouble | None:
    """What the database's words mean; None for what is no trouble of the disk."""
    return next((trouble for signs, trouble in _OF_DRIVER if any(sign in reason for sign in signs)), None)


def of_system(error: OSError) -> Trouble:
    """What an error of the system means."""
    return _OF_SYSTEM.get(error.errno or 0, NO_ANSWER)
