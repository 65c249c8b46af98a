"""The safety plan: its sections, and the actions that answers and facts suggest, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

from advocate_desk.domain.sources import Source


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A part of the plan. `card_title` is what the discreet card calls it, so that it says nothing to others."""

    key: str
    title: str
    prompt: str
    card_title: str


@dataclass(frozen=True, slots=True)
class PlanSections:
    """`resources/safety_plan/sections.toml`."""

    source: Source
    section: tuple[PlanSection, ...]
