"""Team: from founding an organisation to a second desk with the same file, by keyboard and through a real hub."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from advocate_desk.casework.intake import open_file
from advocate_desk.casework.membership import adopt_files
from advocate_desk.desk.dialogs.ask import Question
from advocate_desk.desk.screens.team import founding, inviting, presenter
from advocate_desk.desk.screens.team.founding import FoundDialog
from advocate_desk.desk.screens.team.inviting import InviteDialog
from advocate_desk.desk.screens.team.joining import JoinDialog, qr_text
from advocate_desk.desk.screens.team.member import MemberDialog
from advocate_desk.desk.screens.team.qr import modules
from advocate_desk.desk.screens.team.taking_over import TakeOverDialog
from advocate_desk.desk.screens.team.team import TeamEditDialog
from advocate_desk.desk.screens.team.view import MEMBER, NOBODY, WAITING
from advocate_desk.desk.team import enrolment, exchanging
from advocate_desk.desk.team.enrolment import FoundingWishes, Guest
from advocate_desk.desk.team.roster import roster
from advocate_desk.desk.widgets.buttons import Chip
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE, SUPERVISOR
from advocate_desk.vault import keyfile
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.slots import SlotKind
from tests.builders import an_intake
from tests.desk.team_desk import TeamDesk
from tests.running_hub import running_hub

Desks = Callable[[str], TeamDesk]


@pytest.fixture(scope="module")
def hub_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the hub keeps its database and its log."""
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="module")
def address(hub_folder: Path) -> Iterator[str]:
    with running_hub(hub_folder) as found:
        yield found


@pytest.fixture
def desks(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desks]:
    """Opens desks that lose no time, and closes them."""
    monkeypatch.setattr(exchanging, "FIRST_MS", 1)
    monkeypatch.setattr(exchanging, "AFTER_CHANGE_MS", 1)
    monkeypatch.setattr(inviting, "LOOK_MS", 100)
    monkeypatch.setattr(presenter, "WAITING_MS", 100)
    opened: list[TeamDesk] = []

    def make(name: str) -> TeamDesk:
        opened.append(TeamDesk(tmp_path / name, name, qtbot))
        return opened[-1]

    yield make
    for each in opened:
        each.end()


def asked(desk: TeamDesk, act: Callable[..., Any]) -> Any:
    """Do something on the exchange's thread, as a page would."""
    assert desk.office.exchanges is not None
    job = desk.office.exchanges.ask(desk.window, act)
    with desk.qtbot.waitSignal(job.done, timeout=15_000) as done:
        pass
    return done.args[0]


def founded(desk: TeamDesk, address: str) -> None:
    """An organisation that this desk has founded, without its windows."""
    wishes = FoundingWishes("Harbour Service", address, "Ann Organiser", "Office desk", (ADVOCATE,))
    draft = asked(desk, partial(enrolment.prepare, wishes=wishes))
    asked(desk, partial(enrolment.found, draft=draft))


def join_as_ben(ann: TeamDesk, ben: TeamDesk, address: str) -> None:
    """Ann invites Ben as an advocate and lets the laptop in that answers, without the windows."""
    code, kept = asked(ann, partial(enrolment.invite, guest=Guest("Ben", (ADVOCATE,)), inviter="Ann"))
    groups = " ".join(code.groups)
    seen = asked(ben, partial(enrolment.look_at_invitation, hub_address=address, code_text=groups))
    asked(ben, partial(enrolment.join, seen=seen, device_name="Court laptop"))
    asked(ann, partial(enrolment.admit, name=kept.ticket.name))


def file_count(desk: TeamDesk) -> int:
    with desk.office.work.engine.connect() as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM client_file").scalar_one())


def keep_sheets(ann: TeamDesk, dialog: FoundDialog) -> None:
    """Put each of three sheets on paper, and type from it what is asked."""
    for number in range(1, 4):
        ann.sees(f"Sheet {number} of 3")
        assert dialog._draft is not None
        share = dialog._draft.sheets[number - 1]
        ann.presses("Save it as a PDF…")
        ann.until(lambda: dialog.form.is_out, "the sheet on paper")
        for field in dialog.form.fields:
            ann.goes_to(field.edit.accessibleName())
            ann.write(share.groups[field.place])
        ann.press(Qt.Key.Key_Return)


