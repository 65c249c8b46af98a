"""Delimited text: which character parts the cells, which quotes them, and the rows.

`csv.Sniffer` is not used: it takes letters for delimiters and fails on one-column files. Every candidate is tried on
the beginning of the file instead, and the one whose rows agree on a width of two or more wins.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from advocate_desk.documents.sheets.limits import SheetLimits
from advocate_desk.documents.sheets.workbook import Row
from advocate_desk.errors import Invalid, Refused

DELIMITERS: tuple[tuple[str, str], ...] = ((",", "Comma"), (";", "Semicolon"), ("\t", "Tab"), ("|", "Vertical bar"))
"""What the wizard offers, as (character, label), likeliest first."""

_SAMPLE_CHARS = 100_000
_SAMPLE_ROWS = 200
_QUOTES = ("'", '"')
_DECLARED = re.compile(r'\A"?sep=(.)"?\r?\n', re.IGNORECASE)
# A cell that runs over more lines than this began with a stray quote mark, not with a long story.
_RUNAWAY_LINES = 100
_COMMAS_A_CELL = 100  # that text in quotes may hold, over all cells of a line
NOTE_QUOTES_IGNORED = "A quote mark in the file is never closed, so quote marks were read as ordinary text."
NOTE_NULS = "Some unreadable characters were left out."

Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a text file are parted. `quote` is "" when quote marks are ordinary text."""

    delimiter: str
    quote: str
    backslash: bool = False


def read_delimited(
    text: str, limits: SheetLimits, delimiter: str | None, cancelled: Cancelled
) -> tuple[tuple[Row, ...], Dialect, tuple[str, ...]]:
    """Rows, the dialect that read them and notes for the user. Cells are text or None.

    Raises Invalid for a file that is no text table or is beyond `limits`.
    """
    notes: list[str] = []
    text, declared = _take_declaration(text)
    if "\0" in text:
        if text.count("\0") > len(text) // 100 + 8:
            raise Invalid("This file is not a spreadsheet or a text table. Nothing was read.")
        text = text.replace("\0", "")
        notes.append(NOTE_NULS)
    dialect = guess_dialect(text, delimiter or declared)
    rows = _rows(text, dialect, limits, cancelled)
    if dialect.quote and (rows is None or _ran_away(rows)):
        dialect = Dialect(dialect.delimiter, "")
        notes.append(NOTE_QUOTES_IGNORED)
        rows = _rows(text, dialect, limits, cancelled)
    if rows is None:
        raise Invalid(f"A cell of this file holds more than {limits.cell_chars:,} characters. Nothing was read.")
    return rows, dialect, tuple(notes)


def guess_dialect(text: str, delimiter: str | None = None) -> Dialect:
    """The dialect whose rows agree best; a comma and double quotes for a file of one column."""
    sample = text[:_SAMPLE_CHARS]
    candidates = [delimiter] if delimiter else [character for character, _label in DELIMITERS]
    quotes = ['"'] + (["'"] if _single_quoted(sample, candidates) else [])
    backslashes = [False, True] if '\\"' in sample else [False]
    best, best_score = Dialect(candidates[0], '"'), 0.0
    for character in candidates:
        for quote in quotes:
            for backslash in backslashes:
                dialect = Dialect(character, quote, backslash)
                score = _score(sample, dialect, complete=len(text) <= _SAMPLE_CHARS)
                if score > best_score * 1.0001:
                    best, best_score = dialect, score
    return best


def _take_declaration(text: str) -> tuple[str, str | None]:
    """Excel's own first line `sep=;`, which is not part of the table."""
    found = _DECLARED.match(text)
    return (text[found.end() :], found.group(1)) if found else (text, None)


def _single_quoted(sample: str, delimiters: list[str]) -> bool:
    """Whether whole cells stand in single quotes on most lines, as some databases write them."""
    lines = [line for line in sample.splitlines()[:50] if line.strip()]
    for delimiter in delimiters:
        pattern = re.compile(rf"(?:^|{re.escape(delimiter)})'[^']*'(?={re.escape(delimiter)}|$)")
        if lines and sum(bool(pattern.search(line)) for line in lines) > 0.6 * len(lines):
            return True
    return False


def _score(sample: str, dialect: Dialect, *, complete: bool) -> float:
    """How well the dialect explains the sample: rows that share the commonest width, times a gentle bonus for width."""
    widths: list[int] = []
    quoted_ends = 0
    try:
        for row in _reader(io.StringIO(sample, newline=""), dialect):
            if any(cell.strip() for cell in row):
                widths.append(len(row))
                quoted_ends += sum(cell.strip()[:1] in _QUOTES or cell.strip()[-1:] in _QUOTES for cell in row)
            if len(widths) >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0
    if not complete and len(widths) > 1 and len(widths) < _SAMPLE_ROWS:
        widths.pop()  # cut in the middle of a row
    counted = Counter(width for width in widths if width > 1)
    if not counted:
        return 0.0
    width, agreeing = max(counted.items(), key=lambda pair: (pair[1] * (1 + pair[0] / 50), pair[0]))
    stray = quoted_ends / max(1, sum(widths))
    return agreeing / len(widths) * (1 + min(width, 50) / 50) * (1 - 0.5 * min(1.0, stray))


def _reader(source: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    if not dialect.quote:
        return csv.reader(source, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)
    escape = "\\" if dialect.backslash else None
    return csv.reader(
        source, delimiter=dialect.delimiter, quotechar=dialect.quote, doublequote=not escape, escapechar=escape
    )


def _lines(source: Iterable[str], delimiter: str, limits: SheetLimits) -> Iterator[str]:
    """The lines as they come, but none that would fill the memory with its cells before they can be counted."""
    for line in source:
        if len(line) > limits.cell_chars and line.count(delimiter) > limits.columns * _COMMAS_A_CELL:
            raise Invalid(_too_wide(limits))
        yield line


def _too_wide(limits: SheetLimits) -> str:
    return f"A row of this file has more than {limits.columns:,} columns. Nothing was read."


def _rows(text: str, dialect: Dialect, limits: SheetLimits, cancelled: Cancelled) -> tuple[Row, ...] | None:
    """Every row, or None if a cell is longer than allowed."""
    rows: list[Row] = []
    cells = 0
    try:
        lines = _lines(io.StringIO(text, newline=""), dialect.delimiter, limits)
        for row in _reader(lines, dialect):
            if len(row) > limits.columns:
                raise Invalid(_too_wide(limits))
            cells += len(row)
            if len(rows) >= limits.rows or cells > limits.cells:
                raise Invalid(f"This file has more than {limits.rows:,} rows. Split it into smaller files.")
            if any(len(cell) > limits.cell_chars for cell in row):
                return None
            rows.append(tuple(cell.strip() or None for cell in row))
            if len(rows) % 500 == 0 and cancelled():
                raise Refused("Reading was stopped. Nothing was changed.")
    except csv.Error as error:  # only "field larger than field limit" is left: the reader is not strict
        if "field limit" in str(error):
            return None
        raise Invalid("The rows of this file cannot be told apart. Nothing was read.") from error
    return tuple(rows)


def _ran_away(rows: tuple[Row, ...]) -> bool:
    return any(isinstance(cell, str) and cell.count("\n") > _RUNAWAY_LINES for row in rows for cell in row)
