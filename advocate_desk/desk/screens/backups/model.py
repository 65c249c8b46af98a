"""Rows of words: the lists of the backups page are short, and show what was read once."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from advocate_desk.desk.widgets.tables import DETAIL_ROLE, ID_ROLE

Index = QModelIndex | QPersistentModelIndex
Rows = tuple[tuple[str, ...], ...]


class WordsModel(QAbstractTableModel):
    """A table of plain words under given heads; a cell of two lines has a second, smaller one.

    ID_ROLE gives what a row stands for, or None.
    """

    def __init__(self, heads: tuple[str, ...], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._heads = heads
        self._rows: Rows = ()
        self._ids: tuple[object, ...] = ()

    def set_rows(self, rows: Rows, ids: tuple[object, ...] = ()) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._rows, self._ids = rows, ids
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One row each; no children."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One a head."""
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The heads."""
        is_head = orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._heads[section] if is_head else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, or what its row stands for."""
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        if role == ID_ROLE:
            return self._ids[index.row()] if index.row() < len(self._ids) else None
        first, _, second = self._rows[index.row()][index.column()].partition("\n")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{first}, {second}" if second else first
        if role == DETAIL_ROLE:
            return second
        return first if role == Qt.ItemDataRole.DisplayRole else None
