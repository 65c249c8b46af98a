"""What an input made the parser do: which line followed which, in the modules that are watched.

The interpreter's own tracing is enough: it needs no build, runs wherever the program runs, and a line costs a third of
a microsecond. Native code (expat, zlib, calamine, libjpeg) is not seen; for it the answer that came out stands in.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

_LINES = 1 << 14  # more than the longest module has
_Trace = Callable[[FrameType, str, Any], Any]


class Arcs:
    """Collects arcs (line to line, across calls) of code whose file name contains one of `watched`."""

    def __init__(self, watched: Sequence[str]) -> None:
        self._watched = tuple(watched)
        self._tracers: dict[CodeType, _Trace | None] = {}
        self._places = 0
        self._last = 0
        self.seen: set[int] = set()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Collect into `seen` what this thread runs meanwhile."""
        self.seen = set()
        self._last = 0
        sys.settrace(self._on_call)
        try:
            yield
        finally:
            sys.settrace(None)

    def _on_call(self, frame: FrameType, _event: str, _argument: object) -> _Trace | None:
        code = frame.f_code
        try:
            return self._tracers[code]
        except KeyError:
            is_watched = any(part in code.co_filename for part in self._watched)
            made = self._tracers[code] = self._tracer() if is_watched else None
            return made

    def _tracer(self) -> _Trace:
        """One for each code object: telling code objects apart in every event costs more than the event."""
        self._places += 1
        base = self._places * _LINES * _LINES

        def on_event(frame: FrameType, event: str, _argument: object) -> _Trace:
            if event == "line":
                line = frame.f_lineno
                self.seen.add(base + self._last * _LINES + line)
                self._last = line
            return on_event

        return on_event
