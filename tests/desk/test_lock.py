"""Locking, hiding and closing while something stands over the desk, is under way, or cannot be written."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QMenu, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.app import Program
from advocate_desk.casework.drafts import Draft
from advocate_desk.casework.work import Work
from advocate_desk.desk.composition import SCREENS, OpenDesk
from advocate_desk.desk.dialogs.ask import DeskDialog, Question, choose_save_file
from advocate_desk.desk.lock import is_secret, secret_text
from advocate_desk.desk.screens.import_wizard.errands import Errands
from advocate_desk.desk.screens.settings.view import SettingsScreen
from advocate_desk.desk.shortcuts import sequences
from advocate_desk.desk.widgets.boxes import Banner
from advocate_desk.desk.widgets.safe_contact import ReasonAsked
from advocate_desk.desk.window import MainWindow
from advocate_desk.errors import Unavailable
from advocate_desk.settings import ComputerSettings, LockSettings
from advocate_desk.vault.set_up import create_vault
from tests.builders import a_file
from tests.desk.client_desk import ClientDesk
from tests.unit.vault.vaults import CHEAP, PASSPHRASE

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[ClientDesk]:
    made = ClientDesk(work, qtbot)
    yield made
    made.end()


def typed_into(desk: ClientDesk) -> QPlainTextEdit:
    """The text of a new note, with half a word in it."""
    desk.office.open_form("note", {"file_id": str(a_file(desk.work))})
    page = desk.form("note")
    assert page.view is not None
    edit = page.view.findChild(QPlainTextEdit)
    assert edit is not None
    edit.setPlainText("Half a wor")
    return edit


def a_dialog(desk: ClientDesk) -> tuple[QDialog, QWidget]:
    dialog = DeskDialog(desk.window, "A question")
    line = QLineEdit()
    dialog.body.addWidget(line)
    dialog.open()
    line.setFocus()
    desk.qtbot.waitUntil(dialog.isActiveWindow)
    return dialog, line


def a_file_dialog(desk: ClientDesk) -> tuple[QDialog, QWidget]:
    dialog = choose_save_file(desk.window, "Save", "letter.pdf", "PDF (*.pdf)", lambda _path: None)
    desk.qtbot.waitUntil(dialog.isActiveWindow)
    return dialog, dialog.findChild(QLineEdit) or dialog


# --- keys over a dialog or a menu ---


@pytest.mark.qt_log_ignore("Keyboard event not accepted", extend=True)  # the dialog is gone before the key comes up
@pytest.mark.parametrize("opener", [a_dialog, a_file_dialog])
def test_ctrl_l_locks_from_inside_a_dialog(qtbot: QtBot, desk: ClientDesk, opener: object) -> None:
    _dialog, line = opener(desk)  # type: ignore[operator]
    with qtbot.waitSignal(desk.window.locked) as locked:
        QTest.keyClick(line, Qt.Key.Key_L, CONTROL)
    assert locked.args == ["asked"]
    assert [each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog) and each.isVisible()] == []


def test_f9_hides_a_dialog_with_the_desk_and_brings_both_back(qtbot: QtBot, desk: ClientDesk) -> None:
    dialog, line = a_dialog(desk)
    QTest.keyClick(line, Qt.Key.Key_F9)
    assert desk.window.is_covered()
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    cover = QApplication.focusWidget()
    assert cover is not None
    QTest.keyClick(cover, Qt.Key.Key_F9)
    assert not desk.window.is_covered()
    assert dialog.isVisible()


def test_ctrl_l_as_the_system_sends_it_locks_from_inside_a_dialog_and_a_menu(qtbot: QtBot, desk: ClientDesk) -> None:
    a_dialog(desk)
    window = QGuiApplication.focusWindow()
    assert window is not None
    with qtbot.waitSignal(desk.window.locked):
        QTest.keyClick(window, Qt.Key.Key_L, CONTROL)
    desk.lock_and_unlock()
    menu = QMenu(desk.window)
    menu.addAction("One")
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    handle = desk.window.windowHandle()
    assert handle is not None
    with qtbot.waitSignal(desk.window.locked):
        QTest.keyClick(handle, Qt.Key.Key_L, CONTROL)
    assert not menu.isVisible()


def test_ctrl_l_locks_behind_the_cover(qtbot: QtBot, desk: ClientDesk) -> None:
    desk.window.cover()
    cover = QApplication.focusWidget()
    assert cover is not None
    with qtbot.waitSignal(desk.window.locked) as locked:
        QTest.keyClick(cover, Qt.Key.Key_L, CONTROL)
    assert locked.args == ["asked"]
    assert not desk.window.is_covered()


def test_f9_as_the_system_sends_it_hides_once_and_shows_once(desk: ClientDesk) -> None:
    handle = desk.window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_F9)
    assert desk.window.is_covered()
    QTest.keyClick(handle, Qt.Key.Key_F9)
    assert not desk.window.is_covered()


# --- what is under way ---


def test_a_lock_ends_a_running_import_instead_of_waiting_for_it(desk: ClientDesk) -> None:
    errands = Errands(desk.office.jobs, desk.window)
    began, ended_by_lock = threading.Event(), threading.Event()

    def long_import() -> None:
        began.set()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if errands.is_stopped():
                ended_by_lock.set()
                return

    QGuiApplication.clipboard().setText("07700 900123")
    edit = typed_into(desk)
    edit.setPlainText("Half a word")
    errands.run(long_import, lambda _result: None)
    assert began.wait(5)
    at = time.monotonic()
    desk.window.lock()
    assert ended_by_lock.is_set()
    assert time.monotonic() - at < 5
    desk.lock_and_unlock()
    text = desk.form("note").findChild(QPlainTextEdit)
    assert text is not None
    assert text.toPlainText() == "Half a word"


def test_the_clipboard_is_empty_before_the_drafts_are_written(
    desk: ClientDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = typed_into(desk)
    edit.selectAll()
    edit.copy()
    seen: list[str] = []
    flush = desk.office.drafts.flush_and_wait

    def note_and_flush(taken: tuple[Draft, ...]) -> object:
        seen.append(QGuiApplication.clipboard().text())
        return flush(taken)

    monkeypatch.setattr(desk.office.drafts, "flush_and_wait", note_and_flush)
    desk.window.lock()
    assert seen == [""]


def test_a_slow_keyring_holds_up_no_answer_of_the_store(
    qtbot: QtBot, desk: ClientDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []

    class Dialog(QDialog):
        def __init__(self, _vault: object, _clock: object, jobs: object, parent: QWidget, lead: str = "") -> None:
            super().__init__(parent)
            given.append(jobs)

    for name in ("ChangePassphraseDialog", "NewSheetDialog"):
        monkeypatch.setattr(f"advocate_desk.desk.screens.settings.presenter.{name}", Dialog)
    desk.office.vault = object()  # type: ignore[assignment]
    screen = SettingsScreen(desk.office)
    qtbot.addWidget(screen)
    screen.passphrase_asked.emit()
    screen.sheet_asked.emit()
    assert given == [desk.office.vault_jobs] * 2
    assert desk.office.vault_jobs is not desk.office.jobs
    held = threading.Event()
    desk.office.vault_jobs.run(desk.window, lambda: held.wait(20))
    answered: list[object] = []
    desk.office.jobs.run(screen, lambda: True).done.connect(answered.append)
    qtbot.waitUntil(lambda: answered == [True])
    held.set()
    desk.window.lock()
    assert desk.office.vault_jobs.is_closed


# --- the clipboard ---


def test_what_is_copied_is_kept_out_of_clipboard_histories(qtbot: QtBot, desk: ClientDesk) -> None:
    edit = typed_into(desk)
    edit.selectAll()
    edit.copy()
    clipboard = QGuiApplication.clipboard()
    qtbot.waitUntil(lambda: is_secret(clipboard.mimeData()))
    assert clipboard.text() == "Half a wor"
    marked = secret_text("x")
    assert bytes(marked.data("x-kde-passwordManagerHint").data()) == b"secret"
    for name in ("CanIncludeInClipboardHistory", "CanUploadToCloudClipboard"):
        assert bytes(marked.data(f'application/x-qt-windows-mime;value="{name}"').data()) == bytes(4)
    assert marked.hasFormat('application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"')


# --- closing ---


@pytest.mark.expects_log("drafts could not be written")
@pytest.mark.expects_log("background work failed")
def test_closing_with_a_full_disk_loses_nothing_unless_told_to(
    qtbot: QtBot, desk: ClientDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit = typed_into(desk)

    def full(*_arguments: object) -> None:
        raise OSError

    monkeypatch.setattr("advocate_desk.desk.drafts.store.keep_all", full)
    assert not desk.window.close()
    assert desk.window.desk() is not None
    assert edit.toPlainText() == "Half a wor"
    question = desk.window.findChild(Question)
    assert question is not None
    assert question.isVisible()
    with qtbot.waitSignal(desk.window.closing):
        question.accept()
    assert desk.window.desk() is None


def test_closing_when_all_is_written_asks_nothing(qtbot: QtBot, desk: ClientDesk) -> None:
    typed_into(desk)
    with qtbot.waitSignal(desk.window.closing):
        assert desk.window.close()


# --- the program around it ---


class _Vault:
    """A vault that says when it was closed."""

    def __init__(self) -> None:
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(RuntimeError("boom"), marks=pytest.mark.expects_log("background work failed")),
        Unavailable("The disk is full."),
    ],
)
def test_a_desk_that_cannot_be_opened_leaves_no_key_open_and_offers_the_way_back(
    qtbot: QtBot, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    window = MainWindow(work.clock)
    qtbot.addWidget(window)
    window.show()
    program = Program(window, tmp_path / "profile", work.clock, is_demonstration=False)

    def broken(*_arguments: object) -> None:
        raise error

    monkeypatch.setattr("advocate_desk.desk.composition.open_desk", broken)
    vault = _Vault()
    program._open_desk(vault, None)  # type: ignore[arg-type]
    qtbot.waitUntil(lambda: vault.is_closed)
    back = next(each for each in window.findChildren(QPushButton) if each.text() == "Back to the passphrase")
    assert back.isVisible()
    assert window.findChild(Banner) is not None
    window.close()


def test_a_lock_collects_what_the_desk_held_in_cycles(
    qtbot: QtBot, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = MainWindow(work.clock)
    qtbot.addWidget(window)
    program = Program(window, tmp_path / "profile", work.clock, is_demonstration=False)

    class Cycle:
        def __init__(self) -> None:
            self.me = self

    held = weakref.ref(Cycle())
    assert held() is not None
    window.locked.emit("asked")
    qtbot.waitUntil(lambda: held() is None)
    program._jobs.close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_find_says_that_it_could_not_look(qtbot: QtBot, desk: ClientDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise Unavailable("The caseload could not be read. Look whether the disk is there.")

    monkeypatch.setattr("advocate_desk.desk.find.find", full)
    page = desk.window.desk()
    assert page is not None
    page.find_popup.open()
    QTest.keyClicks(page.find_popup.line, "testina")
    qtbot.waitUntil(lambda: "could not be read" in page.find_popup._hint.text())


def test_the_store_answers_after_the_desk_was_drawn_in_a_new_look(qtbot: QtBot, work: Work, tmp_path: Path) -> None:
    vault = create_vault(tmp_path / "desk", PASSPHRASE, keyring=None, clock=work.clock, cost=CHEAP).finish()
    opened = OpenDesk(work, vault, LockSettings(), ())
    window = MainWindow(work.clock)
    qtbot.addWidget(window)
    window.show_desk(lambda: opened.build(window))
    with qtbot.waitSignal(window.restyled):
        window.set_computer(ComputerSettings(theme="dark"))
    page = window.desk()
    assert page is not None
    answered: list[object] = []
    page.office.jobs.run(page, lambda: True).done.connect(answered.append)
    qtbot.waitUntil(lambda: answered == [True])
    window.lock("closing")
    vault.close()


def test_each_page_of_the_rail_has_a_key() -> None:
    rail = [each for each in SCREENS if each.on_rail]
    assert all(sequences(f"screen_{number}") for number in range(1, len(rail) + 1))


# --- what is typed in no form ---


def test_a_reason_and_a_search_half_typed_stand_there_again_after_a_lock(qtbot: QtBot, desk: ClientDesk) -> None:
    def ask() -> ReasonAsked:
        made = ReasonAsked(desk.office, "a call", ("Not safe now.",), "Show all the same")
        qtbot.addWidget(made)
        return made

    ask().reason.setText("She rang and as")
    page = desk.window.desk()
    assert page is not None
    page.find_popup.line.setText("testi")
    desk.lock_and_unlock()
    again = ask()
    assert again.reason.text() == "She rang and as"
    page = desk.window.desk()
    assert page is not None
    assert page.find_popup.line.text() == "testi"
    with qtbot.waitSignal(again.given):
        again._give()
    desk.lock_and_unlock()
    assert ask().reason.text() == "", "it was given"
