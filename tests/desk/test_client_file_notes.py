from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from advocate_desk.casework.contacts import AttemptDetails, record_attempt
from advocate_desk.casework.notes import NoteDetails, amend_note, write_note
from advocate_desk.casework.work import Work
from advocate_desk.desk.screens.client_file.notes.presenter import PAGE
from advocate_desk.desk.screens.client_file.notes.section import NotesSection
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.notes import notes_page
from advocate_desk.store.queries.tasks import file_tasks
from tests.builders import NOON, a_file
from tests.desk.client_desk import ClientDesk, control, has_text
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.desk.walk import assert_accessible

NOTE = NoteDetails(NOON - timedelta(hours=1), "phone", "She is well.", 20, "office", "the client")


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[ClientDesk]:
    made = ClientDesk(work, qtbot)
    yield made
    made.end()


def notes(desk: ClientDesk, file_id: FileId) -> NotesSection:
    section = desk.file_page(file_id, "notes").section()
    assert isinstance(section, NotesSection)
    return section


def test_a_note_is_written_by_keyboard_alone(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    section = notes(desk, file_id)
    press(Qt.Key.Key_N, modifiers=Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    form = desk.form("note")
    assert isinstance(focused(), QPlainTextEdit)
    type_text("She is safe tonight.")
    tab_to("How")
    type_text("Phone")
    press(Qt.Key.Key_Return)
    tab_to("Did you speak with the client?: Yes")
    press(Qt.Key.Key_Y)
    tab_to("Minutes")
    type_text("15")
    press(Qt.Key.Key_S, modifiers=Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: form not in desk.forms())
    desk.settle()
    (line,) = desk.work.read(notes_page, file_id).notes
    assert (line.text, line.method, line.duration_min) == ("She is safe tonight.", "phone", 15)
    assert has_text(section, "She is safe tonight.")
    assert has_text(section, "Phone call, 15 minutes")


def test_notes_and_attempts_stand_together_newest_first_by_day(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    number = RecordId(desk.work.read(file_view, file_id).banner.contacts[0].contact_id)
    write_note(desk.work, file_id, replace(NOTE, happened_at=NOON - timedelta(days=1)))
    record_attempt(desk.work, file_id, AttemptDetails(NOON - timedelta(minutes=5), "phone", "no_answer", number))
    section = notes(desk, file_id)
    for words in ("Today, Saturday 21 November 2026", "Yesterday, Friday 20 November 2026", "Call: no answer"):
        assert has_text(section, words), words


def test_an_amended_note_opens_what_it_said_before(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    first = write_note(desk.work, file_id, NOTE).record_id
    assert first is not None
    amend_note(desk.work, first, replace(NOTE, text="She is not well."), "Misheard")
    section = notes(desk, file_id)
    (item,) = section.items
    assert has_text(item, "She is not well.") and has_text(item, "Misheard")
    assert not has_text(item, "She is well.")
    control(item, "Amended: show or hide the earlier version").setFocus()
    press(Qt.Key.Key_Space)
    desk.settle()
    assert has_text(item, "She is well.")
    press(Qt.Key.Key_Space)
    assert not has_text(item, "She is well.")
    assert_accessible(section)


def test_an_amendment_without_its_reason_is_not_saved(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    write_note(desk.work, file_id, NOTE)
    (item,) = notes(desk, file_id).items
    control(item, "Amend: Phone call with the client, 20 minutes").click()  # type: ignore[attr-defined]
    form = desk.form("amend_note")
    assert form.view is not None and form.view.values()["text"] == "She is well."
    form.view.set_values({**form.view.values(), "text": "She is not well."})
    desk.save()
    assert form in desk.forms()
    form.view.set_values({**form.view.values(), "amendment_reason": "Misheard"})
    desk.save()
    page = desk.work.read(notes_page, file_id)
    assert [each.text for each in page.notes] == ["She is not well."]


def test_markup_in_a_note_is_shown_as_it_was_typed(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    write_note(desk.work, file_id, replace(NOTE, text="<b>bold</b> & <img src=x>"))
    assert has_text(notes(desk, file_id), "<b>bold</b> & <img src=x>")


def test_older_notes_come_a_page_at_a_time(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    for minutes in range(PAGE + 5):
        write_note(desk.work, file_id, replace(NOTE, happened_at=NOON - timedelta(minutes=minutes)))
    section = notes(desk, file_id)
    assert len(section.items) == PAGE
    control(section, "Show older notes").click()  # type: ignore[attr-defined]
    desk.settle()
    assert len(section.items) == PAGE + 5
    assert not section._older.isVisibleTo(section)


def test_a_file_without_notes_offers_the_first(desk: ClientDesk) -> None:
    section = notes(desk, a_file(desk.work))
    assert has_text(section, "No notes yet")
    assert_accessible(section)
    control(section, "Add the first note").click()  # type: ignore[attr-defined]
    desk.form("note")


def test_a_task_is_added_with_an_hour_and_changed(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    page = desk.file_page(file_id)
    press(Qt.Key.Key_T, modifiers=Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    form = desk.form("task")
    type_text("Ring the officer")
    tab_to("By when")
    type_text("+1")
    tab_to("Time, where hours count")
    type_text("1015")
    press(Qt.Key.Key_S, modifiers=Qt.KeyboardModifier.ControlModifier)
    desk.qtbot.waitUntil(lambda: form not in desk.forms())
    desk.settle()
    (task,) = [each for each in desk.work.read(file_tasks, file_id) if each.origin == "own"]
    assert task.due_at == NOON.replace(day=22, hour=10, minute=15)
    control(page, "Change: Ring the officer").click()  # type: ignore[attr-defined]
    again = desk.form("task")
    assert again.view is not None
    assert (again.view.values()["due_on"], again.view.values()["due_time"]) == ("2026-11-22", "10:15")
