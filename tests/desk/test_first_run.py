from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.clock import FixedClock
from advocate_desk.desk import theme
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.screens.first_run.details import ProfileDetails
from advocate_desk.desk.screens.first_run.printing import paint
from advocate_desk.desk.screens.first_run.view import FirstRunView
from advocate_desk.documents.render import page_count, page_texts, pages
from advocate_desk.errors import Unavailable
from advocate_desk.vault.folder import has_vault
from advocate_desk.vault.keyring import FOUND, NO_KEYRING, KeyringCheck, SecureKeyring
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import OpenVault, open_vault, open_with_recovery
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.unit.vault.keyrings import LockedBackend, MemoryBackend
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE, a_vault


@dataclass
class Guide:
    """The guide over an empty folder, what it printed, and what it gave."""

    folder: Path
    clock: FixedClock
    saves_to: Path
    keyring: SecureKeyring | None
    printer_says: list[object] = field(default_factory=lambda: [True])
    printed: list[bytes] = field(default_factory=list)
    made: list[tuple[OpenVault, ProfileDetails]] = field(default_factory=list)
    view: FirstRunView = field(init=False)

    def show(self, jobs: Jobs, qtbot: QtBot) -> None:
        check = KeyringCheck(self.keyring, FOUND if self.keyring else NO_KEYRING)
        self.view = FirstRunView(
            self.folder,
            self.clock,
            jobs,
            cost=CHEAP,
            find_keyring=lambda: check,
            choose=lambda _parent, _suggested: self.saves_to,
            print_pdf=self.on_print,
        )
        self.view.created.connect(self.on_created)
        self.view.resize(1366, 768)
        qtbot.addWidget(self.view)
        self.view.show()
        self.view.activateWindow()
        qtbot.waitUntil(self.view.next.hasFocus)

    def on_created(self, vault: OpenVault, details: ProfileDetails) -> None:
        self.made.append((vault, details))

    def on_print(self, pdf: bytes, _parent: QWidget) -> bool:
        answer = self.printer_says[-1]
        if isinstance(answer, Exception):
            raise answer
        if answer:
            self.printed.append(pdf)
        return bool(answer)

    def said(self) -> str:
        return self.view._said.words() if self.view._said.isVisibleTo(self.view) else ""

    def groups(self) -> list[str]:
        """The code as the paper has it: it stands nowhere on the screen."""
        lines = page_texts(self.printed[-1])[0].replace("\r", "").split("\n")
        return [lines[number + 1].strip() for number, line in enumerate(lines) if line.startswith("Group ")]

    def type_groups_back(self) -> None:
        for number, group in enumerate(self.view.sheet_step.form.fields):
            if number:
                press(Qt.Key.Key_Tab)
            type_text(self.groups()[group.place].lower())


@pytest.fixture(params=["keyring", "no keyring"])
def guide(
    request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock, jobs: Jobs, qtbot: QtBot
) -> Iterator[Guide]:
    keyring = SecureKeyring(MemoryBackend()) if request.param == "keyring" else None
    made = Guide(tmp_path / "desk", clock, tmp_path / "sheet.pdf", keyring)
    made.show(jobs, qtbot)
    yield made
    made.view.discard()


def fill_in_details() -> None:
    press(Qt.Key.Key_Space)  # Begin
    type_text("Ash Advocate")
    press(Qt.Key.Key_Return)
    type_text("Court IDVA")
    press(Qt.Key.Key_Return)
    type_text("Harbour Lights")
    press(Qt.Key.Key_Return)


def choose_passphrase(guide: Guide, qtbot: QtBot, passphrase: str = PASSPHRASE) -> None:
    assert focused().accessibleName() == "New passphrase"
    type_text(passphrase)
    press(Qt.Key.Key_Return)
    type_text(passphrase)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: guide.view.number() == 3)


def print_sheet(guide: Guide, qtbot: QtBot) -> None:
    before = len(guide.printed)
    tab_to("Print the sheet…")
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(guide.printed) > before, timeout=15_000)


def test_a_desk_is_made_by_keyboard_alone(guide: Guide, qtbot: QtBot) -> None:
    fill_in_details()
    choose_passphrase(guide, qtbot)
    print_sheet(guide, qtbot)
    guide.type_groups_back()
    press(Qt.Key.Key_Return)
    assert guide.view.number() == 4
    assert not guide.folder.exists()
    with qtbot.waitSignal(guide.view.created):
        press(Qt.Key.Key_Space)
    vault, details = guide.made[0]
    assert details == ProfileDetails("Ash Advocate", "Court IDVA", "Harbour Lights")
    opened = open_vault(guide.folder, PASSPHRASE, keyring=guide.keyring, clock=guide.clock, cost=CHEAP)
    assert opened.db_key == vault.db_key
    code = RecoveryCode.parse(" ".join(guide.groups()))
    assert open_with_recovery(guide.folder, code, clock=guide.clock).db_key == vault.db_key


