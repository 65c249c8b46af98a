"""Run with a private bus in its environment: the real program, locked again and again by what the system says.

Started by tests/desk/test_login.py: `python -m tests.desk.login_session FOLDER`. Every form stands open with something
half typed in it; it prints what held, a line each.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from advocate_desk import app
from advocate_desk.app import Program
from advocate_desk.casework.drafts import all_drafts, drop
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.desk import theme
from advocate_desk.desk.composition import form_registry
from advocate_desk.desk.garbage import GuiCollector
from advocate_desk.desk.screens.unlock.view import UnlockView
from advocate_desk.desk.shell import DeskPage
from advocate_desk.desk.window import MainWindow
from advocate_desk.settings import LockSettings
from advocate_desk.store.engine import create_store, open_store
from advocate_desk.store.migrate import prepare
from advocate_desk.vault.keyring import NO_KEYRING, KeyringCheck
from advocate_desk.vault.vault import open_vault
from tests.builders import ACTOR, NOON, PACKS
from tests.casework_calls import Standing, a_standing_file
from tests.desk.login_manager import OTHER_PATH, OWN_ID, LoginManager
from tests.desk.typist import Typist, compose, standing, texts
from tests.unit.vault.vaults import CHEAP, PASSPHRASE, a_vault

PATIENCE_S = 20


def until(holds: Callable[[], object], what: str) -> None:
    """Wait for a state. Raises AssertionError with `what` when it does not come."""
    ends = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < ends, what
        QTest.qWait(10)


Said = Counter[tuple[str, str]]


class Session:
    """The program on a vault that holds a standing file."""

    def __init__(self, folder: Path, manager: LoginManager | None) -> None:
        self.folder, self.manager = folder, manager
        self.wanted: dict[str, Said] = {}
        self.clock = FixedClock(NOON)
        self.file = self._make_vault()
        self.window = MainWindow(self.clock)
        self.program = Program(self.window, folder, self.clock, is_demonstration=False)
        self.window.resize(1366, 768)
        self.window.show()
        self.program.start()

    def _make_vault(self) -> Standing:
        a_vault(self.folder, self.clock)
        vault = open_vault(self.folder, PASSPHRASE, keyring=None, clock=self.clock, cost=CHEAP)
        key = vault.db_key.buffer
        engine = create_store(self.folder / "caseload.db", key)
        prepare(engine, key, self.folder / "backups", NOON)
        work = Work(engine, self.clock, PACKS, ACTOR)
        made = a_standing_file(work)
        drop(work, "kept")  # a draft that no form of the program would leave
        engine.dispose()
        vault.close()
        return made

    @property
    def desk(self) -> DeskPage:
        """The open desk."""
        found = self.window.desk()
        assert found is not None, "the desk is locked"
        return found

    def unlock(self) -> None:
        """Type the passphrase, and wait until the desk is as it was left."""
        until(lambda: self.window.findChild(UnlockView) is not None, "the unlock page")
        page = self.window.findChild(UnlockView)
        assert page is not None
        page.passphrase_page.field.edit.setText(PASSPHRASE)
        QTest.keyClick(page.passphrase_page.field.edit, Qt.Key.Key_Return)
        until(lambda: self.window.desk() is not None, "the desk to open")
        until(self._is_drawn, "the forms to be there")

    def _is_drawn(self) -> bool:
        pages = self.desk.forms.pages()
        return all(each.view is not None for each in pages) and len(pages) >= len(self.wanted)

    def fill_every_form(self) -> None:
        """Open every form that opens for something new, and leave words in it."""
        typist = Typist()
        keys = form_registry().keys()
        for key in keys:
            before = len(self.desk.forms.pages())
            self.desk.office.open_form(key, {"file_id": str(self.file.file_id)})
            until(partial(self._is_open_or_refused, before), key)
            view = self.desk.forms.pages()[-1].view
            if view is not None:
                typist.fill(view)
        self.wanted = self.said()
        assert len(self.wanted) > 20

    def _is_open_or_refused(self, before: int) -> bool:
        pages = self.desk.forms.pages()
        page = pages[-1] if len(pages) > before else None
        if page is not None and page.view is None and page._banner.isVisible():
            page.discard_asked.emit()  # it is a form for something that is there
            return True
        return page is not None and page.view is not None

    def said(self) -> dict[str, Said]:
        """What stands in each form."""
        return {each.key: Counter(standing(each.view)) for each in self.desk.forms.pages() if each.view is not None}

    def half_type(self) -> None:
        """Leave half a word, still composing, in the form in front."""
        view = self.desk.forms.pages()[-1].view
        assert view is not None
        field = next(each for each in texts(view) if each.isVisible())
        field.setFocus()
        compose(field, "half a ", "wörd")
        before = field.text() if hasattr(field, "text") else field.toPlainText()
        self.wanted = self.said()
        front = self.wanted[self.desk.forms.pages()[-1].key]
        kind = type(field).__name__
        front[kind, before] -= 1
        at = field.cursorPosition() if hasattr(field, "cursorPosition") else field.textCursor().position()
        front[kind, before[:at] + "wörd" + before[at:]] += 1
        self.wanted = {key: +each for key, each in self.wanted.items()}

    def check_lock(self, name: str, ask: Callable[[], None]) -> None:
        """Lock in one way and unlock: every form is as it was."""
        self.half_type()
        ask()
        until(lambda: self.window.desk() is None, f"the lock by {name}")
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.unlock()
        until(lambda: len(self.said()) == len(self.wanted), "every form")
        for key, wanted in self.wanted.items():
            now = self.said()[key]
            assert now == wanted, f"{name}: {key.split()[0]}: lost {wanted - now}, came {now - wanted}"
        print(name)


def check_sleep(session: Session, manager: LoginManager) -> None:
    """The computer waits for the lock, and no longer; what was typed is on the disk before it sleeps."""
    until(lambda: len(manager.inhibitors) == 1, "the hold on sleep")
    held = manager.inhibitors[0]
    assert held.asked[0] == "sleep" and held.asked[3] == "delay", held.asked
    assert not held.released.is_set()
    copied = session.folder.with_name("at sleep")

    def copy_at_sleep() -> None:
        held.released.wait(20)
        shutil.copytree(session.folder, copied)

    copying = threading.Thread(target=copy_at_sleep)
    copying.start()
    session.check_lock("sleep", lambda: manager.prepare_for_sleep(True))
    copying.join()
    manager.prepare_for_sleep(False)
    check_drafts(copied, session.wanted)
    print("drafts were on the disk before sleep")
    until(lambda: len(manager.inhibitors) == 2, "a new hold after waking")
    assert not manager.inhibitors[1].released.is_set()
    print("held again")


def check_drafts(folder: Path, wanted: dict[str, Said]) -> None:
    """The copied vault opens and holds a draft of every form."""
    clock = FixedClock(NOON)
    vault = open_vault(folder, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    engine = open_store(folder / "caseload.db", vault.db_key.buffer)
    kept = {each.key for each in all_drafts(Work(engine, clock, PACKS, ACTOR))}
    engine.dispose()
    vault.close()
    assert set(wanted) <= kept


def run(folder: Path) -> None:
    """Everything, one after the other."""
    manager = LoginManager(os.environ["DBUS_SYSTEM_BUS_ADDRESS"])
    session = Session(folder, manager)
    session.unlock()
    session.fill_every_form()
    check_sleep(session, manager)
    until(lambda: "GetSession" in manager.calls, "the question for the session")
    manager.lock_session(OTHER_PATH)
    session.check_lock("session lock", manager.lock_session)
    session.check_lock("locked hint", lambda: manager.hint_locked(True))
    manager.hint_locked(False)
    for name in ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver"):
        session.check_lock(name, partial(manager.screen_saver, name, True))
        manager.screen_saver(name, False)
    check_idle(session)
    session.window.close()
    until(manager.inhibitors[-1].released.is_set, "the hold to be given back at the end")
    print("let go")
    manager.close()


def run_named(folder: Path) -> None:
    """The environment names a session, rightly or wrongly: its lock is heard."""
    manager = LoginManager(os.environ["DBUS_SYSTEM_BUS_ADDRESS"])
    session = Session(folder, manager)
    session.unlock()
    asked = 2 if os.environ["XDG_SESSION_ID"] != OWN_ID else 1
    until(lambda: manager.calls.count("GetSession") == asked, "the question for the session")

    def is_locked() -> bool:
        manager.lock_session()  # again, until the program has had its answer
        return session.window.desk() is None

    until(is_locked, "the lock")
    until(manager.inhibitors[0].released.is_set, "the hold to be given back")
    print("session lock")
    session.window.close()
    manager.close()


def run_alone(folder: Path) -> None:
    """No bus answers: the desk opens, and the idle time locks it."""
    session = Session(folder, None)
    session.unlock()
    check_idle(session)
    session.window.close()


def check_idle(session: Session) -> None:
    """Nobody is at the desk for as long as it takes."""

    def wait() -> None:
        session.clock.advance(timedelta(seconds=LockSettings().idle_lock_s))
        session.window.watch.look()

    if session.wanted:
        session.check_lock("idle", wait)
        return
    wait()
    until(lambda: session.window.desk() is None, "the idle lock")
    print("idle")


if __name__ == "__main__":
    application = QApplication(sys.argv[:1])
    GuiCollector(application)
    theme.apply(application, "light", 100)
    application.setStyleSheet("")
    app.UnlockView = partial(  # type: ignore[assignment,attr-defined]
        UnlockView, cost=CHEAP, find_keyring=lambda: KeyringCheck(None, NO_KEYRING)
    )
    {"bus": run, "named": run_named, "alone": run_alone}[sys.argv[2]](Path(sys.argv[1]))
