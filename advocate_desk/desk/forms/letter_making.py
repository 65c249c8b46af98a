"""A court letter from a form's values: what stands against it, what it would tell, and the PDF itself.

Nothing here touches a widget. `judge` is quick and runs while somebody types; `make` runs off the GUI thread.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from advocate_desk.casework.letters import LetterMade
from advocate_desk.desk.forms.convert import day_of, text_of
from advocate_desk.desk.forms.letter_known import Basis, court_lines
from advocate_desk.documents.disclosure import Preflight, Secrets, Sharing, preflight
from advocate_desk.documents.fonts import FontSet
from advocate_desk.documents.letter import Addressee, ComposedLetter, CourtLetterFacts, compose
from advocate_desk.documents.letter_form import facts_from_form
from advocate_desk.documents.letter_pages import letter_pdf
from advocate_desk.documents.letter_template import Include
from advocate_desk.domain.consent import Consent
from advocate_desk.domain.days import long_day
from advocate_desk.domain.disclosure import Objection, ObjectionKind
from advocate_desk.domain.identity import RecordId
from advocate_desk.errors import Invalid

CONSENT = "consent"
IN = "in_"  # + a fact's key: whether it goes into the letter
TICK = "tick_"  # + a fact's key: that it was confirmed on this letter
SEEN = "seen"  # the hash of the pages that were looked at
CONSENT_STATE = "consent_state"
NOT_KEPT = frozenset({SEEN, CONSENT_STATE, "prefilled_for"})


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("LetterForm", text)


@dataclass(frozen=True)
class Judged:
    """What a letter would tell and what stands against it. `missing` are fields still to be filled, by key."""

    preflight: Preflight
    objections: tuple[Objection, ...]
    missing: tuple[tuple[str, str], ...]
    to_whom: str
    addressee_kind: str
    ground: str
    consent: Consent
    is_worker_known: bool

    @property
    def may_be_made(self) -> bool:
        """True when nothing is missing, refused or unconfirmed."""
        blocked = any(each.blocks for each in self.objections)
        return not blocked and not self.missing and self.is_worker_known

    def problems(self) -> dict[str, str]:
        """What to say under which field."""
        found: dict[str, str] = {}
        for each in self.objections:
            if each.blocks:
                is_tick = each.kind is ObjectionKind.NEEDS_TICK
                found.setdefault(f"{TICK}{each.item_key}" if is_tick else each.item_key or "gateway", each.text)
        found.update({key: tr("{0} is needed.").format(label) for key, label in self.missing})
        return found


def facts_of(basis: Basis, values: Mapping[str, Any]) -> CourtLetterFacts:
    """The facts of a form's values."""
    about, gateway = text_of(values, "about"), text_of(values, "gateway")
    court = basis.packs.court(text_of(values, "court_name"))
    readable = {
        **values,
        "court_name": court.name if court else text_of(values, "court_name"),
        "hearing": text_of(values, "hearing").removesuffix("T"),
    }
    is_consent = gateway == CONSENT
    return facts_from_form(
        readable,
        basis.measures(about),
        consent_on=day_of(values, "consent_on") if is_consent else None,
        gateway="" if is_consent or not gateway else basis.packs.label("gateway", gateway),
    )


def included_of(basis: Basis, values: Mapping[str, Any]) -> frozenset[str]:
    """The facts that the worker puts in."""
    return frozenset(
        fact.key for fact in basis.template.fact if values.get(f"{IN}{fact.key}", fact.include is not Include.OFF)
    )


def ticked_of(basis: Basis, values: Mapping[str, Any]) -> frozenset[str]:
    """The facts that were confirmed on this letter."""
    return frozenset(fact.key for fact in basis.template.fact if values.get(f"{TICK}{fact.key}") is True)


def judge(basis: Basis, values: Mapping[str, Any]) -> Judged:
    """What the letter would tell with these values, and what stands against it."""
    kinds = [each.kind for each in basis.template.addressee]
    kind = text_of(values, "addressee_kind")
    kind = kind if kind in kinds else kinds[0]
    consent, gateway = basis.consent(kind), text_of(values, "gateway")
    given = frozenset(scope for scope, each in basis.consents.items() if each.state == "given")
    facts = facts_of(basis, values)
    found = preflight(
        basis.template,
        facts.values(basis.template.name_style),
        included_of(basis, values),
        ticked_of(basis, values),
        Sharing(kind, given, gateway),
        basis.rules,
        _secrets(basis, values),
    )
    lines = address_lines(values)
    return Judged(
        preflight=found,
        objections=tuple(sorted([*_own(basis, values, consent), *found.objections], key=_weight)),
        missing=tuple(_missing(basis, values, facts)),
        to_whom=", ".join(lines[:2]),
        addressee_kind=kind,
        ground=_ground(basis, values),
        consent=consent,
        is_worker_known=bool(basis.worker.name and basis.worker.role and basis.worker.phone),
    )


