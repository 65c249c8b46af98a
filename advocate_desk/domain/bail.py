"""Bail: the kinds, the conditions, and how long the police may keep a suspect on it before charge."""

from __future__ import annotations

from dataclasses import dataclass

from advocate_desk.domain.sources import Source


@dataclass(frozen=True, slots=True)
class BailKind:
    """A way of being at large, or in custody, while a case runs."""

    key: str
    label: str
    granted_by: str
    ends_with: str
    on_breach: str


@dataclass(frozen=True, slots=True)
class BailKinds:
    """`resources/law/bail_kinds.toml`."""

    source: Source
    kind: tuple[BailKind, ...]


@dataclass(frozen=True, slots=True)
class ConditionCode:
    """What a condition forbids or demands, whatever it is attached to."""

    key: str
    label: str
    help: str = ""


@dataclass(frozen=True, slots=True)
class ConditionCodes:
    """`resources/law/conditions.toml`."""

    source: Source
    condition: tuple[ConditionCode, ...]


@dataclass(frozen=True, slots=True)
class BailPeriod:
    """One step of bail before charge.

    `months` run from the day after arrest, or from the end of the step before when `counts_from` is "previous_end".
    `standard` steps are those of an ordinary case.
    """

    key: str
    label: str
    months: int
    counts_from: str
    authority: str
    section: str
    standard: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class BailPeriods:
    """`resources/law/bail_periods.toml`: steps, when to warn before an end, and what to ask then."""

    source: Source
    alert_days: tuple[int, ...]
    ask: str
    paused_note: str
    period: tuple[BailPeriod, ...]
