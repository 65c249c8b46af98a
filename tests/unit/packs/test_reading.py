"""Resource files: what is not as its schema says is refused, with the file and the place in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.domain.clocks import LawClocks
from advocate_desk.domain.forms import FormSpec
from advocate_desk.domain.sources import Source
from advocate_desk.errors import BrokenResource
from advocate_desk.packs.reading import convert, read_csv, read_toml


@dataclass(frozen=True, slots=True)
class Thing:
    key: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class Things:
    source: Source
    thing: tuple[Thing, ...]


HEAD = '[source]\ntitle = "T"\nlicence = "L"\n'


def refusal(root: Path, text: str) -> str:
    (root / "things.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BrokenResource) as raised:
        read_toml(root, "things.toml", Things)
    return raised.value.advice


def test_a_good_file_becomes_a_value(tmp_path: Path) -> None:
    (tmp_path / "things.toml").write_text(HEAD + '[[thing]]\nkey = "a"\nsize = 3\n', encoding="utf-8")
    assert read_toml(tmp_path, "things.toml", Things).thing == (Thing("a", 3),)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (HEAD + '[[thing]]\nkey = "a"\n[[thing]]\nkey = "b"\nsizes = 3\n', "Unknown key - at `$.thing[1].sizes`"),
        (HEAD + '[[thing]]\nkey = "a"\n[[thing]]\nsize = 3\n', "missing required field `key` - at `$.thing[1]`"),
        (HEAD + '[[thing]]\nkey = "a"\nsize = "big"\n', "got `str` - at `$.thing[0].size`"),
        (HEAD + '[[thing]]\nkey = "a"\n[[thing]]\nkey = "a"\n', "Key used twice - at `$.thing[1].key`"),
        (HEAD + 'colour = "red"\n[[thing]]\nkey = "a"\n', "Unknown key - at `$.source.colour`"),
        ('[[thing]]\nkey = "a"\n', "missing required field `source`"),
        (HEAD + "[[thing\n", "line 4"),
    ],
)
def test_a_broken_file_names_itself_and_the_place(text: str, place: str, tmp_path: Path) -> None:
    advice = refusal(tmp_path, text)
    assert "resources/things.toml" in advice
    assert place in advice


def test_a_missing_file_and_one_that_is_no_text_are_said_to_be_broken(tmp_path: Path) -> None:
    with pytest.raises(BrokenResource, match=r"resources/things\.toml.*missing"):
        read_toml(tmp_path, "things.toml", Things)
    (tmp_path / "things.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BrokenResource, match="cannot be read"):
        read_toml(tmp_path, "things.toml", Things)


def test_a_rule_may_stand_again_with_other_dates_in_force() -> None:
    clock = {"key": "uls", "title": "T", "rule": "calendar_days", "length": 28, "starts": "s", "who": "us", "law": "L"}
    later = clock | {"in_force_from": date(2026, 6, 29)}
    source = {"title": "T", "licence": "L"}
    assert len(convert("c.toml", {"source": source, "clock": [clock, later]}, LawClocks).clock) == 2
    with pytest.raises(BrokenResource, match="used twice"):
        convert("c.toml", {"source": source, "clock": [clock, clock]}, LawClocks)


def test_keys_may_repeat_in_different_lists() -> None:
    form = {
        "key": "f",
        "title": "F",
        "sections": [
            {"key": "f", "title": "S", "fields": [{"key": "f", "kind": "repeat", "label": "L", "fields": []}]},
        ],
    }
    assert convert("f.toml", form, FormSpec).sections[0].fields[0].key == "f"


@pytest.mark.parametrize(
    ("text", "problem"),
    [("a,b\n1,2\n3\n", "at line 3"), ("a,c\n1,2\n", "at line 1"), ("", "at line 1")],
)
def test_a_list_with_other_columns_is_refused_with_its_line(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(text, encoding="utf-8")
    with pytest.raises(BrokenResource, match=problem):
        read_csv(tmp_path, "list.csv", ("a", "b"))


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    root = tmp_path_factory.getbasetemp()
    (root / "any.toml").write_text(text, encoding="utf-8", errors="replace")
    with pytest.raises(BrokenResource):
        read_toml(root, "any.toml", Things)
