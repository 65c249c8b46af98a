"""Which way each character runs: the Unicode bidirectional algorithm for text without explicit controls.

`characters.clean` removes embeddings, overrides and isolates, so that nobody can turn a line round by typing; what is
left is one level run a paragraph, which is the part of the algorithm kept here.
Source: Unicode Standard Annex 9, rules W1-W7, N0-N2, I1-I2, L1-L2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

_PAIRS = {"(": ")", "[": "]", "{": "}", "«": "»", "‹": "›", "⟨": "⟩", "「": "」", "『": "』", "《": "》", "（": "）"}
_NEUTRAL = frozenset({"B", "S", "WS", "ON", "BN"})
_STRONG_OR_NUMBER = {"L": "L", "R": "R", "EN": "R", "AN": "R"}


def base_level(text: str) -> int:
    """1 if more letters of `text` run right to left than left to right, else 0.

    The algorithm's own rule, the first letter, would turn an English sentence round that begins with an Arabic name.
    """
    kinds = [unicodedata.bidirectional(character) for character in text]
    return int(kinds.count("R") + kinds.count("AL") > kinds.count("L"))


def levels(text: str, base: int = 0) -> list[int]:
    """The embedding level of each character of one paragraph: odd levels run right to left."""
    if text.isascii() and base == 0:
        return [0] * len(text)
    kinds = [_kind(character) for character in text]
    start = "R" if base else "L"
    _resolve_weak(kinds, start)
    _resolve_brackets(text, kinds, start)
    _resolve_neutral(kinds, start)
    return [_level(kind, base) for kind in kinds]


def visual_order(items: Sequence[T], level_of: Callable[[T], int]) -> list[T]:
    """`items` of one line, given in the order they are read, in the order they stand from left to right."""
    ordered = list(items)
    ranks = [level_of(item) for item in ordered]
    for level in range(max(ranks, default=0), 0, -1):
        start = 0
        while start < len(ordered):
            if ranks[start] < level:
                start += 1
                continue
            end = start
            while end < len(ordered) and ranks[end] >= level:
                end += 1
            ordered[start:end] = ordered[start:end][::-1]
            ranks[start:end] = ranks[start:end][::-1]
            start = end
    return ordered


def _kind(character: str) -> str:
    kind = unicodedata.bidirectional(character) or "L"
    return kind if kind not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") else "BN"


def _level(kind: str, base: int) -> int:
    if base == 0:
        return {"L": 0, "R": 1}.get(kind, 2)
    return {"R": 1}.get(kind, 2)


def _resolve_weak(kinds: list[str], start: str) -> None:
    previous = start
    strong = start
    for place, own in enumerate(kinds):  # W1, W2, W3
        kind = previous if own == "NSM" else own
        if kind in ("L", "R", "AL"):
            strong = kind
        previous = "AN" if kind == "EN" and strong == "AL" else kind
        kinds[place] = previous
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    _join_separators(kinds)
    _join_terminators(kinds)
    strong = start
    for place, kind in enumerate(kinds):  # W6, W7
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[place] = "L"
        elif kind in ("ES", "ET", "CS"):
            kinds[place] = "ON"


def _join_separators(kinds: list[str]) -> None:
    """W4: a single separator between two numbers of one kind joins them."""
    for place in range(1, len(kinds) - 1):
        before, after = kinds[place - 1], kinds[place + 1]
        if before != after:
            continue
        if (kinds[place] == "ES" and before == "EN") or (kinds[place] == "CS" and before in ("EN", "AN")):
            kinds[place] = before


def _join_terminators(kinds: list[str]) -> None:
    """W5: signs such as % and £ beside a European number belong to it."""
    place = 0
    while place < len(kinds):
        if kinds[place] != "ET":
            place += 1
            continue
        end = place
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        beside = (place > 0 and kinds[place - 1] == "EN") or (end < len(kinds) and kinds[end] == "EN")
        if beside:
            kinds[place:end] = ["EN"] * (end - place)
        place = end


def _resolve_brackets(text: str, kinds: list[str], start: str) -> None:
    """N0: a pair of brackets goes the way of what stands in it, or of what stands before it."""
    waiting: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for place, character in enumerate(text):
        if character in _PAIRS and kinds[place] == "ON":
            waiting.append((_PAIRS[character], place))
        elif any(character == closing for closing, _ in waiting):
            while waiting:
                closing, opened = waiting.pop()
                if closing == character:
                    pairs.append((opened, place))
                    break
    for opened, closed in sorted(pairs):
        inside = {_STRONG_OR_NUMBER[kind] for kind in kinds[opened + 1 : closed] if kind in _STRONG_OR_NUMBER}
        if start in inside:
            direction = start
        elif inside:
            before = next((_STRONG_OR_NUMBER[k] for k in reversed(kinds[:opened]) if k in _STRONG_OR_NUMBER), start)
            direction = before if before in inside else start
        else:
            continue
        kinds[opened] = kinds[closed] = direction


def _resolve_neutral(kinds: list[str], start: str) -> None:
    """N1, N2: neutrals between two of one direction go that way, others go the paragraph's."""
    place = 0
    while place < len(kinds):
        if kinds[place] not in _NEUTRAL:
            place += 1
            continue
        end = place
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        before = _STRONG_OR_NUMBER[kinds[place - 1]] if place else start
        after = _STRONG_OR_NUMBER[kinds[end]] if end < len(kinds) else start
        kinds[place:end] = [before if before == after else start] * (end - place)
        place = end
