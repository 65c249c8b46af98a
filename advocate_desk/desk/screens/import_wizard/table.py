"""The wizard's grids: cells on coloured ground, and editing in place by keyboard."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QCompleter,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from shiboken6 import isValid

from advocate_desk.desk import theme
from advocate_desk.desk.screens.import_wizard.cells import GROUND_ROLE, field_label
from advocate_desk.desk.screens.import_wizard.check_model import CheckModel
from advocate_desk.desk.screens.import_wizard.columns_model import ColumnsModel
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.tables import TONE_ROLE, CellDelegate
from advocate_desk.documents.sheets.columns import Vocabulary
from advocate_desk.documents.sheets.fields import FIELDS
from advocate_desk.documents.sheets.rows import MORE_TO_NOTES

Index = QModelIndex | QPersistentModelIndex


class GroundDelegate(CellDelegate):
    """Draws a cell on the ground that its model names, which a style sheet cannot do."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw the ground, then the cell."""
        ground = str(index.data(GROUND_ROLE) or "")
        if not ground:
            super().paint(painter, option, index)
            return
        is_here = bool(option.state & QStyle.StateFlag.State_Selected)
        plain = QStyleOptionViewItem(option)
        plain.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver)
        painter.fillRect(option.rect.adjusted(0, 0, 0, -1), theme.colour(ground))
        super().paint(painter, plain, index)
        if is_here:
            painter.save()
            painter.setPen(QPen(theme.colour("focus"), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -2, -2))
            painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Icons keep their size."""
        super().initStyleOption(option, index)
        option.decorationSize = QSize(px(14), px(14))


class Grid(QTableView):
    """A table of single cells for keyboard and mouse. Enter edits, or presses when the cell cannot be edited."""

    pressed_row = Signal(int)
    moved = Signal(QModelIndex)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(GroundDelegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(px(38))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setMinimumHeight(px(36))

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show a model, and tell where one is."""
        super().setModel(model)
        selection = self.selectionModel()
        if selection is not None:
            selection.currentChanged.connect(self._on_moved)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter edits or presses."""
        index = self.currentIndex()
        if self.state() == QAbstractItemView.State.EditingState:  # the open cell's own Enter arrives here, too
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and index.isValid():
            if index.flags() & Qt.ItemFlag.ItemIsEditable:
                self.edit(index)
            else:
                self.pressed_row.emit(index.row())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: object) -> None:
        """Start at the first cell."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        model = self.model()
        if model is not None and model.rowCount() > 0 and not self.currentIndex().isValid():  # type: ignore[redundant-expr]
            self.setCurrentIndex(model.index(0, 0))

    def _on_moved(self, index: QModelIndex, _before: QModelIndex) -> None:
        self.moved.emit(index)


class FieldDelegate(GroundDelegate):
    """Chooses the field of a column from a list, grouped as the file is."""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A list of the fields; the first leaves the column out."""
        box = QComboBox(parent)
        box.setMaxVisibleItems(16)
        box.setAccessibleName(self.tr("Field for this column"))
        box.addItem(field_label(""), "")
        box.addItem(field_label(MORE_TO_NOTES), MORE_TO_NOTES)
        group = ""
        for field in FIELDS:
            if field.group != group:
                group = field.group
                box.insertSeparator(box.count())
            box.addItem(field.label, field.key)
        model = index.model()
        if isinstance(model, ColumnsModel):
            box.setCurrentIndex(box.findData(model.field_of(index.row())))
        box.activated.connect(lambda _chosen: self._settle(box))
        return box

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """It was set when it was made."""

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Match the column to what was chosen."""
        if isinstance(editor, QComboBox) and isinstance(model, ColumnsModel):
            model.set_field(index.row(), str(editor.currentData() or ""))

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Fill the cell."""
        editor.setGeometry(option.rect.adjusted(1, 1, -2, -2))

    def _settle(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box, QAbstractItemDelegate.EndEditHint.NoHint)


class ValueDelegate(GroundDelegate):
    """Types over a cell; fields with options offer them. Knows what is being typed, for a lock in the middle of it."""

    typed = Signal()  # at every keystroke: a draft is due

    def __init__(self, parent: QObject, words: Vocabulary) -> None:
        super().__init__(parent)
        self._words = words
        self._editor: QLineEdit | None = None
        self._at = QPersistentModelIndex()

    def typing(self) -> tuple[QPersistentModelIndex, str, int] | None:
        """The cell that is open, its text and where the cursor is; None when no cell is open."""
        if self._editor is None or not isValid(self._editor) or not self._at.isValid():
            return None
        return self._at, self._editor.text(), self._editor.cursorPosition()

    def type(self, text: str, cursor: int) -> None:
        """Put text and cursor into the open cell, as they were before a lock."""
        if self._editor is not None and isValid(self._editor):
            self._editor.setText(text)
            self._editor.setCursorPosition(cursor)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        """A line; with the options of its field to choose from, where it has some."""
        line = QLineEdit(parent)
        line.setProperty("role", "cell")
        model = index.model()
        field = model.field_at(index.column()) if isinstance(model, CheckModel) else None
        if field is not None:
            line.setAccessibleName(field.label)
            labels = list(self._words.labels.get(field.options, {}).values())
            if labels:
                completer = QCompleter(labels, line)
                completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
                completer.setFilterMode(Qt.MatchFlag.MatchContains)
                line.setCompleter(completer)
        line.textEdited.connect(self.typed)
        self._editor, self._at = line, QPersistentModelIndex(index)
        return line

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """Begin with the whole text, line ends shown as spaces."""
        if isinstance(editor, QLineEdit):
            editor.setText(" ".join(str(index.data(Qt.ItemDataRole.EditRole) or "").split("\n")))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Hand on the text, unless nothing was changed."""
        if isinstance(editor, QLineEdit):
            before = " ".join(str(index.data(Qt.ItemDataRole.EditRole) or "").split("\n"))
            if editor.text() != before:
                model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        """The cell is closed."""
        if editor is self._editor:
            self._editor = None
        super().destroyEditor(editor, index)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Fill the cell, and be wide enough to read."""
        rect = option.rect.adjusted(0, 0, -1, -1)
        rect.setWidth(max(rect.width(), px(180)))
        editor.setGeometry(rect)


def fit_columns(grid: Grid, widest: int = 240, narrowest: int = 80) -> None:
    """Widths from the header and the first rows, within bounds: measuring 5,000 rows would be felt."""
    model = grid.model()
    metrics, header = grid.fontMetrics(), grid.horizontalHeader()
    for column in range(min(model.columnCount(), 400)):
        texts = [str(model.headerData(column, Qt.Orientation.Horizontal) or "")]
        texts += [str(model.index(row, column).data() or "") for row in range(min(model.rowCount(), 30))]
        badge = px(34) if model.rowCount() and model.index(0, column).data(TONE_ROLE) else 0
        wanted = max(metrics.horizontalAdvance(text) for text in texts) + px(36) + badge
        header.resizeSection(column, min(max(wanted, px(narrowest)), px(widest)))
