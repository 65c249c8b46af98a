"""A form and a colleague that changed one record: lists are put together row by row, and nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest

from advocate_desk.desk.forms.changed_meanwhile import Opened, combined


def row(name: str, text: str, **more: str) -> dict[str, Any]:
    return {"id": name, "text": text, **more}


A, B = row("a", "first"), row("b", "second")
OPENED = Opened({"rows": [A, B], "note": ""}, {"rows": [A, B], "note": ""})


@pytest.mark.parametrize(
    ("mine", "hers", "shown", "told"),
    [
        ([row("a", "mine"), B], [A, row("b", "hers")], [row("a", "mine"), row("b", "hers")], "together"),
        ([A, B, {"text": "mine"}], [A, B, row("c", "hers")], [A, B, {"text": "mine"}, row("c", "hers")], "together"),
        ([row("a", "mine"), B], [row("a", "hers"), B], [row("a", "mine"), B], "both"),
        ([row("a", "mine"), B], [A], [row("a", "mine")], "together"),
        ([row("a", "mine"), B], [B], [row("a", "mine"), B], "both"),
        ([B], [A, row("b", "hers")], [row("b", "hers")], "together"),
        ([B], [row("a", "hers"), B], [B], "both"),
        ([row("a", "same"), row("b", "mine")], [row("a", "same"), B], [row("a", "same"), row("b", "mine")], "together"),
        ([A, B], [A, row("c", "hers")], [A, row("c", "hers")], "taken"),
    ],
)  # fmt: skip
def test_rows_are_put_together_one_by_one(mine: list[Any], hers: list[Any], shown: list[Any], told: str) -> None:
    found = combined(OPENED, {"rows": hers, "note": ""}, {"rows": mine, "note": ""})
    assert found.values["rows"] == shown
    assert {name: getattr(found, name) for name in ("taken", "together", "both") if getattr(found, name)} == {
        told: ["rows"]
    }


def test_what_was_put_together_once_is_put_together_with_what_comes_next() -> None:
    hers = {"rows": [A, row("b", "hers")], "note": ""}
    first = combined(OPENED, hers, {"rows": [row("a", "mine"), B], "note": ""})
    again = Opened(hers, first.shown_of(OPENED.shown, first.values))
    later = {"rows": [A, row("b", "hers again"), row("c", "new")], "note": ""}
    assert combined(again, later, first.values).values["rows"] == [
        row("a", "mine"),
        row("b", "hers again"),
        row("c", "new"),
    ]


def test_what_stands_half_typed_stays_with_its_row_when_another_is_dropped() -> None:
    half = {"rows": [{"typed": {}}, {"typed": {}, "gone": row("x", "taken out")}, {"typed": {"on": "12/1"}}]}
    found = combined(OPENED, {"rows": [B], "note": ""}, {"rows": [A, row("b", "mine")], "note": ""})
    assert found.values["rows"] == [row("b", "mine")]
    assert found.typed_of(half) == {"rows": half["rows"][1:]}


def test_lists_that_are_no_records_are_taken_or_kept_whole() -> None:
    opened = Opened({"keys": ["a"]}, {"keys": ["a"]})
    assert combined(opened, {"keys": ["b"]}, {"keys": ["a"]}).values["keys"] == ["b"]
    found = combined(opened, {"keys": ["b"]}, {"keys": ["a", "c"]})
    assert found.values["keys"] == ["a", "c"] and found.both == ["keys"]
