"""The head of a letter: who the service is and who writes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from advocate_desk.documents.blocks import Block, Column, Figure, Gap, Row, Rule, Words
from advocate_desk.documents.characters import clean_line
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.layout import ACCENT, MM, QUIET, Page
from advocate_desk.documents.picture import Picture
from advocate_desk.documents.text import Paragraph, Style, set_paragraph

_LOGO = (46 * MM, 17 * MM)
_CONTACT_WIDTH = 62 * MM
_NAME_LINES = 2


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The service as its letters show it. `address` has one line each; `small_print` is such as a charity number."""

    service_name: str
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    website: str = ""
    small_print: str = ""
    logo: Picture | None = None


@dataclass(frozen=True, slots=True)
class Worker:
    """Who signs. `role` reads after "I am": "an independent domestic violence adviser"."""

    name: str
    role: str
    job_title: str
    phone: str
    email: str = ""
    qualification: str = ""
    accreditation: str = ""
    since: str = ""


def letterhead_blocks(fonts: FontSet, letterhead: Letterhead, page: Page) -> list[Block]:
    """Logo and name on the left, contact on the right, a rule below."""
    small = Style(size_pt=8.5, leading_pt=11.5, family=Family.SANS, colour=QUIET, align="end")
    left: list[Block] = []
    if letterhead.logo:
        width, height = letterhead.logo.fit(*_LOGO)
        left.append(Figure(letterhead.logo, width, height))
    left_width = page.measure_pt - _CONTACT_WIDTH
    left.append(Words(_name(fonts, clean_line(letterhead.service_name), left_width), before_pt=6))
    contact = [*letterhead.address, letterhead.phone, letterhead.email, letterhead.website]
    lines = [clean_line(line) for line in contact if clean_line(line)]
    right: list[Block] = [Words(set_paragraph(fonts, line, small, _CONTACT_WIDTH), before_pt=0) for line in lines]
    row = Row((Column(0, tuple(left)), Column(left_width, (Gap(4), *right))), page.measure_pt)
    blocks: list[Block] = [row, Rule(page.measure_pt, ACCENT, thickness_pt=1, before_pt=9)]
    if letterhead.small_print:
        fine = replace(small, size_pt=7.5, leading_pt=10)
        blocks.append(
            Words(set_paragraph(fonts, clean_line(letterhead.small_print), fine, page.measure_pt), before_pt=3)
        )
    return blocks


def _name(fonts: FontSet, name: str, width: float) -> Paragraph:
    """The service's name, smaller where it would take more than two lines."""
    style = Style(size_pt=17, leading_pt=21, family=Family.SANS, bold=True, colour=ACCENT)
    for size in (17.0, 14.5):
        shown = set_paragraph(fonts, name, replace(style, size_pt=size, leading_pt=size * 1.24), width)
        if len(shown.lines) <= _NAME_LINES:
            return shown
    return set_paragraph(fonts, name, replace(style, size_pt=12.5, leading_pt=15.5), width)
