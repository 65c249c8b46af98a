"""Writes down all that happens to the files of a folder: what SQLite writes, and what Python writes, names and flushes.

SQLite is watched from inside, by a virtual file system that stands in front of its own and sees each write, cut and
flush of database, log and journal. Python's files are small and written whole, so they are read when something is done
with them: flushed, renamed or removed, or when SQLite or the session speaks.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.faults.power.happenings import (
    Cut,
    Flushed,
    FolderFlushed,
    FolderMade,
    FolderNamed,
    FolderRemoved,
    Happening,
    Made,
    Named,
    Removed,
    Said,
    Written,
)
from tests.faults.power.sqlite_watch import SqliteWatcher


class Recorder:
    """What happens below `root`, in order. `say` puts in what the user is told."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.happenings: list[Happening] = []
        self._files: dict[str, int] = {}
        self._seen: dict[str, tuple[int, int, int]] = {}
        self._sqlite: set[int] = set()
        self._folders: set[str] = set()
        self._lock = threading.RLock()
        self._count = 0

    def say(self, what: object) -> None:
        """The user is told `what` now."""
        with self._lock:
            self.look()
            self.happenings.append(Said(what))

    def look(self) -> None:
        """Find what Python has written since the last look."""
        with self._lock:
            for place in sorted(self.root.rglob("*")):
                path = place.relative_to(self.root).as_posix()
                if place.is_dir():
                    self._see_folder(path)
                else:
                    self._see(place, path)

    def inside(self, path: str | bytes | Path) -> str | None:
        """The path below the watched folder, None for another one."""
        given = Path(os.fsdecode(path))
        full = given.parent.resolve() / given.name
        if full == self.root:
            return ""
        return full.relative_to(self.root).as_posix() if full.is_relative_to(self.root) else None

    def opened(self, path: str) -> int:
        """SQLite has opened a file of the folder."""
        with self._lock:
            self.look()
            if path not in self._files:
                self._make(path)
            self._sqlite.add(self._files[path])
            return self._files[path]

    def add(self, happening: Happening) -> None:
        """SQLite did something."""
        with self._lock:
            self.happenings.append(happening)

    def removed(self, path: str) -> None:
        """A name has gone."""
        with self._lock:
            file = self._files.pop(path, None)
            self._seen.pop(path, None)
            if file is not None:
                self.happenings.append(Removed(path, file))

    def named(self, old: str, new: str) -> None:
        """A name has become another."""
        with self._lock:
            if old in self._folders:
                self._folder_named(old, new)
                return
            if old not in self._files:
                return
            file = self._files.pop(old)
            self._files[new] = file
            if old in self._seen:
                self._seen[new] = self._seen.pop(old)
            self.happenings.append(Named(old, new, file))

    def _folder_named(self, old: str, new: str) -> None:
        self._files = {_moved(path, old, new): file for path, file in self._files.items()}
        self._seen = {_moved(path, old, new): mark for path, mark in self._seen.items()}
        self._folders = {_moved(path, old, new) for path in self._folders}
        self.happenings.append(FolderNamed(old, new))

    def flushed(self, path: str) -> None:
        """A file or folder was flushed."""
        with self._lock:
            if (self.root / path).is_dir():
                self.happenings.append(FolderFlushed(path))
            elif path in self._files:
                self.happenings.append(Flushed(self._files[path]))

    def folder_removed(self, path: str) -> None:
        """A folder has gone."""
        with self._lock:
            self._folders.discard(path)
            self.happenings.append(FolderRemoved(path))

    def _see_folder(self, path: str) -> None:
        if path not in self._folders:
            self._folders.add(path)
            self.happenings.append(FolderMade(path))

    def _see(self, place: Path, path: str) -> None:
        if path.endswith("-shm") or self._files.get(path) in self._sqlite:
            return  # shared memory means nothing after a power cut
        with contextlib.suppress(FileNotFoundError):
            found = place.stat()
            mark = (found.st_mtime_ns, found.st_size, found.st_ino)
            if not stat.S_ISREG(found.st_mode) or self._seen.get(path) == mark:
                return
            if path not in self._files:
                self._make(path)
            file = self._files[path]
            self.happenings.append(Cut(file, 0))
            self.happenings.append(Written(file, 0, place.read_bytes()))
            self._seen[path] = mark

    def _make(self, path: str) -> None:
        self._count += 1
        self._files[path] = self._count
        self.happenings.append(Made(path, self._count))


def _moved(path: str, old: str, new: str) -> str:
    return new + path[len(old) :] if path == old or path.startswith(f"{old}/") else path


# --- Python's files ---------------------------------------------------------------------------------------------------


def _watch_python(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    def after(name: str, tell: Callable[..., None]) -> None:
        real = getattr(os, name)

        def watched(*given: Any, **named: Any) -> Any:
            recorder.look()
            result = real(*given, **named)
            tell(*given)
            recorder.look()
            return result

        monkeypatch.setattr(os, name, watched)

    def on_flush(handle: int) -> None:
        path = recorder.inside(Path(f"/proc/self/fd/{handle}").readlink())
        if path is not None:
            recorder.flushed(path)

    def on_rename(old: Any, new: Any) -> None:
        places = recorder.inside(old), recorder.inside(new)
        if places[0] is not None and places[1] is not None:
            recorder.named(places[0], places[1])

    def told(tell: Callable[[str], None]) -> Callable[[Any], None]:
        def on_path(path: Any, *_: Any) -> None:
            place = recorder.inside(path)
            if place is not None:
                tell(place)

        return on_path

    for name, tell in (
        ("fsync", on_flush),
        ("fdatasync", on_flush),
        ("replace", on_rename),
        ("rename", on_rename),
        ("unlink", told(recorder.removed)),
        ("remove", told(recorder.removed)),
        ("rmdir", told(recorder.folder_removed)),
        ("mkdir", told(lambda _path: None)),  # the look after it finds the folder
    ):
        after(name, tell)


@contextmanager
def recording(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Recorder]:
    """Watch the files below `root` while inside. No connection may be open at either end. Linux only."""
    recorder = Recorder(root)
    watcher = SqliteWatcher(recorder)
    with monkeypatch.context() as patched:
        _watch_python(recorder, patched)
        watcher.start()
        try:
            yield recorder
            recorder.look()
        finally:
            watcher.stop()
