"""The rows of the disclosure register."""

from __future__ import annotations

from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from advocate_desk.clock import in_london
from advocate_desk.desk.forms.values import day_words
from advocate_desk.desk.widgets.tables import DETAIL_ROLE, ID_ROLE, SORT_ROLE
from advocate_desk.domain.days import long_day
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.papers import DisclosureLine

Index = QModelIndex | QPersistentModelIndex


def tr(text: str) -> str:
    """In the user's language."""
    return QCoreApplication.translate("Letters", text)


class Column(IntEnum):
    """The columns."""

    WHEN = 0
    WHOM = 1
    WHAT = 2
    GROUND = 3


class RegisterModel(QAbstractTableModel):
    """One row a disclosure, newest first; each cell has two lines."""

    def __init__(self, packs: Packs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._packs = packs
        self._lines: tuple[DisclosureLine, ...] = ()

    def set_lines(self, lines: tuple[DisclosureLine, ...]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One row a disclosure; no children."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """When, to whom, what, on what ground."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (tr("When and by whom"), tr("To whom"), tr("What"), tr("Ground"))[section]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """What a cell shows, sorts by or stands for."""
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line = self._lines[index.row()]
        first, second = self._words(line, Column(index.column()))
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return first
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{first}, {second}" if second else first
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(line.what or ()) if index.column() == Column.WHAT else None
            case _ if role == DETAIL_ROLE:
                return second
            case _ if role == ID_ROLE:
                return line.disclosure_id
            case _ if role == SORT_ROLE:
                return (line.decided_at.isoformat(), line.to_whom, len(line.what or ()), line.gateway)[index.column()]
        return None

    def _words(self, line: DisclosureLine, column: Column) -> tuple[str, str]:
        if column is Column.WHEN:
            at = in_london(line.decided_at)
            return f"{day_words(at.date())}, {at:%H:%M}", line.decided_by
        if column is Column.WHOM:
            return line.to_whom, self._packs.label("addressee_kind", line.addressee_kind)
        if column is Column.WHAT:
            what = line.what or []
            many = tr("One thing") if len(what) == 1 else tr("{0} things").format(len(what))
            return many, ", ".join(what)
        return ground_words(self._packs, line)


def ground_words(packs: Packs, line: DisclosureLine) -> tuple[str, str]:
    """The ground of a disclosure, and how her consent stood."""
    ground = packs.label("gateway", line.gateway)
    if line.client_agreed_on is not None:
        return ground, tr("Agreed on {0}").format(long_day(line.client_agreed_on))
    stood = packs.label("consent_decision", line.consent) if line.consent else ""
    return ground, tr("Consent: {0}").format(stood.lower()) if stood else ""
