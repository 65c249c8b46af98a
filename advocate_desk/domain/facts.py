"""A fact has a state: who told us, when, and whether it is heard, confirmed or out of date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class FactState(StrEnum):
    """How far a fact may be relied on. Keys of the choice list fact_state."""

    HEARD = "heard"
    CONFIRMED = "confirmed"
    OUT_OF_DATE = "out_of_date"


class FactSource(StrEnum):
    """Who told us. Keys of the choice list fact_source; a record may hold one that this version does not know."""

    CLIENT = "client"
    POLICE = "police"
    CPS = "cps"
    COURT = "court"
    WITNESS_CARE = "witness_care"
    PROBATION = "probation"
    PRISON = "prison"
    HEALTH = "health"
    HOUSING = "housing"
    SOCIAL_CARE = "social_care"
    SCHOOL = "school"
    SOLICITOR = "solicitor"
    MARAC = "marac"
    FAMILY_FRIEND = "family_friend"
    DOCUMENT = "document"
    ADVOCATE = "advocate"
    OTHER = "other"


SPOKEN_SOURCES: dict[str, str] = {
    FactSource.CLIENT: "heard from the client",
    FactSource.POLICE: "heard from the police",
    FactSource.CPS: "heard from the CPS",
    FactSource.COURT: "heard from the court",
    FactSource.WITNESS_CARE: "heard from witness care",
    FactSource.PROBATION: "heard from probation",
    FactSource.PRISON: "heard from the prison",
    FactSource.HEALTH: "heard from health",
    FactSource.HOUSING: "heard from housing",
    FactSource.SOCIAL_CARE: "heard from social care",
    FactSource.SCHOOL: "heard from the school",
    FactSource.SOLICITOR: "heard from a solicitor",
    FactSource.MARAC: "heard at Marac",
    FactSource.FAMILY_FRIEND: "heard from family or a friend",
    FactSource.DOCUMENT: "read in a document",
    FactSource.ADVOCATE: "seen by the advocate",
}
STATE_WORDS: dict[str, str] = {
    FactState.HEARD: "not confirmed",
    FactState.CONFIRMED: "confirmed",
    FactState.OUT_OF_DATE: "out of date",
}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class FactNote:
    """What is known about a fact. Sources and states are kept as stored, so that a newer one survives."""

    source: str = ""
    told_on: date | None = None
    state: str = ""


def short_day(day: date, today: date) -> str:
    """A date as "3 Nov", with its year unless that is `today`'s."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {MONTHS[day.month - 1]}{year}"


def fact_words(note: FactNote, today: date) -> str:
    """The words that stand beside a fact: "heard from the client, 3 Nov; not confirmed". "" when nothing is known."""
    parts = []
    if note.source:
        parts.append(SPOKEN_SOURCES.get(note.source, "heard"))
    if note.told_on:
        day = short_day(note.told_on, today)
        parts.append(day if note.source else f"noted {day}")
    state = STATE_WORDS.get(note.state, "")
    return "; ".join(part for part in (", ".join(parts), state) if part)


def is_firm(note: FactNote) -> bool:
    """True only for a confirmed fact: what a screen may show without a caution."""
    return note.state == FactState.CONFIRMED
