"""What a letter is made from: a resource of facts, sentences and rules, in a language so small that it cannot surprise.

`{slot}` stands for a fact. `[...]` is dropped whole when a slot in it is empty. Nothing else means anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from advocate_desk.domain.disclosure import Sensitivity
from advocate_desk.domain.forms import Field, FieldKind
from advocate_desk.domain.sources import Source
from advocate_desk.errors import BrokenResource
from advocate_desk.packs.reading import broken

_SLOT = re.compile(r"\{([a-z_]+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_STRAY = re.compile(r"[\[\]{}]")


class Include(StrEnum):
    """Whether a fact goes into the letter: always, unless it is taken out, or only if it is put in."""

    ALWAYS = "always"
    ON = "on"
    OFF = "off"


class PartKind(StrEnum):
    """How a part is set. A paragraph is numbered; plain words, a quotation and a list belong to the one before them."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    PLAIN = "plain"
    QUOTE = "quote"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class LetterFact:
    """A fact that the letter may state. `why` tells the worker what the addressee needs it for.

    `sensitivity` and `topic` are keys of the disclosure rules. `is_name`: a name that is meant to be said, so that
    it is not searched for what stays out (a court's, in the town where somebody lives).
    """

    key: str
    label: str
    include: Include
    why: str
    sensitivity: Sensitivity = Sensitivity.NONE
    topic: str = ""
    kind: FieldKind = FieldKind.TEXT
    help: str = ""
    options: str = ""
    required: bool = False
    is_name: bool = False

    def field(self) -> Field:
        """The question that asks for it when it is missing."""
        return Field(self.key, self.kind, self.label, help=self.help, required=self.required, options=self.options)


@dataclass(frozen=True, slots=True)
class LetterPart:
    """One piece of the letter, shown if all facts of `when` and any of `when_any` are there."""

    kind: PartKind
    text: str = ""
    each: str = ""
    when: tuple[str, ...] = ()
    when_any: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LetterAddressee:
    """A kind of addressee (a key of addressee_kind) that the letter may go to, and how it is greeted."""

    kind: str
    salutation: str
    closing: str


@dataclass(frozen=True, slots=True)
class ConsentLines:
    """The last line: why the letter may be shared."""

    given: str
    gateway: str


@dataclass(frozen=True, slots=True)
class WordingRule:
    """Words that tell what does not belong in this letter, give offence or an opinion, and what to do about them.

    A word is found with its plural, "*" at its end stands for any ending. `is_refused`: the letter cannot be made while
    it stands in it; else it is only warned of. `is_cased`: only with these capitals.
    """

    words: tuple[str, ...]
    advice: str
    is_refused: bool = False
    is_cased: bool = False


@dataclass(frozen=True, slots=True)
class LetterTemplate:
    """A file of `resources/letters/`. `name_style` is how the client is named: "full" or "initials"."""

    source: Source
    key: str
    version: str
    title: str
    document_title: str
    purpose: str
    name_style: str
    subject: str
    notice: str
    consent: ConsentLines
    addressee: tuple[LetterAddressee, ...]
    fact: tuple[LetterFact, ...]
    part: tuple[LetterPart, ...]
    wording: tuple[WordingRule, ...] = ()

    def texts(self) -> Iterator[str]:
        """Every text with slots."""
        yield from (self.subject, self.consent.given, self.consent.gateway)
        yield from (part.text for part in self.part)


def check_template(template: LetterTemplate, slots: Collection[str], lists: Collection[str]) -> None:
    """Raise BrokenResource unless each text uses only `slots`, and each list only `lists` (both without the facts)."""
    facts = {fact.key for fact in template.fact}
    for text in template.texts():
        for slot in _SLOT.findall(text):
            if slot not in slots and slot not in facts:
                raise _broken(template, f"unknown slot {{{slot}}}")
        if _STRAY.search(_SLOT.sub("", _OPTIONAL.sub(r"\1", text))):
            raise _broken(template, "a bracket without its pair")
    for part in template.part:
        if part.each and part.each not in lists:
            raise _broken(template, f"unknown list {part.each}")
        if unknown := {*part.when, *part.when_any} - facts:
            raise _broken(template, f"unknown fact {min(unknown)}")
    if template.name_style not in ("full", "initials"):
        raise _broken(template, "name_style must be full or initials")


def fill(text: str, slots: Mapping[str, str]) -> str:
    """`text` with its slots filled and its optional stretches kept or dropped. What fills one is never read again."""
    out = []
    end = 0
    for optional in _OPTIONAL.finditer(text):
        out.append(_filled(text[end : optional.start()], slots))
        if all(slots.get(slot) for slot in _SLOT.findall(optional[1])):
            out.append(_filled(optional[1], slots))
        end = optional.end()
    out.append(_filled(text[end:], slots))
    return "".join(out).strip()


def _filled(text: str, slots: Mapping[str, str]) -> str:
    return _SLOT.sub(lambda match: slots.get(match[1], ""), text)


def _broken(template: LetterTemplate, problem: str) -> BrokenResource:
    return broken(f"letters/{template.key.lower()}.toml", problem)
