"""What an exchange brings shows on open screens, and takes no focus, choice or half-typed word away."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

import msgspec
import pytest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from advocate_desk.casework import drafts
from advocate_desk.casework.allocation import Advocate, allocate
from advocate_desk.casework.bail import BailDetails, ConditionDetails, record_bail
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.files import set_status
from advocate_desk.casework.hearings import Outcome, record_outcome
from advocate_desk.casework.intake import open_file
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.people import PersonDetails
from advocate_desk.casework.work import Done, Work, out_of_draft
from advocate_desk.desk.composition import SCREENS, form_registry
from advocate_desk.desk.forms.changed_meanwhile import Opened, plain
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.forms.registry import Params
from advocate_desk.desk.forms.saving import records_now, save_unchanged
from advocate_desk.desk.forms.values import Values
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.caseload.view import CaseloadScreen
from advocate_desk.desk.screens.client_file.page import ClientFilePage
from advocate_desk.desk.shell import DeskPage
from advocate_desk.desk.team import exchanging
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.widgets.tables import ID_ROLE
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Unavailable
from advocate_desk.store.queries.client_file import banner, file_view
from advocate_desk.store.queries.conflicts import settled_conflicts
from advocate_desk.store.queries.find import find
from advocate_desk.store.tables.cases import condition
from advocate_desk.store.tables.people import person
from advocate_desk.sync import choices
from advocate_desk.sync.link import TeamHub
from advocate_desk.sync.statements import SUPERVISOR
from tests.builders import NOON, a_file, an_intake
from tests.desk.client_desk import ClientDesk, has_text
from tests.desk.front import to_front
from tests.desk.letter_desk import a_hearing
from tests.faults.failing_store import disk_full, failing_write
from tests.sync.desks import Desk, Team


class TeamDesk(ClientDesk):
    """A whole desk whose exchange reaches a hub in this process."""

    def __init__(self, desk: Desk, qtbot: QtBot) -> None:
        self.desk = desk
        super().__init__(desk.work, qtbot)

    def open_desk(self) -> Office:
        office = Office(self.work, Jobs(), form_registry())
        office.messages.noticed.connect(self.notices.append)
        self._desk = self.window.show_desk(lambda: DeskPage(office, SCREENS, ClientFilePage))
        to_front(self.window, self.qtbot)
        office.keep_exchanging(Exchanges(office, self.desk.device, connect=lambda *_: cast(TeamHub, self.desk.hub)))
        return office

    def exchange(self, *, brings: bool = True) -> None:
        """Exchange, and see it drawn: where it brings something, or to its end, whatever comes of it."""
        exchanges = self.office.exchanges
        assert exchanges is not None
        self.qtbot.waitUntil(lambda: exchanges.state().is_enrolled and not exchanges.state().is_running)
        with self.qtbot.waitSignal(exchanges.changed if brings else exchanges.ended):
            exchanges.exchange_now()
        self.settle()

    def go(self, key: str) -> None:
        self._desk.show_screen(key)
        self.settle()

    def page(self, kind: type) -> object:
        found = self._desk.current_page()
        assert isinstance(found, kind)
        return found


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    monkeypatch.setattr(exchanging, "FIRST_MS", 3_600_000)
    monkeypatch.setattr(exchanging, "AFTER_CHANGE_MS", 3_600_000)
    monkeypatch.setattr(exchanging, "END_S", 30)
    made = Team(tmp_path)
    for name in ("Ann", "Ben"):
        choices.set_hub_address(made.join(name, SUPERVISOR).work.engine, "https://hub.example.org")
    yield made
    made.close()


@pytest.fixture
def shared(team: Team) -> FileId:
    """A file that both have."""
    file_id = a_file(team.desks[0].work)
    team.exchange_all()
    return file_id


@pytest.fixture
def ann(team: Team, shared: FileId, qtbot: QtBot) -> Iterator[TeamDesk]:
    made = TeamDesk(team.desks[0], qtbot)
    yield made
    made.end()


def another_file(work: Work, given_name: str) -> None:
    a_file(work, client=PersonDetails("client", given_name, "Sampleby"))


def test_a_form_half_typed_stays_as_it_is(team: Team, ann: TeamDesk, shared: FileId) -> None:
    ann.file_page(shared)
    ann.office.open_form("note", {"file_id": str(shared)})
    view = ann.form("note").view
    assert view is not None
    text = view.findChild(QPlainTextEdit)
    assert text is not None
    text.setFocus()
    text.setPlainText("She rang from her sis")
    cursor = text.textCursor()
    cursor.setPosition(8)
    text.setTextCursor(cursor)
    another_file(team.desks[1].work, "Newina")
    team.desks[1].exchange()
    ann.exchange()
    assert text.toPlainText() == "She rang from her sis"
    assert text.textCursor().position() == 8
    assert QApplication.focusWidget() is text


def person_form(desk: TeamDesk, file_id: FileId) -> tuple[FormPage, str]:
    person_id = desk.work.read(file_view, file_id).people[0].person_id
    desk.office.open_form("person", {"file_id": str(file_id), "person_id": str(person_id)})
    return desk.form("person"), str(person_id)


def rename(desk: Desk, person_id: str, **changed: str) -> None:
    """A colleague changes a person's record, and sends it."""
    with desk.work.activity("person_changed") as act:
        act.update(person, RecordId(UUID(person_id)), changed)
    desk.exchange()


