"""The recovery sheet: the code that opens a desk when its passphrase or its computer is lost, on one A4 page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from advocate_desk.documents.blocks import Block, Column, Row, Rule, Words
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.layout import ACCENT, GROUND, HAIRLINE, MM, QUIET, Edges, Page, make_pdf
from advocate_desk.documents.text import Span, Style, set_paragraph
from advocate_desk.domain.days import long_day

PAGE = Page(left_pt=26 * MM, right_pt=26 * MM, top_pt=24 * MM)
COLUMNS = 4

_TEXT = Style(size_pt=10.8, leading_pt=15.8, family=Family.SANS)
_QUIET = Style(size_pt=9, leading_pt=12.5, family=Family.SANS, colour=QUIET)
_CODE = Style(size_pt=21, leading_pt=27, family=Family.SANS, bold=True, tracking_em=0.06)

_RULES = (
    ("Keep it locked away, ", "in a safe or a locked drawer that only people you trust can open."),
    ("Never keep it with the computer, ", "and not as a photograph or a file on it."),
    ("Whoever holds this sheet and a copy of the desk’s files can read all of it. ", "Report a lost sheet at once."),
    ("When a new sheet is made, ", "this one stops working: destroy it."),
)
_STEPS = (
    "Start Advocate Desk. On the page that asks for the passphrase, choose “Use the recovery code instead”.",
    "Type the eight groups in order. Capitals and spaces do not matter. There is no letter O, I, L or U in the code.",
    "Choose a new passphrase when you are asked for one.",
)


def recovery_sheet_pdf(fonts: FontSet, groups: Sequence[str], mark: str, made_on: date) -> bytes:
    """The sheet for the code of eight `groups`; `mark` tells it from an older one. No metadata but a neutral title."""
    return make_pdf(
        fonts, list(_blocks(fonts, groups, mark, made_on)), title="Sheet", page=PAGE, edges=Edges(numbered=False)
    )


def _blocks(fonts: FontSet, groups: Sequence[str], mark: str, made_on: date) -> Iterator[Block]:
    width = PAGE.measure_pt
    title = Style(size_pt=24, leading_pt=30, family=Family.SANS, bold=True)
    yield Words(set_paragraph(fonts, "Recovery sheet", title, width), "H1")
    made = f"Sheet {mark}  ·  made on {long_day(made_on)}"
    yield Words(set_paragraph(fonts, made, _QUIET, width), before_pt=2)
    opening = (
        "This code opens your desk when the passphrase is forgotten or the computer lost. There is no other way in."
    )
    yield Words(set_paragraph(fonts, opening, _TEXT, width), before_pt=14)
    yield from code_blocks(fonts, groups, width)
    yield from list_blocks(
        fonts, "Keeping it safe", [[Span(first, bold=True), Span(rest)] for first, rest in _RULES], width
    )
    yield from list_blocks(fonts, "Using it", [[Span(step)] for step in _STEPS], width, numbered=True)
    yield Words(set_paragraph(fonts, "Kept by, and where", _QUIET, width), before_pt=30)
    yield Rule(width, HAIRLINE, before_pt=26, keeps_next=False)


def code_blocks(fonts: FontSet, groups: Sequence[str], width: float) -> Iterator[Block]:
    """The groups of a code, large, four in a row."""
    step = (width - 28) / COLUMNS
    for start in range(0, len(groups), COLUMNS):
        cells = tuple(
            Column(
                14 + place * step,
                (
                    Words(set_paragraph(fonts, f"Group {start + place + 1}", _QUIET, step)),
                    Words(set_paragraph(fonts, group, _CODE, step)),
                ),
            )
            for place, group in enumerate(groups[start : start + COLUMNS])
        )
        yield Row(cells, width, before_pt=0 if start else 18, pad_pt=10, fill=GROUND, keeps_next=True)


def list_blocks(
    fonts: FontSet, heading: str, items: Sequence[Sequence[Span]], width: float, *, numbered: bool = False
) -> Iterator[Block]:
    """A heading and its points."""
    style = Style(size_pt=11.5, leading_pt=15, family=Family.SANS, bold=True, colour=ACCENT)
    yield Words(set_paragraph(fonts, heading, style, width), "H2", before_pt=22, keeps_next=True)
    for number, item in enumerate(items, 1):
        label = set_paragraph(fonts, f"{number}." if numbered else "–", _TEXT, 16)
        text = set_paragraph(fonts, item, _TEXT, width - 18)
        yield Words(text, "LI", before_pt=5, indent_pt=18, label=label)
