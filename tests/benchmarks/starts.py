"""Starts of whole programs, seen from outside on a private screen: ours, an empty window, KeePassXC; their memory."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.benchmarks.caseloads import PASSPHRASE, Built
from tests.benchmarks.figures import MB, MS, Figure, figure
from tests.benchmarks.screen import NeverPainted, Screen

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = Path(__file__).resolve().parent / "programs"
ROUNDS = 9
START_TARGET = 1.6
EMPTY_COLOURS, PAGE_COLOURS = 2, 12  # black and the window's own; letters, lines, buttons and pictures have many
SETTLE_S = 2.0
BETWEEN_S = 0.2
START = "Start to painted unlock window"


@dataclass(frozen=True, slots=True)
class Kind:
    """A program: how it is started, how many colours its painted window has at least, where Python keeps bytecode."""

    command: Sequence[str]
    colours: int
    bytecode: Path
    variables: Mapping[str, str] = field(default_factory=dict)


def start(built: Built, rounds: int = ROUNDS) -> Iterator[Figure]:
    """Milliseconds from the start of a process to its painted window: ours, an empty one, and KeePassXC's."""
    display = os.environ.get("DISPLAY", "")
    if not display:
        yield Figure(f"{START}: not measured, there is no X display", built.size, None, MS, target=START_TARGET)
        return
    kinds = {"ours": _ours(built), "empty": _empty(built)}
    other = _keepassxc(built.folder.parent)
    if other is not None:
        kinds["other"] = other
    with Screen(display) as screen:
        for kind in kinds.values():
            _start_once(screen, kind)  # what is read from the disk is in memory from here on
        taken = {name: list[float]() for name in kinds}
        for _ in range(rounds):
            for name, kind in kinds.items():
                taken[name].append(_start_once(screen, kind))
    middle = {name: statistics.median(times) for name, times in taken.items()}
    yield figure(START, built.size, middle["ours"], MS, middle["empty"], START_TARGET)
    if "other" in middle:
        yield figure(f"{START}, against KeePassXC's", built.size, middle["ours"], MS, middle["other"], 1.0)
    else:
        name = f"{START}, against KeePassXC's: not measured, it is not installed"
        yield Figure(name, built.size, None, MS, target=1.0)


def memory(built: Built) -> Iterator[Figure]:
    """Megabytes that stay in memory: locked, and unlocked with Today in sight; beside the empty window's."""
    if not sys.platform.startswith("linux") or not os.environ.get("DISPLAY"):
        yield Figure("Idle memory: measured on Linux only", built.size, None, MB)
        return
    display = os.environ["DISPLAY"]
    with Screen(display) as screen:
        empty = _memory_of(screen, _empty(built))
        locked = _memory_of(screen, _ours(built))
    unlocked = _memory_unlocked(built)
    yield figure("Idle memory, locked", built.size, locked, MB, empty)
    yield figure("Idle memory, Today in sight", built.size, unlocked, MB, empty)


def _ours(built: Built) -> Kind:
    command = (sys.executable, "-m", "advocate_desk")
    return Kind(command, PAGE_COLOURS, built.folder.parent / "bytecode", {"ADVOCATE_DESK_PROFILE": str(built.folder)})


def _empty(built: Built) -> Kind:
    command = (sys.executable, str(PROGRAMS / "empty_window.py"))
    return Kind(command, EMPTY_COLOURS, built.folder.parent / "bytecode")


def _keepassxc(folder: Path) -> Kind | None:
    """KeePassXC on a new database of its own, or None where it is not installed."""
    if shutil.which("keepassxc") is None or shutil.which("keepassxc-cli") is None:
        return None
    database = folder / "floor.kdbx"
    if not database.exists():
        typed = f"{PASSPHRASE}\n{PASSPHRASE}\n"
        command = ["keepassxc-cli", "db-create", "-p", str(database)]
        done = subprocess.run(command, input=typed, text=True, capture_output=True, check=False)
        if done.returncode != 0:
            return None
    own = folder / "keepassxc"  # it looks here whether it is open already, and hands over to the first if it is
    own.mkdir(mode=0o700, exist_ok=True)
    variables = {"XDG_RUNTIME_DIR": str(own), "TMPDIR": str(own)}
    return Kind(("keepassxc", str(database)), PAGE_COLOURS, folder / "bytecode", variables)


@contextmanager
def _running(kind: Kind) -> Iterator[subprocess.Popen[str]]:
    variables = {**os.environ, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT), **kind.variables}
    # As a program that was started before: its modules are compiled, wherever this environment keeps them or none.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    variables["PYTHONPYCACHEPREFIX"] = str(kind.bytecode)
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        list(kind.command), env=variables, cwd=ROOT, stdout=subprocess.PIPE, stderr=quiet, text=True
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _start_once(screen: Screen, kind: Kind) -> float:
    start_at = time.perf_counter()
    with _running(kind) as process:
        try:
            painted_at = screen.wait_painted(kind.colours, lambda: process.poll() is None)
        except NeverPainted as error:
            ended = process.poll()
            how = "it is running still" if ended is None else f"it ended with {ended}"
            raise NeverPainted(f"{kind.command[-1]}: {how}; {screen.colours(kind.colours)} colours") from error
        time.sleep(BETWEEN_S)  # what it does behind its first page is over, and disturbs nobody's next start
    screen.wait_empty()
    return (painted_at - start_at) * 1000


def _memory_of(screen: Screen, kind: Kind) -> float:
    with _running(kind) as process:
        screen.wait_painted(kind.colours, lambda: process.poll() is None)
        time.sleep(SETTLE_S)
        found = resident_mb(process.pid)
    screen.wait_empty()
    return found


def _memory_unlocked(built: Built) -> float:
    kind = _ours(built)
    command = (sys.executable, str(PROGRAMS / "unlocked.py"))
    with _running(replace(kind, command=command)) as process:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "today":
            raise NeverPainted
        time.sleep(SETTLE_S)
        return resident_mb(process.pid)


def resident_mb(pid: int) -> float:
    """What of a process is in memory, shared pages included: a process that refuses dumps tells no more of itself."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024**2