def found_by_keyboard(ann: TeamDesk, address: str, papers: Path) -> None:
    """From the settings to an organisation, with its three sheets printed to files and typed back."""
    ann.office.go("settings")
    ann.presses("Team and devices…")
    ann.sees("This desk works by itself")
    ann.presses("Found an organisation…")
    dialog = ann.dialog(FoundDialog)
    chosen = iter(papers / f"{number}.pdf" for number in range(9))
    dialog.form._choose = lambda _parent, _name: next(chosen)
    ann.fills("Address of the hub", address)
    ann.fills("This computer’s name in the list of devices", "Office desk")
    ann.press(Qt.Key.Key_Return)
    keep_sheets(ann, dialog)
    ann.sees("People and devices")


def test_from_founding_to_a_second_desk_with_the_same_file(
    desks: Desks, address: str, tmp_path: Path, hub_folder: Path
) -> None:
    ann = desks("Ann Organiser")
    open_file(ann.office.work, an_intake())
    found_by_keyboard(ann, address, tmp_path)
    assert len(list(tmp_path.glob("*.pdf"))) == 3
    ann.until(lambda: keyfile.load(ann.folder).slot(SlotKind.ORGANISATION), "the sheets open this desk")
    ann.presses("Invite a person…")
    dialog = ann.dialog(InviteDialog)
    ann.fills("Her name", "Ben Newcomer")
    ann.ticks("Role: Supervisor")
    ann.presses("Make the code")
    ann.sees("Nobody has answered yet")
    code = " ".join(label.text() for label in dialog.groups)
    ben = desks("Ben Newcomer")
    ben.team()
    ben.presses("Join an organisation…")
    ben.dialog(JoinDialog)
    ben.fills("Address of the hub", address)
    ben.fills("Code", code.lower())
    ben.fills("This computer’s name in the list of devices", "Court laptop")
    ben.press(Qt.Key.Key_Return)
    ben.sees("Harbour Service")
    ben.sees("Ann Organiser")
    ben.presses("Join")
    ben.sees("Waiting to be let in")
    ann.front()
    ann.dialog(InviteDialog)
    ann.sees("Answered from “Court laptop”")
    ann.presses("Let it in")
    ann.until(lambda: not isValid(dialog) or not dialog.isVisible(), "the dialog closes")
    ben.front()
    ben.sees("People and devices")
    ben.sees("The caseload of your team stands at the side now")
    ben.until(lambda: file_count(ben) == 1, "the file of the first desk")
    assert "Ben Newcomer" in {each.name for each in roster(ben.office.work).people}  # type: ignore[union-attr]
    words = ["Harbour Service", "Ann Organiser", "Ben Newcomer", "Court laptop", "Office desk", *code.split()]
    for place in (tmp_path, hub_folder):
        for each in place.rglob("*"):
            if each.is_file() and each.suffix != ".pdf":
                assert [word for word in words if word.encode() in each.read_bytes()] == [], each.name


