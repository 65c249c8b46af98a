"""Backups in the real window: made by themselves, looked into, restored from the File menu and from the locked desk."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk import app
from advocate_desk.casework.restoring import restore
from advocate_desk.clock import FixedClock
from advocate_desk.desk import backing_up, theme
from advocate_desk.desk.dialogs.ask import Question
from advocate_desk.desk.screens.backups import from_lock, presenter
from advocate_desk.desk.screens.backups.from_lock import OpenBackupPage
from advocate_desk.desk.screens.backups.screen import BackupsScreen
from advocate_desk.desk.screens.backups.view import BackupsPage
from advocate_desk.desk.screens.unlock.view import UnlockView
from advocate_desk.desk.screens.waiting import WaitingPage
from advocate_desk.desk.shell import DeskPage
from advocate_desk.desk.widgets.tables import DETAIL_ROLE
from advocate_desk.desk.window import MainWindow
from advocate_desk.domain.backups import Why
from advocate_desk.store import backup, swap
from advocate_desk.store.backup_files import copies_in
from advocate_desk.vault import keyfile
from advocate_desk.vault.change import change_passphrase
from advocate_desk.vault.folder import FILE_NAME, READY, SPARE_NAME
from advocate_desk.vault.keyring import NO_KEYRING, KeyringCheck
from advocate_desk.vault.vault import open_vault
from tests.builders import NOON, PACKS
from tests.desk.keyboard import focused, press, tab_to, type_text
from tests.desk.walk import clipped, mouse_only, nameless, rich_labels, still_too_wide, unreachable
from tests.faults.test_store_folder import spoil
from tests.profiles import Profile, a_profile
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE

NO_RING = KeyringCheck(None, NO_KEYRING)
BEFORE, AFTER = ["before the backup"], ["before the backup", "after the backup"]


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """A passphrase that costs little, a keyring that is not there, rule packs that were read already."""
    for module, page in ((app, UnlockView), (from_lock, OpenBackupPage)):
        little = partial(page, cost=CHEAP, find_keyring=lambda: NO_RING)
        monkeypatch.setattr(module, page.__name__, little)
    monkeypatch.setattr("advocate_desk.desk.composition.Packs", lambda _folder: PACKS)
    monkeypatch.setattr("advocate_desk.packs.packs.Packs", lambda _folder: PACKS)
    monkeypatch.setattr(backup, "RESERVE_BYTES", 0)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A desk with a backup, and a note since."""
    clock = FixedClock(NOON)
    made = a_profile(tmp_path / "profile", clock)
    made.write("before the backup")
    made.back_up()
    clock.advance(timedelta(hours=1))
    made.write("after the backup")
    return made


class Started:
    """The program in its window, on a profile."""

    def __init__(self, folder: Path, clock: FixedClock, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.window = MainWindow(clock)
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        self.program = app.Program(self.window, folder, clock, is_demonstration=False)
        self.window.show()
        self.window.activateWindow()
        self.program.start()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=20_000)

    def page(self, kind: type[QWidget]) -> QWidget:
        """The page of that kind that is shown."""
        found: list[QWidget] = []

        def is_shown() -> bool:
            found[:] = [each for each in self.window.findChildren(kind) if each.isVisibleTo(self.window)]
            return bool(found)

        self.qtbot.waitUntil(is_shown, timeout=20_000)
        return found[-1]

    def unlock(self, passphrase: str = PASSPHRASE) -> DeskPage:
        """Type the passphrase where it is asked for, and wait for the desk."""
        self.type_passphrase(passphrase)
        self.qtbot.waitUntil(lambda: self.window.desk() is not None, timeout=20_000)
        desk = self.window.desk()
        assert desk is not None
        return desk

    def type_passphrase(self, passphrase: str = PASSPHRASE) -> None:
        """Type it, and press Enter."""
        view = self.page(UnlockView)
        assert isinstance(view, UnlockView)
        view.passphrase_page.field.edit.setFocus()
        type_text(passphrase)
        press(Qt.Key.Key_Return)

    def question(self) -> Question:
        """The question that is asked."""
        asked: list[Question] = []

        def is_asked() -> bool:
            focus = QApplication.focusWidget()
            asked[:] = [each for each in self.window.findChildren(Question) if focus and each.isAncestorOf(focus)]
            return bool(asked)

        self.qtbot.waitUntil(is_asked)
        return asked[-1]

    def end(self) -> None:
        """Close the window, as a person does."""
        self.window.close()


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Callable[[Path, FixedClock], Started]]:
    made: list[Started] = []

    def one(folder: Path, clock: FixedClock) -> Started:
        made.append(Started(folder, clock, qtbot))
        return made[-1]

    yield one
    for each in made:
        each.end()


