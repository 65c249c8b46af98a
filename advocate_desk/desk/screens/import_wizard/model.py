"""Rows for the wizard's tables: the file as it is, its columns, the rows to check, and who may be known already."""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from advocate_desk.casework.import_matches import Choice, Match
from advocate_desk.desk import theme
from advocate_desk.desk.widgets.tables import ID_ROLE, TONE_ROLE
from advocate_desk.documents.sheets.fields import CLIENT, CONTACT, FIELD, OTHER, PERPETRATOR, REFERRAL, ImportField
from advocate_desk.documents.sheets.header import column_letters
from advocate_desk.documents.sheets.mapping import SURE, Guess
from advocate_desk.documents.sheets.rows import MORE_TO_NOTES, CheckedRow
from advocate_desk.documents.sheets.workbook import Row, cell_text

Index = QModelIndex | QPersistentModelIndex
Display = Qt.ItemDataRole.DisplayRole
GROUND_ROLE = int(Qt.ItemDataRole.UserRole) + 20
"""The name of the colour that a cell is drawn on, "" for none."""

_GROUPS = (CLIENT, CONTACT, PERPETRATOR, REFERRAL, OTHER)  # in the grid, so that a row is known by its client
_PREVIEW_ROWS = 300
_LONGEST_SHOWN = 200
_NO_PARENT = QModelIndex()


def _one_line(text: str) -> str:
    shown = " ".join(text[:_LONGEST_SHOWN].split())
    return f"{shown}…" if len(text) > _LONGEST_SHOWN else shown


def _tooltip(text: str) -> str:
    """Plain text that Qt cannot take for markup, wrapped."""
    return f"<p>{html.escape(text)}</p>" if text else ""


