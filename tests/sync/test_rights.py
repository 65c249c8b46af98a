"""Keys of collections on their way from one device to another."""

from __future__ import annotations

import msgspec
import pytest

from advocate_desk.sync import rights, wire
from advocate_desk.sync.rights import Under
from advocate_desk.sync.wire import Right
from advocate_desk.vault import sodium
from advocate_desk.vault.secret import SecretKey

ORGANISATION, FILE = b"o" * 16, b"f" * 16
GIVER, TAKER = b"a" * 16, b"b" * 16
UNDER = Under(2, b"h" * 32, 7)


@pytest.fixture
def giver() -> SecretKey:
    return SecretKey.random()


@pytest.fixture
def taker() -> SecretKey:
    return SecretKey.random()


def given(key: SecretKey, giver: SecretKey, taker: SecretKey) -> Right:
    to = (TAKER, sodium.exchange_public(taker.buffer))
    return rights.give(ORGANISATION, FILE, 3, key, to, (GIVER, giver), UNDER)


def test_the_device_that_it_is_for_opens_it_and_knows_who_gave_it(giver: SecretKey, taker: SecretKey) -> None:
    key = SecretKey.random()
    right = given(key, giver, taker)
    assert rights.open_key(ORGANISATION, right, taker) == key
    assert rights.is_signed(ORGANISATION, right, sodium.sign_public(giver.buffer))


def test_no_other_device_opens_it(giver: SecretKey, taker: SecretKey) -> None:
    assert rights.open_key(ORGANISATION, given(SecretKey.random(), giver, taker), SecretKey.random()) is None


def test_nothing_of_it_can_be_changed(giver: SecretKey, taker: SecretKey) -> None:
    right, public = given(SecretKey.random(), giver, taker), sodium.sign_public(giver.buffer)
    others = [
        msgspec.structs.replace(right, **changed)
        for changed in (
            {"collection": b"g" * 16},
            {"epoch": 4},
            {"device": b"c" * 16},
            {"by": b"c" * 16},
            {"sealed": b""},
            {"links": 1},
            {"last_link": b"i" * 32},
            {"members": 6},
        )
    ]
    for at, other in enumerate(others):
        assert not rights.is_signed(ORGANISATION, other, public)
        assert at > 4 or rights.open_key(ORGANISATION, other, taker) is None
    assert not rights.is_signed(b"p" * 16, right, public)
    for at in range(len(right.sealed)):
        spoiled = right.sealed[:at] + bytes([right.sealed[at] ^ 1]) + right.sealed[at + 1 :]
        changed = msgspec.structs.replace(right, sealed=spoiled)
        assert rights.open_key(ORGANISATION, changed, taker) is None


def test_the_hubs_number_is_no_part_of_what_is_signed(giver: SecretKey, taker: SecretKey) -> None:
    right = given(SecretKey.random(), giver, taker)
    numbered = msgspec.structs.replace(right, number=7)
    assert rights.is_signed(ORGANISATION, numbered, sodium.sign_public(giver.buffer))


def test_a_key_that_is_none_is_refused(giver: SecretKey) -> None:
    with pytest.raises(ValueError, match="public key"):
        rights.give(ORGANISATION, FILE, 1, SecretKey.random(), (TAKER, bytes(32)), (GIVER, giver), UNDER)


def test_a_right_survives_the_wire(giver: SecretKey, taker: SecretKey) -> None:
    right = given(SecretKey.random(), giver, taker)
    assert wire.unpack(Right, wire.pack(right)) == right