def restore_by_keyboard(started: Started, page: BackupsPage, qtbot: QtBot) -> None:
    """Choose the one backup, see that it is whole, restore it, and agree."""
    qtbot.waitUntil(lambda: page.model.rowCount() > 0, timeout=20_000)
    page.table.setFocus()
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(page.look.restore.isEnabled, timeout=20_000)
    tab_to("Restore this backup…")
    press(Qt.Key.Key_Return)
    started.question()
    tab_to("Restore it")
    press(Qt.Key.Key_Return)


def test_a_backup_is_restored_from_the_file_menu_by_keyboard(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot
) -> None:
    started = start(profile.folder, profile.clock)
    started.unlock()
    press(Qt.Key.Key_F10)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    names = [each.text().partition("\t")[0] for each in menu.actions() if each.text()]
    assert names == [
        "New client file",
        "Import referrals from a spreadsheet",
        "Back up now",
        "Restore from a backup…",
        "Exchange by a file…",
        "Team and devices…",
        "Change the passphrase…",
        "Lock the desk",
        "Close Advocate Desk",
    ]
    press(Qt.Key.Key_Down, names.index("Restore from a backup…"))
    press(Qt.Key.Key_Return)
    started.window.activateWindow()  # off screen nobody gives the keys back when a menu closes
    page = started.page(BackupsScreen)
    assert isinstance(page, BackupsScreen)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    before = started.window.desk()
    restore_by_keyboard(started, page, qtbot)
    qtbot.waitUntil(lambda: started.window.desk() not in (None, before), timeout=20_000)
    desk = started.window.desk()
    assert desk is not None
    qtbot.waitUntil(lambda: "set aside" in desk._toast.text())
    started.end()
    assert profile.notes() == BEFORE
    aside = copies_in(profile.places().own)[0]
    assert aside.copy.why is Why.ASIDE and profile.notes(aside.path) == AFTER


def test_what_is_newer_now_is_shown_before_anything_is_changed(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot
) -> None:
    started = start(profile.folder, profile.clock)
    desk = started.unlock()
    desk.office.open_form("intake")
    qtbot.waitUntil(lambda: desk.forms.top() is not None)
    desk.show_screen("backups")
    assert desk.forms.top() is None, "no form stands over the list"
    page = started.page(BackupsScreen)
    assert isinstance(page, BackupsScreen)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    page.table.setFocus()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.look.state.text() == "Checked: whole", timeout=20_000)
    model = page.look.kinds.model()
    shown = {model.index(row, 0).data(): (model.index(row, 1).data(), model.index(row, 2).data()) for row in range(3)}
    assert shown["Contact notes"] == ("1", "–")
    assert page.look.files.model().index(0, 0).data(DETAIL_ROLE) == "T.S."
    kinds = [page.look.kinds.model().index(row, 0).data() for row in range(page.look.kinds.model().rowCount())]
    assert "Forms left half done" not in kinds, "where somebody was in the desk is no form"
    page.model.modelReset.connect(lambda: read.append(True))
    read: list[bool] = []
    page.presenter.refresh()
    qtbot.waitUntil(lambda: bool(read), timeout=20_000)
    assert page.table.selectionModel().isRowSelected(0) and page.look.state.text() == "Checked: whole"
    assert "older than what is in place" in page.look.words.text()


@pytest.mark.parametrize("damage", ["damaged", "missing"])
def test_a_backup_is_restored_from_the_locked_desk_whose_caseload_does_not_open(
    damage: str, profile: Profile, start: Callable[..., Started], qtbot: QtBot
) -> None:
    if damage == "damaged":
        spoil(profile.database, 1)
    else:
        profile.database.unlink()
        (profile.folder / "caseload.made").touch()
    started = start(profile.folder, profile.clock)
    started.page(UnlockView)
    tab_to("Open a backup…")
    press(Qt.Key.Key_Return)
    started.page(OpenBackupPage)
    qtbot.waitUntil(lambda: focused().accessibleName().startswith("1 backup,"), timeout=20_000)
    press(Qt.Key.Key_Return)
    started.type_passphrase()
    page = started.page(BackupsPage)
    assert isinstance(page, BackupsPage)
    restore_by_keyboard(started, page, qtbot)
    qtbot.waitUntil(lambda: started.window.desk() is not None, timeout=20_000)
    started.end()
    assert profile.notes() == BEFORE


