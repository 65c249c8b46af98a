from __future__ import annotations

import time
from pathlib import Path

import pytest

from advocate_desk import paths
from advocate_desk.documents.fonts import Family, FontSet, system_font_files
from advocate_desk.errors import BrokenResource, Refused
from tests.unit.documents.papers import NAMES, own_fonts


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize("bold", [False, True])
def test_our_own_fonts_cover_every_language_we_promise(language: str, family: Family, bold: bool) -> None:
    for character in NAMES[language]:
        assert own_fonts().face(character, family, bold=bold, italic=False).covers(character)


def test_a_latin_letter_comes_from_the_text_face_and_an_urdu_one_from_naskh() -> None:
    fonts = own_fonts()
    assert fonts.face("ŵ", Family.SERIF, bold=False, italic=True).path.stem == "SourceSerif4-Italic"
    assert fonts.face("ٹ", Family.SERIF, bold=True, italic=False).path.stem == "NotoNaskhArabic-Bold"


@pytest.mark.parametrize(
    ("character", "named"),
    [("😀", "U+1F600"), ("\ue000", "U+E000"), ("\u0378", "U+0378"), ("𓀀", "U+13000 (Egyptian)"), ("\ud800", "U+D800")],
)
def test_a_character_without_a_font_is_refused_by_its_number(character: str, named: str) -> None:
    with pytest.raises(Refused, match="No page was made") as caught:
        own_fonts().face(character, Family.SERIF, bold=False, italic=False)
    assert named in caught.value.advice


def test_a_letter_and_its_marks_come_from_one_font() -> None:
    face = own_fonts().face("ɔ̃́", Family.SERIF, bold=False, italic=False)
    assert face.covers("ɔ̃́")


def test_the_computers_fonts_are_asked_only_when_ours_lack_a_character(tmp_path: Path) -> None:
    asked: list[bool] = []

    def system() -> list[Path]:
        asked.append(True)
        (tmp_path / "broken.ttf").write_bytes(b"not a font")
        return [tmp_path / "broken.ttf", tmp_path / "missing.ttf", paths.resources() / "fonts/ui/Inter-Regular.ttf"]

    fonts = FontSet(paths.resources() / "fonts", system)
    fonts.face("a", Family.SANS, bold=False, italic=False)
    assert not asked
    assert fonts.face("⏎", Family.SANS, bold=False, italic=False).path.stem == "Inter-Regular"
    with pytest.raises(Refused):
        fonts.face("𓀀", Family.SANS, bold=False, italic=False)
    assert asked == [True]


def test_the_computers_own_font_folders_are_read_without_harm() -> None:
    started = time.monotonic()
    fonts = FontSet(paths.resources() / "fonts", system_font_files)
    with pytest.raises(Refused):
        fonts.face("\U0001fa99\ufe0f\u0488", Family.SANS, bold=False, italic=False)
    assert time.monotonic() - started < 60


def test_a_folder_without_the_text_faces_is_a_broken_resource(tmp_path: Path) -> None:
    with pytest.raises(BrokenResource):
        FontSet(tmp_path)


def test_the_fonts_come_with_their_licences_and_stay_small() -> None:
    folder = paths.resources() / "fonts"
    files = list(folder.rglob("*.ttf"))
    assert sum(file.stat().st_size for file in files) < 12_000_000
    sources = (folder / "SOURCES.md").read_text(encoding="utf-8")
    for licence in (folder / "licences").iterdir():
        assert licence.name in sources
