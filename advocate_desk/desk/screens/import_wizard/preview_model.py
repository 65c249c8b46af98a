"""The beginning of the file, for the second page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from advocate_desk.desk import theme
from advocate_desk.desk.screens.import_wizard.cells import GROUND_ROLE, NO_PARENT, Display, Index, bold, one_line
from advocate_desk.documents.sheets.header import column_letters
from advocate_desk.documents.sheets.workbook import Row, cell_text

_PREVIEW_ROWS = 300


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

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Rows shown."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
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
            return one_line(cell_text(row[index.column()])) if index.column() < len(row) else ""
        if role == GROUND_ROLE:
            return "accent_soft" if index.row() == self.header_row else ""
        if role == Qt.ItemDataRole.ForegroundRole and index.row() < self.header_row:
            return theme.colour("muted")
        if role == Qt.ItemDataRole.FontRole and index.row() == self.header_row:
            return bold()
        return None