def address_lines(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Name and address of the addressee, a line each."""
    return tuple(line.strip() for line in text_of(values, "addressee").splitlines() if line.strip())


def make(basis: Basis, values: Mapping[str, Any], fonts: FontSet) -> tuple[ComposedLetter, bytes]:
    """The letter in words and as its exact pages: the same values give the same bytes.

    Raises Invalid while something needed is missing, Refused for a character that no font has.
    """
    letter = compose(
        basis.template,
        facts_of(basis, values),
        judge(basis, values).preflight.included,
        basis.letterhead,
        basis.worker,
        Addressee(text_of(values, "addressee_kind"), address_lines(values)),
        basis.today,
        reference=basis.known.file.banner.reference,
        version=basis.template.version,
    )
    return letter, letter_pdf(fonts, letter)


def letter_to_keep(basis: Basis, values: Mapping[str, Any], fonts: FontSet) -> LetterMade:
    """The letter with all that is kept of it.

    Raises Invalid, its problems by field, while anything stands against it, or when its pages are no longer those that
    were looked at.
    """
    judged = judge(basis, values)
    if not judged.may_be_made:
        raise Invalid(_refusal(judged), judged.problems())
    _letter, pdf = make(basis, values, fonts)
    seen = text_of(values, SEEN)
    if seen and seen != page_hash(pdf):
        raise Invalid(
            tr(
                "The letter has changed since you looked at it: the file, the letterhead or the day is another. "
                "Nothing was saved. Preview it again, then save it."
            )
        )
    hearing, case = basis.hearing(text_of(values, "about")), basis.case(text_of(values, "about"))
    is_consent = text_of(values, "gateway") == CONSENT
    return LetterMade(
        template=basis.template.key,
        template_version=basis.template.version,
        title=basis.template.title,
        addressee_kind=judged.addressee_kind,
        addressee=", ".join(address_lines(values)),
        facts={key: value for key, value in values.items() if key not in NOT_KEPT},
        disclosed=judged.preflight.disclosed,
        pdf=pdf,
        gateway=text_of(values, "gateway"),
        necessity="" if is_consent else text_of(values, "necessity"),
        client_agreed_on=day_of(values, "consent_on") if is_consent else None,
        case_id=RecordId(case.case_id) if case else None,
        hearing_id=RecordId(hearing.hearing_id) if hearing else None,
        consent="given" if is_consent else judged.consent.state,
    )


def page_hash(pdf: bytes) -> str:
    """What proves that two letters are the same bytes."""
    return hashlib.sha256(pdf).hexdigest()


def _refusal(judged: Judged) -> str:
    if not judged.is_worker_known:
        return tr("The letter was not saved yet: it needs your name, role and work phone. Add them in Settings.")
    return tr("The letter was not saved yet. What stands against it is marked below; what you typed is kept.")


def _own(basis: Basis, values: Mapping[str, Any], consent: Consent) -> Iterator[Objection]:
    """What the rules of disclosure cannot know: her refusal, a day ahead, and what stands outside the facts."""
    is_consent = text_of(values, "gateway") == CONSENT
    if consent.state in ("refused", "withdrawn"):
        kind = ObjectionKind.REFUSED if is_consent else ObjectionKind.WARNING
        yield Objection(kind, consent_words(consent), "gateway")
    agreed_on = day_of(values, "consent_on")
    if is_consent and agreed_on is not None and agreed_on > basis.today:
        yield Objection(ObjectionKind.REFUSED, tr("The day on which she agreed has not come yet."), "consent_on")
    for key, label in (("addressee", tr("Name and address")), ("client_short", tr("Name after the first mention"))):
        yield from _secrets(basis, values).found_in(key, label, text_of(values, key))


def _secrets(basis: Basis, values: Mapping[str, Any]) -> Secrets:
    """What stays out, apart from the name and address of the court that the letter is for."""
    court = text_of(values, "court_name")
    if not court:
        return basis.secrets
    return replace(basis.secrets, apart_from=(*basis.secrets.apart_from, *court_lines(basis.packs, court)))


def consent_words(consent: Consent) -> str:
    """How her consent stands, in a sentence."""
    on = tr(" on {0}").format(long_day(consent.on)) if consent.on else ""
    match consent.state:
        case "given":
            return tr("She agreed to sharing with the court, the CPS and witness care{0}.").format(on)
        case "refused":
            return tr("She refused sharing with the court, the CPS and witness care{0}.").format(on)
        case "withdrawn":
            return tr("She withdrew her consent to sharing with the court, the CPS and witness care{0}.").format(on)
        case _:
            return tr("Whether she agrees to sharing with the court, the CPS and witness care is not recorded.")


def _missing(basis: Basis, values: Mapping[str, Any], facts: CourtLetterFacts) -> Iterator[tuple[str, str]]:
    if not text_of(values, "addressee_kind"):
        yield "addressee_kind", tr("Who it goes to")
    if not address_lines(values):
        yield "addressee", tr("Name and address")
    known = facts.values(basis.template.name_style)
    for fact in basis.template.fact:
        if fact.required and not known.get(fact.key):
            yield fact.key, fact.label
    gateway = text_of(values, "gateway")
    if gateway == CONSENT and day_of(values, "consent_on") is None:
        yield "consent_on", tr("The day on which she agreed")
    if gateway and gateway != CONSENT and not text_of(values, "necessity"):
        yield "necessity", tr("Why it is needed and in proportion")


def _ground(basis: Basis, values: Mapping[str, Any]) -> str:
    gateway, on = text_of(values, "gateway"), day_of(values, "consent_on")
    if not gateway:
        return ""
    label = basis.packs.label("gateway", gateway)
    return f"{label}, {long_day(on)}" if gateway == CONSENT and on else label


def _weight(objection: Objection) -> int:
    return [ObjectionKind.REFUSED, ObjectionKind.NEEDS_TICK, ObjectionKind.WARNING].index(objection.kind)
