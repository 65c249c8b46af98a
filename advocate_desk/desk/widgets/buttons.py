"""Buttons and the small choosers made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QPushButton, QSizePolicy, QToolButton, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.focus_part import WithFocusPart

if TYPE_CHECKING:  # the unlock page has buttons, and needs nothing of the domain
    from advocate_desk.domain.forms import Option

_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_STEPS: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}


class DeskButton(QPushButton):
    """A push button that Enter presses too, wherever it stands: Qt's own hears Enter only inside a dialog."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter clicks; the rest is Qt's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~_KEYPAD:
            self.click()
        else:
            super().keyPressEvent(event)


def button(
    text: str,
    role: str = "",
    icon: str = "",
    clicked: Callable[[], object] | None = None,
    tip: str = "",
    parent: QWidget | None = None,
) -> QPushButton:
    """A push button; `role` is "primary" (one a page), "" (secondary), "quiet", "danger", "link" or "chip"."""
    made = DeskButton(text, parent)
    made.setAutoDefault(False)
    if role:
        made.setProperty("role", role)
    if icon:
        ink = {"primary": "on_accent", "danger": "danger", "link": "accent_text"}.get(role, "muted")
        made.setIcon(theme.icon(icon, ink, before_words=bool(text)))
        made.setIconSize(theme.worded_icon_size(17) if text else theme.icon_size(17))
    if tip:
        made.setToolTip(tip)
    made.setAccessibleName(text.replace("&", ""))
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


def icon_button(
    icon: str, name: str, clicked: Callable[[], object] | None = None, colour: str = "muted", side: int = 18
) -> QToolButton:
    """A button that is only an icon. `name` is its accessible name and its tooltip."""
    made = QToolButton()
    made.setProperty("role", "icon")
    made.setIcon(theme.icon(icon, colour))
    made.setIconSize(theme.icon_size(side))
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    if clicked is not None:
        made.clicked.connect(lambda _checked=False: clicked())
    return made


class SegmentedControl(WithFocusPart):
    """A row of joined buttons, one of which is on. Arrow keys move; Delete clears when `can_clear`.

    A press on the one that is on clears it too (a question may be left unasked).
    """

    chosen = Signal(str)  # the key, "" when cleared

    def __init__(
        self,
        options: Sequence[Option],
        name: str,
        can_clear: bool = True,
        shortcuts: dict[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._can_clear = can_clear
        self._keys: dict[str, str] = {letter.lower(): key for letter, key in (shortcuts or {}).items()}
        self._buttons: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self.setAccessibleName(name)
        from advocate_desk.desk.widgets.flow import RowLayout  # noqa: PLC0415 - the unlock page has buttons, and no row

        layout = RowLayout(self, 0)
        for index, option in enumerate(options):
            layout.addWidget(self._make(option, _place(index, len(options)), name))
        self._update_focus_policy()

    def setAccessibleDescription(self, description: str) -> None:
        """The part that has the focus says it: a group is not read by itself."""
        super().setAccessibleDescription(description)
        for each in self._buttons.values():
            each.setAccessibleDescription(description)

    def _make(self, option: Option, place: str, name: str) -> QPushButton:
        made = QPushButton(option.label)
        made.setCheckable(True)
        made.setAutoDefault(False)
        made.setProperty("role", "segment")
        made.setProperty("place", place)
        if not option.key:
            made.setProperty("weight", "none")  # nothing was answered, and it should not look as if
        made.setAccessibleName(f"{name}: {option.label}")
        made.setToolTip(option.detail)
        made.setCursor(Qt.CursorShape.PointingHandCursor)
        made.clicked.connect(lambda checked, key=option.key: self._pressed(key, checked))
        made.installEventFilter(self)
        self._buttons[option.key] = made
        self._group.addButton(made)
        return made

    def value(self) -> str:
        """The key that is on, or ""."""
        return next((key for key, made in self._buttons.items() if made.isChecked()), "")

    def set_value(self, key: str) -> None:
        """Turn `key` on (or none, for ""), without a signal."""
        for own, made in self._buttons.items():
            made.setChecked(own == key)
        self._update_focus_policy()

    def set_label(self, key: str, label: str) -> None:
        """Change the words of one button."""
        self._buttons[key].setText(label)
        self._buttons[key].setAccessibleName(f"{self.accessibleName()}: {label}")

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """Arrow keys move the choice; letters answer; Delete clears."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._key_pressed(event):
            return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def _key_pressed(self, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        step = _STEPS.get(event.key())
        keys = list(self._buttons)
        if step is not None:
            now = self.value()
            index = keys.index(now) + step if now in keys else (0 if step > 0 else len(keys) - 1)
            self._choose(keys[index % len(keys)])
            return True
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self._can_clear:
            self._choose("")
            return True
        letter = event.text().lower()
        if letter and letter in self._keys:
            self._choose(self._keys[letter])
            return True
        return False

    def _pressed(self, key: str, checked: bool) -> None:
        self._choose(key if checked or not self._can_clear else "")

    def _choose(self, key: str) -> None:
        before_focus = any(made.hasFocus() for made in self._buttons.values())
        self.set_value(key)
        if before_focus and key:
            self._buttons[key].setFocus(Qt.FocusReason.OtherFocusReason)
        self.chosen.emit(key)

    def _update_focus_policy(self) -> None:
        """One stop in the tab order: the button that is on, else the first. It takes the place of the one before."""
        on = self.value() or next(iter(self._buttons), "")
        before = next((made for made in self._buttons.values() if made.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
        if on in self._buttons and before is not None and before is not self._buttons[on]:
            QWidget.setTabOrder(before, self._buttons[on])
        for key, made in self._buttons.items():
            made.setFocusPolicy(Qt.FocusPolicy.StrongFocus if key == on else Qt.FocusPolicy.ClickFocus)
        if on in self._buttons:
            self.set_focus_part(self._buttons[on])


def _place(index: int, count: int) -> str:
    if count == 1:
        return "only"
    return "first" if index == 0 else "last" if index == count - 1 else "middle"


class Chip(QPushButton):
    """A round toggle: one of several that may be on together, such as a filter."""

    def __init__(self, text: str, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setProperty("role", "chip")
        self.setAccessibleName(name or text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.toggled.connect(self._show_tick)

    def _show_tick(self, on: bool) -> None:
        self.setIcon(theme.icon("check", "accent_text", before_words=True) if on else QIcon())
        self.setIconSize(theme.worded_icon_size(14))


def gap(side: int = 8) -> int:
    """A spacing of the theme's scale at the text size in use."""
    return px(side)
