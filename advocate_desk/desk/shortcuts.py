"""The one list of every shortcut: it feeds menus, tooltips, the help overlay (F1) and the test that each is unique."""

from __future__ import annotations

from typing import Literal, NamedTuple

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtGui import QKeySequence

Where = Literal["everywhere", "client file", "forms", "questions", "lists", "dates"]


class Shortcut(NamedTuple):
    """One shortcut. `key` names it in code; `keys` are all its sequences, the first of which is shown."""

    key: str
    keys: tuple[str, ...]
    title: str
    where: Where = "everywhere"

    def shown(self) -> str:
        """The keys as this computer writes them."""
        return QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText) or self.keys[0]

    def words(self) -> str:
        """The title in the user's language."""
        return QCoreApplication.translate("Shortcuts", self.title)


_T = QT_TRANSLATE_NOOP

SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("find", ("Ctrl+K", "Ctrl+F"), str(_T("Shortcuts", "Find people, references, notes and commands"))),
    Shortcut("lock", ("Ctrl+L",), str(_T("Shortcuts", "Lock the desk"))),
    Shortcut("hide", ("F9",), str(_T("Shortcuts", "Hide the screen, and show it again"))),
    Shortcut("help", ("F1",), str(_T("Shortcuts", "Show these shortcuts"))),
    Shortcut("back", ("Alt+Left",), str(_T("Shortcuts", "Back"))),
    Shortcut("forward", ("Alt+Right",), str(_T("Shortcuts", "Forward"))),
    Shortcut("refresh", ("F5",), str(_T("Shortcuts", "Read this page again"))),
    Shortcut("screen_1", ("Ctrl+1",), str(_T("Shortcuts", "First page of the rail: Today"))),
    Shortcut("screen_2", ("Ctrl+2",), str(_T("Shortcuts", "Second page of the rail: Caseload"))),
    Shortcut("screen_3", ("Ctrl+3",), str(_T("Shortcuts", "Third page of the rail"))),
    Shortcut("screen_4", ("Ctrl+4",), str(_T("Shortcuts", "Fourth page of the rail"))),
    Shortcut("screen_5", ("Ctrl+5",), str(_T("Shortcuts", "Fifth page of the rail"))),
    Shortcut("screen_6", ("Ctrl+6",), str(_T("Shortcuts", "Sixth page of the rail"))),
    Shortcut("screen_7", ("Ctrl+7",), str(_T("Shortcuts", "Seventh page of the rail"))),
    Shortcut("new_file", ("Ctrl+N",), str(_T("Shortcuts", "New client file"))),
    Shortcut("file_menu", ("F10", "Alt+F"), str(_T("Shortcuts", "Menu File"))),
    Shortcut("drafts", ("Ctrl+D",), str(_T("Shortcuts", "Drafts that are waiting"))),
    Shortcut("conflicts", ("Ctrl+Shift+D",), str(_T("Shortcuts", "Values on which two people differ"))),
    Shortcut("larger", ("Ctrl++", "Ctrl+="), str(_T("Shortcuts", "Larger text"))),
    Shortcut("smaller", ("Ctrl+-",), str(_T("Shortcuts", "Smaller text"))),
    Shortcut("quit", ("Ctrl+Q",), str(_T("Shortcuts", "Close Advocate Desk"))),
    Shortcut("new_note", ("Ctrl+Shift+N",), str(_T("Shortcuts", "New contact note")), "client file"),
    Shortcut("new_task", ("Ctrl+Shift+T",), str(_T("Shortcuts", "New task")), "client file"),
    Shortcut("new_attempt", ("Ctrl+Shift+A",), str(_T("Shortcuts", "Record a contact attempt")), "client file"),
    Shortcut("show_number", ("Ctrl+Shift+P",), str(_T("Shortcuts", "Show or cover the number")), "client file"),
    Shortcut("next_section", ("Ctrl+PgDown",), str(_T("Shortcuts", "Next section of the file")), "client file"),
    Shortcut("last_section", ("Ctrl+PgUp",), str(_T("Shortcuts", "Previous section of the file")), "client file"),
    Shortcut("section_1", ("Alt+1",), str(_T("Shortcuts", "Section 1 of the file")), "client file"),
    Shortcut("section_2", ("Alt+2",), str(_T("Shortcuts", "Section 2 of the file")), "client file"),
    Shortcut("section_3", ("Alt+3",), str(_T("Shortcuts", "Section 3 of the file")), "client file"),
    Shortcut("section_4", ("Alt+4",), str(_T("Shortcuts", "Section 4 of the file")), "client file"),
    Shortcut("section_5", ("Alt+5",), str(_T("Shortcuts", "Section 5 of the file")), "client file"),
    Shortcut("section_6", ("Alt+6",), str(_T("Shortcuts", "Section 6 of the file")), "client file"),
    Shortcut("section_7", ("Alt+7",), str(_T("Shortcuts", "Section 7 of the file")), "client file"),
    Shortcut("section_8", ("Alt+8",), str(_T("Shortcuts", "Section 8 of the file")), "client file"),
    Shortcut("section_9", ("Alt+9",), str(_T("Shortcuts", "Section 9 of the file")), "client file"),
    Shortcut("section_10", ("Alt+0",), str(_T("Shortcuts", "Section 10 of the file")), "client file"),
    Shortcut("save", ("Ctrl+S", "Ctrl+Return", "Ctrl+Enter"), str(_T("Shortcuts", "Save the form")), "forms"),
    Shortcut("close", ("Esc",), str(_T("Shortcuts", "Close, and keep the draft")), "forms"),
    Shortcut("yes", ("Y",), str(_T("Shortcuts", "Yes")), "questions"),
    Shortcut("no", ("N",), str(_T("Shortcuts", "No, and on to the next question")), "questions"),
    Shortcut("dont_know", ("D",), str(_T("Shortcuts", "Don’t know, and on to the next question")), "questions"),
    Shortcut("not_asked", ("X",), str(_T("Shortcuts", "Not asked")), "questions"),
    Shortcut("open_list", ("Down",), str(_T("Shortcuts", "Show what there is to choose from")), "lists"),
    Shortcut("open_row", ("Return",), str(_T("Shortcuts", "Open the row")), "lists"),
    Shortcut("record_outcome", ("O",), str(_T("Shortcuts", "Record the outcome of the hearing")), "lists"),
    Shortcut("write_letter", ("L",), str(_T("Shortcuts", "Write a letter about the hearing")), "lists"),
    Shortcut("complete", ("Space",), str(_T("Shortcuts", "Mark the task as done")), "lists"),
    Shortcut("next_problem", ("F8",), str(_T("Shortcuts", "Next thing to put right in an import")), "lists"),
    Shortcut("leave_out", ("Ctrl+Del",), str(_T("Shortcuts", "Leave a row out of an import")), "lists"),
)

_BY_KEY = {each.key: each for each in SHORTCUTS}


def shortcut(key: str) -> Shortcut:
    """The shortcut called `key`. Raises KeyError."""
    return _BY_KEY[key]


def sequences(key: str) -> list[QKeySequence]:
    """The key sequences of a shortcut, for `QAction.setShortcuts`."""
    return [QKeySequence(each) for each in shortcut(key).keys]


def with_keys(text: str, key: str) -> str:
    """A tooltip: what it does, and its keys."""
    return f"{text} ({shortcut(key).shown()})"


def where_words(where: Where) -> str:
    """The heading of a group of shortcuts, in the user's language."""
    words = {
        "everywhere": QCoreApplication.translate("Shortcuts", "Everywhere"),
        "client file": QCoreApplication.translate("Shortcuts", "In a client file"),
        "forms": QCoreApplication.translate("Shortcuts", "In a form"),
        "questions": QCoreApplication.translate("Shortcuts", "On a yes-or-no question"),
        "lists": QCoreApplication.translate("Shortcuts", "In lists and choices"),
        "dates": QCoreApplication.translate("Shortcuts", "In dates"),
    }
    return words[where]
