"""The line a secret is typed into: hidden until its owner asks, and told when Caps Lock seems to be on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import icon_button
from advocate_desk.desk.widgets.labels import text_label

MOST_CHARACTERS = 1024


class _SecretLine(QLineEdit):
    caps_lock_seen = Signal(bool)
    resized = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt cannot ask for Caps Lock: a capital without Shift gives it away, its own key turns the hint off."""
        letter = event.text()
        if event.key() == Qt.Key.Key_CapsLock:
            self.caps_lock_seen.emit(False)
        elif len(letter) == 1 and letter.isalpha() and letter.upper() != letter.lower():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps_lock_seen.emit(letter.isupper() != shifted)
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The hint is about what is being typed here."""
        self.caps_lock_seen.emit(False)
        super().focusOutEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell the eye where its edge is now."""
        super().resizeEvent(event)
        self.resized.emit()


class SecretField(QWidget):
    """A labelled line for a passphrase with a button that shows it, and a hint about Caps Lock under it."""

    changed = Signal(str)
    entered = Signal()

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = _SecretLine()
        self.edit.setAccessibleName(label)
        self.edit.setMaxLength(MOST_CHARACTERS)
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self._name = label
        caption = text_label(label, "label")
        caption.setBuddy(self.edit)
        self._hint = text_label(self.tr("Caps Lock seems to be on."), "small", tone="warning")
        self._hint.hide()
        self._eye = icon_button("eye", "", self._toggle)
        self._eye.setParent(self.edit)
        self._eye.setCheckable(True)
        self._eye.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(px(6))
        layout.addWidget(caption)
        layout.addWidget(self.edit)
        layout.addWidget(self._hint)
        self.setFocusProxy(self.edit)
        self.setTabOrder(self.edit, self._eye)
        self.edit.resized.connect(self._place_eye)
        self.edit.textChanged.connect(self._on_text)
        self.edit.returnPressed.connect(self.entered)
        self.edit.caps_lock_seen.connect(self._hint.setVisible)
        self._show_hidden(True)

    def text(self) -> str:
        """What was typed."""
        return self.edit.text()

    def clear(self) -> None:
        """Forget it, its undo included, and hide the next one."""
        self.edit.setText("")
        self._show_hidden(True)

    def set_problem(self, is_problem: bool) -> None:
        """Mark the line, or not."""
        theme.set_role(self.edit, problem="true" if is_problem else "false")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let nothing that is typed on the button reach the line under it, where it would stand unseen."""
        is_key = watched is self._eye and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress
        if is_key and isinstance(event, QKeyEvent) and event.text().strip() and event.text().isprintable():
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """Hide what was typed when the window goes to the back: somebody may be standing there."""
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self._show_hidden(True)
        super().changeEvent(event)

    def _on_text(self, text: str) -> None:
        self.set_problem(False)
        self.changed.emit(text)

    def _toggle(self) -> None:
        self._show_hidden(self.edit.echoMode() is QLineEdit.EchoMode.Normal)

    def _show_hidden(self, is_hidden: bool) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Password if is_hidden else QLineEdit.EchoMode.Normal)
        name = self.tr("Show what is typed: {0}") if is_hidden else self.tr("Hide what is typed: {0}")
        self._eye.setChecked(not is_hidden)
        self._eye.setIcon(theme.icon("eye" if is_hidden else "eye-off", "muted"))
        self._eye.setAccessibleName(name.format(self._name))
        self._eye.setToolTip(self.tr("Show what is typed") if is_hidden else self.tr("Hide what is typed"))

    def _place_eye(self) -> None:
        side = self._eye.sizeHint()
        self._eye.resize(side)
        self._eye.move(self.edit.width() - side.width() - px(6), (self.edit.height() - side.height()) // 2)
        self.edit.setTextMargins(0, 0, side.width() + px(4), 0)
