"""Text as it is compared when somebody searches: no case, no accents, no punctuation."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile("['’ʼ`]")
_BREAKS = re.compile(r"[^\w]+|_")


def fold(text: str) -> str:
    """`text` in lower case, accents stripped, apostrophes dropped, other punctuation as single spaces."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    if not plain.isascii():
        plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _BREAKS.sub(" ", plain).strip()
