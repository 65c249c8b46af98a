from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.clock import FixedClock
from advocate_desk.desk import theme
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.unlock.secret_field import SecretField
from advocate_desk.desk.screens.unlock.view import UnlockView
from advocate_desk.errors import WrongKey
from advocate_desk.vault.keyring import FOUND, NO_KEYRING, KeyringCheck, SecureKeyring
from advocate_desk.vault.slots import SlotKind
from advocate_desk.vault.vault import OpenVault, open_vault
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.unit.vault.keyrings import MemoryBackend
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE, a_vault

NO_RING = KeyringCheck(None, NO_KEYRING)


@dataclass
class Desk:
    """A vault, the screen over it, and what the screen gave."""

    folder: Path
    clock: FixedClock
    key: bytes
    code: str
    view: UnlockView
    opened: list[OpenVault] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.view.unlocked.connect(self.opened.append)

    def said(self) -> str:
        page = self.view._shown_page()
        return page.said.words() if page.said.isVisibleTo(self.view) else ""


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs("vault")
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path, clock: FixedClock, jobs: Jobs, qtbot: QtBot) -> Desk:
    key, code = a_vault(tmp_path, clock)
    return Desk(tmp_path, clock, key, code, a_view(tmp_path, clock, jobs, qtbot))


def a_view(folder: Path, clock: FixedClock, jobs: Jobs, qtbot: QtBot, check: KeyringCheck = NO_RING) -> UnlockView:
    view = UnlockView(folder, clock, jobs, cost=CHEAP, find_keyring=lambda: check)
    view.resize(1366, 768)
    qtbot.addWidget(view)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QLineEdit))
    return view


def test_typing_the_passphrase_and_enter_opens_the_desk(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.view.unlocked):
        type_text(PASSPHRASE)
        press(Qt.Key.Key_Return)
        assert not desk.view.passphrase_page.go.isEnabled()
    assert bytes(desk.opened[0].db_key.buffer) == desk.key
    assert desk.opened[0].opened_by is SlotKind.PASSPHRASE


def test_nothing_typed_stays_in_the_window_once_it_is_open(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.view.unlocked):
        type_text(PASSPHRASE)
        press(Qt.Key.Key_Return)
    for edit in desk.view.findChildren(QLineEdit):
        assert edit.text() == ""
        edit.undo()
        assert edit.text() == ""


def test_a_wrong_passphrase_is_said_on_the_page_and_can_be_typed_over(desk: Desk, qtbot: QtBot) -> None:
    type_text(OTHER_PASSPHRASE)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not open this desk" in desk.said())
    assert "Nothing was changed" in desk.said()
    with qtbot.waitSignal(desk.view.unlocked):
        type_text(PASSPHRASE)
        press(Qt.Key.Key_Return)


def test_the_cursor_is_in_the_field_however_the_page_gets_the_focus(desk: Desk) -> None:
    desk.view.passphrase_page.other.setFocus()
    desk.view.setFocus()
    assert focused().accessibleName() == "Passphrase"


def test_a_hint_stays_above_the_line(desk: Desk) -> None:
    desk.view.passphrase_page.show_hint("This is the demonstration.")
    press(Qt.Key.Key_Return)
    assert desk.view.passphrase_page._hint.isVisible()
    assert "Type your passphrase" in desk.said()


def test_an_empty_passphrase_is_no_attempt(desk: Desk) -> None:
    press(Qt.Key.Key_Return)
    assert "Type your passphrase" in desk.said()
    assert not desk.view.passphrase_page.is_busy


def test_after_several_wrong_ones_the_wait_is_told_in_words_and_ends(desk: Desk, qtbot: QtBot) -> None:
    page = desk.view.passphrase_page
    for number in range(4):
        page.said.say("")
        type_text(OTHER_PASSPHRASE)
        press(Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not page.is_busy and bool(desk.said()))
        assert page.is_waiting is False or number == 3
    qtbot.waitUntil(lambda: page.is_waiting)
    assert "seconds" in desk.said()
    press(Qt.Key.Key_Return)
    assert not page.is_busy
    desk.clock.advance(timedelta(seconds=5))
    desk.view._presenter._wait_s = 0
    qtbot.waitUntil(lambda: not page.is_waiting)
    assert "try again now" in desk.said()
    with qtbot.waitSignal(desk.view.unlocked):
        type_text(PASSPHRASE)
        press(Qt.Key.Key_Return)