def test_a_restore_that_was_cut_off_is_finished_at_the_next_start(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as cut:
        cut.setattr(swap, "finish", lambda _profile: False)
        vault = profile.open()
        restore(profile.folder, vault, copies_in(profile.places().own)[0], profile.clock, PACKS)
        vault.close()
    assert (profile.folder / READY).is_dir() and profile.notes() == AFTER
    started = start(profile.folder, profile.clock)
    started.unlock()
    started.end()
    assert profile.notes() == BEFORE
    assert not (profile.folder / READY).exists()
    assert profile.notes(copies_in(profile.places().own)[0].path) == AFTER


def test_the_way_back_from_a_restore_that_failed_goes_through_finishing_it(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = start(profile.folder, profile.clock)
    started.page(UnlockView)
    with monkeypatch.context() as cut:  # the disk stops answering when it is decided
        cut.setattr(swap, "finish", lambda _profile: False)
        vault = profile.open()
        restore(profile.folder, vault, copies_in(profile.places().own)[0], profile.clock, PACKS)
        vault.close()
    started.type_passphrase()
    page = started.page(WaitingPage)
    qtbot.waitUntil(lambda: any(each.isVisible() for each in page.findChildren(QPushButton)), timeout=20_000)
    assert started.window.desk() is None and profile.notes() == AFTER
    tab_to("Back to the passphrase")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not (profile.folder / READY).exists(), timeout=20_000)
    started.unlock()
    started.end()
    assert profile.notes() == BEFORE


def test_a_backup_opens_on_a_computer_that_has_no_desk(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick" / "desk-backups"
    shutil.copytree(profile.places().own, stick / profile.places().own.name)
    started = start(tmp_path / "elsewhere", profile.clock)
    press(Qt.Key.Key_Tab)
    tab_to("I have a backup of my desk…")
    press(Qt.Key.Key_Return)
    page = started.page(OpenBackupPage)
    assert isinstance(page, OpenBackupPage)
    qtbot.waitUntil(lambda: "no backups on this computer" in page.said.words(), timeout=20_000)
    monkeypatch.setattr(from_lock, "choose_folder", lambda _page, _title, on_chosen: on_chosen(tmp_path / "stick"))
    tab_to("Look in another folder…")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: focused().accessibleName().startswith("1 backup,"), timeout=20_000)
    press(Qt.Key.Key_Return)
    started.type_passphrase()
    listed = started.page(BackupsPage)
    assert isinstance(listed, BackupsPage)
    restore_by_keyboard(started, listed, qtbot)
    qtbot.waitUntil(lambda: started.window.desk() is not None, timeout=20_000)
    started.end()
    elsewhere = Profile(tmp_path / "elsewhere", profile.key, profile.code, profile.clock, profile.file_id)
    assert elsewhere.notes() == BEFORE
    assert {FILE_NAME, SPARE_NAME} <= {each.name for each in elsewhere.folder.iterdir()}


def test_leaving_the_backups_of_a_locked_desk_closes_the_vault_and_asks_for_the_passphrase(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot
) -> None:
    started = start(profile.folder, profile.clock)
    started.page(UnlockView)
    tab_to("Open a backup…")
    press(Qt.Key.Key_Return)
    page = started.page(OpenBackupPage)
    assert isinstance(page, OpenBackupPage)
    qtbot.waitUntil(lambda: focused().accessibleName().startswith("1 backup,"), timeout=20_000)
    press(Qt.Key.Key_Return)
    started.type_passphrase()
    started.page(BackupsPage)
    vault = page._vault
    assert vault is not None
    QTest.keyClick(started.window.windowHandle(), Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: vault.db_key.is_wiped, timeout=20_000)
    assert not [each for each in started.window.findChildren(BackupsPage) if each.isVisible()]
    started.unlock()


def test_an_open_desk_copies_itself_and_says_so_when_asked(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing_up, "FIRST_LOOK_MS", 1)
    own = profile.places().own
    assert isinstance(profile.clock, FixedClock)
    profile.clock.advance(timedelta(hours=5))
    (own / ".caseload-000007-20261121T100000Z-auto.part").write_bytes(b"cut off")
    started = start(profile.folder, profile.clock)
    desk = started.unlock()
    qtbot.waitUntil(lambda: len(copies_in(own)) == 2, timeout=20_000)
    assert not list(own.glob(".*.part"))
    assert profile.notes(Path(shutil.copy(copies_in(own)[0].path, own.parent / "look.db"))) == AFTER
    desk.show_screen("backups")
    page = started.page(BackupsScreen)
    assert isinstance(page, BackupsScreen)
    qtbot.waitUntil(lambda: page.model.rowCount() == 2, timeout=20_000)
    page.now.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 3, timeout=20_000)
    assert "made and checked" in page.last.text()
    assert copies_in(own)[0].copy.why is Why.ASKED


