"""The real program on a profile: its window, pages and unlocked desk. Only the cost of a passphrase is a test's."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from advocate_desk import app
from advocate_desk.clock import FixedClock
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.editors import LongTextEditor, TextEditor
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.garbage import GuiCollector
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.unlock.view import UnlockView
from advocate_desk.desk.shell import DeskPage
from advocate_desk.desk.slices import is_making
from advocate_desk.desk.window import MainWindow
from advocate_desk.vault.keyring import NO_KEYRING, KeyringCheck
from tests.builders import NOON, PACKS
from tests.casework_calls import Standing
from tests.desk.typist import groups_of
from tests.faults.profiles import Profile
from tests.unit.vault.vaults import CHEAP, PASSPHRASE

PATIENCE_S = 30
IDS = {
    "action_id": "action",
    "alert_id": "alert",
    "assessment_id": "assessment",
    "bail_id": "bail",
    "case_id": "case",
    "conflict_id": "conflict",
    "consent_id": "consent",
    "contact_id": "contact",
    "from_letter": "letter",
    "hearing_id": "hearing",
    "need_id": "need",
    "note_id": "note",
    "person_id": "client",
    "task_id": "task",
}
"""What forms ask for, by what the standing file calls it."""


def make_cheap() -> Callable[[], None]:
    """Let the program ask little of the computer for a passphrase, and read the rule packs once. Gives the way back."""
    patch = pytest.MonkeyPatch()
    patch.setattr("advocate_desk.app.UnlockView", partial(UnlockView, cost=CHEAP, find_keyring=no_keyring))
    patch.setattr("advocate_desk.desk.composition.Packs", lambda _folder: PACKS)
    return patch.undo


def no_keyring() -> KeyringCheck:
    """A computer without a keyring."""
    return KeyringCheck(None, NO_KEYRING)


def wait_until(is_so: Callable[[], object], what: str | Callable[[], str]) -> None:
    """Let the program work until it is so; `what` may be asked only once it was waited for in vain."""
    ends = time.monotonic() + PATIENCE_S
    while not is_so():
        if time.monotonic() >= ends:
            raise AssertionError(f"it never came to {what if isinstance(what, str) else what()}")
        QTest.qWait(1)


class ProgramDesk:
    """The program on `profile`, at its unlock page."""

    def __init__(self, profile: Profile, clock: FixedClock | None = None) -> None:
        self.profile, self.clock = profile, clock or FixedClock(NOON)
        self.window = MainWindow(self.clock)
        self.window.resize(1366, 768)
        self.program = app.Program(self.window, profile.folder, self.clock, is_demonstration=False)
        self._collector = GuiCollector(self.window)
        self.window.show()
        self.program.start()

    # --- before the desk ---

    def unlock_page(self) -> UnlockView:
        """The page that asks for the passphrase."""
        pages = [each for each in self.window.findChildren(UnlockView) if each.isVisibleTo(self.window)]
        assert pages, "the desk is not locked"
        return pages[-1]

    def try_passphrase(self, passphrase: str = PASSPHRASE) -> None:
        """Type it and press Enter."""
        field = self.unlock_page().passphrase_page.field.edit
        field.setText(passphrase)
        QTest.keyClick(field, Qt.Key.Key_Return)

    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        """Open the desk and wait until all that was open is open again."""
        self.try_passphrase(passphrase)
        wait_until(self.window.desk, "an open desk")
        ready: list[bool] = []
        self.desk.ready.connect(lambda: ready.append(True))
        wait_until(lambda: ready or self.desk.office.drafts._forms is not tuple, "its drafts")
        wait_until(lambda: all(each.view is not None for each in self.forms()), "its forms")

    # --- the desk ---

    @property
    def desk(self) -> DeskPage:
        """The unlocked desk."""
        found = self.window.desk()
        assert found is not None
        return found

    @property
    def office(self) -> Office:
        """Its office."""
        return self.desk.office

    def forms(self) -> tuple[FormPage, ...]:
        """The open forms, bottom first."""
        return self.desk.forms.pages()

    def front(self) -> tuple[FormPage, FormView]:
        """The form in front."""
        page = self.forms()[-1]
        assert page.view is not None
        return page, page.view

    def open_form(self, kind: str) -> tuple[FormPage, FormView]:
        """Open a form, for something new where it can be, else for what the standing file holds."""
        for params in params_of(self.profile.standing):
            self.office.open_form(kind, dict(params))
            self.settle()
            page = self.forms()[-1]
            if page.view is not None:
                return page, page.view
            self.office.drafts.drop(page.key)
            page.discard_asked.emit()
            self.settle()
        raise AssertionError(f"{kind} opens for nothing that the standing file has")

    def settle(self) -> None:
        """Wait until the store's thread has nothing in hand and its answers are drawn."""
        for _ in range(3):
            answered: list[object] = []
            self.office.jobs.run(self.desk, lambda: True).done.connect(answered.append)
            wait_until(lambda heard=answered: heard and not is_making(self.desk), "an answer")  # type: ignore[misc]
            QTest.qWait(0)

    def toast(self) -> str:
        """The notice at the foot of the window."""
        return self.desk._toast.text() if self.desk._toast.isVisible() else ""

    def words(self) -> list[str]:
        """Every text that can be read in the window and in what stands over it."""
        roots = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
        labels = [label for root in roots for label in root.findChildren(QLabel) if label.isVisibleTo(root)]
        return list(dict.fromkeys(each.text() for each in labels if each.text()))

    def end(self) -> None:
        """Close the program, whatever stands in its way."""
        self.window._is_closing_anyway = True
        self.window.close()
        self._collector.stop()
        self.window.deleteLater()  # else its keys stand beside those of the next test's window, and neither is heard
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def params_of(standing: Standing) -> tuple[dict[str, str], dict[str, str]]:
    """What a form may be opened for: something new, or what the standing file has."""
    new = {"file_id": str(standing.file_id), "files": standing.file_id.hex}
    return new, new | {name: str(standing.ids[known]) for name, known in IDS.items()}


def place_of(view: FormView) -> str:
    """The path of the field that has the focus; "" where none has."""
    widget = QApplication.focusWidget()
    if widget is None:
        return ""
    return next((path for group in groups_of(view) if (path := group.locate(widget)) is not None), "")


def stops(view: FormView) -> list[QWidget]:
    """Where Tab stops in a form."""
    return [each for group in groups_of(view) for each in group.focus_chain()]


def text_fields(view: FormView) -> list[QWidget]:
    """The stops that take any text, and leave it as it was typed."""
    return [each for each in stops(view) if isinstance(each.parentWidget(), TextEditor | LongTextEditor)]
