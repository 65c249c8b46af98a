"""The safety plan: its sections, and the actions that answers and facts suggest, each with its reason.

A suggestion is offered, never added by itself: the client and the advocate choose, change and word it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from advocate_desk.domain.risk import Answers, DetailCheck, answer_to, has_detail
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


@dataclass(frozen=True, slots=True)
class PlanFact:
    """Something known of the file that may suggest an action; `label` says it as a reason."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One action.

    Suggested when any item of `when_yes` is yes, any of `when_detail` holds or any of `when_fact` is known, or
    `always`; and only if every key of `needs` is a known fact. `owner` is a key of action_owner. `due_days` counts
    calendar days from today; None is no date. `urgent` ones are shown first.
    """

    key: str
    section: str
    text: str
    reason: str
    owner: str
    when_yes: tuple[str, ...] = ()
    when_detail: tuple[DetailCheck, ...] = ()
    when_fact: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    always: bool = False
    due_days: int | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`resources/safety_plan/suggestions.toml`. `fact` lists every key that `when_fact` and `needs` may use."""

    source: Source
    review_days: int
    fact: tuple[PlanFact, ...]
    suggestion: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class Suggested:
    """A suggestion that applies, and the keys of the items and facts that brought it."""

    suggestion: Suggestion
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What the file knows that a plan must answer. Texts are keys of the choice lists of the same name.

    `alerts` are kinds of live alerts, `bail_kinds` those of bail in force today, `days_to_bail_end` the fewest days
    left of any of them, None without an end.
    """

    location_status: str = ""
    relationship_status: str = ""
    alerts: tuple[str, ...] = ()
    has_children: bool = False
    is_device_shared: bool = False
    bail_kinds: tuple[str, ...] = ()
    has_live_conditions: bool = False
    days_to_bail_end: int | None = None
    has_hearing_ahead: bool = False
    is_immigration_noted: bool = False


def plan_facts(known: Situation, soon_days: int = 14) -> frozenset[str]:
    """The facts (keys of the suggestions' own list) that follow from `known`; `soon_days` is when an end is soon."""
    in_custody = "remand_custody" in known.bail_kinds
    holds = {
        "lives_together": known.location_status == "with_perpetrator",
        "left_home": known.location_status in ("left", "relative", "refuge", "temporary", "no_fixed"),
        "temporary_home": known.location_status in ("relative", "refuge", "temporary", "no_fixed"),
        "separated": known.relationship_status in ("separating", "separated", "divorced"),
        "children": known.has_children,
        "pregnant": "pregnant" in known.alerts,
        "tracked_device": "tracked_device" in known.alerts,
        "health_need": "medical" in known.alerts,
        "shared_device": known.is_device_shared,
        "no_recourse": known.is_immigration_noted,
        "bail_live": known.has_live_conditions,
        "bail_ends_soon": known.days_to_bail_end is not None and known.days_to_bail_end <= soon_days,
        "rui": "rui" in known.bail_kinds,
        "no_protection": not known.has_live_conditions and not in_custody,
        "hearing_ahead": known.has_hearing_ahead,
        "in_custody": in_custody,
    }
    return frozenset(fact for fact, is_known in holds.items() if is_known)


def suggest(answers: Answers, facts: Collection[str], pack: Suggestions) -> tuple[Suggested, ...]:
    """What `answers` (form values of the risk assessment) and `facts` (keys) suggest: urgent first, then pack order."""
    found = []
    for suggestion in pack.suggestion:
        because = _because(suggestion, answers, facts)
        if (because or suggestion.always) and all(fact in facts for fact in suggestion.needs):
            found.append(Suggested(suggestion, because))
    return tuple(sorted(found, key=lambda suggested: not suggested.suggestion.urgent))


def due_on(suggestion: Suggestion, today: date) -> date | None:
    """The day by which the action is suggested to be done; None when it has no date."""
    return None if suggestion.due_days is None else today + timedelta(days=suggestion.due_days)


def review_on(made_on: date, pack: Suggestions) -> date:
    """When a plan made on `made_on` is looked at again, unless something happens first."""
    return made_on + timedelta(days=pack.review_days)


def _because(suggestion: Suggestion, answers: Answers, facts: Collection[str]) -> tuple[str, ...]:
    items = [key for key in suggestion.when_yes if answer_to(answers, key) == "yes"]
    details = [check.item or check.field for check in suggestion.when_detail if has_detail(check, answers)]
    known = [fact for fact in suggestion.when_fact if fact in facts]
    return tuple(dict.fromkeys([*items, *details, *known]))
