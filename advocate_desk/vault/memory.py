"""Keeps secrets in memory to this process: no core dump holds them, no swap file takes them, and text can be zeroed."""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Callable
from functools import cache

_PR_SET_DUMPABLE = 4  # Source: linux/prctl.h


def refuse_dumps() -> None:
    """No core file of this process, and on Linux no other program of the same user reads its memory. Never fails."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - not on Windows

    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def keep_from_swap(buffer: bytearray) -> None:
    """Ask the system to leave the pages of `buffer` out of the swap file. It may refuse, and nothing depends on it.

    Pages are never given back: other keys stand on the same ones, and all keys together stand on few.
    """
    lock = _locker()
    if lock is not None and buffer:
        lock(ctypes.addressof(ctypes.c_char.from_buffer(buffer)), len(buffer))


@cache
def _locker() -> Callable[[int, int], object] | None:
    try:
        if sys.platform == "win32":
            call = ctypes.windll.kernel32.VirtualLock
        else:
            call = ctypes.CDLL(None).mlock
    except (OSError, AttributeError):
        return None
    call.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    return call


def wipe_text(text: str) -> None:
    """Overwrite a secret that a library handed over as a string; Python has no other way to be rid of it.

    Only where the caller alone holds it, in one variable, and it is plain ASCII: else nothing happens. It must have
    been made at run time, and must not be looked at again.
    """
    if sys.implementation.name != "cpython" or len(text) < 2 or not text.isascii():
        return
    if sys.getrefcount(text) > _held_by_one():
        return
    address = ctypes.pythonapi.PyUnicode_AsUTF8
    address.restype, address.argtypes = ctypes.c_void_p, [ctypes.py_object]
    ctypes.memset(address(text), 0, len(text))


@cache
def _held_by_one() -> int:
    """What this interpreter counts for a string that a caller holds in one variable and has passed on once."""
    text = str(b"made here", "ascii")
    return _references(text)


def _references(text: str) -> int:
    return sys.getrefcount(text)