def test_a_form_opened_before_a_colleagues_change_takes_none_of_it_back(
    team: Team, ann: TeamDesk, shared: FileId
) -> None:
    form, person_id = person_form(ann, shared)
    assert form.view is not None
    form.view.set_values({**form.view.values(), "given_name": "Testa"})
    rename(team.desks[1], person_id, known_as="Tess")
    ann.exchange()
    form.save()
    ann.qtbot.waitUntil(lambda: not form.is_saving)
    assert has_text(form, "A colleague changed this while it was open")
    assert form.view.values()["given_name"] == "Testa" and form.view.values()["known_as"] == "Tess"
    ann.save()
    team.exchange_all()
    for desk in team.desks:
        assert desk.rows("SELECT given_name, known_as FROM person WHERE id = ?", UUID(person_id).hex) == [
            ("Testa", "Tess")
        ]


def test_a_draft_of_days_ago_takes_no_change_back_either(team: Team, ann: TeamDesk, shared: FileId) -> None:
    form, person_id = person_form(ann, shared)
    assert form.view is not None
    form.view.set_values({**form.view.values(), "given_name": "Testa"})
    ann.close_form(form)
    rename(team.desks[1], person_id, known_as="Tess", given_name="Tina")
    ann.exchange()
    again, _ = person_form(ann, shared)
    assert again.view is not None
    again.save()
    ann.qtbot.waitUntil(lambda: not again.is_saving)
    assert has_text(again, "You both changed")
    assert again.view.values()["given_name"] == "Testa" and again.view.values()["known_as"] == "Tess"
    ann.save()
    assert ann.desk.rows("SELECT given_name, known_as FROM person WHERE id = ?", UUID(person_id).hex) == [
        ("Testa", "Tess")
    ]


def test_a_form_that_nobody_else_changed_is_saved_at_once(ann: TeamDesk, shared: FileId) -> None:
    form, _ = person_form(ann, shared)
    assert form.view is not None
    form.view.set_values({**form.view.values(), "given_name": "Testa"})
    ann.save()
    assert form not in ann.forms()


def test_a_chosen_row_stays_chosen_and_what_came_is_in_the_list(team: Team, ann: TeamDesk, shared: FileId) -> None:
    ann.go("caseload")
    screen = ann.page(CaseloadScreen)
    assert isinstance(screen, CaseloadScreen)
    screen.table.setFocus()
    screen.table.setCurrentIndex(screen.model.index(0, 0))
    assert screen.model.rowCount() == 1
    another_file(team.desks[1].work, "Aaliyah")
    team.desks[1].exchange()
    ann.exchange()
    ann.qtbot.waitUntil(lambda: screen.model.rowCount() == 2)
    ann.qtbot.waitUntil(lambda: screen.table.currentIndex().data(ID_ROLE) == shared)
    assert QApplication.focusWidget() is screen.table


