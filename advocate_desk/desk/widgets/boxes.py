"""What pages are made of: cards, banners, empty states, facts, timelines, headings, passing notices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from advocate_desk.desk import theme
from advocate_desk.desk.messages import Notice, broken_words
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.buttons import button, icon_button
from advocate_desk.desk.widgets.flow import HeadLayout
from advocate_desk.desk.widgets.labels import Badge, icon_label, readable_label, rule, text_label, tone_icon
from advocate_desk.errors import DeskError

NOTICE_MS = 7000


class Card(QFrame):
    """A white box with an optional heading; add to `body`, and buttons or badges to `head`."""

    def __init__(self, title: str = "", icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(20), px(16), px(20), px(20))
        outer.setSpacing(px(12))
        self.head = HeadLayout(px(8), px(160))
        self.title_label = text_label(title, "heading", wrap=True)
        if title:
            self.head.set_heading(*([icon_label(icon, 18)] if icon else []), self.title_label)
            outer.addLayout(self.head)
        else:
            self.title_label.setParent(self)
            self.title_label.hide()
        self.body = QVBoxLayout()
        self.body.setSpacing(px(8))
        outer.addLayout(self.body)

    def clear(self) -> None:
        """Empty the body."""
        clear_layout(self.body)


class SectionHeader(QWidget):
    """A page's or section's heading with a line of explanation; add buttons to `buttons`."""

    def __init__(self, title: str, text: str = "", role: str = "title", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        heading = QWidget()
        words = QVBoxLayout(heading)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(px(2))
        self.title = text_label(title, role, wrap=True)
        self.text = text_label(text, "muted", wrap=True)
        words.addWidget(self.title)
        words.addWidget(self.text)
        self.text.setVisible(bool(text))  # once it has a parent: before, it would open as a window of its own
        self.buttons = HeadLayout(px(8), px(240))
        self.buttons.set_heading(heading)
        outer.addLayout(self.buttons)

    def set_text(self, text: str) -> None:
        """Change the line of explanation."""
        self.text.setText(text)
        self.text.setVisible(bool(text))


class EmptyState(QWidget):
    """What a page says when there is nothing on it: why, and what to do about it."""

    acted = Signal()

    def __init__(self, icon: str, title: str, text: str = "", action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(px(24), px(32), px(24), px(32))
        layout.setSpacing(px(8))
        layout.addStretch(1)
        picture = icon_label(icon, 40, "accent")
        layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(px(4))
        self.title = text_label(title, "heading", wrap=True)
        self.text = text_label(text, "muted", wrap=True)
        for label in (self.title, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        self.text.setVisible(bool(text))
        self._action = button(action, "primary", clicked=self.acted.emit) if action else None
        if self._action is not None:
            layout.addSpacing(px(8))
            layout.addWidget(self._action, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(2)

    def focus_action(self) -> None:
        """Go to what can be done about it."""
        if self._action is not None:
            self._action.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_title(self) -> None:
        """Go to what is said, from where Tab goes on: it is no stop itself."""
        self.show()
        self.title.show()
        self.title.setFocus(Qt.FocusReason.OtherFocusReason)


class Banner(QFrame):
    """A message that stays on the page until it is dealt with. Hidden while it has nothing to say."""

    acted = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None, can_dismiss: bool = True) -> None:
        super().__init__(parent)
        self.setProperty("box", "banner")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(12), px(8), px(8), px(8))
        layout.setSpacing(px(10))
        self._icon = QLabel()
        self._text = text_label("", wrap=True)
        self._action = button("", "", clicked=self.acted.emit)
        self._close = icon_button("x", self.tr("Dismiss this message"), self._dismiss)
        layout.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._action)
        layout.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        self._close.setVisible(can_dismiss)
        self.hide()

    def say(self, text: str, tone: Tone = "info", action: str = "", about: str = "") -> None:
        """Show a message; `action` names a button that emits `acted`, `about` what it is for, to a screen reader."""
        self._text.setText(text)
        self._icon.setPixmap(theme.pixmap(tone_icon(tone), 18, theme.look().tone(tone)))
        self._icon.setFixedSize(px(18), px(22))
        self._action.setText(action)
        self._action.setAccessibleName(f"{action}: {about}" if about else action)
        self._action.setVisible(bool(action))
        theme.set_role(self, tone=tone)
        self.setAccessibleName(text)
        self.show()

    def say_refused(self, error: DeskError) -> None:
        """Show an expected failure: connect a Job's `refused`."""
        self.say(error.advice, "warning")

    def say_broken(self) -> None:
        """Show a failure of ours: connect a Job's `broken`."""
        self.say(broken_words(), "danger")

    def text(self) -> str:
        """The message."""
        return self._text.text()

    def focus_action(self) -> None:
        """Give the focus to the button of the message."""
        self._action.setFocus(Qt.FocusReason.OtherFocusReason)

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()


