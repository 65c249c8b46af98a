"""What of a file may stand in no letter, and how its facts read there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.desk.forms.letter_known import REQUESTS, ROUTES
from advocate_desk.desk.forms.letter_secrets import address_parts, place_parts, schools_in
from tests.builders import PACKS


def test_an_address_is_known_by_its_first_line_numbers_and_postcode_but_not_by_its_town() -> None:
    parts = address_parts("Flat 3, 14 Hidden Lane, Leeds, LS1 3BG")
    assert {"Flat 3", "14 Hidden Lane", "LS1 3BG"} <= set(parts)
    assert "Leeds" not in parts
    assert "Rose Cottage" in address_parts("Rose Cottage, Leeds")


def test_a_place_is_known_whole_and_by_each_part_of_two_words() -> None:
    assert set(place_parts("Marigold House, Leeds")) == {"Marigold House, Leeds", "Marigold House"}


@pytest.mark.parametrize(
    ("note", "names"),
    [
        ("Lives with her, goes to Saint Example Primary School.", ["Saint Example Primary School"]),
        ("At Little Oaks Nursery on Mondays", ["At Little Oaks Nursery"]),
        ("saw it from the stairs", []),
    ],
)
def test_schools_and_nurseries_are_found_in_a_note(note: str, names: list[str]) -> None:
    assert schools_in(note) == names


@given(st.text(max_size=300))
def test_no_text_is_too_strange_to_be_kept_out(text: str) -> None:
    for found in (address_parts(text), place_parts(text), schools_in(text)):
        assert all(isinstance(each, str) for each in found)


def test_no_referral_route_names_a_marac_a_ward_a_school_or_a_workplace() -> None:
    assert not [route for route in ROUTES.values() if "marac" in route.lower() or "school" in route]
    assert set(ROUTES) <= {option.key for option in PACKS.choices("referral_source")}


def test_every_request_belongs_to_an_access_need_and_names_no_condition() -> None:
    assert set(REQUESTS) <= {option.key for option in PACKS.choices("access_need")}
    said = " ".join(REQUESTS.values()).lower()
    assert not [word for word in ("mental", "autis", "disab", "illness", "memory") if word in said]
