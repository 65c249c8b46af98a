"""Pages: what stands at their edges, how blocks flow over them, and how a PDF leaves clean or locked."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pikepdf
from reportlab.pdfgen.canvas import Canvas

from advocate_desk.documents.blocks import Block, Gap, Place
from advocate_desk.documents.drawing import Pen
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.glyphs import RENDERING
from advocate_desk.documents.structure import Structure
from advocate_desk.documents.text import Colour, Style, set_paragraph
from advocate_desk.errors import Refused

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
A5 = (148 * MM, 210 * MM)

ACCENT: Colour = (0.10, 0.29, 0.36)
QUIET: Colour = (0.36, 0.39, 0.43)
HAIRLINE: Colour = (0.78, 0.81, 0.84)
GROUND: Colour = (0.955, 0.965, 0.97)

MAX_PAGES = 60  # a document that runs on longer has been given something that is no letter or plan


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet and its margins, in points. Pages after the first leave `later_pt` more at the top."""

    width_pt: float = A4[0]
    height_pt: float = A4[1]
    left_pt: float = 27 * MM
    right_pt: float = 27 * MM
    top_pt: float = 20 * MM
    bottom_pt: float = 25 * MM
    later_pt: float = 6 * MM

    @property
    def measure_pt(self) -> float:
        """How wide a line of text may be."""
        return self.width_pt - self.left_pt - self.right_pt

    @property
    def room_pt(self) -> float:
        """How much height there is for blocks."""
        return self.height_pt - self.top_pt - self.bottom_pt


@dataclass(frozen=True, slots=True)
class Edges:
    """What every page says at its foot, and pages after the first at their head.

    `notice` stands left ("Confidential: do not forward"), `version` in the middle, the page number right. An empty text
    leaves its place empty; without `numbered` there is no page number.
    """

    notice: str = ""
    version: str = ""
    continued: str = ""
    numbered: bool = True


@dataclass(slots=True)
class _Laid:
    pages: list[list[tuple[Block, float]]] = field(default_factory=lambda: [[]])
    left_pt: float = 0


def make_pdf(fonts: FontSet, blocks: Sequence[Block], *, title: str, page: Page | None = None, edges: Edges) -> bytes:
    """`blocks` over as many pages as they need: a tagged PDF in British English, the same bytes for the same blocks.

    `title` is all the metadata there is, and must be neutral. Raises Refused for a character that no font has, and for
    more than `MAX_PAGES` pages.
    """
    page = page or Page()
    pages = _flow(blocks, page)
    structure = Structure()

    def draw(pen: Pen, number: int) -> None:
        place = Place(pen, structure, number)
        for block, top in pages[number]:
            block.draw(place, page.left_pt, top)
        _draw_edges(fonts, pen, page, edges, number, len(pages))

    return draw_pdf(len(pages), (page.width_pt, page.height_pt), draw, title=title, structure=structure)


def draw_pdf(
    count: int, size: tuple[float, float], draw: Callable[[Pen, int], None], *, title: str, structure: Structure
) -> bytes:
    """A PDF of `count` pages of `size`, each drawn by `draw(pen, number from 0)`. No file is ever written."""
    made = io.BytesIO()
    with RENDERING:
        canvas = Canvas(made, pagesize=size, pageCompression=1, invariant=1)
        pen = Pen(canvas)
        for number in range(count):
            draw(pen, number)
            canvas.showPage()
        canvas.save()
    return _tagged(made.getvalue(), title, structure)


