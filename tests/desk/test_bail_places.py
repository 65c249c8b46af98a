"""A condition whose terms tell where the client is safe: warned of before it is kept, and before it is handed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from advocate_desk.casework.access import history
from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.bail import BailDetails, ConditionDetails, record_bail
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.contacts import PAPER_MADE
from advocate_desk.casework.intake import AlertDetails
from advocate_desk.casework.people import ContactDetails, PersonDetails
from advocate_desk.casework.work import Work
from advocate_desk.desk.dialogs.paper import PaperDialog
from advocate_desk.desk.screens.in_force.view import InForceScreen
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.justice import justice_view
from advocate_desk.store.queries.notes import attempts
from tests.builders import a_file
from tests.desk.client_desk import ClientDesk, control, has_text
from tests.desk.keyboard import focused, press, type_text
from tests.desk.walk import nameless

TODAY = date(2026, 11, 21)
STAYS = PersonDetails("client", "Testina", "Sampleby", whereabouts="Made Up House, 12 Invented Row")
LIVES = ContactDetails("post", "7 Imagined Lane, Exampleford", "yes")


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[ClientDesk]:
    made = ClientDesk(work, qtbot)
    yield made
    made.end()


def a_case(work: Work, file_id: FileId) -> RecordId:
    found = open_case(work, file_id, CaseDetails(force="", crime_ref="EX1/26", reported_on=TODAY)).record_id
    assert found is not None
    return found


def bailed(work: Work, terms: str, **changed: object) -> FileId:
    file_id = a_file(work, client=STAYS, contacts=(LIVES,), **changed)
    details = BailDetails("bail_precharge", started_on=TODAY, expires_on=date(2026, 12, 1))
    record_bail(work, file_id, a_case(work, file_id), details, (ConditionDetails("EXCL_AREA", terms),))
    return file_id


# ------------------------------------------------------------------------------------------------- when it is saved


@pytest.mark.parametrize(
    ("terms", "place"),
    [
        ("Not to go to 12  invented row", "place where someone stays"),
        ("Not to go within 100 m of 7 Imagined Lane", "home address"),
    ],
)
def test_terms_that_tell_her_place_must_be_confirmed_before_bail_is_saved(
    desk: ClientDesk, terms: str, place: str
) -> None:
    file_id = a_file(desk.work, client=STAYS, contacts=(LIVES,))
    case_id = a_case(desk.work, file_id)
    desk.file_page(file_id, "bail")
    desk.office.open_form("bail", {"file_id": str(file_id), "case_id": str(case_id)})
    form = desk.form("bail")
    assert form.view is not None
    tick = form.view.field_box("place_checked")
    assert tick is not None and not tick.isVisibleTo(form)
    condition = {"code": "EXCL_AREA", "text": terms}
    form.view.set_values({**form.view.values(), "started_on": "2026-11-21", "conditions": [condition]})
    form.view.changed.emit()
    desk.settle()
    assert tick.isVisibleTo(form)
    desk.save()
    assert form in desk.forms() and desk.work.read(justice_view, file_id).bail == ()
    assert has_text(form, f"The {place} stands in these terms")
    form.view.set_values({**form.view.values(), "place_checked": True})
    desk.save()
    assert len(desk.work.read(justice_view, file_id).bail) == 1


def test_other_places_need_another_tick(desk: ClientDesk) -> None:
    file_id = a_file(desk.work, client=STAYS, contacts=(LIVES,))
    desk.file_page(file_id, "bail")
    desk.office.open_form("bail", {"file_id": str(file_id), "case_id": str(a_case(desk.work, file_id))})
    form = desk.form("bail")
    assert form.view is not None
    values = {**form.view.values(), "place_checked": True}
    for terms, is_ticked in (("12 Invented Row", False), ("12 Invented Row", True), ("7 Imagined Lane", False)):
        form.view.set_values({**values, "conditions": [{"code": "EXCL_AREA", "text": terms}]})
        form.view.changed.emit()
        desk.settle()
        assert form.view.values()["place_checked"] is is_ticked, terms


def test_terms_that_tell_nothing_are_saved_at_once(desk: ClientDesk) -> None:
    file_id = a_file(desk.work, client=STAYS, contacts=(LIVES,))
    desk.file_page(file_id, "bail")
    desk.office.open_form("bail", {"file_id": str(file_id), "case_id": str(a_case(desk.work, file_id))})
    form = desk.form("bail")
    assert form.view is not None
    condition = {"code": "EXCL_AREA", "text": "Exampleford town centre"}
    form.view.set_values({**form.view.values(), "started_on": "2026-11-21", "conditions": [condition]})
    desk.save()
    assert len(desk.work.read(justice_view, file_id).bail) == 1


# -------------------------------------------------------------------------------------------------- on the half-sheet


def screen_of(desk: ClientDesk) -> InForceScreen:
    screen = InForceScreen(desk.office)
    desk.qtbot.addWidget(screen)
    screen.resize(1100, 700)
    screen.show()
    screen.activateWindow()
    desk.settle()
    return screen


def half_sheet(desk: ClientDesk, screen: InForceScreen) -> None:
    sheet = next(each for each in screen.findChildren(type(screen._everybody)) if each.text() == "Half-sheet")
    sheet.click()
    desk.settle()


def papers(screen: InForceScreen) -> list[PaperDialog]:
    return screen.window().findChildren(PaperDialog)


def test_opening_the_half_sheet_puts_the_reading_on_record(desk: ClientDesk) -> None:
    file_id = bailed(desk.work, "Exampleford town centre")
    screen = screen_of(desk)
    assert "file_read" not in {each.kind for each in history(desk.work, file_id)}
    half_sheet(desk, screen)
    assert history(desk.work, file_id)[0].kind == "file_read"
    desk.qtbot.waitUntil(lambda: len(papers(screen)) == 1)
    papers(screen)[0].reject()


def test_a_place_in_the_terms_needs_a_reason_before_the_half_sheet_is_made(desk: ClientDesk) -> None:
    file_id = bailed(desk.work, "Not to go to 12 Invented Row")
    screen = screen_of(desk)
    half_sheet(desk, screen)
    assert papers(screen) == []
    assert has_text(screen, "The place where someone stays stands in the terms of a condition.")
    assert nameless(screen) == []
    assert focused().accessibleName() == "Reason for going against the safe-contact rule"
    type_text("He was told this address in court")
    press(Qt.Key.Key_Return)
    desk.qtbot.waitUntil(lambda: len(papers(screen)) == 1)
    (kept,) = desk.work.read(attempts, file_id)
    assert (kept.outcome, kept.override_reason) == (PAPER_MADE, "He was told this address in court")
    papers(screen)[0].reject()


def test_an_alert_not_to_contact_stands_before_the_half_sheet(desk: ClientDesk) -> None:
    file_id = bailed(desk.work, "Exampleford town centre", alerts=(AlertDetails("do_not_contact"),))
    screen = screen_of(desk)
    half_sheet(desk, screen)
    assert papers(screen) == [] and has_text(screen, "do not contact")
    assert screen.findChild(QLineEdit) is not None
    control(screen, "Leave it").click()  # type: ignore[attr-defined]
    desk.settle()
    assert desk.work.read(attempts, file_id) == ()


# --------------------------------------------------------------------------------------------------- whose clients


def test_tonight_shows_the_users_own_clients_until_everyones_are_asked_for(desk: ClientDesk) -> None:
    bailed(desk.work, "Exampleford town centre")
    allocate(desk.work, bailed(desk.work, "The railway station"), Advocate("Colleague Fabricant"))
    screen = screen_of(desk)
    assert has_text(screen, "Exampleford town centre") and not has_text(screen, "railway")
    control(screen, "Whose clients: Everyone’s").click()  # type: ignore[attr-defined]
    desk.settle()
    assert has_text(screen, "Exampleford town centre") and has_text(screen, "railway")
    place = screen.place()
    again = screen_of(desk)
    again.restore(place)
    desk.settle()
    assert has_text(again, "railway")


def test_one_clients_conditions_show_whoever_has_the_file(desk: ClientDesk) -> None:
    file_id = bailed(desk.work, "The railway station")
    allocate(desk.work, file_id, Advocate("Colleague Fabricant"))
    screen = screen_of(desk)
    assert has_text(screen, "in your files")
    screen.restore({"file_id": str(file_id)})
    desk.settle()
    assert has_text(screen, "railway")
