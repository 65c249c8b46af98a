from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.clock import FixedClock
from advocate_desk.desk.dialogs.new_key import NewKeyDialog
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.key_change import KeyChangePage
from advocate_desk.documents.render import page_texts
from advocate_desk.errors import WrongKey
from advocate_desk.vault.keyring import NO_KEYRING, KeyringCheck
from advocate_desk.vault.new_key import NewKey, make_new_key
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import OpenVault, open_vault, open_with_recovery
from tests.builders import NOON
from tests.desk.front import to_front
from tests.desk.keyboard import focused, press, type_text
from tests.faults.profiles import Profile, make_profile
from tests.faults.program_desk import ProgramDesk, make_cheap
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE

CLOCK = FixedClock(NOON)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return make_profile(tmp_path_factory.mktemp("made") / "desk")


@pytest.fixture
def profile(made: Profile, tmp_path: Path) -> Profile:
    return made.copied_to(tmp_path / "desk")


def opened(folder: Path, passphrase: str = PASSPHRASE) -> OpenVault:
    return open_vault(folder, passphrase, keyring=None, clock=CLOCK, cost=CHEAP)


class Printer:
    """Takes each sheet, and reads a group off the last one."""

    def __init__(self) -> None:
        self.sheets: list[bytes] = []

    def __call__(self, pdf: bytes, _parent: QWidget) -> bool:
        self.sheets.append(pdf)
        return True

    @property
    def groups(self) -> list[str]:
        lines = page_texts(self.sheets[-1])[0].replace("\r", "").split("\n")
        return [lines[number + 1].strip() for number, line in enumerate(lines) if line.startswith("Group ")]


@pytest.fixture
def printer() -> Printer:
    return Printer()


def a_dialog(vault: OpenVault, jobs: Jobs, printer: Printer, qtbot: QtBot) -> NewKeyDialog:
    dialog = NewKeyDialog(
        vault, CLOCK, jobs, cost=CHEAP, find_keyring=lambda: KeyringCheck(None, NO_KEYRING), print_pdf=printer
    )
    qtbot.addWidget(dialog)
    to_front(dialog, qtbot)
    qtbot.waitUntil(dialog.secrets.present.edit.hasFocus)
    return dialog


def type_passphrases(dialog: NewKeyDialog, present: str = PASSPHRASE) -> None:
    for words in (present, OTHER_PASSPHRASE, OTHER_PASSPHRASE):
        type_text(words)
        press(Qt.Key.Key_Return)


def prove_sheet(dialog: NewKeyDialog, printer: Printer, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: focused().accessibleName() == "Print the sheet…", timeout=15_000)
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: dialog.sheet.is_out, timeout=15_000)
    for number, group in enumerate(dialog.sheet.fields):
        if number:
            press(Qt.Key.Key_Tab)
        type_text(printer.groups[group.place])
    press(Qt.Key.Key_Return)


def test_a_new_key_is_made_by_keyboard_and_nothing_is_written_for_it(
    profile: Profile, jobs: Jobs, printer: Printer, qtbot: QtBot
) -> None:
    vault = opened(profile.folder)
    before = {path: path.read_bytes() for path in profile.folder.glob("caseload*")}
    dialog = a_dialog(vault, jobs, printer, qtbot)
    made: list[NewKey] = []
    dialog.made.connect(made.append)
    type_passphrases(dialog)
    prove_sheet(dialog, printer, qtbot)
    qtbot.waitUntil(lambda: len(made) == 1)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert made[0].former == vault.db_key
    assert made[0].db_key != vault.db_key
    assert made[0].recovery_code.groups == tuple(printer.groups)
    assert {path: path.read_bytes() for path in profile.folder.glob("caseload*")} == before
    assert opened(profile.folder).db_key == vault.db_key
    made[0].wipe()


def test_a_wrong_passphrase_makes_no_key(profile: Profile, jobs: Jobs, printer: Printer, qtbot: QtBot) -> None:
    dialog = a_dialog(opened(profile.folder), jobs, printer, qtbot)
    type_passphrases(dialog, "not this one")
    qtbot.waitUntil(lambda: "does not open this desk" in dialog.said.words())
    assert dialog.secrets.present.isVisibleTo(dialog)
    assert not dialog.sheet.isVisibleTo(dialog)


