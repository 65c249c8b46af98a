"""Sees from outside when a window is painted: reads pixels of an X display, whoever drew them.

All programs are watched the same way, so that one in C++ can stand beside one in Python.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

LINES = tuple(range(20, 740, 24))
"""The heights that are looked at: a button, a line of text or a picture of a window cannot lie between two."""
LOOK_EVERY_S = 0.002
PATIENCE_S = 60.0
_ALL_PLANES = 0xFFFFFFFF
_Z_PIXMAP = 2


class _Image(ctypes.Structure):
    _fields_ = (
        ("width", ctypes.c_int),
        ("height", ctypes.c_int),
        ("xoffset", ctypes.c_int),
        ("format", ctypes.c_int),
        ("data", ctypes.c_void_p),
    )


class NeverPainted(RuntimeError):
    """No window came, or it stayed empty."""


class Screen:
    """An X display by name (":7"). A context: it hangs up at the end. Raises OSError where there is none."""

    def __init__(self, name: str) -> None:
        self._x: Any = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        self._x.XOpenDisplay.restype = ctypes.c_void_p
        self._x.XDefaultRootWindow.restype = ctypes.c_ulong
        self._x.XGetImage.restype = ctypes.POINTER(_Image)
        opened = self._x.XOpenDisplay(name.encode())
        if not opened:
            raise OSError(f"no display {name}")
        self._display = ctypes.c_void_p(opened)
        self._root = ctypes.c_ulong(self._x.XDefaultRootWindow(self._display))
        self._width = int(self._x.XDisplayWidth(self._display, 0))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._x.XCloseDisplay(self._display)

    def colours(self, enough: int) -> int:
        """How many colours stand on the lines that are looked at; counting ends at `enough`."""
        seen: set[int] = set()
        for line in LINES:
            seen.update(self._line(line))
            if len(seen) >= enough:
                break
        return len(seen)

    def wait_painted(self, colours: int, is_alive: Callable[[], bool]) -> float:
        """`time.perf_counter()` of the first look that found as many colours. Raises NeverPainted."""
        end = time.perf_counter() + PATIENCE_S
        while (now := time.perf_counter()) < end and is_alive():
            if self.colours(colours) >= colours:
                return time.perf_counter()
            time.sleep(max(0.0, LOOK_EVERY_S - (time.perf_counter() - now)))
        raise NeverPainted

    def wait_empty(self) -> None:
        """Wait until no window is left."""
        end = time.perf_counter() + PATIENCE_S
        while self.colours(2) > 1 and time.perf_counter() < end:
            time.sleep(LOOK_EVERY_S)

    def _line(self, y: int) -> tuple[int, ...]:
        found = self._x.XGetImage(
            self._display, self._root, 0, y, self._width, 1, ctypes.c_ulong(_ALL_PLANES), _Z_PIXMAP
        )
        try:
            return tuple((ctypes.c_uint32 * self._width).from_address(found.contents.data))
        finally:
            self._x.XDestroyImage(found)