class KeyValue(QWidget):
    """Facts in two columns: what it is, and what it is for this client. Values can be selected."""

    def __init__(self, facts: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(20))
        self._grid.setVerticalSpacing(px(8))
        self._grid.setColumnStretch(1, 1)
        for name, value in facts:
            self.add(name, value)

    def add(self, name: str, value: str | QWidget) -> None:
        """Add one fact; an empty text shows as a dash."""
        row = self._grid.rowCount()
        label = text_label(name, "muted")
        shown = readable_label(value or "–") if isinstance(value, str) else value
        if isinstance(value, str):
            shown.setAccessibleName(f"{name}: {value}")
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._grid.addWidget(shown, row, 1, Qt.AlignmentFlag.AlignTop)

    def clear(self) -> None:
        """Take all facts away."""
        clear_layout(self._grid)


@dataclass(frozen=True)
class TimelineItem:
    """One thing that happened: when (as shown), what, and more about it."""

    when: str
    title: str
    text: str = ""
    icon: str = "circle-dot"
    tone: Tone = "accent"
    badge: str = ""
    badge_tone: Tone = "plain"
    key: object = None


class Timeline(QWidget):
    """Things in the order they happened, joined by a line. For tens of items, not thousands."""

    activated = Signal(object)  # an item's key

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)

    def set_items(self, items: Sequence[TimelineItem]) -> None:
        """Show these."""
        clear_layout(self._layout)
        for index, item in enumerate(items):
            self._layout.addWidget(self._draw(item, is_last=index == len(items) - 1))

    def _draw(self, item: TimelineItem, is_last: bool) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(12))
        track = QVBoxLayout()
        track.setSpacing(px(4))
        track.addWidget(icon_label(item.icon, 16, theme.look().tone(item.tone)), 0, Qt.AlignmentFlag.AlignHCenter)
        track.addWidget(rule(upright=True) if not is_last else QWidget(), 1, Qt.AlignmentFlag.AlignHCenter)
        layout.addLayout(track)
        words = QVBoxLayout()
        words.setContentsMargins(0, 0, 0, 0 if is_last else px(16))
        words.setSpacing(px(2))
        head = QHBoxLayout()
        head.setSpacing(px(8))
        title = text_label(item.title, "strong", wrap=True)
        if item.key is None:
            head.addWidget(title, 1)
        else:
            link = button(item.title, "link", clicked=lambda: self.activated.emit(item.key))
            head.addWidget(link)
            head.addStretch(1)
        if item.badge:
            head.addWidget(Badge(item.badge, item.badge_tone), 0, Qt.AlignmentFlag.AlignTop)
        words.addLayout(head)
        words.addWidget(text_label(item.when, "small"))
        if item.text:
            words.addWidget(readable_label(item.text))
        layout.addLayout(words, 1)
        return row


