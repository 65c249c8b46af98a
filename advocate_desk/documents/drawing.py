"""Puts set paragraphs on the pages of a reportlab canvas so that their text can be taken out again as it was typed.

How readers of PDF take out right-to-left text differs from what the format says, and no two agree:

- Poppler and PDFium both expect the letters of a word as they stand from left to right, and turn them round themselves;
  text given in `/ActualText` in reading order, as the format asks, comes out backwards from both.
- PDFium orders what is drawn by separate operators from left to right, and turns whole lines round only where at least
  half of the words run leftward. Poppler goes by place alone.

So a stretch of right-to-left words is drawn by one operator, its letters in the order they stand, its words in reading
order on a mostly rightward line and in the order they stand on a mostly leftward one. Points and vowel marks are drawn
as shapes, and their text is given with their letter's, or left out on a mostly rightward line, where PDFium would turn
round every letter between two of them. Everything else that a font's own text map cannot say (letters
made of several glyphs, as in Indic scripts) carries `/ActualText`. For screen readers, which follow the format, the
document's structure has the text of such a paragraph in reading order.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from reportlab.pdfgen.canvas import Canvas

from advocate_desk.documents.fonts import Face
from advocate_desk.documents.glyphs import GlyphFont
from advocate_desk.documents.outlines import outline
from advocate_desk.documents.text import Colour, Glyph, Line, Paragraph, Run, Style

_BASELINE = 0.7  # of a line's height, from its top: two sizes side by side stand on one line


@dataclass(frozen=True, slots=True)
class _Placed:
    glyph: Glyph
    x: float  # ems from the start of the stretch
    text: str


@dataclass(slots=True)
class Pen:
    """Draws on one document's canvas. Coordinates are points from the bottom left."""

    canvas: Canvas
    _fonts: dict[Face, GlyphFont] = field(default_factory=dict)
    _shapes: list[str] = field(default_factory=list)

    def paragraph(self, paragraph: Paragraph, x: float, top: float, first: int = 0, last: int | None = None) -> None:
        """Lines `first` to `last` (not included) of `paragraph`, the top of the first of them at `top`."""
        style = paragraph.style
        drop = style.leading_pt * _BASELINE
        self._emit(f"q BT {_colour(style.colour, 'rg')} {_colour(style.colour, 'RG')}")
        for number, line in enumerate(paragraph.lines[first:last]):
            self._line(line, x + line.x_pt, top - number * style.leading_pt - drop, style)
        self._emit("ET")
        self.canvas._code.extend(self._shapes)
        self._shapes.clear()
        self._emit("Q")

    def rule(self, x: float, y: float, width: float, colour: Colour, thickness: float = 0.5) -> None:
        """A horizontal line of `width` points whose middle is at `y`."""
        self._emit(f"q {_colour(colour, 'RG')} {thickness:.2f} w {x:.2f} {y:.2f} m {x + width:.2f} {y:.2f} l S Q")

    def upright(self, x: float, y: float, height: float, colour: Colour, thickness: float = 0.5) -> None:
        """A vertical line of `height` points upwards from `y`."""
        self._emit(f"q {_colour(colour, 'RG')} {thickness:.2f} w {x:.2f} {y:.2f} m {x:.2f} {y + height:.2f} l S Q")

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A filled rectangle with its bottom left corner at (x, y)."""
        self._emit(f"q {_colour(colour, 'rg')} {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f Q")

    def frame(self, x: float, y: float, width: float, height: float, colour: Colour, thickness: float = 0.5) -> None:
        """An empty rectangle with its bottom left corner at (x, y)."""
        stroke = f"{_colour(colour, 'RG')} {thickness:.2f} w"
        self._emit(f"q {stroke} {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S Q")

    def begin(self, tag: str, number: int) -> None:
        """Open content that the document's structure knows as `number` on this page."""
        self._emit(f"/{tag} <</MCID {number}>> BDC")

    def begin_furniture(self) -> None:
        """Open content that is not part of what the document says: page numbers, rules, footers."""
        self._emit("/Artifact BMC")

    def end(self) -> None:
        """Close what `begin` or `begin_furniture` opened."""
        self._emit("EMC")

    def _emit(self, code: str) -> None:
        self.canvas._code.append(code)

    def _font(self, face: Face) -> GlyphFont:
        if face not in self._fonts:
            self._fonts[face] = GlyphFont(f"glyphs{len(self._fonts)}", face)
        return self._fonts[face]

    def _line(self, line: Line, x: float, y: float, style: Style) -> None:
        reads_leftward = _mostly_leftward(line.runs)
        for leftward, group in groupby(line.runs, key=lambda run: (run.level % 2, run.face if run.level % 2 else None)):
            runs = list(group)
            if leftward[0]:
                self._leftward(runs, x, y, style.size_pt, in_place=reads_leftward)
            else:
                self._rightward(runs, x, y, style.size_pt)
            x += sum(run.width_pt for run in runs)
        if line.runs and not reads_leftward:
            self._space_after(line.runs[-1].face, x, y, style.size_pt)

    def _space_after(self, face: Face, x: float, y: float, size: float) -> None:
        """An unseen space, so that a reader of the structure does not run two lines into one word."""
        space = face.shaper.get_nominal_glyph(ord(" "))
        if space:
            self._stretch(face, [_Placed(Glyph(space, 0, 0, 0, " "), 0, " ")], x, y, size, 0)

    def _rightward(self, runs: Iterable[Run], x: float, y: float, size: float) -> None:
        for run in runs:
            hidden = not all(glyph.text for glyph in run.glyphs)
            if hidden:
                actual = ("\ufeff" + run.text.replace("\u00a0", " ")).encode("utf-16-be").hex().upper()
                self._emit(f"/Span <</ActualText <{actual}>>> BDC")
            with_bold = run.fake_bold_em * size
            self._stretch(run.face, _placed(run.glyphs), x, y, size * run.face.optical_scale, with_bold)
            if hidden:
                self._emit("EMC")
            x += run.width_pt

    def _leftward(self, runs: list[Run], x: float, y: float, size: float, *, in_place: bool) -> None:
        size *= runs[0].face.optical_scale
        words: list[list[_Placed]] = []
        start = 0.0
        for run in runs:
            placed = list(_placed(run.glyphs, start))
            self._shapes.extend(_marks(run, placed, x, y, size))
            words.append([_Placed(p.glyph, p.x, _as_it_stands(p.text, in_place)) for p in placed if p.text])
            start += run.width_pt / size
        if not in_place:
            words.reverse()
        self._stretch(runs[0].face, [p for word in words for p in word], x, y, size, runs[0].fake_bold_em * size)

    def _stretch(self, face: Face, placed: Iterable[_Placed], x: float, y: float, size: float, bold_pt: float) -> None:
        """Glyphs of one face by as few operators as their subsets and heights allow."""
        font = self._font(face)
        if bold_pt:
            self._emit(f"2 Tr {bold_pt:.3f} w")
        self._emit(f"1 0 0 1 {x:.3f} {y:.3f} Tm")
        subset, rise, array, pen = "", 0.0, "", 0.0  # pen: thousandths of an em from the start
        for item in placed:
            glyph = item.glyph
            text = item.text.replace("\u00a0", " ")  # a tie between words is not part of what they say
            name, code = font.code(glyph.number, text, self.canvas._doc)
            height = 0.0 if glyph.y == 0 else glyph.y
            if (name, height) != (subset, rise):
                self._show(array)
                array = ""
            if name != subset:
                self._emit(f"{name} {size:.2f} Tf")
            if height != rise:
                self._emit(f"{height * size:.3f} Ts")
            subset, rise = name, height
            shift = (item.x + glyph.x) * 1000 - pen
            if abs(shift) > 0.05:
                array += f"{-shift:.1f} "
                pen += shift
            array += f"<{code:02X}>"
            pen += font.width(glyph.number)
        self._show(array)
        self._emit(("0 Ts " if rise else "") + ("0 Tr" if bold_pt else ""))

    def _show(self, array: str) -> None:
        if array:
            self._emit(f"[{array}] TJ".replace("><", ""))


