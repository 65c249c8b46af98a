"""Keeps what is being typed into a line of its own (a reason, a search), so that no lock costs it.

Forms have their drafts and pages their places; this is for lines that come and go. What was typed stands there again
when the same line is asked for again.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit
from shiboken6 import isValid

from advocate_desk.desk.drafts import Drafts


class HalfTyped(QObject):
    """The lines' texts, by what each is for. They go with the place in the desk into the encrypted store."""

    def __init__(self, drafts: Drafts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drafts = drafts
        self._texts: dict[str, str] = {}
        self._lines: dict[str, QLineEdit] = {}

    def follow(self, line: QLineEdit, name: str) -> None:
        """Put back what was typed for `name`, and keep what will be."""
        self._lines[name] = line
        self._put_back(name)
        line.textChanged.connect(partial(self._on_text, name))

    def forget(self, name: str) -> None:
        """It was given, or is not wanted any more."""
        self._texts.pop(name, None)
        self._drafts.touch()

    def place(self) -> dict[str, str]:
        """The texts, as a part of the place."""
        return dict(self._texts)

    def restore(self, texts: Any) -> None:  # noqa: ANN401 - out of the store's JSON
        """Take texts from a place; what was typed since goes first."""
        if isinstance(texts, dict):
            self._texts = {str(name): str(text) for name, text in texts.items()} | self._texts
            for name in self._lines:
                self._put_back(name)

    def _put_back(self, name: str) -> None:
        line = self._lines[name]
        if name in self._texts and isValid(line) and not line.text():
            line.setText(self._texts[name])

    def _on_text(self, name: str, text: str) -> None:
        if text:
            self._texts[name] = text
        else:
            self._texts.pop(name, None)
        self._drafts.touch()
