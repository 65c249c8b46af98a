"""How a client's consent to sharing stands, out of everything that was recorded about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

GIVEN, REFUSED, WITHDRAWN, NOT_SOUGHT = "given", "refused", "withdrawn", "not_sought"


@dataclass(frozen=True, slots=True)
class Consent:
    """A consent in force: given, refused, withdrawn or not_sought, and the day of that, None when nobody noted it."""

    state: str
    on: date | None = None


class Decision(Protocol):
    """What was recorded about one scope at one time."""

    @property
    def scope(self) -> str:
        """What it is about."""

    @property
    def decision(self) -> str:
        """What was decided."""

    @property
    def decided_on(self) -> date | None:
        """When."""

    @property
    def withdrawn_on(self) -> date | None:
        """When it was taken back."""


def in_force(decisions: Iterable[Decision]) -> dict[str, Consent]:
    """The consent that stands for each scope; `decisions` come in the order in which they were recorded.

    The latest day wins, and of one day what was recorded last. A refusal or withdrawal without a day stands over
    everything: when in doubt, nothing is shared. What was given without a day gives way to everything.
    """
    found: dict[str, Consent] = {}
    for each in sorted(decisions, key=_weight):
        found[each.scope] = _as_it_stands(each)
    return found


def _weight(each: Decision) -> date:
    days = [day for day in (each.decided_on, each.withdrawn_on) if day is not None]
    if days:
        return max(days)
    return date.max if _as_it_stands(each).state in (REFUSED, WITHDRAWN) else date.min


def _as_it_stands(each: Decision) -> Consent:
    if each.withdrawn_on is not None or each.decision == WITHDRAWN:
        return Consent(WITHDRAWN, each.withdrawn_on or each.decided_on)
    return Consent(each.decision, each.decided_on)
