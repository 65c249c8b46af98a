"""A list in hand: the file's bytes as they came, and everything that was decided about them so far.

It is what a draft keeps. Reading the same bytes with the same choices gives the same rows, so no row is kept twice, and
neither the file's name nor where it lay is known here.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Annotated, Any

import msgspec

from advocate_desk.casework.import_matches import Choice, Match
from advocate_desk.casework.import_rows import RowToImport
from advocate_desk.casework.imports import Decision
from advocate_desk.documents.sheets.columns import Vocabulary
from advocate_desk.documents.sheets.dates import ColumnDates, Order
from advocate_desk.documents.sheets.failed_rows import failed_rows_file, is_failed_rows, without_problems
from advocate_desk.documents.sheets.fields import FIELD
from advocate_desk.documents.sheets.header import Table, find_header, table_of
from advocate_desk.documents.sheets.mapping import Guess, guess_columns, remembered_columns, signature
from advocate_desk.documents.sheets.rows import MORE_TO_NOTES, CheckedRow, Checker, Plan, date_columns
from advocate_desk.documents.sheets.text_encoding import ENCODINGS
from advocate_desk.documents.sheets.workbook import Row, Workbook

CONFLICT_NOTE = "Found when a referral list was imported"


class _Kept(msgspec.Struct):
    """The shape in which a list in hand is kept, as JSON."""

    data: str
    encoding: str = ""
    delimiter: str = ""
    sheet: Annotated[int, msgspec.Meta(ge=0)] = 0
    header_row: Annotated[int, msgspec.Meta(ge=0)] | None = None
    mapping: tuple[str, ...] | None = None
    orders: dict[str, Order] = msgspec.field(default_factory=dict)
    for_all: dict[str, str] = msgspec.field(default_factory=dict)
    edits: dict[int, dict[str, str]] = msgspec.field(default_factory=dict)
    left_out: set[int] = msgspec.field(default_factory=set)
    choices: dict[int, Choice] = msgspec.field(default_factory=dict)


class _Remembered(msgspec.Struct):
    """The shape in which it is remembered how the columns of a header were matched."""

    columns: dict[str, str] = msgspec.field(default_factory=dict)
    orders: dict[str, Order] = msgspec.field(default_factory=dict)
    for_all: dict[str, str] = msgspec.field(default_factory=dict)


@dataclass
class ListInHand:
    """One file on its way in. `mapping` is None until the columns were guessed; row numbers are those of the file."""

    data: bytes = field(repr=False)
    encoding: str = ""
    delimiter: str = ""
    sheet: int = 0
    header_row: int | None = None
    mapping: tuple[str, ...] | None = None
    orders: dict[str, Order] = field(default_factory=dict)
    for_all: dict[str, str] = field(default_factory=dict)
    edits: dict[int, dict[str, str]] = field(default_factory=dict, repr=False)
    left_out: set[int] = field(default_factory=set)
    choices: dict[int, Choice] = field(default_factory=dict)

    def sheet_kept(self) -> dict[str, Any]:
        """The part that a draft keeps once: the file."""
        return {"data": base64.b64encode(self.data).decode()}

    def decided(self) -> dict[str, Any]:
        """The part that a draft keeps often: what was decided about it."""
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "header_row": self.header_row,
            "mapping": None if self.mapping is None else list(self.mapping),
            "orders": {key: order.value for key, order in self.orders.items()},
            "for_all": dict(self.for_all),
            "edits": {str(number): dict(texts) for number, texts in self.edits.items()},
            "left_out": sorted(self.left_out),
            "choices": {str(number): choice.value for number, choice in self.choices.items()},
        }

    @classmethod
    def brought_back(cls, sheet: Mapping[str, Any], decided: Mapping[str, Any]) -> ListInHand:
        """What `sheet_kept` and `decided` gave. Raises ValueError for a draft of another shape."""
        try:
            kept = msgspec.convert({**decided, **sheet}, _Kept, strict=False)
        except msgspec.ValidationError as error:
            raise ValueError("kept by another version") from error
        return cls(
            base64.b64decode(kept.data),
            kept.encoding if kept.encoding in dict(ENCODINGS) else "",
            kept.delimiter if len(kept.delimiter) == 1 else "",
            kept.sheet,
            kept.header_row,
            kept.mapping,
            kept.orders,
            kept.for_all,
            kept.edits,
            kept.left_out,
            kept.choices,
        )

    def snapshot(self) -> ListInHand:
        """A copy to be read by another thread while this one goes on."""
        return replace(
            self,
            orders=dict(self.orders),
            for_all=dict(self.for_all),
            edits={number: dict(texts) for number, texts in self.edits.items()},
            left_out=set(self.left_out),
            choices=dict(self.choices),
        )

    def fit_to(self, names: Sequence[str]) -> None:
        """Let go what was decided of other columns or of fields that there are no more: by another version, say."""
        if self.mapping is not None and len(self.mapping) != len(names):
            self.start_again_from_columns()
        known = FIELD.keys() | {"", MORE_TO_NOTES}
        self.mapping = self.mapping and tuple(field if field in known else "" for field in self.mapping)
        self.edits = {
            number: {key: text for key, text in texts.items() if key in FIELD} for number, texts in self.edits.items()
        }

    def start_again_from_columns(self) -> None:
        """Another sheet, header or encoding makes other columns and rows: what was said of the old ones is void."""
        self.mapping = None
        self.orders.clear()
        self.edits.clear()
        self.left_out.clear()
        self.choices.clear()


@dataclass(frozen=True)
class Laid:
    """The table that was found in the file, and what its columns seem to be."""

    table: Table = field(repr=False)
    guesses: tuple[Guess, ...]
    signature: str
    is_remembered: bool = False
    orders: Mapping[str, Order] = field(default_factory=dict)
    for_all: Mapping[str, str] = field(default_factory=dict)


def lay_out(
    book: Workbook, hand: ListInHand, words: Vocabulary, today: date, remembered: Mapping[str, Any] | None = None
) -> Laid:
    """Find the table and guess its columns; a header that was matched before is matched as it was."""
    rows = book.sheets[min(hand.sheet, len(book.sheets) - 1)].rows
    header_row = find_header(rows, words.headers.keys()) if hand.header_row is None else hand.header_row
    table = table_of(rows, min(header_row, max(0, len(rows) - 1)))
    if is_failed_rows(table.names):
        table = without_problems(table)
    mark = signature(table.names)
    known = _remembered(remembered)
    if known is None:
        return Laid(table, guess_columns(table.names, table.rows, words, today), mark)
    columns = known.columns
    guesses = tuple(
        Guess(MORE_TO_NOTES, 100.0) if columns.get(name) == MORE_TO_NOTES else guess
        for name, guess in zip(table.names, remembered_columns(table.names, columns), strict=True)
    )
    orders = {key: order for key, order in known.orders.items() if key in FIELD}
    return Laid(table, guesses, mark, True, orders, known.for_all)


def _remembered(said: Mapping[str, Any] | None) -> _Remembered | None:
    """How the columns were matched the last time; None for no time, or for what another version remembered."""
    try:
        return msgspec.convert(said, _Remembered) if said else None
    except (msgspec.ValidationError, ValueError):  # half a character in a text is a ValueError
        return None


def header_signature(book: Workbook, hand: ListInHand, words: Vocabulary) -> str:
    """What the header of the list is remembered by."""
    return lay_out(book, hand, words, date.min, {"columns": {}}).signature


@dataclass(frozen=True)
class Checked:
    """Every row as read by one plan, and what the date columns said. `checker` reads a single row again."""

    plan: Plan
    checker: Checker
    rows: tuple[CheckedRow, ...] = field(repr=False)
    dates: Mapping[str, ColumnDates] = field(default_factory=dict)


def plan_of(table: Table, hand: ListInHand, today: date) -> tuple[Plan, dict[str, ColumnDates]]:
    """How the rows are to be read. A person's word on a date column outranks what the column says of itself."""
    mapping = hand.mapping or ("",) * len(table.names)
    plain = Plan(table.names, mapping)
    dates = date_columns(table.rows, plain, today)
    orders = {key: hand.orders.get(key, column.order) for key, column in dates.items()}
    settled = frozenset(key for key, column in dates.items() if column.proven or key in hand.orders)
    return Plan(table.names, mapping, orders, dict(hand.for_all), settled), dates