def test_what_came_can_be_found(team: Team, ann: TeamDesk) -> None:
    another_file(team.desks[1].work, "Quintessa")
    team.desks[1].exchange()
    ann.exchange()
    assert ann.work.read(find, "quintessa")


@pytest.mark.parametrize("screen", [each.key for each in SCREENS if each.on_rail])
def test_no_screen_of_the_rail_loses_the_focus(team: Team, ann: TeamDesk, screen: str) -> None:
    ann.go(screen)
    before = QApplication.focusWidget()
    another_file(team.desks[1].work, "Newina")
    team.desks[1].exchange()
    ann.exchange()
    assert QApplication.focusWidget() is before


def test_an_open_file_shows_what_a_colleague_wrote(team: Team, ann: TeamDesk, shared: FileId) -> None:
    page = ann.file_page(shared, "notes")
    write_note(team.desks[1].work, shared, NoteDetails(NOON, "phone", text="Her sister has the spare key"))
    team.desks[1].exchange()
    ann.exchange()
    ann.qtbot.waitUntil(lambda: has_text(page, "Her sister has the spare key"))


def test_work_goes_on_during_a_long_first_exchange(team: Team, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchanging, "LOOK_MS", 1)
    monkeypatch.setattr(exchanging, "SHOW_AFTER_MS", 20)
    ann, ben = team.desks
    for _ in range(12):
        a_file(ben.work)
        ben.exchange()
    pull = ann.hub.pull
    monkeypatch.setattr(ann.hub, "pull", lambda asked: pull(msgspec.structs.replace(asked, most_bytes=1)))
    desk = TeamDesk(ann, qtbot)
    exchanges = desk.office.exchanges
    assert exchanges is not None
    desk.go("caseload")
    seen: list[tuple[int, int]] = []
    shown: list[object] = []
    exchanges.changed.connect(shown.append)

    def on_state() -> None:
        progress = exchanges.state().progress
        if progress is not None:
            seen.append(progress)
            if len(seen) % 3 == 1:
                desk.office.do(desk.window, open_file, an_intake())

    exchanges.state_changed.connect(on_state)
    qtbot.waitUntil(lambda: exchanges.state().is_enrolled)
    with qtbot.waitSignal(exchanges.changed):
        exchanges.exchange_now()
    qtbot.waitUntil(lambda: not exchanges.state().is_running, timeout=30_000)
    written = (len(seen) + 2) // 3
    assert seen == sorted(seen) and seen[-1][0] <= seen[-1][1]
    assert len(shown) > 1, "what has come so far is shown meanwhile"
    qtbot.waitUntil(lambda: ann.rows("SELECT count(*) FROM client_file")[0][0] == 12 + written)
    desk.end()
    team.exchange_all()
    assert ben.rows("SELECT count(*) FROM client_file")[0][0] == 12 + written


def settled(desk: TeamDesk) -> list[tuple[str, str, str, str]]:
    found = desk.work.read(settled_conflicts)
    return [(e.kind, e.before["given_name"], e.said[0].values["given_name"], e.decision) for e in found]


def test_a_newer_value_that_was_replaced_knowingly_is_kept_and_can_be_used_again(
    team: Team, ann: TeamDesk, shared: FileId
) -> None:
    form, person_id = person_form(ann, shared)
    assert form.view is not None
    form.view.set_values({**form.view.values(), "given_name": "Testa"})
    rename(team.desks[1], person_id, known_as="Tess", given_name="Tina")
    ann.exchange()
    form.save()
    ann.qtbot.waitUntil(lambda: not form.is_saving)
    assert has_text(form, "You both changed") and settled(ann) == []
    ann.save()
    assert settled(ann) == [("person", "Testina", "Tina", "ours")]
    team.exchange_all()
    kept = "SELECT theirs ->> 'given_name', ours ->> 'given_name', decision, theirs_by, ours_by FROM conflict"
    ids = [each.person.hex() for each in reversed(team.desks)]
    assert team.desks[1].rows(kept) == [("Tina", "Testa", "ours", *ids)]


