from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from advocate_desk.casework.access import history
from advocate_desk.casework.intake import AlertDetails
from advocate_desk.casework.people import ContactDetails, PersonDetails, read_immigration_note
from advocate_desk.casework.work import Work
from advocate_desk.desk.screens.client_file.people.section import PeopleSection
from advocate_desk.desk.widgets.safe_contact import SafeContact, channel_lines, verdict_words
from advocate_desk.domain.contact import ContactMethod, read_hours
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Refused
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.notes import attempts
from tests.builders import NOON, a_file
from tests.desk.client_desk import ClientDesk, control, has_text
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.desk.walk import assert_accessible

NUMBER = ContactDetails("mobile", "07700 900123", "yes", "no", "unknown", "09:00", "15:00", ("mon", "sat"))


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[ClientDesk]:
    made = ClientDesk(work, qtbot)
    yield made
    made.end()


def people(desk: ClientDesk, file_id: FileId) -> PeopleSection:
    section = desk.file_page(file_id, "people").section()
    assert isinstance(section, PeopleSection)
    return section


def only_contact(desk: ClientDesk, **changed: object) -> tuple[FileId, SafeContact]:
    number = replace(NUMBER, **changed)  # type: ignore[arg-type]
    file_id = a_file(desk.work, contacts=(number,))
    (shown,) = people(desk, file_id).contacts
    return file_id, shown


# ----------------------------------------------------------------------------------------------- the rule, in words


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, "Safe to call now · until 15:00"),
        ({"hours": None}, "Safe to call now"),
        ({"hours": read_hours("09:00", "10:00", ())}, "Not now: outside safe times; next tomorrow 9:00"),
        ({"hours": read_hours("14:00", "15:00", ())}, "Not now: outside safe times; next today 14:00"),
        ({"hours": read_hours("09:00", "15:00", ("mon",))}, "Not now: outside safe times; next Mon 9:00"),
        ({"is_safe": "no"}, "Never call"),
        ({"is_safe": "unknown"}, "Do not call: not known to be safe"),
    ],
)
def test_the_rule_says_what_may_be_done_now(changed: dict[str, object], words: str) -> None:
    method = ContactMethod("mobile", "1", "yes", hours=read_hours("09:00", "15:00", ()))
    assert verdict_words(replace(method, **changed), NOON) == words  # type: ignore[arg-type]


def test_each_channel_of_a_number_has_its_own_rule() -> None:
    method = ContactMethod("mobile", "1", "yes", may_text="no", may_leave_voicemail="unknown")
    assert [each.words for each in channel_lines(method, NOON)] == [
        "Safe to call now",
        "Never text",
        "Do not leave a voicemail: not known to be safe",
    ]


def test_an_alert_not_to_contact_is_said_first() -> None:
    method = ContactMethod("mobile", "1", "yes")
    assert verdict_words(method, NOON, ["do_not_contact"]) == "Do not call: there is an alert"


# --------------------------------------------------------------------------------------------------- the guard itself


def test_a_number_is_covered_until_it_is_asked_for(desk: ClientDesk) -> None:
    _, shown = only_contact(desk)
    assert shown.shown_text() == "••••• ••• 123"
    assert has_text(shown, "Safe to call now · until 15:00")
    assert has_text(shown, "Never text")


def test_a_safe_number_is_shown_at_once_and_that_is_on_record(desk: ClientDesk) -> None:
    file_id, shown = only_contact(desk)
    eye = control(shown, "Show Mobile phone ending 123")
    eye.setFocus()
    press(Qt.Key.Key_Space)
    desk.settle()
    assert shown.shown_text() == "07700 900123"
    assert history(desk.work, file_id)[0].kind == "contact_revealed"
    press(Qt.Key.Key_Space)
    assert shown.shown_text() == "••••• ••• 123"


