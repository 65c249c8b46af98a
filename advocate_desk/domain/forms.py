"""What a form asks, and the shape of what it answers.

Instruments, safety plans and letters define theirs in `resources/`; records define theirs in `desk/forms/`; one builder
in `desk/forms/builder.py` draws them all.

A form's values are one JSON object, so that any form, half done, can be kept as a draft and opened again:

| kind | value |
|---|---|
| text, long_text | str |
| number | int, or the text that was typed while it is not a number |
| date | "2026-11-21", or the text that was typed while it is not a date |
| time | "14:05", likewise |
| date_time | "2026-11-21T14:05" London wall time, likewise |
| choice, search | an option's key (str), "" for none |
| choices | list of option keys |
| yes_no | "yes", "no" or "" (not asked) |
| answer | {"answer": "yes"|"no"|"dont_know"|"", "detail": {follow-up key: value}, "source": str} |
| check | bool |
| repeat | list of objects, one a row, of the field's own `fields`; "id" is kept when the row has one |
| note | none: guidance text only |
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FieldKind(StrEnum):
    """How a field is answered."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    DATE_TIME = "date_time"
    CHOICE = "choice"
    CHOICES = "choices"
    SEARCH = "search"
    YES_NO = "yes_no"
    ANSWER = "answer"
    CHECK = "check"
    REPEAT = "repeat"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `detail` is a second line, shown smaller and searched too."""

    key: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ShownWhen:
    """The field shows only while the field `key` of the same level has one of `values` (an answer's by its answer)."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    `options` names a choice list of the rule packs (or one that the form's opener supplies, such as "people");
    `fields` are a repeat's columns or an answer's follow-ups;
    `add_label` is the text of a repeat's add button; a field that is not `wide` shares its line with the next.
    """

    key: str
    kind: FieldKind
    label: str
    help: str = ""
    required: bool = False
    options: str = ""
    fields: tuple[Field, ...] = ()
    shown_when: ShownWhen | None = None
    default: str = ""
    max_length: int = 0
    add_label: str = ""
    wide: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    key: str
    title: str
    fields: tuple[Field, ...]
    intro: str = ""


@dataclass(frozen=True, slots=True)
class FormSpec:
    """A whole form. `key` names it in drafts and never changes; `save_label` says what saving does."""

    key: str
    title: str
    sections: tuple[Section, ...]
    version: str = "1"
    intro: str = ""
    save_label: str = "Save"
