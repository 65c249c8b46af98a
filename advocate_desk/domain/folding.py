"""Text as it is compared when somebody searches: no case, no accents, no punctuation."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile("['’ʼ`]")
_BREAKS = re.compile(r"[\W_]+")
_UNDECOMPOSED = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"})


def fold(text: str) -> str:
    """`text` in lower case, accents stripped, apostrophes dropped, other punctuation as single spaces."""
    plain = _APOSTROPHES.sub("", text).casefold()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain).casefold()
        plain = "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_UNDECOMPOSED)
    return _BREAKS.sub(" ", plain).strip()
