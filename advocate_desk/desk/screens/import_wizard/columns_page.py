"""Third page: what each column becomes, how its dates are read, and what holds for every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QBoxLayout, QComboBox, QHeaderView, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from advocate_desk.desk.screens.import_wizard.columns_model import ColumnsColumn, ColumnsModel
from advocate_desk.desk.screens.import_wizard.table import FieldDelegate, Grid
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, Card, clear_layout, scrolled
from advocate_desk.desk.widgets.buttons import SegmentedControl
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.documents.sheets.columns import Vocabulary
from advocate_desk.documents.sheets.dates import ColumnDates, Order
from advocate_desk.documents.sheets.fields import FIELD, FIELDS
from advocate_desk.domain.forms import Option

_WIDE, _SIDE = 820, 316  # pixels at 100% text
_UNBOUNDED = 16_777_215  # Qt's own largest size


class ColumnsPage(QWidget):
    """Columns at the left; dates and answers for all at the right."""

    order_chosen = Signal(str, str)  # field key, order
    answered_for_all = Signal(str, str)  # field key, option key or text

    def __init__(self, words: Vocabulary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(12))
        self.banner = Banner(can_dismiss=False)
        layout.addWidget(self.banner)
        inner = QWidget()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, inner)
        self._halves.setContentsMargins(0, 0, 0, 0)
        self._halves.setSpacing(px(16))
        layout.addWidget(scrolled(inner), 1)
        self.model = ColumnsModel(self)
        self.grid = Grid(self.tr("Columns of the list"))
        self.grid.setItemDelegateForColumn(ColumnsColumn.FIELD, FieldDelegate(self.grid))
        self.grid.setModel(self.model)
        self.grid.verticalHeader().setDefaultSectionSize(px(42))
        self.grid.pressed_row.connect(lambda row: self.grid.edit(self.model.index(row, ColumnsColumn.FIELD)))
        self.grid.clicked.connect(self._on_clicked)
        header = self.grid.horizontalHeader()
        header.setSectionResizeMode(ColumnsColumn.EXAMPLES, QHeaderView.ResizeMode.Stretch)
        for column, width in ((ColumnsColumn.NAME, 170), (ColumnsColumn.FIELD, 200), (ColumnsColumn.STATE, 142)):
            header.resizeSection(column, px(width))
        self._side = self._make_side()
        self._halves.addWidget(self.grid, 1)
        self._halves.addWidget(self._side)

    def resizeEvent(self, event: object) -> None:
        """Beside each other where there is room, else one below the other."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        is_wide = self.width() >= px(_WIDE)
        inner = self._side.widget()
        self._halves.setDirection(QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom)
        self._side.setMinimumWidth(px(_SIDE) if is_wide else 0)
        self._side.setMaximumWidth(px(_SIDE) if is_wide else _UNBOUNDED)
        self._side.setMinimumHeight(0 if is_wide or inner is None else inner.sizeHint().height())
        self.grid.setMinimumHeight(0 if is_wide else px(230))

    def _make_side(self) -> QScrollArea:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, px(4), 0)
        column.setSpacing(px(12))
        self._dates = Card(self.tr("Dates"), "calendar-days")
        self._all = Card(self.tr("Where a row does not say"), "list-checks")
        column.addWidget(self._dates)
        column.addWidget(self._all)
        column.addStretch(1)
        self._answers: dict[str, QComboBox | QLineEdit] = {}
        for field in FIELDS:
            if field.for_all:
                self._add_answer(field.key)
        return scrolled(inner)

    def _add_answer(self, key: str) -> None:
        field = FIELD[key]
        label = text_label(field.label, "label")
        widget: QComboBox | QLineEdit
        if field.options:
            widget = QComboBox()
            widget.addItem(self.tr("Leave open"), "")
            for option, words in self._words.labels[field.options].items():
                widget.addItem(words, option)
            widget.activated.connect(lambda _at, box=widget: self.answered_for_all.emit(key, str(box.currentData())))
        else:
            widget = QLineEdit()
            widget.textEdited.connect(lambda text: self.answered_for_all.emit(key, text.strip()))
        widget.setAccessibleName(self.tr("{0}, where a row does not say").format(field.label))
        label.setBuddy(widget)
        self._all.body.addWidget(label)
        self._all.body.addWidget(widget)
        self._answers[key] = widget

    def show_answers(self, for_all: Mapping[str, str]) -> None:
        """What holds for every row that does not say."""
        for key, widget in self._answers.items():
            value = for_all.get(key, "")
            if isinstance(widget, QComboBox):
                widget.setCurrentIndex(max(0, widget.findData(value)))
            elif widget.text().strip() != value:
                widget.setText(value)

    def show_dates(self, dates: Mapping[str, ColumnDates], chosen: Mapping[str, Order]) -> None:
        """How each date column is read, and why; the reader can be told better."""
        clear_layout(self._dates.body)
        self._dates.setVisible(bool(dates))
        for key, column in dates.items():
            self._dates.body.addWidget(text_label(FIELD[key].label, "label"))
            self._dates.body.addWidget(text_label(self._date_words(column, chosen.get(key)), "muted", wrap=True))
            if column.ambiguous:
                options = (
                    Option(Order.DAY_FIRST, self.tr("Day first")),
                    Option(Order.MONTH_FIRST, self.tr("Month first")),
                )
                control = SegmentedControl(options, FIELD[key].label, can_clear=False)
                control.set_value(chosen.get(key, column.order))
                control.chosen.connect(lambda order, key=key: self.order_chosen.emit(key, order))
                self._dates.body.addWidget(control)

    def _date_words(self, column: ColumnDates, chosen: Order | None) -> str:
        order = chosen or column.order
        first = self.tr("the day") if order is Order.DAY_FIRST else self.tr("the month")
        unread = self.tr(" {0} cannot be read.").format(column.impossible) if column.impossible else ""
        if not column.ambiguous:
            return self.tr("All clear.") + unread if not unread else unread.strip()
        if chosen is not None:
            return self.tr("Read with {0} first, as you said.").format(first) + unread
        if column.mixed:
            said = self.tr(
                "Some dates have the day first and some the month. {0} could be read both ways: look at them."
            )
            return said.format(column.ambiguous) + unread
        if column.proven:
            proofs = max(column.only_day_first, column.only_month_first)
            said = self.tr("Read with {0} first: {1} dates in the column can only be read so.")
            return said.format(first, proofs) + unread
        said = self.tr("{0} could be read both ways, and none tells which. Taken with {1} first.")
        return said.format(column.ambiguous, first) + unread

    def show_missing(self, mapping: Sequence[str]) -> None:
        """Say it when no column holds the client's name."""
        if any(key in mapping for key in ("client_given", "client_family", "client_name")):
            self.banner.hide()
        else:
            self.banner.say(
                self.tr("Which column holds the client’s name? Go to it and press Enter to choose."), "warning"
            )

    def _on_clicked(self, index: QModelIndex) -> None:
        if index.column() == ColumnsColumn.FIELD:
            self.grid.edit(index)
