"""An organisation without a hub, from founding to a colleague's change, through a file on a stick and the screens."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from shiboken6 import isValid
from sqlalchemy import select

from advocate_desk.casework.intake import open_file
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.desk.dialogs.ask import Question
from advocate_desk.desk.screens.team.founding import FoundDialog
from advocate_desk.desk.screens.team.inviting import InviteDialog
from advocate_desk.desk.screens.team.joining import JoinDialog
from advocate_desk.desk.screens.team.member import MemberDialog
from advocate_desk.desk.screens.team.view import MEMBER, NOBODY, WAITING
from advocate_desk.desk.team.by_file import FileExchange, exchange_by_file
from advocate_desk.desk.team.roster import roster
from advocate_desk.domain.identity import FileId
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.work import contact_note
from tests.builders import NOON, an_intake
from tests.desk.team_desk import TeamDesk
from tests.desk.test_team import Desks, desks, file_count, join_as_ben, keep_sheets

__all__ = ["desks"]  # a fixture


def files(desk: TeamDesk) -> list[FileId]:
    found = desk.office.work.read(lambda conn: list(conn.execute(select(client_file.c.id)).scalars()))
    return [FileId(each) for each in found]


def count(desk: TeamDesk, sql: str) -> int:
    return int(desk.office.work.read(lambda conn: conn.exec_driver_sql(sql).scalar_one()))


def exchanged(desk: TeamDesk, stick: Path) -> None:
    """File, Exchange by a file."""
    desk.front()
    exchange_by_file(desk.office)
    dialog = desk.dialog(FileExchange)
    dialog.exchange(stick)
    desk.until(dialog.told.isVisible, "how it went")
    dialog.accept()


def founded_by_file(ann: TeamDesk, stick: Path, papers: Path) -> None:
    ann.team()
    ann.presses("Found an organisation…")
    dialog = ann.dialog(FoundDialog)
    chosen = iter(papers / f"{number}.pdf" for number in range(9))
    dialog.form._choose = lambda _parent, _name: next(chosen)
    dialog.use_file(stick.with_suffix(""))
    ann.fills("This computer’s name in the list of devices", "Office desk")
    ann.press(Qt.Key.Key_Return)
    keep_sheets(ann, dialog)
    ann.sees("People and devices")


def test_a_stick_takes_a_newcomer_in_and_files_to_and_fro(desks: Desks, tmp_path: Path) -> None:
    stick = tmp_path / "stick" / "exchange.advocate-bundle"
    stick.parent.mkdir()
    ann, ben = desks("Ann"), desks("Ben")
    open_file(ann.office.work, an_intake())
    ann.front()
    founded_by_file(ann, stick, tmp_path)
    ann.until(stick.exists, "the file")
    ann.sees("exchange.advocate-bundle")
    ann.presses("Invite a person…")
    dialog = ann.dialog(InviteDialog)
    ann.fills("Her name", "Ben Newcomer")
    ann.ticks("Role: Supervisor")
    ann.presses("Make the code")
    ann.sees("Take the file to her")
    code = " ".join(label.text() for label in dialog.groups)
    ann.presses("Close")
    away = tmp_path / "her own folder" / stick.name
    away.parent.mkdir()
    stick.rename(away)
    ben.front()
    page = ben.team()
    assert page.pages.index() == NOBODY
    ben.presses("Join an organisation…")
    join = ben.dialog(JoinDialog)
    join.use_file(away)
    ben.fills("Code", code)
    ben.fills("This computer’s name in the list of devices", "Court laptop")
    ben.press(Qt.Key.Key_Return)
    ben.sees("You join as")
    ben.presses("Join")
    ben.until(lambda: page.pages.index() == WAITING, "the answer lies in the file")
    ben.sees("Give the file back to whoever invited you")
    away.rename(stick)
    ann.front()
    ann.team().presenter.refresh()
    ann.sees("Ben Newcomer has answered from “Court laptop”.")
    ann.presses("Let it in")
    ann.until(lambda: len(roster(ann.office.work).people) == 2, "she is in")  # type: ignore[union-attr]
    given = "SELECT count(DISTINCT device) FROM given_right"
    ann.until(lambda: count(ann, given) == 2, "her keys lie in the file at once")
    exchanged(ben, stick)
    ben.until(lambda: file_count(ben) == 1 and page.pages.index() == MEMBER, "the file of the first desk")
    (shared,) = files(ben)
    write_note(ben.office.work, shared, NoteDetails(NOON, "telephone", "Written at home"))
    exchanged(ben, stick)
    exchanged(ann, stick)
    texts = ann.office.work.read(lambda conn: list(conn.execute(select(contact_note.c.text)).scalars()))
    assert texts == ["Written at home"] and files(ann) == [shared]
    assert ann.office.exchanges is not None
    assert ann.office.exchanges.state().is_enrolled and not ann.office.exchanges.state().has_hub
    assert not isValid(join) or not join.isVisible()


def test_a_device_that_is_lost_is_spoken_of_without_a_hub(desks: Desks, tmp_path: Path) -> None:
    stick = tmp_path / "exchange.advocate-bundle"
    ann, ben = desks("Ann"), desks("Ben")
    ann.front()
    founded_by_file(ann, stick, tmp_path)
    join_as_ben(ann, ben, str(stick))
    page = ann.team()
    page.presenter.refresh()
    ann.until(lambda: page.people.model().rowCount() == 2, "both of them")
    page.people.setFocus()
    page.people.selectRow(1)
    ann.press(Qt.Key.Key_Return)
    member = ann.dialog(MemberDialog)
    stick.rename(tmp_path / "away")
    for verb, asked in (("Lost or stolen…", "Take it out and destroy it"), ("No longer used…", "Take it out")):
        ann.dialog(MemberDialog)
        ann.presses(verb)
        question = ann.dialog(Question)
        ann.sees("The other desks hear of it from the exchange file")
        assert "hub" not in " ".join(label.text() for label in question.findChildren(QLabel))
        ann.presses(asked)
        ann.until(lambda: "so this was not done" in member.said.words() and not member.is_busy, "a word about it")
    member.reject()


def test_a_stick_that_is_away_is_said_and_nothing_is_done(desks: Desks, tmp_path: Path) -> None:
    ann = desks("Ann")
    page = ann.team()
    ann.presses("Found an organisation…")
    dialog = ann.dialog(FoundDialog)
    dialog.use_file(tmp_path / "no such folder" / "exchange")
    ann.fills("Your name", "Ann")
    ann.press(Qt.Key.Key_Return)
    ann.until(lambda: "cannot be reached" in dialog.said.words(), "a word about the stick")
    dialog.reject()
    assert page.pages.index() == NOBODY
