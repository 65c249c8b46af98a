"""What a locked desk asks for first, the passphrase, and what every question of its pages has in common."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from advocate_desk.desk.screens.unlock.said import Said
from advocate_desk.desk.screens.unlock.secret_field import SecretField
from advocate_desk.desk.theme import Tone, px
from advocate_desk.desk.widgets.buttons import button


class Page(QWidget):
    """One question with its answer line, what is said about it, and a button that is busy while it is looked at."""

    asked = Signal(str)

    def __init__(self, verb: str, busy_verb: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._verb, self._busy_verb = verb, busy_verb
        self.is_busy = False
        self.said = Said()
        self.go = button(verb, "primary", clicked=self.ask)
        self.go.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(px(14))

    def ask(self) -> None:
        """Ask for what was typed to be looked at."""
        raise NotImplementedError

    def clear(self) -> None:
        """Forget what was typed."""
        raise NotImplementedError

    def set_busy(self, is_busy: bool) -> None:
        """Show that it is being looked at; nothing can be asked meanwhile."""
        self.is_busy = is_busy
        self.go.setText(self._busy_verb if is_busy else self._verb)
        self.go.setAccessibleName(self.go.text())
        self.update_go()

    def update_go(self) -> None:
        """Whether the button can be pressed."""
        self.go.setEnabled(not self.is_busy)


class PassphrasePage(Page):
    """Asks for the passphrase, or lets the wait after wrong ones run out."""

    recovery_asked = Signal()
    backup_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", "", parent)
        self._verb, self._busy_verb = self.tr("Unlock"), self.tr("Opening…")
        self.is_waiting = False
        self.field = SecretField(self.tr("Passphrase"))
        self.other = button(self.tr("Use the recovery code instead"), "link", clicked=self.recovery_asked.emit)
        self.backup = button(self.tr("Open a backup…"), "link", clicked=self.backup_asked.emit)
        self._hint = Said()
        self.column.addWidget(self._hint)
        self.column.addWidget(self.field)
        self.column.addWidget(self.said)
        self.column.addWidget(self.go)
        self.column.addWidget(self.other, 0, Qt.AlignmentFlag.AlignHCenter)
        self.column.addWidget(self.backup, 0, Qt.AlignmentFlag.AlignHCenter)
        self.field.entered.connect(self.ask)
        self.setFocusProxy(self.field)
        self.set_busy(False)

    def show_hint(self, words: str, tone: Tone = "info") -> None:
        """Say something above the line that stays there: what the demonstration's passphrase is, what waits unkept."""
        self._hint.say(words, tone, aloud=False)

    @Slot()
    def ask(self) -> None:
        """Ask, unless nothing was typed or the wait is not over."""
        if self.is_busy or self.is_waiting:
            return
        if not self.field.text():
            self.said.say(self.tr("Type your passphrase first."), "info")
            self.field.setFocus()
            return
        self.said.say("")
        self.asked.emit(self.field.text())

    def clear(self) -> None:
        """Forget what was typed, and hide the next."""
        self.field.clear()

    def show_wait(self, words: str, *, aloud: bool) -> None:
        """Say how long the wait still is; "" when it is over."""
        self.is_waiting = bool(words)
        self.said.say(words, "warning", aloud=aloud)
        self.update_go()

    def update_go(self) -> None:
        """Neither while looking nor while waiting."""
        self.go.setEnabled(not self.is_busy and not self.is_waiting)
        self.field.edit.setReadOnly(self.is_busy)
