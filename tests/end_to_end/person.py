"""A person at the keyboard: real key events into a real window, and eyes that wait until something is there.

Keys go through the X server (xdotool), so that menus, lists and dialogs get them as they would from a keyboard; what is
on the screen is read from the program's own widgets, by the names that assistive technology is given.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from advocate_desk.desk.window import MainWindow

PATIENCE_S = 20.0
STEP_MS = 15
PAINT_MS = 150  # until what was laid out is drawn


class Person:
    """Presses keys and looks. Every wait ends in an error that says what was waited for and what is on the screen."""

    def __init__(self, window: MainWindow, pictures: Path | None = None) -> None:
        self.window = window
        self._pictures = pictures
        self._count = 0
        self.pressed = 0  # keys, typed text aside

    def press(self, *keys: str) -> None:
        """Press keys by their X names: "Return", "ctrl+s", "Tab"."""
        for key in keys:
            self.pressed += 1
            self._tell("key", "--clearmodifiers", key)

    def write(self, text: str) -> None:
        """Type text where the focus is; what the keyboard has no keys for is pasted."""
        if text.isascii():
            self._tell("type", "--clearmodifiers", "--delay", "1", "--", text)
        else:
            QApplication.clipboard().setText(text)
            self.press("ctrl+v")

    def until(self, is_so: Callable[[], object], what: str, seconds: float = PATIENCE_S) -> None:
        """Wait until something is so."""
        end = time.monotonic() + seconds
        while not is_so():
            if time.monotonic() > end:
                self.picture("failed")
                seen = self.says()[:600]
                raise AssertionError(f"never came: {what}; focus on {self.focus()!r}; screen says: {seen!r}")
            QTest.qWait(STEP_MS)

    def sees(self, words: str) -> None:
        """Wait until these words stand somewhere on the screen."""
        self.until(lambda: words in self.says(), f"the words {words!r}")

    def goes_to(self, name: str, most: int = 90, key: str = "Tab") -> None:
        """Tab to the control of this name."""
        for _ in range(most):
            if self.focus() == name:
                return
            self.press(key)
        self.picture("failed")
        raise AssertionError(f"Tab never reaches {name!r}; screen says: {self.says()[:600]!r}")

    def fills(self, name: str, text: str) -> None:
        """Tab to a field, and type into it."""
        self.goes_to(name)
        self.press("ctrl+a")
        self.write(text)

    def chooses(self, name: str, text: str) -> None:
        """Tab to a list, type a part of an option and take the one that is offered first."""
        self.goes_to(name)
        self.write(text)
        self.until(lambda: QApplication.activePopupWidget() is not None, f"a list under {name!r}")
        self.press("Return")
        self.until(lambda: QApplication.activePopupWidget() is None, f"the list under {name!r} to close")

    def in_dialog(self, opening: str, steps: Callable[[QDialog], None]) -> None:
        """Press `opening`, do `steps` in the dialog that comes, and wait until it is gone.

        The steps run from a timer, because a dialog of the system's kind keeps its own event loop until it is closed.
        """
        went_wrong: list[BaseException] = []
        is_met = False

        def look() -> None:
            nonlocal is_met
            dialog = self.dialog()
            if dialog is None or is_met:
                return
            is_met = True
            watch.stop()
            try:
                steps(dialog)
            except BaseException as error:
                went_wrong.append(error)
                dialog.reject()

        watch = QTimer()
        watch.timeout.connect(look)
        watch.start(STEP_MS)
        self.press(opening)
        self.until(lambda: is_met and self.dialog() is None, "a dialog, and its end")
        if went_wrong:
            raise went_wrong[0]

    def focus(self) -> str:
        """The name of what has the focus."""
        self._take_focus()
        widget = QApplication.focusWidget()
        return widget.accessibleName() if widget is not None else ""

    def says(self) -> str:
        """All words that can be seen."""
        found = []
        for top in QApplication.topLevelWidgets():
            if not top.isVisible():
                continue
            for each in top.findChildren(QWidget):
                if each.isVisibleTo(top) and not each.visibleRegion().isEmpty():
                    found.append(_words(each))
        return "\n".join(word for word in found if word)

    def dialog(self) -> QDialog | None:
        """The dialog in front, if there is one."""
        front = QApplication.activeModalWidget()
        return front if isinstance(front, QDialog) else None

    def picture(self, name: str) -> None:
        """Keep a picture, where pictures are wanted."""
        if self._pictures is not None:
            QTest.qWait(PAINT_MS)
            self._count += 1
            self.window.screen().grabWindow(0).save(str(self._pictures / f"{self._count:02d}-{name}.png"))

    def field(self) -> str:
        """The path of the form's field that has the focus: "client_given_name", "contacts.0.value"."""
        self._take_focus()
        desk = self.window.desk()
        page = desk.forms.top() if desk is not None else None
        return str(page.view.focus_place().get("field", "")) if page is not None and page.view is not None else ""

    def goes_to_field(self, path: str, most: int = 90) -> None:
        """Tab to a field of the form in front: for labels that stand in it more than once."""
        for _ in range(most):
            if self.field() == path:
                return
            self.press("Tab")
        self.picture("failed")
        raise AssertionError(f"Tab never reaches the field {path}; the focus is on {self.focus()!r}")

    def _take_focus(self) -> None:
        """Give the keyboard to the window in front: there is no window manager that would."""
        front = QApplication.activeModalWidget() or self.window
        if QApplication.activePopupWidget() is None and QApplication.activeWindow() is not front:
            subprocess.run(["xdotool", "windowfocus", "--sync", str(int(front.winId()))], check=True, timeout=20)
            QTest.qWaitForWindowActive(front)

    def _tell(self, *words: str) -> None:
        self._take_focus()
        subprocess.run(["xdotool", *words], check=True, timeout=60)
        QTest.qWait(STEP_MS)


def _words(widget: QWidget) -> str:
    if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)):
        return widget.text()
    if isinstance(widget, (QPlainTextEdit, QTextEdit)):
        return widget.toPlainText()
    return ""
