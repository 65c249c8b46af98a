"""Small changes to an input: bytes turned, cut, doubled and exchanged, numbers made extreme, words put in."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

Mutate = Callable[[random.Random, bytes], bytes]

_NUMBER = re.compile(rb"\d+")
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"255",
    b"65536",
    b"2147483648",
    b"4294967295",
    b"9223372036854775808",
    b"1e309",
    b"9" * 40,
)
_PIECES = (
    b"\0",
    b"\xff",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\r",
    b"\n",
    b"\r\n",
    b"\t",
    b" ",
    b'"',
    b"'",
    b"\\",
    b"%s",
    b"{}",
    b"=1+1",
    b"\xed\xa0\x80",
    b"\xf0\x9f\xa6\x89",
    b"\xe2\x80\xae",
    b"\xcc\x81",
    b"\xd9\xa3",
    b"\xc2\xb2",
    b"nan",
    b"inf",
    b"-",
    b"/",
    b"..",
    b"\xe2\x80\x8b",
    b"\xc4\xb0",
    b"\xc3\x9f",
    b"\xef\xac\x81",
)


def bytewise(words: Sequence[bytes] = (), most: int = 1 << 20) -> Mutate:
    """One to eight small changes; `words` are put in often. The result has at most `most` bytes."""
    vocabulary = (*words, *words, *_PIECES)

    def mutate(rng: random.Random, data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(1 << rng.randrange(4)):
            rng.choice(_CHANGES)(rng, changed, vocabulary)
        return bytes(changed[:most])

    return mutate


def spliced(rng: random.Random, one: bytes, other: bytes) -> bytes:
    """The beginning of one input and the end of another."""
    return one[: rng.randrange(len(one) + 1)] + other[rng.randrange(len(other) + 1) :]


def _place(rng: random.Random, data: bytearray) -> int:
    return rng.randrange(len(data) + 1)


def _flip(rng: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _set(rng: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    if data:
        data[rng.randrange(len(data))] = rng.choice((0, 1, 0x7F, 0x80, 0xFF, rng.randrange(256)))


def _insert(rng: random.Random, data: bytearray, words: Sequence[bytes]) -> None:
    at = _place(rng, data)
    data[at:at] = rng.choice(words)


def _replace(rng: random.Random, data: bytearray, words: Sequence[bytes]) -> None:
    at, word = _place(rng, data), rng.choice(words)
    data[at : at + len(word)] = word


def _cut(rng: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    at = _place(rng, data)
    del data[at : at + 1 + int(rng.expovariate(0.1))]


def _double(rng: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    at = _place(rng, data)
    piece = data[at : at + 1 + int(rng.expovariate(0.05))]
    data[at:at] = piece * (1 << rng.randrange(1 + 8 * (rng.random() < 0.1)))


def _move(rng: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    at = _place(rng, data)
    piece = data[at : at + 1 + int(rng.expovariate(0.05))]
    del data[at : at + len(piece)]
    to = _place(rng, data)
    data[to:to] = piece


def _number(rng: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    start = _place(rng, data)
    found = _NUMBER.search(data, start) or _NUMBER.search(data)
    if found:
        data[found.start() : found.end()] = rng.choice(_NUMBERS)


def _truncate(rng: random.Random, data: bytearray, _words: Sequence[bytes]) -> None:
    del data[_place(rng, data) :]


_CHANGES = (
    _flip,
    _flip,
    _set,
    _set,
    _insert,
    _insert,
    _insert,
    _replace,
    _cut,
    _cut,
    _double,
    _move,
    _number,
    _truncate,
)
