"""Characters as people type them, made safe to set: cleaned, clustered, named by script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
_JOINERS = frozenset("\u200c\u200d")
_COMMON = frozenset({"DIGIT", "SPACE", "FULL", "COMMA", "HYPHEN-MINUS", "LEFT", "RIGHT"})
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_TIED = re.compile(rf"(?<=\d) (?={_MONTH}\b|am\b|pm\b|contacts?\b)|(?<=\bsection) (?=\d)|(?<=\d{{3}}) (?=\d{{3}})")
_TIED_FROM_WORDS = 8
_TIED_UP_TO_LETTERS = 8
_NO_BREAK_SPACES = frozenset("\u00a0\u2007\u202f")


def clean(text: str) -> str:
    """`text` composed (NFC), its line ends line feeds, without controls, direction marks or invisible formatting.

    What turns a line round or hides in it is taken out; joiners that spell Persian or Bengali words stay.
    """
    for written, meant in _LINE_ENDS.items():
        text = text.replace(written, meant)
    text = text.replace("\t", " ")
    kept = (c for c in text if c == "\n" or c in _JOINERS or unicodedata.category(c) not in ("Cc", "Cf"))
    return unicodedata.normalize("NFC", "".join(kept))


def clean_line(text: str) -> str:
    """`text` cleaned, on one line, with single spaces and none at its ends."""
    return " ".join(clean(text).split())


def tie(text: str) -> str:
    """`text` with spaces at which a line must not end, in dates, times and telephone numbers, as no-break spaces."""
    return _TIED.sub("\u00a0", text)


def tie_last(text: str) -> str:
    """`text` with its last two words tied, if it has eight or more and the last is short, so that none stands alone."""
    words = text.split(" ")
    if len(words) < _TIED_FROM_WORDS or not 0 < len(words[-1]) <= _TIED_UP_TO_LETTERS:
        return text
    return " ".join(words[:-1]) + "\u00a0" + words[-1]


def is_ignorable(character: str) -> bool:
    """True for a character that no font need draw: joiners and variation selectors."""
    return character in _JOINERS or "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def is_mark(character: str) -> bool:
    """True for a character that is set on the one before it."""
    return unicodedata.category(character)[0] == "M" or is_ignorable(character)


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each letter with its marks: what must come from one font and is never broken."""
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or not (is_mark(text[place]) or text[place - 1] == "\u200d"):
            yield start, place
            start = place


def script(character: str) -> str:
    """The script's name in capitals, such as "ARABIC" or "CJK"; "" for signs, digits and spaces common to all."""
    if unicodedata.category(character)[0] not in "LM":
        return ""
    first = unicodedata.name(character, "").split(" ")[0].split("-")[0]
    return "" if first in _COMMON or first in ("COMBINING", "MODIFIER", "VARIATION") else first


def may_break_after(text: str, place: int) -> bool:
    """True if a line may end after `text[place]`.

    Not after a hyphen: a name stays whole, and readers take a hyphen at a line's end for one that they may drop.
    """
    if place + 1 >= len(text):
        return True
    here, following = text[place], text[place + 1]
    if is_space(here):
        return not is_space(following)
    if here in "–—/" and following.isalpha() and place > 0 and text[place - 1].isalpha():
        return True
    return _breaks_between(here, following)


def is_space(character: str) -> bool:
    """True for a space at which a line may end."""
    return character.isspace() and character not in _NO_BREAK_SPACES


def _breaks_between(here: str, following: str) -> bool:
    if not (_is_wide(here) or _is_wide(following)) or is_mark(following) or is_space(following):
        return False
    opens = unicodedata.category(here) in ("Ps", "Pi")
    closes = unicodedata.category(following) in ("Pe", "Pf", "Po")
    return not opens and not closes


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")
