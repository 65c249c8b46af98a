"""The criminal case: its stages, what a police outcome means, and how long a summary charge may be brought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from advocate_desk.domain.days import add_months
from advocate_desk.domain.sources import Source


@dataclass(frozen=True, slots=True)
class CaseStage:
    """One step from report to court. `ends_case` when nothing follows unless the decision is reopened."""

    key: str
    label: str
    acts: str
    phase: str
    can_end_here: str = ""
    ends_case: bool = False


@dataclass(frozen=True, slots=True)
class CaseStages:
    """`resources/law/case_stages.toml`, in the order that a case takes them."""

    source: Source
    stage: tuple[CaseStage, ...]


def is_before_charge(stages: CaseStages, key: str) -> bool:
    """True while the word is "the suspect" and bail is the police's; False for a stage that is not known."""
    return any(stage.key == key and stage.phase == "before_charge" for stage in stages.stage)


def word_for_accused(stages: CaseStages, key: str) -> str:
    """What court letters call the perpetrator at the stage `key`: "the suspect", "the defendant" or "the offender".

    An unknown stage gives "the suspect", which claims least.
    """
    phase = next((stage.phase for stage in stages.stage if stage.key == key), "before_charge")
    return {"charged": "the defendant", "convicted": "the offender"}.get(phase, "the suspect")


@dataclass(frozen=True, slots=True)
class OutcomeCode:
    """A police outcome.

    `victim_supported` is None where the code does not say. `review` says whether the Victims' Right to
    Review is open: "open", "usually_not", "ask" or "" (not that kind of decision).
    """

    key: str
    label: str
    victim_supported: bool | None = None
    review: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeCodes:
    """`resources/law/outcome_codes.toml`."""

    source: Source
    outcome: tuple[OutcomeCode, ...]


def victim_supported(codes: OutcomeCodes, key: str) -> bool | None:
    """Whether the outcome `key` records that the client supported the case; None where the code does not say.

    Source: Home Office crime outcomes framework, codes 14, 15 and 16.
    """
    return next((outcome.victim_supported for outcome in codes.outcome if outcome.key == key), None)


@dataclass(frozen=True, slots=True)
class OffenceNote:
    """An offence that is common in domestic abuse work: what people call it, its codes, and its limit on charging.

    `short` and `also_called` are searched; `cjs_codes` are the base codes, best first. `summary_limit` is "" (none:
    either way or indictable), "six_months" or "domestic_abuse".
    """

    key: str
    short: str
    cjs_codes: tuple[str, ...]
    also_called: str = ""
    law: str = ""
    summary_limit: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OffenceNotes:
    """`resources/law/offences.toml`."""

    source: Source
    offence: tuple[OffenceNote, ...]


def offence_note(notes: OffenceNotes, cjs_code: str) -> OffenceNote | None:
    """What is known of the offence with this code, by its base code; None for most of the 27,000."""
    return next((note for note in notes.offence if cjs_code in note.cjs_codes), None)


def is_closed_without_charge(stages: Iterable[str]) -> bool:
    """True if the last of the stage events recorded is that police or CPS took no further action."""
    reached = list(stages)
    return bool(reached) and reached[-1] == "closed_no_charge"


@dataclass(frozen=True, slots=True)
class SummaryLimit:
    """The last day on which a summary-only charge may be brought, and the rule in words."""

    last_day: date
    rule: str


def summary_limit(offence_on: date, reported_on: date | None, limit: str) -> SummaryLimit | None:
    """Until when a summary-only charge may be brought; `limit` is that of the offence's note. None when there is none.

    "six_months" from the offence: Magistrates' Courts Act 1980, section 127. "domestic_abuse": six months from the
    formal report, two years from the offence at most: Criminal Justice Act 1988, section 39A, inserted by Police,
    Crime, Sentencing and Courts Act 2022, section 49, in force from 28 June 2022. Never rolled to a working day.
    """
    if limit == "domestic_abuse" and reported_on is not None:
        last = min(add_months(reported_on, 6), add_months(offence_on, 24))
        return SummaryLimit(last, "Six months from the report, and two years from the offence at most")
    if limit in ("domestic_abuse", "six_months"):
        return SummaryLimit(add_months(offence_on, 6), "Six months from the offence")
    return None