class PreviewModel(QAbstractTableModel):
    """The first rows of the file, with the header row and what stands above it told apart."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._rows: tuple[Row, ...] = ()
        self._width = 0
        self.header_row = 0

    def show(self, rows: Sequence[Row], width: int, header_row: int) -> None:
        """Show the beginning of these rows."""
        self.beginResetModel()
        self._rows, self._width, self.header_row = tuple(rows[:_PREVIEW_ROWS]), width, header_row
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Columns of the widest row."""
        return 0 if parent.isValid() else self._width

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Display) -> object:
        """Letters and numbers, as a spreadsheet program has them."""
        if role != Display:
            return None
        return column_letters(section) if orientation == Qt.Orientation.Horizontal else str(section + 1)

    def data(self, index: Index, role: int = Display) -> object:
        """A cell's text; the header row in bold, what is above it in grey."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Display:
            return _one_line(cell_text(row[index.column()])) if index.column() < len(row) else ""
        if role == GROUND_ROLE:
            return "accent_soft" if index.row() == self.header_row else ""
        if role == Qt.ItemDataRole.ForegroundRole and index.row() < self.header_row:
            return theme.colour("muted")
        if role == Qt.ItemDataRole.FontRole and index.row() == self.header_row:
            return _bold()
        return None


def _bold() -> object:
    from PySide6.QtGui import QFont  # noqa: PLC0415 - the models need no other part of QtGui
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    font = QFont(QApplication.font())
    font.setWeight(QFont.Weight.DemiBold)
    return font


class ColumnsColumn(IntEnum):
    """What is told of a column of the list."""

    NAME = 0
    EXAMPLES = 1
    FIELD = 2
    STATE = 3


class ColumnsModel(QAbstractTableModel):
    """The columns of the list, one a row, and the field that each becomes."""

    matched = Signal(int, str)  # column, field key

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._examples: tuple[str, ...] = ()
        self._guesses: tuple[Guess, ...] = ()
        self._mapping: list[str] = []
        self._is_remembered = False

    def show(
        self,
        names: Sequence[str],
        examples: Sequence[str],
        guesses: Sequence[Guess],
        mapping: Sequence[str],
        *,
        is_remembered: bool,
    ) -> None:
        """Show these columns."""
        self.beginResetModel()
        self._names, self._examples, self._guesses = tuple(names), tuple(examples), tuple(guesses)
        self._mapping, self._is_remembered = list(mapping), is_remembered
        self.endResetModel()

    def mapping(self) -> tuple[str, ...]:
        """Each column's field."""
        return tuple(self._mapping)

    def field_of(self, row: int) -> str:
        """The field that a column is matched to."""
        return self._mapping[row]

    def set_field(self, row: int, field: str) -> None:
        """Match a column; another that had the field gives it up, unless columns of the field join."""
        if self._mapping[row] == field:
            return
        if field in FIELD and not FIELD[field].joins:
            self._mapping = ["" if other == field else other for other in self._mapping]
        self._mapping[row] = field
        self.dataChanged.emit(self.index(0, ColumnsColumn.FIELD), self.index(self.rowCount() - 1, ColumnsColumn.STATE))
        self.matched.emit(row, field)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One row a column of the list."""
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """As in ColumnsColumn."""
        return 0 if parent.isValid() else len(ColumnsColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Display) -> object:
        """What each column tells."""
        if role != Display or orientation != Qt.Orientation.Horizontal:
            return None
        return (self.tr("In the list"), self.tr("Examples"), self.tr("Becomes"), self.tr("How"))[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """The field can be changed in place."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == ColumnsColumn.FIELD else flags

    def data(self, index: Index, role: int = Display) -> object:
        """Texts, and the tone of the last column."""
        if not index.isValid():
            return None
        row, column = index.row(), ColumnsColumn(index.column())
        if role in (Display, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(row, column)
        if role == TONE_ROLE and column is ColumnsColumn.STATE:
            return self._tone(row)
        if role == Qt.ItemDataRole.ToolTipRole and column in (ColumnsColumn.NAME, ColumnsColumn.EXAMPLES):
            return _tooltip(self._text(row, column))
        if role == Qt.ItemDataRole.ForegroundRole and column is not ColumnsColumn.NAME and not self._mapping[row]:
            return theme.colour("muted")
        return None

    def _text(self, row: int, column: ColumnsColumn) -> str:
        if column is ColumnsColumn.NAME:
            return self._names[row]
        if column is ColumnsColumn.EXAMPLES:
            return self._examples[row]
        if column is ColumnsColumn.FIELD:
            return field_label(self._mapping[row])
        return self._state(row)

    def _state(self, row: int) -> str:
        field, guess = self._mapping[row], self._guesses[row]
        if not field:
            return self.tr("Left out")
        if field != guess.field:
            return self.tr("Chosen by you")
        if self._is_remembered:
            return self.tr("As last time")
        return self.tr("Matched") if guess.score >= SURE else self.tr("Please check")

    def _tone(self, row: int) -> str:
        field, guess = self._mapping[row], self._guesses[row]
        if not field:
            return "plain"
        if field == guess.field and guess.score < SURE:
            return "warning"
        return "ok"


def field_label(key: str) -> str:
    """A field as it is shown."""
    if key == MORE_TO_NOTES:
        return QCoreApplication.translate("ImportWizard", "Keep in the notes")
    return FIELD[key].label if key in FIELD else QCoreApplication.translate("ImportWizard", "Leave out")


class Show(StrEnum):
    """Which rows the grid shows."""

    ALL = "all"
    PROBLEMS = "problems"
    LOOK = "look"
    LEFT_OUT = "left_out"


class CheckModel(QAbstractTableModel):
    """Every row of the list, problem rows first, with its fields to be put right in place.

    `edited` tells what was typed; whoever listens reads the row again and gives it to `set_row`.
    """

    NUMBER, STATE = 0, 1
    FIRST_FIELD = 2
    edited = Signal(int, str, str)  # row number, field, text
    counts_changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._fields: tuple[ImportField, ...] = ()
        self._rows: dict[int, CheckedRow] = {}
        self._shown: list[int] = []
        self._left_out: set[int] = set()
        self._edits: Mapping[int, Mapping[str, str]] = {}
        self.show_only = Show.ALL

    def show(
        self,
        rows: Sequence[CheckedRow],
        fields: Sequence[ImportField],
        left_out: set[int],
        edits: Mapping[int, Mapping[str, str]],
    ) -> None:
        """Show these rows. `left_out` and `edits` are those of the list in hand."""
        self.beginResetModel()
        order = {group: place for place, group in enumerate(_GROUPS)}
        self._fields = tuple(sorted(fields, key=lambda field: order[field.group]))
        self._left_out, self._edits = left_out, edits
        self._rows = {row.number: row for row in rows}
        self._arrange()
        self.endResetModel()
        self.counts_changed.emit()

    def filter(self, show_only: Show) -> None:
        """Show some of the rows; the order is made anew."""
        self.beginResetModel()
        self.show_only = show_only
        self._arrange()
        self.endResetModel()

    def set_row(self, row: CheckedRow) -> None:
        """A row as it reads now. It keeps its place, so that nothing jumps while one works."""
        self._rows[row.number] = row
        self._tell(row.number)

    def set_left_out(self, number: int, is_left_out: bool) -> None:
        """Leave a row out of the import, or take it in again."""
        (self._left_out.add if is_left_out else self._left_out.discard)(number)
        self._tell(number)

    def is_left_out(self, number: int) -> bool:
        """Whether a row was left out by hand."""
        return number in self._left_out

    def counts(self) -> dict[Show, int]:
        """How many rows there are of each kind."""
        return {kind: sum(self._belongs(row, kind) for row in self._rows.values()) for kind in Show}

    def number_at(self, row: int) -> int:
        """The row number in the file of a row of the grid."""
        return self._shown[row]

    def row_of(self, number: int) -> int:
        """The grid's row of a row number, -1 if it is not shown."""
        try:
            return self._shown.index(number)
        except ValueError:
            return -1

    def checked(self, number: int) -> CheckedRow:
        """A row by its number."""
        return self._rows[number]

    def field_at(self, column: int) -> ImportField | None:
        """The field of a column of the grid, None for number and state."""
        place = column - self.FIRST_FIELD
        return self._fields[place] if 0 <= place < len(self._fields) else None

    def column_of(self, key: str) -> int:
        """The grid's column of a field, the first field if it is not shown."""
        return next(
            (place for place, each in enumerate(self._fields, self.FIRST_FIELD) if each.key == key), self.FIRST_FIELD
        )

    def next_trouble(self, after: Index) -> QModelIndex:
        """The next cell with a problem, from the one after `after` on and round; with a warning when none is left."""
        for wanted in ("problems", "warnings"):
            found = self._next(after, wanted)
            if found.isValid():
                return found
        return QModelIndex()

    def same_text_elsewhere(self, number: int, key: str) -> list[int]:
        """Other rows that have trouble with the very same text in a field."""
        text = self._rows[number].texts.get(key, "")
        return [
            row.number
            for row in self._rows.values()
            if row.number != number and row.texts.get(key) == text and key in (*row.problems, *row.warnings)
        ]

    def _next(self, after: Index, wanted: str) -> QModelIndex:
        count = len(self._shown)
        start_row, start_column = (after.row(), after.column()) if after.isValid() else (0, -1)
        for step in range(count + 1):
            row = (start_row + step) % count if count else 0
            if not count or self._shown[row] in self._left_out:
                continue
            trouble = getattr(self._rows[self._shown[row]], wanted)
            columns = sorted(self.column_of(key) for key in trouble)
            first = [c for c in columns if step or c > start_column]
            if first:
                return self.index(row, first[0])
        return QModelIndex()

    def _arrange(self) -> None:
        shown = [row for row in self._rows.values() if self._belongs(row, self.show_only)]
        shown.sort(key=lambda row: (row.number in self._left_out, not row.problems, not row.warnings, row.number))
        self._shown = [row.number for row in shown]

    def _belongs(self, row: CheckedRow, kind: Show) -> bool:
        out = row.number in self._left_out
        if kind is Show.LEFT_OUT:
            return out
        if kind is Show.PROBLEMS:
            return bool(row.problems) and not out
        if kind is Show.LOOK:
            return bool(row.warnings) and not out
        return True

    def _tell(self, number: int) -> None:
        place = self.row_of(number)
        if place >= 0:
            self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))
        self.counts_changed.emit()

    # --- Qt ---

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """Number, state and the fields."""
        return 0 if parent.isValid() else self.FIRST_FIELD + len(self._fields)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Display) -> object:
        """The fields' labels."""
        if role != Display or orientation != Qt.Orientation.Horizontal:
            return None
        field = self.field_at(section)
        return field.label if field else (self.tr("Row"), self.tr("State"))[section]

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Fields can be typed over."""
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if self.field_at(index.column()) else flags

    def data(self, index: Index, role: int = Display) -> object:
        """A cell: its text, its trouble as tooltip, ground and icon."""
        if not index.isValid():
            return None
        row = self._rows[self._shown[index.row()]]
        field = self.field_at(index.column())
        if field is None:
            return self._margin(row, index.column(), role)
        text = row.texts.get(field.key, "")
        problem, warning = row.problems.get(field.key, ""), row.warnings.get(field.key, "")
        if role == Qt.ItemDataRole.EditRole:
            return text
        if role == Display:
            return _one_line(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ". ".join(
                part for part in (f"{field.label}: {text or self.tr('empty')}", problem or warning) if part
            )
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tooltip(problem or warning or (text if len(text) > 30 else ""))
        return self._look(row, field.key, problem, warning, role)

    def _look(self, row: CheckedRow, key: str, problem: str, warning: str, role: int) -> object:
        if role == Qt.ItemDataRole.ForegroundRole and row.number in self._left_out:
            return theme.colour("muted")
        if row.number in self._left_out:
            return None
        if role == GROUND_ROLE:
            return "danger_soft" if problem else "warning_soft" if warning else ""
        if role == Qt.ItemDataRole.DecorationRole and (problem or warning):
            return theme.pixmap(
                "octagon-alert" if problem else "triangle-alert", 14, "danger" if problem else "warning"
            )
        if role == Qt.ItemDataRole.FontRole and key in self._edits.get(row.number, {}):
            return _bold()
        return None

    def _margin(self, row: CheckedRow, column: int, role: int) -> object:
        if role == ID_ROLE:
            return row.number
        if column == self.NUMBER:
            return str(row.number) if role in (Display, Qt.ItemDataRole.AccessibleTextRole) else None
        words, tone = self._state(row)
        if role in (Display, Qt.ItemDataRole.AccessibleTextRole):
            return words
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tooltip(" ".join((*row.problems.values(), *row.warnings.values())))
        return tone if role == TONE_ROLE else None

    def _state(self, row: CheckedRow) -> tuple[str, str]:
        if row.number in self._left_out:
            return self.tr("Left out"), "plain"
        if row.problems:
            return self.tr("Problem"), "danger"
        if row.warnings:
            return self.tr("Look"), "warning"
        return self.tr("Ready"), "ok"

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Hand on what was typed."""
        field = self.field_at(index.column()) if index.isValid() else None
        if field is None or role != Qt.ItemDataRole.EditRole:
            return False
        number = self._shown[index.row()]
        if str(value) != self._rows[number].texts.get(field.key, ""):
            self.edited.emit(number, field.key, str(value))
        return True