def test_a_code_or_a_hub_that_is_wrong_is_said_and_what_was_typed_stays(desks: Desks, address: str) -> None:
    ann = desks("Ann")
    ann.team()
    ann.presses("Join an organisation…")
    dialog = ann.dialog(JoinDialog)
    ann.fills("Address of the hub", "hub.example.org/?x")
    code = " ".join(RecoveryCode.new().groups)
    ann.fills("Code", code)
    ann.press(Qt.Key.Key_Return)
    ann.until(lambda: "not the address of a hub" in dialog.said.words(), "a word about the address")
    assert QApplication.focusWidget() is dialog.lines["address"].edit
    ann.fills("Address of the hub", "http://127.0.0.1:9")
    ann.press(Qt.Key.Key_Return)
    ann.until(lambda: "did not answer" in dialog.said.words(), "a word about the hub")
    assert "will be sent" not in dialog.said.words() and "do it again" in dialog.said.words()
    ann.fills("Address of the hub", address)
    ann.press(Qt.Key.Key_Return)
    ann.until(lambda: "no invitation under this code" in dialog.said.words(), "a word about the code")
    assert dialog.lines["code"].text() == code
    ann.fills("Code", "00001")
    ann.until(lambda: "mistake in the first group" in dialog.said.words(), "a word about the group")
    ann.fills("Code", code.replace(code[:5], "00001"))
    ann.press(Qt.Key.Key_Return)
    ann.until(lambda: "first group of five" in dialog.said.words(), "a word about the group again")
    assert "sheet" not in dialog.said.words()  # it was told, perhaps by telephone
    ann.press(Qt.Key.Key_Escape)
    assert roster(ann.office.work) is None


@pytest.mark.parametrize("way", ["scanned into Address of the hub", "pasted into Code"])
def test_what_a_qr_code_says_goes_into_both_lines(way: str, desks: Desks, address: str) -> None:
    ann = desks("Ann")
    ann.team()
    ann.presses("Join an organisation…")
    dialog = ann.dialog(JoinDialog)
    groups = RecoveryCode.new().groups
    doing, _, name = way.partition(" into ")
    ann.goes_to(name)
    if doing == "scanned":
        ann.write(qr_text(address, groups))
    else:
        dialog.lines["code"].edit.insert(f"{address}\n{' '.join(groups)}")  # as an older program shows it
    assert (dialog.lines["address"].text(), dialog.lines["code"].text()) == (address, " ".join(groups))
    assert dialog.lines["device"].edit.hasFocus() and dialog.said.words() == ""
    ann.press(Qt.Key.Key_Return)  # the scanner's own
    assert not dialog.is_busy and "Give this computer a name" in dialog.said.words()
    ann.write("Court laptop")
    ann.press(Qt.Key.Key_Return)
    ann.until(lambda: "no invitation under this code" in dialog.said.words(), "a word about the code")
    ann.press(Qt.Key.Key_Escape)


