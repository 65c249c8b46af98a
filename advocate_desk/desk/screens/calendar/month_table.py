"""A month at a glance: the days with a mark for what lies on them, moved through by arrow keys."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from advocate_desk.desk import theme
from advocate_desk.desk.screens.calendar.model import COUNT_ROLE, DAY_ROLE, PLACE_ROLE, WEEKS, DayPlace, MonthModel
from advocate_desk.desk.theme import px
from advocate_desk.store.queries.calendar import DayCount

Index = QModelIndex | QPersistentModelIndex
CELL, HEAD = 42, 28  # pixels at 100% text


class MonthTable(QTableView):
    """The grid. Arrows move by day and week over the edge of the month, PgUp and PgDn by month, Home to today."""

    day_chosen = Signal(object)  # date
    month_stepped = Signal(int)
    today_asked = Signal()
    entered = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.month = MonthModel(self)
        self.setModel(self.month)
        self.setAccessibleName(name)
        self.setItemDelegate(_DayDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setStyleSheet("QTableView { border: none; } QTableView::item:selected { background: transparent; }")
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()
        for header in (self.verticalHeader(), self.horizontalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        self.horizontalHeader().setSectionsClickable(False)
        self.horizontalHeader().setHighlightSections(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(px(HEAD + CELL * WEEKS) + 4)
        self.setMinimumWidth(px(CELL * 7))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda index: self.day_chosen.emit(self.month.day(index)))

    def sizeHint(self) -> QSize:
        """Room for seven days."""
        return QSize(px(CELL * 7), px(HEAD + CELL * WEEKS) + 4)

    def show_day(self, day: date) -> None:
        """Mark a day. No signal."""
        self.setCurrentIndex(self.month.index_of(day))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by day, week and month."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        index, key = self.currentIndex(), Qt.Key(event.key())
        if key in steps and index.isValid():
            self.day_chosen.emit(self.month.day(index) + timedelta(days=steps[key]))
        elif key == Qt.Key.Key_PageUp:
            self.month_stepped.emit(-1)
        elif key == Qt.Key.Key_PageDown:
            self.month_stepped.emit(1)
        elif key == Qt.Key.Key_Home:
            self.today_asked.emit()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters do nothing here."""


class _DayDelegate(QStyledItemDelegate):
    """Draws a day: its number, and under it how many hearings, bail ends and other things."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one day."""
        colours, place, count = theme.look().colours, index.data(PLACE_ROLE), index.data(COUNT_ROLE)
        day = index.data(DAY_ROLE)
        if not isinstance(count, DayCount) or not isinstance(day, date):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRect(option.rect).adjusted(2, 2, -2, -2)
        is_chosen, is_today = bool(option.state & QStyle.StateFlag.State_Selected), place == DayPlace.TODAY
        if is_chosen or is_today or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QColor(colours.accent) if is_chosen or is_today else Qt.PenStyle.NoPen)
            painter.setBrush(
                QColor(colours.accent_soft if is_chosen else colours.hover if not is_today else colours.surface)
            )
            painter.drawRoundedRect(rect, px(6), px(6))
        font = QFont(option.font)
        font.setPixelSize(px(13))
        font.setWeight(QFont.Weight.DemiBold if is_today or is_chosen else QFont.Weight.Normal)
        painter.setFont(font)
        ink = colours.muted if place == DayPlace.OUTSIDE else colours.accent_text if is_today else colours.text
        painter.setPen(QColor(ink))
        top = QRect(rect.x(), rect.y() + px(4), rect.width(), px(16))
        painter.drawText(top, int(Qt.AlignmentFlag.AlignCenter), str(day.day))
        self._counts(painter, QRect(rect.x(), top.bottom() + px(1), rect.width(), px(14)), count)
        painter.restore()

    def _counts(self, painter: QPainter, rect: QRect, count: DayCount) -> None:
        """Hearings as a number on a filled pill, bail ends on an outlined one, anything else as a dot."""
        colours = theme.look().colours
        marks = [(count.hearings, "filled"), (count.bails, "outlined"), (count.others, "dot")]
        shown = [(number, kind) for number, kind in marks if number]
        width = px(14)
        left = rect.center().x() - (width * len(shown) + px(1) * (len(shown) - 1)) // 2
        font = painter.font()
        font.setPixelSize(px(10))
        font.setWeight(QFont.Weight.Bold)
        painter.setFont(font)
        for number, kind in shown:
            box = QRect(left, rect.y(), width, px(13))
            left += width + px(1)
            if kind == "dot":
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.muted))
                painter.drawEllipse(box.center(), px(3) - 1, px(3) - 1)
                continue
            painter.setPen(QColor(colours.accent if kind == "filled" else colours.warning))
            painter.setBrush(QColor(colours.accent if kind == "filled" else colours.warning_soft))
            painter.drawRoundedRect(box, px(4), px(4))
            painter.setPen(QColor(colours.on_accent if kind == "filled" else colours.warning))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(number) if number < 100 else "+")