class Toast(QFrame):
    """A notice at the foot of the window, gone after some seconds; Undo where there is one."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("box", "toast")
        self._action_run: Callable[[], object] | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(px(14), px(8), px(8), px(8))
        layout.setSpacing(px(12))
        self._icon = QLabel()
        self._text = text_label("")
        self._action = button("", clicked=self._act)
        self._close = icon_button("x", self.tr("Close this notice"), self.hide, "toast_text", 16)
        for widget in (self._icon, self._text, self._action, self._close):
            layout.addWidget(widget)
        self._timer = QTimer(self, singleShot=True, interval=NOTICE_MS)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    def say(self, notice: Notice) -> None:
        """Show a notice instead of the one that is there."""
        self._text.setWordWrap(len(notice.text) > 70)
        self._text.setMinimumWidth(px(420) if len(notice.text) > 70 else 0)
        self._text.setText(notice.text)
        self._icon.setPixmap(theme.pixmap(tone_icon(notice.tone), 17, "toast_text"))
        self._action_run = notice.action
        self._action.setText(notice.action_label)
        self._action.setAccessibleName(notice.action_label)
        self._action.setVisible(notice.action is not None)
        self.setAccessibleName(notice.text)
        self.show()
        self.raise_()
        self._place()
        self._timer.start(NOTICE_MS * (2 if notice.action or len(notice.text) > 70 else 1))

    def text(self) -> str:
        """The notice that is or was shown last."""
        return self._text.text()

    def _act(self) -> None:
        run, self._action_run = self._action_run, None
        self.hide()
        if run is not None:
            run()

    def _place(self) -> None:
        self.adjustSize()
        parent = self.parentWidget()
        if parent is not None:
            above_buttons = parent.height() - self.height() - px(80)  # of a form
            self.move((parent.width() - self.width()) // 2, above_buttons)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay at the foot of the window."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


class Pressable(QFrame):
    """A card or row that can be pressed as a whole, by mouse, Enter or Space."""

    pressed = Signal()

    def __init__(self, name: str, box: str = "card", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", box)
        self.setProperty("pressable", "true")
        self.setAccessibleName(name)
        self.setAccessibleDescription(self.tr("Enter opens it."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A press with the mouse."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.pressed.emit()

    def keyPressEvent(self, event: object) -> None:
        """A press with Enter or Space."""
        if getattr(event, "key", lambda: 0)() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit()
        else:
            super().keyPressEvent(event)  # type: ignore[arg-type]


class Flowing(QWidget):
    """What stands in an area that scrolls: as narrow as it goes, and as high as its width needs and no higher.

    A layout's own least height is that at its least width: an area would show a bar with nothing to scroll to.
    """

    def minimumSizeHint(self) -> QSize:
        """No least height."""
        return QSize(super().minimumSizeHint().width(), 0)


class Switch(QWidget):
    """Several pages in one place, one at a time.

    It is as high as the page shown, where a QStackedWidget is as high as its highest: it can stand in a page that
    scrolls.
    """

    def __init__(self, pages: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = tuple(pages)
        self._index = 0
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for each in pages:
            layout.addWidget(each)
        self.show_page(0)

    def add_page(self, page: QWidget) -> None:
        """Put one more behind the others."""
        page.hide()
        self._pages += (page,)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(page)

    def index(self) -> int:
        """Which page is shown, from 0."""
        return self._index

    def show_page(self, index: int) -> None:
        """Show one page and no other."""
        self._index = index
        for number, each in enumerate(self._pages):
            each.setVisible(number == index)


def made_in(parent: QWidget, factory: Callable[..., QWidget], *given: object) -> QWidget:
    """A page, made in its place: one that is moved there when it is full has all of it styled anew."""
    return factory(*given, parent=parent) if isinstance(factory, type) else factory(*given)


def scrolled(inner: QWidget, widest: int = 0) -> QScrollArea:
    """`inner` in an area that scrolls up and down; at most `widest` pixels (at 100% text) wide when given."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if widest:
        inner.setMaximumWidth(px(widest))
        area.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    area.setWidget(inner)
    area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    return area


def clear_layout(layout: QLayout) -> None:
    """Take every widget and layout out of `layout` and delete them."""
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            clear_layout(inner)
