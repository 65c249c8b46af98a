"""The files behind a number of the summary: opened one by one, or handed over many at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from advocate_desk.casework.caseload_summary import COMING
from advocate_desk.desk.forms.allocation import start_handover
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens import list_words
from advocate_desk.desk.screens.summary import words
from advocate_desk.desk.screens.summary.model import Behind, BehindModel
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import SectionHeader
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.tables import ID_ROLE, DataTable
from advocate_desk.store.queries.caseload_summary import DATED, FileOfOwner

WIDTHS = (220, 120, 120, 170, 90, 130, 0)
COUNTED_IN_FILES = ("files", "high", "medium", "standard", "other", "first_days", "no_contact")


class BehindPage(QWidget):
    """One number's files. It stands in place of the table until somebody goes back."""

    back_asked = Signal()
    opened = Signal(object)  # file id

    def __init__(self, office: Office, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._office = office
        self._given: set[UUID] = set()  # the files that the form was asked for
        self.model = BehindModel(office.packs, self)
        self.header = SectionHeader(self.tr("Files"))
        self.back = button(self.tr("Back to the summary"), "quiet", "arrow-left", self.back_asked.emit)
        self.hand_over = button(self.tr("Hand over…"), "primary", "handshake", self._on_hand_over)
        self.open = button(self.tr("Open file"), "", "folder-open", self._on_open)
        for each in (self.back, self.open, self.hand_over):
            self.header.buttons.addWidget(each)
        self.table = DataTable(self.tr("Files"))
        self.table.setModel(self.model)
        self.table.set_widths(*WIDTHS)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.row_activated.connect(self._on_activated)
        self.table.selectionModel().selectionChanged.connect(self._on_selection)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        column.addWidget(self.header)
        column.addWidget(self.table, 1)
        self.setFocusProxy(self.table)

    def show_files(
        self, number: str, whose: str, files: Sequence[FileOfOwner], today: date, *, is_new: bool = True
    ) -> None:
        """Show the files of a number: at the first if they are new here, else with those chosen that were.

        What was given to the form is chosen no more: the next press of a key is for no file that nobody chose.
        """
        chosen = set(self.chosen()) - self._given
        self._given = set()
        self.header.title.setText(f"{words.title(number)}: {whose}")
        self.model.show_files(number, files, today)
        self.table.setColumnHidden(Behind.COUNT, number in COUNTED_IN_FILES)
        self.table.setColumnHidden(Behind.DAY, number not in DATED)
        total = list_words.count_words(len(files), self.tr("file"), self.tr("files"))
        if number in COMING:
            total = self.tr("{0} in {1}, in the weeks ahead").format(sum(each.share for each in files), total)
        elif number not in COUNTED_IN_FILES:
            total = self.tr("{0} in {1}").format(sum(each.share for each in files), total)
        keys = self.tr("Choose several with Shift or Ctrl. That you looked is on record in each file.")
        self.header.set_text(f"{total}. {keys}" if files else self.tr("No file is behind this number."))
        if is_new and files:
            self.table.setCurrentIndex(self.model.index(0, 0))
        elif not is_new:
            self._choose(chosen)
        self._on_selection()

    def chosen(self) -> list[UUID]:
        """The files that are selected, in their order."""
        rows = sorted(each.row() for each in self.table.selectionModel().selectedRows())
        lines = (self.model.line(row) for row in rows)
        return [each.file_id for each in lines if each is not None]

    def _choose(self, wanted: set[UUID]) -> None:
        if not wanted and (self.hand_over.hasFocus() or self.open.hasFocus()):
            self.table.setFocus()
        flags, selection = QItemSelectionModel.SelectionFlag, self.table.selectionModel()
        selection.clear()
        rows = [row for row in range(self.model.rowCount()) if self.model.index(row, 0).data(ID_ROLE) in wanted]
        for row in rows:
            selection.setCurrentIndex(self.model.index(row, 0), flags.Select | flags.Rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape goes back."""
        if event.key() == Qt.Key.Key_Escape:
            self.back_asked.emit()
            return
        super().keyPressEvent(event)

    def _on_selection(self, *_changed: object) -> None:
        count = len(self.chosen())
        self.open.setEnabled(count == 1)
        self.hand_over.setEnabled(count > 0)
        label = self.tr("Hand over {0} files…").format(count) if count > 1 else self.tr("Hand over…")
        self.hand_over.setText(label)
        self.hand_over.setAccessibleName(label)

    def _on_activated(self, index: QModelIndex) -> None:
        file_id = index.data(ID_ROLE)
        if file_id is not None:
            self.opened.emit(file_id)

    def _on_open(self) -> None:
        for file_id in self.chosen()[:1]:
            self.opened.emit(file_id)

    def _on_hand_over(self) -> None:
        self._given = set(self.chosen())
        self.table.setFocus()  # where the focus comes back to from the form: not to a button for what is chosen next
        start_handover(self._office, self._given)
