"""Questions that need an answer now. None waits in a loop of its own, so that a lock is never held up.

A dialog here is opened, not executed: the answer comes by signal, and closing it for a lock is the same as saying no.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.buttons import button
from advocate_desk.desk.widgets.labels import icon_label, text_label, tone_icon


class DeskDialog(QDialog):
    """A window over the desk with a heading, a body and buttons. Open it with `open()`."""

    def __init__(self, parent: QWidget, title: str, text: str = "", icon: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle("Advocate Desk")  # a title bar is read over shoulders
        self.setAccessibleName(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(px(24), px(20), px(24), px(20))
        outer.setSpacing(px(12))
        head = QHBoxLayout()
        head.setSpacing(px(10))
        if icon:
            head.addWidget(icon_label(icon, 22, "accent"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(text_label(title, "heading", wrap=True), 1, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(head)
        if text:
            outer.addWidget(text_label(text, wrap=True))
        self.body = QVBoxLayout()
        self.body.setSpacing(px(10))
        outer.addLayout(self.body, 1)
        outer.addSpacing(px(4))
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(px(8))
        self.buttons.addStretch(1)
        outer.addLayout(self.buttons)
        self.setMinimumWidth(px(420))


class Question(DeskDialog):
    """Yes or no, in words that say what yes does."""

    answered = Signal(bool)

    def __init__(self, parent: QWidget, title: str, text: str, yes: str, no: str = "", is_grave: bool = False) -> None:
        super().__init__(parent, title, text, tone_icon("warning") if is_grave else "")
        back = button(no or self.tr("Cancel"), clicked=self.reject)
        go = button(yes, "danger" if is_grave else "primary", clicked=self.accept)
        self.buttons.addWidget(back)
        self.buttons.addWidget(go)
        (back if is_grave else go).setDefault(True)
        (back if is_grave else go).setFocus()
        self.finished.connect(lambda result: self.answered.emit(result == QDialog.DialogCode.Accepted))


def ask(
    parent: QWidget, title: str, text: str, yes: str, on_yes: Callable[[], object], is_grave: bool = False
) -> Question:
    """Ask, and run `on_yes` if the answer is yes. Prefer an undo where there can be one."""
    question = Question(parent.window(), title, text, yes, is_grave=is_grave)
    question.answered.connect(lambda is_yes: on_yes() if is_yes else None)
    question.open()
    return question


def choose_open_file(parent: QWidget, title: str, patterns: str, on_chosen: Callable[[Path], object]) -> QFileDialog:
    """Let a file be chosen to read. `patterns` is such as "Spreadsheets (*.csv *.xlsx *.ods)"."""
    dialog = QFileDialog(parent.window(), title, _documents(), patterns)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    return _open(dialog, on_chosen)


def choose_save_file(
    parent: QWidget, title: str, name: str, patterns: str, on_chosen: Callable[[Path], object]
) -> QFileDialog:
    """Let a place be chosen to write to. `name` is the neutral file name that is offered."""
    dialog = QFileDialog(parent.window(), title, _documents(), patterns)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(name)
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    return _open(dialog, on_chosen)


def choose_folder(parent: QWidget, title: str, on_chosen: Callable[[Path], object]) -> QFileDialog:
    """Let a folder be chosen."""
    dialog = QFileDialog(parent.window(), title, _documents())
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _open(dialog, on_chosen)


def _open(dialog: QFileDialog, on_chosen: Callable[[Path], object]) -> QFileDialog:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.fileSelected.connect(lambda chosen: on_chosen(Path(chosen)) if chosen else None)
    dialog.destroyed.connect(_forget_folders)
    dialog.open()
    return dialog


def _forget_folders() -> None:
    """Qt keeps the folders that were visited in a settings file of its own; a folder may be named for somebody."""
    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    kept.remove("FileDialog")
    kept.sync()


def _documents() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
