"""Every trouble at every activity, through the real window: it says what happened, what was kept, what to do.

The words that stand on the screen are collected after each step. Nothing of the program's inside, of the disk's paths
or of anybody in the caseload may be among the words of trouble, and what was typed is there when the trouble is over.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit
from pytestqt.qtbot import QtBot

from advocate_desk import trouble
from advocate_desk.desk.dialogs.ask import Question
from advocate_desk.errors import Unavailable
from advocate_desk.store.engine import DATABASE_NAME
from advocate_desk.trouble import Trouble
from advocate_desk.vault import keyfile
from advocate_desk.vault.folder import FILE_NAME, SPARE_NAME
from advocate_desk.vault.vault_json import decode
from tests import planted
from tests.desk.conftest import collected_here, collected_whole, dressed
from tests.faults.killing import desk_to_kill
from tests.faults.profiles import Profile
from tests.faults.program_desk import ProgramDesk, make_cheap, wait_until

__all__ = ["collected_here", "collected_whole", "desk_to_kill", "dressed"]

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.timeout(240),
]
ALL = tuple(each for each in vars(trouble).values() if isinstance(each, Trouble))
KEPT = (trouble.NOT_SAVED, trouble.NOT_READ, trouble.NOT_OPENED, trouble.NOT_COPIED, trouble.KEY_FILE_AS_IT_WAS)
INSIDE = re.compile(
    r"\b\w+(Error|Exception)\b|Traceback|sqlite|sqlcipher|errno|/tmp|\.db\b|\.json\b|\\\\", re.IGNORECASE
)
TYPED = "Half a wor"
VALUES = {"text": TYPED, "method": "phone", "spoke_with_client": "no", "happened_at": "2026-11-21T10:00"}
Break = Callable[[Path], None]


def test_every_trouble_says_all_three_parts_and_nothing_else() -> None:
    assert len({each.cause for each in ALL}) == len(ALL) > 10
    for each in ALL:
        for kept in KEPT:
            check_said(each.told(kept), (each,))


def check_said(words: str, causes: tuple[Trouble, ...]) -> None:
    """Fail unless `words` are one of the causes, what was kept and what to do, and nothing that is no user's."""
    found = [each for each in causes if words.startswith(each.cause)]
    assert found, f"said is {words!r}"
    assert any(found[0].told(kept) in words for kept in KEPT), words
    assert found[0].remedy.endswith(".")
    assert not INSIDE.search(words), words
    assert planted.traces(words) == []


def said_in(desk: ProgramDesk) -> list[str]:
    """The words of trouble that stand on the screen."""
    return [words for words in desk.words() if any(words.startswith(each.cause) for each in ALL)]


# ----------------------------------------------------------------------------------------------------- while it is open


def fill(disk: Path) -> None:
    handle = os.open(disk / "ballast", os.O_WRONLY | os.O_CREAT)
    with suppress(OSError):
        while True:
            os.write(handle, bytes(4096))
    os.close(handle)


def make_room(disk: Path) -> None:
    (disk / "ballast").unlink()


def move_away(disk: Path) -> None:
    (disk / "profile").rename(disk / "elsewhere")


def move_back(disk: Path) -> None:
    (disk / "elsewhere").rename(disk / "profile")


def take_out(disk: Path) -> None:
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def remove(disk: Path) -> None:
    shutil.rmtree(disk / "profile")


@dataclass(frozen=True)
class Case:
    """A trouble while the desk is open: how it comes, what it may be called, and how it ends, if it can."""

    name: str
    begin: Break
    causes: tuple[Trouble, ...]
    end: Break | None = None


AWAY = (trouble.GONE, trouble.NO_ANSWER, trouble.MISSING, trouble.FOLDER_MISSING)
CASES = (
    Case("full", fill, (trouble.DISK_FULL,), make_room),
    Case("moved", move_away, AWAY, move_back),
    Case("unplugged", take_out, AWAY),
    Case("removed", remove, AWAY),
)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own in memory, where the system lets us make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux may make a disk in memory")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], check=False).returncode:
        pytest.skip("this system allows no disk in memory")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


Start = Callable[[Profile], ProgramDesk]


@pytest.fixture
def start(qtbot: QtBot) -> Iterator[Start]:
    """Starts the program on a profile, and ends it with the test."""
    restore, begun = make_cheap(), list[ProgramDesk]()

    def one(profile: Profile) -> ProgramDesk:
        begun.append(ProgramDesk(profile))
        return begun[-1]

    yield one
    for each in begun:
        each.end()
    restore()


