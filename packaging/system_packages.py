"""What the operating system must have beside Python: looked for, named in one error, and for tests installed."""

from __future__ import annotations

import ctypes
import glob
import importlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping

from setup_error import SetupError

# Debian's and Ubuntu's names. What Qt's own plugin for windows is linked with, and no wheel brings along.
QT_LIBRARIES: Mapping[str, str] = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}

# What only the tests use: a screen of their own, keys pressed on it, a keyring, a second opinion on each PDF.
TEST_PROGRAMS: Mapping[str, str] = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "dbus-run-session": "dbus",
    "dbus-daemon": "dbus",
    "dbus-launch": "dbus-x11",
    "gnome-keyring-daemon": "gnome-keyring",
    "pdftotext": "poppler-utils",
    "strace": "strace",
    "openssl": "openssl",
    "systemd-analyze": "systemd",
}


# What only the benchmarks measure beside the program: they do without it, and say so, where it cannot be installed.
BENCH_PROGRAMS: Mapping[str, str] = {"keepassxc": "keepassxc"}

# What they use that is on no path (`*` is any one name): a database server for the hub, the bus of assistive
# technology, and a screen reader's way to read a program.
TEST_FILES: Mapping[str, str] = {
    "/usr/lib/postgresql/*/bin/postgres": "postgresql",
    "/usr/libexec/at-spi-bus-launcher": "at-spi2-core",
    "/usr/lib/python3/dist-packages/pyatspi/__init__.py": "python3-pyatspi",
}


def require_for_windows(variables: Mapping[str, str]) -> None:
    """Raise SetupError unless Qt can open a window here: its libraries load and there is a screen."""
    if not sys.platform.startswith("linux"):
        return
    absent = [*missing_venv(), *missing_libraries()]
    if absent:
        raise SetupError(f"The program needs system packages that are not installed. Run: {install_line(absent)}")
    if not any(variables.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise SetupError("There is no screen to open a window on: start this from a desktop session.")


def require_for_tests() -> None:
    """See that the tests have their system packages: install them where that needs no password, or raise SetupError."""
    if sys.platform.startswith("linux"):
        absent = [*missing_venv(), *missing_programs(), *missing_files(), *missing_libraries()]
        require(absent, "The tests need system packages that are not installed.")


def offer_for_bench() -> None:
    """Install what the benchmarks compare with, where that needs no password; say what is missing where it does."""
    absent = [package for name, package in BENCH_PROGRAMS.items() if not shutil.which(name)]
    if not absent or not sys.platform.startswith("linux"):
        return
    try:
        require(absent, "The comparison with other programs is left out.")
    except SetupError as error:
        print(error, flush=True)


def require_venv() -> None:
    """See that Python can make environments: install what that takes, or raise SetupError."""
    require(missing_venv(), "This Python cannot make environments.")


def missing_venv() -> list[str]:
    """Debian's package of the part of Python that makes environments, if this Python lacks that part."""
    is_there = importlib.util.find_spec("ensurepip") is not None
    return [] if is_there else [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


def require(packages: list[str], why: str) -> None:
    """Install `packages` if there are any and no password is asked for it; raise SetupError otherwise."""
    if not packages:
        return
    prefix = apt_prefix()
    if prefix is None:
        raise SetupError(f"{why} Run: {install_line(packages)}")
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    for step in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", *packages]):
        command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *step]
        done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")
    if done.returncode != 0:
        last = (done.stdout + done.stderr).strip().rpartition("\n")[2]
        raise SetupError(f"{why} Installing them failed ({last}). Run: {install_line(packages)}")
    importlib.invalidate_caches()


def apt_prefix() -> list[str] | None:
    """What to put before apt-get: nothing for root, sudo where it asks for no password, None where neither will do."""
    if sys.platform == "win32" or shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    is_free = subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0
    return ["sudo", "-n"] if is_free else None


def missing_programs(found: Callable[[str], object] = shutil.which) -> list[str]:
    """The Debian packages of those test programs that are not on the path."""
    return [package for name, package in TEST_PROGRAMS.items() if not found(name)]


def missing_files(found: Callable[[str], object] = glob.glob) -> list[str]:
    """The Debian packages of those files of the tests that are not there."""
    return [package for path, package in TEST_FILES.items() if not found(path)]


def missing_libraries(load: Callable[[str], object] = ctypes.CDLL) -> list[str]:
    """The Debian packages of those of Qt's libraries that the loader does not find."""
    return [package for name, package in QT_LIBRARIES.items() if not _loads(name, load)]


def _loads(name: str, load: Callable[[str], object]) -> bool:
    try:
        load(name)
    except OSError:
        return False
    return True


def install_line(packages: Iterable[str]) -> str:
    """The command that a person types to install `packages`."""
    return f"sudo apt-get install {' '.join(packages)}"
