"""Whether something is mentioned in a text, however it is spaced, accented in signs, shortened or hyphenated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from advocate_desk.documents.characters import clean

_SHORTEST = 2  # characters: an initial alone names nobody
_SHORTEST_WITH_DIGITS = 4  # a house number alone says nothing and is in every date
_A_NUMBER = 7  # digits from which they are a telephone number, found in any grouping and with any prefix
_GAP = "\n"  # stands where something was left out, and joins nothing
_LOOKALIKES = str.maketrans("oil", "011")
_STREETS = {
    "avenue": "ave",
    "close": "cl",
    "court": "ct",
    "crescent": "cres",
    "drive": "dr",
    "gardens": "gdns",
    "grove": "gr",
    "lane": "ln",
    "place": "pl",
    "road": "rd",
    "saint": "st",
    "square": "sq",
    "street": "st",
    "terrace": "ter",
}
STREET_WORDS = frozenset({*_STREETS, *_STREETS.values(), "hill", "mews", "row", "walk", "way", "view", "park"})
"""Words with which the name of a street ends, in lower case."""


class Searched:
    """A text made ready to be searched. `apart_from` are phrases that may stand in it, such as a court's own name."""

    def __init__(self, text: str, apart_from: Collection[str] = ()) -> None:
        allowed = [found for phrase in apart_from if (found := words_of(phrase))]
        words = [word for line in clean(text).split("\n") for word in _line(line, allowed)]
        self._letters = "".join(words)
        self._starts, place = set(), 0
        for word in words:
            self._starts.add(place)
            place += len(word)
        self._starts.add(place)

    def mentions(self, secret: str) -> bool:
        """Whether `secret` stands in it as words of its own. One that is too short to tell anything never does."""
        sought = "".join(words_of(secret))
        has_digit = any(character.isdigit() for character in sought)
        if len(sought) < (_SHORTEST_WITH_DIGITS if has_digit else _SHORTEST):
            return False
        if sought.isdecimal() and len(sought) >= _A_NUMBER:
            return sought in self._letters.translate(_LOOKALIKES)
        return any(self._is_edge(place) and self._is_edge(place + len(sought)) for place in self._places(sought))

    def _places(self, sought: str) -> Iterator[int]:
        place = self._letters.find(sought)
        while place >= 0:
            yield place
            place = self._letters.find(sought, place + 1)

    def _is_edge(self, place: int) -> bool:
        if place in self._starts:
            return True
        before, after = _kind(self._letters[place - 1]), _kind(self._letters[place])
        return before != after or not before  # scripts without spaces or with prefixes have edges everywhere


def words_of(text: str) -> tuple[str, ...]:
    """The words of `text` folded: compatible signs and digits alike, lower case, streets shortened."""
    folded = unicodedata.normalize("NFKC", clean(text)).casefold()
    plain = (str(unicodedata.decimal(each)) if each.isdecimal() else each for each in folded)
    runs = "".join(each if each.isalnum() or unicodedata.category(each)[0] == "M" else " " for each in plain).split()
    return tuple(_STREETS.get(run, run) for run in runs)


@lru_cache(maxsize=512)
def pattern(word: str, is_cased: bool = False) -> re.Pattern[str]:
    """Finds a word of ours, its plural and possessive; "*" at its end any ending. Spaces and hyphens are alike."""
    parts = [part for part in re.split(r"[\s-]+", word.rstrip("*")) if part]
    middle = r"[\W_]*".join(re.sub(r"['’]", "['’]?", re.escape(part)) for part in parts)
    end = r"\w*" if word.endswith("*") else r"(?:['’]?s|es)?"
    return re.compile(rf"(?<!\w){middle}{end}(?!\w)", 0 if is_cased else re.IGNORECASE)


def first_said(text: str, words: Iterable[str], is_cased: bool = False) -> str | None:
    """The first of our words (see `pattern`) that `text`, which is `plain`, says; None where it says none."""
    return next((each for each in words if pattern(each, is_cased).search(text)), None)


def plain(text: str) -> str:
    """`text` as words of ours are looked for in it: clean, and however wide or small its letters are."""
    return unicodedata.normalize("NFKC", clean(text))


def _line(line: str, allowed: Collection[tuple[str, ...]]) -> Iterator[str]:
    """The words of a line, without what may stand there; a single word may only where it is the whole line."""
    words = words_of(line)
    place = 0
    while place < len(words):
        size = next((len(each) for each in allowed if words[place : place + len(each)] == each), 0)
        if size > 1 or (size == 1 and len(words) == 1):
            yield _GAP
            place += size
        else:
            yield words[place]
            place += 1


def _kind(character: str) -> str:
    if character.isdigit():
        return "digit"
    return "letter" if character.upper() != character else ""
