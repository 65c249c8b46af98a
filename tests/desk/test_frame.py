"""The frame: locking, hiding, drafts, find, and the way back, on a real encrypted store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework import drafts as kept
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.work import Done, Work
from advocate_desk.clock import FixedClock
from advocate_desk.desk.dialogs.ask import ask
from advocate_desk.desk.drafts import KEEP_AFTER_MS, Drafts
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.forms.registry import FormKind, FormRegistry, Params
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.settings.view import SettingsScreen
from advocate_desk.desk.shell import CommandKind, DeskPage, ScreenKind
from advocate_desk.desk.widgets.labels import text_label
from advocate_desk.desk.window import MainWindow
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import Blocked, Invalid
from advocate_desk.settings import ComputerSettings, LockSettings, load_computer
from tests.builders import NOON, a_file, a_work
from tests.desk.forms import EVERY_KIND, OPTIONS, SHORT
from tests.desk.forms import FILLED as FILLED_BADLY
from tests.desk.front import to_front
from tests.desk.walk import assert_accessible, assert_fits

FILLED: dict[str, Any] = {**FILLED_BADLY, "child": [{"name": "Child One", "age": 4}]}


class Plain(QWidget):
    """A page with a place."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._place: dict[str, Any] = {}
        layout = QVBoxLayout(self)
        layout.addWidget(text_label(title, "title"))

    def place(self) -> dict[str, Any]:
        return self._place

    def restore(self, place: dict[str, Any]) -> None:
        self._place = place


class Saving:
    """What the forms of these tests do when they are saved."""

    def __init__(self) -> None:
        self.saved: list[Values] = []
        self.error: Exception | None = None

    def save(self, _office: Office, _params: Params, values: Values) -> Done:
        if self.error is not None:
            raise self.error
        self.saved.append(values)
        return Done(kinds=frozenset({"note"}))


def _filled(_office: Office, _params: Params) -> Values:
    return dict(FILLED)


class Desk:
    """A window with a desk on it, and the store under it."""

    def __init__(self, work: Work, saving: Saving, computer_path: Path) -> None:
        self.work, self.saving = work, saving
        self.window = MainWindow(work.clock, ComputerSettings(), computer_path)
        self.window.resize(1366, 768)  # a small laptop
        self.offices: list[Office] = []

    def open(self) -> DeskPage:
        return self.window.show_desk(self._build, LockSettings(idle_lock_s=600))

    @property
    def office(self) -> Office:
        return self.offices[-1]

    def _build(self) -> DeskPage:
        kinds = (
            FormKind("short", lambda _o, _p: SHORT, self.saving.save, saved_words="Note saved."),
            FormKind(
                "every",
                lambda _o, _p: EVERY_KIND,
                self.saving.save,
                lambda _o, _p: dict(FILLED),
                lambda _o, _p: OPTIONS,
            ),
        )
        office = Office(self.work, Jobs(), FormRegistry(kinds))
        self.offices.append(office)
        screens = (
            ScreenKind("today", "Today", "sun", lambda _o: Plain("Today")),
            ScreenKind("caseload", "Caseload", "users", lambda _o: Plain("Caseload")),
            ScreenKind("settings", "Settings", "settings", SettingsScreen),
        )
        commands = (CommandKind("New contact note", "notebook-pen", lambda o: o.open_form("short"), "new_note"),)
        return DeskPage(office, screens, lambda _o, file_id, _s: Plain(f"File {file_id}"), commands)


@pytest.fixture
def saving() -> Saving:
    return Saving()


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path, saving: Saving) -> Iterator[Desk]:
    work = a_work(tmp_path)
    made = Desk(work, saving, tmp_path / "computer.json")
    qtbot.addWidget(made.window)
    with qtbot.waitExposed(made.window):
        to_front(made.window, qtbot)
    yield made
    made.window.lock()
    work.engine.dispose()


def focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def opened(qtbot: QtBot, desk: Desk) -> DeskPage:
    page = desk.open()
    with qtbot.waitSignal(page.ready):
        pass
    return page


def form(qtbot: QtBot, page: DeskPage, key: str, params: dict[str, Any] | None = None) -> FormPage:
    page.office.open_form(key, params)
    return loaded(qtbot, page)


def loaded(qtbot: QtBot, page: DeskPage) -> FormPage:
    qtbot.waitUntil(lambda: (top := page.forms.top()) is not None and top.view is not None)
    top = page.forms.top()
    assert top is not None
    return top