def test_the_guide_does_not_end_before_the_sheet_is_out_and_typed_back(guide: Guide, qtbot: QtBot) -> None:
    fill_in_details()
    choose_passphrase(guide, qtbot)
    tab_to("Continue")
    press(Qt.Key.Key_Space)
    assert "Print the sheet or save it" in guide.said()
    print_sheet(guide, qtbot)
    tab_to("Continue")
    press(Qt.Key.Key_Space)
    assert "Type the two groups" in guide.said()
    type_text("00000")
    press(Qt.Key.Key_Return)
    assert guide.view.number() == 3
    assert not guide.folder.exists()


def test_a_saved_sheet_is_enough_and_is_for_its_owner_alone(guide: Guide, qtbot: QtBot) -> None:
    fill_in_details()
    choose_passphrase(guide, qtbot)
    tab_to("Save it as a PDF…")
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(guide.saves_to.exists, timeout=15_000)
    qtbot.waitUntil(lambda: guide.view.sheet_step.form.is_out)
    assert guide.saves_to.stat().st_mode & 0o077 == 0
    guide.printed.append(guide.saves_to.read_bytes())
    guide.type_groups_back()
    press(Qt.Key.Key_Return)
    assert guide.view.number() == 4


def test_a_print_that_was_cancelled_or_failed_is_no_print(guide: Guide, qtbot: QtBot) -> None:
    fill_in_details()
    choose_passphrase(guide, qtbot)
    form = guide.view.sheet_step.form
    for answer in (False, Unavailable("The printer is off.")):
        guide.printer_says.append(answer)
        form.print_sheet()
        assert not form.print_button.isEnabled()
        qtbot.waitUntil(form.print_button.isEnabled, timeout=15_000)
        assert not form.is_out
    assert form.said.words() == "The printer is off."


def test_the_code_is_never_on_the_screen(guide: Guide, qtbot: QtBot) -> None:
    fill_in_details()
    choose_passphrase(guide, qtbot)
    print_sheet(guide, qtbot)
    shown = " ".join(
        str(widget.property(name) or "")
        for widget in guide.view.findChildren(QWidget)
        for name in ("text", "toolTip", "accessibleName", "accessibleDescription", "placeholderText", "windowTitle")
    )
    assert len(guide.groups()) == 8
    assert not any(group in shown for group in guide.groups())


def test_back_keeps_what_was_typed_and_another_passphrase_makes_another_sheet(guide: Guide, qtbot: QtBot) -> None:
    fill_in_details()
    choose_passphrase(guide, qtbot)
    print_sheet(guide, qtbot)
    tab_to("Back")
    press(Qt.Key.Key_Space)
    assert guide.view.passphrase_step.form.passphrase() == PASSPHRASE
    tab_to("Continue")
    press(Qt.Key.Key_Space)
    assert guide.view.number() == 3
    assert guide.view.sheet_step.form.is_out
    first = guide.groups()
    tab_to("Back")
    press(Qt.Key.Key_Space)
    for name in ("New passphrase", "The same passphrase again"):
        tab_to(name)
        focused().clear()  # type: ignore[attr-defined]
        type_text(OTHER_PASSPHRASE)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: guide.view.number() == 3)
    assert not guide.view.sheet_step.form.is_out
    print_sheet(guide, qtbot)
    assert guide.groups() != first


def test_the_cursor_is_on_the_page_however_the_guide_gets_the_focus(guide: Guide) -> None:
    press(Qt.Key.Key_Space)
    guide.view.back.setFocus()
    guide.view.setFocus()
    assert focused().accessibleName() == "Your name"


def test_a_name_is_needed_and_the_rest_may_wait(guide: Guide) -> None:
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Tab, 2)
    press(Qt.Key.Key_Return)
    assert "Type your name" in guide.said()
    assert focused().accessibleName() == "Your name"
    type_text("Ash")
    assert guide.said() == ""
    tab_to("Continue")
    press(Qt.Key.Key_Space)
    assert guide.view.number() == 2


