from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from advocate_desk.casework.people import PersonDetails, read_immigration_note
from advocate_desk.casework.work import Work
from advocate_desk.desk.forms.conflict_panel import ConflictPanel
from advocate_desk.desk.forms.intake import intake_of, names_typed, start_intake
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.screens.client_file.page import ClientFilePage
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.queries.caseload import CaseloadFilter, caseload_page
from advocate_desk.store.queries.client_file import FileView, file_view
from tests.builders import NOON, a_file
from tests.desk.client_desk import ClientDesk, control, has_text
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.desk.walk import assert_accessible, assert_fits

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def desk(work: Work, qtbot: QtBot) -> Iterator[ClientDesk]:
    made = ClientDesk(work, qtbot)
    yield made
    made.end()


def opened(desk: ClientDesk) -> FormPage:
    start_intake(desk.office)
    return desk.form("intake")


def fill(form: FormPage, **values: object) -> None:
    assert form.view is not None
    form.view.set_values({**form.view.values(), **values})
    form.view.changed.emit()


def panel(form: FormPage) -> ConflictPanel:
    return form.findChild(ConflictPanel)  # type: ignore[return-value]


def files(work: Work) -> list[FileId]:
    lines = work.read(caseload_page, CaseloadFilter(), NOON.date(), NOON).lines
    return [FileId(each.file_id) for each in lines]


def shown_file(desk: ClientDesk) -> tuple[FileId, FileView]:
    page = desk.current_page()
    assert isinstance(page, ClientFilePage)
    return page.file_id, desk.work.read(file_view, page.file_id)


def choose(name: str, text: str) -> None:
    tab_to(name)
    type_text(text)
    press(Qt.Key.Key_Return)
    QApplication.processEvents()  # the fields that the choice opens
    focused().window().activateWindow()  # off screen the list stays the active window although it has closed
    QApplication.processEvents()


def type_letters(text: str) -> None:
    """Type letters that no key of this keyboard has."""
    line = focused()
    assert isinstance(line, QLineEdit)
    line.insert(text)


def test_a_referral_becomes_a_file_by_keyboard_alone(desk: ClientDesk) -> None:
    form = opened(desk)
    assert focused().accessibleName() == "Referred by"
    choose("Referred by", "Police")
    tab_to("Referrer’s name")
    type_text("PC Invented")
    tab_to("Crime reference")
    type_text("C/22")
    tab_to("Given name")
    type_text("Testina")
    tab_to("Family name")
    type_text("Sampleby")
    tab_to("Date of birth")
    type_text("3/4/90")
    tab_to("Add a way to reach her", 80)
    press(Qt.Key.Key_Space)
    choose("Kind", "Mobile")
    tab_to("Number, address or name")
    type_text("07700 900123")
    press(Qt.Key.Key_Return, modifiers=CTRL)
    desk.qtbot.waitUntil(lambda: form not in desk.forms())
    desk.settle()
    _, view = shown_file(desk)
    assert view.client is not None
    assert (view.client.name, view.client.born_on) == ("Testina Sampleby", date(1990, 4, 3))
    assert (view.referrals[0].source, view.referrals[0].crime_ref) == ("police", "C/22")
    assert view.referrals[0].received_at == NOON
    (contact,) = view.banner.contacts
    assert (contact.method.value, contact.method.is_safe) == ("07700 900123", "unknown")


