"""The caseload's rows: pages of lines, asked for when they come into sight, kept until their successors are here."""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import date
from enum import IntEnum
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from advocate_desk.clock import in_london
from advocate_desk.desk import theme
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.widgets.tables import ID_ROLE, SORT_ROLE, TONE_ROLE
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.caseload import PAGE_ROWS, CaseloadLine, CaseloadPage

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class Column(IntEnum):
    """What the caseload shows of a file, from left to right."""

    NAME = 0
    REFERENCE = 1
    RISK = 2
    STATUS = 3
    NEXT = 4
    CONTACT = 5
    ALLOCATED = 6
    TASKS = 7


SORT_OF: dict[Column, str] = {
    Column.NAME: "sort_name",
    Column.REFERENCE: "reference",
    Column.RISK: "risk_rank",
    Column.STATUS: "status",
    Column.NEXT: "next_on",
    Column.CONTACT: "last_contact_at",
    Column.ALLOCATED: "allocated_to",
    Column.TASKS: "open_tasks",
}
"""The order of `caseload_page` that a click on a column's heading asks for."""


class CaseloadModel(QAbstractTableModel):
    """Rows of a caseload of any length. Holds pages, never asks the store: it says which page it wants."""

    page_wanted = Signal(int)  # the page's number, from 0

    def __init__(self, packs: Packs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._packs = packs
        self._pages: dict[int, tuple[CaseloadLine, ...]] = {}
        self._stale: set[int] = set()
        self._asked: set[int] = set()
        self._total = 0
        self._today: date | None = None
        self._differing: Callable[[UUID], frozenset[str]] = lambda _file_id: frozenset()

    # --- the presenter gives ---

    def forget_pages(self) -> None:
        """Everything may have changed. Rows stay in sight until their page has come anew."""
        self._stale |= set(self._pages)
        self._asked.clear()

    def put_page(self, page: CaseloadPage, today: date) -> None:
        """Take a page: its rows, and how many rows there are in all."""
        number = page.offset // PAGE_ROWS
        self._today = today
        self._asked.discard(number)
        self._resize(page.total)
        self._pages[number] = page.lines
        self._stale.discard(number)
        if page.lines:
            last = page.offset + len(page.lines) - 1
            self.dataChanged.emit(self.index(page.offset, 0), self.index(min(last, self._total - 1), len(Column) - 1))

    def follow_differing(self, kinds_of: Callable[[UUID], frozenset[str]]) -> None:
        """Take the kinds of record of a file on which two people differ from here, and draw the rows again."""
        self._differing = kinds_of
        if self._total:
            self.dataChanged.emit(self.index(0, 0), self.index(self._total - 1, len(Column) - 1))

    def page_failed(self, number: int) -> None:
        """A page did not come; it is asked for again when it is next in sight."""
        self._asked.discard(number)

    def _resize(self, total: int) -> None:
        if total > self._total:
            self.beginInsertRows(NO_PARENT, self._total, total - 1)
            self._total = total
            self.endInsertRows()
        elif total < self._total:
            self.beginRemoveRows(NO_PARENT, total, self._total - 1)
            self._total = total
            for number in [each for each in self._pages if each * PAGE_ROWS >= total]:
                del self._pages[number]
            self.endRemoveRows()

    # --- others ask ---

    def line(self, row: int) -> CaseloadLine | None:
        """The line of a row, if its page is here."""
        page = self._pages.get(row // PAGE_ROWS, ())
        at = row % PAGE_ROWS
        return page[at] if 0 <= row < self._total and at < len(page) else None

    def row_of(self, file_id: object) -> int | None:
        """The row of a file among the pages that are here."""
        for number, lines in self._pages.items():
            for at, line in enumerate(lines):
                if line.file_id == file_id:
                    return number * PAGE_ROWS + at
        return None

    def want(self, row: int) -> None:
        """Ask for a row's page, and for the next one, unless they are here or on their way."""
        for number in (row // PAGE_ROWS, row // PAGE_ROWS + 1):
            is_missing = number not in self._pages or number in self._stale
            in_range = number == 0 or number * PAGE_ROWS < self._total
            if is_missing and in_range and number not in self._asked:
                self._asked.add(number)
                self.page_wanted.emit(number)

    # --- Qt asks ---

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """As many rows as files match."""
        return 0 if parent.isValid() else self._total

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """One for each `Column`."""
        return 0 if parent.isValid() else len(Column)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """A column's heading."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.heading(Column(section)) if section < len(Column) else None

    def heading(self, column: Column) -> str:
        """A column's heading."""
        return {
            Column.NAME: self.tr("Name"),
            Column.REFERENCE: self.tr("Reference"),
            Column.RISK: self.tr("Risk"),
            Column.STATUS: self.tr("Status"),
            Column.NEXT: self.tr("Next"),
            Column.CONTACT: self.tr("Last contact"),
            Column.ALLOCATED: self.tr("Allocated to"),
            Column.TASKS: self.tr("Tasks"),
        }[column]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """A cell. A row whose page is not here yet shows dots, and asks for it."""
        if not index.isValid() or index.row() >= self._total:
            return None
        self.want(index.row())
        line = self.line(index.row())
        if line is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and index.column() == Column.NAME else None
        column = Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._text(line, column)
            case Qt.ItemDataRole.ToolTipRole:
                return html.escape(self._tip(line, column)) or None  # else a name could be read as markup
            case Qt.ItemDataRole.DecorationRole if column == Column.NAME and line.is_restricted:
                return theme.icon("lock", "muted")
            case Qt.ItemDataRole.ForegroundRole if column == Column.NEXT and self._is_overdue(line):
                return theme.colour("danger")
            case Qt.ItemDataRole.ForegroundRole if column not in (Column.NAME, Column.NEXT):
                return theme.colour("muted")
        if role == TONE_ROLE and column == Column.RISK:
            return words.grade_tone(line.risk_grade)
        if role == SORT_ROLE:
            return _sort_value(line, column)
        return line.file_id if role == ID_ROLE else None

    def _is_overdue(self, line: CaseloadLine) -> bool:
        return line.next_on is not None and self._today is not None and line.next_on < self._today

    def _text(self, line: CaseloadLine, column: Column) -> str:
        match column:
            case Column.NAME:
                return words.name_words(line.client_name)
            case Column.REFERENCE:
                return line.reference
            case Column.RISK:
                return self._marked(line, words.grade_words(self._packs, line.risk_grade), "risk_assessment")
            case Column.STATUS:
                return self._packs.label("file_status", line.status)
            case Column.NEXT:
                return self._marked(line, self._next(line), line.next_kind.removesuffix("_counted"))
            case Column.CONTACT:
                at = line.last_contact_at
                return words.ago_words(in_london(at).date() if at else None, self._today or date.min)
            case Column.ALLOCATED:
                return line.allocated_to or self.tr("Nobody")
        return str(line.open_tasks) if line.open_tasks else "–"

    def _marked(self, line: CaseloadLine, text: str, kind: str) -> str:
        """`text`, said to differ where two people said different things of it."""
        return self.tr("Differs: {0}").format(text) if kind in self._differing(line.file_id) else text

    def _next(self, line: CaseloadLine) -> str:
        if line.next_on is None or self._today is None:
            return self.tr("Nothing planned")
        kinds = {
            "hearing": self.tr("Hearing"),
            "task": self.tr("Task"),
            "bail": self.tr("Bail ends"),
            "bail_counted": self.tr("Bail ends (counted, not told)"),
        }
        kind = kinds.get(line.next_kind, "")
        days = (self._today - line.next_on).days
        if days > 0:
            if line.next_kind == "hearing":
                return self.tr("No outcome: {0}").format(words.short_day(line.next_on, self._today))
            if line.next_kind == "bail":
                return self.tr("Bail ended {0}").format(words.short_day(line.next_on, self._today))
            if line.next_kind == "bail_counted":
                return self.tr("Bail ended {0} (counted, not told)").format(words.short_day(line.next_on, self._today))
            return self.tr("Task {0}").format(words.late_words(line.next_on, self._today))
        return f"{kind} {words.ahead_words(line.next_on, self._today)}"

    def _tip(self, line: CaseloadLine, column: Column) -> str:
        if column == Column.NAME:
            restricted = self.tr("Restricted file: only the people named may read it")
            return f"{line.client_name}. {restricted}" if line.is_restricted else line.client_name
        if column == Column.RISK and line.dash_score is not None and line.dash_on is not None:
            day = words.short_day(line.dash_on, self._today or line.dash_on)
            return self.tr("Dash {0}, completed {1}").format(line.dash_score, day)
        if column == Column.RISK and line.risk_grade:
            return self.tr("As referred; no assessment finished yet")
        if column == Column.CONTACT and line.last_contact_at is not None:
            return words.full_day(in_london(line.last_contact_at).date())
        return ""


def _sort_value(line: CaseloadLine, column: Column) -> Any:  # noqa: ANN401 - values that compare
    ranks = {"high": 0, "medium": 1, "standard": 2}
    match column:
        case Column.NAME:
            return line.client_name.casefold()
        case Column.REFERENCE:
            return line.reference
        case Column.RISK:
            return ranks.get(line.risk_grade, 3)
        case Column.STATUS:
            return line.status
        case Column.NEXT:
            return (line.next_on or date.max).isoformat()
        case Column.CONTACT:
            return line.last_contact_at.isoformat() if line.last_contact_at else ""
        case Column.ALLOCATED:
            return line.allocated_to
    return line.open_tasks