def test_giving_up_at_the_sheet_wipes_the_key(profile: Profile, jobs: Jobs, printer: Printer, qtbot: QtBot) -> None:
    dialog = a_dialog(opened(profile.folder), jobs, printer, qtbot)
    type_passphrases(dialog)
    qtbot.waitUntil(lambda: dialog.sheet.isVisibleTo(dialog), timeout=15_000)
    new = dialog._held._key
    assert new is not None
    press(Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert new.db_key.is_wiped
    assert new.former.is_wiped
    opened(profile.folder).close()


def test_a_lock_while_the_key_is_made_wipes_it(
    profile: Profile, printer: Printer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, made, go_on = Jobs(), list[NewKey](), threading.Event()

    def slow(*given: Any, **named: Any) -> NewKey:
        made.append(make_new_key(*given, **named))
        assert go_on.wait(30)
        return made[0]

    monkeypatch.setattr("advocate_desk.desk.dialogs.new_key.make_new_key", slow)
    dialog = a_dialog(opened(profile.folder), jobs, printer, qtbot)
    type_passphrases(dialog)
    qtbot.waitUntil(lambda: bool(made), timeout=15_000)
    dialog.keep()
    go_on.set()
    jobs.close()  # as a lock does: it waits for the worker, and delivers nothing
    assert made[0].db_key.is_wiped
    assert made[0].former.is_wiped


def test_the_page_says_how_far_it_is_and_that_it_is_done(profile: Profile, jobs: Jobs, qtbot: QtBot) -> None:
    page = KeyChangePage(_new_key(profile), jobs)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(page.leave.isVisible, timeout=15_000)
    assert "was changed" in _words(page)
    assert not page.said.isVisible()
    assert not page.stop.isVisible()
    with qtbot.waitSignal(page.left):
        page.leave.click()
    with pytest.raises(WrongKey):
        opened(profile.folder)
    opened(profile.folder, OTHER_PASSPHRASE).close()


def test_cancelling_on_the_page_leaves_the_old_key(
    profile: Profile, jobs: Jobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("advocate_desk.store.reencrypt.PAGES_A_STEP", 1)
    page = KeyChangePage(_new_key(profile), jobs)
    qtbot.addWidget(page)
    page.show()
    page.stop.click()
    qtbot.waitUntil(page.leave.isVisible, timeout=15_000)
    assert "not changed" in _words(page)
    assert "cancelled" in page.said.words()
    opened(profile.folder).close()
    assert not list(profile.folder.glob("*.rekeyed"))


def test_a_closing_program_leaves_the_change_for_the_next_start(profile: Profile, qtbot: QtBot) -> None:
    jobs = Jobs()
    page = KeyChangePage(_new_key(profile), jobs)
    qtbot.addWidget(page)
    jobs.close()  # as the program does when its window is closed
    ways = []
    for passphrase in (PASSPHRASE, OTHER_PASSPHRASE):
        try:
            opened(profile.folder, passphrase).close()
        except WrongKey:
            continue
        ways.append(passphrase)
    assert len(ways) == 1


@pytest.fixture
def program(profile: Profile) -> Iterator[ProgramDesk]:
    undo = make_cheap()
    desk = ProgramDesk(profile)
    yield desk
    desk.end()
    undo()


def test_from_the_settings_to_the_new_key_with_every_form_still_open(
    program: ProgramDesk, profile: Profile, printer: Printer, qtbot: QtBot
) -> None:
    program.unlock()
    page, view = program.open_form("note")
    form = page.key
    view.set_values({"text": "half a sentence that nobody has saved"})
    program.office.drafts.touch()
    vault = program.office.vault
    assert vault is not None
    dialog = a_dialog(vault, program.office.vault_jobs, printer, qtbot)
    dialog.made.connect(program.office.key_change_asked)
    type_passphrases(dialog)
    prove_sheet(dialog, printer, qtbot)
    qtbot.waitUntil(lambda: program.window.desk() is None)
    qtbot.waitUntil(lambda: _visible_page(program) is not None, timeout=15_000)
    found = _visible_page(program)
    assert found is not None
    qtbot.waitUntil(found.leave.isVisible, timeout=15_000)
    assert vault.db_key.is_wiped
    found.leave.click()
    qtbot.waitUntil(lambda: bool(program.unlock_page()))
    program.unlock(OTHER_PASSPHRASE)
    again, again_view = program.front()
    assert again.key == form
    assert again_view.values()["text"] == "half a sentence that nobody has saved"
    code = RecoveryCode.parse(" ".join(printer.groups))
    open_with_recovery(profile.folder, code, clock=CLOCK).close()


def test_the_settings_lead_to_it_and_a_lock_takes_it_away(program: ProgramDesk, qtbot: QtBot) -> None:
    program.unlock()
    program.desk.show_screen("settings")
    page = program.desk.current_page()
    assert page is not None
    buttons = page.findChildren(QPushButton)
    next(each for each in buttons if each.text() == "Change the database key…").click()
    dialogs = program.window.findChildren(NewKeyDialog)
    assert [each.isVisible() for each in dialogs] == [True]
    dialogs[0].secrets.present.edit.setText(PASSPHRASE)
    program.window.lock()
    assert not any(each.isVisible() for each in program.window.findChildren(NewKeyDialog))
    assert program.unlock_page().isVisible()


def _visible_page(program: ProgramDesk) -> KeyChangePage | None:
    pages = program.window.findChildren(KeyChangePage)
    return next((each for each in pages if each.isVisibleTo(program.window)), None)


def _new_key(profile: Profile) -> NewKey:

    return make_new_key(opened(profile.folder), PASSPHRASE, OTHER_PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)


def _words(page: KeyChangePage) -> str:
    return page._title.text()
