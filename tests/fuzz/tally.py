"""What a run over one parser came to."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Finding:
    """An input that broke a parser: how, and where in the code."""

    target: str
    kind: str
    place: str
    data: bytes = field(repr=False)


@dataclass
class Tally:
    """What a run over one target did."""

    inputs: int = 0
    refused: int = 0
    seconds: float = 0.0
    longest_s: float = 0.0
    corpus: int = 0
    arcs: int = 0
    findings: list[Finding] = field(default_factory=list)
