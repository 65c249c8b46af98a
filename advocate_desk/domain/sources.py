"""Where a piece of law, practice or reference data comes from, and when it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """The `[source]` table of a resource.

    `read_on` is when we read it, `as_of` the day its content describes; `in_force_from` and `in_force_to` (both
    inclusive) bound a rule. `unconfirmed` says what in it nobody could check, and is shown beside the rule.
    """

    title: str
    licence: str
    read_on: date | None = None
    as_of: date | None = None
    in_force_from: date | None = None
    in_force_to: date | None = None
    unconfirmed: str = ""


def is_in_force(source: Source, on: date) -> bool:
    """True if `on` lies within the source's dates; a missing end is open."""
    started = source.in_force_from is None or source.in_force_from <= on
    return started and (source.in_force_to is None or on <= source.in_force_to)