def _placed(glyphs: Sequence[Glyph], start: float = 0.0) -> Iterator[_Placed]:
    for glyph in glyphs:
        yield _Placed(glyph, start, glyph.text)
        start += glyph.advance


def _marks(run: Run, placed: Iterable[_Placed], x: float, y: float, size: float) -> Iterator[str]:
    """The glyphs of a right-to-left run that carry no text, as filled shapes."""
    for item in placed:
        if not item.text:
            shape = outline(run.face, item.glyph.number)
            left, foot = x + (item.x + item.glyph.x) * size, y + item.glyph.y * size
            scale = size / run.face.units_per_em
            if shape:
                yield f"q {scale:.6f} 0 0 {scale:.6f} {left:.3f} {foot:.3f} cm {shape} f Q"


def _as_it_stands(text: str, with_marks: bool) -> str:
    letters = text if with_marks else "".join(c for c in text if unicodedata.category(c) != "Mn")
    return (letters or text)[::-1]


def _mostly_leftward(runs: Sequence[Run]) -> bool:
    """True if PDFium will turn the line round: it counts stretches of letters, which spaces, signs and marks part."""
    ways = (_way(c) for run in runs for c in run.text)
    stretches = [way for way, _ in groupby(ways)]
    return 0 < stretches.count("R") >= stretches.count("L")


def _way(character: str) -> str:
    kind = unicodedata.bidirectional(character)
    return {"L": "L", "R": "R", "AL": "R", "NSM": "weak"}.get(kind, kind)


def _colour(colour: Colour, operator: str) -> str:
    return " ".join(f"{part:.3f}" for part in colour) + " " + operator
