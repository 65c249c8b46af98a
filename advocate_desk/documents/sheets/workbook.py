"""What a spreadsheet file holds once it has been read: plain values, no formula, no format."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

Cell = str | int | float | bool | date | datetime | time | None
"""One value. Empty and blank cells are None; a text that begins with "=" is that text."""

Row = tuple[Cell, ...]


class SheetKind(StrEnum):
    """What the file turned out to be, by its content and not by its name."""

    TEXT = "text"
    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"


@dataclass(frozen=True, slots=True)
class SheetRows:
    """One sheet. Rows keep their place in the file (row 1 is `rows[0]`) and may differ in length."""

    name: str
    rows: tuple[Row, ...] = field(repr=False)

    @property
    def width(self) -> int:
        """Cells in the longest row."""
        return max((len(row) for row in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as read. `encoding`, `delimiter` and `quote` are "" unless it was text; `notes` are shown to the user."""

    kind: SheetKind
    sheets: tuple[SheetRows, ...]
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    notes: tuple[str, ...] = ()


def is_blank(cell: Cell) -> bool:
    """Whether a cell says nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def cell_text(cell: Cell) -> str:
    """A cell as a person would write it: day first, no trailing `.0`, "" for an empty one."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.strftime("%d/%m/%Y") if cell.time() == time.min else cell.strftime("%d/%m/%Y %H:%M")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
