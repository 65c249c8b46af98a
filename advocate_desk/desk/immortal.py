"""WORKAROUND for PySide6 6.12 on Python 3.11; goes when Python 3.12 is the oldest that is supported.

`Signal.emit` returns True without owning a reference to it, so each emission takes one from the interpreter's own
count. Before Python 3.12, where True is immortal, the program ends with "deallocating True or False" after some
thousands of signals: measured, always minus one an emission, whatever is sent and whether or not anybody listens.
"""

from __future__ import annotations

import sys

_RESERVE = 1 << 40  # emissions: at a thousand a second, thirty years
_CALL_REFERENCES = 4  # what a call may hold for a moment

_kept: list[bool | None] = []


def keep_true_alive() -> None:
    """Give True, False and None more references than signals can ever take.

    Does nothing the second time, or from Python 3.12 on.
    """
    if _kept or sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    import ctypes  # noqa: PLC0415 - behind the first page

    for one in (True, False, None):
        count = ctypes.c_ssize_t.from_address(id(one))  # a CPython object begins with its count of references
        if abs(count.value - sys.getrefcount(one)) <= _CALL_REFERENCES:  # else a debug build's header
            count.value += _RESERVE
            _kept.append(one)
