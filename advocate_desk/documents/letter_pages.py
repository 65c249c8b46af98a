"""How a letter stands on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from advocate_desk.documents.blocks import Block, Column, Gap, Row, Words
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.layout import ACCENT, HAIRLINE, MM, QUIET, Edges, Page, make_pdf
from advocate_desk.documents.letter import ComposedLetter, WrittenPart
from advocate_desk.documents.letter_template import PartKind
from advocate_desk.documents.letterhead import letterhead_blocks
from advocate_desk.documents.render import page_count
from advocate_desk.documents.text import Paragraph, Style, set_paragraph
from advocate_desk.domain.days import long_day

PAGE = Page(left_pt=26 * MM, right_pt=26 * MM, top_pt=16 * MM, bottom_pt=25 * MM)
_NUMBER_WIDTH = 8.5 * MM
_LABEL_WIDTH = 34 * MM


@dataclass(frozen=True, slots=True)
class Density:
    """How closely a letter is set: the style of its text, and a factor on the gaps."""

    body: Style
    gap: float


OPEN = Density(Style(size_pt=10.8, leading_pt=15.4), 1)
CLOSE = Density(Style(size_pt=10.5, leading_pt=14.3), 0.8)


@dataclass(frozen=True, slots=True)
class _Setting:
    fonts: FontSet
    letter: ComposedLetter
    density: Density

    def words(self, text: str, width: float, **changes: object) -> Paragraph:
        return set_paragraph(self.fonts, text, replace(self.density.body, **changes), width)  # type: ignore[arg-type]

    def gap(self, points: float) -> float:
        return points * self.density.gap


def letter_pdf(fonts: FontSet, letter: ComposedLetter) -> bytes:
    """The letter on A4, unlocked, its metadata a neutral title. Raises Refused for a character that no font has.

    It is set openly, or a little closer where that saves a page.
    """
    opened = _pdf(_Setting(fonts, letter, OPEN))
    closed = _pdf(_Setting(fonts, letter, CLOSE))
    return closed if page_count(closed) < page_count(opened) else opened


def _pdf(setting: _Setting) -> bytes:
    letter = setting.letter
    *body, last = _body(setting)
    blocks = [
        *letterhead_blocks(setting.fonts, letter.letterhead, PAGE),
        *_opening(setting),
        *body,
        replace(last, keeps_next=True),  # a signature never stands alone on a page
        *_signature(setting),
    ]
    continued = " · ".join(part for part in (letter.reference, long_day(letter.written_on)) if part)
    edges = Edges(notice=letter.notice, version=letter.version, continued=continued)
    return make_pdf(setting.fonts, blocks, title=letter.title, page=PAGE, edges=edges)


def _opening(setting: _Setting) -> Iterator[Block]:
    letter, width = setting.letter, PAGE.measure_pt
    address = setting.words("\n".join(letter.addressee), width * 0.6)
    dated = [long_day(letter.written_on)] + ([f"Our reference: {letter.reference}"] if letter.reference else [])
    when = tuple(Words(setting.words(line, width * 0.4, align="end")) for line in dated)
    columns = (Column(0, (Words(address),)), Column(width * 0.6, when))
    yield Row(columns, width, before_pt=setting.gap(22))
    yield Words(setting.words(letter.salutation, width), before_pt=setting.gap(22))
    subject = setting.words(letter.subject, width, size_pt=14, leading_pt=19, bold=True)
    yield Words(subject, "H1", before_pt=setting.gap(14), keeps_next=True)
    for place, (name, value) in enumerate(letter.case_rows):
        label = setting.words(name, _LABEL_WIDTH, size_pt=9.2, family=Family.SANS, colour=QUIET)
        cells = (
            Column(0, (Words(label, "TH"),)),
            Column(_LABEL_WIDTH, (Words(setting.words(value, width - _LABEL_WIDTH), "TD"),)),
        )
        before = 0 if place else setting.gap(7)
        yield Row(cells, width, "TR", before_pt=before, pad_pt=2.2, rule=HAIRLINE, keeps_next=True)
    yield Gap(setting.gap(4))


def _body(setting: _Setting) -> Iterator[Words]:
    number = 0
    for part in setting.letter.parts:
        if part.kind is PartKind.PARAGRAPH:
            number += 1
        yield from _part(setting, part, number)


def _part(setting: _Setting, part: WrittenPart, number: int) -> Iterator[Words]:
    inner = PAGE.measure_pt - _NUMBER_WIDTH
    if part.kind is PartKind.HEADING:
        text = setting.words(part.text, inner, size_pt=10.6, family=Family.SANS, bold=True, colour=ACCENT)
        yield Words(text, "H2", before_pt=setting.gap(13), keeps_next=True, indent_pt=_NUMBER_WIDTH)
    elif part.kind is PartKind.LIST:
        bullet = setting.words("–", 12)
        for item in part.items:
            text = setting.words(item, inner - 13, typed=True)
            yield Words(text, "LI", 3, indent_pt=_NUMBER_WIDTH + 13, label=bullet, label_pt=_NUMBER_WIDTH)
    elif part.kind is PartKind.QUOTE:
        for place, piece in enumerate(part.text.split("\n")):
            text = setting.words(piece, inner - 26, italic=True, typed=True)
            yield Words(text, "BlockQuote", before_pt=3 if place else 7, indent_pt=_NUMBER_WIDTH + 13)
    else:
        numbered = part.kind is PartKind.PARAGRAPH
        label = setting.words(f"{number}", _NUMBER_WIDTH, size_pt=9.4, family=Family.SANS, colour=QUIET)
        yield Words(
            setting.words(part.text, inner),
            before_pt=setting.gap(6 if numbered else 7),
            keeps_next=part.text.endswith(":"),
            indent_pt=_NUMBER_WIDTH,
            label=label if numbered else None,
        )


def _signature(setting: _Setting) -> Iterator[Block]:
    letter, width = setting.letter, PAGE.measure_pt
    yield Words(setting.words(letter.closing, width), before_pt=setting.gap(18), keeps_next=True)
    yield Gap(setting.gap(16 * MM), keeps_next=True)
    yield Words(setting.words(letter.worker.name, width, bold=True), keeps_next=True)
    for line in (letter.worker.job_title, letter.letterhead.service_name):
        if line:
            yield Words(setting.words(line, width), keeps_next=True)
    consent = setting.words(letter.consent, width, size_pt=9.2, leading_pt=12.6, family=Family.SANS, colour=QUIET)
    yield Words(consent, before_pt=setting.gap(14))
