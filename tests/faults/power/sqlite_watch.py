"""Watches SQLite from inside: a virtual file system before its own, which tells a recorder each write and flush."""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from typing import Any, Protocol

from sqlcipher3 import _sqlite3 as driver

from tests.faults.power.happenings import Cut, Flushed, Happening, Written, folder_of


class Listener(Protocol):
    """What is told."""

    def inside(self, path: str | bytes) -> str | None:
        """The path below the watched folder, None for another one."""
        ...

    def opened(self, path: str) -> int:
        """A file was opened; its number."""
        ...

    def add(self, happening: Happening) -> None:
        """Something was done to a file."""
        ...

    def removed(self, path: str) -> None:
        """A name has gone."""
        ...

    def flushed(self, path: str) -> None:
        """The names of a folder were flushed."""
        ...


_OPEN = CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p, c_int, c_void_p)
_DELETE = CFUNCTYPE(c_int, c_void_p, c_char_p, c_int)
_CLOSE = CFUNCTYPE(c_int, c_void_p)
_WRITE = CFUNCTYPE(c_int, c_void_p, c_void_p, c_int, c_int64)
_TRUNCATE = CFUNCTYPE(c_int, c_void_p, c_int64)
_SYNC = CFUNCTYPE(c_int, c_void_p, c_int)


class _Vfs(Structure):
    """Source: sqlite3.h, struct sqlite3_vfs, version 3."""

    _fields_ = [
        ("version", c_int),
        ("file_size", c_int),
        ("longest_path", c_int),
        ("next", c_void_p),
        ("name", c_char_p),
        ("data", c_void_p),
        ("open", _OPEN),
        ("delete", _DELETE),
        ("rest", c_void_p * 14),
    ]


class _Methods(Structure):
    """Source: sqlite3.h, struct sqlite3_io_methods, version 3."""

    _fields_ = [
        ("version", c_int),
        ("close", _CLOSE),
        ("read", c_void_p),
        ("write", _WRITE),
        ("truncate", _TRUNCATE),
        ("sync", _SYNC),
        ("rest", c_void_p * 13),
    ]


_SUPER_OR_MAIN_JOURNAL_OR_LOG = 0x4000 | 0x0800 | 0x80000
_CREATE = 0x4


class SqliteWatcher:
    """A virtual file system like the system's own, which tells a recorder what it is asked for."""

    def __init__(self, recorder: Listener) -> None:
        self._recorder = recorder
        self._library = ctypes.CDLL(driver.__file__)
        self._library.sqlite3_vfs_find.restype = POINTER(_Vfs)
        self._real = self._library.sqlite3_vfs_find(None)
        self._vfs = _Vfs.from_buffer_copy(self._real.contents)
        self._vfs.name = b"watched"
        self._open, self._delete = _OPEN(self._on_open), _DELETE(self._on_delete)
        self._vfs.open, self._vfs.delete = self._open, self._delete
        self._tables: dict[int, tuple[_Methods, _Methods, list[Any]]] = {}
        self._files: dict[int, tuple[int, str]] = {}  # by SQLite's handle
        self._flushes_folder: set[int] = set()

    def start(self) -> None:
        """Be what new connections use."""
        assert self._library.sqlite3_vfs_register(ctypes.byref(self._vfs), 1) == 0

    def stop(self) -> None:
        """Be used no more. Connections must have been closed."""
        assert not self._files, "a connection is still open"
        assert self._library.sqlite3_vfs_unregister(ctypes.byref(self._vfs)) == 0
        assert self._library.sqlite3_vfs_register(self._real, 1) == 0

    def _on_open(self, _vfs: int, name: int | None, handle: int, flags: int, flags_out: int) -> int:
        status = int(self._real.contents.open(ctypes.addressof(self._real.contents), name, handle, flags, flags_out))
        path = self._recorder.inside(ctypes.string_at(name)) if name and status == 0 else None
        if path is not None:
            file = self._recorder.opened(path)
            self._files[handle] = (file, path)
            if flags & _SUPER_OR_MAIN_JOURNAL_OR_LOG and flags & _CREATE:
                self._flushes_folder.add(handle)
            table = c_void_p.from_address(handle)
            assert table.value is not None
            table.value = ctypes.addressof(self._watched(table.value))
        return status

    def _on_delete(self, _vfs: int, name: bytes, flushes_folder: int) -> int:
        status = int(self._real.contents.delete(ctypes.addressof(self._real.contents), name, flushes_folder))
        path = self._recorder.inside(name)
        if path is not None and status == 0:
            self._recorder.removed(path)
            if flushes_folder:
                self._recorder.flushed(folder_of(path))
        return status

    def _watched(self, address: int) -> _Methods:
        """A table of methods like the one at `address`, but for those that change a file."""
        if address not in self._tables:
            real = _Methods.from_address(address)
            made = _Methods.from_buffer_copy(real)
            calls = [
                _CLOSE(lambda handle: self._on_close(real, handle)),
                _WRITE(lambda handle, data, size, offset: self._on_write(real, handle, data, size, offset)),
                _TRUNCATE(lambda handle, size: self._on_truncate(real, handle, size)),
                _SYNC(lambda handle, flags: self._on_sync(real, handle, flags)),
            ]
            made.close, made.write, made.truncate, made.sync = calls
            self._tables[address] = (real, made, calls)
        return self._tables[address][1]

    def _on_close(self, real: _Methods, handle: int) -> int:
        self._files.pop(handle, None)
        self._flushes_folder.discard(handle)
        return int(real.close(handle))

    def _on_write(self, real: _Methods, handle: int, data: int, size: int, offset: int) -> int:
        status = int(real.write(handle, data, size, offset))
        if status == 0 and handle in self._files:
            self._recorder.add(Written(self._files[handle][0], offset, ctypes.string_at(data, size)))
        return status

    def _on_truncate(self, real: _Methods, handle: int, size: int) -> int:
        status = int(real.truncate(handle, size))
        if status == 0 and handle in self._files:
            self._recorder.add(Cut(self._files[handle][0], size))
        return status

    def _on_sync(self, real: _Methods, handle: int, flags: int) -> int:
        status = int(real.sync(handle, flags))
        if status == 0 and handle in self._files:
            file, path = self._files[handle]
            self._recorder.add(Flushed(file))
            if handle in self._flushes_folder:  # SQLite's own: the first flush of a new log flushes its folder too
                self._flushes_folder.discard(handle)
                self._recorder.flushed(folder_of(path))
        return status
