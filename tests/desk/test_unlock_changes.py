from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.clock import FixedClock
from advocate_desk.desk.dialogs.passphrase import ChangePassphraseDialog, NewSheetDialog
from advocate_desk.desk.jobs import Jobs
from advocate_desk.documents.render import page_texts
from advocate_desk.errors import WrongKey
from advocate_desk.vault.keyring import NO_KEYRING, KeyringCheck
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import OpenVault, open_vault, open_with_recovery
from tests.desk.front import to_front
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE, a_vault


@pytest.fixture
def code(tmp_path: Path, clock: FixedClock) -> str:
    return a_vault(tmp_path, clock)[1]


@pytest.fixture
def vault(tmp_path: Path, clock: FixedClock, code: str) -> OpenVault:
    return open_vault(tmp_path, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)


def shown(dialog: QDialog, qtbot: QtBot) -> None:
    qtbot.addWidget(dialog)
    to_front(dialog, qtbot)
    qtbot.waitUntil(lambda: any(child.hasFocus() for child in dialog.findChildren(QWidget)))


def change_dialog(vault: OpenVault, clock: FixedClock, jobs: Jobs, qtbot: QtBot) -> ChangePassphraseDialog:
    dialog = ChangePassphraseDialog(vault, clock, jobs, cost=CHEAP, find_keyring=lambda: KeyringCheck(None, NO_KEYRING))
    shown(dialog, qtbot)
    return dialog


def test_the_passphrase_is_changed_by_keyboard(vault: OpenVault, clock: FixedClock, jobs: Jobs, qtbot: QtBot) -> None:
    dialog = change_dialog(vault, clock, jobs, qtbot)
    assert focused().accessibleName() == "Present passphrase"
    with qtbot.waitSignal(dialog.accepted):
        for words in (PASSPHRASE, OTHER_PASSPHRASE, OTHER_PASSPHRASE):
            type_text(words)
            press(Qt.Key.Key_Return)
    opened = open_vault(vault.folder, OTHER_PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    assert opened.db_key == vault.db_key


def test_a_wrong_present_passphrase_changes_nothing(
    vault: OpenVault, clock: FixedClock, jobs: Jobs, qtbot: QtBot
) -> None:
    dialog = change_dialog(vault, clock, jobs, qtbot)
    for words in ("not this one", OTHER_PASSPHRASE, OTHER_PASSPHRASE):
        type_text(words)
        press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "does not open this desk" in dialog.said.words())
    open_vault(vault.folder, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP).close()
    press(Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert dialog.secrets.present.text() == dialog.secrets.form.passphrase() == ""


def test_a_new_sheet_is_put_in_force_by_keyboard(
    vault: OpenVault, code: str, clock: FixedClock, jobs: Jobs, qtbot: QtBot
) -> None:
    printed: list[bytes] = []

    def on_print(pdf: bytes, _parent: QWidget) -> bool:
        printed.append(pdf)
        return True

    dialog = NewSheetDialog(vault, clock, jobs, print_pdf=on_print)
    shown(dialog, qtbot)
    tab_to("Put it in force")
    press(Qt.Key.Key_Space)
    assert "Print the sheet" in dialog.said.words()
    press(Qt.Key.Key_Space)  # the cursor went to the button that is needed
    qtbot.waitUntil(lambda: dialog.form.is_out, timeout=15_000)
    open_with_recovery(vault.folder, RecoveryCode.parse(code), clock=clock).close()
    lines = page_texts(printed[0])[0].replace("\r", "").split("\n")
    groups = [lines[number + 1].strip() for number, line in enumerate(lines) if line.startswith("Group ")]
    with qtbot.waitSignal(dialog.accepted):
        for number, group in enumerate(dialog.form.fields):
            if number:
                press(Qt.Key.Key_Tab)
            type_text(groups[group.place])
        press(Qt.Key.Key_Return)
    open_with_recovery(vault.folder, RecoveryCode.parse(" ".join(groups)), clock=clock).close()
    with pytest.raises(WrongKey):
        open_with_recovery(vault.folder, RecoveryCode.parse(code), clock=clock)


def test_a_new_sheet_that_is_given_up_leaves_the_old_one(
    vault: OpenVault, code: str, clock: FixedClock, jobs: Jobs, qtbot: QtBot
) -> None:
    dialog = NewSheetDialog(vault, clock, jobs, print_pdf=lambda _pdf, _parent: True)
    shown(dialog, qtbot)
    dialog.form.print_sheet()
    qtbot.waitUntil(lambda: dialog.form.is_out, timeout=15_000)
    press(Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected
    open_with_recovery(vault.folder, RecoveryCode.parse(code), clock=clock).close()