def test_a_wait_from_before_the_restart_is_told_at_once(
    tmp_path: Path, clock: FixedClock, jobs: Jobs, qtbot: QtBot
) -> None:
    a_vault(tmp_path, clock)
    for _ in range(9):
        with pytest.raises(WrongKey):
            open_vault(tmp_path, OTHER_PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
        clock.advance(timedelta(minutes=3))
    clock.advance(timedelta(minutes=-2, seconds=-50))
    view = a_view(tmp_path, clock, jobs, qtbot)
    qtbot.waitUntil(lambda: view.passphrase_page.is_waiting)
    assert "4 minutes" in view.passphrase_page.said.words()


def test_the_recovery_code_opens_and_a_new_passphrase_is_chosen_by_keyboard(desk: Desk, qtbot: QtBot) -> None:
    tab_to("Use the recovery code instead")
    press(Qt.Key.Key_Space)
    assert focused().accessibleName() == "Recovery code"
    type_text(desk.code.lower())
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.view.new_passphrase_page.isVisibleTo(desk.view))
    assert focused().accessibleName() == "New passphrase"
    with qtbot.waitSignal(desk.view.unlocked):
        type_text(OTHER_PASSPHRASE)
        press(Qt.Key.Key_Return)
        type_text(OTHER_PASSPHRASE)
        press(Qt.Key.Key_Return)
    opened = open_vault(desk.folder, OTHER_PASSPHRASE, keyring=None, clock=desk.clock, cost=CHEAP)
    assert bytes(opened.db_key.buffer) == desk.key


def test_the_present_passphrase_can_be_kept_after_the_code(desk: Desk, qtbot: QtBot) -> None:
    tab_to("Use the recovery code instead")
    press(Qt.Key.Key_Space)
    type_text(desk.code)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.view.new_passphrase_page.isVisibleTo(desk.view))
    with qtbot.waitSignal(desk.view.unlocked):
        tab_to("Keep the present passphrase")
        press(Qt.Key.Key_Space)
    assert desk.opened[0].opened_by is SlotKind.RECOVERY
    open_vault(desk.folder, PASSPHRASE, keyring=None, clock=desk.clock, cost=CHEAP).close()


def test_a_desk_that_was_opened_by_code_and_not_taken_is_wiped(desk: Desk, qtbot: QtBot) -> None:
    desk.view.show_recovery()
    type_text(desk.code)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.view.new_passphrase_page.isVisibleTo(desk.view))
    vault = desk.view._presenter._recovered
    assert vault is not None
    desk.view.forget()
    assert vault.db_key.is_wiped
    assert desk.view.passphrase_page.isVisibleTo(desk.view)


@pytest.mark.parametrize(("look", "percent"), [("light", 100), ("dark", 100), ("high_contrast", 100), ("light", 200)])
def test_large_text_and_every_theme_leave_nothing_cut_off(
    look: str, percent: int, tmp_path: Path, clock: FixedClock, jobs: Jobs, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, look, percent)
    a_vault(tmp_path, clock)
    view = a_view(tmp_path, clock, jobs, qtbot)
    for turn in (view.show_passphrase, view.show_recovery, lambda: view.show_new_passphrase(has_keyring=False)):
        turn()
        inner = view._card.widget()
        assert inner is not None
        assert inner.minimumSizeHint().width() <= view._card.viewport().width()
        assert view._card.horizontalScrollBar().maximum() == 0


def test_the_group_with_a_typing_mistake_is_named_while_it_is_typed(desk: Desk) -> None:
    desk.view.show_recovery()
    first, second = desk.code.split()[:2]
    type_text(first + second[:4])
    assert desk.said() == ""
    type_text("0" if second[4] != "0" else "1")
    assert "second group" in desk.said()
    press(Qt.Key.Key_Backspace)
    type_text(second[4])
    assert desk.said() == ""
    assert desk.view.recovery_page.count.text() == "2 of 8 groups typed"


def test_the_sheet_in_force_is_named(desk: Desk, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: "marked" in desk.view.recovery_page._note.text())


