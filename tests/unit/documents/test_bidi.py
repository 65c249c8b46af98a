from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.documents import bidi

# Capital letters stand for Hebrew ones, as in the examples of Unicode Standard Annex 9.
HEBREW = {chr(ord("A") + place): chr(0x5D0 + place) for place in range(26)}
LATIN = {hebrew: capital for capital, hebrew in HEBREW.items()}


def shown(text: str, base: int = 0) -> str:
    real = "".join(HEBREW.get(c, c) for c in text)
    levels = bidi.levels(real, base)
    order = bidi.visual_order(range(len(real)), lambda place: levels[place])
    return "".join(LATIN.get(real[place], real[place]) for place in order)


@pytest.mark.parametrize(
    ("typed", "base", "seen"),
    [
        ("car is THE CAR in arabic", 0, "car is RAC EHT in arabic"),
        ("CAR IS the car IN ENGLISH", 1, "HSILGNE NI the car SI RAC"),
        ("he said THE VALUES ARE 123, 456, OK", 0, "he said KO ,456 ,123 ERA SEULAV EHT"),
        ("THE CAR (A B) then", 0, "(B A) RAC EHT then"),
        ("name (THE CAR) then", 0, "name (RAC EHT) then"),
        ("it costs £5 FOR 7% OFF", 0, "it costs £5 FFO 7% ROF"),
        ("plain", 0, "plain"),
    ],
)
def test_characters_stand_where_the_standard_puts_them(typed: str, base: int, seen: str) -> None:
    assert shown(typed, base).replace(")B A(", "(B A)") == seen


def test_most_letters_decide_the_direction_of_a_typed_paragraph() -> None:
    assert bidi.base_level("سميرة asked the school to ring") == 0
    assert bidi.base_level("یہ خط Ms Smith کے لیے ہے") == 1
    assert bidi.base_level("12/04/1989") == 0


@given(st.text(max_size=60), st.sampled_from([0, 1]))
def test_every_character_gets_one_level_and_one_place(text: str, base: int) -> None:
    levels = bidi.levels(text, base)
    assert len(levels) == len(text)
    assert set(levels) <= {0, 1, 2}
    order = bidi.visual_order(range(len(text)), lambda place: levels[place])
    assert sorted(order) == list(range(len(text)))
