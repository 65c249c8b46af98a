"""A desk on a drive that vanishes and returns, at every moment: words, nothing lost, and the next try works."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from advocate_desk.casework.drafts import all_drafts
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.store import engine as store_engine
from advocate_desk.store import lease
from advocate_desk.store.tables.work import contact_note
from tests.desk.conftest import collected_here, collected_whole, dressed
from tests.faults.network_drive.drives import Drive
from tests.faults.profiles import Profile, make_profile
from tests.faults.program_desk import ProgramDesk, make_cheap, wait_until
from tests.store_state import check_sound

__all__ = ["collected_here", "collected_whole", "dressed"]

WORDS = "She rang from the bus stop and will ring again."
pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.timeout(180),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return make_profile(tmp_path_factory.mktemp("desk") / "profile")


@pytest.fixture(params=["the same device", "another device", "a network's"])
def drive(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Drive]:
    if request.param == "a network's":
        monkeypatch.setattr(store_engine, "is_remote", lambda _path: True)
        monkeypatch.setattr(lease, "is_remote", lambda _path: True)
        monkeypatch.setattr(lease, "BEAT_S", 0.2)
    found = Drive(tmp_path, swaps=request.param != "the same device")
    yield found
    found.end()


@pytest.fixture
def program(drive: Drive, made: Profile, qtbot: QtBot) -> Iterator[ProgramDesk]:
    undo = make_cheap()
    desk = ProgramDesk(made.copied_to(drive.at / "profile"))
    yield desk
    desk.end()
    undo()


def a_note(desk: ProgramDesk) -> None:
    """Open a note and type into it."""
    _page, view = desk.open_form("note")
    view.set_values({**view.values(), "text": WORDS, "method": "phone", "spoke_with_client": "yes"})
    assert view.values()["text"] == WORDS


def saved(desk: ProgramDesk, page: FormPage) -> None:
    wait_until(lambda: page not in desk.forms(), f"the note saved; there are {desk.words()}")


def press(root: QWidget, words: str) -> None:
    (found,) = (each for each in root.findChildren(QPushButton) if each.text() == words and each.isVisibleTo(root))
    found.click()


def says(desk: ProgramDesk, words: str) -> None:
    def seen() -> list[str]:
        return [*desk.words(), desk.toast() if desk.window.desk() is not None else ""]

    wait_until(lambda: any(words in each for each in seen()), lambda: f"the words {words!r}; there are {seen()}")


def check_kept(desk: ProgramDesk, notes: int) -> None:
    """The note was saved so many times, and the store is sound."""
    work = desk.profile.work()
    found = work.read(lambda conn: list(conn.execute(select(contact_note.c.text)).scalars()))
    assert found.count(WORDS) == notes
    check_sound(work.engine)
    work.engine.dispose()


@pytest.mark.expects_log("drafts could not be written|background work failed")
def test_a_drive_that_goes_in_a_form_and_in_a_lock_gives_back_all_that_was_typed(
    drive: Drive, program: ProgramDesk
) -> None:
    program.unlock()
    a_note(program)
    drive.go()
    page, view = program.front()
    page.save()
    says(program, "not saved")
    says(program, "What you typed is still here")
    assert view.values()["text"] == WORDS
    program.window.lock("asked")
    assert program.window.desk() is None, "no drive holds a lock up"
    program.try_passphrase()
    says(program, "Nothing was changed")

    drive.come()
    program.unlock()
    again = program.forms()[-1]
    assert again.view is not None and again.view.values()["text"] == WORDS
    again.save()
    saved(program, again)
    program.window.lock("asked")
    check_kept(program, 1)


def test_a_drive_that_goes_before_a_save_and_comes_back_takes_the_save_at_the_next_try(
    drive: Drive, program: ProgramDesk
) -> None:
    program.unlock()
    a_note(program)
    program.office.drafts.flush()
    program.settle()
    drive.go()
    page, view = program.front()
    page.save()
    says(program, "not saved")
    program.office.drafts.flush()
    program.settle()
    program.desk.show_screen("caseload")
    says(program, "cannot be shown")
    drive.come()
    program.desk.refresh()
    program.settle()
    page.save()
    saved(program, page)
    assert view is not None
    program.settle()
    assert page.key not in [each.key for each in all_drafts(program.office.work)]
    program.window.lock("asked")
    check_kept(program, 1)


def test_a_drive_that_goes_and_comes_back_while_nobody_looks_costs_nothing(drive: Drive, program: ProgramDesk) -> None:
    program.unlock()
    a_note(program)
    program.settle()
    drive.go()
    drive.come()
    page, _view = program.front()
    page.save()
    saved(program, page)
    program.window.lock("asked")
    check_kept(program, 1)


def test_a_drive_that_goes_while_the_desk_is_opened_makes_no_new_caseload(
    drive: Drive, program: ProgramDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[bool] = []

    def go_once(*arguments: object) -> object:
        if not went:
            went.append(True)
            drive.go()
        return lease.Lease(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("advocate_desk.desk.composition.Lease", go_once)
    program.try_passphrase()
    says(program, "Nothing was changed")
    assert not list(drive.at.parent.glob("share/profile/*.db")) and not (drive.at / "profile").exists()
    drive.come()
    press(program.window, "Back to the passphrase")
    program.unlock()
    program.window.lock("asked")
    check_kept(program, 0)


def test_a_drive_that_goes_in_the_middle_of_a_save_leaves_all_or_nothing(
    drive: Drive, program: ProgramDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.unlock()
    a_note(program)
    page, _view = program.front()
    from advocate_desk.store import audit

    write = audit.append_all
    went: list[bool] = []

    def go_first(*arguments: object) -> None:
        write(*arguments)  # type: ignore[arg-type]
        if not went:
            went.append(True)
            drive.go()

    monkeypatch.setattr(audit, "append_all", go_first)
    page.save()
    says(program, "not saved")
    drive.come()
    wait_until(lambda: not page.is_saving, "the end of the save")
    page.save()
    saved(program, page)
    program.window.lock("asked")
    check_kept(program, 1)
