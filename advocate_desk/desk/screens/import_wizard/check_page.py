"""Fourth page: every row, with its problems to be put right in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.screens.import_wizard.check_model import CheckModel, Show
from advocate_desk.desk.screens.import_wizard.table import Grid, ValueDelegate, fit_columns
from advocate_desk.desk.shortcuts import sequences, shortcut, with_keys
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import scrolled
from advocate_desk.desk.widgets.buttons import SegmentedControl, button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import text_label, tone_icon
from advocate_desk.documents.sheets.columns import Vocabulary
from advocate_desk.documents.sheets.rows import CheckedRow
from advocate_desk.domain.forms import Option


class CheckPage(QWidget):
    """The grid, what is wrong with the cell one is on, and the way to the next."""

    left_out = Signal(int, bool)  # row number, whether
    change_all_asked = Signal(int, str)  # row number, field: the same text elsewhere is to become this one's

    def __init__(self, words: Vocabulary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        outer.addWidget(scrolled(inner))
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(12))
        top = QWidget()
        flow = FlowLayout(top, px(12))
        slot = QWidget()
        self._top = QHBoxLayout(slot)
        self._top.setContentsMargins(0, 0, 0, 0)
        self._filter: SegmentedControl | None = None
        flow.addWidget(slot)
        self.next = button(self.tr("Next to put right"), "", "arrow-down", self.go_to_next, words_of("next_problem"))
        flow.addWidget(self.next)
        layout.addWidget(top)
        self.model = CheckModel(self)
        self.model.counts_changed.connect(self._show_counts)
        self.grid = Grid(self.tr("Rows of the list"))
        self.delegate = ValueDelegate(self.grid, words)
        self.grid.setItemDelegate(self.delegate)
        self.grid.setModel(self.model)
        self.grid.moved.connect(self._show_cell)
        self.model.dataChanged.connect(lambda *_: self._show_cell(self.grid.currentIndex()))
        self.grid.setMinimumHeight(px(125))
        layout.addWidget(self.grid, 1)
        layout.addWidget(self._make_foot())
        for key, act in (("next_problem", self.go_to_next), ("leave_out", self.toggle_left_out)):
            for keys in sequences(key):
                made = QShortcut(keys, self)
                made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                made.activated.connect(act)

    def _make_foot(self) -> QWidget:
        foot = QFrame()
        foot.setProperty("box", "inset")
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(14), px(8), px(10), px(8))
        row.setSpacing(px(10))
        self._icon = QLabel()
        self.said = text_label("", wrap=True)
        self.said.setMinimumHeight(px(40))
        self.change_all = button("", "", clicked=self._ask_change_all)
        self.leave_out = button(self.tr("Leave this row out"), "", "circle-slash", self.toggle_left_out)
        self.leave_out.setToolTip(words_of("leave_out"))
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.said, 1)
        row.addWidget(self.change_all)
        row.addWidget(self.leave_out)
        self.change_all.hide()
        return foot

    def show_rows(
        self, rows: Sequence[CheckedRow], fields: Sequence[Any], left_out: set[int], edits: dict[int, dict[str, str]]
    ) -> None:
        """Show the rows, and go to the first that needs somebody."""
        self.model.show_only = Show.ALL
        self.model.show(rows, fields, left_out, edits)
        fit_columns(self.grid)
        self._show_counts()
        first = self.model.next_trouble(QModelIndex())
        self.grid.setCurrentIndex(first if first.isValid() else self.model.index(0, CheckModel.FIRST_FIELD))

    def place(self) -> dict[str, Any]:
        """The cell one is on, and what is being typed into it."""
        index = self.grid.currentIndex()
        field = self.model.field_at(index.column()) if index.isValid() else None
        place: dict[str, Any] = {"show": self.model.show_only.value}
        if index.isValid():
            place |= {"number": self.model.number_at(index.row()), "field": field.key if field else ""}
        typing = self.delegate.typing()
        if typing is not None:
            place |= {"typing": typing[1], "cursor": typing[2]}
        return place

    def restore(self, place: dict[str, Any]) -> None:
        """Go back to the cell, and open it again with what was typed."""
        if place.get("show") in {each.value for each in Show}:
            self._set_filter(Show(place["show"]))
        row = self.model.row_of(int(place.get("number", -1)))
        if row < 0:
            return
        index = self.model.index(row, self.model.column_of(str(place.get("field", ""))))
        self.grid.setCurrentIndex(index)
        self.grid.scrollTo(index)
        if "typing" in place:
            self.grid.setFocus()
            self.grid.edit(index)
            self.delegate.type(str(place["typing"]), int(place.get("cursor", 0)))

    def commit(self) -> None:
        """Take over a cell that is still open."""
        if self.delegate.typing() is not None:
            self.grid.setFocus()  # the editor loses the focus, and with it gives what it holds

    def go_to_next(self) -> None:
        """Go to the next problem, or when there is none, the next thing to look at."""
        index = self.model.next_trouble(self.grid.currentIndex())
        if index.isValid():
            self.grid.setCurrentIndex(index)
            self.grid.scrollTo(index)
            self.grid.setFocus()

    def toggle_left_out(self) -> None:
        """Leave the row out that one is on, or take it in again."""
        index = self.grid.currentIndex()
        if index.isValid():
            number = self.model.number_at(index.row())
            self.left_out.emit(number, not self.model.is_left_out(number))

    def _ask_change_all(self) -> None:
        index = self.grid.currentIndex()
        field = self.model.field_at(index.column()) if index.isValid() else None
        if field is not None:
            self.change_all_asked.emit(self.model.number_at(index.row()), field.key)

    def _set_filter(self, show: Show) -> None:
        if show is not self.model.show_only:
            self.model.filter(show)
        if self._filter is not None:
            self._filter.set_value(show.value)

    def _on_filter(self, key: str) -> None:
        self.model.filter(Show(key))
        if self.model.rowCount():
            self.grid.setCurrentIndex(self.model.index(0, CheckModel.FIRST_FIELD))
        self._show_cell(self.grid.currentIndex())

    def _show_counts(self) -> None:
        """The filter says how many rows each choice has."""
        counts = self.model.counts()
        words = {
            Show.ALL: self.tr("All rows"),
            Show.PROBLEMS: self.tr("Problems"),
            Show.LOOK: self.tr("To look at"),
            Show.LEFT_OUT: self.tr("Left out"),
        }
        focused = QApplication.focusWidget()
        had_focus = self._filter is not None and focused is not None and self._filter.isAncestorOf(focused)
        options = [Option(kind.value, f"{words[kind]}  {counts[kind]:,}") for kind in Show]
        made = SegmentedControl(options, self.tr("Which rows to show"), can_clear=False)
        made.set_value(self.model.show_only.value)
        made.chosen.connect(self._on_filter)
        if self._filter is not None:
            self._top.replaceWidget(self._filter, made)
            self._filter.hide()
            self._filter.deleteLater()
        else:
            self._top.addWidget(made)
        self._filter = made
        if had_focus:
            made.setFocus()
        self.next.setEnabled(bool(counts[Show.PROBLEMS] or counts[Show.LOOK]))

    def _show_cell(self, index: QModelIndex) -> None:
        """What is wrong with the cell one is on, else with its row."""
        self.change_all.hide()
        self.leave_out.setEnabled(index.isValid())
        if not index.isValid():
            self._say("", "plain")
            return
        number = self.model.number_at(index.row())
        row, field = self.model.checked(number), self.model.field_at(index.column())
        out = self.model.is_left_out(number)
        self.leave_out.setText(self.tr("Take this row in again") if out else self.tr("Leave this row out"))
        self.leave_out.setAccessibleName(self.leave_out.text())
        key = field.key if field else ""
        problem, warning = row.problems.get(key, ""), row.warnings.get(key, "")
        if out:
            self._say(self.tr("Row {0} is left out. It can be saved as a file at the end.").format(number), "plain")
        elif problem or warning:
            who = " ".join(str(row.values.get(f"client_{part}", "")) for part in ("given", "family")).strip()
            where = self.tr("Row {0}").format(number) + (f", {who}" if who else "")
            self._say(f"{where}: {problem or warning}", "danger" if problem else "warning")
        elif row.problems or row.warnings:
            where = ", ".join(sorted(self._label(each) for each in (*row.problems, *row.warnings)))
            self._say(self.tr("In this row: {0}.").format(where), "danger" if row.problems else "warning")
        else:
            self._say(self.tr("Row {0} is ready.").format(number), "ok")

    def offer_change_all(self, number: int, key: str, count: int) -> None:
        """After an edit: the same text stands in other rows, and may be changed there too."""
        index = self.grid.currentIndex()
        field = self.model.field_at(index.column()) if index.isValid() else None
        if count and field is not None and field.key == key and self.model.number_at(index.row()) == number:
            text = (
                self.tr("Change {0} other rows alike").format(count)
                if count > 1
                else self.tr("Change one other row alike")
            )
            self.change_all.setText(text)
            self.change_all.setAccessibleName(text)
            self.change_all.show()

    def _label(self, key: str) -> str:
        field = self.model.field_at(self.model.column_of(key))
        return field.label if field else ""

    def _say(self, text: str, tone: Any) -> None:  # noqa: ANN401 - a Tone
        self.said.setText(text)
        self._icon.setPixmap(theme.pixmap(tone_icon(tone), 18, theme.look().tone(tone)))


def words_of(key: str) -> str:
    """What a shortcut does, and its keys."""
    return with_keys(shortcut(key).words(), key)