@dataclass(frozen=True)
class KnownLine:
    """One row of the list that may be somebody known."""

    match: Match
    name: str
    choice: Choice


class KnownColumn(IntEnum):
    """What is told of it."""

    ROW = 0
    NAME = 1
    WHO = 2
    WHY = 3
    CHOICE = 4


def said_together(reasons: Sequence[str]) -> str:
    """Several reasons as one sentence without its full stop."""
    first, *others = reasons
    return ", ".join([first, *(other[:1].lower() + other[1:] for other in others)])


class KnownModel(QAbstractTableModel):
    """The rows that may be somebody known, and what becomes of each."""

    def __init__(self, parent: QObject, choice_words: Callable[[Choice, Match], str]) -> None:
        super().__init__(parent)
        self._lines: list[KnownLine] = []
        self._choice_words = choice_words

    def show(self, lines: Sequence[KnownLine]) -> None:
        """Show these."""
        self.beginResetModel()
        self._lines = list(lines)
        self.endResetModel()

    def line(self, row: int) -> KnownLine:
        """One line."""
        return self._lines[row]

    def lines(self) -> tuple[KnownLine, ...]:
        """All of them."""
        return tuple(self._lines)

    def choose(self, row: int, choice: Choice) -> None:
        """Change what becomes of a row, on every line that tells of it."""
        number = self._lines[row].match.row
        for place, line in enumerate(self._lines):
            if line.match.row == number and choice in line.match.choices:
                self._lines[place] = KnownLine(line.match, line.name, choice)
                self.dataChanged.emit(self.index(place, 0), self.index(place, len(KnownColumn) - 1))

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        """One row a match."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        """As in KnownColumn."""
        return 0 if parent.isValid() else len(KnownColumn)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Display) -> object:
        """What each column tells."""
        if role != Display or orientation != Qt.Orientation.Horizontal:
            return None
        names = (self.tr("Row"), self.tr("In the list"), self.tr("May be"), self.tr("Why"), self.tr("What to do"))
        return names[section]

    def data(self, index: Index, role: int = Display) -> object:
        """Texts; what was chosen as a badge."""
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], KnownColumn(index.column())
        if role in (Display, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(line, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tooltip(self._text(line, column))
        if role == TONE_ROLE and column is KnownColumn.CHOICE:
            return {Choice.MERGE: "accent", Choice.NEW: "ok", Choice.SKIP: "plain"}[line.choice]
        return None

    def _text(self, line: KnownLine, column: KnownColumn) -> str:
        known = line.match.known
        if column is KnownColumn.ROW:
            return str(line.match.row)
        if column is KnownColumn.NAME:
            return line.name
        if column is KnownColumn.WHO:
            if known.is_restricted:
                return self.tr("A restricted file")
            where = self.tr("row {0}").format(known.row) if known.row else known.reference
            return f"{known.name} ({where})"
        if column is KnownColumn.WHY:
            return said_together(line.match.reasons)
        return self._choice_words(line.choice, line.match)
