"""Fifth page: rows that may be somebody known, side by side with who that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QGridLayout, QHeaderView, QStackedWidget, QVBoxLayout, QWidget

from advocate_desk.casework.import_matches import Choice, Match
from advocate_desk.casework.import_rows import RowToImport
from advocate_desk.desk.screens.import_wizard.known_model import KnownColumn, KnownLine, KnownModel, said_together
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Card, EmptyState, clear_layout, scrolled
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge, readable_label, text_label
from advocate_desk.desk.widgets.tables import DataTable
from advocate_desk.domain.days import long_day
from advocate_desk.domain.forms import Option


class KnownPage(QWidget):
    """A list of matches; below, the two people and the choice."""

    chosen = Signal(int, str)  # row number, choice

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Mapping[int, RowToImport] = {}
        self.model = KnownModel(self, self.choice_words)
        self.table = DataTable(self.tr("Rows that may be somebody known"))
        self.table.setModel(self.model)
        self.table.set_widths(70, 200, 240, 0, 190)
        self.table.horizontalHeader().setSectionResizeMode(KnownColumn.WHY, QHeaderView.ResizeMode.Stretch)
        self.table.row_chosen.connect(self._show_line)
        self._pair = Card()
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(px(24))
        self._facts.setVerticalSpacing(px(6))
        self._facts.setColumnStretch(1, 1)
        self._facts.setColumnStretch(2, 1)
        self._answer = QVBoxLayout()
        self._answer.setSpacing(px(8))
        self._pair.body.addLayout(self._facts)
        self._pair.body.addLayout(self._answer)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self.table.setMinimumHeight(px(130))
        column.addWidget(self.table, 1)
        column.addWidget(self._pair)
        self._stack = QStackedWidget()
        self._stack.addWidget(scrolled(both))
        self._stack.addWidget(
            EmptyState(
                "circle-check",
                self.tr("Nobody in this list is known here"),
                self.tr("Names, dates of birth, telephone numbers and crime references were compared with every file."),
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)

    def show_matches(self, lines: Sequence[KnownLine], rows: Mapping[int, RowToImport]) -> None:
        """Show these, and go to the first."""
        self._rows = rows
        self.model.show(lines)
        self._stack.setCurrentIndex(0 if lines else 1)
        if lines:
            self.table.setCurrentIndex(self.model.index(0, 0))
            self._show_line(self.model.index(0, 0))

    def place(self) -> dict[str, Any]:
        """The row one is on."""
        return {"known": self.table.currentIndex().row()}

    def restore(self, place: dict[str, Any]) -> None:
        """Go back to it."""
        row = int(place.get("known", -1))
        if 0 <= row < self.model.rowCount():
            self.table.setCurrentIndex(self.model.index(row, 0))

    def choice_words(self, choice: Choice, match: Match) -> str:
        """What a choice does, in a few words."""
        if choice is Choice.MERGE:
            return self.tr("Add to that row’s file") if match.known.row else self.tr("Add to the file")
        return self.tr("Open a new file") if choice is Choice.NEW else self.tr("Leave out")

    def _show_line(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        line = self.model.line(index.row())
        clear_layout(self._facts)
        clear_layout(self._answer)
        known, row = line.match.known, self._rows.get(line.match.row)
        left, right = self._headings(line)
        self._facts.addWidget(left, 0, 1)
        self._facts.addWidget(right, 0, 2)
        facts = () if row is None else self._pairs(row, line)
        for place, (label, mine, theirs) in enumerate(facts, 1):
            self._facts.addWidget(text_label(label, "muted"), place, 0)
            for column, text in ((1, mine), (2, theirs)):
                shown = readable_label(text or "–")
                shown.setAccessibleName(f"{label}: {text or self.tr('not given')}")
                self._facts.addWidget(shown, place, column)
            same = bool(mine) and mine.casefold() == theirs.casefold()
            if same:
                self._facts.addWidget(Badge(self.tr("Same"), "ok"), place, 3)
        if known.is_restricted:
            text = self.tr("A restricted file may be about her. Speak to whoever may open it before you go on.")
            self._facts.addWidget(text_label(text, tone="warning", wrap=True), 8, 0, 1, 4)
        self._offer(index.row(), line)

    def _headings(self, line: KnownLine) -> tuple[QWidget, QWidget]:
        known = line.match.known
        if line.match.is_conflict:
            right = self.tr("Known here, on the other side")
        elif known.row:
            right = self.tr("Row {0} of this list").format(known.row)
        else:
            right = self.tr("Known here") + (f": {known.reference}" if known.reference else "")
        return text_label(self.tr("Row {0} of the list").format(line.match.row), "subheading"), text_label(
            right, "subheading"
        )

    def _pairs(self, row: RowToImport, line: KnownLine) -> list[tuple[str, str, str]]:
        known = line.match.known
        names = (f"{row.text('client_given')} {row.text('client_family')}".strip(), known.name)
        other_side = f"{row.text('perpetrator_given')} {row.text('perpetrator_family')}".strip()
        pairs = [
            (self.tr("Client"), names[0], known.name),
            (self.tr("Date of birth"), _day(row.day("client_born_on")), _day(known.born_on)),
            (self.tr("Telephone"), row.text("client_phone"), known.phone),
            (self.tr("Crime reference"), row.text("crime_ref"), known.crime_ref),
        ]
        if line.match.is_conflict and other_side:
            pairs.append((self.tr("Perpetrator"), other_side, known.name))
        return pairs

    def _offer(self, row: int, line: KnownLine) -> None:
        options = [Option(choice.value, self.choice_words(choice, line.match)) for choice in line.match.choices]
        control = SegmentedControl(options, self.tr("What to do with this row"), can_clear=False)
        control.set_value(line.choice.value)
        control.chosen.connect(lambda key: self._choose(row, Choice(key)))
        self._answer.addWidget(text_label(f"{said_together(line.match.reasons)}.", "muted", wrap=True))
        holder = QWidget()
        flow = FlowLayout(holder, px(8))
        flow.addWidget(control)
        self._answer.addWidget(holder)
        alike = [other for other in range(self.model.rowCount()) if other > row and self._is_alike(other, line)]
        if alike:
            text = self.tr("And for the {0} below like it").format(len(alike))
            flow.addWidget(button(text, "quiet", clicked=lambda: self._choose_all(row, alike)))

    def _is_alike(self, row: int, line: KnownLine) -> bool:
        other = self.model.line(row)
        return other.match.choices == line.match.choices and other.choice != line.choice

    def _choose(self, row: int, choice: Choice) -> None:
        self.model.choose(row, choice)
        self.chosen.emit(self.model.line(row).match.row, choice.value)

    def _choose_all(self, row: int, others: Sequence[int]) -> None:
        choice = self.model.line(row).choice
        for other in others:
            self._choose(other, choice)
        self._show_line(self.model.index(row, 0))


def _day(day: date | None) -> str:
    return long_day(day) if day else ""