def test_the_passphrase_is_shown_only_while_asked(desk: Desk) -> None:
    type_text("abc")
    edit = desk.view.passphrase_page.field.edit
    assert edit.echoMode() is QLineEdit.EchoMode.Password
    tab_to("Show what is typed: Passphrase")
    press(Qt.Key.Key_Space)
    assert edit.echoMode() is QLineEdit.EchoMode.Normal
    desk.view.forget()
    assert edit.echoMode() is QLineEdit.EchoMode.Password


def test_caps_lock_is_hinted_at(desk: Desk) -> None:
    hint = desk.view.passphrase_page.field._hint
    type_text("a")
    assert not hint.isVisible()
    press(Qt.Key.Key_A, modifiers=Qt.KeyboardModifier.ShiftModifier)
    capital_without_shift()
    assert hint.isVisible()
    type_text("b")
    assert not hint.isVisible()


def capital_without_shift() -> None:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QKeyEvent

    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(focused(), QKeyEvent(kind, Qt.Key.Key_Q, Qt.KeyboardModifier.NoModifier, "Q"))


def test_a_missing_device_secret_is_told_and_the_code_offered(
    tmp_path: Path, clock: FixedClock, jobs: Jobs, qtbot: QtBot
) -> None:
    a_vault(tmp_path, clock, SecureKeyring(MemoryBackend()))
    elsewhere = KeyringCheck(SecureKeyring(MemoryBackend()), FOUND)
    view = a_view(tmp_path, clock, jobs, qtbot, elsewhere)
    type_text(PASSPHRASE)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "second key" in view.passphrase_page.said.words())
    assert "recovery code" in view.passphrase_page.said.words()


@pytest.mark.parametrize("content", [b"{}", b'{"format": "advocate-desk-vault", "version": 9}'])
def test_a_key_file_that_cannot_be_read_is_told_at_once(
    tmp_path: Path, clock: FixedClock, jobs: Jobs, qtbot: QtBot, content: bytes
) -> None:
    (tmp_path / "vault.json").write_bytes(content)
    view = a_view(tmp_path, clock, jobs, qtbot)
    qtbot.waitUntil(lambda: bool(view.passphrase_page.said.words()))
    assert (tmp_path / "vault.json").read_bytes() == content


def test_a_screen_that_closes_while_it_opens_leaves_no_trace(
    tmp_path: Path, clock: FixedClock, jobs: Jobs, qtbot: QtBot
) -> None:
    a_vault(tmp_path, clock)
    view = UnlockView(tmp_path, clock, jobs, cost=CHEAP, find_keyring=lambda: NO_RING)
    qtbot.addWidget(view)
    view.passphrase_page.field.edit.setText(PASSPHRASE)
    view.passphrase_page.ask()
    view.deleteLater()
    jobs.close()


def test_every_control_has_a_name_and_a_place_in_the_tab_order(desk: Desk) -> None:
    for turn in (
        desk.view.show_passphrase,
        desk.view.show_recovery,
        lambda: desk.view.show_new_passphrase(has_keyring=True),
    ):
        turn()
        met: set[QWidget] = set()
        while focused() not in met:
            met.add(focused())
            press(Qt.Key.Key_Tab)
        shown = [
            widget
            for widget in desk.view.findChildren(QWidget)
            if widget.isVisibleTo(desk.view) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
        ]
        assert {widget for widget in shown if not widget.focusProxy()} <= met
        assert all(widget.accessibleName() for widget in met)


def test_the_screen_loads_nothing_heavy() -> None:
    script = (
        "import sys; import advocate_desk.desk.screens.unlock.view;"
        "heavy = ('sqlalchemy', 'reportlab', 'sqlcipher3', 'pikepdf', 'zxcvbn', 'keyring',"
        " 'advocate_desk.store', 'advocate_desk.casework', 'advocate_desk.documents', 'advocate_desk.packs');"
        "print([name for name in heavy if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
    assert loaded == "[]"


def test_what_is_typed_on_the_button_that_shows_the_passphrase_goes_nowhere(qtbot: QtBot) -> None:
    line = SecretField("Passphrase")
    qtbot.addWidget(line)
    line.show()
    QTest.keyClicks(line.edit, "copper")
    QTest.keyClicks(line._eye, "lantern")
    assert line.text() == "copper"
    QTest.keyClick(line._eye, Qt.Key.Key_Space)
    assert line.edit.echoMode() is QLineEdit.EchoMode.Normal
