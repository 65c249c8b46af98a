"""What may leave a file, and to whom: the rules between a fact and a page."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from advocate_desk.domain.sources import Source


class Sensitivity(StrEnum):
    """Why a column may not be shown to just anybody. Every mapped column carries one."""

    NONE = "none"
    LOCATION = "location"
    IMMIGRATION = "immigration"
    HEALTH = "health"
    THIRD_PARTY = "third_party"
    EQUALITIES = "equalities"


class AddresseeKind(StrEnum):
    """Who a document is for. Keys of the choice list addressee_kind."""

    COURT = "court"
    CPS = "cps"
    POLICE = "police"
    WITNESS_CARE = "witness_care"
    HOME_OFFICE = "home_office"
    HOUSING = "housing"
    SOCIAL_CARE = "social_care"
    GP = "gp"
    SCHOOL = "school"
    EMPLOYER = "employer"
    BENEFITS = "benefits"
    LANDLORD = "landlord"
    CREDITOR = "creditor"
    SOLICITOR = "solicitor"
    IMMIGRATION_SOLICITOR = "immigration_solicitor"
    PROBATION = "probation"
    PRISON = "prison"
    MARAC = "marac"
    CLIENT = "client"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class AddresseeRule:
    """What sharing with this addressee rests on: `scope` is the consent asked for ("" where none is needed)."""

    key: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class SensitivityRule:
    """Who may be given facts of one sensitivity.

    `only`, unless empty, names the only addressees; `never` names those refused. Nobody overrides either. `free` need
    no confirmation; everybody else needs each such item ticked on this very document. `needs_scope` is a consent
    without which nobody but the client and our own service gets it.
    """

    key: str
    reason: str
    only: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    free: tuple[str, ...] = ()
    needs_scope: str = ""


@dataclass(frozen=True, slots=True)
class TopicRule:
    """Something that stays out of documents unless it is chosen on purpose, whatever its column's sensitivity.

    As SensitivityRule, but `allowed` may be given it with a tick and anybody not in `free` or `allowed` is refused.
    """

    key: str
    label: str
    reason: str
    free: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DisclosureRules:
    """`resources/disclosure/rules.toml`."""

    source: Source
    addressee: tuple[AddresseeRule, ...]
    sensitivity: tuple[SensitivityRule, ...]
    topic: tuple[TopicRule, ...]


@dataclass(frozen=True, slots=True)
class DisclosureItem:
    """One thing that a document would say. `label` names the kind of thing ("home address"), never the thing itself.

    `topic` is a key of the topic rules, or "". `is_ticked`: the advocate confirmed it on this document.
    """

    key: str
    label: str
    sensitivity: Sensitivity = Sensitivity.NONE
    topic: str = ""
    is_ticked: bool = False


class ObjectionKind(StrEnum):
    """How hard an objection is."""

    REFUSED = "refused"
    NEEDS_TICK = "needs_tick"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Objection:
    """Why something may not, or not yet, go out. `item_key` is "" when it is about the document as a whole."""

    kind: ObjectionKind
    text: str
    item_key: str = ""

    @property
    def blocks(self) -> bool:
        """True while the document may not be made: refused for good, or a tick is missing."""
        return self.kind is not ObjectionKind.WARNING


def check(
    items: Iterable[DisclosureItem],
    addressee: str,
    consents: Collection[str],
    gateway: str,
    rules: DisclosureRules,
) -> tuple[Objection, ...]:
    """What stands against giving `items` to `addressee`; nothing does when no objection blocks.

    `consents` are the scopes given and not withdrawn, `gateway` the ground for sharing (a key of that list, "" while
    none is chosen). Immigration status never reaches police, court or Home Office: no consent or tick changes that.
    Raises ValueError for an addressee that the rules do not know.
    """
    known = next((rule for rule in rules.addressee if rule.key == addressee), None)
    if known is None:
        raise ValueError("unknown addressee")
    found = list(_about_the_whole(known, consents, gateway))
    for item in items:
        found += _about_item(item, addressee, consents, rules)
    return tuple(found)


def may_be_given(item: DisclosureItem, addressee: str, rules: DisclosureRules) -> bool:
    """True unless the rules refuse this item to this addressee for good: what a form may offer at all."""
    everything = {rule.needs_scope for rule in rules.sensitivity}
    return not any(each.kind is ObjectionKind.REFUSED for each in _about_item(item, addressee, everything, rules))


def _about_the_whole(known: AddresseeRule, consents: Collection[str], gateway: str) -> Iterator[Objection]:
    if not known.scope:
        return
    has_consent = known.scope in consents
    if not gateway:
        yield Objection(ObjectionKind.REFUSED, "Choose the ground on which this is shared.")
    elif gateway == "consent" and not has_consent:
        yield Objection(
            ObjectionKind.REFUSED,
            "No consent to share with this addressee is recorded. Record it, or choose another ground and say why.",
        )
    elif gateway != "consent" and not has_consent:
        yield Objection(
            ObjectionKind.WARNING,
            "This is shared without recorded consent: note why it is needed, why it is in proportion, and whether "
            "the client was told.",
        )


def _about_item(
    item: DisclosureItem, addressee: str, consents: Collection[str], rules: DisclosureRules
) -> Iterator[Objection]:
    topic = next((rule for rule in rules.topic if rule.key == item.topic), None)
    about = next((rule for rule in rules.sensitivity if rule.key == item.sensitivity), None)
    refusal = _refusal(about, addressee, consents) if about else ""
    if topic and not refusal and addressee not in (*topic.free, *topic.allowed):
        refusal = topic.reason
    if refusal:
        yield Objection(ObjectionKind.REFUSED, f"{item.label}: {refusal}", item.key)
        return
    needs_tick = (about and addressee not in about.free) or (topic and addressee not in topic.free)
    if needs_tick and not item.is_ticked:
        yield Objection(ObjectionKind.NEEDS_TICK, f"{item.label}: tick it on this document if it must be in.", item.key)


def _refusal(rule: SensitivityRule, addressee: str, consents: Collection[str]) -> str:
    if (rule.only and addressee not in rule.only) or addressee in rule.never:
        return rule.reason
    if rule.needs_scope and addressee not in rule.free and rule.needs_scope not in consents:
        return "the client’s own consent for this is not recorded."
    return ""
