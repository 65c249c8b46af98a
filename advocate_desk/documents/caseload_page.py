"""The caseload summary on one sheet of A4 across: a line an advocate, and what lies ahead in files that nobody has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from advocate_desk.documents.blocks import Block, Column, Row, Rule, Words
from advocate_desk.documents.characters import clean_line
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.layout import A4, ACCENT, GROUND, HAIRLINE, MM, QUIET, Edges, Page, make_pdf
from advocate_desk.documents.text import Style, set_paragraph
from advocate_desk.domain.days import long_day
from advocate_desk.domain.sources import Source

PAGE = Page(A4[1], A4[0], left_pt=15 * MM, right_pt=15 * MM, top_pt=14 * MM, bottom_pt=18 * MM, later_pt=4 * MM)
TEXT = Style(size_pt=9.4, leading_pt=12.4, family=Family.SANS)
SMALL = Style(size_pt=8, leading_pt=10.6, family=Family.SANS, colour=QUIET)
NAME_WIDTH, LOAD_WIDTH = 42 * MM, 44 * MM
MOST_COMING = 10
"""Rows of what lies ahead, so that eight advocates and they stand on one page."""


@dataclass(frozen=True, slots=True)
class CaseloadWords:
    """Fixed wording of the page. `more` holds {0}, a count; `counted` three numbers of days."""

    title: str
    advocate: str
    load: str
    all: str
    nobody: str
    amber: str
    red: str
    legend: str
    counted: str
    coming_title: str
    coming_nothing: str
    more: str
    notice: str


@dataclass(frozen=True, slots=True)
class CaseloadFile:
    """`resources/letters/caseload_summary.toml`."""

    source: Source
    sheet: CaseloadWords


@dataclass(frozen=True, slots=True)
class CaseloadRow:
    """One line. `state` is "ok", "amber" or "red"; `numbers` are as many as the page has headings."""

    who: str
    load: str
    state: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ComingRow:
    """One thing ahead: the first day of it in its file, what it is, and the client as this page names people."""

    on: date
    what: str
    who: str


@dataclass(frozen=True, slots=True)
class CaseloadSheet:
    """The whole page. `about` says which files are counted, and `headings` what each number counts.

    `days`: without contact, without it at high risk, and ahead.
    """

    service: str
    about: str
    made_on: date
    headings: tuple[str, ...]
    rows: tuple[CaseloadRow, ...]
    total: CaseloadRow
    coming: tuple[ComingRow, ...]
    days: tuple[int, int, int]


def caseload_pdf(fonts: FontSet, sheet: CaseloadSheet, words: CaseloadWords) -> bytes:
    """The summary as a PDF. Raises Refused for a character that no font has."""
    blocks: list[Block] = list(_head(fonts, sheet, words))
    blocks.append(_headings(fonts, sheet, words))
    for number, row in enumerate(sheet.rows):
        blocks.append(_line(fonts, row, words, is_shaded=number % 2 == 0))
    blocks.append(_line(fonts, sheet.total, words, is_total=True))
    legend = f"{words.legend} {words.counted.format(*sheet.days)}"
    blocks.append(Words(set_paragraph(fonts, legend, SMALL, PAGE.measure_pt), before_pt=6))
    blocks += _coming(fonts, sheet, words)
    return make_pdf(fonts, blocks, title="Summary", page=PAGE, edges=Edges(notice=words.notice))


def _head(fonts: FontSet, sheet: CaseloadSheet, words: CaseloadWords) -> Iterator[Block]:
    title = Style(size_pt=17, leading_pt=21, family=Family.SANS, bold=True, colour=ACCENT)
    yield Words(set_paragraph(fonts, words.title, title, PAGE.measure_pt), "H1", keeps_next=True)
    parts = (clean_line(sheet.service), clean_line(sheet.about), long_day(sheet.made_on))
    said = " · ".join(part for part in parts if part)
    yield Words(set_paragraph(fonts, said, TEXT, PAGE.measure_pt), before_pt=1, keeps_next=True)
    yield Rule(PAGE.measure_pt, ACCENT, thickness_pt=1, before_pt=6)


def _number_width(count: int) -> float:
    return (PAGE.measure_pt - NAME_WIDTH - LOAD_WIDTH) / max(count, 1)


def _cells(fonts: FontSet, texts: tuple[str, ...], style: Style, tag: str) -> tuple[Column, ...]:
    """Name, load and numbers in their columns."""
    width = _number_width(len(texts) - 2)
    places = [(0.0, NAME_WIDTH - 6), (NAME_WIDTH, LOAD_WIDTH - 6)]
    places += [(NAME_WIDTH + LOAD_WIDTH + at * width, width - 4) for at in range(len(texts) - 2)]
    centred = replace(style, align="centre")
    return tuple(
        Column(x + 3, (Words(set_paragraph(fonts, text, style if at < 2 else centred, room), tag),))
        for at, (text, (x, room)) in enumerate(zip(texts, places, strict=True))
    )


def _headings(fonts: FontSet, sheet: CaseloadSheet, words: CaseloadWords) -> Row:
    style = replace(SMALL, bold=True)
    texts = (words.advocate, words.load, *sheet.headings)
    return Row(
        _cells(fonts, texts, style, "TH"), PAGE.measure_pt, "TR", before_pt=8, pad_pt=3, keeps_next=True, rule=QUIET
    )


def _line(
    fonts: FontSet, row: CaseloadRow, words: CaseloadWords, *, is_shaded: bool = False, is_total: bool = False
) -> Row:
    state = {"amber": words.amber, "red": words.red}.get(row.state, "")
    load = f"{row.load}, {state}" if state else row.load
    texts = (clean_line(row.who), load, *(str(each) if each else "–" for each in row.numbers))
    style = replace(TEXT, bold=is_total or row.state == "red")
    fill = GROUND if is_shaded and not is_total else None
    return Row(
        _cells(fonts, texts, style, "TD"),
        PAGE.measure_pt,
        "TR",
        pad_pt=3.4,
        fill=fill,
        rule=QUIET if is_total else HAIRLINE,
        keeps_next=not is_total,
    )


def _coming(fonts: FontSet, sheet: CaseloadSheet, words: CaseloadWords) -> Iterator[Block]:
    heading = Style(size_pt=11, leading_pt=15, family=Family.SANS, bold=True, colour=ACCENT)
    yield Words(set_paragraph(fonts, words.coming_title, heading, PAGE.measure_pt), "H2", before_pt=10, keeps_next=True)
    if not sheet.coming:
        yield Words(set_paragraph(fonts, words.coming_nothing, TEXT, PAGE.measure_pt), before_pt=2)
        return
    day_width, what_width = 40 * MM, 60 * MM
    for row in sheet.coming[:MOST_COMING]:
        places = (
            (0.0, day_width, long_day(row.on)),
            (day_width, what_width, row.what),
            (day_width + what_width, PAGE.measure_pt - day_width - what_width, clean_line(row.who)),
        )
        columns = tuple(
            Column(x + 3, (Words(set_paragraph(fonts, text, TEXT, room - 6), "TD"),)) for x, room, text in places
        )
        yield Row(columns, PAGE.measure_pt, "TR", before_pt=1, pad_pt=1)
    if len(sheet.coming) > MOST_COMING:
        more = words.more.format(len(sheet.coming) - MOST_COMING)
        yield Words(set_paragraph(fonts, more, SMALL, PAGE.measure_pt), before_pt=2, indent_pt=3)
