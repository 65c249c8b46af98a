"""Hearings: what an outcome means for the next one, and where special measures stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from advocate_desk.domain.sources import Source


@dataclass(frozen=True, slots=True)
class HearingOutcome:
    """How a hearing ended.

    `needs_next`: another hearing must follow, or be marked as not yet listed. `is_delay`: the case moved back without
    being dealt with, which counts as a re-listing and opens the delay tasks. `ends_case`: nothing further is listed.
    """

    key: str
    label: str
    help: str = ""
    needs_next: bool = False
    is_delay: bool = False
    ends_case: bool = False


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


def is_outcome_missing(starts_at: datetime, outcome_key: str, now: datetime) -> bool:
    """True if the hearing began before `now` and nobody has recorded how it ended. All moments aware."""
    return not outcome_key and starts_at < now


def delay_days(listed: datetime, listed_again: datetime) -> int:
    """Days by which the case moved, counted by calendar day in the zone of the arguments; never below 0."""
    return max(0, (listed_again.date() - listed.date()).days)


MEASURE_STEPS = {
    "": ("wanted", "requested", "applied", "granted", "opted_out"),
    "wanted": ("requested", "applied", "granted", "opted_out"),
    "requested": ("applied", "granted", "refused", "opted_out"),
    "applied": ("granted", "refused", "varied", "opted_out"),
    "granted": ("varied", "opted_out"),
    "refused": ("requested", "applied", "varied", "granted"),
    "varied": ("applied", "granted", "opted_out"),
    "opted_out": ("wanted", "requested"),
}


def next_measure_states(state: str) -> tuple[str, ...]:
    """The states that usually follow `state` ("" at the start), likeliest first; a person may still record another.

    Source: Youth Justice and Criminal Evidence Act 1999, Part II, chapter I; Criminal Procedure Rules, part 18.
    """
    return MEASURE_STEPS.get(state, ())


def is_measure_waiting(state: str) -> bool:
    """True while somebody still has to decide or apply, so that the deadline matters."""
    return state in ("wanted", "requested", "applied")