def check_all(table: Table, hand: ListInHand, words: Vocabulary, today: date) -> Checked:
    """Read every row, edits included."""
    plan, dates = plan_of(table, hand, today)
    checker = Checker(plan, words, today)
    rows = tuple(checker.check(number, cells, hand.edits.get(number)) for number, cells in table.rows)
    return Checked(plan, checker, rows, dates)


def importable(rows: Sequence[CheckedRow], hand: ListInHand) -> list[RowToImport]:
    """The rows that can go in: no problem, and not left out."""
    return [
        RowToImport(row.number, row.values, row.extras)
        for row in rows
        if not row.problems and row.number not in hand.left_out
    ]


def decisions_of(matches: Sequence[Match], hand: ListInHand) -> dict[int, Decision]:
    """What becomes of each row that is like somebody known: as chosen, else as suggested."""
    decided: dict[int, Decision] = {}
    for match in sorted(matches, key=lambda each: each.is_conflict):
        choice = hand.choices.get(match.row, match.suggested)
        if match.row in decided and not match.is_conflict:
            continue
        if match.is_conflict:
            before = decided.get(match.row, Decision(Choice.NEW))
            note = f"{'. '.join(match.reasons)}. {CONFLICT_NOTE}."
            leave_out = match.row in hand.choices and choice is Choice.SKIP
            decided[match.row] = Decision(Choice.SKIP if leave_out else before.choice, before.file_id, before.row, note)
        else:
            decided[match.row] = Decision(choice, match.known.file_id, match.known.row)
    return decided


def failed_file(table: Table, rows: Sequence[CheckedRow], plan: Plan, hand: ListInHand, left_out_words: str) -> bytes:
    """The rows that were not imported, with what was edited in them, as a file to import again."""
    cells = dict(table.rows)
    failed: list[tuple[Row, list[str]]] = []
    for row in rows:
        if not row.problems and row.number not in hand.left_out:
            continue
        said = [f"{FIELD[key].label}: {problem}" for key, problem in row.problems.items()]
        failed.append((_with_edits(cells[row.number], plan, hand.edits.get(row.number, {})), said or [left_out_words]))
    return failed_rows_file(table.names, failed)


def _with_edits(cells: Row, plan: Plan, edits: Mapping[str, str]) -> Row:
    """A row with what was typed in the grid, in the first column of each field."""
    row = list(cells)
    for key, text in edits.items():
        for place, column in enumerate(plan.columns_of(key)):
            row[column] = text if place == 0 else None
    return tuple(row)


def remembered_form(table: Table, hand: ListInHand) -> dict[str, Any]:
    """What is remembered for the next list with this header."""
    return {
        "columns": dict(zip(table.names, hand.mapping or (), strict=False)),
        "orders": {key: order.value for key, order in hand.orders.items()},
        "for_all": dict(hand.for_all),
    }
