"""Where the table begins: under a title, a print date, blank lines and sometimes a band of group headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from advocate_desk.documents.sheets.workbook import Cell, Row, cell_text, is_blank

_LOOKED_AT = 40
_LONGEST_NAME = 80
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SHORT_WORD = 4  # "DoB" is one word


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet once its header is known: column names (all different) and the rows below, with their place in the file.

    `rows` holds pairs of row number (counted from 1, as a spreadsheet program shows it) and cells, blank rows left out,
    every row as long as `names`.
    """

    header_row: int
    names: tuple[str, ...]
    rows: tuple[tuple[int, Row], ...]


def find_header(rows: Sequence[Row], known: Collection[str] = ()) -> int:
    """The index of the row that names the columns; 0 if nothing better is found.

    `known` are header words that mappings know, normalised (`normal_name`): one that matches outweighs looks.
    """
    best, best_score = 0, float("-inf")
    for index, row in enumerate(rows[:_LOOKED_AT]):
        score = _score(rows, index, row, known)
        if score > best_score:
            best, best_score = index, score
    return best


def table_of(rows: Sequence[Row], header_row: int) -> Table:
    """The table under `header_row` (an index into `rows`). Columns without name and value are left out at the right."""
    header = rows[header_row] if header_row < len(rows) else ()
    below = rows[header_row + 1 :]
    width = max([_used(header), *(_used(row) for row in below)], default=0)
    names = header_names(header, width, rows[header_row - 1] if header_row else ())
    kept = tuple(
        (header_row + 2 + place, (row + (None,) * (width - len(row)))[:width])
        for place, row in enumerate(below)
        if not all(is_blank(cell) for cell in row)
    )
    return Table(header_row, names, kept)


def header_names(header: Row, width: int, band: Row = ()) -> tuple[str, ...]:
    """`width` different names. Repeated ones take their group's heading from the row above, else a number."""
    plain = [_name(header[place]) if place < len(header) else "" for place in range(width)]
    named = [name for name in plain if name]
    groups = _filled(band, width) if len(set(named)) < len(named) else [""] * width
    names: list[str] = []
    taken: set[str] = set()
    for place, name in enumerate(plain):
        repeated = name and plain.count(name) > 1
        wanted = f"{groups[place]} {name}" if repeated and groups[place] else name or f"Column {column_letters(place)}"
        unique, number = wanted, 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{wanted} ({number})"
        taken.add(unique.casefold())
        names.append(unique)
    return tuple(names)


def column_letters(place: int) -> str:
    """A, B, … Z, AA for a column counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def normal_name(name: str) -> str:
    """A header reduced to what it says: "DateOfBirth" parted, accents, capitals, signs dropped, "D.O.B." one word."""
    parted = " ".join(_CAMEL.sub(" ", word) if len(word) > _SHORT_WORD else word for word in name.split())
    folded = unicodedata.normalize("NFKD", parted).casefold().replace("'", "").replace("\u2019", "")
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    words = " ".join(re.findall(r"[^\W_]+", bare))
    return re.sub(r"\b(\w) (?=\w\b)", r"\1", words)


def _name(cell: Cell) -> str:
    return " ".join(cell_text(cell).split())[:_LONGEST_NAME]


def _filled(band: Row, width: int) -> list[str]:
    """Group headings carried to the right, as a merged cell means them."""
    groups: list[str] = []
    current = ""
    for place in range(width):
        current = (_name(band[place]) if place < len(band) else "") or current
        groups.append(current)
    return groups


def _used(row: Row) -> int:
    return next((place + 1 for place in range(len(row) - 1, -1, -1) if not is_blank(row[place])), 0)


def _score(rows: Sequence[Row], index: int, row: Row, known: Collection[str]) -> float:
    """How like a header: many short different texts, no values, as wide as the rows below, and known words."""
    filled = [cell for cell in row if not is_blank(cell)]
    if not filled:
        return float("-inf")
    texts = [cell for cell in filled if isinstance(cell, str) and len(cell) <= _LONGEST_NAME]
    wordy = sum(1 for text in texts if re.search(r"[^\W\d_]", text) and not re.search(r"\d{2,}", text))
    below = [_filled_count(other) for other in rows[index + 1 : index + 11] if _filled_count(other)]
    typical = sorted(below)[len(below) // 2] if below else len(filled)
    fits = min(len(filled), typical) / max(len(filled), typical, 1)
    different = len({text.casefold() for text in texts}) / max(1, len(texts))
    hits = sum(normal_name(text) in known for text in texts)
    lonely = 2.0 if len(filled) == 1 and typical > 1 else 0.0
    return 3 * wordy / len(filled) + 2 * fits + different + 1.5 * min(hits, 6) - lonely - 0.02 * index


def _filled_count(row: Row) -> int:
    return sum(not is_blank(cell) for cell in row)
