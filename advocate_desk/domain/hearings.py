"""Hearings: what an outcome means for the next one, and where special measures stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from advocate_desk.domain.sources import Source


@dataclass(frozen=True, slots=True)
class HearingOutcome:
    """How a hearing ended.

    `needs_next`: another hearing must follow, or be marked as not yet listed. `is_delay`: the case moved back without
    being dealt with, which counts as a re-listing and opens the delay tasks. `ends_case`: nothing further is listed.
    `before_day`: it can come before the day of the hearing; any other outcome waits for it.
    """

    key: str
    label: str
    help: str = ""
    needs_next: bool = False
    is_delay: bool = False
    ends_case: bool = False
    before_day: bool = False


@dataclass(frozen=True, slots=True)
class HearingOutcomes:
    """`resources/law/hearing_outcomes.toml`."""

    source: Source
    outcome: tuple[HearingOutcome, ...]


@dataclass(frozen=True, slots=True)
class SpecialMeasure:
    """One measure. `for_whom` is "vulnerable", "intimidated", "both", "child", "adult" or "practical"."""

    key: str
    label: str
    for_whom: str
    section: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class SpecialMeasures:
    """`resources/law/special_measures.toml`."""

    source: Source
    measure: tuple[SpecialMeasure, ...]


def hearing_outcome(outcomes: HearingOutcomes, key: str) -> HearingOutcome | None:
    """The meaning of the outcome `key`; None when there is none yet or the list no longer has it."""
    return next((outcome for outcome in outcomes.outcome if outcome.key == key), None)


def needs_next_hearing(outcomes: HearingOutcomes, key: str) -> bool:
    """True if, after the outcome `key`, a date for the next hearing is to be asked for."""
    known = hearing_outcome(outcomes, key)
    return known is not None and known.needs_next


def is_delay(outcomes: HearingOutcomes, key: str) -> bool:
    """True if the outcome `key` moved the case back: counted as a re-listing, and the delay tasks open."""
    known = hearing_outcome(outcomes, key)
    return known is not None and known.is_delay


def can_come_before_its_day(outcomes: HearingOutcomes, key: str) -> bool:
    """True if the outcome `key` may be recorded while the hearing still lies ahead."""
    known = hearing_outcome(outcomes, key)
    return known is not None and known.before_day


def delay_days(listed_on: date, listed_again_on: date) -> int:
    """Calendar days by which the case moved; never below 0."""
    return max(0, (listed_again_on - listed_on).days)


def is_measure_waiting(state: str) -> bool:
    """True while somebody still has to ask, apply or decide, so that the time limit matters.

    Source: Youth Justice and Criminal Evidence Act 1999, Part II, chapter I; Criminal Procedure Rules, part 18.
    """
    return state in ("wanted", "requested", "applied")
