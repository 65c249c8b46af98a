"""The safety plan on paper, with a title that says little and no service's name unless it is wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from advocate_desk.documents.blocks import Block, Column, Gap, Row, Rule, Words
from advocate_desk.documents.characters import clean, clean_line
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.layout import ACCENT, GROUND, HAIRLINE, MM, QUIET, Edges, Page, make_pdf
from advocate_desk.documents.text import Style, set_paragraph
from advocate_desk.domain.days import long_day

PAGE = Page(left_pt=20 * MM, right_pt=20 * MM, top_pt=18 * MM, bottom_pt=22 * MM)
TEXT = Style(size_pt=10.4, leading_pt=14.4, family=Family.SANS, typed=True)
SMALL = Style(size_pt=8.6, leading_pt=14.4, family=Family.SANS, colour=QUIET)
_WIDTHS = (0.52, 0.16, 0.19, 0.13)  # of the measure: action, who, by when, status
_GUTTER = 8


@dataclass(frozen=True, slots=True)
class PlanAction:
    """One line of the plan. `who` and `status` are labels; `shared_with` names who knows of it."""

    text: str
    who: str = ""
    by_when: date | None = None
    status: str = ""
    shared_with: str = ""


@dataclass(frozen=True, slots=True)
class PlanPart:
    """A section of the plan."""

    title: str
    actions: tuple[PlanAction, ...]


@dataclass(frozen=True, slots=True)
class SafetyPlan:
    """A whole plan. `service_name` stays empty unless the client wants it on the paper."""

    client_name: str
    made_on: date
    review_on: date | None
    version: int
    parts: tuple[PlanPart, ...]
    title: str = "My plan"
    kept_where: str = ""
    contact: str = ""
    service_name: str = ""


def safety_plan_pdf(fonts: FontSet, plan: SafetyPlan) -> bytes:
    """The full plan on A4. Raises Refused for a character that no font has."""
    blocks = [*_head(fonts, plan), *(block for part in plan.parts for block in _part(fonts, part)), *_foot(fonts, plan)]
    edges = Edges(version=f"Version {plan.version}, {long_day(plan.made_on)}", notice="Private")
    return make_pdf(fonts, blocks, title="Plan", page=PAGE, edges=edges)


def _head(fonts: FontSet, plan: SafetyPlan) -> Iterator[Block]:
    title = Style(size_pt=22, leading_pt=27, family=Family.SANS, bold=True, colour=ACCENT)
    yield Words(set_paragraph(fonts, clean_line(plan.title), title, PAGE.measure_pt), "H1", keeps_next=True)
    if plan.service_name:
        name = set_paragraph(fonts, clean_line(plan.service_name), SMALL, PAGE.measure_pt)
        yield Words(name, before_pt=2)
    facts = [("For", clean_line(plan.client_name)), ("Made", long_day(plan.made_on))]
    facts.append(("Look at it again", long_day(plan.review_on) if plan.review_on else "no date set"))
    width = PAGE.measure_pt / len(facts)
    bold = replace(TEXT, bold=True, typed=False)
    columns = tuple(
        Column(
            place * width + 10,
            (
                Words(set_paragraph(fonts, label, replace(SMALL, leading_pt=12), width - 16)),
                Words(set_paragraph(fonts, value, bold, width - 16)),
            ),
        )
        for place, (label, value) in enumerate(facts)
    )
    yield Row(columns, PAGE.measure_pt, before_pt=10, pad_pt=7, fill=GROUND)


def _part(fonts: FontSet, part: PlanPart) -> Iterator[Block]:
    if not part.actions:
        return
    heading = Style(size_pt=12.2, leading_pt=16, family=Family.SANS, bold=True, colour=ACCENT)
    label = replace(SMALL, leading_pt=16, size_pt=8)
    cells = [(part.title, heading, "TH"), ("Who", label, "TH"), ("By", label, "TH"), ("Status", label, "TH")]
    row = _row(fonts, cells, tag="TR")
    yield Gap(13)
    yield replace(row, keeps_next=True, rule=ACCENT, pad_pt=2.5)
    for action in part.actions:
        yield _action(fonts, action)


def _action(fonts: FontSet, action: PlanAction) -> Row:
    aside = replace(SMALL, size_pt=9.4)
    cells = [
        (clean(action.text).strip(), TEXT, "TD"),
        (clean_line(action.who) or "–", aside, "TD"),
        (long_day(action.by_when) if action.by_when else "–", aside, "TD"),
        (clean_line(action.status) or "–", aside, "TD"),
    ]
    row = replace(_row(fonts, cells, tag="TR"), rule=HAIRLINE, pad_pt=4)
    shared = clean_line(action.shared_with)
    if not shared:
        return row
    first, *others = row.columns
    note = set_paragraph(fonts, f"Shared with: {shared}", SMALL, _WIDTHS[0] * PAGE.measure_pt - _GUTTER)
    return replace(row, columns=(replace(first, blocks=(*first.blocks, Words(note, "TD"))), *others))


def _row(fonts: FontSet, cells: Sequence[tuple[str, Style, str]], *, tag: str) -> Row:
    columns = []
    start = 0.0
    for (text, style, cell_tag), share in zip(cells, _WIDTHS, strict=True):
        width = share * PAGE.measure_pt
        paragraph = set_paragraph(fonts, text, style, width - _GUTTER)
        columns.append(Column(start, (Words(paragraph, cell_tag),)))
        start += width
    return Row(tuple(columns), PAGE.measure_pt, tag)


def _foot(fonts: FontSet, plan: SafetyPlan) -> Iterator[Block]:
    lines = [("Who to ask", plan.contact), ("Where this is kept", plan.kept_where)]
    shown = [(label, clean_line(text)) for label, text in lines if clean_line(text)]
    if shown:
        yield Gap(18)
        yield Rule(PAGE.measure_pt, HAIRLINE)
    for label, text in shown:
        columns = (
            Column(0, (Words(set_paragraph(fonts, label, SMALL, 110)),)),
            Column(118, (Words(set_paragraph(fonts, text, TEXT, PAGE.measure_pt - 118)),)),
        )
        yield Row(columns, PAGE.measure_pt, before_pt=6)
