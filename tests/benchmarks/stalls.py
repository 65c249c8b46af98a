"""Finds the moments in which the GUI thread answers nobody, and what it was doing.

A timer of the event loop beats every two milliseconds. Another thread watches the beat: while it is late, it looks at
the GUI thread's Python stack. A stall is a beat that came late, its cause the place of ours that was seen most.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, Qt, QTimer, Slot

BEAT_MS = 2
LOOK_S = 0.003
OURS = "advocate_desk"
QT = "Qt itself: painting, layout, style"
FRAMES = 4  # of ours, innermost first, that name a cause


@dataclass(frozen=True, slots=True)
class Stall:
    """One late beat: how late, during which step of the session, and the places seen, innermost first.

    `busy_ms` is what the thread itself worked meanwhile; the rest it waited: for the interpreter, the disk, or its turn
    on a computer that others use too.
    """

    late_ms: float
    busy_ms: float
    step: str
    cause: str


@dataclass
class Watch:
    """The beat and what was found. `step` names what the session does now."""

    step: str = ""
    stalls: list[Stall] = field(default_factory=list)
    least_ms: float = 16.0
    last_beat: float = field(default_factory=time.perf_counter)
    worked: float = field(default_factory=time.thread_time)
    seen: Counter[str] = field(default_factory=Counter)
    stood: set[tuple[int, int]] = field(default_factory=set)  # where each other thread was at the last look

    def beat(self) -> None:
        """The event loop is at work."""
        now, worked = time.perf_counter(), time.thread_time()
        late_ms = (now - self.last_beat) * 1000 - BEAT_MS
        if late_ms >= self.least_ms:
            seen, self.seen = self.seen, Counter()
            cause = seen.most_common(1)[0][0] if seen else "not seen"
            self.stalls.append(Stall(late_ms, (worked - self.worked) * 1000, self.step, cause))
        elif self.seen:
            self.seen = Counter()
        self.last_beat, self.worked = now, worked

    def resume(self) -> None:
        """What was done since the last beat was the measuring itself."""
        self.seen = Counter()
        self.last_beat, self.worked = time.perf_counter(), time.thread_time()

    def look(self, frame: FrameType | None, others: Iterable[FrameType]) -> None:
        """Note where the GUI thread is, if its beat is late, and what of ours another thread does beside it.

        A thread that stands where it stood at the last look waits for something, and keeps the interpreter from nobody.
        """
        now = [(each, (id(each), each.f_lasti)) for each in others]
        moving = [each for each, place in now if place not in self.stood]
        self.stood = {place for _each, place in now}
        if (time.perf_counter() - self.last_beat) * 1000 >= self.least_ms / 2:
            busy = next((words for each in moving if (words := places(each)) != QT), "")
            self.seen[places(frame) + (f", beside {busy}" if busy else "")] += 1


def places(frame: FrameType | None) -> str:
    """The innermost call whatever it is, and the innermost calls of ours, as "module:line function"."""
    found: list[str] = []
    innermost = _place(frame) if frame is not None else ""
    while frame is not None and len(found) < FRAMES:
        if f"/{OURS}/" in frame.f_code.co_filename:
            found.append(_place(frame))
        frame = frame.f_back
    if found and found[0] != innermost:
        found.insert(0, innermost)
    return " < ".join(found) or QT


def _place(frame: FrameType) -> str:
    path = Path(frame.f_code.co_filename)
    parts = path.with_suffix("").parts
    start = parts.index(OURS) + 1 if OURS in parts else len(parts) - 1
    return f"{'.'.join(parts[start:])}:{frame.f_lineno} {frame.f_code.co_name}"


class _Beat(QObject):
    def __init__(self, watch: Watch) -> None:
        super().__init__()
        self._watch = watch
        self._timer = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start()

    @Slot()
    def _on_beat(self) -> None:
        self._watch.beat()

    def end(self) -> None:
        self._timer.stop()


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch the event loop of this thread until the block ends."""
    watch, over, gui = Watch(), threading.Event(), threading.get_ident()
    beat = _Beat(watch)

    def look_on() -> None:
        while not over.wait(LOOK_S):
            frames = sys._current_frames()
            own = threading.get_ident()
            watch.look(frames.pop(gui, None), (each for thread, each in frames.items() if thread != own))

    looker = threading.Thread(target=look_on, name="stall-watch", daemon=True)
    looker.start()
    try:
        yield watch
    finally:
        over.set()
        looker.join()
        beat.end()


@dataclass(frozen=True, slots=True)
class Cause:
    """Stalls of one step at one place: how many, and the worst of them."""

    step: str
    place: str
    count: int
    worst: Stall


def by_cause(stalls: list[Stall]) -> list[Cause]:
    """The stalls by step and place, the worst first."""
    found: dict[tuple[str, str], list[Stall]] = {}
    for each in stalls:
        found.setdefault((each.step, each.cause), []).append(each)
    causes = [
        Cause(step, place, len(seen), max(seen, key=lambda one: one.late_ms)) for (step, place), seen in found.items()
    ]
    return sorted(causes, key=lambda cause: -cause.worst.late_ms)
