"""Which font sets which characters: the program's own first, then the computer's, chosen by what they cover."""

from __future__ import annotations

import os
import sys
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

import uharfbuzz as hb

from advocate_desk.documents.characters import is_ignorable, script
from advocate_desk.errors import BrokenResource, Refused

_NOT_FOR_READING = ("lastresort", "adobeblank", "notdef", "unifont")  # cover everything and show nothing
_CUTS = ("bold", "italic", "oblique", "light", "thin", "black", "condensed", "mono")
_FS_TYPE_OFFSET = 8  # in the OS/2 table


class Family(StrEnum):
    """The two text faces: serif for letters, sans for sheets, plans and the edges of a page."""

    SERIF = "SourceSerif4"
    SANS = "SourceSans3"


@dataclass(frozen=True)
class Face:
    """One TrueType file. `index` counts fonts inside a collection."""

    path: Path
    index: int = 0

    @cached_property
    def shaper(self) -> hb.Font:
        """The HarfBuzz font, in the file's own units."""
        return hb.Font(hb.Face(hb.Blob.from_file_path(str(self.path)), self.index))

    @cached_property
    def units_per_em(self) -> int:
        """Font units in one em."""
        return int(self.shaper.face.upem)

    @cached_property
    def optical_scale(self) -> float:
        """How much larger than Latin text this face is set, to look the same size beside it."""
        return 1.14 if "Arabic" in self.path.stem else 1.0

    @cached_property
    def is_bold(self) -> bool:
        """True if the file is a bold cut."""
        return "bold" in self.path.stem.lower()

    def covers(self, cluster: str) -> bool:
        """True if every character of `cluster` that shows has a glyph here."""
        return all(is_ignorable(c) or self._has(c) for c in cluster)

    def _has(self, character: str) -> bool:
        return bool(self.shaper.get_nominal_glyph(ord(character)))


class FontSet:
    """The fonts that documents may use. One serves the whole program; it is safe between threads.

    `folder` is `resources/fonts`. `system` lists font files of the computer; it is called at most once, and only when a
    character is met that the program's own fonts lack.
    """

    def __init__(self, folder: Path, system: Callable[[], Iterable[Path]] | None = None) -> None:
        self._text = {path.stem: Face(path) for path in sorted((folder / "text").glob("*.ttf"))}
        self._scripts = [Face(path) for path in sorted((folder / "scripts").glob("*-Regular.ttf"))]
        self._scripts += [Face(p) for p in sorted((folder / "scripts").glob("*.ttf")) if "-" not in p.stem]
        self._bold = {p.stem: Face(p) for p in sorted((folder / "scripts").glob("*-Bold.ttf"))}
        self._system = system or system_font_files
        self._system_faces: list[Face] | None = None
        self._chosen: dict[tuple[str, Family, bool, bool, bool], Face] = {}
        self._lock = threading.Lock()
        for family in Family:
            if f"{family.value}-Regular" not in self._text:
                raise BrokenResource(f"The font {family.value} is missing from fonts/text. Install the program again.")

    def face(self, cluster: str, family: Family, *, bold: bool, italic: bool, rightward: bool = True) -> Face:
        """The face that sets `cluster` (a letter with its marks), in the wished cut where there is one.

        In right-to-left text (`rightward` false) signs come from the script's own font. Raises Refused, naming code
        point and script, if no font here or on the computer has it.
        """
        key = (cluster, family, bold, italic, rightward)
        with self._lock:
            found = self._chosen.get(key)
            if found is None:
                if any(unicodedata.category(c) in ("Co", "Cn", "Cs") for c in cluster):  # means nothing to a reader
                    raise Refused(_uncovered(cluster))
                found = next((f for f in self._candidates(*key[1:]) if f.covers(cluster)), None)
                if found is None:
                    raise Refused(_uncovered(cluster))
                self._chosen[key] = found
        return found

    def _candidates(self, family: Family, bold: bool, italic: bool, rightward: bool) -> Iterator[Face]:
        latin = list(self._latin(family, bold, italic))
        scripts = [self._bold.get(f.path.stem.replace("-Regular", "-Bold"), f) if bold else f for f in self._scripts]
        yield from latin + scripts if rightward else scripts + latin
        if self._system_faces is None:
            self._system_faces = list(_usable_faces(self._system()))
        yield from self._system_faces

    def _latin(self, family: Family, bold: bool, italic: bool) -> Iterator[Face]:
        cuts = (["Bold"] if bold else []) + (["Italic"] if italic else []) + ["Regular"]
        for cut in cuts:
            if face := self._text.get(f"{family.value}-{cut}"):
                yield face
        yield from (face for stem, face in self._text.items() if stem.startswith("Noto"))


def system_font_files() -> Iterator[Path]:
    """Every TrueType file in the folders where this operating system keeps fonts."""
    for folder in _system_folders():
        if folder.is_dir():
            for place, _, names in sorted(os.walk(folder)):
                yield from (Path(place, name) for name in sorted(names) if name.lower().endswith((".ttf", ".ttc")))


def _system_folders() -> list[Path]:
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home))
        return [Path(os.environ.get("WINDIR", "C:/Windows"), "Fonts"), local / "Microsoft/Windows/Fonts"]
    if sys.platform == "darwin":
        return [Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"]
    shared = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts")]
    return [*shared, home / ".local/share/fonts", home / ".fonts"]


def _usable_faces(files: Iterable[Path]) -> Iterator[Face]:
    for path in sorted(files, key=_plain_first):
        if any(word in path.stem.lower() for word in _NOT_FOR_READING):
            continue
        face = Face(path)
        try:
            tables = set(face.shaper.face.table_tags)
            os2 = face.shaper.face.reference_table("OS/2").data if "OS/2" in tables else b""
        except (OSError, ValueError, hb.HarfBuzzError):
            continue  # a damaged font of the computer's is no fault of the letter's
        if {"glyf", "loca", "cmap", "hmtx"} <= tables and "fvar" not in tables and _may_embed(os2):
            yield face


def _plain_first(path: Path) -> tuple[bool, str]:
    stem = path.stem.lower()
    return any(cut in stem for cut in _CUTS), str(path)


def _may_embed(os2: bytes) -> bool:
    """True unless the font forbids embedding or subsetting. Source: OpenType 1.9, OS/2 table, fsType."""
    if len(os2) < _FS_TYPE_OFFSET + 2:
        return False
    rights = int.from_bytes(os2[_FS_TYPE_OFFSET : _FS_TYPE_OFFSET + 2], "big")
    return rights & 0x000F != 0x0002 and not rights & 0x0300


def _uncovered(cluster: str) -> str:
    character = next((c for c in cluster if unicodedata.category(c)[0] != "M"), cluster[0])
    writing = script(character).title() or "a sign"
    return (
        f"No font on this computer can print the character U+{ord(character):04X} ({writing}). No page was made. "
        "Take the character out, or install a font that has it."
    )
