"""What is fuzzed: one parser of outside data, what it is fed with, and what it may answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.fuzz.mutation import Mutate, bytewise

Feed = Callable[[bytes], None]
"""Gives one input to the parser. Returns when it was read or refused as a value; raises what the parser raises, and
AssertionError where a property does not hold."""

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Target:
    """One parser.

    `start` makes ready in a scratch folder and gives the feed. `seeds` are whole inputs; those that once broke the
    parser are kept in corpus/NAME and join them. `share` is its part of a run, relative to the others. `watched` are
    parts of file names whose lines guide the search. `quotes`: its words may quote the input, because it is a file of
    the program's own and says nothing of anybody.
    """

    name: str
    share: float
    start: Callable[[Path], Feed]
    seeds: Callable[[], Sequence[bytes]]
    watched: tuple[str, ...]
    mutate: Mutate = field(default_factory=bytewise)
    quotes: bool = False
    deadline_s: float = 5.0
    memory_mb: int = 600

    def kept(self) -> list[bytes]:
        """Inputs that once broke it."""
        return [path.read_bytes() for path in sorted((CORPUS / self.name).glob("*")) if path.is_file()]


def text_of(data: bytes) -> str:
    """An input as typed or pasted text. Half characters stay: an input method may leave one."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")