@pytest.mark.expects_log("drafts could not be written")
@pytest.mark.expects_log("background work failed")
@pytest.mark.expects_log("not closed")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_trouble_at_any_activity_is_said_and_costs_nothing(
    case: Case, start: Start, desk_to_kill: Profile, disk: Path
) -> None:
    desk = start(desk_to_kill.copied_to(disk / "profile"))
    desk.unlock()
    page, view = desk.open_form("note")
    desk.office.drafts._again.setInterval(50)
    case.begin(disk)
    for step in STEPS:
        step(desk, case)
    desk.window.lock()
    held = desk.window.held_words()
    check_said(held, case.causes)
    assert "It is held in this window only" in held
    assert held in desk.words(), "the locked page says nothing of it"
    if case.end is None:
        desk.try_passphrase()
        wait_until(lambda: len(said_in(desk)) > 1, "words about the folder")
        for words in said_in(desk):
            check_said(words, case.causes)
    else:
        case.end(disk)
        desk.unlock()
        page, view = desk.front()
        assert page.kind.key == "note"
        assert text(view).toPlainText() == TYPED
        wait_until(lambda: page._state.text().startswith("Draft kept"), "a draft that is kept")
        page.save()
        wait_until(lambda: page not in desk.forms(), "a note that is saved")
        assert said_in(desk) == []


def text(view: object) -> QPlainTextEdit:
    found = view.findChild(QPlainTextEdit)  # type: ignore[attr-defined]
    assert isinstance(found, QPlainTextEdit)
    return found


def type_in_a_form(desk: ProgramDesk, case: Case) -> None:
    page, view = desk.front()
    text(view).setPlainText(TYPED)
    wait_until(lambda: page._state.text() == "Not kept", "a draft that is not kept")
    check_said(page._banner.text(), case.causes)
    page._banner._dismiss()


def save_a_form(desk: ProgramDesk, case: Case) -> None:
    page, view = desk.front()
    view.set_values(VALUES)
    page.save()
    wait_until(lambda: not page.is_saving and page._banner.isVisible(), "a save that is refused")
    check_said(page._banner.text(), case.causes)
    assert text(view).toPlainText() == TYPED
    page._banner._dismiss()


def read_a_file(desk: ProgramDesk, case: Case) -> None:
    """Nothing is written but that it was read."""
    desk.office.open_file(desk.profile.file_id)
    wait_until(lambda: said_in(desk), "words about the file")
    for words in said_in(desk):
        check_said(words, case.causes)


def find(desk: ProgramDesk, case: Case) -> None:
    desk.desk.find_popup.open()
    QTest.keyClicks(desk.desk.find_popup.line, "te")
    desk.settle()
    for words in said_in(desk):
        check_said(words, case.causes)
    desk.desk.find_popup.hide()


def look_at_every_screen(desk: ProgramDesk, case: Case) -> None:
    for key in desk.desk._screens:
        desk.office.go(key)
        desk.settle()
        for words in said_in(desk):
            check_said(words, case.causes)
        assert not [words for words in desk.words() if "went wrong in the program" in words], key


def change_a_setting(desk: ProgramDesk, case: Case) -> None:
    """Where nothing can be read the form does not even open, and says so."""
    desk.office.open_form("worker")
    desk.settle()
    page = desk.forms()[-1]
    if page.view is not None:
        page.view.set_values({**page.view.values(), "name": "Ash Advocate", "role": "an adviser"})
        page.save()
    wait_until(lambda: not page.is_saving and page._banner.isVisible(), "words about the settings")
    check_said(page._banner.text(), case.causes)
    page.discard_asked.emit()


def close_the_program(desk: ProgramDesk, case: Case) -> None:
    assert not desk.window.close()
    question = desk.window.findChildren(Question)[-1]
    shown = [each for each in said_in(desk) if "Not kept" in each]
    assert len(shown) == 1
    check_said(shown[0], case.causes)
    assert "Not kept: Add a contact note." in shown[0]
    question.reject()
    QApplication.processEvents()


STEPS = (
    type_in_a_form,
    save_a_form,
    read_a_file,
    find,
    look_at_every_screen,
    change_a_setting,
    type_in_a_form,
    close_the_program,
)
# ------------------------------------------------------------------------------------------------------------ at unlock


