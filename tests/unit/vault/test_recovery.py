from __future__ import annotations

import contextlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.errors import Invalid
from advocate_desk.vault.recovery import RecoveryCode, group_advice
from advocate_desk.vault.secret import SecretKey

secrets = st.binary(min_size=20, max_size=20)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def code_of(secret: bytes) -> RecoveryCode:
    return RecoveryCode(SecretKey(bytearray(secret)))


@given(secrets)
def test_what_is_printed_reads_back(secret: bytes) -> None:
    groups = code_of(secret).groups
    assert [len(group) for group in groups] == [5] * 8
    for text in ("".join(groups), "-".join(groups).lower(), " \n".join(groups), " – ".join(groups)):
        assert RecoveryCode.parse(text).groups == groups


@given(secrets)
def test_letters_that_look_like_digits_are_read_as_digits(secret: bytes) -> None:
    groups = code_of(secret).groups
    text = " ".join(groups).replace("0", "o").replace("1", "l", 3).replace("1", "I")
    assert RecoveryCode.parse(text).groups == groups


@given(secrets, st.integers(0, 39), st.sampled_from(ALPHABET))
def test_every_single_mistake_is_noticed_and_its_group_named(secret: bytes, place: int, other: str) -> None:
    text = "".join(code_of(secret).groups)
    if text[place] == other:
        return
    wrong = text[:place] + other + text[place + 1 :]
    with pytest.raises(Invalid) as refused:
        RecoveryCode.parse(wrong)
    ordinal = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")[place // 5]
    assert ordinal in refused.value.problems["code"]


@given(secrets)
def test_every_exchange_of_two_characters_of_a_group_is_noticed(secret: bytes) -> None:
    group = code_of(secret).groups[2]
    for first, second in itertools.combinations(range(5), 2):
        typed = list(group)
        typed[first], typed[second] = typed[second], typed[first]
        assert bool(group_advice(2, "".join(typed))) == (typed != list(group))


@given(secrets)
def test_two_exchanged_groups_are_noticed(secret: bytes) -> None:
    groups = list(code_of(secret).groups)
    groups[1], groups[6] = groups[6], groups[1]
    with pytest.raises(Invalid, match="second"):
        RecoveryCode.parse(" ".join(groups))


@pytest.mark.parametrize("text", ["", "ABCDE", "U" * 40, "0" * 41, "é" * 40, "0" * 100_000, "\x00" * 40])
def test_what_is_no_code_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        RecoveryCode.parse(text)
    assert len(refused.value.advice) < 120


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    group_advice(0, text)
    with contextlib.suppress(Invalid):
        assert len(RecoveryCode.parse(text).groups) == 8


def test_a_group_that_is_still_being_typed_is_not_called_wrong() -> None:
    groups = code_of(bytes(range(20))).groups
    assert [group_advice(3, groups[3][:length]) for length in range(6)] == [""] * 6
    assert group_advice(4, groups[3])
    assert code_of(bytes(range(20))).has_group(3, f" {groups[3].lower()} ")


def test_a_code_never_shows_itself() -> None:
    code = RecoveryCode.new()
    assert not any(group in repr(code) for group in code.groups)
    code.wipe()
    with pytest.raises(ValueError, match="wiped"):
        _ = code.groups
