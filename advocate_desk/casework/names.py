"""Names as they are compared: across scripts, accents and the many ways of writing one name."""

from __future__ import annotations

import re
from functools import lru_cache

from anyascii import anyascii

_WORD = re.compile(r"[a-z0-9]+")
_SOUNDS = (
    ("ph", "f"),
    ("ck", "k"),
    ("kh", "h"),
    ("gh", "g"),
    ("dh", "d"),
    ("c", "k"),
    ("q", "k"),
    ("w", "v"),
    ("z", "s"),
)


@lru_cache(maxsize=200_000)
def name_key(given_name: str, family_name: str) -> str:
    """A name in plain lower-case Latin letters, given name first: what is searched and compared.

    "Łucja", "Wójcik" gives "lucja wojcik"; "محمد", "" gives "mhmd".
    """
    return " ".join(_WORD.findall(anyascii(f"{given_name} {family_name}").lower()))


@lru_cache(maxsize=200_000)
def skeleton(word: str) -> str:
    """The consonants of one folded word, with like sounds made one: Mohammed, Muhammad and محمد all give "mhmd"."""
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    kept = word[:1]
    for letter in word[1:]:
        if letter not in "aeiouy" and letter != kept[-1]:
            kept += letter
    return kept


def skeletons(key: str) -> frozenset[str]:
    """The skeletons of all words of a name key."""
    return frozenset(skeleton(word) for word in key.split())
