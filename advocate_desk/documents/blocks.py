"""What a page is filled with: paragraphs, rows of columns, rules, gaps and pictures."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from reportlab.lib.utils import ImageReader

from advocate_desk.documents import bidi
from advocate_desk.documents.drawing import Pen
from advocate_desk.documents.picture import Picture
from advocate_desk.documents.structure import Node, Structure
from advocate_desk.documents.text import Colour, Paragraph

_SPLIT_ROW_PT = 300
_TOGETHER = 2  # a page never ends or begins with fewer lines of a paragraph than this


@dataclass(slots=True)
class Place:
    """Where on which page a block is drawn, and what it belongs to. `page` counts from 0."""

    pen: Pen
    structure: Structure
    page: int
    parent: Node | None = None


class Block(Protocol):
    """Something that takes the width it is given and has a height. Measures are points."""

    @property
    def before_pt(self) -> float:
        """The gap above it, left out at the top of a page."""
        ...

    @property
    def keeps_next(self) -> bool:
        """True if it may not be the last thing on a page."""
        ...

    @property
    def height_pt(self) -> float:
        """How high it is, without the gap."""
        ...

    def split(self, room_pt: float) -> tuple[Block, Block] | None:
        """The part that fits into `room_pt` and the rest, or None if it must stay whole."""
        ...

    def draw(self, place: Place, x: float, top: float) -> None:
        """Draw it, its top left corner at (x, top)."""
        ...


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph. `tag` is its role (P, H1, H2, LI, TD, TH); `label` stands before it, `label_pt` from the edge."""

    paragraph: Paragraph
    tag: str = "P"
    before_pt: float = 0
    keeps_next: bool = False
    indent_pt: float = 0
    label: Paragraph | None = None
    label_pt: float = 0
    first: int = 0
    last: int | None = None

    @property
    def _lines(self) -> int:
        return (len(self.paragraph.lines) if self.last is None else self.last) - self.first

    @property
    def height_pt(self) -> float:
        """The height of its lines."""
        return self._lines * self.paragraph.style.leading_pt

    def split(self, room_pt: float) -> tuple[Block, Block] | None:
        """Between lines, never leaving a single line on either side."""
        fitting = min(int(room_pt / self.paragraph.style.leading_pt), self._lines - _TOGETHER)
        if fitting < _TOGETHER:
            return None
        cut = self.first + fitting
        return replace(self, last=cut), replace(self, first=cut, before_pt=0, label=None)

    def draw(self, place: Place, x: float, top: float) -> None:
        """Draw its label and its lines as one element of the document."""
        node = self._element(place)
        place.pen.begin(self.tag, place.structure.mark(node, place.page))
        if self.label:
            place.pen.paragraph(self.label, x + self.label_pt, top)
        place.pen.paragraph(self.paragraph, x + self.indent_pt, top, self.first, self.last)
        place.pen.end()

    def _element(self, place: Place) -> Node:
        known = place.structure.part_of(self.paragraph, place.parent)
        if known is not None:
            return known
        text = self.paragraph.text()
        leftward = any(level % 2 for level in bidi.levels(text))
        made = place.structure.add(self.tag, place.parent, text if leftward else "")
        place.structure.remember(self.paragraph, place.parent, made)
        return made


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty space."""

    height_pt: float
    before_pt: float = 0
    keeps_next: bool = False

    def split(self, room_pt: float) -> None:
        """A gap stays whole."""

    def draw(self, place: Place, x: float, top: float) -> None:
        """Nothing to draw."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""

    width_pt: float
    colour: Colour
    thickness_pt: float = 0.5
    before_pt: float = 0
    keeps_next: bool = True

    @property
    def height_pt(self) -> float:
        """Its thickness."""
        return self.thickness_pt

    def split(self, room_pt: float) -> None:
        """A rule stays whole."""

    def draw(self, place: Place, x: float, top: float) -> None:
        """Draw it as furniture."""
        place.pen.begin_furniture()
        place.pen.rule(x, top - self.thickness_pt / 2, self.width_pt, self.colour, self.thickness_pt)
        place.pen.end()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, `width_pt` by `height_pt`. `says` is read in its place; without it the picture is furniture."""

    picture: Picture
    width_pt: float
    height_pt: float
    before_pt: float = 0
    keeps_next: bool = False

    def split(self, room_pt: float) -> None:
        """A picture stays whole."""

    def draw(self, place: Place, x: float, top: float) -> None:
        """Draw it as furniture: the words beside it say what it says."""
        place.pen.begin_furniture()
        reader = ImageReader(io.BytesIO(self.picture.png))
        place.pen.canvas.drawImage(reader, x, top - self.height_pt, self.width_pt, self.height_pt)
        place.pen.end()


@dataclass(frozen=True, slots=True)
class Column:
    """Blocks one under the other, `x_pt` from the left edge of their row."""

    x_pt: float
    blocks: tuple[Block, ...]

    @property
    def height_pt(self) -> float:
        """From the top of the first block to the foot of the last."""
        return sum(block.height_pt + (block.before_pt if place else 0) for place, block in enumerate(self.blocks))


@dataclass(frozen=True, slots=True)
class Row:
    """Columns side by side, kept on one page unless they are very high.

    `tag` is "TR" for a row of a table, "" for mere arrangement; `fill` colours the ground behind it, `pad_pt` is free
    above and below the columns, and `rule` is drawn at its foot.
    """

    columns: tuple[Column, ...]
    width_pt: float
    tag: str = ""
    before_pt: float = 0
    keeps_next: bool = False
    pad_pt: float = 0
    fill: Colour | None = None
    rule: Colour | None = None

    @property
    def height_pt(self) -> float:
        """The highest column's height with the padding."""
        return max((column.height_pt for column in self.columns), default=0) + 2 * self.pad_pt

    def split(self, room_pt: float) -> tuple[Block, Block] | None:
        """Between the lines of its columns, and only if it is too high for most of a page: else it moves whole."""
        if self.height_pt < _SPLIT_ROW_PT:
            return None
        parts = [_cut(column, room_pt - 2 * self.pad_pt) for column in self.columns]
        if any(lower.blocks and not upper.blocks for upper, lower in parts):
            return None
        upper = replace(self, columns=tuple(part[0] for part in parts))
        return upper, replace(self, columns=tuple(part[1] for part in parts), before_pt=0)

    def draw(self, place: Place, x: float, top: float) -> None:
        """Draw the ground, then column after column."""
        self._ground(place, x, top)
        parent = place.structure.add(self.tag, place.parent) if self.tag else place.parent
        inner = replace(place, parent=parent)
        for column in self.columns:
            draw_stack(inner, column.blocks, x + column.x_pt, top - self.pad_pt)

    def _ground(self, place: Place, x: float, top: float) -> None:
        if not (self.fill or self.rule):
            return
        place.pen.begin_furniture()
        if self.fill:
            place.pen.box(x, top - self.height_pt, self.width_pt, self.height_pt, self.fill)
        if self.rule:
            place.pen.rule(x, top - self.height_pt, self.width_pt, self.rule)
        place.pen.end()


def _cut(column: Column, room_pt: float) -> tuple[Column, Column]:
    """What of `column` fits into `room_pt`, and the rest."""
    left = room_pt
    for place, block in enumerate(column.blocks):
        left -= block.before_pt if place else 0
        if block.height_pt <= left:
            left -= block.height_pt
            continue
        parts = block.split(left)
        upper = (*column.blocks[:place], *((parts[0],) if parts else ()))
        lower = (*((parts[1],) if parts else (block,)), *column.blocks[place + 1 :])
        return replace(column, blocks=upper), replace(column, blocks=lower)
    return column, replace(column, blocks=())


def draw_stack(place: Place, blocks: Sequence[Block], x: float, top: float) -> float:
    """Draw `blocks` downward from `top`; gives where the last one ends."""
    for number, block in enumerate(blocks):
        top -= block.before_pt if number else 0
        block.draw(place, x, top)
        top -= block.height_pt
    return top