def test_a_lock_cuts_a_copy_short_and_nothing_of_it_is_left(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "STEP_PAGES", 1)
    monkeypatch.setattr(backup, "PAUSE_S", 0.05)
    started = start(profile.folder, profile.clock)
    desk = started.unlock()
    own = profile.places().own
    assert desk.office.backups is not None
    desk.office.backups.back_up_now()
    qtbot.waitUntil(lambda: bool(list(own.glob(".*.part"))), timeout=20_000)
    started.window.lock()
    assert not list(own.glob(".*.part"))
    assert len(copies_in(own)) == 1
    started.unlock()


def test_a_changed_passphrase_opens_older_backups_and_the_old_one_no_more(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot
) -> None:
    started = start(profile.folder, profile.clock)
    desk = started.unlock()
    own = profile.places().own
    vault, keeper = desk.office.vault, desk.office.backups
    assert vault is not None and keeper is not None
    change_passphrase(vault, PASSPHRASE, OTHER_PASSPHRASE, keyring=None, clock=profile.clock, cost=CHEAP)
    keeper.keep_in_step()
    qtbot.waitUntil(
        lambda: keyfile.load(own).slots == keyfile.load(profile.folder).slots and keyfile.load_spare(own) is not None,
        timeout=20_000,
    )
    started.end()
    open_vault(own, OTHER_PASSPHRASE, keyring=None, clock=profile.clock, cost=CHEAP).close()


def test_a_second_folder_is_chosen_filled_and_missed_when_it_is_gone(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    monkeypatch.setattr(presenter, "choose_folder", lambda _page, _title, on_chosen: on_chosen(stick))
    started = start(profile.folder, profile.clock)
    started.unlock().show_screen("backups")
    page = started.page(BackupsScreen)
    assert isinstance(page, BackupsScreen)
    page.choose.click()
    qtbot.waitUntil(lambda: bool(list(stick.rglob("caseload-*.db"))), timeout=20_000)
    qtbot.waitUntil(lambda: page.second.text() == str(stick), timeout=20_000)
    shutil.rmtree(stick)
    page.now.click()
    qtbot.waitUntil(lambda: "not there now" in page.banner.text(), timeout=20_000)
    assert len(copies_in(profile.places().own)) == 2


def test_the_file_menu_can_be_reached_and_pressed_without_a_mouse(
    profile: Profile, start: Callable[..., Started]
) -> None:
    started = start(profile.folder, profile.clock)
    started.unlock()
    press(Qt.Key.Key_F, modifiers=Qt.KeyboardModifier.AltModifier)
    assert isinstance(QApplication.activePopupWidget(), QMenu)
    press(Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert [each for each in started.window.findChildren(QPushButton) if each.accessibleName() == "Lock"]


def test_every_step_can_be_read_and_used_at_200_per_cent(
    profile: Profile, start: Callable[..., Started], qtbot: QtBot
) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply(application, "light", 200)
    started = start(profile.folder, profile.clock)
    faults = look_at("unlock", started.window)
    started.program._show_open_backup()
    first = started.page(OpenBackupPage)
    assert isinstance(first, OpenBackupPage)
    qtbot.waitUntil(lambda: focused().accessibleName().startswith("1 backup,"), timeout=20_000)
    faults += look_at("which backup", first)
    first.leave()
    started.unlock().show_screen("backups")
    page = started.page(BackupsScreen)
    assert isinstance(page, BackupsScreen)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=20_000)
    page.table.setFocus()
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(page.look.restore.isEnabled, timeout=20_000)
    faults += look_at("backups", page)
    page.look.restore.click()
    faults += look_at("question", started.question())
    assert faults == []
    assert (started.window.width(), started.window.height()) == (1366, 768)


def look_at(where: str, root: QWidget) -> list[str]:
    """What is wrong under `root`."""
    QTest.qWait(0)
    checks = (nameless, unreachable, mouse_only, rich_labels, still_too_wide, clipped)
    return [f"{where}: {check.__name__}: {each}" for check in checks for each in check(root)]