def finish_pdf(pdf: bytes, password: str | None = None) -> bytes:
    """`pdf` with all metadata but its title taken out, and locked with AES-256 if `password` is given.

    Source: ISO 32000-2, 7.6.4 (security handler revision 6).
    """
    if password is not None and not password:
        raise Refused("A password cannot be empty. Nothing was saved. Type one, or save without a password.")
    finished = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        _strip(opened)
        if password is None:
            opened.save(finished, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        else:
            lock = pikepdf.Encryption(owner=password, user=password, R=6, aes=True, metadata=True)
            opened.save(finished, encryption=lock)
    return finished.getvalue()


def _tagged(pdf: bytes, title: str, structure: Structure) -> bytes:
    tagged = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        structure.write(opened)
        opened.Root.Lang = pikepdf.String("en-GB")
        opened.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        opened.docinfo[pikepdf.Name.Title] = title
        _strip(opened)
        opened.save(tagged, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return tagged.getvalue()


def _strip(opened: pikepdf.Pdf) -> None:
    """Leave the title alone: no author, program, date, path or place."""
    for key in ("/Metadata", "/PieceInfo", "/OpenAction", "/AA", "/Names"):
        if key in opened.Root:
            del opened.Root[key]
    for key in list(opened.docinfo.keys()):
        if key != "/Title":
            del opened.docinfo[key]


def _flow(blocks: Sequence[Block], page: Page) -> list[list[tuple[Block, float]]]:
    laid = _Laid(left_pt=page.room_pt)
    waiting = list(blocks)
    while waiting:
        block = waiting.pop(0)
        fresh = not laid.pages[-1]
        before = 0 if fresh else block.before_pt
        if fresh and len(laid.pages) > 1 and isinstance(block, Gap):
            continue
        needed = before + block.height_pt + _kept_with(block, waiting)
        if needed <= laid.left_pt or (fresh and block.height_pt <= laid.left_pt):
            _put(laid, block, before, page)
            continue
        parts = block.split(laid.left_pt - before)
        if parts:
            _put(laid, parts[0], before, page)
            waiting.insert(0, parts[1])
        elif fresh:
            raise Refused("Something in this document is higher than a page. No page was made. Make it shorter.")
        else:
            waiting.insert(0, block)
        _turn(laid, page)
    return laid.pages


def _kept_with(block: Block, following: Sequence[Block]) -> float:
    """How much room must be left below `block` for the start of what it may not be parted from."""
    if not block.keeps_next or not following:
        return 0
    after = following[0]
    if after.keeps_next:
        return after.before_pt + after.height_pt + _kept_with(after, following[1:])
    parts = after.split(after.height_pt - 0.1)
    least = min(after.height_pt, 40) if parts else after.height_pt
    return after.before_pt + least


def _put(laid: _Laid, block: Block, before: float, page: Page) -> None:
    top = page.bottom_pt + laid.left_pt - before
    laid.pages[-1].append((block, top))
    laid.left_pt -= before + block.height_pt


def _turn(laid: _Laid, page: Page) -> None:
    laid.pages.append([])
    laid.left_pt = page.room_pt - page.later_pt
    if len(laid.pages) > MAX_PAGES:
        raise Refused(f"This would have more than {MAX_PAGES} pages. No page was made. Make its texts shorter.")


def _draw_edges(fonts: FontSet, pen: Pen, page: Page, edges: Edges, number: int, count: int) -> None:
    style = Style(size_pt=8, leading_pt=10, family=Family.SANS, colour=QUIET)
    foot = page.bottom_pt - 9 * MM
    shown = [
        (edges.notice, "start", foot),
        (edges.version, "centre", foot),
        (f"Page {number + 1} of {count}" if edges.numbered else "", "end", foot),
        (edges.continued if number else "", "start", page.height_pt - page.top_pt + 2 * MM),
    ]
    pen.begin_furniture()
    if any(text for text, _, top in shown if top == foot):
        pen.rule(page.left_pt, foot + 5, page.measure_pt, HAIRLINE)
    for text, align, top in shown:
        if text:
            aligned = Style(style.size_pt, style.leading_pt, style.family, colour=QUIET, align=align)
            pen.paragraph(set_paragraph(fonts, text, aligned, page.measure_pt), page.left_pt, top)
    pen.end()
