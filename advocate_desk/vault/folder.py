"""What a desk's folder is recognised by. The unlock window asks this first, before anything else of the vault."""

from __future__ import annotations

from pathlib import Path

FILE_NAME = "vault.json"
SPARE_NAME = "vault.json.spare"
DATABASE_NAME = "caseload.db"
READY = "restoring"
"""A folder with what is to be put in place of the caseload: it stands there only in the middle of a restore."""
MARKER = "removing"
"""What says that the desk is to be destroyed: it is finished before anything is opened (`destroying.py`)."""
NOTE = "removed"
"""What is left of a desk that was destroyed: when, and how much had not been sent."""


def is_removing(folder: Path) -> bool:
    """Whether the desk there is to be destroyed, or was and nobody has made a new one."""
    return (folder / MARKER).exists() or (folder / NOTE).exists()


def has_vault(folder: Path) -> bool:
    """Whether the folder holds a desk, or enough of one that a new one must not be made over it."""
    return any((folder / name).exists() for name in (FILE_NAME, SPARE_NAME, DATABASE_NAME)) or is_restoring(folder)


def is_restoring(folder: Path) -> bool:
    """Whether a restore was decided there and is not finished: until it is, the desk is not opened."""
    return (folder / READY).is_dir()
