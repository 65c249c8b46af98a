"""One holder's share of an organisation's secret, on one A4 page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from advocate_desk.documents.blocks import Block, Rule, Words
from advocate_desk.documents.fonts import Family, FontSet
from advocate_desk.documents.layout import HAIRLINE, MM, QUIET, Edges, Page, make_pdf
from advocate_desk.documents.recovery_sheet import code_blocks, list_blocks
from advocate_desk.documents.text import Span, Style, set_paragraph
from advocate_desk.domain.days import long_day

PAGE = Page(left_pt=26 * MM, right_pt=26 * MM, top_pt=22 * MM)

_TITLE = Style(size_pt=24, leading_pt=30, family=Family.SANS, bold=True)
_TEXT = Style(size_pt=10.8, leading_pt=15.8, family=Family.SANS)
_QUIET = Style(size_pt=9, leading_pt=12.5, family=Family.SANS, colour=QUIET)

_RULES = (
    ("One holder, one sheet. ", "Nobody keeps two of them, and no two lie in one place."),
    ("Keep it locked away from every computer of the service, ", "and not as a photograph or a file."),
    ("Give it to nobody who telephones or writes. ", "Holders come together in one room to use their sheets."),
    ("Report a lost sheet at once. ", "One alone opens nothing, but the others must then be kept all the better."),
)
_LOCKED_OUT = (
    "A member’s own laptop that opens in no other way: on the page that asks for the passphrase, choose “Use the "
    "recovery code instead”, and type one sheet after another. She then chooses a new passphrase."
)
_NO_ADMINISTRATOR = (
    "No administrator has a device any more: on a member’s open desk, go to Settings, “Team and devices”, and choose "
    "“Become administrator with the sheets”."
)
_STEPS = (
    _LOCKED_OUT,
    _NO_ADMINISTRATOR,
    "Each holder types the fourteen groups of her own sheet. Capitals and spaces do not matter.",
)


@dataclass(frozen=True, slots=True)
class Share:
    """Which sheet of how many this is, and how many together open what one alone does not."""

    number: int
    needed: int
    made: int


def share_sheet_pdf(fonts: FontSet, groups: Sequence[str], share: Share, mark: str, made_on: date) -> bytes:
    """The sheet of the fourteen `groups`; `mark` is that of the organisation's sheets. No metadata, no name."""
    return make_pdf(
        fonts, list(_blocks(fonts, groups, share, mark, made_on)), title="Sheet", page=PAGE, edges=Edges(numbered=False)
    )


def _blocks(fonts: FontSet, groups: Sequence[str], share: Share, mark: str, made_on: date) -> Iterator[Block]:
    width = PAGE.measure_pt
    yield Words(set_paragraph(fonts, f"Organisation sheet {share.number} of {share.made}", _TITLE, width), "H1")
    made = f"Mark {mark}  ·  made on {long_day(made_on)}"
    yield Words(set_paragraph(fonts, made, _QUIET, width), before_pt=2)
    opening = (
        f"Any {share.needed} of the {share.made} sheets together open the desk of a member who has lost every other "
        f"way in, and make a new administrator where none is left. Fewer than {share.needed} tell nothing at all."
    )
    yield Words(set_paragraph(fonts, opening, _TEXT, width), before_pt=12)
    yield from code_blocks(fonts, groups, width)
    yield from list_blocks(
        fonts, "Keeping it safe", [[Span(first, bold=True), Span(rest)] for first, rest in _RULES], width
    )
    yield from list_blocks(fonts, "Using it", [[Span(step)] for step in _STEPS], width, numbered=True)
    yield Words(set_paragraph(fonts, "Held by, and where", _QUIET, width), before_pt=24)
    yield Rule(width, HAIRLINE, before_pt=24, keeps_next=False)
