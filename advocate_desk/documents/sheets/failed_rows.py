"""The rows that could not be imported, written as a file to correct in a spreadsheet program and read again.

A cell that a spreadsheet program would take for a formula gets an apostrophe in front, which reading takes away again:
what came in as text from elsewhere must not run on the machine of whoever opens the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from advocate_desk.documents.sheets.header import Table
from advocate_desk.documents.sheets.workbook import Cell, cell_text

PROBLEM_COLUMN = "Import problem"
# The plain signs, their full-width forms (some input methods make them, some programs fold them), tab and line ends.
_TRIGGER = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_NEEDS_MARK = re.compile(f"'*[{_TRIGGER}]")
_HAS_MARK = re.compile(f"'+[{_TRIGGER}]")


def failed_rows_file(names: Sequence[str], rows: Iterable[tuple[Sequence[Cell], Sequence[str]]]) -> bytes:
    """A CSV (UTF-8 with mark, comma, every cell quoted) of `rows`, pairs of cells and problem sentences.

    The problems stand in the last column, which the import knows and leaves out.
    """
    target = io.StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([*(neutral(name) for name in names), PROBLEM_COLUMN])
    for cells, problems in rows:
        texts = [cell_text(cell) for cell in cells]
        writer.writerow([*(neutral(text) for text in texts), neutral(" ".join(problems))])
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8", errors="replace")


def neutral(text: str) -> str:
    """`text` so that no spreadsheet program runs it. `restored` gives it back."""
    return f"'{text}" if _NEEDS_MARK.match(text) else text


def restored(text: str) -> str:
    """The text that `neutral` was given."""
    return text[1:] if _HAS_MARK.match(text) else text


def is_failed_rows(names: Sequence[str]) -> bool:
    """Whether a header is that of a file written here."""
    return len(names) > 1 and names[-1] == PROBLEM_COLUMN


def without_problems(table: Table) -> Table:
    """The table of such a file as it was before: marks and the problem column taken away."""
    kept = tuple(
        (number, tuple(restored(cell) if isinstance(cell, str) else cell for cell in cells[:-1]))
        for number, cells in table.rows
    )
    return Table(table.header_row, tuple(restored(name) for name in table.names[:-1]), kept)
