"""The rows that may be somebody known, for the fifth page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QAbstractTableModel, QObject, Qt

from advocate_desk.casework.import_matches import Choice, Match
from advocate_desk.desk.screens.import_wizard.cells import NO_PARENT, Display, Index, tooltip
from advocate_desk.desk.widgets.tables import TONE_ROLE


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

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """One row a match."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
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
            return tooltip(self._text(line, column))
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
