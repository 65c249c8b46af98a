"""A member sets up another computer of hers: she makes the code, and an administrator lets it in by that code."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt

from advocate_desk.desk.screens.team.inviting import InviteDialog
from advocate_desk.desk.screens.team.letting_in import LetInDialog
from advocate_desk.desk.screens.team.member import MemberDialog
from advocate_desk.desk.screens.team.view import MEMBER
from advocate_desk.desk.team import enrolment
from advocate_desk.vault.recovery import RecoveryCode
from tests.desk.team_desk import TeamDesk
from tests.desk.test_team import Desks, address, asked, desks, founded, hub_folder, join_as_ben
from tests.desk.test_team_back import exchanged, line_of, roster_of

__all__ = ["address", "desks", "hub_folder"]  # fixtures


def her_code(ben: TeamDesk) -> tuple[InviteDialog, str]:
    """By keyboard, from the list of people to a code for another computer of hers."""
    ben.front()
    page = ben.team()
    ben.until(lambda: page.model.rowCount() == 2, "two people")
    row = next(row for row in range(2) if "(you)" in str(page.model.index(row, 0).data()))
    page.people.setFocus()
    page.people.selectRow(row)
    ben.press(Qt.Key.Key_Return)
    dialog = ben.dialog(MemberDialog)
    assert not dialog.leave.isVisible() and not dialog.go.isVisible()
    ben.presses("Another device of mine…")
    shown = ben.dialog(InviteDialog)
    ben.presses("Make the code")
    ben.sees("Type the code on the new computer")
    return shown, " ".join(label.text() for label in shown.groups)


def test_she_asks_for_it_herself_and_one_code_lets_it_in(desks: Desks, address: str, tmp_path: Path) -> None:
    ann, ben = desks("Ann"), desks("Ben")
    founded(ann, address)
    join_as_ben(ann, ben, address)
    exchanged(ben)
    shown, code = her_code(ben)
    home = desks("Home")
    seen = asked(home, partial(enrolment.look_at_invitation, hub_address=address, code_text=code))
    asked(home, partial(enrolment.join, seen=seen, device_name="Home laptop"))
    ben.front()
    shown.activateWindow()
    ben.sees("Now tell the code to an administrator")
    ann.front()
    page = ann.team()
    ann.until(lambda: page.model.rowCount() == 2, "two people")
    ann.presses("Let in by code…")
    dialog = ann.dialog(LetInDialog)
    ann.fills("Code", " ".join(RecoveryCode.new().groups))
    ann.press(Qt.Key.Key_Return)
    ann.until(lambda: "No device asks under this code" in dialog.said.words(), "a wrong code is said")
    ann.fills("Code", code.lower())
    ann.press(Qt.Key.Key_Return)
    ann.sees("Home laptop")
    ann.sees("Ben")
    ann.presses("Let it in")
    person = roster_of(ben).me
    ann.until(lambda: len(line_of(ann, person).devices) == 2, "the second device")
    exchanged(home)
    home.until(lambda: home.team().pages.index() == MEMBER, "it is in")
    assert roster_of(home).me == person and [each.name for each in line_of(ann, person).devices] == [
        "Court laptop",
        "Home laptop",
    ]
    assert line_of(ann, person).roles == line_of(ben, person).roles


def test_who_is_no_administrator_invites_nobody_else(desks: Desks, address: str) -> None:
    ann, ben = desks("Ann"), desks("Ben")
    founded(ann, address)
    join_as_ben(ann, ben, address)
    exchanged(ben)
    ann_id = next(each.person for each in roster_of(ben).people if not each.is_me)
    exchanges = ben.office.exchanges
    assert exchanges is not None
    for guest in (enrolment.Guest("Ann", person=ann_id), enrolment.Guest("Eve", ("advocate",))):
        job = exchanges.ask(ben.window, partial(enrolment.invite, guest=guest, inviter="Ben"))
        with ben.qtbot.waitSignal(job.refused) as told:
            pass
        assert "Only an administrator" in told.args[0].advice
