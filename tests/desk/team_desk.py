"""A whole desk with a vault of its own and a hub over HTTP, for tests of the team's pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.exceptions import TimeoutError as WaitTimeout
from pytestqt.qtbot import QtBot

from advocate_desk.clock import FixedClock
from advocate_desk.desk.composition import OpenDesk, open_desk
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.first_run.details import ProfileDetails
from advocate_desk.desk.screens.team.view import TeamScreen
from advocate_desk.desk.window import MainWindow
from advocate_desk.vault.set_up import create_vault
from advocate_desk.vault.vault import open_vault
from tests.builders import NOON
from tests.desk.front import to_front
from tests.unit.vault.vaults import CHEAP, PASSPHRASE

W = TypeVar("W", bound=QWidget)


class TeamDesk:
    """One person's desk in a window. `end` closes it, as the program does."""

    def __init__(self, folder: Path, name: str, qtbot: QtBot, *, joins: bool = False) -> None:
        self.folder, self.qtbot = folder, qtbot
        self.clock = FixedClock(NOON)
        self.window = MainWindow(self.clock)
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        vault = create_vault(folder, PASSPHRASE, keyring=None, clock=self.clock, cost=CHEAP).finish()
        self._show(open_desk(vault, self.clock, ProfileDetails(name, "IDVA", "Harbour Service", joins)))

    def _show(self, desk: OpenDesk) -> None:
        self.open = desk
        self.page = self.window.show_desk(lambda: desk.build(self.window))
        self.office: Office = self.page.office
        with self.qtbot.waitSignal(self.page.ready):
            self.front()

    def front(self) -> None:
        """Bring its window to the front, as a person who sits down at it does."""
        to_front(self.window, self.qtbot)

    def lock(self) -> None:
        """As Ctrl+L does, with all that the program ends then; not in the moment in which it looks for backups."""
        if self.office.backups is not None:
            self.office.backups.jobs.run_and_wait(lambda: None)
        self.window.lock()
        self.open.close()

    def unlock(self) -> None:
        """As the passphrase does."""
        vault = open_vault(self.folder, PASSPHRASE, keyring=None, clock=self.clock, cost=CHEAP)
        self._show(open_desk(vault, self.clock, None))

    def end(self) -> None:
        """Lock and close."""
        if self.window._desk is not None:
            self.lock()
        self.window.close()

    # --- what a person does ---

    def team(self) -> TeamScreen:
        """Go to the team's page."""
        self.office.go("team")
        page = self.page.current_page()
        assert isinstance(page, TeamScreen)
        self.qtbot.waitUntil(lambda: page.presenter._is_known)
        return page

    def dialog(self, kind: type[W]) -> W:
        """The dialog of this kind, once it is open."""

        def found() -> W | None:
            windows = [each for each in QApplication.topLevelWidgets() if isinstance(each, kind) and each.isVisible()]
            return windows[0] if windows else None

        self.qtbot.waitUntil(lambda: found() is not None)
        made = found()
        assert made is not None
        to_front(made, self.qtbot)
        return made

    def press(self, *keys: Qt.Key) -> None:
        """Press keys where the focus is."""
        for key in keys:
            QTest.keyClick(self._focus(), key)

    def write(self, text: str) -> None:
        """Type where the focus is."""
        QTest.keyClicks(self._focus(), text)

    def goes_to(self, name: str, most: int = 60) -> None:
        """Tab to the control of this name."""
        passed = []
        for _ in range(most):
            passed.append(self._focus().accessibleName())
            if passed[-1] == name:
                return
            QTest.keyClick(self._focus(), Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never reaches {name!r}, only {sorted(set(passed))}")

    def presses(self, name: str) -> None:
        """Tab to a button and press Enter."""
        self.goes_to(name)
        self.press(Qt.Key.Key_Return)

    def ticks(self, name: str) -> None:
        """Tab to one of several choices and press Space."""
        self.goes_to(name)
        self.press(Qt.Key.Key_Space)

    def fills(self, name: str, text: str) -> None:
        """Tab to a line and type, over what stands there."""
        self.goes_to(name)
        QTest.keyClick(self._focus(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.write(text)

    def sees(self, words: str) -> None:
        """Wait until these words stand somewhere."""
        self.until(lambda: words in self.says(), words)

    def until(self, is_so: Callable[[], object], what: str) -> None:
        """Wait until something is so."""
        try:
            self.qtbot.waitUntil(lambda: bool(is_so()), timeout=15_000)
        except WaitTimeout as error:
            raise AssertionError(f"never came: {what}; there is: {self.says()[:900]}") from error

    def says(self) -> str:
        """Every label in sight, of every window of this desk."""
        windows = [each for each in QApplication.topLevelWidgets() if each.isVisible() and self._is_ours(each)]
        return "\n".join(
            label.text() for window in windows for label in window.findChildren(QLabel) if label.isVisible()
        )

    def _is_ours(self, window: QWidget) -> bool:
        return window is self.window or window.parent() is self.window

    def _focus(self) -> QWidget:
        if QApplication.focusWidget() is None:  # a dialog has closed
            self.front()
        self.qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        found = QApplication.focusWidget()
        assert found is not None
        return found