def bail_form(team: Team, ann: TeamDesk, file_id: FileId, *terms: str) -> tuple[FormPage, RecordId]:
    """The open form of a bail with one condition for each of `terms`, which both desks have."""
    case_id = open_case(team.desks[0].work, file_id, CaseDetails(crime_ref="C1"), ()).record_id
    assert case_id is not None
    given = tuple(ConditionDetails("NO_CONTACT_CLIENT", each, NOON.date()) for each in terms)
    details = BailDetails("bail_court", started_on=NOON.date(), expires_on=NOON.date() + timedelta(days=28))
    bail_id = record_bail(team.desks[0].work, file_id, case_id, details, given).record_id
    assert bail_id is not None
    team.exchange_all()
    ann.office.open_form("bail", {"file_id": str(file_id), "bail_id": str(bail_id)})
    form = ann.form("bail")
    ann.qtbot.waitUntil(lambda: form.view is not None)
    return form, bail_id


def conditions(desk: Desk, bail_id: RecordId) -> dict[str, RecordId]:
    found = desk.work.read(lambda conn: conn.execute(select(condition).where(condition.c.bail_id == bail_id)).all())
    return {each.text: RecordId(each.id) for each in found}


def test_conditions_of_a_bail_that_two_change_are_put_together_row_by_row(
    team: Team, ann: TeamDesk, shared: FileId
) -> None:
    form, bail_id = bail_form(team, ann, shared, "Not to contact her", "Not to go to Elm Street", "To report daily")
    assert form.view is not None
    rows = form.view.values()["conditions"]
    mine = next(each for each in rows if each["text"] == "Not to contact her")
    form.view.set_values(
        {
            **form.view.values(),
            "conditions": [each | ({"text": "Nor her sister"} if each is mine else {}) for each in rows],
        }
    )
    ben = team.desks[1]
    with ben.work.activity("bail_changed", shared) as act:
        known = conditions(ben, bail_id)
        act.update(condition, known["Not to go to Elm Street"], {"text": "Not to go to Elm Road"})
        act.update(condition, known["To report daily"], {"ended_on": NOON.date() - timedelta(days=1)})
        act.insert(condition, shared, {"bail_id": bail_id, "code": "EXCL_ADDRESS", "text": "At home by eight"})
    ben.exchange()
    ann.exchange()
    form.save()
    ann.qtbot.waitUntil(lambda: not form.is_saving)
    assert has_text(form, "Put together from yours and theirs: Condition.")
    texts = [each["text"] for each in form.view.values()["conditions"]]
    assert texts == ["Nor her sister", "Not to go to Elm Road", "At home by eight"]
    ann.save()
    assert form not in ann.forms()
    in_force = [text for (text,) in ann.desk.rows("SELECT text FROM condition WHERE ended_on IS NULL")]
    assert sorted(in_force) == sorted(texts)
    assert ann.work.read(settled_conflicts) == (), "nothing of either was replaced"


def test_a_condition_that_both_worded_keeps_the_wording_that_was_replaced(
    team: Team, ann: TeamDesk, shared: FileId
) -> None:
    form, bail_id = bail_form(team, ann, shared, "Not to contact her")
    assert form.view is not None
    (row,) = form.view.values()["conditions"]
    form.view.set_values({**form.view.values(), "conditions": [row | {"text": "Mine"}]})
    ben = team.desks[1]
    with ben.work.activity("bail_changed", shared) as act:
        act.update(condition, conditions(ben, bail_id)["Not to contact her"], {"text": "Hers"})
    ben.exchange()
    ann.exchange()
    form.save()
    ann.qtbot.waitUntil(lambda: not form.is_saving)
    assert has_text(form, "You both changed: Condition.")
    ann.save()
    (one,) = ann.work.read(settled_conflicts)
    assert (one.kind, one.before["text"], one.said[0].values["text"], one.said[0].by) == (
        "condition",
        "Not to contact her",
        "Hers",
        ben.person.hex(),
    )
    assert one.said[0].at == NOON


