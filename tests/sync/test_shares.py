"""Shares of a secret: enough of them rebuild it, fewer tell nothing."""

from __future__ import annotations

import itertools
import os
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.sync import shares


def random(size: int) -> bytearray:
    return bytearray(os.urandom(size))


@given(st.binary(min_size=1, max_size=64), st.integers(2, 6), st.integers(0, 4))
def test_any_k_shares_rebuild_the_secret(secret: bytes, needed: int, spare: int) -> None:
    made = shares.split(secret, needed, needed + spare, random)
    for chosen in itertools.islice(itertools.combinations(made.items(), needed), 10):
        assert shares.join(dict(chosen)) == secret


def test_a_published_vector() -> None:
    """Shares of one byte on the line 0x42 + 0x53 x over the field of AES."""
    made = shares.split(b"\x42", 2, 3, lambda _size: bytearray(b"\x53"))
    assert made == {1: b"\x11", 2: b"\xe4", 3: b"\xb7"}
    assert shares.join({1: made[1], 3: made[3]}) == b"\x42"


def test_one_share_too_few_is_as_likely_for_every_secret() -> None:
    def first_share(secret: int, own: int) -> bytes:
        return shares.split(bytes([secret]), 2, 2, lambda _size: bytearray([own]))[1]

    seen = {secret: Counter(first_share(secret, own) for own in range(256)) for secret in (0, 1, 255)}
    assert seen[0] == seen[1] == seen[255]
    assert set(seen[0].values()) == {1}


def test_a_wrong_share_gives_another_secret() -> None:
    made = shares.split(b"a secret of some length", 3, 5, random)
    spoiled = bytes([made[1][0] ^ 1]) + made[1][1:]
    assert shares.join({1: spoiled, 2: made[2], 3: made[3]}) != b"a secret of some length"


@pytest.mark.parametrize(("needed", "made"), [(1, 3), (4, 3), (2, 256), (0, 0)])
def test_numbers_that_make_no_sense_are_refused(needed: int, made: int) -> None:
    with pytest.raises(ValueError, match="shares"):
        shares.split(b"x", needed, made, random)


@pytest.mark.parametrize("wrong", [{}, {0: b"a"}, {1: b"a", 2: b"bb"}, {256: b"a"}])
def test_shares_that_do_not_belong_together_are_refused(wrong: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="belong together"):
        shares.join(wrong)
