"""Paragraphs in any mixture of scripts: shaped, in their direction, broken into lines, and readable as text.

A paragraph becomes words, each word runs of one face and direction, each run glyphs, each
glyph with the letters that it stands for, so that `drawing` can say them beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import uharfbuzz as hb

from advocate_desk.documents import bidi
from advocate_desk.documents.characters import clean, clusters, is_space, may_break_after, script, tie, tie_last
from advocate_desk.documents.fonts import Face, Family, FontSet

Colour = tuple[float, float, float]
INK: Colour = (0.11, 0.12, 0.14)
_FEATURES = {"kern": True, "liga": True}
_FAKE_BOLD = 0.028  # stroke width in ems, for a script whose font has no bold cut


@dataclass(frozen=True, slots=True)
class Style:
    """How a paragraph looks. Sizes are points; `align` is "start", "end" or "centre".

    A paragraph of ours runs left to right whatever name it begins with; one that somebody typed (`typed`) goes the way
    of most of its letters.
    """

    size_pt: float = 11
    leading_pt: float = 15.5
    family: Family = Family.SERIF
    bold: bool = False
    italic: bool = False
    colour: Colour = INK
    align: str = "start"
    tracking_em: float = 0
    typed: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a paragraph, emphasised or not."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True)
class Glyph:
    """One glyph of a run: offsets and advance in ems.

    `text` is what it stands for; "" if it is one of several glyphs of its letter. In right-to-left runs the widest of
    those carries the letter's text.
    """

    number: int
    advance: float
    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one face and direction, in the order they stand from left to right."""

    text: str
    face: Face
    level: int
    glyphs: tuple[Glyph, ...]
    width_pt: float
    fake_bold_em: float = 0

    @property
    def is_space(self) -> bool:
        """True for a run of spaces at which a line may end."""
        return all(is_space(c) for c in self.text)


@dataclass(frozen=True, slots=True)
class Line:
    """Runs from left to right, and where the first one starts."""

    runs: tuple[Run, ...]
    width_pt: float
    x_pt: float


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph broken into lines for one width."""

    lines: tuple[Line, ...]
    style: Style
    width_pt: float

    @property
    def height_pt(self) -> float:
        """From the top of the first line to the foot of the last."""
        return len(self.lines) * self.style.leading_pt

    def text(self) -> str:
        """What it says, its lines joined by spaces."""
        lines = ("".join(run.text for run in _reading_order(line.runs)) for line in self.lines)
        return " ".join(lines).replace("\u00a0", " ")


@dataclass(frozen=True, slots=True)
class _Letters:
    """One paragraph's characters with the cut and the level of each."""

    text: str
    cuts: tuple[tuple[bool, bool], ...]
    levels: tuple[int, ...]
    base: int


@dataclass(slots=True)
class _Setter:
    fonts: FontSet
    style: Style
    width_pt: float
    lines: list[Line] = field(default_factory=list)


def set_paragraph(fonts: FontSet, content: str | Sequence[Span], style: Style, width_pt: float) -> Paragraph:
    """`content` in lines of at most `width_pt`; a line feed ends one. Raises Refused for a character without a font."""
    spans = [Span(content)] if isinstance(content, str) else list(content)
    setter = _Setter(fonts, style, width_pt)
    for piece in _forced_lines(spans):
        _set_piece(setter, _letters(piece, style))
    return Paragraph(tuple(setter.lines), style, width_pt)


def text_width(fonts: FontSet, text: str, style: Style) -> float:
    """How wide `text` is on one line, in points."""
    return max((line.width_pt for line in set_paragraph(fonts, text, style, 1e6).lines), default=0)


def _forced_lines(spans: Sequence[Span]) -> Iterator[list[Span]]:
    line: list[Span] = []
    for span in spans:
        first, *rest = tie(clean(span.text)).split("\n")
        line.append(replace(span, text=first))
        for text in rest:
            yield line
            line = [replace(span, text=text)]
    yield line


def _letters(spans: list[Span], style: Style) -> _Letters:
    text = tie_last("".join(span.text for span in spans))
    cuts = tuple((style.bold or s.bold, style.italic or s.italic) for s in spans for _ in s.text)
    base = bidi.base_level(text) if style.typed else 0
    return _Letters(text, cuts, tuple(bidi.levels(text, base)), base)


def _set_piece(setter: _Setter, letters: _Letters) -> None:
    line: list[Run] = []
    used = 0.0
    for start, end in _words(letters.text):
        runs = list(_shape(setter, letters, start, end))
        wide = sum(run.width_pt for run in runs if not run.is_space)
        if line and used + wide > setter.width_pt:
            setter.lines.append(_line(line, letters.base, setter))
            line, used = [], 0.0
        if wide > setter.width_pt:
            *full, line = _split_wide(setter, letters, start, end)
            setter.lines += [_line(part, letters.base, setter) for part in full]
            used = sum(run.width_pt for run in line)
            continue
        line += runs
        used += sum(run.width_pt for run in runs)
    setter.lines.append(_line(line, letters.base, setter))