def arriving_late(form: FormPage, arrive: Callable[[], object]) -> None:
    """Let something arrive at the next save, when the form has been compared and the save waits for the store."""
    save, arrivals = form.kind.save, [arrive]

    def late(office: Office, params: Params, values: Values) -> Done:
        while arrivals:
            arrivals.pop()()
        return save(office, params, values)

    form.kind = replace(form.kind, save=late)


def test_a_change_that_a_save_has_to_wait_for_is_shown_and_nothing_is_replaced(
    team: Team, ann: TeamDesk, shared: FileId
) -> None:
    form, person_id = person_form(ann, shared)
    assert form.view is not None
    form.view.set_values({**form.view.values(), "given_name": "Testa"})
    rename(team.desks[1], person_id, known_as="Tess", given_name="Tina")
    arriving_late(form, team.desks[0].exchange)
    names = "SELECT given_name, known_as FROM person WHERE id = ?"
    form.save()
    ann.qtbot.waitUntil(lambda: not form.is_saving)
    assert has_text(form, "You both changed") and form.view.values()["known_as"] == "Tess"
    assert ann.desk.rows(names, UUID(person_id).hex) == [("Tina", "Tess")]
    ann.save()
    assert settled(ann) == [("person", "Testina", "Tina", "ours")]
    assert ann.desk.rows(names, UUID(person_id).hex) == [("Testa", "Tess")]


def choose(form: FormPage, whom: str) -> None:
    """Choose who is to have what the form hands over."""
    assert form.view is not None
    form.view.set_values({**form.view.values(), "allocated_to": whom})


def test_files_of_which_one_changed_hands_while_their_save_waited_are_looked_at_again(
    team: Team, ann: TeamDesk, shared: FileId
) -> None:
    other = a_file(ann.work)
    ann.office.open_form("hand_over", {"files": f"{shared.hex},{other.hex}"})
    form = ann.form("hand_over")
    ann.qtbot.waitUntil(lambda: form.view is not None)
    assert has_text(form, "lose them, unless she may read them still")  # a file of one team is no secret within it
    choose(form, team.desks[1].device.id.hex)
    allocate(team.desks[1].work, shared, Advocate("Kit Colleague"))
    team.desks[1].exchange()
    before = ann.desk.rows("SELECT allocated_to FROM client_file WHERE id = ?", other.hex)
    arriving_late(form, team.desks[0].exchange)
    form.save()
    ann.qtbot.waitUntil(lambda: not form.is_saving)
    assert has_text(form, "A colleague changed this while it was open")
    assert ann.desk.rows("SELECT allocated_to FROM client_file WHERE id = ?", shared.hex) == [("Kit Colleague",)]
    assert ann.desk.rows("SELECT allocated_to FROM client_file WHERE id = ?", other.hex) == before
    reference = ann.work.read(banner, shared).reference
    assert has_text(form, f"({reference}), now with Kit Colleague.")
    assert not has_text(form, ann.work.read(banner, other).reference)