def test_an_unsafe_number_asks_for_the_reason_first_by_keyboard(desk: ClientDesk) -> None:
    file_id, shown = only_contact(desk, is_safe="no")
    control(shown, "Show Mobile phone ending 123").setFocus()
    press(Qt.Key.Key_Space)
    assert shown.shown_text() == "••••• ••• 123"
    assert focused().accessibleName() == "Reason for going against the safe-contact rule"
    desk.settle()
    assert has_text(shown, "not safe here")
    press(Qt.Key.Key_Return)
    desk.settle()
    assert not shown.is_shown()
    type_text("She rang and asked for a call")
    press(Qt.Key.Key_Return)
    desk.settle()
    assert shown.shown_text() == "07700 900123"
    (kept,) = desk.work.read(attempts, file_id)
    assert kept.override_reason == "She rang and asked for a call"


def test_leaving_it_shows_nothing_and_records_nothing(desk: ClientDesk) -> None:
    file_id, shown = only_contact(desk, is_safe="unknown")
    shown.ask("shown")
    desk.settle()
    tab_to("Leave it")
    press(Qt.Key.Key_Space)
    desk.settle()
    assert not shown.is_shown()
    assert "contact_revealed" not in {each.kind for each in history(desk.work, file_id)}


def test_a_copied_number_is_on_the_clipboard_and_on_record(desk: ClientDesk) -> None:
    file_id, shown = only_contact(desk)
    shown.ask("copied")
    desk.settle()
    assert QGuiApplication.clipboard().text() == "07700 900123"
    assert "how: copied" in history(desk.work, file_id)[0].detail
    assert shown.shown_text() == "••••• ••• 123"
    desk.window.lock()
    assert QGuiApplication.clipboard().text() == ""
    desk.lock_and_unlock()


def test_an_alert_not_to_contact_stops_every_number(desk: ClientDesk) -> None:
    file_id = a_file(desk.work, contacts=(NUMBER,), alerts=(AlertDetails("do_not_contact"),))
    (shown,) = people(desk, file_id).contacts
    shown.ask("shown")
    desk.settle()
    assert not shown.is_shown()
    assert has_text(shown, "do not contact")
    assert_accessible(shown)


def test_changing_a_safe_number_opens_its_form_behind_her_rule(desk: ClientDesk) -> None:
    file_id, shown = only_contact(desk)
    control(shown, "Change Mobile phone ending 123").click()  # type: ignore[attr-defined]
    form = desk.form("contact_method")
    assert has_text(form, "Safe to call now · until 15:00 · Never text")
    assert form.view is not None and form.view.values()["value"] == "07700 900123"
    assert history(desk.work, file_id)[0].detail == "how: changed"
    assert_accessible(form)


def test_changing_an_unsafe_number_asks_for_the_reason_first(desk: ClientDesk) -> None:
    file_id, shown = only_contact(desk, is_safe="no", code_word="parcel")
    control(shown, "Change Mobile phone ending 123").click()  # type: ignore[attr-defined]
    desk.settle()
    assert desk.forms() == ()
    type_text("She told me that it is cut off")
    press(Qt.Key.Key_Return)
    desk.form("contact_method")
    (kept,) = desk.work.read(attempts, file_id)
    assert kept.override_reason == "She told me that it is cut off"


# ------------------------------------------------------------------------------------------------ where she stays

STAYS = PersonDetails("client", "Testina", "Sampleby", whereabouts="With Invention, 12 Made Up Row")


def test_where_she_stays_is_covered_until_it_is_asked_for_which_is_on_record(desk: ClientDesk) -> None:
    file_id = a_file(desk.work, client=STAYS)
    section = people(desk, file_id)
    assert not has_text(section, "Made Up Row")
    control(section, "Show where Testina Sampleby stays").setFocus()
    press(Qt.Key.Key_Space)
    desk.settle()
    assert has_text(section, "12 Made Up Row")
    assert history(desk.work, file_id)[0].kind == "contact_revealed"
    assert_accessible(section)
    press(Qt.Key.Key_Space)
    assert not has_text(section, "Made Up Row")


