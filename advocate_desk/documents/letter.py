"""The court support letter: from facts to paragraphs, and from paragraphs to pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from advocate_desk.documents.characters import clean, clean_line
from advocate_desk.documents.letter_template import (
    Include,
    LetterAddressee,
    LetterPart,
    LetterTemplate,
    PartKind,
    check_template,
    fill,
)
from advocate_desk.documents.letterhead import Letterhead, Worker
from advocate_desk.domain.days import long_day
from advocate_desk.errors import Blocked, Invalid

SLOTS = frozenset(
    {
        "client_short",
        "consent_date",
        "gateway",
        "service_name",
        "the_matter",
        "worker_accreditation",
        "worker_email",
        "worker_name",
        "worker_phone",
        "worker_qualification",
        "worker_role",
        "worker_since",
    }
)
"""What a court letter may say besides its facts."""

LISTS = frozenset({"measures", "practical_requests"})

_MATTERS = {
    "suspect": "the allegation against the suspect",
    "defendant": "the allegation against the defendant",
    "convicted": "the offence",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure asked for: its label, the section of the 1999 Act or "", and where the request stands, as a phrase."""

    label: str
    section: str = ""
    standing: str = ""

    @property
    def words(self) -> str:
        """As it stands in the list of the letter."""
        act = f" (section {self.section}, Youth Justice and Criminal Evidence Act 1999)" if self.section else ""
        standing = f": {self.standing}" if self.standing else ""
        return f"{self.label}{act}{standing}"


@dataclass(frozen=True, slots=True)
class CourtLetterFacts:
    """What is known for a court letter; an empty value is one that nobody has given yet.

    `perpetrator_is` is "suspect" before charge, "defendant" after it, "convicted" after conviction. Exactly one of
    `consent_on` and `gateway` (the label of a lawful gateway) says why the letter may be shared.
    """

    client_name: str = ""
    client_short: str = ""
    court_name: str = ""
    urn: str = ""
    hearing_on: date | None = None
    hearing_time: time | None = None
    defendant_name: str = ""
    perpetrator_is: str = "defendant"
    supported_since: date | None = None
    referral_route: str = ""
    contact_count: int | None = None
    effect_words: str = ""
    measures: tuple[Measure, ...] = ()
    practical_requests: tuple[str, ...] = ()
    availability: str = ""
    consent_on: date | None = None
    gateway: str = ""

    def values(self, name_style: str = "full") -> dict[str, str]:
        """Each fact of the template as it would be printed; "" for one that is missing."""
        return {
            "client_name": client_name(self.client_name, name_style),
            "court_name": clean_line(self.court_name),
            "urn": clean_line(self.urn),
            "hearing": self._hearing(),
            "defendant_name": clean_line(self.defendant_name),
            "supported_since": long_day(self.supported_since) if self.supported_since else "",
            "referral_route": clean_line(self.referral_route),
            "contact_count": _contacts(self.contact_count),
            "effect_words": clean(self.effect_words).strip(),
            "measures": "\n".join(self.lists()["measures"]),
            "practical_requests": "\n".join(self.lists()["practical_requests"]),
            "availability": clean_line(self.availability),
        }

    def lists(self) -> dict[str, tuple[str, ...]]:
        """The facts that are lists."""
        practical = (clean_line(line) for line in self.practical_requests)
        return {
            "measures": tuple(clean_line(measure.words) for measure in self.measures),
            "practical_requests": tuple(line for line in practical if line),
        }

    def _hearing(self) -> str:
        if self.hearing_on is None:
            return ""
        return long_day(self.hearing_on) + (f" at {clock_time(self.hearing_time)}" if self.hearing_time else "")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who the letter goes to: a key of addressee_kind, and name and address as they stand on the letter."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WrittenPart:
    """A part with its words: a heading, paragraph, plain words, quotation, or a list of `items`."""

    kind: PartKind
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComposedLetter:
    """A whole letter in words, ready to be set. `included` are the keys of the facts that it states."""

    title: str
    letterhead: Letterhead
    worker: Worker
    addressee: tuple[str, ...]
    written_on: date
    reference: str
    subject: str
    case_rows: tuple[tuple[str, str], ...]
    salutation: str
    parts: tuple[WrittenPart, ...]
    closing: str
    consent: str
    notice: str
    version: str
    included: tuple[str, ...]

    def text(self) -> str:
        """The words of the letter, a line each, for comparing and for searching."""
        rows = [f"{label}: {value}" for label, value in self.case_rows]
        parts = [line for part in self.parts for line in (part.items or (part.text,))]
        return "\n".join([*self.addressee, self.subject, *rows, self.salutation, *parts, self.closing, self.consent])


def default_included(template: LetterTemplate) -> frozenset[str]:
    """The facts that go in unless the worker decides otherwise."""
    return frozenset(fact.key for fact in template.fact if fact.include is not Include.OFF)