def test_a_file_that_changed_hands_between_two_of_many_is_shown_and_not_taken(
    team: Team, ann: TeamDesk, shared: FileId, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = a_file(ann.work)
    first, second = sorted([shared, other], key=lambda each: each.hex)
    team.exchange_all()
    ann.office.open_form("hand_over", {"files": f"{first.hex},{second.hex}"})
    form = ann.form("hand_over")
    ann.qtbot.waitUntil(lambda: form.view is not None)
    assert form.view is not None
    form.view.set_values({**form.view.values(), "allocated_to": team.desks[1].device.id.hex, "note": "Both to Ben"})
    asked = iter([False, True])

    def is_stopping(_jobs: Jobs) -> bool:
        if next(asked, False):
            allocate(team.desks[1].work, second, Advocate("Kit Colleague"))
            team.desks[1].exchange()
            team.desks[0].exchange()
        return False

    monkeypatch.setattr(Jobs, "is_stopping", property(is_stopping))
    ann.save()
    reference = ann.work.read(banner, second).reference
    assert has_text(form, "1 file was handed over. Handed on by a colleague meanwhile: ")
    assert has_text(form, f"({reference}), now with Kit Colleague.")
    owners, ben = "SELECT allocated_person FROM client_file WHERE id IN (?, ?) ORDER BY id", team.desks[1].device.id.hex
    assert ann.desk.rows(owners, first.hex, second.hex) == [(ben,), (None,)]
    assert form.view.values()["note"] == "Both to Ben"
    ann.save()
    assert ann.desk.rows(owners, first.hex, second.hex) == [(ben,), (ben,)]
    assert form not in ann.forms()


def test_a_save_and_the_newer_value_that_it_replaces_are_one_act_at_any_write(
    team: Team, ann: TeamDesk, shared: FileId
) -> None:
    form, person_id = person_form(ann, shared)
    assert form.view is not None
    kind, params, typed = form.kind, form.params, {**form.view.values(), "given_name": "Testa"}
    records = records_now(kind, ann.office, params)
    rename(team.desks[1], person_id, given_name="Tina")
    team.desks[0].exchange()
    seen = plain(kind.load(ann.office, params))
    drafts.keep(ann.work, drafts.Draft("typed", "person", shared, {}, {}, True, 0, NOON))

    def stands() -> tuple[object, ...]:
        is_draft = "typed" in [each.key for each in drafts.all_drafts(ann.work)]
        return ann.desk.rows("SELECT given_name FROM person WHERE id = ?", UUID(person_id).hex), settled(ann), is_draft

    for nth in itertools.count(1):
        with failing_write(ann.work.engine, nth, disk_full) as fault:
            try:
                with out_of_draft(ann.work, "typed"):
                    done = save_unchanged(kind.save, kind, ann.office, params, Opened(seen, seen, records), typed)
            except Unavailable:
                assert stands() == ([("Tina",)], [], True)
        if not fault.fired:
            break
    assert nth > 4 and "conflict" in done.kinds
    assert stands() == ([("Testa",)], [("person", "Testina", "Tina", "ours")], False)


@pytest.mark.parametrize("key", ["allocate", "hand_over", "file_status"])
def test_a_file_that_changed_hands_or_status_meanwhile_is_looked_at_again(
    team: Team, ann: TeamDesk, shared: FileId, key: str
) -> None:
    ann.office.open_form(key, {"file_id": str(shared), "files": shared.hex})
    form = ann.form(key)
    ann.qtbot.waitUntil(lambda: form.view is not None)
    if key != "file_status":
        choose(form, team.desks[1].device.id.hex)
    allocate(team.desks[1].work, shared, Advocate("Kit Colleague"))
    set_status(team.desks[1].work, shared, "open")
    team.desks[1].exchange()
    ann.exchange()
    form.save()
    ann.qtbot.waitUntil(lambda: not form.is_saving)
    assert has_text(form, "A colleague changed this while it was open")
    assert ann.desk.rows("SELECT allocated_to FROM client_file") == [("Kit Colleague",)]


def test_an_outcome_that_a_colleague_recorded_first_is_shown_before_it_is_replaced(
    team: Team, ann: TeamDesk, shared: FileId
) -> None:
    case_id = open_case(team.desks[0].work, shared, CaseDetails(crime_ref="C1"), ()).record_id
    assert case_id is not None
    listed = a_hearing(team.desks[0].work, shared, case_id, NOON.date(), "Leeds")
    team.exchange_all()
    ann.office.open_form("outcome", {"file_id": str(shared), "hearing_id": str(listed)})
    form = ann.form("outcome")
    ann.qtbot.waitUntil(lambda: form.view is not None)
    assert form.view is not None
    form.view.set_values({**form.view.values(), "outcome": "vacated", "has_next": False})
    record_outcome(team.desks[1].work, listed, Outcome("effective", "Pleaded guilty"))
    team.desks[1].exchange()
    ann.exchange()
    form.save()
    ann.qtbot.waitUntil(lambda: not form.is_saving)
    assert has_text(form, "A colleague changed this while it was open")
    assert ann.desk.rows("SELECT outcome FROM hearing") == [("effective",)]
    assert form.view.values()["outcome_text"] == "Pleaded guilty"