def test_weak_and_differing_passphrases_are_explained(guide: Guide, qtbot: QtBot) -> None:
    fill_in_details()
    form = guide.view.passphrase_step.form
    type_text("password1")
    qtbot.waitUntil(lambda: form._word.text() == "Very weak")
    press(Qt.Key.Key_Return)
    type_text("password1")
    press(Qt.Key.Key_Return)
    assert "too easy to guess" in guide.said()
    assert "password1" not in guide.said()
    form.first.edit.setText(PASSPHRASE)
    qtbot.waitUntil(lambda: form._word.text() == "Strong")
    tab_to("Continue")
    press(Qt.Key.Key_Space)
    assert "not the same" in guide.said()


def test_without_a_keyring_more_is_asked_and_it_is_said_why(guide: Guide, qtbot: QtBot) -> None:
    fill_in_details()
    form = guide.view.passphrase_step.form
    type_text("gravel teapot")
    qtbot.waitUntil(lambda: form._word.text().startswith("Good"))
    has_ring = guide.keyring is not None
    assert form._word.text() == ("Good" if has_ring else "Good, not yet enough")
    assert ("second key" in guide.view.passphrase_step.keyring.words()) is has_ring


def test_a_keyring_that_refuses_at_the_end_is_told_and_nothing_is_written(
    tmp_path: Path, clock: FixedClock, jobs: Jobs, qtbot: QtBot
) -> None:
    guide = Guide(tmp_path / "desk", clock, tmp_path / "sheet.pdf", SecureKeyring(LockedBackend()))
    guide.show(jobs, qtbot)
    fill_in_details()
    choose_passphrase(guide, qtbot)
    print_sheet(guide, qtbot)
    guide.type_groups_back()
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "password store" in guide.said())
    assert not has_vault(guide.folder)
    guide.view.discard()


def test_a_desk_that_appeared_meanwhile_is_left_alone(guide: Guide, qtbot: QtBot) -> None:
    fill_in_details()
    choose_passphrase(guide, qtbot)
    print_sheet(guide, qtbot)
    guide.type_groups_back()
    press(Qt.Key.Key_Return)
    key, _ = a_vault(guide.folder, guide.clock)
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "already" in guide.said())
    opened = open_vault(guide.folder, PASSPHRASE, keyring=None, clock=guide.clock, cost=CHEAP)
    assert bytes(opened.db_key.buffer) == key


def test_a_window_that_closes_before_the_end_leaves_nothing(guide: Guide, qtbot: QtBot) -> None:
    fill_in_details()
    choose_passphrase(guide, qtbot)
    new = guide.view._presenter._new
    assert new is not None
    guide.view.discard()
    assert new._db_key.is_wiped
    assert not guide.folder.exists()
    assert all(edit.text() == "" for edit in guide.view.passphrase_step.findChildren(QLineEdit))


def test_every_control_has_a_name_and_a_place_in_the_tab_order(guide: Guide) -> None:
    for number in range(len(guide.view.steps)):
        guide.view.show_step(number)
        met: set[QWidget] = set()
        while focused() not in met:
            met.add(focused())
            press(Qt.Key.Key_Tab)
        shown = {
            widget
            for widget in guide.view.findChildren(QWidget)
            if widget.isVisibleTo(guide.view) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isEnabled() and not widget.focusProxy()
        }  # fmt: skip
        assert shown <= met
        assert all(widget.accessibleName() for widget in met)


@pytest.mark.parametrize(("look", "percent"), [("light", 100), ("dark", 100), ("high_contrast", 100), ("light", 200)])
def test_large_text_and_every_theme_leave_nothing_cut_off(
    look: str, percent: int, tmp_path: Path, clock: FixedClock, jobs: Jobs, qtbot: QtBot, qapp: QApplication
) -> None:
    theme.apply(qapp, look, percent)
    guide = Guide(tmp_path / "desk", clock, tmp_path / "sheet.pdf", None)
    guide.show(jobs, qtbot)
    for number in range(len(guide.view.steps)):
        guide.view.show_step(number)
        assert guide.view._scroll.horizontalScrollBar().maximum() == 0
        inner = guide.view._scroll.widget()
        assert inner is not None
        assert inner.width() <= guide.view._scroll.viewport().width()


def test_the_sheet_is_one_neutral_page_that_can_be_read_and_printed(guide: Guide, qtbot: QtBot, tmp_path: Path) -> None:
    fill_in_details()
    choose_passphrase(guide, qtbot)
    print_sheet(guide, qtbot)
    pdf = guide.printed[0]
    assert page_count(pdf) == 1
    text = page_texts(pdf)[0]
    assert guide.view.sheet_step.form._mark in text
    for private in ("Ash", "Harbour", "Court IDVA", "abuse", "client"):
        assert private not in text
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    paint(printer, pages(pdf, 1))
    assert page_count((tmp_path / "printed.pdf").read_bytes()) == 1
