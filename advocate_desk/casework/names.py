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
    """The consonants of one folded word, with like sounds made one: Mohammed, Muhammad and محمد all give "mhmd".

    The letters that Arabic leaves out or writes as vowels (a e i o u w y, an h at the end) do not count.
    """
    sounded = word
    for written, sound in _SOUNDS:
        sounded = sounded.replace(written, sound)
    kept = ""
    for place, letter in enumerate(sounded.removesuffix("h")):
        if (letter not in "aeiouwy" and not kept.endswith(letter)) or (place == 0 and letter == "w"):
            kept += "v" if letter == "w" else letter
    return kept or sounded[:1]


def skeletons(key: str) -> frozenset[str]:
    """The skeletons of all words of a name key."""
    return frozenset(skeleton(word) for word in key.split())


def forget() -> None:
    """Drop every name that was compared: called when the desk locks."""
    name_key.cache_clear()
    skeleton.cache_clear()
