"""Layouts that put widgets in a row and go on in the next when the row is full."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QSizePolicy, QWidget

_ANY = (1 << 24) - 1  # pixels: the widest that Qt makes a widget


class FlowLayout(QLayout):
    """Left to right, then down. `column_width` > 0 aligns the widgets in columns of at least that many pixels."""

    def __init__(self, parent: QWidget | None = None, spacing: int = 8, column_width: int = 0) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}  # by width, until an item changes
        self._column_width = column_width
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        if parent is not None:
            policy = parent.sizePolicy()
            policy.setHeightForWidth(True)
            policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)
            parent.setSizePolicy(policy)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item at the end."""
        self._items.append(item)

    def count(self) -> int:
        """How many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """The item at `index`, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give up the item at `index`."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It asks for no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The height follows from the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height that `width` pixels lead to."""
        height = self._heights.get(width)
        if height is None:
            height = self._heights[width] = self._place(QRect(0, 0, width, 0), move=False)
        return height

    def invalidate(self) -> None:
        """Forget the heights: an item is another, or of another size."""
        heights = self.__dict__.get("_heights")  # none yet, or no more: Qt asks this of a layout that begins or ends
        if heights is not None:
            heights.clear()
        super().invalidate()

    def setGeometry(self, rect: QRect) -> None:
        """Place every item inside `rect`."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """The smallest size; the height comes from `heightForWidth`."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Room for the widest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _place(self, rect: QRect, move: bool) -> int:
        """Place the items (or only measure, without `move`); gives the height."""
        margins = self.contentsMargins()
        area = rect.adjusted(margins.left(), margins.top(), -margins.right(), -margins.bottom())
        x, y, row_height = area.x(), area.y(), 0
        column = self._column(area.width())
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint()
            width = min(size.width(), area.width()) if column == 0 else max(column, min(size.width(), area.width()))
            height = item.heightForWidth(width) if item.hasHeightForWidth() else size.height()
            if x > area.x() and x + width > area.right() + 1:
                x, y, row_height = area.x(), y + row_height + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), QSize(width, height)))
            x += width + self.spacing()
            row_height = max(row_height, height)
        return y + row_height - rect.y() + margins.bottom()

    def _column(self, width: int) -> int:
        if self._column_width == 0:
            return 0
        columns = max(1, (width + self.spacing()) // (self._column_width + self.spacing()))
        return (width - self.spacing() * (columns - 1)) // columns


class RowLayout(FlowLayout):
    """One row where there is room for it, which it asks for; more rows where there is not."""

    def sizeHint(self) -> QSize:
        """The whole row."""
        return _row_size(self._items, self.spacing()).expandedTo(self.minimumSize())


class HeadLayout(FlowLayout):
    """A heading at the left, which takes what is left over, and what goes with it at the right.

    Where the words of the heading would be squeezed, the rest goes on below it. The heading is what `set_heading`
    was given; everything added afterwards goes with it.
    """

    def __init__(self, spacing: int = 8, smallest_heading: int = 160) -> None:
        super().__init__(None, spacing)
        self._heading = 0  # items
        self._smallest = smallest_heading

    def set_heading(self, *parts: QWidget) -> None:
        """Begin with these: pictures, then the words, which grow and wrap."""
        for each in parts:
            self.addWidget(each)
        self.setAlignment(parts[-1], Qt.AlignmentFlag(0))  # the words fill their room
        self._heading = len(parts)

    def addWidget(
        self, widget: QWidget, stretch: int = 0, alignment: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignVCenter
    ) -> None:
        """Add what goes with the heading. It takes what a box layout takes, but only the heading grows."""
        if stretch:
            raise ValueError("only the heading grows")
        super().addWidget(widget)
        self.setAlignment(widget, alignment)

    def sizeHint(self) -> QSize:
        """All of it in one row."""
        return _row_size(self._items, self.spacing()).expandedTo(self.minimumSize())

    def minimumSize(self) -> QSize:
        """Room for the heading's parts beside each other, and for the widest of the rest."""
        size = _row_size(self._items[: self._heading], self.spacing(), is_smallest=True)
        for item in self._items[self._heading :]:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, move: bool) -> int:
        heading = self._items[: self._heading]
        rest = [each for each in self._items[self._heading :] if not each.isEmpty()]
        if not heading:
            return super()._place(rect, move)
        gap = self.spacing()
        before = sum(each.sizeHint().width() + gap for each in heading[:-1])
        beside = sum(each.sizeHint().width() + gap for each in rest)
        words = heading[-1]
        wanted = min(words.sizeHint().width(), self._smallest)
        is_one_row = rect.width() - before - beside >= max(wanted, words.minimumSize().width())
        room = max(rect.width() - before - (beside if is_one_row else 0), 1)
        tall = words.heightForWidth(room) if words.hasHeightForWidth() else words.sizeHint().height()
        row = max([tall, *(each.sizeHint().height() for each in heading[:-1])])
        if is_one_row:
            row = max([row, *(each.sizeHint().height() for each in rest)])
        if move:
            _set_out(heading[:-1], rect.topLeft(), row, gap)
            words.setGeometry(QRect(rect.x() + before, rect.y(), room, row))
        if is_one_row:
            if move:
                _set_out(rest, QPoint(rect.right() + 1 - beside + gap, rect.y()), row, gap)
            return row
        below = rect.adjusted(0, row + gap, 0, 0)
        return row + gap + self._flow(rest, below, move)

    def _flow(self, items: list[QLayoutItem], rect: QRect, move: bool) -> int:
        rows: list[list[QLayoutItem]] = [[]]
        for item in items:
            if rows[-1] and _row_size([*rows[-1], item], self.spacing()).width() > rect.width():
                rows.append([])
            rows[-1].append(item)
        y = rect.y()
        for row in rows:
            height = _row_size(row, self.spacing()).height()
            if move:
                _set_out(row, QPoint(rect.x(), y), height, self.spacing(), rect.width())
            y += height + self.spacing()
        return y - self.spacing() - rect.y()


def _set_out(items: list[QLayoutItem], at: QPoint, height: int, gap: int, widest: int = _ANY) -> None:
    """One beside the other from `at`, each where its alignment has it in the row's height."""
    x = at.x()
    for each in items:
        width = min(each.sizeHint().width(), widest)
        each.setGeometry(QRect(x, at.y(), width, height))
        x += width + gap


def _row_size(items: list[QLayoutItem], gap: int, is_smallest: bool = False) -> QSize:
    sizes = [each.minimumSize() if is_smallest else each.sizeHint() for each in items if not each.isEmpty()]
    return QSize(
        sum(each.width() for each in sizes) + gap * max(len(sizes) - 1, 0),
        max((each.height() for each in sizes), default=0),
    )
