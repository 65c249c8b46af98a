"""A line that finds an option while one types: for long choice lists and for registers such as courts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from advocate_desk.desk import theme
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import icon_button
from advocate_desk.domain.forms import Option

_OPTION_ROLE = Qt.ItemDataRole.UserRole + 1
_SHOWN_ROWS = 9

Index = QModelIndex | QPersistentModelIndex


class OptionModel(QAbstractListModel):
    """The options on offer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._options: tuple[Option, ...] = ()

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer these instead."""
        self.beginResetModel()
        self._options = tuple(options)
        self.endResetModel()

    def options(self) -> tuple[Option, ...]:
        """What is on offer."""
        return self._options

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        """One row an option."""
        return 0 if parent.isValid() else len(self._options)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The label to show, or the option itself."""
        if not index.isValid() or index.row() >= len(self._options):
            return None
        option = self._options[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return option.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{option.label}, {option.detail}" if option.detail else option.label
        return option if role == _OPTION_ROLE else None


class OptionDelegate(QStyledItemDelegate):
    """Draws a label, and the detail under it in small letters."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """One line or two."""
        shown = index.data(_OPTION_ROLE)
        two = isinstance(shown, Option) and bool(shown.detail)
        return QSize(px(200), px(48) if two else px(34))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one option."""
        shown = index.data(_OPTION_ROLE)
        if not isinstance(shown, Option):
            return
        colours, rect = theme.look().colours, QRect(option.rect)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_soft" if chosen else "hover"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(rect.adjusted(2, 1, -2, -1), px(5), px(5))
        font = QFont(option.font)
        font.setPixelSize(px(14))
        inner = rect.adjusted(px(10), 0, -px(10), 0)
        top = QRect(inner.x(), inner.y(), inner.width(), inner.height() * 56 // 100) if shown.detail else inner
        self._line(painter, font, top, shown.label, colours.accent_text if chosen else colours.text, shown.detail == "")
        if shown.detail:
            font.setPixelSize(px(12))
            below = QRect(inner.x(), top.bottom(), inner.width(), inner.bottom() - top.bottom() - px(5))
            self._line(painter, font, below, shown.detail, colours.muted, False)
        painter.restore()

    @staticmethod
    def _line(painter: QPainter, font: QFont, rect: QRect, text: str, ink: str, middle: bool) -> None:
        painter.setFont(font)
        painter.setPen(QColor(ink))
        cut = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        upright = Qt.AlignmentFlag.AlignVCenter if middle else Qt.AlignmentFlag.AlignBottom
        painter.drawText(rect, int(upright | Qt.AlignmentFlag.AlignLeft), cut)


class OptionPicker(QLineEdit):
    """Type to find, arrow down to see all, Enter to take one.

    `find(text)` gives what to offer ("" for all) and is asked at every keystroke. Strict: text that names no option
    goes back to the option chosen before. Free: the text itself is the value.
    """

    value_changed = Signal(str)

    def __init__(
        self,
        find: Callable[[str], Sequence[Option]],
        label_of: Callable[[str], str],
        strict: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._find, self._label_of, self._strict = find, label_of, strict
        self._value = ""
        self._model = OptionModel(self)
        self._completer = QCompleter(self._model, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setWidget(self)
        self._completer.setMaxVisibleItems(_SHOWN_ROWS)
        self._completer.setWrapAround(False)  # an arrow beyond the last would leave the one that is marked
        self._popup = QListView()
        self._completer.setPopup(self._popup)
        self._popup.setProperty("role", "popup")
        self._popup.setItemDelegate(OptionDelegate(self._popup))
        self._popup.setAccessibleName(self.tr("Choices"))
        self._completer.activated[QModelIndex].connect(self._on_activated)  # type: ignore[index]
        self.textEdited.connect(self._on_edited)
        self._opener = icon_button(
            "chevron-down" if strict else "search", self.tr("Show what there is to choose from"), self.offer_all
        )
        self._opener.setParent(self)
        self._opener.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the arrow key does the same
        self.setTextMargins(0, 0, px(30), 0)

    def value(self) -> str:
        """The chosen option's key; when free, else the text as typed."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show the option with this key, or the text. No signal."""
        self._value = value
        self.setText(self._label_of(value) or ("" if self._strict else value) if value else "")
        self.setCursorPosition(0)

    def typed(self) -> str | None:
        """The text while it is not what `set_value` shows for the value: a search half typed; else None."""
        shown = self._label_of(self._value) or ("" if self._strict else self._value) if self._value else ""
        return self.text() if self.text() != shown else None

    def offer_all(self) -> None:
        """Open the list with everything that fits an empty search."""
        self._offer("")

    def _offer(self, text: str) -> None:
        self._model.set_options(self._find(text))
        if not self._model.rowCount():
            self._popup.hide()
            return
        rect = self.rect()
        rect.setWidth(max(rect.width(), px(260)))
        self._completer.complete(rect)
        if text:
            self._popup.setCurrentIndex(self._model.index(0))

    def _on_edited(self, text: str) -> None:
        if not self._strict:
            self._take(text.strip())
        elif not text.strip():
            self._take("")
        self._offer(text.strip())

    def _on_activated(self, index: QModelIndex) -> None:
        option = index.data(_OPTION_ROLE)
        if isinstance(option, Option):
            self.setText(option.label)
            self._take(option.key)

    def _take(self, value: str) -> None:
        if value != self._value:
            self._value = value
            self.value_changed.emit(value)

    def _settle(self) -> None:
        """Take the option that was typed whole, or when strict the only one that fits; else put the old label back."""
        typed = self.text().strip().casefold()
        if typed and self._label_of(self._value).casefold() != typed:
            fitting = self._find(self.text().strip())
            named = next((each for each in fitting if each.label.casefold() == typed), None)
            if named is None and self._strict and len(fitting) == 1:
                named = fitting[0]
            if named is not None:
                self._take(named.key)
        if self._strict:
            self.setText(self._label_of(self._value) if self._value else "")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving settles what was typed, unless it is only the list that opened or the whole window that was left."""
        super().focusOutEvent(event)
        if not self._popup.isVisible() and event.reason() != Qt.FocusReason.ActiveWindowFocusReason:
            self._settle()

    def resizeEvent(self, event: object) -> None:
        """Keep the button at the end of the line."""
        super().resizeEvent(event)  # type: ignore[arg-type]
        side = max(self.height() - 4, 0)
        self._opener.setFixedSize(side, side)
        self._opener.move(self.width() - side - 2, 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow down opens the list."""
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_F4) and not self._popup.isVisible():
            self.offer_all()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Keep Escape for closing the list while it is open."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._popup.isVisible()
        ):
            event.accept()
            return True
        return super().event(event)


def matching(options: Sequence[Option], text: str) -> list[Option]:
    """The options of which every word of `text` starts a word or stands inside the label; those that start first."""
    words = text.casefold().split()
    if not words:
        return list(options)
    hits = [o for o in options if all(word in f"{o.label} {o.detail}".casefold() for word in words)]
    return sorted(hits, key=lambda option: not option.label.casefold().startswith(words[0]))
