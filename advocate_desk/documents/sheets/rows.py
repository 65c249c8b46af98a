"""Each row read as a referral: its values, what is wrong with it, and what a person should look at.

A problem keeps the row out until it is put right or left out; a warning does not. Nothing that stood in a mapped cell
is dropped: what fits no field is kept as a note.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from advocate_desk.documents.sheets.cells import (
    Reading,
    read_choice,
    read_contact_safe,
    read_date,
    read_email,
    read_name,
    read_phone,
    read_postcode,
    split_name,
)
from advocate_desk.documents.sheets.columns import Vocabulary
from advocate_desk.documents.sheets.dates import ColumnDates, Order, column_dates
from advocate_desk.documents.sheets.fields import FIELD, FIELDS, ImportField, Kind, Value
from advocate_desk.documents.sheets.header import normal_name
from advocate_desk.documents.sheets.workbook import Cell, Row, cell_text, is_blank

MORE_TO_NOTES = "+notes"
"""In a mapping: a column that fits no field and is kept in the notes, under its own name."""

_CONTROL = {code: " " for code in (*range(32), *range(127, 160)) if code != 10}
# Signs that turn the direction of text round: a name must not be able to show as another one.
_TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0x200B))
_CLEAN: dict[int, str | None] = {**_CONTROL, **_TURNING}
_YOUNGEST_CLIENT = 16
_TEXT_READERS: dict[Kind, Callable[[ImportField, str], Reading]] = {
    Kind.EMAIL: read_email,
    Kind.POSTCODE: read_postcode,
    Kind.NAME: read_name,
    Kind.FULL_NAME: split_name,
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How rows become referrals: column names, each column's field ("" for none), date orders and answers for all.

    `settled` names the date fields whose order is known, because the column proves it or a person chose it: their
    dates are not warned about one by one.
    """

    names: tuple[str, ...]
    mapping: tuple[str, ...]
    orders: Mapping[str, Order] = field(default_factory=dict)
    answers_for_all: Mapping[str, str] = field(default_factory=dict)
    settled: frozenset[str] = frozenset()

    def columns_of(self, key: str) -> tuple[int, ...]:
        """The columns that are matched to a field."""
        return tuple(column for column, mapped in enumerate(self.mapping) if mapped == key)

    def fields(self) -> tuple[ImportField, ...]:
        """The fields that some column is matched to, in the order of the list."""
        return tuple(each for each in FIELDS if each.key in self.mapping)


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One row. `number` is its place in the file; `texts` what its fields say, as shown and edited in the grid.

    `values` hold text, dates (`date`) and option keys, only for fields that say something; `client_name` and
    `perpetrator_name` are split into their parts. `extras` are (label, text) pairs kept as notes.
    """

    number: int
    texts: Mapping[str, str]
    values: Mapping[str, Value]
    problems: Mapping[str, str]
    warnings: Mapping[str, str]
    extras: tuple[tuple[str, str], ...] = ()


def check_rows(
    rows: Sequence[tuple[int, Row]],
    plan: Plan,
    words: Vocabulary,
    today: date,
    cancelled: Callable[[], bool] = lambda: False,
) -> list[CheckedRow]:
    """Read every row. Stops early, with what it has, when `cancelled`."""
    checker = Checker(plan, words, today)
    checked: list[CheckedRow] = []
    for number, cells in rows:
        checked.append(checker.check(number, cells))
        if len(checked) % 256 == 0 and cancelled():
            break
    return checked


def date_columns(rows: Sequence[tuple[int, Row]], plan: Plan, today: date) -> dict[str, ColumnDates]:
    """For each mapped date field, what its column says about the order of day and month."""
    found: dict[str, ColumnDates] = {}
    for each in plan.fields():
        if each.kind in (Kind.PAST, Kind.BIRTH):
            columns = plan.columns_of(each.key)
            cells = (row[column] for _number, row in rows for column in columns)
            found[each.key] = column_dates(cells, today, birth=each.kind is Kind.BIRTH)
    return found


class Checker:
    """Reads rows by one plan. `today` is the London day. What equal cells gave is kept as long as this object."""

    def __init__(self, plan: Plan, words: Vocabulary, today: date) -> None:
        self._plan, self._words, self._today = plan, words, today
        self._sources = [(each, plan.columns_of(each.key)) for each in plan.fields()]
        self._kept = [column for column, mapped in enumerate(plan.mapping) if mapped == MORE_TO_NOTES]
        self._seen: dict[tuple[str, type, Cell], Reading] = {}
        self._for_all = {key: value for key, value in plan.answers_for_all.items() if value and key in FIELD}

    def check(self, number: int, cells: Row, edits: Mapping[str, str] | None = None) -> CheckedRow:
        """One row; `edits` are texts typed in the grid, which stand for the cells of their field."""
        edits = edits or {}
        texts: dict[str, str] = {}
        values: dict[str, Value] = {}
        problems: dict[str, str] = {}
        warnings: dict[str, str] = {}
        extras: list[tuple[str, str]] = []
        for each, columns in self._sources:
            cell: Cell = edits[each.key] if each.key in edits else self._joined(each, cells, columns)
            texts[each.key] = cell_text(cell)
            reading = self._reading(each, cell)
            values.update(reading.values)
            if reading.problem:
                problems[each.key] = reading.problem
            if reading.warning:
                warnings[each.key] = reading.warning
            if reading.kept:
                extras.append((each.label, reading.kept))
        for key, value in self._for_all.items():
            values.setdefault(key, value)
        extras.extend((self._plan.names[column], text) for column in self._kept if (text := clean(cells[column])))
        self._look_at_whole(values, problems, warnings, {each.key for each, _ in self._sources})
        return CheckedRow(number, texts, values, problems, warnings, tuple(extras))

    def _joined(self, each: ImportField, cells: Row, columns: tuple[int, ...]) -> Cell:
        if len(columns) == 1:
            cell = cells[columns[0]]
            return clean(cell, each.kind is Kind.LONG_TEXT) if isinstance(cell, str) else cell
        said = [(column, clean(cells[column], lines=True)) for column in columns if not is_blank(cells[column])]
        if each.key in ("notes", "incident_summary", "safe_time"):
            return "\n".join(f"{self._plan.names[column]}: {text}" for column, text in said)
        return (" / " if each.kind is Kind.PHONE else "\n").join(text for _column, text in said)

    def _reading(self, each: ImportField, cell: Cell) -> Reading:
        if each.kind is Kind.LONG_TEXT:  # seldom twice the same
            return self._read(each, cell)
        key = (each.key, type(cell), cell)
        reading = self._seen.get(key)
        if reading is None:
            reading = self._seen[key] = self._read(each, cell)
        return reading

    def _read(self, each: ImportField, cell: Cell) -> Reading:
        if is_blank(cell):
            return Reading()
        if each.kind is Kind.CONTACT_SAFE:
            return read_contact_safe(each, cell, self._words)
        text = cell_text(cell)
        if each.kind not in (Kind.LONG_TEXT, Kind.CHOICE) and normal_name(text) in self._words.blank:
            return Reading()
        if each.kind in (Kind.PAST, Kind.BIRTH):
            order = self._plan.orders.get(each.key, Order.DAY_FIRST)
            return read_date(each, cell, self._today, order, settled=each.key in self._plan.settled)
        if each.kind is Kind.CHOICE:
            return read_choice(each, text, self._words)
        if each.kind is Kind.PHONE:
            return read_phone(each, cell)
        reader = _TEXT_READERS.get(each.kind)
        return reader(each, text) if reader else Reading({each.key: text.strip()})

    def _look_at_whole(
        self, values: dict[str, Value], problems: dict[str, str], warnings: dict[str, str], mapped: set[str]
    ) -> None:
        """What only several fields together can tell."""
        if not (values.get("client_given") or values.get("client_family")):
            at = next((key for key in ("client_family", "client_given", "client_name") if key in mapped), "client_name")
            problems.setdefault(at, "Who is the client? Write a name, or leave this row out.")
        incident, received = values.get("incident_on"), values.get("received_on")
        if isinstance(incident, date) and isinstance(received, date) and incident > received:
            warnings.setdefault("incident_on", "The incident is later than the referral. Is a date turned round?")
        born = values.get("client_born_on")
        if isinstance(born, date) and _age(born, self._today) < _YOUNGEST_CLIENT:
            young = f"The client would be under {_YOUNGEST_CLIENT}. Check the date of birth."
            warnings.setdefault("client_born_on", young)
        same = [values.get(f"{who}_{part}", "") for who in ("client", "perpetrator") for part in ("given", "family")]
        if any(same[:2]) and same[:2] == same[2:]:
            at = "perpetrator_family" if "perpetrator_family" in mapped else "perpetrator_name"
            problems.setdefault(at, "Client and perpetrator have the same name. One of them is in the wrong place.")


def clean(cell: Cell, lines: bool = False) -> str:
    """A cell's text composed (NFC), without control and direction signs, on one line unless `lines`."""
    text = unicodedata.normalize("NFC", cell_text(cell)).replace("\r\n", "\n").replace("\r", "\n").translate(_CLEAN)
    return text.strip() if lines else " ".join(text.split())


def _age(born: date, today: date) -> int:
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