def _words(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for place in range(len(text)):
        if may_break_after(text, place):
            yield start, place + 1
            start = place + 1


def _split_wide(setter: _Setter, letters: _Letters, start: int, end: int) -> list[list[Run]]:
    """A word wider than the line, in pieces that fit, broken between letters.

    How many letters fit is looked for near what fitted the line before: a pasted wall of letters would else be shaped
    whole for each of its lines.
    """
    lines: list[list[Run]] = []
    edges = [start + stop for _, stop in clusters(letters.text[start:end])]
    done, expected = 0, 1
    while done < len(edges):

        def fits(count: int, start: int = start, done: int = done) -> bool:
            runs = _shape(setter, letters, start, edges[done + count - 1])
            return sum(run.width_pt for run in runs) <= setter.width_pt

        expected = _most_that_fit(fits, len(edges) - done, expected)
        lines.append(list(_shape(setter, letters, start, edges[done + expected - 1])))
        done += expected
        start = edges[done - 1]
    return lines


def _most_that_fit(fits: Callable[[int], bool], most: int, expected: int) -> int:
    """The largest count from 1 to `most` that fits, 1 where none does, looked for from `expected` on."""
    low, high = 1, min(expected, most)
    while high < most and fits(high):
        low, high = high, min(2 * high, most)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle) else (low, middle - 1)
    return low


def _line(runs: list[Run], base: int, setter: _Setter) -> Line:
    kept = list(runs)
    while kept and kept[-1].is_space:
        kept.pop()
    width = sum(run.width_pt for run in kept)
    spare = max(0.0, setter.width_pt - width)
    align = {"start": base, "end": 1 - base, "centre": 0.5}[setter.style.align]
    ordered = bidi.visual_order(kept, lambda run: run.level)
    return Line(tuple(ordered), width, spare * align)


def _reading_order(runs: tuple[Run, ...]) -> Iterator[Run]:
    """Undo the visual order, for comparing what a paragraph says: right-to-left stretches are turned back."""
    return iter(bidi.visual_order(runs, lambda run: run.level))


def _shape(setter: _Setter, letters: _Letters, start: int, end: int) -> Iterator[Run]:
    for from_, to, face in _runs(setter, letters, start, end):
        yield _shape_run(letters.text[from_:to], face, letters.levels[from_], letters.cuts[from_][0], setter.style)


def _runs(setter: _Setter, letters: _Letters, start: int, end: int) -> Iterator[tuple[int, int, Face]]:
    """Stretches of `letters` between `start` and `end` with one face, level, script and kind (spaces or not)."""
    run_start = start
    run_face: Face | None = None
    run_key: tuple[object, ...] | None = None
    current_script = ""
    for c_start, c_end in clusters(letters.text[start:end]):
        place = start + c_start
        cluster = letters.text[place : start + c_end]
        bold, italic = letters.cuts[place]
        rightward = letters.levels[place] % 2 == 0
        if not rightward and run_face is not None and not script(cluster[0]) and run_face.covers(cluster):
            face = run_face  # a space of the same font keeps the words of a name in one piece
        else:
            face = setter.fonts.face(cluster, setter.style.family, bold=bold, italic=italic, rightward=rightward)
        current_script = script(cluster[0]) or current_script
        key = (face, letters.levels[place], letters.cuts[place], current_script, is_space(cluster[0]))
        if key != run_key:
            if run_face is not None:
                yield run_start, place, run_face
            run_start, run_face, run_key = place, face, key
    if run_face is not None:
        yield run_start, end, run_face


def _shape_run(text: str, face: Face, level: int, bold: bool, style: Style) -> Run:
    leftward = level % 2 == 1
    buffer = hb.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = "rtl" if leftward else "ltr"
    hb.shape(face.shaper, buffer, _FEATURES)
    tracking = 0.0 if leftward else style.tracking_em
    em = face.units_per_em
    glyphs = tuple(
        Glyph(
            info.codepoint,
            position.x_advance / em + tracking,
            position.x_offset / em,
            position.y_offset / em,
            letters,
        )
        for info, position, letters in zip(
            buffer.glyph_infos, buffer.glyph_positions, _texts_of_glyphs(text, buffer, leftward), strict=True
        )
    )
    width = sum(glyph.advance for glyph in glyphs) * style.size_pt * face.optical_scale
    fake = _FAKE_BOLD if bold and not face.is_bold else 0
    return Run(text, face, level, glyphs, width, fake)


def _texts_of_glyphs(text: str, buffer: hb.Buffer, leftward: bool) -> list[str]:
    """What each glyph stands for: see `Glyph`."""
    members: dict[int, list[int]] = {}
    for number, info in enumerate(buffer.glyph_infos):
        members.setdefault(info.cluster, []).append(number)
    starts = sorted(members)
    texts = [""] * len(buffer.glyph_infos)
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        numbers = members[start]
        if len(numbers) == 1:
            texts[numbers[0]] = text[start:end]
        elif leftward:
            widest = max(numbers, key=lambda number: buffer.glyph_positions[number].x_advance)
            texts[widest] = text[start:end]
    return texts
