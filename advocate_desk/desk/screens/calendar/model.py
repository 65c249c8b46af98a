"""The calendar as it is shown: an agenda by day, and the weeks of one month with their counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from itertools import groupby
from typing import Any
from uuid import UUID

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from advocate_desk.desk.forms.values import MONTHS, WEEKDAYS
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.theme import Tone
from advocate_desk.desk.widgets.grouped_list import Heading, Line, ListRow
from advocate_desk.packs.packs import Packs
from advocate_desk.store.queries.calendar import CalendarEntry, DayCount

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
AGENDA_DAYS = 42
WEEKS = 6
DAY_ROLE = int(Qt.ItemDataRole.UserRole) + 30
COUNT_ROLE = int(Qt.ItemDataRole.UserRole) + 31
PLACE_ROLE = int(Qt.ItemDataRole.UserRole) + 32

ICONS = {"hearing": "gavel", "bail": "timer", "review": "shield-check", "task": "list-todo"}
SECTIONS = {"hearing": "hearings", "bail": "bail", "review": "plan", "task": ""}


class DayPlace(IntEnum):
    """How a day of the grid stands to the month and to today."""

    OUTSIDE = 0
    INSIDE = 1
    TODAY = 2


@dataclass(frozen=True, slots=True)
class Span:
    """The days that the calendar reads: the agenda's, and those of the month's grid."""

    agenda: tuple[date, date]
    month: tuple[date, date]


def span(day: date, month: date) -> Span:
    """The agenda from `day` for six weeks, and the grid of the month that `month` lies in."""
    first = grid_start(month)
    return Span((day, day + timedelta(days=AGENDA_DAYS - 1)), (first, first + timedelta(days=WEEKS * 7 - 1)))


def grid_start(month: date) -> date:
    """The Monday on or before the first of the month."""
    first = month.replace(day=1)
    return first - timedelta(days=first.weekday())


def shifted_month(month: date, months: int) -> date:
    """The first of the month that lies `months` after `month`'s."""
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def month_words(month: date) -> str:
    """A month with its year: "November 2026"."""
    return f"{MONTHS[month.month - 1].title()} {month.year}"


def agenda_lines(
    entries: Sequence[CalendarEntry], today: date, packs: Packs, differing: Collection[UUID] = ()
) -> list[Line]:
    """A heading a day that has anything, and its entries. Two people differ on the records `differing`."""
    lines: list[Line] = []
    for day, group in groupby(entries, key=lambda entry: entry.day):
        of_day = list(group)
        tone: Tone = "accent" if day == today else "plain"
        lines.append(Heading(_day_words(day, today), _sum_words(of_day), tone))
        lines += [_row(entry, packs, is_differing=entry.record_id in differing) for entry in of_day]
    return lines


def _day_words(day: date, today: date) -> str:
    days = (day - today).days
    full = words.full_day(day) if day.year != today.year else words.full_day(day).rsplit(" ", 1)[0]
    if days == 0:
        return _tr("Today, {0}").format(full)
    return _tr("Tomorrow, {0}").format(full) if days == 1 else full


def _sum_words(entries: Sequence[CalendarEntry]) -> str:
    tally = Counter(entry.kind for entry in entries)
    nouns = {
        "hearing": (_tr("hearing"), _tr("hearings")),
        "bail": (_tr("bail end"), _tr("bail ends")),
        "review": (_tr("plan review"), _tr("plan reviews")),
        "task": (_tr("task"), _tr("tasks")),
    }
    return " · ".join(words.count_words(tally[kind], *nouns[kind]) for kind in nouns if tally[kind])


def _row(entry: CalendarEntry, packs: Packs, *, is_differing: bool) -> ListRow:
    client = words.name_words(entry.client_name)
    if entry.kind == "task":
        title, detail = entry.what, client
    elif entry.kind == "hearing":
        kind = packs.label("hearing_kind", entry.what) if entry.what else _tr("Hearing")
        title, detail = client, " · ".join(part for part in (kind, entry.where) if part)
    elif entry.kind == "bail":
        form = _tr("{0} ends (counted, not told)") if entry.is_counted else _tr("{0} ends")
        title, detail = client, form.format(packs.label("bail_kind", entry.what))
    else:
        title, detail = client, _tr("Safety plan is due for review")
    return ListRow(
        (entry.kind, entry.record_id),
        title,
        f"{detail} · {entry.reference}",
        lead=entry.time,
        icon=ICONS[entry.kind],
        badge=words.grade_words(packs, entry.risk_grade),
        badge_tone=words.grade_tone(entry.risk_grade),
        end=_tr("values differ") if is_differing else "",
        end_tone="danger",
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Calendar", text)


class MonthModel(QAbstractTableModel):
    """Six weeks by seven days."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._month, self._today = date(2000, 1, 1), date(2000, 1, 1)
        self._counts: dict[date, DayCount] = {}

    def show_month(self, month: date, today: date, counts: dict[date, DayCount]) -> None:
        """Show the month that `month` lies in."""
        self._month, self._today, self._counts = month, today, counts
        self.dataChanged.emit(self.index(0, 0), self.index(WEEKS - 1, 6))

    def day(self, index: Index) -> date:
        """The day of a cell."""
        return grid_start(self._month) + timedelta(days=index.row() * 7 + index.column())

    def index_of(self, day: date) -> QModelIndex:
        """The cell of a day; no cell if it lies outside."""
        days = (day - grid_start(self._month)).days
        return self.index(days // 7, days % 7) if 0 <= days < WEEKS * 7 else QModelIndex()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """Six weeks."""
        return 0 if parent.isValid() else WEEKS

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        """Seven days."""
        return 0 if parent.isValid() else 7

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """The weekday."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole and 0 <= section < 7:
            return WEEKDAYS[section][:3].title()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """The day's number, its counts, and what a screen reader says of it."""
        if not index.isValid():
            return None
        day = self.day(index)
        count = self._counts.get(day, DayCount())
        if role == Qt.ItemDataRole.DisplayRole:
            return str(day.day)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return f"{words.full_day(day)}: {count_words(count)}"
        if role == DAY_ROLE:
            return day
        if role == COUNT_ROLE:
            return count
        if role == PLACE_ROLE:
            inside = (day.year, day.month) == (self._month.year, self._month.month)
            return int(DayPlace.TODAY if day == self._today else DayPlace.INSIDE if inside else DayPlace.OUTSIDE)
        return None


def count_words(count: DayCount) -> str:
    """What lies on a day: "2 hearings, 1 bail end, 3 tasks and reviews", or "nothing"."""
    parts = []
    if count.hearings:
        parts.append(words.count_words(count.hearings, _tr("hearing"), _tr("hearings")))
    if count.bails:
        parts.append(words.count_words(count.bails, _tr("bail end"), _tr("bail ends")))
    if count.others:
        parts.append(words.count_words(count.others, _tr("task or review"), _tr("tasks and reviews")))
    return ", ".join(parts) or _tr("nothing")
