"""Lists that stay quick with ten thousand rows, and the field that searches them."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from advocate_desk.desk import theme
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.labels import tone_icon

Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = int(Qt.ItemDataRole.UserRole) + 1  # values that compare
ID_ROLE = int(Qt.ItemDataRole.UserRole) + 2  # the record's id
TONE_ROLE = int(Qt.ItemDataRole.UserRole) + 3  # a Tone: the cell is drawn as a badge
DETAIL_ROLE = int(Qt.ItemDataRole.UserRole) + 4  # a second line, smaller


class DataTable(QTableView):
    """A table of whole rows. Enter or a double click activates one; letters typed do not search (the page does).

    Cells may give TONE_ROLE (drawn as a badge with its icon) and DETAIL_ROLE (a second line).
    """

    row_activated = Signal(QModelIndex)
    row_chosen = Signal(QModelIndex)

    def __init__(self, name: str, two_lines: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setItemDelegate(CellDelegate(self))
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(px(54 if two_lines else 40))
        header = self.horizontalHeader()
        header.setAccessibleName(name)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        header.setMinimumHeight(px(36))
        self.activated.connect(self.row_activated)

    def set_widths(self, *widths: int) -> None:
        """Column widths at 100% text, first to last; 0 makes a column take what is left."""
        header = self.horizontalHeader()
        header.setStretchLastSection(0 not in widths)
        for column, width in enumerate(widths):
            if width:
                header.resizeSection(column, px(width))
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show a model, and tell of the row that is chosen."""
        super().setModel(model)
        selection = self.selectionModel()
        if selection is not None:
            selection.currentRowChanged.connect(self._on_row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens the row, also where the platform has another key for it."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.row_activated.emit(self.currentIndex())
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters do nothing here: they are shortcuts of the page."""

    def focusInEvent(self, event: object) -> None:
        """Start at the first row."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        model = self.model()
        has_rows = model is not None and model.rowCount() > 0  # type: ignore[redundant-expr]  # there may be no model
        if has_rows and not self.currentIndex().isValid():
            self.setCurrentIndex(model.index(0, 0))

    def _on_row(self, index: QModelIndex, _before: QModelIndex) -> None:
        self.row_chosen.emit(index)


class CellDelegate(QStyledItemDelegate):
    """Draws badges and second lines in cells."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        tone, detail = index.data(TONE_ROLE), index.data(DETAIL_ROLE)
        text = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        if not detail and not (tone and text):
            super().paint(painter, option, index)
            return
        blank = QStyleOptionViewItem(option)
        self.initStyleOption(blank, index)
        blank.text = ""
        style = option.widget.style()
        style.drawControl(style.ControlElement.CE_ItemViewItem, blank, painter, option.widget)
        painter.save()
        if tone:
            _draw_badge(painter, option.rect, text, str(tone))
        else:
            _draw_lines(painter, option.rect, text, str(detail))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Wide enough for a badge."""
        hint = super().sizeHint(option, index)
        return QSize(hint.width() + (px(34) if index.data(TONE_ROLE) else 0), hint.height())


def _draw_badge(painter: QPainter, cell: QRect, text: str, tone: str) -> None:
    look = theme.look()
    soft = {"plain": look.colours.sunken, "accent": look.colours.accent_soft}.get(tone)
    ink = look.tone(tone)  # type: ignore[arg-type]
    font = painter.font()
    font.setPixelSize(px(12))
    font.setWeight(font.Weight.DemiBold)
    painter.setFont(font)
    side, height = px(13), px(22)
    room = cell.width() - px(16) - side - px(24)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
    width = painter.fontMetrics().horizontalAdvance(shown) + side + px(23)
    pill = QRect(cell.x() + px(8), cell.center().y() - height // 2, width, height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(look.colours.line if tone == "plain" else ink))
    painter.setBrush(QColor(soft or getattr(look.colours, f"{tone}_soft")))
    painter.drawRoundedRect(pill, height / 2, height / 2)
    icon = theme.pixmap(tone_icon(tone), 13, ink)  # type: ignore[arg-type]
    painter.drawPixmap(pill.x() + px(7), pill.center().y() - side // 2, icon)
    painter.setPen(QColor(ink))
    words = pill.adjusted(px(7) + side + px(5), 0, 0, 0)
    painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)


def _draw_lines(painter: QPainter, cell: QRect, text: str, detail: str) -> None:
    colours = theme.look().colours
    inner = cell.adjusted(px(8), 0, -px(8), 0)
    half = inner.height() // 2
    font = painter.font()
    font.setPixelSize(px(14))
    font.setWeight(font.Weight.Medium)
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    top = QRect(inner.x(), inner.y(), inner.width(), half)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
    painter.drawText(top, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), shown)
    font.setPixelSize(px(12))
    font.setWeight(font.Weight.Normal)
    painter.setFont(font)
    painter.setPen(QColor(colours.muted))
    below = QRect(inner.x(), inner.y() + half + px(2), inner.width(), half)
    shown = painter.fontMetrics().elidedText(detail, Qt.TextElideMode.ElideRight, inner.width())
    painter.drawText(below, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), shown)


class SearchField(QLineEdit):
    """A line for looking something up; Escape empties it first, and leaves it then."""

    left_downwards = Signal()  # arrow down or Enter: go to the results

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint or name)
        self.setProperty("role", "find")
        self.setClearButtonEnabled(False)
        self.setTextMargins(px(24), 0, 0, 0)

    def paintEvent(self, event: object) -> None:
        """Draw the lens at the start of the line."""
        super().paintEvent(event)  # type: ignore[arg-type]
        painter = QPainter(self)
        side = px(16)
        painter.drawPixmap(px(10), (self.height() - side) // 2, theme.pixmap("search", 16, "muted"))
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Escape is ours while there is text to take away."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if event.type() == QEvent.Type.ShortcutOverride and is_escape and self.text():
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape empties; down goes to what was found."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left_downwards.emit()
        else:
            super().keyPressEvent(event)