def text_of(top: FormPage, key: str = "text") -> QPlainTextEdit:
    assert top.view is not None
    box = top.view.field_box(key)
    assert box is not None
    assert box.editor is not None
    edit = box.editor.target()
    assert isinstance(edit, QPlainTextEdit)
    return edit


def drafts_in_store(work: Work) -> dict[str, kept.Draft]:
    return {one.key: one for one in kept.all_drafts(work)}


# --- lock ---


@pytest.mark.qt_log_ignore("Keyboard event not accepted", extend=True)  # the field is gone before the key comes up
def test_a_lock_in_the_middle_of_a_word_costs_no_character_and_no_place(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    page.show_screen("caseload", {"row": 3})
    form(qtbot, page, "short", {"file_id": "f1"})
    top = form(qtbot, page, "every")
    edit = text_of(top, "incident")
    edit.setFocus()
    edit.moveCursor(edit.textCursor().MoveOperation.Start)
    QTest.keyClicks(edit, "Half a wor")
    with qtbot.waitSignal(desk.window.locked) as locked:
        QTest.keyClick(edit, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert locked.args == ["asked"]
    assert desk.window.desk() is None
    again = opened(qtbot, desk)
    top = loaded(qtbot, again)
    assert again.place() == {"page": "caseload", "place": {"row": 3}}
    assert [each.kind.key for each in again.forms.pages()] == ["short", "every"]
    assert top.view is not None
    assert top.view.values() == {**FILLED, "incident": "Half a wor" + FILLED["incident"]}
    qtbot.waitUntil(lambda: top.view is not None and top.view.focus_place() == {"field": "incident", "cursor": 10})


def test_after_a_lock_no_widget_holds_the_caseload(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    text_of(form(qtbot, page, "short")).setPlainText("Testina called")
    desk.window.lock()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    shown = [each.toPlainText() for each in desk.window.findChildren(QPlainTextEdit)]
    assert shown == []
    assert desk.office.jobs.is_closed


def test_a_question_does_not_hold_up_a_lock_and_counts_as_no(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    said: list[str] = []
    question = ask(page, "Close the file?", "It can be opened again.", "Close it", lambda: said.append("yes"))
    assert question.isVisible()
    with qtbot.waitSignal(desk.window.locked):
        desk.window.lock()
    assert said == []
    assert [each for each in QApplication.topLevelWidgets() if each.isVisible() and each is not desk.window] == []


def test_a_save_that_is_under_way_at_a_lock_leaves_no_draft(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    top = form(qtbot, page, "every")
    top.save()
    desk.window.lock()
    assert desk.saving.saved == [FILLED]
    assert [one for one in drafts_in_store(desk.work).values() if one.form] == []


def test_an_idle_desk_locks_and_a_key_puts_it_off(qtbot: QtBot, desk: Desk) -> None:
    opened(qtbot, desk)
    clock = desk.work.clock
    assert isinstance(clock, FixedClock)
    clock.advance(timedelta(minutes=9))
    handle = desk.window.windowHandle()
    QGuiApplication.sendEvent(handle, QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier))
    clock.advance(timedelta(minutes=9))
    desk.window.watch.look()
    assert desk.window.desk() is not None
    clock.advance(timedelta(minutes=1))
    with qtbot.waitSignal(desk.window.locked) as locked:
        desk.window.watch.look()
    assert locked.args == ["idle"]


def test_sleep_and_the_screens_own_lock_lock_the_desk_unless_told_not_to(qtbot: QtBot, desk: Desk) -> None:
    opened(qtbot, desk)
    desk.window.set_lock_settings(LockSettings(lock_with_screen=False))
    desk.window.watch.on_sleep(True)
    desk.window.watch._system.on_screen_saver(True)
    assert desk.window.desk() is not None
    desk.window.set_lock_settings(LockSettings())
    desk.window.watch._system.on_screen_saver(False)
    assert desk.window.desk() is not None
    desk.window.watch.on_session_lock()
    assert desk.window.desk() is None


def test_what_was_copied_here_is_off_the_clipboard_after_a_lock(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    edit = text_of(form(qtbot, page, "short"))
    edit.setPlainText("07700 900123")
    edit.selectAll()
    edit.copy()
    assert QGuiApplication.clipboard().text() == "07700 900123"
    desk.window.lock()
    assert QGuiApplication.clipboard().text() == ""


@pytest.mark.expects_log("drafts could not be written")
@pytest.mark.expects_log("background work failed")
def test_drafts_that_a_full_disk_refuses_at_a_lock_come_back_from_memory(
    qtbot: QtBot, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opened(qtbot, desk)
    text_of(form(qtbot, page, "short")).setPlainText("Not on disk")

    def full(*_arguments: object) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("advocate_desk.desk.drafts.store.keep_all", full)
        desk.window.lock()
    again = opened(qtbot, desk)
    assert text_of(loaded(qtbot, again)).toPlainText() == "Not on disk"


# --- hide ---


def test_f9_covers_everything_and_only_f9_uncovers(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    edit = text_of(form(qtbot, page, "short"))
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_F9)
    assert desk.window.is_covered()
    cover = QApplication.focusWidget()
    assert cover is not None
    QTest.keyClicks(cover, "abc")
    QTest.keyClick(cover, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.is_covered()
    assert edit.toPlainText() == ""
    spots = [(x, y) for x in range(1, desk.window.width(), 40) for y in range(1, desk.window.height(), 40)]
    seen = {desk.window.childAt(x, y) for x, y in spots} - {cover}
    assert all(cover.isAncestorOf(each) for each in seen if each is not None)
    QTest.keyClick(cover, Qt.Key.Key_F9)
    assert not desk.window.is_covered()
    assert edit.hasFocus()


def test_the_title_never_says_what_is_open(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    page.setWindowTitle("Testina")
    desk.window.setWindowTitle("Testina Sampleby")
    qtbot.waitUntil(lambda: desk.window.windowTitle() == "Advocate Desk")


# --- drafts and forms ---


def test_a_change_is_in_the_store_within_a_second(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    top = form(qtbot, page, "short", {"file_id": "f1"})
    assert KEEP_AFTER_MS < 1_000
    with qtbot.waitSignal(page.office.drafts.kept):
        text_of(top).setPlainText("She")
    qtbot.waitUntil(
        lambda: any(
            (one.payload.get("values") or {}).get("text") == "She" for one in drafts_in_store(desk.work).values()
        )
    )


def test_closing_keeps_a_draft_quietly_and_opening_again_goes_on(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    top = form(qtbot, page, "short")
    text_of(top).setPlainText("Half")
    text_of(top).setFocus()
    QTest.keyClick(text_of(top), Qt.Key.Key_Escape)
    assert page.forms.top() is None
    assert [one.form for one in page.office.drafts.aside()] == ["short"]
    assert text_of(form(qtbot, page, "short")).toPlainText() == "Half"


def test_a_form_that_was_not_touched_leaves_no_draft(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    page.forms.close_page(form(qtbot, page, "every"))
    assert page.office.drafts.aside() == ()


def test_discarding_can_be_undone(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    top = form(qtbot, page, "short")
    text_of(top).setPlainText("Half")
    with qtbot.waitSignal(page.office.messages.noticed) as noticed:
        top.discard_asked.emit()
    assert page.forms.top() is None
    assert page.office.drafts.aside() == ()
    noticed.args[0].action()
    assert text_of(loaded(qtbot, page)).toPlainText() == "Half"


def test_saving_closes_the_form_forgets_its_draft_and_says_what_changed(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    top = form(qtbot, page, "every")
    assert top.view is not None
    with qtbot.waitSignals([page.office.changed, page.office.messages.noticed]):
        top.view.restore_focus({})
        QTest.keyClick(top, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    assert desk.saving.saved == [FILLED]
    assert page.forms.top() is None
    page.office.drafts.flush()
    qtbot.waitUntil(lambda: [one for one in drafts_in_store(desk.work).values() if one.form] == [])


def test_what_casework_finds_wrong_stands_under_its_field(qtbot: QtBot, desk: Desk) -> None:
    desk.saving.error = Invalid("The date is before the referral.", {"received": "This is before the referral."})
    page = opened(qtbot, desk)
    top = form(qtbot, page, "every")
    top.save()
    qtbot.waitUntil(lambda: not top.is_saving)
    assert top.view is not None
    box = top.view.field_box("received")
    assert box is not None
    assert box.editor is not None
    assert box.editor.target().accessibleDescription() == "This is before the referral. Required."
    assert top.view.values() == FILLED


@pytest.mark.expects_log("background work failed")
def test_a_fault_of_ours_keeps_the_form_as_it_is(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    for error in (Blocked("That is not allowed."), RuntimeError("boom")):
        desk.saving.error = error
        top = form(qtbot, page, "every")
        top.save()
        qtbot.waitUntil(lambda which=top: not which.is_saving)  # type: ignore[misc]
        assert top.view is not None
        assert top.view.values() == FILLED


def test_two_drafts_for_two_files_stay_apart(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    for name in ("f1", "f2"):
        top = form(qtbot, page, "short", {"file_id": name})
        text_of(top).setPlainText(name)
        page.forms.close_page(top)
    assert text_of(form(qtbot, page, "short", {"file_id": "f1"})).toPlainText() == "f1"


# --- ways ---


def test_back_and_forward_go_to_the_place_on_the_page(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    page.show_screen("caseload", {"row": 7})
    page.open_file(a_file(desk.work), "risk")
    page.back()
    assert page.place() == {"page": "caseload", "place": {"row": 7}}
    page.forward()
    assert page.place()["page"].startswith("file:")
    assert page.place()["place"] == {"section": "risk"}


def find(qtbot: QtBot, page: DeskPage, typed: str, wanted: Callable[[tuple[Any, ...]], bool]) -> None:
    QTest.keyClick(page, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    line = QApplication.focusWidget()
    assert line is not None
    QTest.keyClicks(line, typed)
    qtbot.waitUntil(lambda: wanted(page.find_popup.rows()))


def test_find_opens_a_client_by_keyboard(qtbot: QtBot, desk: Desk) -> None:
    file_id = a_file(desk.work)
    page = opened(qtbot, desk)
    find(qtbot, page, "testi samp", lambda rows: any(row.title == "Testina Sampleby" for row in rows))
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert page.place()["page"] == f"file:{file_id}"


def test_find_knows_commands_and_pages_and_says_when_there_is_nothing(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    find(qtbot, page, "contact note", lambda rows: [row.title for row in rows] == ["Commands", "New contact note"])
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    find(qtbot, page, "caselo", lambda rows: [row.title for row in rows] == ["Pages", "Caseload"])
    QTest.keyClick(focused(), Qt.Key.Key_Return)
    assert page.place()["page"] == "caseload"
    find(qtbot, page, "xyzzy", lambda rows: rows == ())


def test_only_the_last_of_what_was_typed_is_shown(qtbot: QtBot, desk: Desk) -> None:
    a_file(desk.work)
    page = opened(qtbot, desk)
    find(qtbot, page, "testina", lambda rows: len(rows) > 0)
    QTest.keyClicks(focused(), "qqq")
    qtbot.waitUntil(lambda: page.find_popup.rows() == ())


def test_every_control_of_the_frame_can_be_reached_and_read(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    page.show_screen("settings")
    assert_accessible(page)
    form(qtbot, page, "every")
    assert_accessible(page)
    assert_fits(page, 1366)


def test_another_text_size_keeps_the_place_and_the_forms(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    page = opened(qtbot, desk)
    page.show_screen("caseload", {"row": 2})
    text_of(form(qtbot, page, "short")).setPlainText("Half")
    computer = replace(desk.window.computer, text_percent=200, theme="dark")
    with qtbot.waitSignal(desk.window.restyled):
        desk.window.set_computer(computer)
    again = desk.window.desk()
    assert again is not None
    assert again is not page
    assert text_of(loaded(qtbot, again)).toPlainText() == "Half"
    assert again.place() == {"page": "caseload", "place": {"row": 2}}
    assert load_computer(tmp_path / "computer.json") == computer
    assert_fits(again, 1366)
    with qtbot.waitSignal(desk.window.restyled):
        desk.window.set_computer(ComputerSettings())


def test_settings_take_effect_at_once(qtbot: QtBot, desk: Desk) -> None:
    page = opened(qtbot, desk)
    page.show_screen("settings")
    screen = page.current_page()
    assert isinstance(screen, SettingsScreen)
    with qtbot.waitSignal(page.office.changed):
        screen.idle_choice.setFocus()
        QTest.keyClick(focused(), Qt.Key.Key_Right)
    clock = desk.work.clock
    assert isinstance(clock, FixedClock)
    with qtbot.waitSignal(desk.window.locked):
        clock.advance(timedelta(minutes=15))
        desk.window.watch.look()


def test_a_note_saved_elsewhere_is_found_by_its_words(qtbot: QtBot, desk: Desk) -> None:
    file_id: FileId = a_file(desk.work)
    write_note(desk.work, file_id, NoteDetails(NOON, "phone", "Locks were changed on Tuesday"))
    page = opened(qtbot, desk)
    find(qtbot, page, "locks chang", lambda rows: any("Notes" in row.title for row in rows))


def test_drafts_ask_nothing_of_a_store_that_is_closed(qtbot: QtBot, work: Work) -> None:
    jobs = Jobs()
    drafts = Drafts(work, jobs)
    jobs.close()
    drafts.touch()
    drafts.flush()
    assert drafts.flush_and_wait() == ()