def spoil(path: Path, page: int) -> None:
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096 + 2048)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0xFF]))


def spoil_first_page(folder: Path) -> None:
    spoil(folder / DATABASE_NAME, 1)


def spoil_schema(folder: Path) -> None:
    for page in range(2, 60):
        spoil(folder / DATABASE_NAME, page)


def another_desk(folder: Path) -> None:
    (folder / DATABASE_NAME).write_bytes(os.urandom(40 * 4096))


def plain(folder: Path) -> None:
    (folder / DATABASE_NAME).write_bytes(b"SQLite format 3\x00" + bytes(8192))


def empty(folder: Path) -> None:
    (folder / DATABASE_NAME).write_bytes(b"")


def no_store(folder: Path) -> None:
    (folder / DATABASE_NAME).unlink()


def no_key_file(folder: Path) -> None:
    for name in (FILE_NAME, SPARE_NAME):
        (folder / name).unlink()


def half_key_file(folder: Path) -> None:
    for name in (FILE_NAME, SPARE_NAME):
        path = folder / name
        path.write_bytes(path.read_bytes()[:700])


def no_folder(folder: Path) -> None:
    shutil.rmtree(folder)


def read_only(folder: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(folder.parent)], check=True)


AT_UNLOCK: tuple[tuple[Break, Trouble], ...] = (
    (spoil_first_page, trouble.OTHER_FILE),
    (another_desk, trouble.OTHER_FILE),
    (spoil_schema, trouble.DAMAGED),
    (plain, trouble.PLAIN),
    (empty, trouble.EMPTY),
    (no_store, trouble.MISSING),
    (no_key_file, trouble.KEY_FILE_MISSING),
    (half_key_file, trouble.KEY_FILE_DAMAGED),
    (no_folder, trouble.FOLDER_MISSING),
    (read_only, trouble.READ_ONLY),
)


@pytest.mark.parametrize(("begin", "cause"), AT_UNLOCK, ids=lambda each: getattr(each, "__name__", ""))
def test_trouble_at_an_unlock_is_said_and_nothing_is_changed(
    begin: Break, cause: Trouble, start: Start, desk_to_kill: Profile, disk: Path
) -> None:
    folder = disk / "profile"
    desk = start(desk_to_kill.copied_to(folder))
    begin(folder)
    before = contents(folder)
    desk.try_passphrase()
    wait_until(lambda: said_in(desk), "words of trouble")
    for words in said_in(desk):
        check_said(words, (cause,))
        assert trouble.NOT_OPENED in words or trouble.KEY_FILE_AS_IT_WAS in words
    assert desk.window.desk() is None
    assert contents(folder) == before


def contents(folder: Path) -> dict[str, bytes]:
    """What is in the files of the desk; but for the count of attempts and what a start leaves empty."""
    found = {each.name: each.read_bytes() for each in folder.glob("*") if each.is_file() and each.stat().st_size}
    with suppress(KeyError, ValueError):
        key_file = json.loads(found[FILE_NAME])
        found[FILE_NAME] = json.dumps({**key_file, "throttle": None}).encode()
    return {name: content for name, content in found.items() if not name.endswith((".lease", ".holder", "-shm"))}


def test_a_key_file_cut_off_at_any_length_is_mended_from_its_spare_or_told(
    desk_to_kill: Profile, tmp_path: Path
) -> None:
    profile = desk_to_kill.copied_to(tmp_path / "desk")
    path, spare = profile.folder / FILE_NAME, profile.folder / SPARE_NAME
    whole, twin = path.read_bytes(), spare.read_bytes()
    wanted = keyfile.load(profile.folder)
    for length in range(len(whole) - 1):  # the last is a line's end
        with pytest.raises(Unavailable) as told:
            decode(whole[:length])
        check_said(told.value.advice, (trouble.KEY_FILE_DAMAGED,))
    for length in range(0, len(whole) - 1, 61):
        path.write_bytes(whole[:length])
        assert keyfile.load(profile.folder) == wanted
        assert path.read_bytes() == twin, "it was not mended"
        path.write_bytes(whole[:length])
        spare.write_bytes(twin[: length // 2])
        with pytest.raises(Unavailable) as told:
            keyfile.load(profile.folder)
        check_said(told.value.advice, (trouble.KEY_FILE_DAMAGED,))
        assert path.read_bytes() == whole[:length], "what is damaged was written over"
        spare.write_bytes(twin)
