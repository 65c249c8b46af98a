"""A desk that is reported lost destroys itself when it next calls, and says plainly what happened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.intake import open_file
from advocate_desk.clock import FixedClock
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.first_run.view import FirstRunView
from advocate_desk.desk.team import exchanging
from advocate_desk.desk.team.removal import decide_removal
from advocate_desk.desk.team.removed_page import RemovedPage
from advocate_desk.sync import state
from advocate_desk.sync.statements import RevokeDevice, SetPerson
from advocate_desk.vault import destroying
from advocate_desk.vault.destroying import Removal
from advocate_desk.vault.folder import MARKER, NOTE
from advocate_desk.vault.keyring import KeyringCheck
from tests.builders import NOON, a_work, an_intake
from tests.desk.exchanging_desks import Organisation, organisation
from tests.faults.profiles import Profile, make_profile
from tests.faults.program_desk import ProgramDesk, make_cheap, wait_until
from tests.unit.vault.vaults import a_new_vault


@pytest.fixture
def joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Organisation]:
    monkeypatch.setattr(exchanging, "FIRST_MS", 1)
    monkeypatch.setattr(exchanging, "END_S", 30)  # a busy computer is no network that hangs
    undo = make_cheap()
    with organisation(tmp_path) as made:
        yield made
    undo()


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return make_profile(tmp_path / "desk")


def page_of(desk: ProgramDesk, kind: type[QWidget]) -> QWidget:
    found = [each for each in desk.window.findChildren(kind) if each.isVisibleTo(desk.window)]
    return found[-1]


def has_page(desk: ProgramDesk, kind: type[QWidget]) -> bool:
    return any(each.isVisibleTo(desk.window) for each in desk.window.findChildren(kind))


def test_a_lost_desk_destroys_itself_and_says_so(joined: Organisation, profile: Profile) -> None:
    device = joined.enrol_profile(profile)
    desk = ProgramDesk(profile)
    desk.unlock()
    exchanges = desk.office.exchanges
    assert exchanges is not None
    wait_until(lambda: exchanges.state().last_at is not None and not exchanges.state().waiting, "an exchange")
    exchanges.pause()
    wait_until(lambda: not exchanges._asked, "a pause")
    desk.office.do(desk.window, open_file, an_intake())
    desk.office.jobs.run_and_wait(lambda: None)  # it is written before the exchange goes on
    joined.team.say(RevokeDevice(device, is_lost=True, last_number=99))
    exchanges.go_on()
    wait_until(lambda: has_page(desk, RemovedPage), "its end")
    page = page_of(desk, RemovedPage)
    assert isinstance(page, RemovedPage)
    wait_until(page.words, "what happened")
    assert "reported lost" in page.words() and "changes are lost" in page.words()
    assert {each.name for each in profile.folder.iterdir()} == {NOTE}
    desk.window.close()

    again = ProgramDesk(profile)
    page = page_of(again, RemovedPage)
    assert isinstance(page, RemovedPage)
    wait_until(page.words, "what happened")
    page.anew.click()
    wait_until(lambda: has_page(again, FirstRunView), "a first start")
    assert not list(profile.folder.iterdir())
    again.window.close()


def test_a_removal_that_was_cut_off_is_finished_before_anything_is_opened(
    joined: Organisation, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = joined.enrol_profile(profile)
    joined.team.say(RevokeDevice(device, is_lost=True, last_number=99))
    desk = ProgramDesk(profile)
    monkeypatch.setattr(desk.program, "_on_removed", lambda: None)
    desk.window.removed.disconnect()  # the program is killed once it was decided
    desk.unlock()
    wait_until((profile.folder / MARKER).exists, "a decision")
    desk.window.lock()
    wait_until(lambda: has_page(desk, RemovedPage), "its end")
    wait_until((profile.folder / NOTE).exists, "nothing left")
    assert not (profile.folder / "vault.json").exists()
    desk.window.close()


def test_who_leaves_keeps_nothing_of_the_organisation(joined: Organisation, profile: Profile) -> None:
    person = joined.enrol_profile(profile)
    desk = ProgramDesk(profile)
    desk.unlock()
    exchanges = desk.office.exchanges
    assert exchanges is not None
    wait_until(lambda: exchanges.state().last_at is not None and not exchanges.state().waiting, "an exchange")
    joined.team.say(SetPerson(person, ["advocate"], [], False, b""))
    exchanges.exchange_now()
    wait_until(lambda: exchanges.state().trouble is not None, "the end of membership")
    trouble = exchanges.state().trouble
    assert trouble is not None and trouble.kind == "left"
    assert desk.office.work.read(lambda conn: conn.exec_driver_sql("SELECT count(*) FROM client_file").scalar()) == 0
    assert has_page(desk, type(desk.desk)), "the desk itself stays"
    desk.window.close()


def test_a_store_that_cannot_be_read_keeps_nothing_from_being_decided(tmp_path: Path) -> None:
    new = a_new_vault(tmp_path, FixedClock(NOON))
    vault, work = new.finish(), a_work(tmp_path)
    with work.engine.begin() as conn:
        state.join(conn.connection.driver_connection, bytes(16), bytes(32), bytes(16), "", NOON)
        conn.exec_driver_sql("DROP TABLE exchange_event")
    decide_removal(work, vault)
    assert (tmp_path / MARKER).exists()
    done = destroying.destroy(tmp_path, lambda: None)
    assert done is not None and done.removal.unsent is None
    vault.close()


@pytest.mark.parametrize(
    ("unsent", "words"), [(None, "could not be found out"), (0, "All that was written"), (1, "one change"), (7, "7")]
)
def test_the_page_says_what_was_lost_or_that_nobody_knows(
    tmp_path: Path, qtbot: QtBot, jobs: Jobs, unsent: int | None, words: str
) -> None:
    destroying.decide(tmp_path, Removal("", NOON, unsent))
    page = RemovedPage(tmp_path, jobs, lambda: KeyringCheck(None, ""))
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: bool(page.words()))
    assert words in page.words()
