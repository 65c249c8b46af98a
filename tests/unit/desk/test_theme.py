"""The look: every pair of colours that stands together can be read, in every theme, and the sheet is whole."""

from __future__ import annotations

import re

import pytest

from advocate_desk import paths
from advocate_desk.desk.theme import Look, load_colours, marks, style_sheet
from advocate_desk.settings import THEMES
from tests.desk.contrast import contrast

GROUNDS = ("canvas", "surface", "sunken", "raised")
TEXT_PAIRS = (
    *(
        (ink, ground)
        for ground in GROUNDS
        for ink in ("text", "muted", "accent_text", "danger", "warning", "ok", "info")
    ),
    *((tone, f"{tone}_soft") for tone in ("danger", "warning", "ok", "info")),
    *(("text", f"{tone}_soft") for tone in ("danger", "warning", "ok", "info", "accent")),
    ("text", "hover"),
    ("muted", "hover"),
    ("accent_text", "accent_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("selection_text", "selection"),
    ("text", "match"),
    ("rail_text", "rail"),
    ("rail_text", "rail_hover"),
    ("rail_on_text", "rail_on"),
    ("toast_text", "toast"),
)
SHAPE_PAIRS = (
    *((shape, ground) for shape in ("line_strong", "focus", "accent") for ground in GROUNDS),
    ("rail_text", "rail"),
)


@pytest.mark.parametrize("theme", THEMES)
def test_all_text_can_be_read_on_its_ground(theme: str) -> None:
    colours = load_colours(theme)
    least = 7.0 if theme == "high_contrast" else 4.5
    weak = {
        (ink, ground): round(found, 2)
        for ink, ground in TEXT_PAIRS
        if (found := contrast(getattr(colours, ink), getattr(colours, ground))) < least
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_edges_of_controls_and_the_focus_can_be_seen(theme: str) -> None:
    colours = load_colours(theme)
    weak = {
        (shape, ground): round(found, 2)
        for shape, ground in SHAPE_PAIRS
        if (found := contrast(getattr(colours, shape), getattr(colours, ground))) < 3.0
    }
    assert weak == {}


@pytest.mark.parametrize("theme", THEMES)
def test_the_sheet_has_no_hole_and_grows_with_the_text(theme: str) -> None:
    small, large = (style_sheet(Look(theme, load_colours(theme), percent)) for percent in (100, 200))
    assert "@" not in re.sub(r"url\([^)]*\)", "", small)
    assert "font-size: 14px" in small
    assert "font-size: 28px" in large
    assert "border: 2px solid" in large


@pytest.mark.parametrize("theme", THEMES)
def test_the_marks_in_the_sheet_have_the_colours_of_the_theme(theme: str) -> None:
    folder = paths.resources() / "theme" / "marks" / theme
    assert {each.name: each.read_text("utf-8") for each in folder.iterdir()} == marks(theme)
    for url in re.findall(r"url\(([^)]*)\)", style_sheet(Look(theme, load_colours(theme), 100))):
        assert url.startswith(folder.as_posix())
        assert (folder / url.rsplit("/", 1)[1]).is_file()
