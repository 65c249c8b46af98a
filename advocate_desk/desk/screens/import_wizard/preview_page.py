"""Second page: the file as it is, and how it was read; each guess can be changed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from advocate_desk.desk.screens.import_wizard.preview_model import PreviewModel
from advocate_desk.desk.screens.import_wizard.table import Grid, fit_columns
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import Banner, scrolled
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.documents.sheets.delimited import DELIMITERS
from advocate_desk.documents.sheets.text_encoding import ENCODINGS
from advocate_desk.documents.sheets.workbook import SheetKind, Workbook


class PreviewPage(QWidget):
    """Shows the beginning of the file with its header row marked."""

    sheet_chosen = Signal(int)
    header_chosen = Signal(int)  # index of the row
    encoding_chosen = Signal(str)
    delimiter_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        outer.addWidget(scrolled(inner))
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(12))
        choosers = QWidget()
        flow = FlowLayout(choosers, px(16))
        self.sheet = self._chooser(flow, self.tr("Sheet"))
        self.header = QLineEdit()
        self.header.setAccessibleName(self.tr("Row that names the columns"))
        self.header.setFixedWidth(px(72))
        self._header_row = 0
        self._add(flow, self.tr("Row that names the columns"), self.header)
        self.encoding = self._chooser(flow, self.tr("Characters"))
        self.delimiter = self._chooser(flow, self.tr("Cells are parted by"))
        for codec, label in ENCODINGS:
            self.encoding.addItem(label, codec)
        for character, label in DELIMITERS:
            self.delimiter.addItem(label, character)
        layout.addWidget(choosers)
        self.notes = Banner(can_dismiss=False)
        layout.addWidget(self.notes)
        self.model = PreviewModel(self)
        self.grid = Grid(self.tr("Beginning of the file"))
        self.grid.verticalHeader().show()
        self.grid.setModel(self.model)
        self.grid.pressed_row.connect(self.header_chosen)
        self.grid.setMinimumHeight(px(125))
        layout.addWidget(self.grid, 1)
        self.hint = text_label(
            self.tr("If another row names the columns, go to it and press Enter, or change the number above."),
            "muted",
            wrap=True,
        )
        layout.addWidget(self.hint)
        self.sheet.activated.connect(self.sheet_chosen)
        self.header.editingFinished.connect(self._on_header)
        self.encoding.activated.connect(lambda _at: self.encoding_chosen.emit(str(self.encoding.currentData())))
        self.delimiter.activated.connect(lambda _at: self.delimiter_chosen.emit(str(self.delimiter.currentData())))

    def _chooser(self, flow: FlowLayout, label: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(label)
        box.setMinimumWidth(px(150))
        self._add(flow, label, box)
        return box

    def _add(self, flow: FlowLayout, label: str, widget: QWidget) -> None:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        words: QLabel = text_label(label, "label")
        words.setBuddy(widget)
        row.addWidget(words)
        row.addWidget(widget)
        flow.addWidget(holder)

    def show_book(self, book: Workbook, sheet: int, header_row: int) -> None:
        """Show one sheet of the file, and how it was read."""
        shown = book.sheets[min(sheet, len(book.sheets) - 1)]
        is_text = book.kind is SheetKind.TEXT
        self._show_holder(self.sheet, len(book.sheets) > 1)
        self._show_holder(self.encoding, is_text)
        self._show_holder(self.delimiter, is_text)
        self.sheet.clear()
        for each in book.sheets:
            self.sheet.addItem(each.name or self.tr("The table"))
        self.sheet.setCurrentIndex(sheet)
        self.encoding.setCurrentIndex(max(0, self.encoding.findData(book.encoding)))
        self.delimiter.setCurrentIndex(max(0, self.delimiter.findData(book.delimiter)))
        self._header_row = header_row
        self.header.setValidator(QIntValidator(1, max(1, len(shown.rows)), self.header))
        self.header.setText(str(header_row + 1))
        self.model.show(shown.rows, shown.width, header_row)
        fit_columns(self.grid, 220)
        self.grid.scrollTo(self.model.index(max(0, header_row - 3), 0))
        if book.notes:
            self.notes.say(" ".join(book.notes), "warning")
        else:
            self.notes.hide()

    def _on_header(self) -> None:
        if self.header.hasAcceptableInput() and int(self.header.text()) - 1 != self._header_row:
            self.header_chosen.emit(int(self.header.text()) - 1)

    @staticmethod
    def _show_holder(widget: QWidget, is_shown: bool) -> None:
        holder = widget.parentWidget()
        if holder is not None:
            holder.setVisible(is_shown)
