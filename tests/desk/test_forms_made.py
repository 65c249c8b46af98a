"""A long form is made in slices. What is typed until it is whole is for its first field, and is never lost."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.drafts import all_drafts
from advocate_desk.casework.work import Work
from advocate_desk.desk import slices
from advocate_desk.desk.forms.page import FormPage
from tests.desk.client_desk import ClientDesk

TYPED = "Ash Probe"


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[ClientDesk]:
    made = ClientDesk(work, qtbot)
    yield made
    made.end()


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slice holds one step, so that a form is long in the making."""
    monkeypatch.setattr(slices, "SLICE_S", 0.0)


def in_the_making(desk: ClientDesk, kind: str = "intake") -> FormPage:
    """A form of which a part is made; the longest, whose first field is a search, if none is named."""
    desk.office.open_form(kind, {})
    desk.qtbot.waitUntil(lambda: slices.is_making(desk.forms()[-1]))
    page = desk.forms()[-1]
    assert page.view is None
    return page


def type_there(words: str) -> None:
    """As a person does who sees no field yet: into whatever has the focus."""
    for letter in words:
        QTest.keyClicks(focused(), letter)


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def first_line(page: FormPage) -> QLineEdit:
    assert page.view is not None
    return page.view.findChildren(QLineEdit)[0]


@pytest.mark.usefixtures("slowly")
def test_what_is_typed_while_a_form_is_made_stands_in_its_first_field(desk: ClientDesk) -> None:
    page = in_the_making(desk)
    type_there(TYPED)
    assert page.view is None
    desk.settle()
    type_there(" Two")
    assert first_line(page).text() == f"{TYPED} Two"
    assert page.is_touched()


def test_what_is_typed_before_the_store_has_answered_stands_in_the_first_field(desk: ClientDesk) -> None:
    desk.office.open_form("intake", {})
    type_there(TYPED)
    desk.settle()
    assert first_line(desk.form("intake")).text() == TYPED


@pytest.mark.usefixtures("slowly")
def test_keys_that_lead_on_and_correct_do_so_in_the_fields(desk: ClientDesk) -> None:
    page = in_the_making(desk, "worker")
    focus = focused()
    QTest.keyClicks(focus, TYPED + "x")
    QTest.keyClick(focus, Qt.Key.Key_Backspace)
    QTest.keyClick(focus, Qt.Key.Key_Tab)
    desk.settle()
    assert first_line(page).text() == TYPED
    assert page.view is not None
    assert focused() is not first_line(page)
    assert page.view.isAncestorOf(focused())


@pytest.mark.usefixtures("slowly")
def test_what_is_composed_or_pasted_while_a_form_is_made_is_not_lost(desk: ClientDesk) -> None:
    page = in_the_making(desk, "worker")
    focus = focused()
    composed = QInputMethodEvent()
    composed.setCommitString("Zoë ")
    QApplication.sendEvent(focus, composed)
    QApplication.clipboard().setText(TYPED)
    QTest.keyClick(focus, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    QApplication.clipboard().clear()
    desk.settle()
    assert first_line(page).text() == f"Zoë {TYPED}"


@pytest.mark.usefixtures("slowly")
def test_a_lock_while_a_form_is_made_costs_no_key(desk: ClientDesk) -> None:
    in_the_making(desk)
    type_there(TYPED)
    desk.lock_and_unlock()
    page = desk.form("intake")
    assert first_line(page).text() == TYPED
    assert page.is_touched()


@pytest.mark.usefixtures("slowly")
def test_a_lock_while_a_form_is_made_leaves_nothing_of_it_in_memory(desk: ClientDesk) -> None:
    page = in_the_making(desk)
    type_there(TYPED)
    held = [weakref.ref(each) for each in (page, page._slices, page._ahead)]
    del page
    desk.window.lock()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del desk.office, desk._desk  # what the test itself holds
    gc.collect()
    assert [each() for each in held] == [None] * len(held)


@pytest.mark.usefixtures("slowly")
def test_a_form_closed_while_it_is_made_keeps_what_was_typed(desk: ClientDesk) -> None:
    page = in_the_making(desk)
    type_there(TYPED)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.forms() == ()
    desk.office.open_form("intake", {})
    assert first_line(desk.form("intake")).text() == TYPED


@pytest.mark.usefixtures("slowly")
def test_a_form_closed_while_it_is_made_and_not_typed_into_leaves_no_draft(desk: ClientDesk) -> None:
    page = in_the_making(desk)
    QTest.keyClick(page, Qt.Key.Key_Escape)
    desk.settle()
    assert desk.forms() == ()
    assert [each for each in all_drafts(desk.work) if each.form] == []


@pytest.mark.usefixtures("slowly")
def test_a_draft_that_is_made_again_is_kept_as_it_was_until_it_is_whole(desk: ClientDesk) -> None:
    desk.office.open_form("intake", {})
    page = desk.form("intake")
    type_there(TYPED)
    before = page.draft(0)
    desk.close_form(page)
    again = in_the_making(desk)
    assert again.draft(0).payload == before.payload
    desk.lock_and_unlock()
    assert first_line(desk.form("intake")).text() == TYPED


@pytest.mark.usefixtures("slowly")
def test_nothing_can_be_pressed_in_a_form_that_is_being_made(desk: ClientDesk) -> None:
    page = in_the_making(desk)
    desk.qtbot.waitUntil(lambda: bool(page.findChildren(QLineEdit)))
    line = page.findChildren(QLineEdit)[0]
    centre = line.mapTo(desk.window, line.rect().center())
    QTest.mouseClick(desk.window.windowHandle(), Qt.MouseButton.LeftButton, pos=centre)
    assert focused() is page
    page.save()
    assert not page.is_saving


@pytest.mark.usefixtures("slowly")
def test_a_form_that_becomes_whole_takes_no_line_away_that_is_typed_in(desk: ClientDesk) -> None:
    page = in_the_making(desk)
    desk._desk.find_popup.open()
    type_there("sam")
    desk.qtbot.waitUntil(lambda: page.view is not None)
    type_there("ple")
    assert desk._desk.find_popup.line.text() == "sample"
    assert first_line(page).text() == ""
