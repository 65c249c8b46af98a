"""A drive that goes away with a desk on it, and comes back: a mount, cut off while files on it are open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path


def can_mount() -> bool:
    """Whether this user may mount disks in memory."""
    return sys.platform.startswith("linux") and os.geteuid() == 0


class Drive:
    """The folder `at`, where the drive is seen. `swaps` gives it another device when it comes back, as a share has.

    Where nothing may be mounted the folder is moved away and back: its files stay open in the program all the same.
    """

    def __init__(self, room: Path, *, swaps: bool) -> None:
        self.at = room / "share"
        self._swaps, self._mounts = swaps and can_mount(), can_mount()
        self._rooms = [room / "one", room / "two"]
        self.at.mkdir()
        if self._mounts:
            for each in self._rooms:
                each.mkdir()
                _mount("-t", "tmpfs", "-o", "size=64m", "tmpfs", str(each))
            self.come()

    def go(self) -> None:
        """Vanish, with everything that is open on it."""
        if not self._mounts:
            self.at.rename(self.at.with_name("away"))
            return
        subprocess.run(["umount", "--lazy", str(self.at)], check=True)
        if self._swaps:
            old, new = self._rooms
            shutil.copytree(old, new, dirs_exist_ok=True)
            self._rooms.reverse()

    def come(self) -> None:
        """Be there."""
        if self._mounts:
            _mount("--bind", str(self._rooms[0]), str(self.at))
        else:
            self.at.with_name("away").rename(self.at)

    def end(self) -> None:
        """Take it away for good."""
        if self._mounts:
            for each in (self.at, *self._rooms):
                subprocess.run(["umount", "--lazy", str(each)], check=False, capture_output=True)


def _mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
