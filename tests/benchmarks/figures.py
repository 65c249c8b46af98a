"""One measurement, and the way every measurement is taken: the value and its floor turn by turn, in the same minutes.

A floor is the least that the machine needs for the same work. What else runs on the machine slows both, so the ratio
means something on any computer and an absolute time does not.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Act = Callable[[], object]

MS, MB, SHARE, COUNT = "ms", "MB", "share", "count"
FRAME_MS = 16.0
STALL_MS = 50.0
CORE_TARGET = 1.3
FLAT_TARGET = 1.3
FRAME_TARGET = 1.0
FEWEST = 3  # rounds


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` and `floor` in `unit`, `ratio` of the two, `target` of the ratio (met at or below). None: there is none.

    A `value` of None was not measured here: what it needs is not installed. `size` is a number of client files, or
    of records where an exchange is measured.
    """

    name: str
    size: int
    value: float | None
    unit: str
    floor: float | None = None
    ratio: float | None = None
    target: float | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the target is met; None where there is no target or no measurement."""
        return None if self.target is None or self.ratio is None else self.ratio <= self.target


def figure(name: str, size: int, value: float, unit: str, floor: float | None, target: float | None = None) -> Figure:
    """A figure with its ratio."""
    ratio = None if floor is None else round(value / max(floor, 1e-9), 3)
    return Figure(name, size, round(value, 3), unit, None if floor is None else round(floor, 3), ratio, target)


def turns(acts: Sequence[Act], rounds: int, most_s: float = 20.0) -> list[list[float]]:
    """Milliseconds of each act in each round, the acts in turn, after one round that warms up.

    Rounds in which the system gave the processor to another program are left out of an act's times where three are
    left: they would tell of that program. There are up to four times as many rounds as asked for, until three are left
    of every act. Ends early, with three rounds at least, once `most_s` have passed.
    """
    for act in acts:
        act()
    taken: list[list[tuple[float, bool]]] = [[] for _ in acts]
    end = time.perf_counter() + most_s
    for number in range(rounds * 4):
        is_enough = number >= rounds and all(sum(is_quiet for _, is_quiet in times) >= FEWEST for times in taken)
        if is_enough or (number >= FEWEST and time.perf_counter() > end):
            break
        for times, act in zip(taken, acts, strict=True):
            before, start = interruptions(), time.perf_counter()
            act()
            took_ms = (time.perf_counter() - start) * 1000
            times.append((took_ms, interruptions() == before))
    return [_undisturbed(times) for times in taken]


def _undisturbed(times: Sequence[tuple[float, bool]]) -> list[float]:
    quiet = [took_ms for took_ms, is_quiet in times if is_quiet]
    return quiet if len(quiet) >= FEWEST else [took_ms for took_ms, _is_quiet in times]


def interruptions() -> int:
    """How often the system has taken the processor from this thread so far; 0 where it does not tell."""
    if sys.platform != "linux":
        return 0
    import resource

    return resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw


def medians(acts: Sequence[Act], rounds: int) -> list[float]:
    """The median milliseconds of each act."""
    return [statistics.median(times) for times in turns(acts, rounds)]
