"""The discreet card: ordinary notes of wallet size, to cut out and fold, that do not say what they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from advocate_desk.documents.blocks import Block, Place, Words, draw_stack
from advocate_desk.documents.characters import clean_line
from advocate_desk.documents.drawing import Pen
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.layout import A4, MM, draw_pdf
from advocate_desk.documents.structure import Structure
from advocate_desk.documents.text import Colour, Style, set_paragraph
from advocate_desk.domain.sources import Source
from advocate_desk.errors import Refused

PANEL_WIDTH = 85 * MM
PANEL_HEIGHT = 55 * MM
PANELS = 2  # one above the other, folded in the middle
_PAD = 5 * MM
_MARK: Colour = (0.62, 0.64, 0.67)
_HEAD = Style(size_pt=10.5, leading_pt=14, family=Family.SANS, bold=True)
_TITLE = Style(size_pt=8.2, leading_pt=11.2, family=Family.SANS, bold=True)
_LINE = Style(size_pt=8.4, leading_pt=11.2, family=Family.SANS, typed=True)


@dataclass(frozen=True, slots=True)
class CardRules:
    """What the card is called, and words that would tell what it is."""

    title: str
    telling_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardFile:
    """`resources/letters/card.toml`."""

    source: Source
    card: CardRules


@dataclass(frozen=True, slots=True)
class CardPart:
    """A few lines under a plain heading, such as "Phone" or "Packing"."""

    title: str
    lines: tuple[str, ...]


def telling_words(parts: Sequence[CardPart], rules: CardRules, title: str = "") -> tuple[str, ...]:
    """The words on the card that would say what it is about, in the order of the rules."""
    said = " ".join([title, *(text for part in parts for text in (part.title, *part.lines))]).casefold()
    said = said.replace("'", "’")
    return tuple(word for word in rules.telling_words if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said))


def card_pdf(fonts: FontSet, parts: Sequence[CardPart], rules: CardRules, title: str = "") -> bytes:
    """One card on A4 with marks to cut and fold by.

    Raises Refused if a word on it would tell, if it is too long for both halves, or for a character without a font.
    """
    if telling := telling_words(parts, rules, title):
        raise Refused(
            f"The card says “{telling[0]}”, which tells what it is about. No card was made. Say it in other words."
        )
    halves = _halves(_groups(fonts, parts, clean_line(title) or rules.title))
    structure = Structure()

    def draw(pen: Pen, number: int) -> None:
        left, top = (A4[0] - PANEL_WIDTH) / 2, A4[1] - 35 * MM
        _draw_marks(pen, left, top)
        place = Place(pen, structure, number)
        for half, blocks in enumerate(halves):
            draw_stack(place, blocks, left + _PAD, top - half * PANEL_HEIGHT - _PAD)

    return draw_pdf(1, A4, draw, title="Notes", structure=structure)


def _groups(fonts: FontSet, parts: Sequence[CardPart], title: str) -> list[list[Block]]:
    """What should stay together on one half: the title, then each part."""
    width = PANEL_WIDTH - 2 * _PAD
    groups: list[list[Block]] = [[Words(set_paragraph(fonts, title, _HEAD, width), "H1")]]
    bullet = set_paragraph(fonts, "•", _LINE, 8)
    for part in parts:
        lines = [line for line in map(clean_line, part.lines) if line]
        group: list[Block] = []
        if lines and clean_line(part.title):
            heading = set_paragraph(fonts, clean_line(part.title), _TITLE, width)
            group.append(Words(heading, "H2", before_pt=4))
        for line in lines:
            text = set_paragraph(fonts, line, _LINE, width - 9)
            group.append(Words(text, "LI", before_pt=1, indent_pt=9, label=bullet))
        groups.append(group)
    return groups


def _halves(groups: list[list[Block]]) -> list[list[Block]]:
    room = PANEL_HEIGHT - 2 * _PAD
    halves: list[list[Block]] = [[]]
    for group in groups:
        if _height([*halves[-1], *group]) > room and halves[-1] and _height(group) <= room:
            halves.append([])
        for block in group:
            if _height([*halves[-1], block]) > room:
                halves.append([])
            halves[-1].append(block)
    if len(halves) > PANELS or any(_height(half) > room for half in halves):
        raise Refused("There is too much for one card. No card was made. Leave some lines out or make them shorter.")
    return halves


def _height(blocks: Sequence[Block]) -> float:
    return sum(block.height_pt + (block.before_pt if place else 0) for place, block in enumerate(blocks))


def _draw_marks(pen: Pen, left: float, top: float) -> None:
    """Corner marks to cut by, and short ones at the fold."""
    right, foot, fold = left + PANEL_WIDTH, top - PANELS * PANEL_HEIGHT, top - PANEL_HEIGHT
    gap, length = 2 * MM, 5 * MM
    pen.begin_furniture()
    for y in (top, foot):
        pen.rule(left - gap - length, y, length, _MARK)
        pen.rule(right + gap, y, length, _MARK)
    for x in (left, right):
        pen.upright(x, top + gap, length, _MARK)
        pen.upright(x, foot - gap - length, length, _MARK)
    for step in range(3):
        pen.rule(left - gap - length + step * 2 * MM, fold, 1 * MM, _MARK)
        pen.rule(right + gap + step * 2 * MM, fold, 1 * MM, _MARK)
    pen.end()