@pytest.mark.parametrize("name", ["Show where Testina Sampleby stays", "Change: Testina Sampleby"])
def test_an_alert_not_to_contact_stands_before_where_she_stays(desk: ClientDesk, name: str) -> None:
    file_id = a_file(desk.work, client=STAYS, alerts=(AlertDetails("do_not_contact"),))
    section = people(desk, file_id)
    control(section, name).click()  # type: ignore[attr-defined]
    desk.settle()
    assert not has_text(section, "Made Up Row") and desk.forms() == ()
    assert has_text(section, "do not contact")
    type_text("For the police, at her asking")
    press(Qt.Key.Key_Return)
    desk.settle()
    assert has_text(section, "Made Up Row") != bool(desk.forms())
    (kept,) = desk.work.read(attempts, file_id)
    assert kept.override_reason == "For the police, at her asking"


def test_where_the_perpetrator_stays_is_for_all_to_see(desk: ClientDesk) -> None:
    he = PersonDetails("perpetrator", "Imagino", "Fabricant", whereabouts="In custody")
    assert has_text(people(desk, a_file(desk.work, perpetrator=he)), "In custody")


# --------------------------------------------------------------------------------------------- an attempt, guarded


def test_another_way_needs_a_reason_while_an_alert_says_not_to_contact(desk: ClientDesk) -> None:
    file_id = a_file(desk.work, contacts=(NUMBER,), alerts=(AlertDetails("do_not_contact"),))
    desk.file_page(file_id)
    desk.office.open_form("attempt", {"file_id": str(file_id)})
    form = desk.form("attempt")
    assert form.view is not None
    form.view.set_values({**form.view.values(), "contact_method": "other", "channel": "visit", "outcome": "no_answer"})
    form.view.changed.emit()
    assert form.view.field_box("override_reason").isVisibleTo(form)  # type: ignore[union-attr]
    desk.settle()
    assert has_text(form, "There is an alert on this file: do not contact.")
    desk.save()
    assert form in desk.forms() and desk.work.read(attempts, file_id) == ()


def test_an_attempt_against_the_rule_needs_its_reason_in_the_form(desk: ClientDesk) -> None:
    file_id = a_file(desk.work, contacts=(NUMBER,))
    desk.file_page(file_id)
    desk.office.open_form("attempt", {"file_id": str(file_id)})
    form = desk.form("attempt")
    assert form.view is not None
    assert not form.view.field_box("override_reason").isVisibleTo(form)  # type: ignore[union-attr]
    chosen = control(form, "Reached by")
    assert isinstance(chosen, QLineEdit) and chosen.text() == "Mobile phone: ••••• ••• 123"
    form.view.set_values({**form.view.values(), "channel": "text", "outcome": "letter"})
    form.view.changed.emit()
    assert form.view.field_box("override_reason").isVisibleTo(form)  # type: ignore[union-attr]
    assert_accessible(form)
    desk.save()
    assert form in desk.forms()
    form.view.set_values({**form.view.values(), "override_reason": "Agreed with her this morning"})
    desk.save()
    (kept,) = desk.work.read(attempts, file_id)
    assert (kept.channel, kept.is_override, kept.override_reason) == ("text", True, "Agreed with her this morning")


def test_the_code_word_is_said_only_where_her_rule_or_a_reason_allows(desk: ClientDesk) -> None:
    file_id = a_file(desk.work, contacts=(replace(NUMBER, is_safe="no", code_word="parcel"),))
    desk.file_page(file_id)
    desk.office.open_form("attempt", {"file_id": str(file_id)})
    form = desk.form("attempt")
    desk.settle()
    assert form.view is not None
    assert has_text(form, "not safe here") and not has_text(form, "parcel")
    form.view.set_values({**form.view.values(), "override_reason": "She rang"})
    form.view.changed.emit()
    desk.settle()
    assert has_text(form, "parcel")


# --------------------------------------------------------------------------------------------------------- the people


