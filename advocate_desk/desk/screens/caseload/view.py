"""The caseload: every file in one list, filtered, sorted and opened by keyboard."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from advocate_desk.desk.forms.intake import start_intake
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens import list_words as words
from advocate_desk.desk.screens.caseload.filter_bar import FilterBar
from advocate_desk.desk.screens.caseload.model import SORT_OF, CaseloadModel, Column
from advocate_desk.desk.screens.caseload.presenter import CaseloadPresenter
from advocate_desk.desk.screens.caseload.saved import Choice, SavedFilters, from_json, is_plain, to_json
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, EmptyState
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.widgets.tables import ID_ROLE, DataTable
from advocate_desk.store.queries.caseload import CaseloadFilter

WIDTHS = (194, 98, 114, 160, 0, 108, 148, 54)  # at 100% text, as `Column`
ONE_LINE_HEAD = 540  # pixels at 100% text: below, the buttons stand under the title
ALL_CHIPS = 820  # below, the filters stand behind one chip, and import is left to the rail
AROUND_TABLE = 66  # margins, frame and scroll bar
LEAST_NEXT = 180  # what is left for the column of width 0, at least


class CaseloadScreen(QWidget):
    """The screen. Its presenter reads pages; it shows them and says what is asked."""

    filter_chosen = Signal(object)
    text_typed = Signal(str)
    sort_asked = Signal(object)
    save_asked = Signal(str)
    saved_chosen = Signal(str)
    default_asked = Signal(str)
    forget_asked = Signal(str)
    opened = Signal(object)
    handover_asked = Signal(list)  # rows

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._selected: UUID | None = None
        self.setProperty("surface", "canvas")
        self.model = CaseloadModel(office.packs, self)
        self._lay_out()
        self.presenter = CaseloadPresenter(self, office, self.model)
        self.show_choice(Choice(), SavedFilters())
        self.presenter.start()

    # --- the desk asks ---

    def reload(self) -> None:
        """Read it again."""
        self.presenter.reload()

    def place(self) -> dict[str, Any]:
        """The filter, the order, the row and how far down."""
        return {
            **to_json(self.presenter.choice),
            "file": str(self._selected or ""),
            "down": self.table.verticalScrollBar().value(),
        }

    def restore(self, place: dict[str, Any]) -> None:
        """Go back there."""
        try:
            self._selected = UUID(str(place.get("file") or ""))
        except ValueError:
            self._selected = None
        self._down = int(place.get("down") or 0)
        self.presenter.use(from_json(place))

    # --- layout ---

    def _lay_out(self) -> None:
        self._down = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(px(24), px(20), px(24), px(16))
        column.setSpacing(px(12))
        self.filter_bar = FilterBar(self._office.packs)
        column.addLayout(self._header())
        for signal, own in (
            (self.filter_bar.chosen, self.filter_chosen),
            (self.filter_bar.text_typed, self.text_typed),
            (self.filter_bar.save_asked, self.save_asked),
            (self.filter_bar.saved_chosen, self.saved_chosen),
            (self.filter_bar.default_asked, self.default_asked),
            (self.filter_bar.forget_asked, self.forget_asked),
        ):
            signal.connect(own)
        column.addWidget(self.filter_bar)
        self.banner = Banner()
        column.addWidget(self.banner)
        self._stack = QStackedWidget()
        self._stack.setMinimumSize(px(240), px(120))  # its empty states would ask for the height of a narrow column
        self._stack.addWidget(self._table())
        self.nothing_yet, self.nothing_matches = self._empty_states()
        self._stack.addWidget(self.nothing_yet)
        self._stack.addWidget(self.nothing_matches)
        column.addWidget(self._stack, 1)
        self.filter_bar.left_downwards.connect(self.table.setFocus)
        self.setFocusProxy(self.table)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What comes next takes what is left; where that is too little, the list scrolls sideways instead."""
        super().resizeEvent(event)
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._head.setDirection(across if self.width() >= px(ONE_LINE_HEAD) else down)
        self.filter_bar.set_compact(self.width() < px(ALL_CHIPS))
        self._import.setVisible(self.width() >= px(ALL_CHIPS))
        header = self.table.horizontalHeader()
        # Counted from the page: the table itself is laid out only after it.
        room = self.width() - px(AROUND_TABLE) - sum(px(each) for each in WIDTHS)
        mode = QHeaderView.ResizeMode.Stretch if room >= px(LEAST_NEXT) else QHeaderView.ResizeMode.Interactive
        header.setSectionResizeMode(Column.NEXT, mode)
        if mode == QHeaderView.ResizeMode.Interactive:
            header.resizeSection(Column.NEXT, px(LEAST_NEXT))

    def _header(self) -> QBoxLayout:
        self._head = QBoxLayout(QBoxLayout.Direction.TopToBottom)  # until there is room
        self._head.setSpacing(px(12))
        titles = QVBoxLayout()
        titles.setSpacing(px(2))
        titles.addWidget(text_label(self.tr("Caseload"), "display"))
        self.count = text_label("", "muted")
        titles.addWidget(self.count)
        self._head.addLayout(titles, 1)
        self.sorter = button(self.tr("Sort"), "", "arrow-up-down")
        self._sort_menu = QMenu(self.sorter)
        self._sort_menu.setAccessibleName(self.tr("Sort"))
        self.sorter.setMenu(self._sort_menu)
        acts = QHBoxLayout()
        acts.setSpacing(px(8))
        acts.addWidget(self.sorter)
        acts.addWidget(self.filter_bar.saved)
        self._import = button(self.tr("Import"), "", "import", lambda: self._office.go("import"))
        self._import.hide()
        acts.addWidget(self._import)
        self._new = button(self.tr("New client file"), "primary", "plus", lambda: start_intake(self._office))
        acts.addWidget(self._new)
        self.hand_over = button(self.tr("Hand over…"), "primary", "handshake", self._on_hand_over)
        self.hand_over.hide()
        acts.addWidget(self.hand_over)
        acts.addStretch(0)
        self._head.addLayout(acts)
        return self._head

    def _table(self) -> DataTable:
        self.table = DataTable(self.tr("Client files"))
        self.table.setModel(self.model)
        self.table.set_widths(*WIDTHS)
        header = self.table.horizontalHeader()
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(lambda section: self.sort_asked.emit(Column(section)))
        self.table.row_activated.connect(self._on_activated)
        self.table.row_chosen.connect(self._on_chosen)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        self.model.dataChanged.connect(self._on_rows)
        return self.table

    def _empty_states(self) -> tuple[EmptyState, EmptyState]:
        yet = EmptyState(
            "folder-open",
            self.tr("No files yet"),
            self.tr("Take a referral as a new client file, or import a spreadsheet of referrals."),
            self.tr("New client file"),
        )
        yet.acted.connect(lambda: start_intake(self._office))
        none = EmptyState(
            "funnel",
            self.tr("Nothing matches"),
            self.tr("No file is like that. Take a filter away to see more."),
            self.tr("Clear filters"),
        )
        none.acted.connect(lambda: self.filter_chosen.emit(CaseloadFilter()))
        return yet, none

    # --- the presenter shows ---

    def show_choice(self, choice: Choice, saved: SavedFilters) -> None:
        """Show which filter and which order are on."""
        self.filter_bar.show_choice(choice, saved)
        column = next((each for each, sort in SORT_OF.items() if sort == choice.sort), Column.NEXT)
        order = Qt.SortOrder.DescendingOrder if choice.descending else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(column, order)
        self.sorter.setText(self.tr("Sort: {0}").format(self.model.heading(column).lower()))
        self.sorter.setAccessibleName(self.sorter.text())
        self._fill_sort_menu(column)

    def show_total(self, total: int, keep: CaseloadFilter) -> None:
        """Say how many files there are, or why there are none."""
        count = words.count_words(total, self.tr("file"), self.tr("files"))
        if is_plain(keep):
            said = count
        else:
            said = self.tr("{0} match").format(count) if total != 1 else self.tr("1 file matches")
        self.count.setText(said)
        empty = self.nothing_yet if is_plain(keep) else self.nothing_matches
        self._stack.setCurrentWidget(self.table if total else empty)

    def rows_in_sight(self) -> tuple[int, int]:
        """The first and the last row that the table shows now."""
        first = max(self.table.rowAt(0), 0)
        last = self.table.rowAt(self.table.viewport().height() - 1)
        return first, last if last >= 0 else first

    def choose_one(self) -> None:
        """Keep the row that one stands on alone: rows that were chosen may hold other files by now."""
        if len(self._chosen_rows()) > 1:
            flags = QItemSelectionModel.SelectionFlag
            self.table.selectionModel().select(self.table.currentIndex(), flags.ClearAndSelect | flags.Rows)

    # --- inside ---

    def _chosen_rows(self) -> list[int]:
        return sorted(each.row() for each in self.table.selectionModel().selectedRows())

    def _on_selection(self, *_changed: object) -> None:
        """Several files that are chosen are handed over in place of what one would do next."""
        count = len(self._chosen_rows())
        label = self.tr("Hand over {0} files…").format(count)
        self.hand_over.setText(label)
        self.hand_over.setAccessibleName(label)
        self.hand_over.setVisible(count > 1)
        self._new.setVisible(count <= 1)

    def _on_hand_over(self) -> None:
        rows = self._chosen_rows()
        self.table.setFocus()  # where the focus comes back to from the form
        self.handover_asked.emit(rows)

    def _fill_sort_menu(self, current: Column) -> None:
        self._sort_menu.clear()
        group = QActionGroup(self._sort_menu)
        for column in Column:
            action = self._sort_menu.addAction(self.model.heading(column))
            action.setCheckable(True)
            action.setChecked(column == current)
            action.triggered.connect(lambda _on=False, column=column: self.sort_asked.emit(column))
            group.addAction(action)

    def _on_activated(self, index: QModelIndex) -> None:
        file_id = index.data(ID_ROLE)
        if file_id is not None:
            self.opened.emit(file_id)

    def _on_chosen(self, index: QModelIndex) -> None:
        file_id = index.data(ID_ROLE)
        if file_id is not None:
            self._selected = file_id

    def _on_rows(self, *_changed: object) -> None:
        """Rows have come: stay on the file that was chosen, wherever it stands now."""
        if self._down:
            wanted, self._down = self._down, 0
            self.table.verticalScrollBar().setValue(wanted)
        row = self.model.row_of(self._selected) if self._selected is not None else None
        if self._selected is None and self.table.hasFocus() and self.model.line(0) is not None:
            row = 0  # the list had the focus before it had rows
        if row is not None and row != self.table.currentIndex().row():
            self.table.setCurrentIndex(self.model.index(row, 0))
