"""A desk that its organisation let go comes back with the same vault, as a new device."""

from __future__ import annotations

from functools import partial
from typing import NoReturn
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from sqlalchemy import select

from advocate_desk.casework import caseload_summary
from advocate_desk.casework.intake import open_file
from advocate_desk.casework.membership import adopt_files
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.desk.dialogs.ask import Question
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.screens.summary.view import SummaryScreen
from advocate_desk.desk.screens.team.inviting import InviteDialog
from advocate_desk.desk.screens.team.joining import JoinDialog
from advocate_desk.desk.screens.team.member import MemberDialog
from advocate_desk.desk.screens.team.view import LEFT, NOBODY
from advocate_desk.desk.team import changing, enrolment
from advocate_desk.desk.team.exchanging import Exchanges
from advocate_desk.desk.team.roster import PersonLine, Roster, roster
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import Blocked, Stopped
from advocate_desk.store.tables.work import contact_note
from advocate_desk.sync import leaving, membership
from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.statements import ADVOCATE, SUPERVISOR
from advocate_desk.vault import keyfile
from advocate_desk.vault.slots import SlotKind
from tests.builders import NOON, an_intake
from tests.desk.team_desk import TeamDesk
from tests.desk.test_team import Desks, address, asked, desks, file_count, founded, hub_folder

__all__ = ["address", "desks", "hub_folder"]  # fixtures


def roster_of(desk: TeamDesk) -> Roster:
    found = roster(desk.office.work)
    assert found is not None
    return found


def line_of(desk: TeamDesk, person: str) -> PersonLine:
    found = roster_of(desk).person(person)
    assert found is not None
    return found


def exchanges_of(desk: TeamDesk) -> Exchanges:
    assert desk.office.exchanges is not None
    return desk.office.exchanges


def exchanged(desk: TeamDesk) -> None:
    exchanges = exchanges_of(desk)
    exchanges.exchange_now()
    desk.until(lambda: not exchanges.state().is_running, "the end of an exchange")


def joined(ann: TeamDesk, ben: TeamDesk, address: str, guest: enrolment.Guest) -> None:
    code, kept = asked(ann, partial(enrolment.invite, guest=guest, inviter="Ann"))
    groups = " ".join(code.groups)
    seen = asked(ben, partial(enrolment.look_at_invitation, hub_address=address, code_text=groups))
    asked(ben, partial(enrolment.join, seen=seen, device_name="Court laptop"))
    asked(ann, partial(enrolment.admit, name=kept.ticket.name))


@pytest.fixture
def pair(desks: Desks, address: str) -> tuple[TeamDesk, TeamDesk, FileId]:
    """Ann, who administers, and Ben, a supervisor; both have one file."""
    ann, ben = desks("Ann"), desks("Ben")
    founded(ann, address)
    joined(ann, ben, address, enrolment.Guest("Ben", (SUPERVISOR,)))
    done = open_file(ann.office.work, an_intake())
    adopt_files(ann.office.work, UUID(roster_of(ann).me))
    assert done.file_id is not None
    for desk in (ann, ben, ann, ben):
        exchanged(desk)
    ben.until(lambda: file_count(ben) == 1, "the file")
    return ann, ben, done.file_id


def rail(desk: TeamDesk) -> list[str]:
    """The pages at the side, with the keys that lead there."""
    buttons = [each for each in desk.page.findChildren(QPushButton) if each.property("role") == "rail"]
    return [each.toolTip() for each in buttons if each.isVisible()]


def test_the_summary_stands_at_the_side_as_long_as_somebody_leads(pair: tuple[TeamDesk, TeamDesk, FileId]) -> None:
    ann, ben, _ = pair
    ben.until(lambda: any(each.startswith("Summary") for each in rail(ben)), "she joined as a supervisor just now")
    assert [each.split("(")[-1] for each in rail(ben)][:7] == [f"Ctrl+{number})" for number in range(1, 8)]
    ben.front()
    summary = next(number for number, each in enumerate(rail(ben), 1) if each.startswith("Summary"))
    QTest.keyClick(ben.window, Qt.Key(Qt.Key.Key_0 + summary), Qt.KeyboardModifier.ControlModifier)
    ben.until(lambda: isinstance(ben.page.current_page(), SummaryScreen), "its keys lead there")
    asked(ann, partial(changing.set_person, person=roster_of(ben).me, roles=(ADVOCATE,), teams=()))
    exchanged(ben)
    ben.until(lambda: not any(each.startswith("Summary") for each in rail(ben)), "she leads nobody any more")


def weight_kept(desk: TeamDesk) -> float:
    return caseload_summary.rules(desk.office.work).capacity


