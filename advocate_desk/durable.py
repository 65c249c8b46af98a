"""Names that survive a power cut: flushing a file keeps what is in it, and only flushing its folder keeps its name."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_NOT_ASKED_OF_FOLDERS = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.ENOSYS})
"""What file systems answer that keep names by themselves, or cannot: shared folders of virtual machines, some FUSE."""


def sync_folder(folder: Path) -> None:
    """Have the names in `folder` survive a power cut, where its file system can be asked for that. Raises OSError."""
    if os.name != "posix":  # Windows has no handle on a folder to flush; its rename is journalled
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NOT_ASKED_OF_FOLDERS:
            raise
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make `folder`, and those above it that are not there, for their owner alone, to stay. Raises OSError."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in missing:
        sync_folder(each.parent)
