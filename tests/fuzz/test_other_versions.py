"""Drafts that another version of the program kept, or a bad disk changed, open as forms: as far as they can be read."""

from __future__ import annotations

import json
import random
from typing import Any

from pytestqt.qtbot import QtBot

from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.values import problems, shaped, top_fields
from tests.desk.conftest import collected_here, collected_whole, dressed  # noqa: F401 - fixtures
from tests.desk.forms import EVERY_KIND, FILLED, a_context
from tests.fuzz.shapes import json_shaped

FIELDS = top_fields(EVERY_KIND)
DRAFTS = 60
PLACES: tuple[dict[str, Any], ...] = (
    {},
    {"field": 7},
    {"field": "given", "cursor": -5},
    {"field": "child.9.name", "cursor": "x"},
    {"field": "incident", "cursor": 10**30},
    {"field": "incident", "cursor": -1},
    {"cursor": None},
)


def test_a_draft_of_this_version_is_brought_back_as_it_was() -> None:
    assert shaped(FIELDS, FILLED) == FILLED


def test_a_draft_of_any_other_shape_opens_and_is_checked(qtbot: QtBot) -> None:
    rng, mutate = random.Random(5), json_shaped()
    view = FormView(EVERY_KIND, {}, a_context())
    qtbot.addWidget(view)
    view.show()
    shapes = set()
    for number in range(DRAFTS):
        changed = json.dumps(FILLED).encode()
        for _ in range(1 + number % 4):
            changed = mutate(rng, changed)
        try:
            kept = json.loads(changed)
        except ValueError:
            continue
        if not isinstance(kept, dict):
            continue
        view.set_values(shaped(FIELDS, kept))
        view.restore_focus(PLACES[number % len(PLACES)])
        shapes.add(json.dumps(view.values(), sort_keys=True))
        assert all(words.endswith(".") for words in problems(EVERY_KIND, view.values()).values())
    assert len(shapes) > DRAFTS / 5, "the drafts did not differ"
