"""The letter's facts as a form, and the form's values as facts: what the template asks, in the template's order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from advocate_desk.documents.letter import CourtLetterFacts, Measure
from advocate_desk.documents.letter_template import LetterTemplate
from advocate_desk.domain.forms import Field, FieldKind, FormSpec, Section

CLIENT_SHORT = Field(
    "client_short",
    FieldKind.TEXT,
    "Name after the first mention",
    help="Such as “Ms Rees”. Left empty, the letter uses the full name throughout.",
)
STAGE = Field("perpetrator_is", FieldKind.CHOICE, "Where the case is", options="letter_stage", required=True)
STAGES = {"suspect": "Before charge", "defendant": "After charge", "convicted": "After conviction"}
"""The options of `STAGE`, which the form's opener supplies."""


def letter_form(template: LetterTemplate) -> FormSpec:
    """Every fact of `template` in its order, required ones marked, after them how the letter speaks of the parties."""
    facts = tuple(fact.field() for fact in template.fact)
    sections = (
        Section("facts", "What the letter says", facts),
        Section("wording", "How it says it", (CLIENT_SHORT, STAGE)),
    )
    return FormSpec(f"letter.{template.key}", template.title, sections, template.version, intro=template.purpose)


def facts_from_form(
    values: Mapping[str, object],
    measures: Mapping[str, Measure],
    *,
    consent_on: date | None = None,
    gateway: str = "",
) -> CourtLetterFacts:
    """The facts in a form's `values` (shapes of `domain.forms`).

    `measures` gives each key of special_measure its words. A date, time or number that is not one yet counts as
    missing.
    """
    hearing_on, hearing_time = _moment(_text(values, "hearing"))
    chosen = values.get("measures")
    keys = [str(key) for key in chosen] if isinstance(chosen, (list, tuple)) else []
    count = values.get("contact_count")
    return CourtLetterFacts(
        client_name=_text(values, "client_name"),
        client_short=_text(values, "client_short"),
        court_name=_text(values, "court_name"),
        urn=_text(values, "urn"),
        hearing_on=hearing_on,
        hearing_time=hearing_time,
        defendant_name=_text(values, "defendant_name"),
        perpetrator_is=_text(values, "perpetrator_is") or "defendant",
        supported_since=_moment(_text(values, "supported_since"))[0],
        referral_route=_text(values, "referral_route"),
        contact_count=count if isinstance(count, int) and count >= 0 else None,
        effect_words=_text(values, "effect_words"),
        measures=tuple(measures.get(key, Measure(key)) for key in keys),
        practical_requests=tuple(_text(values, "practical_requests").split("\n")),
        availability=_text(values, "availability"),
        consent_on=consent_on,
        gateway=gateway,
    )


def _text(values: Mapping[str, object], key: str) -> str:
    value = values.get(key)
    return value.strip() if isinstance(value, str) else ""


def _moment(text: str) -> tuple[date | None, time | None]:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None, None
    return moment.date(), moment.time() if "T" in text else None