def test_a_child_is_added_changed_taken_out_and_brought_back(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    section = people(desk, file_id)
    control(section, "Add a child").click()  # type: ignore[attr-defined]
    form = desk.form("person")
    assert form.view is not None
    form.view.set_values({**form.view.values(), "given_name": "Childa", "born_on": "2020-03-04"})
    desk.save()
    assert has_text(section, "4/3/2020 (aged 6)")
    control(section, "Take out of the file: Childa").click()  # type: ignore[attr-defined]
    desk.settle()
    assert not has_text(section, "Childa")
    desk.undo()
    assert has_text(section, "Childa")


def test_a_perpetrator_is_changed_together_with_the_relationship(desk: ClientDesk) -> None:
    file_id = a_file(desk.work)
    control(people(desk, file_id), "Change: Imagino Fabricant").click()  # type: ignore[attr-defined]
    form = desk.form("person")
    assert form.view is not None
    form.view.set_values({**form.view.values(), "occupation": "Sergeant", "relationship_status": "separated"})
    desk.save()
    view = desk.work.read(file_view, file_id)
    assert view.relationships[0].status == "separated"
    assert next(each for each in view.people if each.role == "perpetrator").occupation == "Sergeant"


def test_a_way_to_reach_her_is_saved_with_every_attribute(desk: ClientDesk) -> None:
    file_id = a_file(desk.work, contacts=())
    control(people(desk, file_id), "Add a way to reach Testina Sampleby").click()  # type: ignore[attr-defined]
    form = desk.form("contact_method")
    assert form.view is not None
    typed = {
        "kind": "mobile",
        "value": "07700 900555",
        "is_safe": "yes",
        "may_text": "no",
        "may_leave_voicemail": "no",
        "safe_days": ["mon", "fri"],
        "safe_from": "09:00",
        "safe_until": "15:00",
        "code_word": "parcel",
        "who_may_answer": "Her sister",
        "is_device_shared": True,
        "do_not_contact_before": "2026-12-01",
        "note": "Let it ring",
        "fact_source": "client",
        "fact_state": "confirmed",
    }
    form.view.set_values(typed)
    desk.save()
    section = people(desk, file_id)
    section.contacts[0].ask("changed")
    desk.settle()
    assert "contact_method" not in [each.kind.key for each in desk.forms()], (
        "the number may not be used yet: why open it?"
    )
    reason = section.contacts[0].findChild(QLineEdit)
    assert reason is not None
    reason.setText("She has a new number")
    reason.returnPressed.emit()
    again = desk.form("contact_method")
    assert again.view is not None
    assert again.view.values() == typed
    assert history(desk.work, file_id)[0].detail == "how: changed"
    assert_accessible(again)


def test_a_contact_method_is_removed_and_brought_back(desk: ClientDesk) -> None:
    file_id, shown = only_contact(desk)
    control(shown, "Remove Mobile phone ending 123").click()  # type: ignore[attr-defined]
    desk.settle()
    assert desk.work.read(file_view, file_id).banner.contacts == ()
    desk.undo()
    assert len(desk.work.read(file_view, file_id).banner.contacts) == 1


@pytest.mark.parametrize(
    ("key", "values"), [("immigration_note", {}), ("contact_method", {"kind": "mobile", "value": "1"})]
)
def test_a_form_that_lost_its_person_says_so_and_keeps_what_was_typed(
    desk: ClientDesk, key: str, values: dict[str, object]
) -> None:
    kind = desk.office.forms.kind(key)
    assert kind is not None
    with pytest.raises(Refused, match="has lost its person"):
        kind.save(desk.office, {"file_id": str(a_file(desk.work))}, values)


def test_the_immigration_note_is_nowhere_but_behind_its_door(desk: ClientDesk) -> None:
    client = PersonDetails("client", "Testina", "Sampleby", immigration_note="Spouse visa")
    file_id = a_file(desk.work, client=client)
    page = desk.file_page(file_id)
    for key in ("overview", "people", "notes", "access"):
        assert not has_text(desk.file_page(file_id, key), "visa")
    section = people(desk, file_id)
    assert "immigration_note_read" not in {each.kind for each in history(desk.work, file_id)}
    control(section, "Immigration note").click()  # type: ignore[attr-defined]
    form = desk.form("immigration_note")
    assert form.view is not None and form.view.values()["immigration_note"] == "Spouse visa"
    assert history(desk.work, file_id)[0].kind == "immigration_note_read"
    form.view.set_values({"immigration_note": "Indefinite leave"})
    desk.save()
    person = desk.work.read(file_view, file_id).client
    assert person is not None
    assert read_immigration_note(desk.work, RecordId(person.person_id)) == "Indefinite leave"
    assert page is desk.current_page()
    QTest.qWait(0)
