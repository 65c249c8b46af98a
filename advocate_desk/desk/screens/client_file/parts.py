"""What the sections of a client file are made of: a scrolled paper, two columns that fold into one, rows of facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.office import Office
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.boxes import Banner, SectionHeader, clear_layout, scrolled
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import Badge, icon_label, readable_label, text_label
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import DeskError

_FOLDED = 760  # pixels at 100% text: narrower, and the columns stand under each other


class Paper(QWidget):
    """What scrolls: as narrow as it goes, its height follows from its width."""

    def minimumSizeHint(self) -> QSize:
        """Never ask for the height of the narrowest form."""
        return QSize(super().minimumSizeHint().width(), 0)


class Columns(QWidget):
    """Two columns of cards that become one where the window is narrow or the text large."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("reads", "columns")
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(px(16))
        self.left, self.right = QVBoxLayout(), QVBoxLayout()
        for side in (self.left, self.right):
            side.setSpacing(px(16))
            self._box.addLayout(side, 1)

    def fill(self, left: Sequence[QWidget], right: Sequence[QWidget]) -> None:
        """Show these cards instead of those that are there."""
        for side, cards in ((self.left, left), (self.right, right)):
            clear_layout(side)
            for card in cards:
                side.addWidget(card)
        self.end()

    def end(self) -> None:
        """Leave what room is left below the cards."""
        for side in (self.left, self.right):
            side.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        """Never ask for two columns' width: a narrow window folds them."""
        return QSize(px(240), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold."""
        super().resizeEvent(event)
        self.fold_at(self.width())

    def fold_at(self, width: int) -> None:
        """Stand as at `width` pixels."""
        is_wide = width >= px(_FOLDED)
        way = QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        if self._box.direction() != way:
            self._box.setDirection(way)


class FileSection(QWidget):
    """A section of the file: heading, a place for trouble, and what the section itself puts into `body`."""

    kinds: frozenset[str] = frozenset()

    def __init__(
        self, office: Office, file_id: FileId, title: str = "", text: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.office, self.file_id = office, file_id
        self.header = SectionHeader(title, text)
        self.header.setVisible(bool(title))
        self.trouble = Banner()
        self._inner = Paper()
        self._area = scrolled(self._inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._area)
        self.body = QVBoxLayout(self._inner)
        self.body.setContentsMargins(px(24), px(16), px(24), px(24))
        self.body.setSpacing(px(16))
        self.body.addWidget(self.header)
        self.body.addWidget(self.trouble)
        self._wanted: int | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._on_focus)

    @Slot(object, object)
    def _on_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        """Bring what has the focus into view, also where a program put it and not the Tab key."""
        if new is not None and self._inner.isAncestorOf(new):
            QTimer.singleShot(0, self, self._show_focus)

    def _show_focus(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self._inner.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused, px(24), px(64))

    def place(self) -> dict[str, Any]:
        """How far the section is scrolled."""
        return {"scroll": self._area.verticalScrollBar().value()}

    def restore(self, place: dict[str, Any]) -> None:
        """Scroll to where it was, now or once it is drawn."""
        self._wanted = int(place.get("scroll") or 0)
        self._area.verticalScrollBar().setValue(self._wanted)

    def settle(self) -> None:
        """Call when the section was drawn: go to the place that was asked for."""
        if self._wanted:
            self._inner.adjustSize()
            self._area.verticalScrollBar().setValue(self._wanted)
            self._wanted = None

    def open_form(self, key: str, **params: object) -> None:
        """Open a form for this file."""
        given = {name: str(value) for name, value in params.items() if value is not None}
        self.office.open_form(key, {"file_id": str(self.file_id), **given})

    @Slot(object)
    def show_refused(self, error: DeskError) -> None:
        """Say why it cannot be shown."""
        self.trouble.say_refused(error)

    @Slot()
    def show_broken(self) -> None:
        """Say that something of ours failed."""
        self.trouble.say_broken()


def fact_row(
    icon: str,
    title: str,
    detail: str = "",
    tone: Tone = "plain",
    badge: str = "",
    link: tuple[str, Callable[[], object]] | None = None,
) -> QWidget:
    """A line of a card: a picture, what it is, more about it, and at most one thing to do."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, px(2), 0, px(2))
    layout.setSpacing(px(10))
    layout.addWidget(icon_label(icon, 17, theme.look().tone(tone)), 0, Qt.AlignmentFlag.AlignTop)
    words = QVBoxLayout()
    words.setSpacing(px(1))
    words.addWidget(text_label(title, "label", wrap=True))
    if detail:
        words.addWidget(text_label(detail, "small", wrap=True))
    layout.addLayout(words, 1)
    if badge:
        layout.addWidget(Badge(badge, tone), 0, Qt.AlignmentFlag.AlignTop)
    if link is not None:
        layout.addWidget(link_button(*link, about=title), 0, Qt.AlignmentFlag.AlignTop)
    return row


def link_button(text: str, clicked: Callable[[], object], about: str = "") -> QWidget:
    """A link; its accessible name also says what it is about."""
    made = button(text, "link", clicked=clicked)
    made.setAccessibleName(f"{text}: {about}" if about else text)
    return made


def said(text: str) -> QWidget:
    """Words that somebody typed, to be read and copied."""
    return readable_label(text)


def nothing(text: str) -> QWidget:
    """What an empty card says."""
    return text_label(text, "muted", wrap=True)
