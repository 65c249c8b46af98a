"""The lists that a choice is made from."""

from __future__ import annotations

from dataclasses import dataclass

from advocate_desk.domain.forms import Option
from advocate_desk.domain.sources import Source


@dataclass(frozen=True, slots=True)
class ChoiceList:
    """One file of `resources/lists/choices/`: its options in the order they are shown."""

    source: Source
    option: tuple[Option, ...]
