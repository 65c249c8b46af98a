from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk import paths
from advocate_desk.documents.letter import LISTS, SLOTS
from advocate_desk.documents.letter_template import LetterTemplate, check_template, fill
from advocate_desk.domain.disclosure import AddresseeKind
from advocate_desk.errors import BrokenResource
from tests.unit.documents.papers import PACKS, rules, template


def test_every_letter_of_the_resources_is_whole() -> None:
    letters = sorted(path.name for path in (paths.resources() / "letters").glob("l_*.toml"))
    assert letters
    for name in letters:
        read = PACKS.read(f"letters/{name}", LetterTemplate)
        check_template(read, SLOTS, LISTS)
        assert name == f"{read.key.lower()}.toml"
        assert {addressee.kind for addressee in read.addressee} <= set(AddresseeKind)
        topics = {topic.key for topic in rules().topic} | {""}
        for fact in read.fact:
            assert fact.topic in topics
            assert fact.why
            if fact.options:
                assert PACKS.choices(fact.options)


def test_an_optional_stretch_goes_when_a_slot_in_it_is_empty() -> None:
    text = "I am {role}.[ I hold {paper}.][ Since {year}.]"
    assert fill(text, {"role": "an adviser", "year": "2021"}) == "I am an adviser. Since 2021."


@pytest.mark.parametrize("text", ["a [b", "a } b", "{Name}", "[a [b] c]", "{}"])
def test_a_stray_bracket_is_a_broken_resource(text: str) -> None:
    with pytest.raises(BrokenResource):
        check_template(replace(template(), subject=text), SLOTS, LISTS)


def test_unknown_facts_and_lists_are_broken_resources() -> None:
    first = template().part[0]
    for part in (replace(first, when=("nothing",)), replace(first, each="nothing"), replace(first, when_any=("x",))):
        with pytest.raises(BrokenResource):
            check_template(replace(template(), part=(part,)), SLOTS, LISTS)


@given(st.text(max_size=30))
def test_what_fills_a_slot_stands_as_it_is(value: str) -> None:
    assert fill("a {slot} b", {"slot": value}) == f"a {value} b".strip()
