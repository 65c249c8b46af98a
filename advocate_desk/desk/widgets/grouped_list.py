"""A list under headings, quick with thousands of rows: tasks by urgency, an agenda by day."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.labels import tone_icon
from advocate_desk.desk.widgets.tables import ID_ROLE

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
LINE_ROLE = int(Qt.ItemDataRole.UserRole) + 20


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over rows. It cannot be chosen."""

    text: str
    detail: str = ""
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row. `lead` stands before the title (a time); `badge` and `end` at the right, `end` in the ink of `end_tone`.

    A row that `can_tick` has a box; `is_ticked` shows it done while that is being saved.
    """

    key: object
    title: str
    detail: str = ""
    lead: str = ""
    icon: str = ""
    badge: str = ""
    badge_tone: Tone = "plain"
    end: str = ""
    end_tone: Tone = "plain"
    can_tick: bool = False
    is_ticked: bool = False

    def spoken(self) -> str:
        """What a screen reader says of it."""
        return ", ".join(part for part in (self.lead, self.title, self.detail, self.badge, self.end) if part)


Line = Heading | ListRow


class GroupedModel(QAbstractListModel):
    """Headings and rows, in order."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[Line, ...] = ()

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._lines = tuple(lines)
        self.endResetModel()

    def add_lines(self, lines: Sequence[Line]) -> None:
        """Show these below the others."""
        self.beginInsertRows(NO_PARENT, len(self._lines), len(self._lines) + len(lines) - 1)
        self._lines += tuple(lines)
        self.endInsertRows()

    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._lines

    def row_of(self, key: object) -> int | None:
        """The row with this key."""
        return next((at for at, line in enumerate(self._lines) if isinstance(line, ListRow) and line.key == key), None)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """One row a line."""
        return 0 if parent.isValid() else len(self._lines)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Headings cannot be chosen; the arrow keys pass over them."""
        if not index.isValid() or isinstance(self._lines[index.row()], Heading):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The line, its words, or its key."""
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line = self._lines[index.row()]
        if role == LINE_ROLE:
            return line
        if role == Qt.ItemDataRole.ToolTipRole and isinstance(line, ListRow):
            return html.escape(f"{line.title}\n{line.detail}".strip()).replace("\n", "<br>")  # Qt guesses rich text
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return line.spoken() if isinstance(line, ListRow) else f"{line.text} {line.detail}".strip()
        return line.key if role == ID_ROLE and isinstance(line, ListRow) else None


