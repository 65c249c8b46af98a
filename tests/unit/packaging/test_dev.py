"""The set-up scripts: what they decide, and what they say when something is not there."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import desktop
import dev
import environment
import system_packages
from setup_error import SetupError


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two lock files, whose environment is in a folder of the test's."""
    for name, content in (("RUN", "alpha==1\nbeta==2\n"), ("DEVELOP", "alpha==1\nbeta==2\ntool==3\n")):
        lock = tmp_path / f"{name.lower()}.lock"
        lock.write_text(content)
        monkeypatch.setattr(environment, name, lock)
    monkeypatch.setattr(environment, "FOLDER", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "stamp.json")
    return tmp_path


@pytest.fixture
def steps(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done to the environment: "empty" when made anew, else the lock file that was installed."""
    done: list[str] = []

    def make_empty() -> None:
        done.append("empty")
        environment.python().parent.mkdir(parents=True, exist_ok=True)
        environment.python().touch()
        environment.STAMP.unlink(missing_ok=True)

    monkeypatch.setattr(environment, "_make_empty", make_empty)
    monkeypatch.setattr(environment, "_install", lambda lock, **_held: done.append(lock.name))
    return done


def test_an_environment_is_made_once(steps: list[str]) -> None:
    environment.prepare(environment.RUN)
    environment.prepare(environment.RUN)
    assert steps == ["empty", "run.lock"]


def test_a_changed_lock_file_makes_the_environment_anew(steps: list[str]) -> None:
    environment.prepare(environment.RUN)
    environment.RUN.write_text("alpha==9\n")
    environment.prepare(environment.RUN)
    assert steps == ["empty", "run.lock"] * 2


def test_the_tools_are_added_to_the_programs_environment(steps: list[str]) -> None:
    environment.prepare(environment.RUN)
    environment.prepare(environment.DEVELOP)
    assert steps == ["empty", "run.lock", "develop.lock"]


def test_the_program_runs_in_the_environment_of_the_tools(steps: list[str]) -> None:
    environment.prepare(environment.DEVELOP)
    environment.prepare(environment.RUN)
    assert steps == ["empty", "develop.lock"]


def test_an_interrupted_set_up_starts_again(steps: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_lock: Path, **_held: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as first:
        first.setattr(environment, "_install", interrupted)
        with pytest.raises(KeyboardInterrupt):
            environment.prepare(environment.RUN)
    environment.prepare(environment.RUN)
    assert steps == ["empty", "empty", "run.lock"]


def test_a_broken_stamp_counts_as_none(steps: list[str]) -> None:
    environment.prepare(environment.RUN)
    environment.STAMP.write_text("[")
    environment.prepare(environment.RUN)
    assert steps == ["empty", "run.lock"] * 2


def test_a_line_ending_of_another_system_is_not_a_change(checkout: Path) -> None:
    before = environment.state(environment.RUN)
    environment.RUN.write_bytes(environment.RUN.read_bytes().replace(b"\n", b"\r\n"))
    assert environment.state(environment.RUN) == before


def test_a_missing_lock_file_is_named(checkout: Path) -> None:
    environment.RUN.unlink()
    with pytest.raises(SetupError, match=r"run\.lock is missing"):
        environment.prepare(environment.RUN)


def test_progress_counts_the_packages_of_this_system_once(capsys: pytest.CaptureFixture[str]) -> None:
    said = [
        "Ignoring colorama: markers 'sys_platform == \"win32\"' don't match your environment\n",
        "Ignoring tzdata: markers 'sys_platform == \"win32\"' don't match your environment\n",
        "Collecting alpha-one==1.0 (from -r run.lock (line 1))\n",
        "  Downloading alpha_one-1.0-py3-none-any.whl (2.0 MB)\n",
        "Requirement already satisfied: held==1.0 in ./.venv/lib (from -r run.lock (line 4))\n",
        "Processing /wheels/beta_two-2.1-py3-none-any.whl (from -r run.lock (line 2))\n",
        "Installing collected packages: alpha-one, beta-two\n",
    ]
    environment._shown(said, frozenset({"alpha-one", "beta-two", "tzdata"}))  # colorama and held are there already
    assert capsys.readouterr().out.splitlines() == [
        "2/3 Fetching package 1 of 2: alpha-one",
        "2/3 Fetching package 2 of 2: beta_two",
        "3/3 Installing 2 packages",
    ]


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("WARNING: Retrying after connection broken by 'NewConnectionError('", "Check the network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "nothing was installed"),
        ("ERROR: No matching distribution found for sqlcipher3==0.6.4", "ready-made sqlcipher3 for Python"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: something that nobody foresaw", "something that nobody foresaw"),
    ],
)
def test_a_failed_installation_is_explained(said: str, advice: str) -> None:
    assert advice in environment.explain(["Collecting alpha==1", said])


def test_no_network_is_not_taken_for_a_missing_package() -> None:
    said = ["WARNING: NewConnectionError", "ERROR: No matching distribution found for alpha==1"]
    assert "Check the network" in environment.explain(said)


def without(*absent: str) -> Callable[[str], object]:
    """A loader of libraries that lacks `absent`."""

    def load(name: str) -> object:
        if name in absent:
            raise OSError(name)
        return object()

    return load


def test_a_missing_library_is_named_by_its_package() -> None:
    absent = without("libxcb-cursor.so.0", "libEGL.so.1")
    assert system_packages.missing_libraries(absent) == ["libegl1", "libxcb-cursor0"]


def test_a_missing_program_is_named_by_its_package() -> None:
    present = {"Xvfb", "xdotool", "dbus-run-session", "dbus-daemon", "dbus-launch", "gnome-keyring-daemon", "strace"}
    present |= {"openssl", "systemd-analyze"}
    assert system_packages.missing_programs(lambda name: name in present) == ["poppler-utils"]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Windows and macOS always have a screen")
def test_a_desk_without_a_screen_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "missing_libraries", list)
    with pytest.raises(SetupError, match="no screen"):
        system_packages.require_for_windows({})
    system_packages.require_for_windows({"WAYLAND_DISPLAY": "wayland-0"})


def test_what_may_not_be_installed_is_named_in_one_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "apt_prefix", lambda: None)
    with pytest.raises(SetupError, match=r"Why\. Run: sudo apt-get install alpha beta$"):
        system_packages.require(["alpha", "beta"], "Why.")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Debian packages Python in parts")
def test_everything_that_tests_lack_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "apt_prefix", lambda: None)
    monkeypatch.setattr(system_packages, "missing_venv", lambda: ["python3.11-venv"])
    monkeypatch.setattr(system_packages, "missing_programs", lambda: ["xvfb"])
    monkeypatch.setattr(system_packages, "missing_libraries", lambda: ["libegl1"])
    with pytest.raises(SetupError, match=r"apt-get install python3\.11-venv xvfb libegl1$"):
        system_packages.require_for_tests()


def test_nothing_is_asked_for_when_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "apt_prefix", lambda: pytest.fail("looked for a way to install"))
    system_packages.require([], "Why.")


def test_variables_that_lead_out_of_the_environment_are_left_behind() -> None:
    found = {"PYTHONPATH": "elsewhere", "PYTHONHOME": "there", "PYTHONDONTWRITEBYTECODE": "1", "LANG": "cy_GB"}
    assert environment.outside(found) == {"LANG": "cy_GB"}


@pytest.mark.parametrize(
    ("arguments", "processors", "options"),
    [
        ([], 2, ["-n", "2"]),
        (["tests/unit"], 64, ["-n", "4"]),
        ([], None, ["-n", "1"]),
        (["-n0"], 2, []),
        (["-x", "--pdb"], 2, []),
    ],
)
def test_tests_run_side_by_side_unless_told_otherwise(
    arguments: list[str], processors: int | None, options: list[str]
) -> None:
    assert dev.side_by_side(arguments, processors) == options


def test_an_expected_failure_is_one_sentence_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_arguments: object) -> int:
        raise SetupError("The disk is full.")

    monkeypatch.setattr(dev, "COMMANDS", {"check": fail})
    assert dev.main(["check"]) == 1
    assert capsys.readouterr().err == "The disk is full.\n"


def test_the_command_line_explains_itself_to_a_bare_python() -> None:
    script = environment.ROOT / "packaging" / "dev.py"
    command = [sys.executable, "-E", "-s", "-S", str(script), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "run [--demo]" in done.stdout


def test_a_private_home_leaves_no_way_to_the_users_folders(tmp_path: Path) -> None:
    variables = desktop.home_variables(tmp_path)
    assert all(Path(folder).is_relative_to(tmp_path) for folder in variables.values())
    assert not Path(variables["ADVOCATE_DESK_PROFILE"]).exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has private screens")
def test_a_private_desktop_has_a_screen_and_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/the/users/own")
    with desktop.private_desktop("xcb") as variables:
        home = Path(variables["HOME"])
        number = variables["DISPLAY"].removeprefix(":")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(f"/tmp/.X11-unix/X{number}")
        assert variables["DBUS_SESSION_BUS_ADDRESS"] == "unix:path=/no/session/bus"
        assert home.is_dir()
    assert not home.exists()
    assert not Path(f"/tmp/.X11-unix/X{number}").exists()


@pytest.mark.skipif(os.name == "nt", reason="Xvfb is not looked for on Windows")
def test_temporary_folders_are_in_memory_where_there_is_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(desktop, "_IN_MEMORY", str(tmp_path))
    monkeypatch.setattr(desktop, "_ROOM_BYTES", 1)
    with desktop.quick_room() as room:
        assert Path(room["TMPDIR"]).parent == tmp_path
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(desktop, "_ROOM_BYTES", 1 << 60)
    with desktop.quick_room() as room:
        assert room == {}
    monkeypatch.setattr(desktop, "_IN_MEMORY", str(tmp_path / "none"))
    with desktop.quick_room() as room:
        assert room == {}


def test_a_missing_screen_server_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="xvfb"), desktop.private_screen():
        pass


def test_the_stamp_names_python_and_the_lock(steps: list[str]) -> None:
    environment.prepare(environment.RUN)
    stamp = json.loads(environment.STAMP.read_text())
    assert set(stamp) == {"python", "run.lock"}
