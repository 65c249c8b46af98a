"""The words that agencies use, from `resources/import/columns.toml`, made ready for comparing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from advocate_desk.documents.sheets.fields import CHOICE_LISTS, FIELD
from advocate_desk.documents.sheets.header import normal_name
from advocate_desk.domain.forms import Option
from advocate_desk.domain.sources import Source
from advocate_desk.packs.packs import Packs
from advocate_desk.packs.reading import broken

RESOURCE = "import/columns.toml"


@dataclass(frozen=True, slots=True)
class RoleWords:
    """Words that say whose column it is; a `bare` role's columns also go without them."""

    key: str
    bare: bool
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnHeaders:
    """Header words of a field. With a `role` each is also read beside that role's words."""

    field: str
    headers: tuple[str, ...]
    role: str = ""


@dataclass(frozen=True, slots=True)
class AnswerWords:
    """What stands in cells for an `option` of the choice list `list`."""

    list: str
    option: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlankWords:
    """Cells that say nothing."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ColumnsResource:
    """The file as it stands."""

    source: Source
    role: tuple[RoleWords, ...]
    column: tuple[ColumnHeaders, ...]
    answer: tuple[AnswerWords, ...]
    blank: BlankWords


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything the import compares with, normalised.

    `headers` maps a header to its field; `answers` maps, for each choice list, a cell's words to an option key;
    `labels` gives each option's label. `client_words` and `other_words` say whose column it is.
    """

    headers: Mapping[str, str]
    answers: Mapping[str, Mapping[str, str]]
    labels: Mapping[str, Mapping[str, str]]
    blank: frozenset[str]
    client_words: frozenset[str]
    other_words: frozenset[str]


@lru_cache(maxsize=1)
def load_vocabulary(packs: Packs) -> Vocabulary:
    """Read the resource and the choice lists that it speaks of, once. Raises BrokenResource."""
    choices = {key: packs.choices(key) for key in CHOICE_LISTS}
    return vocabulary(packs.read(RESOURCE, ColumnsResource), choices)


def vocabulary(resource: ColumnsResource, choices: Mapping[str, Sequence[Option]]) -> Vocabulary:
    """Join the resource with the choice lists. Raises BrokenResource for a name that is not there."""
    _check(resource, choices)
    answers = {key: _own_words(options) for key, options in choices.items()}
    for answer in resource.answer:
        for word in answer.words:
            answers[answer.list].setdefault(normal_name(word), answer.option)
    labels = {key: {option.key: option.label for option in options} for key, options in choices.items()}
    blank = frozenset(normal_name(word) for word in resource.blank.words)
    of_client, of_others = (
        frozenset(normal_name(word) for role in resource.role if role.bare is bare for word in role.words)
        for bare in (True, False)
    )
    return Vocabulary(_headers(resource), answers, labels, blank, of_client, of_others)


def _own_words(options: Sequence[Option]) -> dict[str, str]:
    words: dict[str, str] = {}
    for option in options:
        words[normal_name(option.label)] = option.key
        words.setdefault(normal_name(option.key), option.key)
    return words


def _headers(resource: ColumnsResource) -> dict[str, str]:
    """Every header that is known. What is named as it stands outranks what a role's words make of it."""
    roles = {role.key: role for role in resource.role}
    made: dict[str, str] = {}
    plain: dict[str, str] = {}
    for column in resource.column:
        role = roles.get(column.role)
        for header in column.headers:
            if role is None or role.bare:
                plain.setdefault(normal_name(header), column.field)
            for word in role.words if role else ():
                made.setdefault(normal_name(f"{word} {header}"), column.field)
    return made | plain


def _check(resource: ColumnsResource, choices: Mapping[str, Sequence[Option]]) -> None:
    roles = {role.key for role in resource.role}
    for number, column in enumerate(resource.column):
        if column.field not in FIELD:
            raise broken(RESOURCE, f"No such field - at `$.column[{number}].field`")
        if column.role and column.role not in roles:
            raise broken(RESOURCE, f"No such role - at `$.column[{number}].role`")
    for number, answer in enumerate(resource.answer):
        if answer.option not in {option.key for option in choices.get(answer.list, ())}:
            raise broken(RESOURCE, f"No such option - at `$.answer[{number}].option`")
