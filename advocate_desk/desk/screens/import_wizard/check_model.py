"""The rows of the list with their problems, for the fourth page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal

from advocate_desk.desk import theme
from advocate_desk.desk.screens.import_wizard.cells import (
    GROUND_ROLE,
    NO_PARENT,
    Display,
    Index,
    bold,
    one_line,
    tooltip,
)
from advocate_desk.desk.widgets.tables import ID_ROLE, TONE_ROLE
from advocate_desk.documents.sheets.fields import CLIENT, CONTACT, OTHER, PERPETRATOR, REFERRAL, ImportField
from advocate_desk.documents.sheets.rows import CheckedRow

_GROUPS = (CLIENT, CONTACT, PERPETRATOR, REFERRAL, OTHER)  # in the grid, so that a row is known by its client


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

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
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
            return one_line(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ". ".join(
                part for part in (f"{field.label}: {text or self.tr('empty')}", problem or warning) if part
            )
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip(problem or warning or (text if len(text) > 30 else ""))
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
            return bold()
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
            return tooltip(" ".join((*row.problems.values(), *row.warnings.values())))
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
