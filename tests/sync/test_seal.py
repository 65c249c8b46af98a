"""Envelopes: what opens, what does not, and what their size tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from advocate_desk.sync import seal, wire
from advocate_desk.sync.seal import Forged, Place, Record

KEY = bytes(range(32))
PLACE = Place(b"o" * 16, b"c" * 16, b"i" * 16, 1, 7)
RECORD = Record("contact_note", {"text": "Spoke with her at the court", "attempts": 2, "deleted_at": None})


def test_a_record_comes_out_as_it_went_in() -> None:
    assert seal.unseal(seal.seal(RECORD, PLACE, KEY), PLACE, KEY) == RECORD


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, organisation=b"p" * 16),
        replace(PLACE, collection=b"d" * 16),
        replace(PLACE, item=b"j" * 16),
        replace(PLACE, epoch=2),
        replace(PLACE, revision=8),
    ],
)
def test_an_envelope_does_not_open_in_another_place(elsewhere: Place) -> None:
    with pytest.raises(Forged):
        seal.unseal(seal.seal(RECORD, PLACE, KEY), elsewhere, KEY)


def test_an_envelope_does_not_open_under_another_key() -> None:
    with pytest.raises(Forged):
        seal.unseal(seal.seal(RECORD, PLACE, KEY), PLACE, bytes(32))


def test_no_bit_of_an_envelope_can_be_changed() -> None:
    envelope = seal.seal(RECORD, PLACE, KEY)
    for at in range(len(envelope)):
        spoiled = envelope[:at] + bytes([envelope[at] ^ 1]) + envelope[at + 1 :]
        with pytest.raises(Forged):
            seal.unseal(spoiled, PLACE, KEY)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_as_forged_and_nothing_else(body: bytes) -> None:
    with pytest.raises(Forged):
        seal.unseal(body, PLACE, KEY)


@given(st.binary(max_size=300))
def test_a_members_envelope_of_anything_is_a_record_or_forged(body: bytes) -> None:
    envelope = seal.seal_bytes(body, PLACE, KEY)
    assert seal.open_bytes(envelope, PLACE, KEY) == body
    try:
        seal.unseal(envelope, PLACE, KEY)
    except Forged:
        pass


@given(st.integers(0, 10_000_000))
def test_a_size_class_holds_its_size_and_adds_an_eighth_at_most(size: int) -> None:
    padded = seal.padded_size(size)
    assert padded >= size
    assert padded <= max(seal.SMALLEST_BYTES, size + size // 8)
    assert seal.padded_size(padded) == padded


def test_records_of_nearly_one_size_cannot_be_told_apart() -> None:
    sizes = {len(seal.seal_bytes(b"x" * size, PLACE, KEY)) for size in range(90)}
    assert len(sizes) == 1


def test_an_envelope_costs_what_the_wire_may_cost() -> None:
    body = b"x" * 500
    padding = seal.padded_size(len(body) + 1) - len(body)
    change = wire.Change(PLACE.item, 6, 1, seal.seal_bytes(body, PLACE, KEY))
    assert len(wire.pack(change)) - padding <= len(body) + 120