def compose(
    template: LetterTemplate,
    facts: CourtLetterFacts,
    included: Collection[str],
    letterhead: Letterhead,
    worker: Worker,
    addressee: Addressee,
    written_on: date,
    *,
    reference: str = "",
    version: str = "1",
) -> ComposedLetter:
    """The letter in words.

    Raises Blocked for an addressee that the template is not meant for, Invalid while a required fact is missing, and
    BrokenResource if the template asks for something that no court letter knows.
    """
    check_template(template, SLOTS, LISTS)
    greeting = _greeting(template, addressee)
    values = facts.values(template.name_style)
    _refuse_missing(template, facts, values, worker)
    always = {fact.key for fact in template.fact if fact.include is Include.ALWAYS}
    shown = {key: value for key, value in values.items() if value and (key in included or key in always)}
    slots = shown | _slots(facts, letterhead, worker, shown)
    consent = template.consent.given if facts.consent_on else template.consent.gateway
    return ComposedLetter(
        title=template.document_title,
        letterhead=letterhead,
        worker=worker,
        addressee=tuple(line for line in map(clean_line, addressee.lines) if line),
        written_on=written_on,
        reference=clean_line(reference),
        subject=fill(template.subject, slots),
        case_rows=_case_rows(shown),
        salutation=greeting.salutation,
        parts=tuple(_written(part, slots, facts) for part in template.part if _is_shown(part, shown)),
        closing=greeting.closing,
        consent=fill(consent, slots),
        notice=template.notice,
        version=f"Version {version}",
        included=tuple(fact.key for fact in template.fact if fact.key in shown),
    )


def client_name(name: str, style: str) -> str:
    """`name` as the letter prints it: in full, or the first letter of each part ("initials")."""
    whole = clean_line(name)
    if style == "initials":
        return " ".join(f"{part[0]}." for part in whole.split())
    return whole


def clock_time(at: time) -> str:
    """A time as British letters write it: "9.15 am"."""
    hour = at.hour % 12 or 12
    return f"{hour}.{at.minute:02d} {'am' if at.hour < 12 else 'pm'}"


def _contacts(count: int | None) -> str:
    if not count:
        return ""
    return "one contact" if count == 1 else f"{count} contacts"


def _greeting(template: LetterTemplate, addressee: Addressee) -> LetterAddressee:
    for known in template.addressee:
        if known.kind == addressee.kind:
            return known
    raise Blocked(f"The {template.title.lower()} is not meant for this addressee. Choose another letter or addressee.")


def _refuse_missing(template: LetterTemplate, facts: CourtLetterFacts, values: dict[str, str], worker: Worker) -> None:
    problems = {f.key: f"{f.label} is needed." for f in template.fact if f.required and not values.get(f.key)}
    if not (facts.consent_on or facts.gateway):
        problems["consent"] = "Say when the client agreed, or on which lawful basis the letter is shared."
    if not (worker.name and worker.role and worker.phone):
        problems["worker"] = "Your name, role and work phone are needed. Add them in the letterhead settings."
    if problems:
        raise Invalid("The letter cannot be made yet: some facts are missing. What you entered is kept.", problems)


def _slots(facts: CourtLetterFacts, letterhead: Letterhead, worker: Worker, shown: dict[str, str]) -> dict[str, str]:
    return {
        "client_short": clean_line(facts.client_short) or shown["client_name"],
        "consent_date": long_day(facts.consent_on) if facts.consent_on else "",
        "gateway": clean_line(facts.gateway),
        "service_name": clean_line(letterhead.service_name),
        "the_matter": _MATTERS.get(facts.perpetrator_is, _MATTERS["defendant"]),
        "worker_accreditation": clean_line(worker.accreditation),
        "worker_email": clean_line(worker.email),
        "worker_name": clean_line(worker.name),
        "worker_phone": clean_line(worker.phone),
        "worker_qualification": clean_line(worker.qualification),
        "worker_role": clean_line(worker.role),
        "worker_since": clean_line(worker.since),
    }


def _case_rows(shown: dict[str, str]) -> tuple[tuple[str, str], ...]:
    rows = [("Court", "court_name"), ("Hearing", "hearing"), ("Case reference", "urn"), ("Defendant", "defendant_name")]
    return tuple((label, shown[key]) for label, key in rows if key in shown)


def _is_shown(part: LetterPart, shown: Collection[str]) -> bool:
    any_of = not part.when_any or any(key in shown for key in part.when_any)
    return any_of and all(key in shown for key in part.when)


def _written(part: LetterPart, slots: dict[str, str], facts: CourtLetterFacts) -> WrittenPart:
    if part.kind is PartKind.LIST:
        return WrittenPart(part.kind, items=facts.lists()[part.each])
    return WrittenPart(part.kind, fill(part.text, slots))
