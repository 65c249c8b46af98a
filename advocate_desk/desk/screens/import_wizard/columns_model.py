"""The columns of the list and the field that each becomes, for the third page."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QObject, Qt, Signal

from advocate_desk.desk import theme
from advocate_desk.desk.screens.import_wizard.cells import NO_PARENT, Display, Index, field_label, tooltip
from advocate_desk.desk.widgets.tables import TONE_ROLE
from advocate_desk.documents.sheets.fields import FIELD
from advocate_desk.documents.sheets.mapping import SURE, Guess


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

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """One row a column of the list."""
        return 0 if parent.isValid() else len(self._names)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
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
            return tooltip(self._text(row, column))
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
