from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from advocate_desk.casework.access import history
from advocate_desk.casework.bail import BailDetails, record_bail
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.files import close_file
from advocate_desk.casework.intake import AlertDetails, ConsentDetails
from advocate_desk.casework.people import ContactDetails, PersonDetails
from advocate_desk.casework.tasks import TaskDetails, add_task, complete_task
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.desk import theme
from advocate_desk.desk.screens.client_file.access.section import AccessSection
from advocate_desk.desk.screens.client_file.overview.section import OverviewSection
from advocate_desk.desk.screens.client_file.page import ClientFilePage
from advocate_desk.desk.screens.client_file.sections import SECTIONS
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.notes import attempts, notes_page
from advocate_desk.store.queries.tasks import file_tasks
from advocate_desk.store.tables.papers import disclosure
from tests.builders import NOON, a_file, a_referral
from tests.desk.client_desk import ClientDesk, control, has_text
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.desk.walk import assert_accessible, assert_fits

SAFE = ContactDetails(
    "mobile", "07700 900123", "yes", "no", "no", "09:00", "15:00", ("mon", "tue", "wed", "thu", "fri", "sat")
)


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[ClientDesk]:
    made = ClientDesk(work, qtbot)
    yield made
    made.end()


def test_opening_a_file_puts_the_reading_on_record(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    desk.file_page(file_id)
    assert history(desk.work, file_id)[0].kind == "file_read"


def test_the_banner_says_who_she_is_and_how_to_reach_her_safely(desk: ClientDesk) -> None:
    file_id = a_file(
        desk.work,
        client=PersonDetails("client", "Testina", "Sampleby", "Tess"),
        contacts=(SAFE,),
        alerts=(AlertDetails("weapons", "Seen in the shed"),),
        is_restricted=True,
    )
    banner = desk.file_page(file_id).banner
    assert banner.contact_text() == "Call · 07700 900123 · Mon–Sat 9:00–15:00 · never text · no voicemail"
    for words in ("Testina Sampleby", "known as Tess", "Weapons", "Restricted", "High risk", "Ash Advocate"):
        assert has_text(banner, words), words


def test_the_banner_is_no_higher_than_it_should_be(desk: ClientDesk) -> None:
    alerts = tuple(AlertDetails(kind) for kind in ("weapons", "strangulation", "stalking", "pregnant"))
    page = desk.file_page(a_file(desk.work, contacts=(SAFE,), alerts=alerts))
    assert page.banner.height() <= 110


def test_a_client_with_no_safe_contact_is_a_warning_in_the_banner(desk: ClientDesk) -> None:
    page = desk.file_page(a_file(desk.work, contacts=(ContactDetails("mobile", "07700 900123", "no"),)))
    assert page.banner.contact_text() == "No safe way of contact is recorded"


def test_the_number_in_the_banner_can_be_covered_and_stays_so(desk: ClientDesk) -> None:
    page = desk.file_page(a_file(desk.work, contacts=(SAFE,)))
    page.banner.cover_private(True)
    assert "07700" not in page.banner.contact_text()
    assert page.place()["covered"] is True


@pytest.mark.parametrize("number", range(1, len(SECTIONS) + 1))
def test_every_section_opens_by_its_key_and_can_be_used_without_a_mouse(desk: ClientDesk, number: int) -> None:
    page = desk.file_page(
        a_file(
            desk.work,
            contacts=(SAFE,),
            alerts=(AlertDetails("weapons"),),
            consents=(ConsentDetails("service", "given"),),
        )
    )
    key = Qt.Key(Qt.Key.Key_0 + number % 10)
    QTest.keyClick(desk.window, key, Qt.KeyboardModifier.AltModifier)
    desk.settle()
    assert page.section_key() == SECTIONS[number - 1].key
    assert_accessible(page)


def test_the_file_comes_back_at_its_section_after_a_lock(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    desk.file_page(file_id, "notes")
    desk.lock_and_unlock()
    desk.qtbot.waitUntil(lambda: getattr(desk.current_page(), "file_id", None) == file_id)
    page = desk.current_page()
    assert page is not None and page.section_key() == "notes"  # type: ignore[attr-defined]


def test_it_fits_at_twice_the_text_size(desk: ClientDesk, qapp: QApplication) -> None:
    file_id = a_file(desk.work, contacts=(SAFE,), alerts=(AlertDetails("weapons"), AlertDetails("tracked_device")))
    theme.apply(qapp, "light", 200)
    desk.lock_and_unlock()
    for kind in SECTIONS:
        assert_fits(desk.file_page(file_id, kind.key), 1200)


def test_a_task_is_done_with_a_tick_and_taken_back(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    task_id = add_task(desk.work, file_id, TaskDetails("Ring the officer", date(2026, 11, 24))).record_id
    page = desk.file_page(file_id)
    box = control(page, "Done: Ring the officer", QCheckBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    desk.settle()
    (done,) = [each for each in desk.work.read(file_tasks, file_id) if each.task_id == task_id]
    assert done.completed_at is not None
    desk.undo()
    (done,) = [each for each in desk.work.read(file_tasks, file_id) if each.task_id == task_id]
    assert done.completed_at is None
    control(page, "Done: Ring the officer", QCheckBox)


def test_a_task_that_was_done_is_reopened_from_the_list(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    task_id = add_task(desk.work, file_id, TaskDetails("Ring the officer", date(2026, 11, 24))).record_id
    assert task_id is not None
    complete_task(desk.work, task_id)
    page = desk.file_page(file_id)
    control(page, "Reopen: Ring the officer").click()  # type: ignore[attr-defined]
    desk.settle()
    control(page, "Done: Ring the officer", QCheckBox)


def test_what_was_disclosed_is_listed_with_what_it_told(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    with desk.work.activity("letter_saved", file_id) as act:
        told = {
            "to_whom": "Exampleford Crown Court",
            "what": ["Name", "Hearing"],
            "decided_by": "Ash",
            "decided_at": NOON,
        }
        act.insert(disclosure, file_id, told)
    section = desk.file_page(file_id, "access").section()
    assert section is not None
    assert has_text(section, "Exampleford Crown Court") and has_text(section, "Told: Name, Hearing")


def test_an_alert_is_taken_out_and_brought_back(desk: ClientDesk) -> None:
    file_id = a_file(desk.work, alerts=(AlertDetails("weapons"),))
    page = desk.file_page(file_id)
    control(page, "Take out: Weapons").click()  # type: ignore[attr-defined]
    desk.settle()
    assert not has_text(page.banner, "Weapons")
    desk.undo()
    assert has_text(page.banner, "Weapons")


def test_the_first_five_days_show_which_days_were_kept(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    open_case(desk.work, file_id, CaseDetails(reported_on=NOON.date() - timedelta(days=1)))
    section = desk.file_page(file_id).section()
    assert isinstance(section, OverviewSection)
    assert section.strip.isVisibleTo(section)
    assert has_text(section.strip, "day 1")
    assert has_text(section.strip, "Day 5")


def test_long_after_the_report_there_is_no_strip(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    open_case(desk.work, file_id, CaseDetails(reported_on=NOON.date() - timedelta(days=6)))
    section = desk.file_page(file_id).section()
    assert isinstance(section, OverviewSection)
    assert not section.strip.isVisibleTo(section)


def test_a_closed_file_says_so_and_is_opened_again(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    close_file(desk.work, file_id, "planned_complete", date(2026, 11, 20))
    page = desk.file_page(file_id)
    section = page.section()
    assert isinstance(section, OverviewSection)
    assert "Friday 20 November 2026: Planned: support complete" in section.closed.text()
    section.closed.acted.emit()
    form = desk.form("file_status")
    assert form.view is not None
    form.view.set_values({"status": "open_medium"})
    desk.save()
    assert desk.work.read(file_view, file_id).banner.status == "open_medium"
    assert not section.closed.isVisibleTo(section)


def test_half_a_note_waits_on_the_overview(desk: ClientDesk) -> None:
    page = desk.file_page(a_file(desk.work))
    QTest.keyClick(desk.window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    form = desk.form("note")
    assert form.view is not None
    form.view.set_values({**form.view.values(), "text": "She said"})
    form.view.changed.emit()
    form.close_asked.emit()
    desk.settle()
    section = page.section()
    assert isinstance(section, OverviewSection)
    assert "Add a contact note" in section.waiting.text()
    section.waiting.acted.emit()
    again = desk.form("note")
    assert again.view is not None and again.view.values()["text"] == "She said"


def test_closing_with_bail_running_needs_who_agreed_and_keeps_it_as_a_note(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    case_id = open_case(desk.work, file_id, CaseDetails(crime_ref="C/1")).record_id
    assert case_id is not None
    record_bail(desk.work, file_id, case_id, BailDetails("police_pre_charge", started_on=NOON.date()), ())
    desk.file_page(file_id)
    desk.office.open_form("close_file", {"file_id": str(file_id)})
    form = desk.form("close_file")
    assert form.view is not None
    form.view.set_values({**form.view.values(), "reason": "moved_area"})
    desk.save()
    assert form in desk.forms()
    form.view.set_values({**form.view.values(), "override": "Agreed with the manager"})
    desk.save()
    assert desk.work.read(file_view, file_id).banner.status == "closed"
    assert "Agreed with the manager" in desk.work.read(notes_page, file_id).notes[0].text


def test_the_chain_is_verified_in_words(desk: ClientDesk) -> None:
    section = desk.file_page(a_file(desk.work), "access").section()
    assert isinstance(section, AccessSection)
    section.verify.click()
    desk.qtbot.waitUntil(lambda: "The chain is whole" in section.report.text())
    assert section.model.index(0, 2).data() == "Read the file"


def test_a_referral_is_added_to_the_file(desk: ClientDesk) -> None:
    file_id = a_file(desk.work, referral=a_referral(source="police"))
    desk.file_page(file_id).banner.asked.emit("referral")
    form = desk.form("referral")
    assert form.view is not None
    form.view.set_values({**form.view.values(), "source": "health"})
    desk.save()
    assert [each.source for each in desk.work.read(file_view, file_id).referrals] == ["health", "police"]


def outside_safe_hours(desk: ClientDesk) -> tuple[FileId, ClientFilePage]:
    file_id = a_file(desk.work, contacts=(replace(SAFE, safe_from="14:00", safe_until="15:00"),))
    return file_id, desk.file_page(file_id)


def test_outside_safe_hours_the_banner_covers_the_number_and_says_when(desk: ClientDesk) -> None:
    _, page = outside_safe_hours(desk)
    said = page.banner.contact_text()
    assert said.startswith("Not now: next safe time today 14:00 · Call · ••••• ••• 123 · Mon–Sat 14:00–15:00")
    assert has_text(page.banner, "Not now: next safe time today 14:00") and not has_text(page.banner, "07700")


def test_before_the_day_she_named_the_banner_covers_the_number(desk: ClientDesk) -> None:
    number = replace(SAFE, do_not_contact_before=date(2026, 12, 1))
    said = desk.file_page(a_file(desk.work, contacts=(number,))).banner.contact_text()
    assert said.startswith("Not now: next safe time 1 Dec 9:00 · Call · ••••• ••• 123")


def test_one_key_and_a_reason_show_the_number_which_is_on_record(desk: ClientDesk) -> None:
    file_id, page = outside_safe_hours(desk)
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(page, Qt.Key.Key_P, keys)
    assert focused().accessibleName() == "Reason for going against the safe-contact rule"
    assert "07700" not in page.banner.contact_text()
    type_text("She rang and asked for a call")
    press(Qt.Key.Key_Return)
    desk.settle()
    assert "Call · 07700 900123" in page.banner.contact_text()
    assert focused().accessibleName() == "Cover the number"
    (kept,) = desk.work.read(attempts, file_id)
    assert kept.override_reason == "She rang and asked for a call"
    assert "override: True" in history(desk.work, file_id)[0].detail
    press(Qt.Key.Key_Space)
    assert "07700" not in page.banner.contact_text()
    assert focused().accessibleName() == "Show the number"


def test_leaving_it_keeps_the_number_covered(desk: ClientDesk) -> None:
    file_id, page = outside_safe_hours(desk)
    page.banner.turn_number()
    desk.settle()
    assert_accessible(page.banner)
    tab_to("Leave it")
    press(Qt.Key.Key_Space)
    assert "07700" not in page.banner.contact_text()
    assert desk.work.read(attempts, file_id) == ()


def test_the_number_is_covered_again_when_the_safe_hours_end(desk: ClientDesk) -> None:
    page = desk.file_page(a_file(desk.work, contacts=(SAFE,)))
    assert "07700" in page.banner.contact_text()
    desk.office.clock = FixedClock(NOON.replace(hour=15))
    page.banner.on_minute()
    assert not has_text(page.banner, "07700")
