"""Sleep, the session's lock and the screen saver lock the real program, told over a real bus of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

if not sys.platform.startswith("linux"):
    pytest.skip("only Linux has logind", allow_module_level=True)

from tests.desk.login_manager import OWN_ID, private_bus

ROOT = Path(__file__).parents[2]


def started(folder: Path, what: str, address: str, **also: str) -> list[str]:
    """Run the program in tests/desk/login_session.py with this bus; the lines that it printed."""
    own = {name: value for name, value in os.environ.items() if name != "XDG_SESSION_ID"}
    own |= {"DBUS_SYSTEM_BUS_ADDRESS": address, "DBUS_SESSION_BUS_ADDRESS": address, "QT_QPA_PLATFORM": "offscreen"}
    own |= {"HOME": str(folder), "ADVOCATE_DESK_PROFILE": str(folder / "profile")} | also
    (folder / "profile").mkdir()
    command = [sys.executable, "-m", "tests.desk.login_session", str(folder / "profile"), what]
    done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout.splitlines()


def test_sleep_waits_for_the_lock_and_every_word_from_the_system_locks_and_costs_nothing(tmp_path: Path) -> None:
    with private_bus(tmp_path) as address:
        held = started(tmp_path, "bus", address)
    assert held == [
        "sleep",
        "drafts were on the disk before sleep",
        "held again",
        "session lock",
        "locked hint",
        "org.freedesktop.ScreenSaver",
        "org.gnome.ScreenSaver",
        "idle",
        "let go",
    ]


@pytest.mark.parametrize("named", [OWN_ID, "of another time"])
def test_a_session_is_found_whether_its_name_is_right_or_stale(tmp_path: Path, named: str) -> None:
    with private_bus(tmp_path) as address:
        assert started(tmp_path, "named", address, XDG_SESSION_ID=named) == ["session lock"]


def test_without_a_login_manager_the_idle_time_locks(tmp_path: Path) -> None:
    assert started(tmp_path, "alone", f"unix:path={tmp_path}/nothing") == ["idle"]
