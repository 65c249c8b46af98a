"""Rows of the caseload summary: one an advocate, then their sum; and the files behind one number."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import date
from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from advocate_desk.casework.caseload_summary import AdvocateLine, CaseloadSummary
from advocate_desk.desk import theme
from advocate_desk.desk.screens import list_words
from advocate_desk.desk.screens.summary import words
from advocate_desk.desk.widgets.tables import DETAIL_ROLE, ID_ROLE, TONE_ROLE
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.caseload_summary import FileOfOwner

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
NAME, LOAD, FIRST_NUMBER = 0, 1, 2
SHOWN = tuple(words.HEADINGS)
"""The numbers that have a column, from left to right."""
_CENTRED = int(Qt.AlignmentFlag.AlignCenter)


class SummaryModel(QAbstractTableModel):
    """The table of advocates."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._summary: CaseloadSummary | None = None
        self._lines: tuple[AdvocateLine, ...] = ()

    def show_summary(self, summary: CaseloadSummary) -> None:
        """Take new rows; where there are as many as before, the place in the table stays."""
        lines = (*summary.lines, summary.total)
        if [each.key for each in lines] == [each.key for each in self._lines]:
            self._summary, self._lines = summary, lines
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self._summary, self._lines = summary, lines
        self.endResetModel()

    def line(self, row: int) -> AdvocateLine | None:
        """The line of a row."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def number(self, column: int) -> str:
        """The number that a cell of this column opens: all files for a name and for a load."""
        return SHOWN[column - FIRST_NUMBER] if column >= FIRST_NUMBER else "files"

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """One a line, and one for all."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """Name, load and the numbers."""
        return 0 if parent.isValid() else FIRST_NUMBER + len(SHOWN)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """A column's heading, and in full where it is read aloud."""
        if orientation != Qt.Orientation.Horizontal or section >= self.columnCount():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and section >= FIRST_NUMBER:
            return _CENTRED
        short = {NAME: self.tr("Advocate"), LOAD: self.tr("Weight of\ncapacity")}
        if role == Qt.ItemDataRole.DisplayRole:
            return short.get(section) or words.heading(self.number(section))
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return short.get(section, words.title(self.number(section))).replace("\n", " ")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """A cell."""
        line = self.line(index.row()) if index.isValid() else None
        if line is None or self._summary is None:
            return None
        column = index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(line, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._said(line, column)
            case Qt.ItemDataRole.ToolTipRole:
                return html.escape(self._said(line, column))  # else a name could be read as markup
            case Qt.ItemDataRole.TextAlignmentRole if column >= FIRST_NUMBER:
                return _CENTRED
            case Qt.ItemDataRole.ForegroundRole if column >= FIRST_NUMBER and not self._count(line, column):
                return theme.colour("muted")
            case Qt.ItemDataRole.FontRole if line.kind == "total" or (
                column >= FIRST_NUMBER and self._count(line, column)
            ):
                font = QFont()
                font.setWeight(QFont.Weight.DemiBold)
                return font
        if role == TONE_ROLE and column == LOAD:
            return words.load_tone(line)
        if role == DETAIL_ROLE:
            return self._detail(line, column)
        return line.key if role == ID_ROLE else None

    def _count(self, line: AdvocateLine, column: int) -> int:
        return line.numbers[self.number(column)]

    def _text(self, line: AdvocateLine, column: int) -> str:
        if column == NAME:
            return words.whose(line)
        if column == LOAD:
            return words.load(line)
        return str(self._count(line, column) or "–")

    def _detail(self, line: AdvocateLine, column: int, *, has_sites: bool = False) -> str:
        if column == NAME and self._summary is not None:
            files = list_words.count_words(line.numbers["files"], self.tr("file"), self.tr("files"))
            where = words.where(line, self._summary.roster, has_sites=has_sites)
            return f"{files} · {where}" if where else files
        if column == LOAD and line.percent is not None and words.load_tone(line) is None:
            return f"{line.percent}%"
        return ""

    def _said(self, line: AdvocateLine, column: int) -> str:
        name = words.whose(line)
        if column == NAME:
            return f"{name}, {self._detail(line, NAME, has_sites=True)}"
        if column == LOAD:
            return f"{name}: {words.load_said(line)}"
        return f"{name}: {words.title(self.number(column))}, {self._count(line, column)}"


class Behind(IntEnum):
    """The columns of the files behind a number."""

    CLIENT = 0
    REFERENCE = 1
    RISK = 2
    STATUS = 3
    COUNT = 4
    DAY = 5
    OWNER = 6


class BehindModel(QAbstractTableModel):
    """The files behind a number, each with its share of it and the day that matters."""

    def __init__(self, packs: Packs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._packs = packs
        self._lines: tuple[FileOfOwner, ...] = ()
        self._number, self._today = "files", date.min

    def show_files(self, number: str, lines: Sequence[FileOfOwner], today: date) -> None:
        """Take the files of a number."""
        self.beginResetModel()
        self._number, self._lines, self._today = number, tuple(lines), today
        self.endResetModel()

    def line(self, row: int) -> FileOfOwner | None:
        """The file of a row."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """One a file."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """One of each."""
        return 0 if parent.isValid() else len(Behind)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """A column's heading."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        headings: dict[int, str] = {
            Behind.CLIENT: self.tr("Name"),
            Behind.REFERENCE: self.tr("Reference"),
            Behind.RISK: self.tr("Risk"),
            Behind.STATUS: self.tr("Status"),
            Behind.COUNT: self.tr("How many"),
            Behind.DAY: self._day_heading(),
            Behind.OWNER: self.tr("Allocated to"),
        }
        return headings.get(section)

    def _day_heading(self) -> str:
        if self._number == "no_contact":
            return self.tr("Last contact")
        if self._number == "first_days":
            return self.tr("Reported")
        return self.tr("First on") if self._number in ("hearings", "bail_ends", "releases") else self.tr("Since")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """A cell."""
        line = self.line(index.row()) if index.isValid() else None
        if line is None:
            return None
        column = index.column()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(line, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return html.escape(self._text(line, column)) or None
        if role == Qt.ItemDataRole.ForegroundRole and column not in (Behind.CLIENT, Behind.DAY):
            return theme.colour("muted")
        if role == TONE_ROLE and column == Behind.RISK:
            return list_words.grade_tone(line.risk_grade)
        return line.file_id if role == ID_ROLE else None

    def _text(self, line: FileOfOwner, column: int) -> str:
        match column:
            case Behind.CLIENT:
                return list_words.name_words(line.client_name)
            case Behind.REFERENCE:
                return line.reference
            case Behind.RISK:
                return list_words.grade_words(self._packs, line.risk_grade)
            case Behind.STATUS:
                return self._packs.label("file_status", line.status)
            case Behind.COUNT:
                return str(line.share)
            case Behind.DAY:
                return self._day(line.on)
        return line.name or self.tr("Nobody")

    def _day(self, on: date | None) -> str:
        if on is None:
            return self.tr("Never") if self._number == "no_contact" else ""
        return list_words.short_day(on, self._today)
