"""Cases, hearings and bail as an advocate records them: in real forms, by keyboard, into a real store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.bail import BailDetails, ConditionDetails, record_bail
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.hearings import HearingDetails, Outcome, list_hearing, record_outcome
from advocate_desk.casework.work import Work
from advocate_desk.desk.forms import bail, cases, hearings
from advocate_desk.desk.forms.bail_periods import BailPeriodsAside
from advocate_desk.desk.forms.host import FormHost
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.forms.registry import FormRegistry
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.client_file.justice.bail import BailSection
from advocate_desk.desk.screens.client_file.justice.cases import CasesSection
from advocate_desk.desk.screens.client_file.justice.hearings import HearingsSection
from advocate_desk.desk.screens.client_file.justice.section import JusticeSection
from advocate_desk.desk.screens.in_force.presenter import sheet_pdf
from advocate_desk.desk.screens.in_force.view import InForceScreen
from advocate_desk.documents.render import page_count, page_texts
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.justice import in_force, justice_view
from tests.builders import a_file
from tests.desk.keyboard import press, tab_to, type_text
from tests.desk.walk import nameless

TODAY = date(2026, 11, 21)
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def office(work: Work, jobs: Jobs) -> Office:
    kinds = (*cases.FORM_KINDS, *hearings.FORM_KINDS, *bail.FORM_KINDS)
    return Office(work, jobs, FormRegistry(kinds))


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


@pytest.fixture
def case_id(work: Work, file_id: FileId) -> RecordId:
    found = open_case(work, file_id, CaseDetails(force="", crime_ref="EX1/26", reported_on=TODAY)).record_id
    assert found is not None
    return found


@pytest.fixture
def host(qtbot: QtBot, office: Office) -> Iterator[FormHost]:
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(1200, 700)
    host = FormHost(office, ground)
    ground.show()
    qtbot.waitExposed(ground)
    ground.activateWindow()
    yield host
    ground.hide()


def made(record_id: RecordId | None) -> RecordId:
    assert record_id is not None
    return record_id


def opened(qtbot: QtBot, host: FormHost, office: Office, key: str, **params: object) -> FormPage:
    office.open_form(key, {name: str(value) for name, value in params.items()})
    page = host.findChildren(FormPage)[-1]
    qtbot.waitUntil(lambda: page.view is not None)
    return page


def fill(page: FormPage, **values: Any) -> None:
    view = page.view
    assert view is not None
    view.set_values({**view.values(), **values})


def saved(qtbot: QtBot, page: FormPage) -> None:
    with qtbot.waitSignal(page.saved):
        page.save()


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisibleTo(widget))


def shown(qtbot: QtBot, section: JusticeSection, expected: str) -> str:
    qtbot.addWidget(section)
    section.resize(1000, 700)
    section.show()
    section.reload()
    qtbot.waitUntil(lambda: expected in words(section))
    assert nameless(section) == []
    return words(section)


def test_a_case_is_recorded_with_a_real_force_and_a_real_offence(
    qtbot: QtBot, host: FormHost, office: Office, file_id: FileId
) -> None:
    offence = office.packs.search_offences("strangulation", 1)[0]
    force = office.packs.search_forces("kent", 1)[0]
    page = opened(qtbot, host, office, "case", file_id=file_id)
    fill(page, force=force.key, crime_ref="46/12345/26", offences=[{"offence": offence.key, "is_charged": False}])
    saved(qtbot, page)
    view = office.work.read(justice_view, file_id)
    case = view.cases[0]
    assert (case.force, case.crime_ref) == (force.key, "46/12345/26")
    assert view.charges[case.case_id][0].offence_code == offence.key
    text = shown(qtbot, CasesSection(office, file_id), "46/12345/26")
    assert force.label in text
    assert offence.key in text


def test_an_outcome_is_recorded_and_adjourned_by_keyboard_alone(
    qtbot: QtBot, host: FormHost, office: Office, file_id: FileId, case_id: RecordId
) -> None:
    court = office.packs.search_courts("maidstone", 1, ("crown",))[0]
    listing = HearingDetails(TODAY, "10:00", court.key, court.label, "Court 3", "ptph", ("idva",))
    hearing_id = list_hearing(office.work, file_id, case_id, listing).record_id
    page = opened(qtbot, host, office, "outcome", file_id=file_id, hearing_id=hearing_id)
    tab_to("What it came to")
    type_text("adjourned")
    press(Qt.Key.Key_Return)
    tab_to("Next date")
    type_text("14/12/26")
    tab_to("Time")
    type_text("1015")
    with qtbot.waitSignal(page.saved):
        press(Qt.Key.Key_S, modifiers=CTRL)
    first, second = office.work.read(justice_view, file_id).hearings
    assert first.outcome == "adjourned"
    assert (second.hearing_on, second.listed_time, second.court_code) == (date(2026, 12, 14), "10:15", court.key)
    assert second.adjourned_from_id == first.hearing_id
    text = shown(qtbot, HearingsSection(office, file_id), "In 23 days")
    assert "put off so far: 1" in text


def test_bail_without_a_told_end_takes_the_counted_period(
    qtbot: QtBot, host: FormHost, office: Office, file_id: FileId, case_id: RecordId
) -> None:
    page = opened(qtbot, host, office, "bail", file_id=file_id)
    fill(page, arrested_on="2026-11-20", period="abp3", conditions=[{"code": "NO_CONTACT_CLIENT", "text": ""}])
    saved(qtbot, page)
    found = office.work.read(justice_view, file_id).bail[0]
    assert (found.started_on, found.expires_on) == (date(2026, 11, 21), date(2027, 2, 20))
    assert "No contact" in shown(qtbot, BailSection(office, file_id), "In force")


def test_a_counted_end_is_never_shown_as_told_and_follows_its_period(
    qtbot: QtBot, host: FormHost, office: Office, file_id: FileId, case_id: RecordId
) -> None:
    page = opened(qtbot, host, office, "bail", file_id=file_id)
    fill(page, arrested_on="2026-11-20", period="abp3", conditions=[{"code": "NO_CONTACT_CLIENT", "text": ""}])
    saved(qtbot, page)
    bail_id = office.work.read(justice_view, file_id).bail[0].bail_id
    page = opened(qtbot, host, office, "bail", file_id=file_id, bail_id=bail_id)
    view = page.view
    assert view is not None
    assert (view.values()["expires_on"], view.values()["started_on"]) == ("", "")
    fill(page, period="abp6", arrested_on="2026-11-18")
    saved(qtbot, page)
    found = office.work.read(justice_view, file_id).bail[0]
    assert (found.started_on, found.expires_on) == (date(2026, 11, 19), date(2027, 5, 18))
    text = shown(qtbot, BailSection(office, file_id), "In force")
    assert "18 May 2027 (counted, not told)" in text
    screen = InForceScreen(office)
    qtbot.addWidget(screen)
    screen.show()
    qtbot.waitUntil(lambda: "18 May 2027 (counted, not told)" in words(screen))
    assert "counted, not told" in page_texts(sheet_pdf(office, office.work.read(in_force, TODAY)))[0]


def test_a_counted_period_beside_the_form_is_chosen_and_not_taken_for_told(
    qtbot: QtBot, host: FormHost, office: Office, file_id: FileId, case_id: RecordId
) -> None:
    page = opened(qtbot, host, office, "bail", file_id=file_id)
    fill(page, arrested_on="2026-11-20", expires_on="2026-12-18")
    aside = page.findChildren(BailPeriodsAside)[-1]
    aside.refresh()
    (six,) = (each for each in aside.findChildren(QAbstractButton) if each.text() == "20 May 2027")
    six.click()
    view = page.view
    assert view is not None
    assert (view.values()["period"], view.values()["expires_on"]) == ("abp6", "")


def test_a_condition_of_next_week_is_not_shown_as_in_force(
    qtbot: QtBot, office: Office, file_id: FileId, case_id: RecordId
) -> None:
    later = ConditionDetails("CURFEW", "Nine to six", date(2026, 11, 28))
    record_bail(office.work, file_id, case_id, BailDetails("bail_court", started_on=TODAY), (later,))
    assert "From Sat 28 Nov 2026: " in shown(qtbot, BailSection(office, file_id), "In force")


def test_an_outcome_is_put_right_in_its_form_and_the_next_hearing_is_listed_once(
    qtbot: QtBot, host: FormHost, office: Office, file_id: FileId, case_id: RecordId
) -> None:
    court = office.packs.search_courts("maidstone", 1, ("crown",))[0]
    hearing_id = list_hearing(office.work, file_id, case_id, HearingDetails(TODAY, "10:00", court.key, court.label))
    page = opened(qtbot, host, office, "outcome", file_id=file_id, hearing_id=hearing_id.record_id)
    fill(page, outcome="adjourned", next_hearing_on="2026-12-14", next_listed_time="10:15")
    saved(qtbot, page)
    text = shown(qtbot, HearingsSection(office, file_id), "put off so far: 1, by 23 days in all")
    assert text.count("Adjourned") == 1
    page = opened(qtbot, host, office, "outcome", file_id=file_id, hearing_id=hearing_id.record_id)
    view = page.view
    assert view is not None
    assert view.values()["next_hearing_on"] == "2026-12-14"
    fill(page, outcome="part_heard", next_listed_time="14:00")
    saved(qtbot, page)
    first, second = office.work.read(justice_view, file_id).hearings
    assert (first.outcome, second.listed_time) == ("part_heard", "14:00")
    section = HearingsSection(office, file_id)
    assert "put off" not in shown(qtbot, section, "was listed on Sat 21 Nov 2026")
    assert "Correct outcome" in [each.text() for each in section.findChildren(QAbstractButton)]


def test_an_outcome_without_a_next_date_is_put_right_without_asking_for_one(
    qtbot: QtBot, host: FormHost, office: Office, file_id: FileId, case_id: RecordId
) -> None:
    listing = HearingDetails(TODAY, court_name="A court")
    hearing_id = made(list_hearing(office.work, file_id, case_id, listing).record_id)
    record_outcome(office.work, hearing_id, Outcome("effective"))
    page = opened(qtbot, host, office, "outcome", file_id=file_id, hearing_id=hearing_id)
    fill(page, outcome_text="Pleaded not guilty.")
    saved(qtbot, page)
    (only,) = office.work.read(justice_view, file_id).hearings
    assert only.outcome_text == "Pleaded not guilty."


def test_a_plea_has_its_day(qtbot: QtBot, host: FormHost, office: Office, file_id: FileId, case_id: RecordId) -> None:
    offence = {"offence": "CJ88116", "is_charged": True, "plea": "not_guilty", "plea_on": "2026-11-16"}
    page = opened(qtbot, host, office, "case", file_id=file_id, case_id=case_id)
    fill(page, offences=[offence])
    saved(qtbot, page)
    (charge,) = office.work.read(justice_view, file_id).charges[case_id]
    assert charge.plea_on == date(2026, 11, 16)
    assert "Not guilty Mon 16 Nov 2026" in shown(qtbot, CasesSection(office, file_id), "EX1/26")
    page = opened(qtbot, host, office, "case", file_id=file_id, case_id=case_id)
    saved(qtbot, page)
    assert office.work.read(justice_view, file_id).charges[case_id][0].plea_on == date(2026, 11, 16)


def test_a_told_end_outranks_the_counted_one(
    qtbot: QtBot, host: FormHost, office: Office, file_id: FileId, case_id: RecordId
) -> None:
    page = opened(qtbot, host, office, "bail", file_id=file_id)
    fill(page, arrested_on="2026-11-20", period="abp3", expires_on="2026-12-18")
    saved(qtbot, page)
    assert office.work.read(justice_view, file_id).bail[0].expires_on == date(2026, 12, 18)


def test_a_hearing_without_a_case_is_refused_in_words_and_nothing_typed_is_lost(
    qtbot: QtBot, host: FormHost, office: Office, file_id: FileId
) -> None:
    page = opened(qtbot, host, office, "hearing", file_id=file_id)
    fill(page, court="A court of nowhere", hearing_on="2026-12-01")
    page.save()
    view = page.view
    assert view is not None
    assert "case_id" in view.problems()
    assert view.values()["court"] == "A court of nowhere"


def test_tonight_shows_what_binds_and_the_half_sheet_says_the_same(
    qtbot: QtBot, office: Office, file_id: FileId, case_id: RecordId
) -> None:
    conditions = (ConditionDetails("NO_CONTACT_CLIENT"), ConditionDetails("EXCL_AREA", "Exampleford town centre"))
    details = BailDetails("bail_precharge", started_on=TODAY, expires_on=date(2026, 12, 1))
    record_bail(office.work, file_id, case_id, details, conditions)
    screen = InForceScreen(office)
    qtbot.addWidget(screen)
    screen.resize(1100, 700)
    screen.show()
    qtbot.waitUntil(lambda: "Exampleford town centre" in words(screen))
    assert nameless(screen) == []
    pdf = sheet_pdf(office, office.work.read(in_force, TODAY))
    assert page_count(pdf) == 1
    assert "Exampleford town centre" in page_texts(pdf)[0]
    assert "EX1/26" in page_texts(pdf)[0]
