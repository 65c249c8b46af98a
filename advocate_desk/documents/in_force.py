"""What is in force tonight, on a half-sheet: conditions with their source, and what to do when one is broken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from advocate_desk.documents.blocks import Block, Column, Gap, Row, Rule, Words
from advocate_desk.documents.characters import clean, clean_line
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.layout import A5, ACCENT, GROUND, MM, QUIET, Edges, Page, make_pdf
from advocate_desk.documents.letter import clock_time
from advocate_desk.documents.text import Style, set_paragraph
from advocate_desk.domain.days import long_day
from advocate_desk.domain.sources import Source

PAGE = Page(A5[0], A5[1], left_pt=13 * MM, right_pt=13 * MM, top_pt=12 * MM, bottom_pt=17 * MM, later_pt=3 * MM)
TEXT = Style(size_pt=9.6, leading_pt=13, family=Family.SANS, typed=True)
SMALL = Style(size_pt=8.2, leading_pt=11.2, family=Family.SANS, colour=QUIET)
_LABEL_WIDTH = 23 * MM


@dataclass(frozen=True, slots=True)
class InForceRules:
    """Fixed wording of the sheet."""

    title: str
    nothing: str
    steps_title: str
    steps: tuple[str, ...]
    caution: str


@dataclass(frozen=True, slots=True)
class InForceFile:
    """`resources/letters/in_force.toml`."""

    source: Source
    sheet: InForceRules


@dataclass(frozen=True, slots=True)
class ConditionLine:
    """One condition in words. `standing` says who told us, when, and whether it is confirmed."""

    text: str
    standing: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class InForceItem:
    """One set of bail, remand or order: what it is, from when to when in words, and who answers for it."""

    title: str
    until: str
    standing: str
    conditions: tuple[ConditionLine, ...]
    officer: str = ""
    crime_reference: str = ""
    made_by: str = ""


@dataclass(frozen=True, slots=True)
class InForceSheet:
    """The whole half-sheet. `as_at` is London wall time; `contact` is whom to tell after the police."""

    client_name: str
    as_at: datetime
    items: tuple[InForceItem, ...]
    contact: str = ""


def in_force_pdf(fonts: FontSet, sheet: InForceSheet, rules: InForceRules) -> bytes:
    """The half-sheet on A5. Raises Refused for a character that no font has."""
    blocks: list[Block] = list(_head(fonts, sheet, rules))
    for item in sheet.items:
        blocks += _item(fonts, item)
    if not sheet.items:
        blocks.append(Words(set_paragraph(fonts, rules.nothing, TEXT, PAGE.measure_pt), before_pt=14))
    blocks += _steps(fonts, sheet, rules)
    return make_pdf(fonts, blocks, title="Sheet", page=PAGE, edges=Edges(notice="Private"))


def _head(fonts: FontSet, sheet: InForceSheet, rules: InForceRules) -> Iterator[Block]:
    title = Style(size_pt=17, leading_pt=21, family=Family.SANS, bold=True, colour=ACCENT)
    as_at = f"{long_day(sheet.as_at.date())}, {clock_time(sheet.as_at.time())}"
    half = PAGE.measure_pt / 2
    yield Words(set_paragraph(fonts, rules.title, title, PAGE.measure_pt), "H1", keeps_next=True)
    name = set_paragraph(fonts, clean_line(sheet.client_name), replace(TEXT, bold=True, typed=False), half)
    known = set_paragraph(fonts, f"As known on {as_at}", replace(SMALL, align="end", leading_pt=13), half)
    columns = (Column(0, (Words(name),)), Column(half, (Words(known),)))
    yield Row(columns, PAGE.measure_pt, before_pt=2, keeps_next=True)
    yield Rule(PAGE.measure_pt, ACCENT, thickness_pt=1, before_pt=6)


def _item(fonts: FontSet, item: InForceItem) -> Iterator[Block]:
    heading = Style(size_pt=11.4, leading_pt=15, family=Family.SANS, bold=True)
    yield Words(
        set_paragraph(fonts, clean_line(item.title), heading, PAGE.measure_pt), "H2", before_pt=12, keeps_next=True
    )
    facts = [
        ("In force", item.until),
        ("Made by", item.made_by),
        ("Officer", item.officer),
        ("Crime reference", item.crime_reference),
        ("How we know", item.standing),
    ]
    for label, value in facts:
        if clean_line(value):
            yield _fact(fonts, label, clean_line(value))
    yield Gap(5, keeps_next=True)
    inner = PAGE.measure_pt - 12
    bullet = set_paragraph(fonts, "•", TEXT, 12)
    for condition in item.conditions:
        until = f" ({clean_line(condition.until)})" if condition.until else ""
        words = set_paragraph(fonts, clean(condition.text).strip() + until, TEXT, inner)
        has_standing = bool(clean_line(condition.standing))
        yield Words(words, "LI", before_pt=3, indent_pt=12, label=bullet, keeps_next=has_standing)
        if has_standing:
            yield Words(set_paragraph(fonts, clean_line(condition.standing), SMALL, inner), indent_pt=12)


def _fact(fonts: FontSet, label: str, value: str) -> Row:
    style = replace(TEXT, typed=False)
    columns = (
        Column(0, (Words(set_paragraph(fonts, label, replace(SMALL, leading_pt=13), _LABEL_WIDTH)),)),
        Column(_LABEL_WIDTH, (Words(set_paragraph(fonts, value, style, PAGE.measure_pt - _LABEL_WIDTH)),)),
    )
    return Row(columns, PAGE.measure_pt, keeps_next=True)


def _steps(fonts: FontSet, sheet: InForceSheet, rules: InForceRules) -> Iterator[Block]:
    inner = PAGE.measure_pt - 20
    heading = Style(size_pt=10.4, leading_pt=14, family=Family.SANS, bold=True, colour=ACCENT)
    blocks: list[Block] = [Words(set_paragraph(fonts, rules.steps_title, heading, inner), "H2")]
    then = [f"Then tell {clean_line(sheet.contact)}."] if clean_line(sheet.contact) else []
    for number, step in enumerate([*rules.steps, *then], start=1):
        label = set_paragraph(fonts, f"{number}", replace(TEXT, bold=True, colour=ACCENT), 12)
        text = set_paragraph(fonts, step, TEXT, inner - 13)
        blocks.append(Words(text, before_pt=3, indent_pt=13, label=label))
    yield Row((Column(10, tuple(blocks)),), PAGE.measure_pt, before_pt=14, pad_pt=8, fill=GROUND)
    yield Words(set_paragraph(fonts, rules.caution, SMALL, PAGE.measure_pt), before_pt=7)
