"""Find shows no number and no address: only that there is one, and her rule."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from advocate_desk.casework.access import history
from advocate_desk.casework.intake import AlertDetails
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.people import ContactDetails
from advocate_desk.casework.work import Work
from advocate_desk.desk.find import FindPopup, Found
from tests.builders import NOON, a_file
from tests.desk.client_desk import ClientDesk


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[ClientDesk]:
    made = ClientDesk(work, qtbot)
    yield made
    made.end()


def found(desk: ClientDesk, typed: str) -> tuple[FindPopup, list[Found]]:
    (popup,) = desk.window.findChildren(FindPopup)
    popup.line.setText(typed)
    popup.open()
    desk.settle()
    return popup, [row for row in popup.rows() if row.is_of_file]


@pytest.mark.parametrize(
    ("method", "typed", "words"),
    [
        (ContactDetails("mobile", "07700 900123", "no"), "07700 900123", "Never call  ·  Mobile phone: ••••• ••• 123"),
        (ContactDetails("mobile", "07700 900123", "yes"), "900123", "Safe to call now  ·  Mobile phone: ••••• ••• 123"),
        (ContactDetails("post", "12 Invented Row, Nowhere", "unknown"), "invented row", "••••••••"),
    ],
)
def test_a_number_or_address_is_found_by_it_and_shown_covered_behind_her_rule(
    desk: ClientDesk, method: ContactDetails, typed: str, words: str
) -> None:
    a_file(desk.work, contacts=(method,))
    _, (row,) = found(desk, typed)
    assert words in row.detail
    assert method.value not in row.detail and "Invented" not in row.detail


def test_an_alert_not_to_contact_is_said_in_what_is_found(desk: ClientDesk) -> None:
    number = ContactDetails("mobile", "07700 900123", "yes")
    a_file(desk.work, contacts=(number,), alerts=(AlertDetails("do_not_contact"),))
    _, (row,) = found(desk, "900123")
    assert "Do not call: there is an alert" in row.detail


def test_opening_a_note_that_was_found_is_on_record_and_find_says_so(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    write_note(desk.work, file_id, NoteDetails(NOON, "call", "Talked of the peculiar lighthouse"))
    popup, (row,) = found(desk, "lighthouse")
    assert any("Opening a file from here goes on its record" in each.text() for each in popup.findChildren(QLabel))
    assert "file_read" not in {each.kind for each in history(desk.work, file_id)}
    assert row.run is not None
    row.run()
    desk.settle()
    assert history(desk.work, file_id)[0].kind == "file_read"


def test_commands_alone_say_nothing_of_a_record(desk: ClientDesk) -> None:
    popup, rows = found(desk, "zzzz")
    assert rows == []
    assert not any("record" in each.text() for each in popup.findChildren(QLabel))


def test_a_search_that_failed_says_so(desk: ClientDesk) -> None:
    popup, _ = found(desk, "")
    popup.line.setText("anything")
    popup._on_failed()
    assert any("failed" in each.text() for each in popup.findChildren(QLabel))