def test_everything_on_the_form_reaches_the_file(desk: ClientDesk) -> None:
    form = opened(desk)
    fill(
        form,
        source="health",
        received_at="2026-11-20T17:30",
        client_given_name="Testina",
        client_needs_interpreter=True,
        immigration_door=True,
        immigration_note="Spouse visa",
        perpetrator_given_name="Imagino",
        perpetrator_whereabouts="In custody",
        relationship_kind="spouse",
        relationship_status="separated",
        children=[{"given_name": "Childa", "born_on": "2020-01-02"}],
        others=[{"role": "supporter", "given_name": "Grana"}],
        contacts=[{"kind": "landline", "value": "01632 960 001", "is_safe": "yes", "safe_days": ["mon"]}],
        alerts=[{"kind": "weapons", "text": "Shed"}],
        consents=[{"scope": "share_police", "decision": "refused", "decided_on": "2026-11-20"}],
        access_needs=[{"kind": "bsl", "detail": "Level 6"}],
        is_restricted=True,
        conflict_note="Sergeant at the same station",
    )
    desk.save()
    _, view = shown_file(desk)
    assert [each.role for each in view.people] == ["client", "perpetrator", "child", "supporter"]
    assert (view.relationships[0].kind, view.relationships[0].status) == ("spouse", "separated")
    assert view.banner.alerts[0].kind == "weapons"
    assert (view.consents[0].decision, view.needs[0].detail) == ("refused", "Level 6")
    assert (view.banner.is_restricted, view.conflict_note) == (True, "Sergeant at the same station")
    assert view.client is not None
    assert read_immigration_note(desk.work, RecordId(view.client.person_id)) == "Spouse visa"


def test_what_is_missing_is_marked_in_its_row_and_nothing_is_opened(desk: ClientDesk) -> None:
    form = opened(desk)
    fill(form, source="police", children=[{"note": "At nursery"}])
    desk.save()
    assert form in desk.forms()
    assert has_text(form, "Give at least one name")
    assert files(desk.work) == []


def test_half_an_intake_is_kept_through_a_lock_at_the_same_field(desk: ClientDesk) -> None:
    opened(desk)
    tab_to("Referrer’s name")
    type_text("PC Inv")
    desk.lock_and_unlock()
    desk.qtbot.waitUntil(lambda: bool(desk.forms()) and desk.forms()[-1].view is not None)
    form = desk.form("intake")
    assert form.view is not None and form.view.values()["referrer_name"] == "PC Inv"
    assert focused().accessibleName() == "Referrer’s name"
    type_text("ented")
    assert form.view.values()["referrer_name"] == "PC Invented"


def test_two_referrals_can_be_left_half_done(desk: ClientDesk) -> None:
    for name in ("First", "Second"):
        form = opened(desk)
        fill(form, client_given_name=name)
        form.close_asked.emit()
        desk.settle()
        desk.work.clock.advance(timedelta(hours=1))  # type: ignore[attr-defined]
    names = {str(each.payload["values"]["client_given_name"]) for each in desk.office.drafts.aside()}
    assert names == {"First", "Second"}


def test_no_perpetrator_is_made_of_empty_fields(desk: ClientDesk) -> None:
    values = {"client_given_name": "Testina", "source": "self"}
    assert intake_of(values, desk.office).perpetrator is None
    unnamed = intake_of({**values, "relationship_kind": "spouse"}, desk.office).perpetrator
    assert unnamed is not None and unnamed.known_as == "Name not known"


def test_the_immigration_note_has_a_door_that_is_shut_at_first(desk: ClientDesk) -> None:
    form = opened(desk)
    assert form.view is not None
    box = form.view.field_box("immigration_note")
    assert box is not None and not box.isVisibleTo(form)
    fill(form, immigration_door=True)
    assert box.isVisibleTo(form)


# -------------------------------------------------------------------------------------------------- the conflict check


def test_somebody_alike_is_offered_as_the_name_is_typed(desk: ClientDesk) -> None:
    a_file(desk.work, client=PersonDetails("client", "Mohammed", "Ali"), perpetrator=None)
    form = opened(desk)
    tab_to("Given name")
    type_letters("محمد")
    tab_to("Family name")
    type_letters("علي")
    desk.qtbot.waitUntil(lambda: bool(panel(form).matches))
    desk.settle()
    assert has_text(panel(form), "Mohammed Ali")
    assert has_text(panel(form), "Sounds the same")
    assert_accessible(form)


