"""A desktop of one's own: an empty home and, on Linux, a screen that nobody sees.

Tests, benchmarks and pictures run on it, so that nothing of the user's is read, written or shown. Qt draws off screen
in the process that runs the tests; a test in tests/end_to_end starts the program as a process of its own with
QT_QPA_PLATFORM=xcb, and has the private screen for its windows, alone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from setup_error import SetupError

SCREEN = "1366x768x24"  # the smallest laptop that the program is made for
_USERS_OWN = ("WAYLAND_DISPLAY", "XAUTHORITY", "SESSION_MANAGER", "XDG_CURRENT_DESKTOP")
_IN_MEMORY = "/dev/shm"  # noqa: S108 - nothing is written there but in a folder of our own
_ROOM_BYTES = 4 * 1024**3
_NO_BUS = "unix:path=/no/session/bus"
"""Without an address libdbus starts a bus for the screen, which writes into the home and outlives the program."""


@contextlib.contextmanager
def private_desktop(platform: str) -> Iterator[dict[str, str]]:
    """Environment variables of a private home and screen, for as long as the block lasts.

    `platform` is Qt's name of where it draws ("offscreen", "xcb"); elsewhere than on Linux it is "offscreen" or the
    system's own.
    """
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="advocate-desk-", ignore_cleanup_errors=True))
        variables = {name: value for name, value in os.environ.items() if name not in _USERS_OWN}
        variables |= home_variables(Path(home))
        if sys.platform.startswith("linux"):
            variables |= {"DISPLAY": stack.enter_context(private_screen()), "QT_QPA_PLATFORM": platform}
            variables["DBUS_SESSION_BUS_ADDRESS"] = _NO_BUS
        elif platform == "offscreen":
            variables["QT_QPA_PLATFORM"] = platform
        yield variables


def home_variables(home: Path) -> dict[str, str]:
    """The variables by which every system finds a user's folders, each leading into `home`, whose folders are made."""
    folders = {
        "HOME": home,
        "USERPROFILE": home,
        "APPDATA": home / "roaming",
        "LOCALAPPDATA": home / "local",
        "XDG_CONFIG_HOME": home / "config",
        "XDG_DATA_HOME": home / "data",
        "XDG_STATE_HOME": home / "state",
        "XDG_CACHE_HOME": home / "cache",
        "XDG_RUNTIME_DIR": home / "runtime",
        "ADVOCATE_DESK_PROFILE": home / "profile",
    }
    for name, folder in folders.items():
        if name != "ADVOCATE_DESK_PROFILE":  # the program makes its own profile
            folder.mkdir(mode=0o700, exist_ok=True)
    return {name: str(folder) for name, folder in folders.items()}


@contextlib.contextmanager
def quick_room() -> Iterator[dict[str, str]]:
    """The variable that leads temporary folders into memory while the block lasts; none where there is no room.

    A store waits for the disk at every save. Measured: a third of the time of the tests of casework was that wait.
    """
    try:
        has_room = os.access(_IN_MEMORY, os.W_OK) and shutil.disk_usage(_IN_MEMORY).free >= _ROOM_BYTES
    except OSError:
        has_room = False
    if not has_room:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="ad-", dir=_IN_MEMORY, ignore_cleanup_errors=True) as room:
        Path(room).chmod(0o711)  # where root runs the tests, PostgreSQL is another user, with a folder in here
        yield {"TMPDIR": room}


@contextlib.contextmanager
def private_screen() -> Iterator[str]:
    """The name (":7") of a new X display that ends with the block. Raises SetupError."""
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset"]
    try:
        server = subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL, start_new_session=True)
    except OSError as error:
        os.close(read_end)
        raise SetupError("The private screen cannot be started: is the package xvfb installed?") from error
    finally:
        os.close(write_end)
    try:
        with os.fdopen(read_end, encoding="ascii") as answer:
            number = answer.readline().strip()  # written when the screen is ready; empty when the server has died
        if not number:
            raise SetupError("The private screen did not start.")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
