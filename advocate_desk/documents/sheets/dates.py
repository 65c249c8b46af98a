"""Dates as other agencies write them. In the UK the day comes first; a column may prove otherwise, and then it is said.

Nothing is guessed in silence: a date that could be read two ways is `AMBIGUOUS` and carries its other reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from advocate_desk.documents.sheets.workbook import Cell


class Order(StrEnum):
    """Which of the two first numbers is the day."""

    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"


class Certainty(StrEnum):
    """How a date was read."""

    CLEAR = "clear"
    AMBIGUOUS = "ambiguous"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class ParsedDate:
    """A cell read as a date. `other` is the second reading of an ambiguous one; `value` is None when impossible."""

    value: date | None
    certainty: Certainty
    other: date | None = None


@dataclass(frozen=True, slots=True)
class ColumnDates:
    """What a column of dates says about its order, as counts of cells.

    `order` is what to read it with; `mixed` when some cells can only be day-first and others only month-first.
    """

    order: Order
    clear: int
    ambiguous: int
    impossible: int
    only_day_first: int
    only_month_first: int

    @property
    def mixed(self) -> bool:
        """Whether no one order explains the column."""
        return self.only_day_first > 0 and self.only_month_first > 0

    @property
    def proven(self) -> bool:
        """Whether some cell settles the order for those that could be read both ways."""
        return (self.only_day_first > 0) != (self.only_month_first > 0)


_MONTHS: dict[str, int] = {}
for _number, _names in enumerate(
    (
        "january jan ionawr ion",
        "february feb chwefror chwef chw",
        "march mar mawrth maw",
        "april apr ebrill ebr",
        "may mai",
        "june jun mehefin meh",
        "july jul gorffennaf gorff gor",
        "august aug awst",
        "september sept sep medi",
        "october oct hydref hyd",
        "november nov tachwedd tach",
        "december dec rhagfyr rhag",
    ),
    start=1,
):
    _MONTHS.update(dict.fromkeys(_names.split(), _number))

_EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of the 1900 system, its false leap day of 1900 taken into account
_SERIALS = range(1, 80_000)  # 31 December 1899 to 2119
_TIME = (  # and is let pass: a referral list counts in days
    r"(?:[T ,]+(?:at\s+)?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?\s*"
    r"(?:[ap]\.?m\.?)?\s*(?:Z|UTC|GMT|BST|[+-]\d{2}:?\d{2})?)?"
)
_ISO = re.compile(rf"(\d{{4}})([-/. ])(\d{{1,2}})\2(\d{{1,2}}){_TIME}", re.IGNORECASE)
_NUMERIC = re.compile(rf"(\d{{1,2}})\s?([-/.\\ ])\s?(\d{{1,2}})\s?\2\s?(\d{{4}}|'?\d{{2}}){_TIME}", re.IGNORECASE)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{4,6}Z?)?")
_DAY_NAME = re.compile(r"(?i)^(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun)[a-z]*\.?,?\s+")
_WORDS = r"([A-Za-z]{3,10})\.?"
_DAY_MONTH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[-/. ]*{_WORDS}[-/., ]*(\d{{4}}|'?\d{{2}}){_TIME}", re.IGNORECASE
)
_MONTH_DAY = re.compile(rf"{_WORDS}[- ]*(\d{{1,2}})(?:st|nd|rd|th)?\s*,?[- ]+(\d{{4}}|'\d{{2}}){_TIME}", re.IGNORECASE)
_YEAR_MONTH_DAY = re.compile(rf"(\d{{4}})[-/. ]{_WORDS}[-/. ](\d{{1,2}}){_TIME}", re.IGNORECASE)
_LONGEST_TEXT = 60
_IMPOSSIBLE = ParsedDate(None, Certainty.IMPOSSIBLE)


def parse_date(cell: Cell, today: date, *, birth: bool = False, order: Order = Order.DAY_FIRST) -> ParsedDate:
    """Read one cell. `today` settles two-digit years: a birth is never in the future, other dates at most ten years on.

    A number is a day of Excel's 1900 date system. The result is IMPOSSIBLE, never an error, for anything else.
    """
    if isinstance(cell, datetime):
        return ParsedDate(cell.date(), Certainty.CLEAR)
    if isinstance(cell, date):
        return ParsedDate(cell, Certainty.CLEAR)
    if isinstance(cell, bool) or cell is None:
        return _IMPOSSIBLE
    if isinstance(cell, int | float):
        return _from_number(cell)
    if not isinstance(cell, str):
        return _IMPOSSIBLE
    return _from_text(cell, today, birth=birth, order=order)


def column_dates(cells: Iterable[Cell], today: date, *, birth: bool = False) -> ColumnDates:
    """Look over a whole column. Month first is taken only when some cell needs it and none needs the day first."""
    clear = ambiguous = impossible = day_first = month_first = 0
    for cell in cells:
        if cell is None:
            continue
        parsed = parse_date(cell, today, birth=birth)
        clear += parsed.certainty is Certainty.CLEAR
        ambiguous += parsed.certainty is Certainty.AMBIGUOUS
        impossible += parsed.certainty is Certainty.IMPOSSIBLE
        need = _needs(cell)
        day_first += need is Order.DAY_FIRST
        month_first += need is Order.MONTH_FIRST
    order = Order.MONTH_FIRST if month_first and not day_first else Order.DAY_FIRST
    return ColumnDates(order, clear, ambiguous, impossible, day_first, month_first)


def _needs(cell: Cell) -> Order | None:
    """The only order that a cell of numbers can be read in, if there is just one."""
    found = _NUMERIC.fullmatch(_tidy(cell)) if isinstance(cell, str) and len(cell) <= _LONGEST_TEXT else None
    if found is None:
        return None
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second > 0:
        return Order.DAY_FIRST
    if second > 12 >= first > 0:
        return Order.MONTH_FIRST
    return None


def _from_number(number: float) -> ParsedDate:
    whole = int(number) if number == number and abs(number) < 1e9 else 0  # noqa: PLR0124 - not-a-number equals nothing
    if whole in _SERIALS:
        return ParsedDate(_EXCEL_EPOCH + timedelta(days=whole), Certainty.CLEAR)
    return _from_digits(str(whole))


def _from_digits(digits: str) -> ParsedDate:
    """20260403, and 03042026 where the first reading is no date."""
    if len(digits) != 8:
        return _IMPOSSIBLE
    value = _date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    if value is not None and not 1900 <= value.year <= 2100:
        value = None
    value = value or _date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    return ParsedDate(value, Certainty.CLEAR) if value is not None and 1900 <= value.year <= 2100 else _IMPOSSIBLE


def _tidy(text: str) -> str:
    """Plain spaces and hyphens, no day of the week."""
    text = re.sub(r"[\s\u00a0\u202f]+", " ", text.strip())
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    return _DAY_NAME.sub("", text)


def _from_text(text: str, today: date, *, birth: bool, order: Order) -> ParsedDate:
    if len(text) > _LONGEST_TEXT:
        return _IMPOSSIBLE
    text = _tidy(text)
    if not text.isascii() or not text.isprintable():
        return _IMPOSSIBLE
    if found := _ISO.fullmatch(text):
        return _one(_date(int(found[1]), int(found[3]), int(found[4])))
    if found := _NUMERIC.fullmatch(text):
        return _numeric(int(found[1]), int(found[3]), _year(found[4], today, birth), order)
    if found := _DAY_MONTH.fullmatch(text):
        return _one(_named(found[3], found[2], found[1], today, birth))
    if found := _MONTH_DAY.fullmatch(text):
        return _one(_named(found[3], found[1], found[2], today, birth))
    if found := _YEAR_MONTH_DAY.fullmatch(text):
        return _one(_named(found[1], found[2], found[3], today, birth))
    if found := _COMPACT.fullmatch(text):
        return _from_digits(text[:8])
    if re.fullmatch(r"[0-9]{1,5}", text):
        serial = int(text)
        return _from_number(serial) if serial > 9_999 else _IMPOSSIBLE  # 1985 alone is a year, not a day of 1905
    return _from_digits(text) if re.fullmatch(r"[0-9]{8}", text) else _IMPOSSIBLE


def _numeric(first: int, second: int, year: int, order: Order) -> ParsedDate:
    """Two numbers and a year: in the column's order if that makes a date, else in the other."""
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    if day_first and month_first:
        if day_first == month_first:
            return ParsedDate(day_first, Certainty.CLEAR)
        chosen, other = (day_first, month_first) if order is Order.DAY_FIRST else (month_first, day_first)
        return ParsedDate(chosen, Certainty.AMBIGUOUS, other)
    return _one(day_first or month_first)


def _one(value: date | None) -> ParsedDate:
    return _IMPOSSIBLE if value is None else ParsedDate(value, Certainty.CLEAR)


def _named(year: str, month: str, day: str, today: date, birth: bool) -> date | None:
    number = _MONTHS.get(month.casefold())
    return _date(_year(year, today, birth), number, int(day)) if number else None


def _year(text: str, today: date, birth: bool) -> int:
    """Four digits as they stand; two digits in this century unless that is too far ahead."""
    digits = text.lstrip("'")
    if len(digits) == 4:
        return int(digits)
    year = today.year // 100 * 100 + int(digits)
    # 29 as a year of birth in 2026 is 1929; as a date of a hearing it is 2029.
    return year - 100 if year > today.year + (0 if birth else 10) else year


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