def test_of_a_restricted_file_the_panel_says_only_that_there_is_one(desk: ClientDesk) -> None:
    a_file(desk.work, is_restricted=True)
    form = opened(desk)
    fill(form, perpetrator_given_name="Testina", perpetrator_family_name="Sampleby")
    desk.qtbot.waitUntil(lambda: bool(panel(form).matches))
    desk.settle()
    assert has_text(panel(form), "A restricted file")
    assert not has_text(panel(form), "Sampleby")
    assert not has_text(panel(form), "26-")


def test_looking_at_the_known_file_keeps_the_form_as_a_draft(desk: ClientDesk) -> None:
    known = a_file(desk.work)
    form = opened(desk)
    fill(form, client_given_name="Testina", client_family_name="Sampleby", incident_summary="Long told")
    desk.qtbot.waitUntil(lambda: bool(panel(form).matches))
    desk.settle()
    control(panel(form), f"Look at the file {panel(form).matches[0].reference}").click()  # type: ignore[attr-defined]
    desk.settle()
    assert shown_file(desk)[0] == known
    (draft,) = desk.office.drafts.aside()
    desk.office.reopen_form(draft.form, dict(draft.params), dict(draft.payload))
    again = desk.form("intake")
    assert again.view is not None and again.view.values()["incident_summary"] == "Long told"


def test_a_referral_of_a_known_client_joins_her_file_and_leaves_no_draft(desk: ClientDesk) -> None:
    known = a_file(desk.work)
    form = opened(desk)
    fill(form, source="health", client_given_name="Testina", client_family_name="Sampleby")
    desk.qtbot.waitUntil(lambda: bool(panel(form).matches))
    panel(form).add_to(panel(form).matches[0])
    desk.qtbot.waitUntil(lambda: form not in desk.forms())
    desk.settle()
    file_id, view = shown_file(desk)
    assert file_id == known and files(desk.work) == [known]
    assert [each.source for each in view.referrals] == ["health", "police"]
    assert desk.office.drafts.aside() == ()


def test_what_a_referral_cannot_carry_stays_as_a_draft(desk: ClientDesk) -> None:
    a_file(desk.work)
    form = opened(desk)
    fill(
        form,
        source="health",
        client_given_name="Testina",
        client_family_name="Sampleby",
        alerts=[{"kind": "weapons", "text": "Shed"}],
    )
    desk.qtbot.waitUntil(lambda: bool(panel(form).matches))
    panel(form).add_to(panel(form).matches[0])
    desk.qtbot.waitUntil(lambda: form not in desk.forms())
    desk.settle()
    assert len(shown_file(desk)[1].referrals) == 2
    (draft,) = desk.office.drafts.aside()
    assert draft.payload["values"]["alerts"][0]["text"] == "Shed"


def test_a_referral_without_a_source_is_not_added_and_says_why(desk: ClientDesk) -> None:
    known = a_file(desk.work)
    form = opened(desk)
    fill(form, client_given_name="Testina", client_family_name="Sampleby")
    desk.qtbot.waitUntil(lambda: bool(panel(form).matches))
    panel(form).add_to(panel(form).matches[0])
    desk.settle()
    assert form in desk.forms()
    assert has_text(form, "Choose where it came from.")
    assert len(desk.work.read(file_view, known).referrals) == 1


def test_every_name_on_the_form_is_checked() -> None:
    typed = names_typed(
        {
            "client_given_name": "A",
            "perpetrator_known_as": "B",
            "children": [{"given_name": "C", "born_on": "2020-01-02"}],
            "others": [{"family_name": "D"}, {"note": "nobody"}],
        }
    )
    assert [(each.role, each.given_name or each.family_name) for each in typed] == [
        ("client", "A"),
        ("perpetrator", "B"),
        ("child", "C"),
        ("at_risk", "D"),
    ]
    assert typed[2].born_on == date(2020, 1, 2)


def test_it_fits_a_small_laptop(desk: ClientDesk) -> None:
    form = opened(desk)
    assert_accessible(form)
    assert_fits(form, 1200)