def set_capacity(desk: TeamDesk, capacity: float) -> FormPage:
    """In the form of the weights; the form that was saved."""
    desk.office.open_form("caseload_rules", {})
    desk.until(lambda: (top := desk.page.forms.top()) is not None and top.view is not None, "the form")
    form = desk.page.forms.top()
    assert form is not None and form.view is not None
    form.view.set_values({**form.view.values(), "capacity": f"{capacity:g}"})
    form.save()
    desk.until(lambda: not form.is_saving or form not in desk.page.forms.pages(), "the end of the save")
    return form


def test_what_a_caseload_weighs_is_the_same_on_every_desk_of_an_organisation(
    pair: tuple[TeamDesk, TeamDesk, FileId],
) -> None:
    ann, ben, _ = pair
    set_capacity(ben, 12)
    ben.until(lambda: not caseload_summary.own_rules_kept(ben.office.work).is_unsaid, "it is said")
    exchanged(ann)
    ann.until(lambda: weight_kept(ann) == 12, "the other desk has it")
    assert roster_of(ann).log[0].kind == "rules" and roster_of(ann).log[0].signer == "Ben"
    set_capacity(ann, 14)
    ann.until(lambda: not caseload_summary.own_rules_kept(ann.office.work).is_unsaid, "it is said")
    exchanged(ben)
    ben.until(lambda: weight_kept(ben) == 14, "and the other way")
    asked(ann, partial(changing.set_person, person=roster_of(ben).me, roles=(ADVOCATE,), teams=()))
    exchanged(ben)
    form = set_capacity(ben, 9)
    ben.until(lambda: changing.ONLY_LEADERS in [each.text() for each in form.findChildren(QLabel)], "she may not")
    assert weight_kept(ben) == 14


