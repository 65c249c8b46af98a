"""When a case meets the criteria for a Marac: alternatives, of which one is enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from advocate_desk.domain.days import add_months
from advocate_desk.domain.risk import Answers, Finding
from advocate_desk.domain.sources import Source


@dataclass(frozen=True, slots=True)
class MaracRules:
    """`resources/practice/marac.toml`; an area may set its own `escalation_events` and `repeat_definition`."""

    source: Source
    escalation_events: int
    escalation_months: int
    repeat_months: int
    repeat_definition: str


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What stands beside the answers.

    `judgement`: the professional's own words for her serious concern. `event_dates`: abuse of the past, reported or
    not. `new_event_on`, `is_new_event_crime`: the latest event between the same two people, and whether it would be a
    crime if reported.
    """

    judgement: str = ""
    event_dates: tuple[date, ...] = ()
    last_referral_on: date | None = None
    new_event_on: date | None = None
    is_new_event_crime: bool = False


CRITERION_WORDS = {
    "visible_high_risk": "Visible high risk",
    "professional_judgement": "Professional judgement",
    "potential_escalation": "Potential escalation",
    "repeat": "Repeat",
}


def marac_criteria(finding: Finding, case: Circumstances, on: date, rules: MaracRules) -> tuple[str, ...]:
    """Keys of the criteria met on the day `on`, in the order of CRITERION_WORDS; any one is enough.

    Source: SafeLives, Marac referral criteria.
    """
    met = {
        "visible_high_risk": bool(finding.floor),
        "professional_judgement": bool(case.judgement.strip()),
        "potential_escalation": is_escalating(case.event_dates, on, rules),
        "repeat": is_repeat(case, rules),
    }
    return tuple(key for key in CRITERION_WORDS if met[key])


def is_escalating(event_dates: Iterable[date], on: date, rules: MaracRules) -> bool:
    """True if the number of events that the area asks for lies within its months up to `on`, both days included."""
    since = add_months(on, -rules.escalation_months)
    return sum(since <= day <= on for day in event_dates) >= rules.escalation_events


def is_repeat(case: Circumstances, rules: MaracRules) -> bool:
    """True if the new event came by the anniversary of the last referral, that day included.

    By the current definition any abuse counts; by the older one only what would be a crime if reported. A later event
    is a new referral. Source: SafeLives, definition of a repeat; the anniversary day is this program's convention.
    """
    if case.last_referral_on is None or case.new_event_on is None or case.new_event_on < case.last_referral_on:
        return False
    if rules.repeat_definition == "older" and not case.is_new_event_crime:
        return False
    return case.new_event_on <= add_months(case.last_referral_on, rules.repeat_months)


def circumstances_from(answers: Answers) -> Circumstances:
    """What the closing section of a risk form says, half done or not; a text that is no date is passed over.

    The judgement counts only while the form says that there are reasonable grounds.
    """
    rows = answers.get("events")
    events = [_day(row.get("on")) for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    has_grounds = answers.get("reasonable_grounds_for_marac") == "yes"
    return Circumstances(
        judgement=str(answers.get("judgement") or "") if has_grounds else "",
        event_dates=tuple(day for day in events if day),
        last_referral_on=_day(answers.get("last_marac_on")),
        new_event_on=_day(answers.get("new_event_on")),
        is_new_event_crime=answers.get("new_event_crime") == "yes",
    )


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None
