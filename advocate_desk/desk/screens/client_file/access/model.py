"""The rows of the access history."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from advocate_desk.casework.access import AccessLine
from advocate_desk.clock import in_london
from advocate_desk.desk.screens.client_file.access.words import detail_words, event_words
from advocate_desk.desk.widgets.tables import ID_ROLE, SORT_ROLE

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    """The columns."""

    WHEN = 0
    WHO = 1
    WHAT = 2


class AccessModel(QAbstractTableModel):
    """One row an entry, newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[AccessLine, ...] = ()

    def set_lines(self, lines: tuple[AccessLine, ...]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One row an entry; no children."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """When, who, what."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        names = {
            Column.WHEN: QCoreApplication.translate("Access", "When"),
            Column.WHO: QCoreApplication.translate("Access", "Who"),
            Column.WHAT: QCoreApplication.translate("Access", "What"),
        }
        return names[Column(section)]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, sorts by or stands for."""
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == ID_ROLE:
            return line.position
        if role == SORT_ROLE:
            return (line.position, line.actor, line.kind)[index.column()]
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if index.column() == Column.WHEN:
            return f"{in_london(line.happened_at):%d/%m/%Y %H:%M}"
        if index.column() == Column.WHO:
            return line.actor
        detail = detail_words(line)
        return f"{event_words(line.kind)} ({detail})" if detail else event_words(line.kind)