def test_a_founding_code_is_asked_for_again_with_the_same_sheets(
    desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_hub(tmp_path, "sesame") as guarded:
        ann = desks("Ann Organiser")
        ann.team()
        ann.presses("Found an organisation…")
        dialog = ann.dialog(FoundDialog)
        chosen = iter(tmp_path / f"{number}.pdf" for number in range(3))
        dialog.form._choose = lambda _parent, _name: next(chosen)
        ann.fills("Address of the hub", guarded)
        ann.press(Qt.Key.Key_Return)
        keep_sheets(ann, dialog)
        ann.until(lambda: "founding code" in dialog.said.words(), "a word about the founding code")
        assert dialog._draft is not None
        root = dialog._draft.founding.root_public
        code = dialog.lines["code"]
        ann.until(lambda: code.edit.hasFocus() and not code.visibleRegion().isEmpty(), "the line for it")
        ann.write("seesame")
        ann.press(Qt.Key.Key_Return)
        ann.until(lambda: "not the founding code" in dialog.said.words(), "a word about what was typed")
        ann.fills("Founding code", "sesame")
        ann.press(Qt.Key.Key_Return)
        ann.sees("People and devices")
        with ann.office.work.engine.connect() as conn:
            assert conn.exec_driver_sql("SELECT root_public FROM organisation").scalar_one() == root
        ann.end()


def test_the_guide_leads_a_newcomer_to_her_code(tmp_path: Path, qtbot: QtBot) -> None:
    ann = TeamDesk(tmp_path / "Ann", "Ann", qtbot, joins=True)
    dialog = ann.dialog(JoinDialog)
    assert dialog.lines["address"].edit.hasFocus()
    ann.lock()
    ann.unlock()
    assert not [each for each in QApplication.topLevelWidgets() if isinstance(each, JoinDialog) and each.isVisible()]
    ann.end()


def test_a_lock_keeps_the_names_and_never_the_code(desks: Desks, address: str) -> None:
    ann = desks("Ann")
    ann.team()
    ann.presses("Join an organisation…")
    ann.dialog(JoinDialog)
    ann.fills("Address of the hub", address)
    ann.fills("This computer’s name in the list of devices", "Court laptop")
    ann.fills("Code", "ZZZZZ YYYYY")
    ann.lock()
    ann.unlock()
    ann.until(lambda: ann.page.current_page() is not None, "the desk")
    page = ann.team()
    ann.until(ann.office.half_typed.place, "what was half typed")
    page.join.setFocus()
    ann.press(Qt.Key.Key_Return)
    dialog = ann.dialog(JoinDialog)
    assert (dialog.lines["address"].text(), dialog.lines["device"].text()) == (address, "Court laptop")
    assert dialog.lines["code"].text() == ""
    with ann.office.work.engine.connect() as conn:
        for (kept,) in conn.exec_driver_sql("SELECT payload FROM draft"):
            assert "YYYYY" not in kept


def test_a_hub_that_keeps_silent_holds_up_no_lock(desks: Desks) -> None:
    ann = desks("Ann")
    ann.team()
    ann.presses("Join an organisation…")
    dialog = ann.dialog(JoinDialog)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        ann.fills("Address of the hub", f"http://127.0.0.1:{silent.getsockname()[1]}")
        ann.fills("Code", " ".join(RecoveryCode.new().groups))
        ann.press(Qt.Key.Key_Return)
        line, _ = silent.accept()
        assert dialog.is_busy
        ann.press(Qt.Key.Key_Escape)
        assert dialog.isVisible()
        ann.lock()
        line.close()
    assert not isValid(dialog) or (not dialog.isVisible() and dialog.lines["code"].text() == "")
    ann.unlock()
    assert ann.team().pages.index() == NOBODY


def test_a_lock_ends_a_founding_without_a_trace(desks: Desks, address: str) -> None:
    ann = desks("Ann")
    ann.team()
    ann.presses("Found an organisation…")
    dialog = ann.dialog(FoundDialog)
    ann.fills("Address of the hub", address)
    ann.press(Qt.Key.Key_Return)
    ann.sees("Sheet 1 of 3")
    draft = dialog._draft
    assert draft is not None
    ann.lock()
    assert draft.sheets == () and draft.founding.shares == {}
    ann.unlock()
    assert ann.team().pages.index() == NOBODY


def test_an_invitation_is_let_in_or_taken_back_after_a_lock(desks: Desks, address: str) -> None:
    ann, ben = desks("Ann"), desks("Ben")
    founded(ann, address)
    code, _ = asked(ann, partial(enrolment.invite, guest=Guest("Ben", (ADVOCATE,)), inviter="Ann"))
    groups = " ".join(code.groups)
    asked(ann, partial(enrolment.invite, guest=Guest("Cat", (ADVOCATE,)), inviter="Ann"))
    seen = asked(ben, partial(enrolment.look_at_invitation, hub_address=address, code_text=groups))
    asked(ben, partial(enrolment.join, seen=seen, device_name="Court laptop"))
    assert ben.team().pages.index() == WAITING
    ann.lock()
    ann.unlock()
    page = ann.team()
    ann.sees("Ben has answered from “Court laptop”")
    ann.sees("Cat has not answered yet")
    ann.presses("Let it in")
    ann.until(lambda: "Ben" in {each.name for each in roster(ann.office.work).people}, "Ben")  # type: ignore[union-attr]
    ann.until(lambda: "Ben has answered" not in ann.says(), "the row goes")
    ann.sees("Cat has not answered yet")
    ann.presses("Take back")
    ann.until(lambda: not page.invitations.isVisible(), "no invitation is left")
    ben.front()
    ben.until(lambda: ben.team().pages.index() == MEMBER, "Ben is in")


def test_a_code_that_was_shown_is_left_to_no_screen_reader(desks: Desks, address: str) -> None:
    ann = desks("Ann")
    founded(ann, address)
    ann.team()
    ann.presses("Invite a person…")
    dialog = ann.dialog(InviteDialog)
    ann.fills("Her name", "Ben")
    ann.presses("Make the code")
    ann.sees("Nobody has answered yet")
    assert dialog._words.accessibleName() == " ".join(label.text() for label in dialog.groups) != ""
    dialog.keep()
    assert dialog._words.accessibleName() == "" == "".join(label.text() for label in dialog.groups)


def test_a_member_is_given_a_team_and_a_lost_laptop_is_taken_out(desks: Desks, address: str) -> None:
    ann, ben = desks("Ann"), desks("Ben")
    founded(ann, address)
    join_as_ben(ann, ben, address)
    removed: list[bool] = []
    assert ben.office.exchanges is not None
    ben.office.exchanges.removed.disconnect()
    ben.office.exchanges.removed.connect(removed.append)
    ann.front()
    page = ann.team()
    ann.until(lambda: page.model.rowCount() == 2, "two people")
    ann.presses("Make a team…")
    ann.dialog(TeamEditDialog)
    ann.fills("Name of the team", "Court team")
    ann.fills("Site", "Leeds")
    ann.press(Qt.Key.Key_Return)
    ann.sees("Court team, Leeds")
    page.people.setFocus()
    page.people.selectRow(1)
    ann.press(Qt.Key.Key_Return)
    ann.dialog(MemberDialog)
    ann.ticks("Role: Supervisor")
    ann.ticks("Teams: Court team")
    ann.presses("Save")
    ann.until(lambda: "Court team" in str(page.model.index(1, 2).data()), "the team in the list")
    assert page.model.index(1, 1).data() == "Advocate, Supervisor"
    page.people.setFocus()
    page.people.selectRow(1)
    ann.press(Qt.Key.Key_Return)
    ann.dialog(MemberDialog)
    ann.presses("Lost or stolen…")
    question = ann.dialog(Question)
    said = "".join(label.text() for label in question.findChildren(QLabel))
    assert "“Court laptop” of Ben" in said and "destroys its caseload" in said
    ann.presses("Take it out and destroy it")
    ann.until(
        lambda: page.log_model.index(0, 2).data() == "Took out a lost or stolen device of Ben: Court laptop", "log"
    )
    ben.office.exchanges.exchange_now()
    ben.until(lambda: removed == [True], "Ben's desk is told")


def test_who_is_no_administrator_sees_and_cannot_change(desks: Desks, address: str) -> None:
    ann, ben = desks("Ann"), desks("Ben")
    founded(ann, address)
    join_as_ben(ann, ben, address)
    ben.front()
    page = ben.team()
    ben.until(lambda: "Ann" in str(page.model.index(0, 0).data()), "people, by their names")
    assert not page.invite.isVisible() and not page.new_team.isVisible()
    page.people.setFocus()
    page.people.selectRow(0)
    ben.press(Qt.Key.Key_Return)
    dialog = ben.dialog(MemberDialog)
    assert not any(each.isVisible() for each in (dialog.go, dialog.roles, dialog.teams, dialog.leave))
    assert "Role" in ben.says() and "Administrator" in ben.says()
    dialog.reject()


def test_the_windows_say_no_name_in_their_titles(desks: Desks, address: str) -> None:
    ann = desks("Ann")
    founded(ann, address)
    page = ann.team()
    page.presenter.refresh()
    ann.until(lambda: page.model.rowCount() == 1, "the founder")
    page.people.setFocus()
    page.people.selectRow(0)
    ann.press(Qt.Key.Key_Return)
    assert ann.dialog(MemberDialog).windowTitle() == "Advocate Desk"
    ann.dialog(MemberDialog).reject()


def test_the_qr_code_has_its_three_corners() -> None:
    found = modules("https://hub.example.org\n" + "ABCDE " * 8)
    size = len(found)
    corner = [[found[row][column] for column in range(7)] for row in range(7)]
    assert corner[0] == [True] * 7 and corner[1] == [True] + [False] * 5 + [True]
    assert [[found[row][size - 7 + column] for column in range(7)] for row in range(7)] == corner
    assert [[found[size - 7 + row][column] for column in range(7)] for row in range(7)] == corner
    assert founding.SHEETS[1] == (2, 3) and {ADMINISTRATOR, SUPERVISOR}


def test_a_restricted_file_is_read_by_those_named_and_leaves_the_others(desks: Desks, address: str) -> None:
    ann, ben, cat = desks("Ann"), desks("Ben"), desks("Cat")
    founded(ann, address)
    for desk, name in ((ben, "Ben"), (cat, "Cat")):
        code, kept = asked(ann, partial(enrolment.invite, guest=Guest(name, (SUPERVISOR,)), inviter="Ann"))
        groups = " ".join(code.groups)
        seen = asked(desk, partial(enrolment.look_at_invitation, hub_address=address, code_text=groups))
        asked(desk, partial(enrolment.join, seen=seen, device_name="Laptop"))
        asked(ann, partial(enrolment.admit, name=kept.ticket.name))
    done = open_file(ann.office.work, an_intake())
    adopt_files(ann.office.work, UUID(roster(ann.office.work).me))  # type: ignore[union-attr]
    for desk in (ann, ben, cat):
        desk.until(partial(exchanged_until, desk, 1), "the file")
    ann.front()
    ann.office.open_form("restriction", {"file_id": str(done.file_id)})
    ann.until(lambda: ann.page.forms.top() is not None and ann.page.forms.top().view is not None, "the form")  # type: ignore[union-attr]
    form = ann.page.forms.top()
    assert form is not None and form.view is not None
    ben_id = next(each.person for each in roster(ann.office.work).people if each.name == "Ben")  # type: ignore[union-attr]
    form.view.set_values({"is_restricted": True, "readers": [ben_id], "conflict_note": ""})
    assert "leaves the desks of everybody else" in ann.says()
    assert {"Ben", "Cat"} <= {chip.text() for chip in form.view.findChildren(Chip)}
    form.save()
    cat.until(partial(exchanged_until, cat, 0, ann), "the file is gone from Cat's desk")
    assert file_count(ben) == 1 and file_count(ann) == 1


def exchanged_until(desk: TeamDesk, count: int, other: TeamDesk | None = None) -> bool:
    """Have the desks exchange; whether the first now has so many files."""
    for each in (other, desk):
        if each is not None and each.office.exchanges is not None:
            each.office.exchanges.exchange_now()
    return file_count(desk) == count


def test_holders_make_a_member_administrator_by_typing_their_sheets(desks: Desks, address: str) -> None:
    ann, ben = desks("Ann"), desks("Ben")
    wishes = FoundingWishes("Harbour Service", address, "Ann", "Office desk", (ADVOCATE,))
    draft = asked(ann, partial(enrolment.prepare, wishes=wishes))
    sheets = draft.sheets
    asked(ann, partial(enrolment.found, draft=draft))
    join_as_ben(ann, ben, address)
    ben.front()
    page = ben.team()
    ben.until(lambda: page.model.rowCount() == 2, "two people")
    ben.presses("Become administrator with the sheets…")
    dialog = ben.dialog(TakeOverDialog)
    for sheet, words in ((sheets[2], "1 of 2 sheets typed"), (sheets[2], "1 of 2 sheets typed")):
        ben.fills("Sheet of one holder", " ".join(sheet.groups).lower())
        ben.press(Qt.Key.Key_Return)
        ben.sees(words)
        if not dialog.lines["share"].text():  # the next holder sits down
            dialog.lines["share"].edit.undo()
            assert not dialog.lines["share"].text()
    assert "typed already" in dialog.said.words()
    ben.fills("Sheet of one holder", " ".join(sheets[0].groups))
    ben.press(Qt.Key.Key_Return)
    ben.until(page.invite.isVisible, "Ben may invite")
    assert page.log_model.index(0, 1).data() == "The founding key"
