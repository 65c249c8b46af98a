"""What the disk refuses to keep is held in memory and written later; nothing is said to be kept before it is."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from advocate_desk.casework import drafts as store
from advocate_desk.casework.drafts import all_drafts
from advocate_desk.casework.work import Work
from advocate_desk.desk.dialogs.ask import Question
from advocate_desk.desk.forms.host import FormHost
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.errors import Unavailable
from advocate_desk.trouble import DISK_FULL, NOT_SAVED
from tests.builders import a_file
from tests.desk.client_desk import ClientDesk, has_text

FULL = DISK_FULL.told(NOT_SAVED)
WORDS = "Half a wor"


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[ClientDesk]:
    made = ClientDesk(work, qtbot)
    yield made
    made.window._is_closing_anyway = True
    made.end()


@contextmanager
def full_disk() -> Iterator[None]:
    """Inside, no draft can be written."""

    def refuse(*_arguments: object) -> None:
        raise Unavailable(FULL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("advocate_desk.desk.drafts.store.keep_all", refuse)
        yield


def a_note(desk: ClientDesk, words: str = WORDS) -> FormPage:
    """A note that somebody is typing."""
    desk.office.open_form("note", {"file_id": str(a_file(desk.work))})
    page = desk.form("note")
    text(page).setPlainText(words)
    return page


def text(page: FormPage) -> QPlainTextEdit:
    assert page.view is not None
    edit = page.view.findChild(QPlainTextEdit)
    assert edit is not None
    return edit


def kept(desk: ClientDesk) -> dict[str, str]:
    """The words of every note that is a draft in the store."""
    return {each.key: each.payload["values"]["text"] for each in all_drafts(desk.work) if each.form == "note"}


def until(desk: ClientDesk, is_so: Callable[[], bool]) -> None:
    desk.qtbot.waitUntil(is_so)


def test_a_refused_draft_is_told_and_written_when_there_is_room_without_another_key(desk: ClientDesk) -> None:
    desk.office.drafts._again.setInterval(20)
    with full_disk():
        page = a_note(desk)
        until(desk, lambda: page._state.text() == "Not kept")
        assert has_text(page, FULL)
        assert kept(desk) == {}
    until(desk, lambda: page._state.text().startswith("Draft kept"))
    assert not has_text(page, FULL)
    assert kept(desk) == {page.key: WORDS}


def test_a_closed_form_that_was_refused_is_held_offered_and_written_later(desk: ClientDesk) -> None:
    desk.office.drafts._again.setInterval(20)
    with full_disk():
        page = a_note(desk)
        page.close_asked.emit()
        until(desk, lambda: any(FULL in each.text for each in desk.notices))
        assert not any("Kept as a draft" in each.text for each in desk.notices)
        assert [each.key for each in desk.office.drafts.aside()] == [page.key]
        until(desk, lambda: desk._desk._drafts_button.text() == "1 draft · not kept")
    until(desk, lambda: kept(desk) == {page.key: WORDS})
    until(desk, lambda: desk._desk._drafts_button.text() == "1 draft")


def test_a_form_is_said_to_be_kept_as_a_draft_only_when_it_is(desk: ClientDesk) -> None:
    page = a_note(desk)
    desk.settle()
    hold = threading.Event()
    desk.office.jobs.run(desk.window, lambda: hold.wait(20))
    page.close_asked.emit()
    assert not any("Kept as a draft" in each.text for each in desk.notices)
    hold.set()
    until(desk, lambda: any("Kept as a draft" in each.text for each in desk.notices))
    assert kept(desk) == {page.key: WORDS}


def test_an_earlier_draft_continues_after_a_write_was_refused(desk: ClientDesk) -> None:
    page = a_note(desk)
    key, params = page.key, page.params
    page.close_asked.emit()
    desk.settle()
    with full_disk():
        other = a_note(desk, "Something else")
        until(desk, lambda: other._state.text() == "Not kept")
    desk.office.open_form("note", params)
    again = desk.form("note")
    assert again.key == key
    assert text(again).toPlainText() == WORDS


@pytest.mark.expects_log("drafts could not be written")
@pytest.mark.expects_log("background work failed")
def test_what_a_lock_could_not_write_is_on_the_disk_soon_after_the_unlock(desk: ClientDesk) -> None:
    with full_disk():
        key = a_note(desk).key
        desk.window.lock()
        assert "The disk is full" in desk.window.held_words()
        assert "It is held in this window only" in desk.window.held_words()
    desk.unlock()
    assert text(desk.form("note")).toPlainText() == WORDS
    assert desk.window.held_words() == ""
    until(desk, lambda: kept(desk) == {key: WORDS})


@pytest.mark.expects_log("drafts could not be written")
@pytest.mark.expects_log("background work failed")
def test_a_second_lock_before_the_desk_is_ready_loses_nothing(desk: ClientDesk) -> None:
    with full_disk():
        a_note(desk).close_asked.emit()
        a_note(desk, "Another")
        desk.window.lock()
        desk.open_desk()  # and locked again before it has read its drafts
        desk.window.lock()
    desk.unlock()
    assert text(desk.form("note")).toPlainText() == "Another"
    until(desk, lambda: sorted(kept(desk).values()) == ["Another", WORDS])


@pytest.mark.expects_log("drafts could not be written")
@pytest.mark.expects_log("background work failed")
def test_drafts_that_cannot_be_read_cost_none_of_those_in_memory(
    desk: ClientDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with full_disk():
        a_note(desk)
        desk.window.lock()

    def damaged(*_arguments: object) -> None:
        raise Unavailable("The caseload file is damaged.")

    with monkeypatch.context() as patch:
        patch.setattr(store, "all_drafts", damaged)
        desk.unlock()
    page = desk.form("note")
    assert text(page).toPlainText() == WORDS
    text(page).setPlainText(WORDS + "d")
    until(desk, lambda: kept(desk) == {page.key: WORDS + "d"})


@pytest.mark.expects_log("drafts could not be written")
@pytest.mark.expects_log("background work failed")
def test_a_lock_upon_a_save_that_is_refused_costs_nothing(desk: ClientDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    page = a_note(desk)
    assert page.view is not None
    page.view.set_values(
        {"text": WORDS, "method": "phone", "spoke_with_client": "no", "happened_at": "2026-11-21T10:00"}
    )

    def refuse(*_arguments: object) -> None:
        raise Unavailable(FULL)

    monkeypatch.setattr("advocate_desk.desk.forms.notes.notes.write_note", refuse)
    with full_disk():
        page.save()
        desk.window.lock()
    desk.unlock()
    assert text(desk.form("note")).toPlainText() == WORDS


def test_a_lock_upon_a_save_that_goes_well_brings_no_form_back(desk: ClientDesk) -> None:
    page = a_note(desk)
    assert page.view is not None
    page.view.set_values(
        {"text": WORDS, "method": "phone", "spoke_with_client": "no", "happened_at": "2026-11-21T10:00"}
    )
    page.save()
    desk.window.lock()
    desk.unlock()
    assert desk.forms() == ()
    assert kept(desk) == {}


def test_the_next_form_of_the_same_name_is_kept_again(desk: ClientDesk) -> None:
    page = a_note(desk)
    params = page.params
    assert page.view is not None
    page.view.set_values(
        {"text": WORDS, "method": "phone", "spoke_with_client": "no", "happened_at": "2026-11-21T10:00"}
    )
    desk.save()
    desk.office.open_form("note", params)
    text(desk.form("note")).setPlainText("The next note")
    until(desk, lambda: list(kept(desk).values()) == ["The next note"])


@pytest.mark.expects_log("drafts could not be written")
@pytest.mark.expects_log("background work failed")
def test_closing_names_the_forms_that_would_be_lost_and_why(desk: ClientDesk) -> None:
    with full_disk():
        a_note(desk)
        assert not desk.window.close()
        question = desk.window.findChild(Question)
        assert question is not None
        assert has_text(question, "The disk is full")
        assert has_text(question, "Not kept: Add a contact note.")
        assert has_text(question, "what was typed since the last draft is lost")
        question.reject()
        assert text(desk.form("note")).toPlainText() == WORDS
        desk.window.lock()
        assert not desk.window.close()
        question = desk.window.findChildren(Question)[-1]
        assert not has_text(question, "Add a contact note")
        question.reject()


@pytest.mark.expects_log("drafts could not be written")
@pytest.mark.expects_log("background work failed")
def test_closing_asks_nothing_where_nothing_was_typed(desk: ClientDesk, qtbot: QtBot) -> None:
    with full_disk():
        desk.office.open_form("note", {"file_id": str(a_file(desk.work))})
        desk.form("note")
        with qtbot.waitSignal(desk.window.closing):
            assert desk.window.close()


def test_a_word_half_typed_into_a_chooser_is_kept_when_its_form_is_closed(desk: ClientDesk) -> None:
    desk.office.open_form("intake", {})
    page = desk.form("intake")
    field = QApplication.focusWidget()
    assert isinstance(field, QLineEdit)
    QTest.keyClicks(field, "Jane Probe")
    host = desk.window.findChild(FormHost)
    assert host is not None
    host.close_page(page)
    desk.settle()
    assert any("Jane Probe" in str(each.payload.get("typed")) for each in all_drafts(desk.work))
    desk.office.open_form("intake", {})
    again = desk.form("intake")
    assert any(each.text() == "Jane Probe" for each in again.findChildren(QLineEdit))
