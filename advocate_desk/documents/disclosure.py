"""What stands between a file and a page: before a letter is made, what it would tell, to whom, and what stops it.

A template says which facts it can state and how sensitive each is; the rules say who may be given them; the worker says
what goes in and confirms each sensitive thing on this very document.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from advocate_desk.documents.characters import clean, clean_line
from advocate_desk.documents.letter_template import Include, LetterFact, LetterTemplate
from advocate_desk.documents.mentions import Searched, first_said, plain
from advocate_desk.domain.disclosure import (
    DisclosureItem,
    DisclosureRules,
    Objection,
    ObjectionKind,
    Sensitivity,
    check,
    may_be_given,
)
from advocate_desk.domain.forms import FieldKind, FormSpec, Section

_WORDS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class PreflightItem:
    """One fact that the letter can state. `value` is as it would be printed, "" when it is not known.

    `is_fixed`: the letter makes no sense without it. `is_allowed`: the rules let this addressee have it. `needs_tick`:
    the letter can be made only once the worker has confirmed it on this document.
    """

    key: str
    label: str
    value: str
    sensitivity: Sensitivity
    why: str
    included: bool
    is_fixed: bool
    is_allowed: bool
    needs_tick: bool
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Preflight:
    """The list that is shown before a letter is made.

    `objections` are what stands against it; `questions` asks for required facts that are missing, None when none is.
    """

    items: tuple[PreflightItem, ...]
    objections: tuple[Objection, ...]
    questions: FormSpec | None

    @property
    def may_be_made(self) -> bool:
        """True when nothing is missing, refused or unconfirmed."""
        return self.questions is None and not any(objection.blocks for objection in self.objections)

    @property
    def included(self) -> frozenset[str]:
        """The keys of the facts that go in: what `letter.compose` takes."""
        return frozenset(item.key for item in self.items if item.included)

    @property
    def disclosed(self) -> tuple[str, ...]:
        """The labels of what the letter tells, for the disclosure record."""
        return tuple(item.label for item in self.items if item.included)


@dataclass(frozen=True, slots=True)
class Sharing:
    """To whom and on what ground: a key of addressee_kind, the scopes consented to, a key of gateway or ""."""

    addressee: str
    consents: frozenset[str]
    gateway: str


@dataclass(frozen=True, slots=True)
class Secrets:
    """What of a file may stand in no text of a document, by what it is called ("home address": its lines).

    `pointed_out` may be there, but is said; `apart_from` are phrases in which it does not count: the court's own name.
    """

    kept_out: Mapping[str, Collection[str]] = field(default_factory=dict)
    pointed_out: Mapping[str, Collection[str]] = field(default_factory=dict)
    apart_from: Collection[str] = ()

    def found_in(self, key: str, label: str, text: str) -> Iterator[Objection]:
        """What stands in `text`, which is called `label`: for words that are no fact of a template too."""
        searched = Searched(text, self.apart_from)
        for secrets, kind, advice in (
            (self.kept_out, ObjectionKind.REFUSED, "Take it out of the text."),
            (self.pointed_out, ObjectionKind.WARNING, "Leave it out unless it must be said."),
        ):
            for name, texts in secrets.items():
                if any(searched.mentions(line) for each in texts for line in clean(each).split("\n")):
                    yield Objection(kind, f"{label}: the {name} stands in it. {advice}", key)


def preflight(
    template: LetterTemplate,
    values: Mapping[str, str],
    included: Collection[str],
    ticked: Collection[str],
    sharing: Sharing,
    rules: DisclosureRules,
    secrets: Secrets | None = None,
) -> Preflight:
    """What `template` would tell with `values` (see `CourtLetterFacts.values`).

    `included` and `ticked` are the worker's choices, by fact. A typed text that has one of `secrets` in it is refused.
    A fact that the rules refuse is left out, whatever was chosen. Raises ValueError for an addressee that the rules do
    not know.
    """
    items = tuple(_item(fact, values, included, ticked, sharing, rules) for fact in template.fact)
    told = [item for item in items if item.included]
    objections = [
        *check(_as_disclosed(template, told), sharing.addressee, sharing.consents, sharing.gateway, rules),
        *_leaks(template, told, secrets or Secrets()),
        *_wording(template, told),
    ]
    if sharing.addressee not in {addressee.kind for addressee in template.addressee}:
        text = f"The {template.title.lower()} is not meant for this addressee."
        objections.append(Objection(ObjectionKind.REFUSED, text))
    return Preflight(items, tuple(objections), _questions(template, values))


def _item(
    fact: LetterFact,
    values: Mapping[str, str],
    included: Collection[str],
    ticked: Collection[str],
    sharing: Sharing,
    rules: DisclosureRules,
) -> PreflightItem:
    value = values.get(fact.key, "")
    bare = DisclosureItem(fact.key, fact.label, fact.sensitivity, fact.topic)
    is_fixed = fact.include is Include.ALWAYS
    is_allowed = may_be_given(bare, sharing.addressee, rules)
    objections = check([bare], sharing.addressee, sharing.consents, sharing.gateway, rules)
    return PreflightItem(
        key=fact.key,
        label=fact.label,
        value=value,
        sensitivity=fact.sensitivity,
        why=fact.why,
        included=bool(value) and is_allowed and (is_fixed or fact.key in included),
        is_fixed=is_fixed,
        is_allowed=is_allowed,
        needs_tick=any(o.kind is ObjectionKind.NEEDS_TICK and o.item_key == fact.key for o in objections),
        is_ticked=fact.key in ticked,
    )


def _as_disclosed(template: LetterTemplate, told: Iterable[PreflightItem]) -> list[DisclosureItem]:
    topics = {fact.key: fact.topic for fact in template.fact}
    return [
        DisclosureItem(item.key, item.label, item.sensitivity, topics[item.key], is_ticked=item.is_ticked)
        for item in told
    ]


def _leaks(template: LetterTemplate, told: Iterable[PreflightItem], secrets: Secrets) -> Iterator[Objection]:
    """Typed texts in which something stands that may not leave, however it is spaced or punctuated."""
    typed = {fact.key for fact in template.fact if fact.kind in _WORDS and not fact.is_name}
    for item in told:
        if item.key in typed:
            yield from secrets.found_in(item.key, item.label, item.value)


def _wording(template: LetterTemplate, told: Iterable[PreflightItem]) -> Iterator[Objection]:
    for item in told:
        text, said = plain(item.value), set[str]()
        for rule in template.wording:
            if rule.advice in said:
                continue
            word = first_said(text, rule.words, rule.is_cased)
            if word is not None:
                said.add(rule.advice)
                kind = ObjectionKind.REFUSED if rule.is_refused else ObjectionKind.WARNING
                shown = f"{word[:-1]}…" if word.endswith("*") else word
                yield Objection(kind, f"{item.label}: it says “{shown}”. {rule.advice}", item.key)


def _questions(template: LetterTemplate, values: Mapping[str, str]) -> FormSpec | None:
    missing = tuple(fact.field() for fact in template.fact if fact.required and not values.get(fact.key))
    if not missing:
        return None
    section = Section("missing", "Needed for this letter", missing)
    return FormSpec(f"letter_facts.{template.key}", clean_line(template.title), (section,), template.version)
