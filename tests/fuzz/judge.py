"""Gives inputs to a parser and says what must not happen.

That is: another exception than a refusal in words, words that quote what was read, an answer that does not come, memory
without bound, a property that does not hold.
"""

from __future__ import annotations

import random
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType

from advocate_desk.errors import DeskError
from tests.fuzz.guidance import Arcs
from tests.fuzz.mutation import spliced
from tests.fuzz.tally import Finding, Tally
from tests.fuzz.target import Feed, Target

_WORD = re.compile(r"[^\W\d_]{3,}")
_MOST_KEPT = 600
_PACKAGE = Path(__file__).resolve().parents[2] / "advocate_desk"


class Hung(BaseException):
    """The parser did not answer within its deadline."""


class Judge:
    """One parser under trial, guided by what its inputs made it do."""

    def __init__(self, target: Target, scratch: Path, seed: int, announce: Callable[[bytes], None]) -> None:
        self.target, self._announce = target, announce
        self._feed: Feed = target.start(scratch)
        self._rng = random.Random(f"{target.name} {seed}")
        self._arcs = Arcs(target.watched)
        self._known: set[int] = set()
        self._answers: set[str] = set()
        self._pool: list[bytes] = []
        self._places: set[str] = set()
        self.tally = Tally()

    def run(self, inputs: int) -> Tally:
        """Try the kept inputs, the seeds, and then changes of what did something new, `inputs` in all."""
        started = time.perf_counter()
        first = [*self.target.kept(), *self.target.seeds()]
        for data in first[:inputs]:
            self._pool.append(data)
            self.try_one(data)
        while self.tally.inputs < inputs:
            self.try_one(self._next())
        self.tally.seconds = time.perf_counter() - started
        self.tally.corpus, self.tally.arcs = len(self._pool), len(self._known)
        return self.tally

    def try_one(self, data: bytes) -> None:
        """Give one input, and keep it if it did what none before it did."""
        self._announce(data)
        began = time.perf_counter()
        with self._arcs.watching():
            answer = self._answer(data)
        self.tally.inputs += 1
        self.tally.longest_s = max(self.tally.longest_s, time.perf_counter() - began)
        new = self._arcs.seen - self._known
        if new or answer not in self._answers:
            self._known |= new
            self._answers.add(answer)
            if data not in self._pool:
                self._keep(data)

    def _next(self) -> bytes:
        # What was found last leads on more often than what has been tried for long.
        place = int(len(self._pool) * self._rng.random() ** 0.6)
        data = self._pool[min(place, len(self._pool) - 1)]
        if self._rng.random() < 0.08:
            data = spliced(self._rng, data, self._rng.choice(self._pool))
        return self.target.mutate(self._rng, data)

    def _keep(self, data: bytes) -> None:
        if len(self._pool) >= _MOST_KEPT:
            self._pool[self._rng.randrange(_MOST_KEPT)] = data
        else:
            self._pool.append(data)

    def _answer(self, data: bytes) -> str:
        """The words of a refusal with figures left out, or "" for an input that was read."""
        try:
            with deadline(self.target.deadline_s):
                self._feed(data)
        except DeskError as error:
            self.tally.refused += 1
            self._check_words(error, data)
            return re.sub(r"[\d,.]+", "#", error.advice)
        except Hung as error:
            self._found("no answer in time", error, data)
        except MemoryError as error:
            self._found("memory", error, data)
        except AssertionError as error:
            self._found("property", error, data)
        except BaseException as error:  # the point of it all: a Rust panic is no Exception
            if isinstance(error, KeyboardInterrupt):
                raise
            self._found(type(error).__name__, error, data)
        return ""

    def _check_words(self, error: DeskError, data: bytes) -> None:
        words = error.advice
        if not words.endswith(".") or len(words) > 400:
            self._found("words that say little", error, data)
        if not self.target.quotes and (strange := quoted(words)):
            self._found(f"words that quote ({len(strange)})", error, data)

    def _found(self, kind: str, error: BaseException, data: bytes) -> None:
        place = place_of(error)
        if (mark := f"{kind} {place}") not in self._places:
            self._places.add(mark)
            self.tally.findings.append(Finding(self.target.name, kind, place, data))


@contextmanager
def deadline(seconds: float) -> Iterator[None]:
    """Raise Hung in what takes more processor time, however busy the computer is.

    What sleeps, and native code that never returns, is ended from outside.
    """

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def quoted(words: str) -> set[str]:
    """Words that stand nowhere in the program: they can only have come from the input."""
    return {word.casefold() for word in _WORD.findall(words)} - own_words()


@cache
def own_words() -> frozenset[str]:
    """Every word of the program's source, capitals aside."""
    sources = (path.read_text("utf-8") for path in _PACKAGE.rglob("*.py"))
    return frozenset(word.casefold() for source in sources for word in _WORD.findall(source))


def place_of(error: BaseException) -> str:
    """Where it was raised: the last place in the program, and the last of all."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "advocate_desk" in frame.filename] or frames
    ends = dict.fromkeys(
        f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in (ours[-1:] or frames[-1:]) + frames[-1:]
    )
    return " < ".join(ends)


def bound_memory(more_mb: int) -> None:
    """Let this process grow by `more_mb` and no further, where the system can say so."""
    if not sys.platform.startswith("linux"):
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + more_mb * 1_000_000, hard))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
