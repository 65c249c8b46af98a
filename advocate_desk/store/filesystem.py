"""Whether a folder lies on this computer or is shared over a network, which decides how SQLite may keep its journal."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
# fmt: off
_REMOTE = frozenset(
    {
        "9p", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "glusterfs", "gfs2", "gpfs", "lustre",
        "ncpfs", "nfs", "nfs4", "ocfs2", "orangefs", "prl_fs", "smb3", "smbfs", "vboxsf", "virtiofs", "vmhgfs",
    }
)
_LOCAL_FUSE = frozenset(
    {
        "fuseblk", "fuse.ntfs-3g", "fuse.exfat", "fuse.gocryptfs", "fuse.encfs", "fuse.cryfs", "fuse.mergerfs",
    }
)
# fmt: on
_WINDOWS_REMOTE = 4  # DRIVE_REMOTE of GetDriveTypeW
_MAC_LOCAL, _MAC_FLAGS_AT, _MAC_STATFS_BYTES = 0x1000, 64, 4096  # MNT_LOCAL, and where statfs keeps f_flags


def is_remote(path: Path) -> bool:
    """Whether the file or folder at `path` may be reached by another computer at the same time.

    A file system of a program (FUSE) that is not known to be local counts as remote, and so does a folder shared with a
    virtual machine: what is safe on a network is safe everywhere, and the other way round it is not.
    """
    if sys.platform == "win32":
        return _is_remote_on_windows(path)
    if sys.platform == "darwin":
        return _is_remote_on_mac(path)
    return _is_remote_kind(mounted_as(path))


def mounted_as(path: Path) -> str:
    """The kind of file system that `path` lies on ("ext4", "nfs4", "fuse.sshfs"), "" where Linux does not say."""
    try:
        lines = _MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    return kind_at(os.path.realpath(path), lines)


def kind_at(path: str, mountinfo: Iterable[str]) -> str:
    """The kind of file system at the absolute `path`, from the lines of Linux's mountinfo. The latest mount covers."""
    found, longest = "", -1
    for line in mountinfo:
        before, _, after = line.partition(" - ")
        parts = before.split(" ")
        if len(parts) < 5 or not after:
            continue
        place = _unescaped(parts[4]).rstrip("/")
        if (path == place or path.startswith(place + "/")) and len(place) >= longest:
            found, longest = after.split(" ")[0], len(place)
    return found


def _unescaped(point: str) -> str:
    """A mount point, which mountinfo writes with spaces and the like as octal numbers."""
    written = point.encode("utf-8", "surrogateescape").decode("unicode_escape")
    return written.encode("latin-1").decode("utf-8", "surrogateescape")


def _is_remote_kind(kind: str) -> bool:
    return kind in _REMOTE or (kind.startswith("fuse") and kind not in _LOCAL_FUSE)


def _is_remote_on_windows(path: Path) -> bool:
    drive = path.resolve().drive
    if drive.startswith("\\\\"):  # a share by its own name
        return True
    windll = getattr(ctypes, "windll", None)
    return windll is not None and windll.kernel32.GetDriveTypeW(f"{drive}\\") == _WINDOWS_REMOTE


def _is_remote_on_mac(path: Path) -> bool:
    there = path if path.exists() else path.parent
    answer = ctypes.create_string_buffer(_MAC_STATFS_BYTES)
    if ctypes.CDLL(None).statfs(os.fsencode(there), answer) != 0:
        return False
    flags = int.from_bytes(answer.raw[_MAC_FLAGS_AT : _MAC_FLAGS_AT + 4], sys.byteorder)
    return not flags & _MAC_LOCAL
