"""One window a desk: what is said on its socket, who is heard, and how the first comes forward."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtNetwork import QLocalSocket
from pytestqt.qtbot import QtBot

from advocate_desk.clock import FixedClock
from advocate_desk.desk.one_place import Claim, OnePlace, place_name, runtime_folder
from advocate_desk.desk.raising import ANSWER, ASK
from advocate_desk.desk.window import MainWindow
from tests.builders import NOON

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a named pipe is no file")


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for sockets, whose paths are short: pytest's own outgrow a socket's address."""
    with tempfile.TemporaryDirectory(prefix="desk-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def place(tmp_path: Path, qtbot: QtBot) -> Iterator[OnePlace]:
    made = OnePlace(tmp_path / "profile")
    assert made.claim() is Claim.FIRST
    made.listen()
    yield made
    made.release()


@pytest.fixture
def address(tmp_path: Path, own_folder: Path) -> str:
    return str(own_folder / place_name(tmp_path / "profile"))


def say(words: bytes, address: str) -> QLocalSocket:
    caller = QLocalSocket()
    caller.connectToServer(address)
    assert caller.waitForConnected(2000)
    caller.write(words)
    caller.flush()
    return caller


def test_raise_is_heard_and_answered(place: OnePlace, address: str, qtbot: QtBot) -> None:
    with qtbot.waitSignal(place.raise_asked):
        caller = say(ASK, address)
    qtbot.waitUntil(lambda: caller.bytesAvailable() == len(ANSWER) or caller.waitForReadyRead(10))
    assert bytes(caller.readAll().data()) == ANSWER
    caller.abort()


@pytest.mark.parametrize("words", [b"open 1234\n", b"RAISE\n", b"x" * 100_000])
def test_nothing_else_is_listened_to(words: bytes, place: OnePlace, address: str, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(place.raise_asked):
        caller = say(words, address)
        qtbot.waitUntil(lambda: caller.state() == QLocalSocket.LocalSocketState.UnconnectedState)
    assert bytes(caller.readAll().data()) == b""


def test_a_caller_that_says_nothing_is_put_down_and_the_next_is_heard(
    place: OnePlace, address: str, qtbot: QtBot
) -> None:
    silent = say(b"", address)
    with qtbot.waitSignal(place.raise_asked):
        say(ASK, address)
    qtbot.waitUntil(lambda: silent.state() == QLocalSocket.LocalSocketState.UnconnectedState)


def test_the_socket_is_this_users_alone(place: OnePlace, own_folder: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may be somebody else")
    (at,) = (each for each in own_folder.iterdir() if stat.S_ISSOCK(each.lstat().st_mode))
    assert not at.stat().st_mode & 0o077
    own_folder.chmod(0o711)  # even if somebody opens the folder
    program = "import os, socket, sys; os.setuid(65534); socket.socket(socket.AF_UNIX).connect(sys.argv[1])"
    done = subprocess.run(
        [sys.executable, "-c", program, str(at)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "PermissionError" in done.stderr


def test_a_stale_socket_of_a_killed_start_is_cleared_away(tmp_path: Path, address: str, qtbot: QtBot) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(address)
    left.close()  # the file stays, and nobody listens
    place = OnePlace(tmp_path / "profile")
    assert place.claim() is Claim.FIRST
    place.listen()
    with qtbot.waitSignal(place.raise_asked):
        say(ASK, address)
    place.release()


def test_one_desk_has_one_name_by_every_path_and_two_desks_have_two(tmp_path: Path) -> None:
    profile = tmp_path / "profile"
    profile.mkdir()
    (tmp_path / "link").symlink_to(profile)
    names = {place_name(each) for each in (profile, tmp_path / "link", tmp_path / "x" / ".." / "profile")}
    assert len(names) == 1
    assert names != {place_name(tmp_path / "demonstration")}
    assert "profile" not in names.pop()


def test_a_folder_that_others_may_enter_is_not_used(
    tmp_path: Path, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert runtime_folder() == own_folder
    own_folder.chmod(0o755)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    found = runtime_folder()
    assert found != own_folder
    assert stat.S_IMODE(found.stat().st_mode) == 0o700


def test_a_hidden_window_comes_forward_hidden(qtbot: QtBot) -> None:
    window = MainWindow(FixedClock(NOON))
    qtbot.addWidget(window)
    window.show()
    window.cover()
    window.showMinimized()
    window.come_forward()
    assert not window.windowState() & Qt.WindowState.WindowMinimized
    assert window.isVisible()
    assert window.is_covered()
