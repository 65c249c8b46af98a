"""How a letter stands on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from advocate_desk.documents.blocks import Block, Column, Gap, Row, Words
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.layout import ACCENT, HAIRLINE, MM, QUIET, Edges, Page, make_pdf
from advocate_desk.documents.letter import ComposedLetter, WrittenPart
from advocate_desk.documents.letter_template import PartKind
from advocate_desk.documents.letterhead import letterhead_blocks
from advocate_desk.documents.text import Span, Style, set_paragraph
from advocate_desk.domain.days import long_day

PAGE = Page(left_pt=26 * MM, right_pt=26 * MM, top_pt=17 * MM, bottom_pt=26 * MM)
BODY = Style(size_pt=10.8, leading_pt=15.4)
_NUMBER_WIDTH = 8.5 * MM
_LABEL_WIDTH = 34 * MM


def letter_pdf(fonts: FontSet, letter: ComposedLetter) -> bytes:
    """The letter on A4, unlocked, its metadata a neutral title. Raises Refused for a character that no font has."""
    blocks = [
        *letterhead_blocks(fonts, letter.letterhead, PAGE),
        *_opening(fonts, letter),
        *_body(fonts, letter),
        *_signature(fonts, letter),
    ]
    continued = " · ".join(part for part in (letter.reference, long_day(letter.written_on)) if part)
    edges = Edges(notice=letter.notice, version=letter.version, continued=continued)
    return make_pdf(fonts, blocks, title=letter.title, page=PAGE, edges=edges)


def _opening(fonts: FontSet, letter: ComposedLetter) -> Iterator[Block]:
    width = PAGE.measure_pt
    right = replace(BODY, align="end")
    address = set_paragraph(fonts, "\n".join(letter.addressee), BODY, width * 0.6)
    dated = [long_day(letter.written_on)] + ([f"Our reference: {letter.reference}"] if letter.reference else [])
    date_width = width * 0.4
    when = [Words(set_paragraph(fonts, line, right, date_width)) for line in dated]
    yield Row((Column(0, (Words(address),)), Column(width * 0.6, tuple(when))), width, before_pt=22)
    yield Words(set_paragraph(fonts, letter.salutation, BODY, width), before_pt=22)
    subject = Style(size_pt=14, leading_pt=19, bold=True)
    yield Words(set_paragraph(fonts, letter.subject, subject, width), "H1", before_pt=14, keeps_next=True)
    label = Style(size_pt=9.2, leading_pt=BODY.leading_pt, family=Family.SANS, colour=QUIET)
    for place, (name, value) in enumerate(letter.case_rows):
        cells = (
            Column(0, (Words(set_paragraph(fonts, name, label, _LABEL_WIDTH), "TH"),)),
            Column(_LABEL_WIDTH, (Words(set_paragraph(fonts, value, BODY, width - _LABEL_WIDTH), "TD"),)),
        )
        yield Row(cells, width, "TR", before_pt=0 if place else 7, pad_pt=2.2, rule=HAIRLINE, keeps_next=True)
    yield Gap(4)


def _body(fonts: FontSet, letter: ComposedLetter) -> Iterator[Block]:
    number = 0
    for part in letter.parts:
        if part.kind is PartKind.PARAGRAPH:
            number += 1
        yield from _part(fonts, part, number)


def _part(fonts: FontSet, part: WrittenPart, number: int) -> Iterator[Block]:
    inner = PAGE.measure_pt - _NUMBER_WIDTH
    if part.kind is PartKind.HEADING:
        style = Style(size_pt=10.6, leading_pt=14, family=Family.SANS, bold=True, colour=ACCENT)
        text = set_paragraph(fonts, part.text, style, inner)
        yield Words(text, "H2", before_pt=13, keeps_next=True, indent_pt=_NUMBER_WIDTH)
    elif part.kind is PartKind.LIST:
        bullet = set_paragraph(fonts, "–", BODY, 12)
        for item in part.items:
            text = set_paragraph(fonts, item, BODY, inner - 13)
            yield Words(text, "LI", before_pt=3, indent_pt=_NUMBER_WIDTH + 13, label=bullet, label_pt=_NUMBER_WIDTH)
    elif part.kind is PartKind.QUOTE:
        style = replace(BODY, italic=True, typed=True)
        for place, piece in enumerate(part.text.split("\n")):
            text = set_paragraph(fonts, piece, style, inner - 26)
            yield Words(text, "BlockQuote", before_pt=3 if place else 7, indent_pt=_NUMBER_WIDTH + 13)
    else:
        numbered = part.kind is PartKind.PARAGRAPH
        style = replace(BODY, size_pt=9.4, family=Family.SANS, colour=QUIET)
        label = set_paragraph(fonts, f"{number}", style, _NUMBER_WIDTH) if numbered else None
        text = set_paragraph(fonts, part.text, BODY, inner)
        keeps = part.text.endswith(":")
        yield Words(text, before_pt=6 if numbered else 7, indent_pt=_NUMBER_WIDTH, label=label, keeps_next=keeps)


def _signature(fonts: FontSet, letter: ComposedLetter) -> Iterator[Block]:
    width = PAGE.measure_pt
    small = Style(size_pt=9.2, leading_pt=12.6, family=Family.SANS, colour=QUIET)
    yield Words(set_paragraph(fonts, letter.closing, BODY, width), before_pt=18, keeps_next=True)
    yield Gap(16 * MM, keeps_next=True)
    name = set_paragraph(fonts, [Span(letter.worker.name, bold=True)], BODY, width)
    yield Words(name, keeps_next=True)
    lines = [letter.worker.job_title, letter.letterhead.service_name]
    for line in lines:
        if line:
            yield Words(set_paragraph(fonts, line, BODY, width), keeps_next=True)
    yield Words(set_paragraph(fonts, letter.consent, small, width), before_pt=14)
