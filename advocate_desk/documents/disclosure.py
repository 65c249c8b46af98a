"""What stands between a file and a page: before a letter is made, what it would tell, to whom, and what stops it.

A template says which facts it can state and how sensitive each is; the rules say who may be given them; the worker says
what goes in and confirms each sensitive thing on this very document.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from advocate_desk.documents.characters import clean, clean_line
from advocate_desk.documents.letter_template import Include, LetterFact, LetterTemplate
from advocate_desk.domain.disclosure import (
    DisclosureItem,
    DisclosureRules,
    Objection,
    ObjectionKind,
    Sensitivity,
    check,
    may_be_given,
)
from advocate_desk.domain.forms import FormSpec, Section

_SHORTEST_TELLING = 4  # characters: a house number alone says nothing and is in every date


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


def preflight(
    template: LetterTemplate,
    values: Mapping[str, str],
    included: Collection[str],
    ticked: Collection[str],
    sharing: Sharing,
    rules: DisclosureRules,
    kept_out: Mapping[str, Collection[str]] | None = None,
) -> Preflight:
    """What `template` would tell with `values` (see `CourtLetterFacts.values`).

    `included` and `ticked` are the worker's choices, by fact. `kept_out` is what may not be in any of the texts, by
    what it is called ("home address": its lines); a text that has it is refused. A fact that the rules refuse is left
    out, whatever was chosen. Raises ValueError for an addressee that the rules do not know.
    """
    items = tuple(_item(fact, values, included, ticked, sharing, rules) for fact in template.fact)
    told = [item for item in items if item.included]
    objections = [
        *check(_as_disclosed(template, told), sharing.addressee, sharing.consents, sharing.gateway, rules),
        *_leaks(told, kept_out or {}),
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


def _leaks(told: Iterable[PreflightItem], kept_out: Mapping[str, Collection[str]]) -> Iterator[Objection]:
    """Texts in which something stands that may not leave, however it is spaced or punctuated."""
    for item in told:
        yield from leaks(item.key, item.label, item.value, kept_out)


def leaks(key: str, label: str, text: str, kept_out: Mapping[str, Collection[str]]) -> Iterator[Objection]:
    """What of `kept_out` stands in `text`, which is called `label`: for words that are no fact of a template too."""
    told = _letters_only(text)
    for name, texts in kept_out.items():
        secrets = {_letters_only(line) for each in texts for line in clean(each).split("\n")}
        if any(len(secret) >= _SHORTEST_TELLING and secret in told for secret in secrets):
            yield Objection(ObjectionKind.REFUSED, f"{label}: the {name} stands in it. Take it out of the text.", key)


def _wording(template: LetterTemplate, told: Iterable[PreflightItem]) -> Iterator[Objection]:
    for item in told:
        for rule in template.wording:
            if re.search(rf"\b{re.escape(rule.word)}\b", item.value, re.IGNORECASE):
                kind = ObjectionKind.REFUSED if rule.is_refused else ObjectionKind.WARNING
                yield Objection(kind, f"{item.label}: it says “{rule.word}”. {rule.advice}", item.key)


def _questions(template: LetterTemplate, values: Mapping[str, str]) -> FormSpec | None:
    missing = tuple(fact.field() for fact in template.fact if fact.required and not values.get(fact.key))
    if not missing:
        return None
    section = Section("missing", "Needed for this letter", missing)
    return FormSpec(f"letter_facts.{template.key}", clean_line(template.title), (section,), template.version)


def _letters_only(text: str) -> str:
    return "".join(character for character in clean(text).casefold() if character.isalnum())