def test_weights_that_were_set_without_a_connection_are_said_when_it_is_back(
    pair: tuple[TeamDesk, TeamDesk, FileId], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, _ = pair
    tried: list[object] = []

    def no_answer(*_: object) -> NoReturn:
        tried.append(True)
        raise Unreachable("The hub did not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(membership, "say", no_answer)
        set_capacity(ben, 12)
        ben.until(lambda: tried, "a try")
        assert weight_kept(ben) == 12, "it counts here at once"
    exchanged(ben)
    ben.until(lambda: not caseload_summary.own_rules_kept(ben.office.work).is_unsaid, "it is said")
    exchanged(ann)
    ann.until(lambda: weight_kept(ann) == 12, "the other desk has it")


def begun_anew(ben: TeamDesk) -> None:
    """By keyboard, from the page of a desk that was let go to one that can join."""
    ben.front()
    page = ben.team()
    ben.until(lambda: page.pages.index() == LEFT, "the page says so")
    ben.presses("Begin anew…")
    ben.dialog(Question)
    before = ben.open.vault.device.id
    with ben.qtbot.waitSignal(ben.window.locked):
        ben.presses("Begin anew and lock")
    ben.open.close()
    ben.unlock()
    assert ben.open.vault.device.id != before
    assert keyfile.load(ben.folder).slot(SlotKind.ORGANISATION) is None
    assert ben.team().pages.index() == NOBODY


def test_who_left_is_invited_again_and_has_everything_back(
    pair: tuple[TeamDesk, TeamDesk, FileId], address: str
) -> None:
    ann, ben, _ = pair
    person = roster_of(ben).me
    asked(ann, partial(changing.set_person, person=person, roles=(SUPERVISOR,), teams=(), is_active=False))
    exchanged(ben)
    ben.until(lambda: file_count(ben) == 0, "her files are gone")
    begun_anew(ben)
    ann.front()
    page = ann.team()
    page.presenter.refresh()
    ann.until(lambda: page.model.index(1, 1).data() == "Has left", "she has left")
    page.people.setFocus()
    page.people.selectRow(1)
    ann.press(Qt.Key.Key_Return)
    ann.dialog(MemberDialog)
    ann.presses("Invite her again…")
    dialog = ann.dialog(InviteDialog)
    ann.presses("Make the code")
    ann.sees("Nobody has answered yet")
    code = " ".join(label.text() for label in dialog.groups)
    seen = asked(ben, partial(enrolment.look_at_invitation, hub_address=address, code_text=code))
    asked(ben, partial(enrolment.join, seen=seen, device_name="Same laptop"))
    ann.until(lambda: dialog.go.text() == "Let it in", "the answer")
    ann.presses("Let it in")
    ann.until(lambda: len(line_of(ann, person).devices) == 2, "she is in")
    for desk in (ann, ben, ann, ben):
        exchanged(desk)
    ben.until(lambda: file_count(ben) == 1, "her files are back")
    assert roster_of(ben).me == person
    line = line_of(ann, person)
    assert line.is_active and line.roles == (SUPERVISOR,)
    assert sorted((each.name, each.is_out) for each in line.devices) == [("Court laptop", True), ("Same laptop", False)]


def test_a_lock_while_it_begins_anew_is_told_truly_and_it_goes_on_from_there(
    pair: tuple[TeamDesk, TeamDesk, FileId], monkeypatch: pytest.MonkeyPatch
) -> None:
    ann, ben, _ = pair
    person = roster_of(ben).me
    with monkeypatch.context() as patch:
        patch.setattr(leaving, "clear_delivered", lambda *_: 1)  # the first lock came before a file was taken away
        asked(ann, partial(changing.set_person, person=person, roles=(SUPERVISOR,), teams=(), is_active=False))
        exchanged(ben)
        ben.until(lambda: ben.team().pages.index() == LEFT, "she is out")

        def cut_off(*_: object) -> int:
            raise Stopped

        patch.setattr(leaving, "clear", cut_off)  # and so did the second
        job = exchanges_of(ben).ask(ben.window, enrolment.part)
        with ben.qtbot.waitSignal(job.refused) as told:
            pass
        assert "files that others there have may be gone" in told.args[0].advice
        ben.lock()
    ben.unlock()
    ben.team()
    ben.sees("The desk was locked before it had begun anew.")
    ben.presses("Go on beginning anew…")
    ben.dialog(Question)
    with ben.qtbot.waitSignal(ben.window.locked):
        ben.presses("Begin anew and lock")
    ben.open.close()
    ben.unlock()
    assert ben.team().pages.index() == NOBODY and file_count(ben) == 0


def test_what_a_removed_device_had_not_sent_arrives_when_it_has_come_back(
    pair: tuple[TeamDesk, TeamDesk, FileId], address: str
) -> None:
    ann, ben, file_id = pair
    person = roster_of(ben).me
    exchanges_of(ben).pause()
    write_note(ben.office.work, file_id, NoteDetails(NOON, "telephone", "Written on the train"))
    device = line_of(ann, person).devices[0].device
    asked(ann, partial(changing.revoke, device=device, is_lost=False))
    exchanges_of(ben).go_on()
    exchanged(ben)
    ben.until(lambda: ben.team().pages.index() == LEFT, "she is out")
    assert file_count(ben) == 1, "what could not be delivered stays"
    begun_anew(ben)
    joined(ann, ben, address, enrolment.Guest("Ben", person=person))

    def arrived() -> bool:
        for desk in (ben, ann):
            exchanged(desk)
        texts = ann.office.work.read(lambda conn: list(conn.execute(select(contact_note.c.text)).scalars()))
        return "Written on the train" in texts

    ann.until(arrived, "the note")
    assert file_count(ben) == file_count(ann) == 1
    assert exchanges_of(ben).state().trouble is None


def test_files_of_the_former_organisation_go_to_another_only_when_it_was_agreed(
    pair: tuple[TeamDesk, TeamDesk, FileId], desks: Desks, address: str
) -> None:
    ann, ben, file_id = pair
    exchanges_of(ben).pause()
    write_note(ben.office.work, file_id, NoteDetails(NOON, "telephone", "Written on the train"))
    device = line_of(ann, roster_of(ben).me).devices[0].device
    asked(ann, partial(changing.revoke, device=device, is_lost=False))
    exchanges_of(ben).go_on()
    exchanged(ben)
    ben.until(lambda: ben.team().pages.index() == LEFT, "she is out")
    begun_anew(ben)
    cat = desks("Cat")
    founded(cat, address)
    code, _ = asked(cat, partial(enrolment.invite, guest=enrolment.Guest("Ben", (SUPERVISOR,)), inviter="Cat"))
    seen = asked(ben, partial(enrolment.look_at_invitation, hub_address=address, code_text=" ".join(code.groups)))
    assert seen.brought == 1
    job = exchanges_of(ben).ask(ben.window, partial(enrolment.join, seen=seen, device_name="Laptop"))
    with ben.qtbot.waitSignal(job.refused) as told:
        pass
    assert isinstance(told.args[0], Blocked)
    ben.front()
    dialog = JoinDialog(ben.office, ben.team())
    dialog.open()
    dialog.job_done(seen)
    dialog.go_on()
    question = ben.dialog(Question)
    assert any("delivered there: 1." in label.text() for label in question.findChildren(QLabel))
    ben.presses("Cancel")
    assert roster(ben.office.work) is None, "whoever says no has joined nothing"
    dialog.go_on()
    ben.dialog(Question)
    ben.presses("Join and take them along")
    ben.until(lambda: roster(ben.office.work) is not None, "she has answered")


def test_a_desk_that_belongs_forgets_nothing(pair: tuple[TeamDesk, TeamDesk, FileId]) -> None:
    _, ben, _ = pair
    job = exchanges_of(ben).ask(ben.window, enrolment.part)
    with ben.qtbot.waitSignal(job.refused) as told:
        pass
    assert isinstance(told.args[0], Blocked)
    assert roster_of(ben).is_admitted