class GroupedList(QListView):
    """The list. Enter opens a row, Space ticks it."""

    opened = Signal(object)  # the row's key
    ticked = Signal(object)
    end_neared = Signal()  # there is little below what is in sight

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = GroupedModel(self)
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setItemDelegate(_LineDelegate(self))
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().valueChanged.connect(self._look_for_end)
        self.verticalScrollBar().rangeChanged.connect(self._look_for_end)

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these; the chosen row and the place stay, or the row that moved up into its place is chosen."""
        shown = self.rows.lines()
        if tuple(lines[: len(shown)]) == shown:
            if len(lines) > len(shown):
                self.rows.add_lines(lines[len(shown) :])
            return
        key, at, down = self.current_key(), self.currentIndex().row(), self.verticalScrollBar().value()
        self.rows.set_lines(lines)
        row = self.rows.row_of(key) if key is not None else None
        if row is None and (at >= 0 or self.hasFocus()):
            row = self._nearest(max(at, 0))
        if row is not None:
            self.setCurrentIndex(self.rows.index(row))
        self.verticalScrollBar().setValue(down)

    def _look_for_end(self) -> None:
        bar = self.verticalScrollBar()
        if self.rows.lines() and bar.maximum() - bar.value() <= bar.pageStep():
            self.end_neared.emit()

    def current_key(self) -> object:
        """The key of the chosen row, or None."""
        return self.currentIndex().data(ID_ROLE)

    def choose(self, key: object) -> bool:
        """Choose the row with this key; False if it is not there."""
        row = self.rows.row_of(key)
        if row is not None:
            self.setCurrentIndex(self.rows.index(row))
        return row is not None

    def _nearest(self, at: int) -> int | None:
        lines = self.rows.lines()
        order = sorted(range(len(lines)), key=lambda row: (abs(row - at), row))
        return next((row for row in order if isinstance(lines[row], ListRow)), None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Space ticks."""
        line = self.currentIndex().data(LINE_ROLE)
        if isinstance(line, ListRow) and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.opened.emit(line.key)
        elif isinstance(line, ListRow) and event.key() == Qt.Key.Key_Space and line.can_tick:
            self.ticked.emit(line.key)
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters do nothing here: they are shortcuts of the page."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press on the box ticks, elsewhere it only chooses."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        line = index.data(LINE_ROLE) if index.isValid() else None
        if isinstance(line, ListRow) and line.can_tick and event.position().x() < px(44):
            self.ticked.emit(line.key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A double press opens."""
        line = self.indexAt(event.position().toPoint()).data(LINE_ROLE)
        if isinstance(line, ListRow) and not (line.can_tick and event.position().x() < px(44)):
            self.opened.emit(line.key)

    def focusInEvent(self, event: object) -> None:
        """Start at the first row."""
        super().focusInEvent(event)  # type: ignore[arg-type]
        if not self.currentIndex().isValid() and (row := self._nearest(0)) is not None:
            self.setCurrentIndex(self.rows.index(row))

    def changeEvent(self, event: QEvent) -> None:
        """Another text size moves every row."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.scheduleDelayedItemsLayout()


class _LineDelegate(QStyledItemDelegate):
    """Draws headings and rows."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One height for headings, one for rows."""
        line = index.data(LINE_ROLE)
        return QSize(px(200), px(44) if isinstance(line, Heading) else px(54))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one line."""
        line = index.data(LINE_ROLE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(line, Heading):
            self._heading(painter, QRect(option.rect), line, is_first=index.row() == 0)
        elif isinstance(line, ListRow):
            self._row(painter, option, line)
        painter.restore()

    def _heading(self, painter: QPainter, rect: QRect, line: Heading, is_first: bool) -> None:
        colours = theme.look().colours
        if not is_first:
            painter.setPen(QColor(colours.line))
            painter.drawLine(rect.topLeft(), rect.topRight())
        inner = rect.adjusted(px(12), 0, -px(12), -px(6))
        ink = theme.look().tone(line.tone) if line.tone != "plain" else colours.text
        width = _draw(painter, inner, line.text, ink, 14, QFont.Weight.DemiBold, bottom=True)
        inner.setLeft(inner.left() + width + px(8))
        _draw(painter, inner, line.detail, colours.muted, 12, QFont.Weight.Normal, bottom=True)

    def _row(self, painter: QPainter, option: QStyleOptionViewItem, line: ListRow) -> None:
        colours, rect = theme.look().colours, QRect(option.rect).adjusted(px(4), 1, -px(4), -1)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(colours.accent if is_chosen else colours.hover))
            painter.setBrush(QColor(colours.accent_soft if is_chosen else colours.hover))
            painter.drawRoundedRect(rect, px(6), px(6))
        inner = rect.adjusted(px(10), px(5), -px(12), -px(5))
        inner.setLeft(inner.left() + self._before(painter, inner, line))
        inner.setRight(inner.right() - self._after(painter, inner, line))
        top = QRect(inner.x(), inner.y(), inner.width(), inner.height() * 54 // 100)
        ink = colours.muted if line.is_ticked else colours.text
        _draw(painter, top, line.title, ink, 14, QFont.Weight.Medium, struck=line.is_ticked)
        below = QRect(inner.x(), top.bottom(), inner.width(), inner.bottom() - top.bottom())
        _draw(painter, below, line.detail, colours.muted, 12, QFont.Weight.Normal)

    def _before(self, painter: QPainter, inner: QRect, line: ListRow) -> int:
        """Box, lead and icon; how much room they took."""
        colours, used = theme.look().colours, 0
        if line.can_tick:
            side = px(18)
            box = QRect(inner.x() + px(2), inner.center().y() - side // 2, side, side)
            painter.setPen(QColor(colours.accent if line.is_ticked else colours.line_strong))
            painter.setBrush(QColor(colours.accent if line.is_ticked else colours.surface))
            painter.drawRoundedRect(box, px(4), px(4))
            if line.is_ticked:
                mark = px(14)
                painter.drawPixmap(
                    box.center().x() - mark // 2 + 1,
                    box.center().y() - mark // 2 + 1,
                    theme.pixmap("check", 14, "on_accent"),
                )
            used = px(34)
        if line.lead or line.icon:
            width = px(54)
            room = QRect(inner.x() + used, inner.y(), width, inner.height())
            if line.lead:
                _draw(painter, room, line.lead, colours.text, 14, QFont.Weight.DemiBold)
            used += width
        if line.icon:
            side = px(18)
            painter.drawPixmap(inner.x() + used, inner.center().y() - side // 2, theme.pixmap(line.icon, 18, "muted"))
            used += px(30)
        return used

    def _after(self, painter: QPainter, inner: QRect, line: ListRow) -> int:
        """Badge and end words, from the right; how much room they took."""
        look, used = theme.look(), 0
        font = _font(painter, 13, QFont.Weight.Medium)
        if line.end:
            width = QFontMetrics(font).horizontalAdvance(line.end)
            ink = look.tone(line.end_tone) if line.end_tone != "plain" else look.colours.muted
            room = QRect(inner.right() - width, inner.y(), width + 2, inner.height())
            _draw(painter, room, line.end, ink, 13, QFont.Weight.Medium)
            used = width + px(16)
        if line.badge and inner.width() > px(380):
            used += _draw_badge(painter, inner.right() - used, inner, line.badge, line.badge_tone) + px(12)
        return used


def _font(painter: QPainter, size: int, weight: QFont.Weight) -> QFont:
    font = QFont(painter.font())
    font.setPixelSize(px(size))
    font.setWeight(weight)
    return font


def _draw(
    painter: QPainter,
    rect: QRect,
    text: str,
    ink: str,
    size: int,
    weight: QFont.Weight,
    bottom: bool = False,
    struck: bool = False,
) -> int:
    """Draw words on one line, cut to the room; their width."""
    font = _font(painter, size, weight)
    font.setStrikeOut(struck)
    painter.setFont(font)
    painter.setPen(QColor(ink))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    upright = Qt.AlignmentFlag.AlignBottom if bottom else Qt.AlignmentFlag.AlignVCenter
    painter.drawText(rect, int(upright | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute), shown)
    return QFontMetrics(font).horizontalAdvance(shown)


def _draw_badge(painter: QPainter, right: int, inner: QRect, text: str, tone: Tone) -> int:
    look = theme.look()
    ink = look.tone(tone)
    soft = {"plain": look.colours.sunken, "accent": look.colours.accent_soft}.get(tone)
    font = _font(painter, 12, QFont.Weight.DemiBold)
    side, height = px(13), px(22)
    width = QFontMetrics(font).horizontalAdvance(text) + side + px(24)
    pill = QRect(right - width, inner.center().y() - height // 2, width, height)
    painter.setPen(QColor(look.colours.line if tone == "plain" else ink))
    painter.setBrush(QColor(soft or getattr(look.colours, f"{tone}_soft")))
    painter.drawRoundedRect(pill, height / 2, height / 2)
    painter.drawPixmap(pill.x() + px(7), pill.center().y() - side // 2, theme.pixmap(tone_icon(tone), 13, ink))
    _draw(painter, pill.adjusted(px(7) + side + px(5), 0, 0, 0), text, ink, 12, QFont.Weight.DemiBold)
    return width
