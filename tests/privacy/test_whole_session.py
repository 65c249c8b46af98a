"""A whole session of the real program, to its crash: nothing that was typed stands anywhere but where it was saved to.

The program runs as a process of its own, in folders of its own, and strace writes down every file that it or Qt or a
library opens for writing, wherever it lies and however soon it is gone.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests import planted

if not sys.platform.startswith("linux"):
    pytest.skip("strace is of Linux", allow_module_level=True)

pytestmark = pytest.mark.timeout(900)  # the whole of it is in the first test's set-up; beside others it takes long
ROOT = Path(__file__).parents[2]
TRACED = "openat,open,creat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat"
_PATH = r'"((?:[^"\\\\]|\\\\.)*)"'
_OPENED = re.compile(r"^\d+ +(?:openat\(([^,]+), |open\(|creat\()" + _PATH + r"(.*)= (\d+)")
_MOVED = re.compile(r"^\d+ +(?:rename|renameat|renameat2|link|linkat|symlink|symlinkat)\(.*" + _PATH + r".*= 0")
_MADE = re.compile(r"^\d+ +mkdir(?:at)?\((?:([^,\"]+), )?" + _PATH + r".*= 0")
_DEVICES = re.compile(r"/dev/(null|tty|urandom|random|ptmx)|/proc/self/.*|pipe:.*")

MAY_VANISH = re.compile(
    r"\.?caseload[\w.-]*-(wal|shm|journal)|\.?[\w.-]*\.(new|part|lock)|\.vault-\w{8}\.tmp|QtProject\.conf\.\w{6}|\.[A-Za-z]{6}"
)
"""What may be gone again: encrypted pages and key files on their way, Qt’s list of the folders visited, and the empty
folder in which Qt makes the socket of a second start."""


@dataclass
class Seen:
    """What the session said, and what stood on the disk while it ran."""

    facts: list[dict[str, Any]] = field(default_factory=list)
    leaks: dict[str, list[str]] = field(default_factory=dict)
    status: int = 0

    def all(self, name: str) -> list[Any]:
        """Every fact of this name, in order."""
        return [each[name] for each in self.facts if name in each]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder that every folder of a user lies in. Its path is short, as a user's are: a socket's must be."""
    with tempfile.TemporaryDirectory(prefix="user-", dir="/tmp") as short:
        made = Path(short) / "place"
        for name in ("home", "tmp", "chosen", "run", "cwd"):
            (made / name).mkdir(parents=True, mode=0o700)
        (made.parent / "given").mkdir()
        yield made


@pytest.fixture(scope="module")
def session(place: Path) -> Seen:
    """The session, run once, and searched while it was open, when it was locked and after its end."""
    own = {name: each for name, each in os.environ.items() if not name.startswith(("XDG_", "DBUS_", "PYTEST_"))}
    own |= {"HOME": str(place / "home"), "XDG_RUNTIME_DIR": str(place / "run"), "PYTHONPATH": str(ROOT)}
    own |= {name: str(place / "tmp") for name in ("TMPDIR", "TEMP", "TMP")}
    own |= {"ADVOCATE_DESK_PROFILE": str(place / "home" / "profile"), "QT_QPA_PLATFORM": "offscreen"}
    own |= {"PYTHONDONTWRITEBYTECODE": "1", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nothing"}
    own |= {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nothing"}  # else libdbus starts a bus, which strace waits for
    strace = ["strace", "-f", "-qq", "-y", "-s", "4096", "--seccomp-bpf", "-e", f"trace={TRACED}"]
    program = [sys.executable, "-m", "tests.privacy.whole_session", str(place)]
    seen = Seen()
    with (place / "said").open("wb") as said:
        running = subprocess.Popen(
            [*strace, "-o", str(place.parent / "trace"), "--", *program],
            cwd=place / "cwd",
            env=own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    with running, ended_with_us(running):
        assert running.stdin is not None and running.stdout is not None
        for line in running.stdout:
            seen.facts.append(json.loads(line))
            if "ask" in seen.facts[-1]:
                seen.leaks[seen.facts[-1]["ask"]] = leaks(place, seen)
                running.stdin.write("\n")
                running.stdin.flush()
    seen.status = running.returncode
    assert seen.all("failed") == []
    seen.leaks["after the end"] = leaks(place, seen)
    return seen


@contextmanager
def ended_with_us(running: subprocess.Popen[str]) -> Iterator[None]:
    """Leave no program behind that would wait for us for ever."""
    try:
        yield
    except BaseException:
        running.kill()
        raise


def leaks(place: Path, seen: Seen) -> list[str]:
    """Where a planted word, the key or a part of the recovery code stands, but in what somebody saved."""
    key = bytes.fromhex(seen.all("key")[0])
    secrets = {"the key": key, "the key in hex": key.hex().encode()}
    secrets |= {f"group {number} of the code": each.encode() for number, each in enumerate(seen.all("groups")[0])}
    found = []
    for path in sorted(place.rglob("*")):
        name = path.relative_to(place)
        if name.parts[0] == "chosen":
            continue
        found += [f"{word} in the name {name}" for word in planted.traces(str(name))]
        if path.is_file():
            data = path.read_bytes()
            found += [f"{word} in {name}" for word in planted.deep_traces(data)]
            found += [f"{what} in {name}" for what, secret in secrets.items() if secret in data]
    return found


def written(place: Path) -> Iterator[Path]:
    """Every path that was opened for writing, made, or moved to."""
    for line in (place.parent / "trace").read_text("utf-8", "replace").splitlines():
        if (opened := _OPENED.match(line)) and re.search(r"O_WRONLY|O_RDWR|O_CREAT|creat\(", line):
            yield _absolute(place, opened[1], opened[2])
        elif (moved := _MOVED.match(line)) is not None:
            yield _absolute(place, None, moved[1])
        elif (made := _MADE.match(line)) is not None:
            yield _absolute(place, made[1], made[2])


def _is_in(path: Path, folders: Iterable[Path]) -> bool:
    return any(path.is_relative_to(each) for each in folders)


def _absolute(place: Path, folder: str | None, path: str) -> Path:
    """A path of the trace; strace writes what is no ASCII as octal codes."""
    text = path.encode("latin-1", "replace").decode("unicode_escape").encode("latin-1").decode("utf-8", "replace")
    base = re.search(r"<(.*)>", folder or "")
    return Path(base[1] if base else place / "cwd", text)


# ------------------------------------------------------------------------------------------------------------------


def test_nothing_typed_stands_on_the_disk_at_any_time(session: Seen) -> None:
    assert session.leaks == {"while open": [], "locked": [], "after the end": []}


def test_no_file_is_written_outside_the_users_folders_and_none_is_hidden_by_deleting_it(
    session: Seen, place: Path
) -> None:
    paths = set(written(place))
    assert len(paths) > 10, "the trace was read"
    theirs = (place, place.parent / "given")  # and the list of referrals that somebody sent
    assert {str(each) for each in paths if not _is_in(each, theirs) and not _DEVICES.fullmatch(str(each))} == set()
    gone = {each for each in paths if each.is_relative_to(place) and not each.exists()}
    assert {str(each) for each in gone if not MAY_VANISH.fullmatch(each.name)} == set()


def test_no_planted_word_is_in_a_file_name_that_the_program_chose(session: Seen, place: Path) -> None:
    names = {str(each.relative_to(place)) for each in written(place) if each.is_relative_to(place)}
    given = {name for name in names if planted.traces(name)}
    assert {Path(name).parts[0] for name in given} <= {"chosen"}


def test_after_a_lock_nothing_typed_can_be_reached_and_no_key(session: Seen) -> None:
    before, after = session.all("reached")
    assert len(before) > 20, "the walk finds what is there"
    assert "a secret" in before, "the walk finds the key while the desk is open"
    assert after == [], session.all("where")[-1]
    seen_before, seen_after = session.all("shown")
    assert len(seen_before) > 5
    assert seen_after == []


def test_a_crash_leaves_no_core_and_a_form_that_was_open_comes_back(session: Seen, place: Path) -> None:
    assert session.all("core_limit") == [[0, 0]]
    assert session.status in (-signal.SIGABRT, 128 + signal.SIGABRT)
    assert [str(each) for each in place.rglob("core*") if each.is_file()] == []
    assert "note" in session.all("open_forms")[-1]


def test_errors_are_told_and_quote_nobody(session: Seen, place: Path) -> None:
    said = (place / "said").read_text("utf-8")
    assert said.count("RuntimeError") > 3, "the errors were told"
    assert planted.deep_traces(said.encode()) == []


def test_the_papers_are_where_they_were_saved_and_say_nothing_of_themselves(session: Seen, place: Path) -> None:
    saved = sorted(each.name for each in (place / "chosen").iterdir())
    assert saved == [f"{planted.CLIENT_GIVEN} {planted.CLIENT_FAMILY}.pdf", "card.pdf", "locked.pdf", "printed.pdf"]


def test_no_window_says_in_its_title_whom_it_is_about(session: Seen) -> None:
    (titles,) = session.all("titles")
    assert "Advocate Desk" in titles
    assert [each for each in titles if planted.traces(each)] == []


def test_what_was_copied_here_is_off_the_clipboard_half_a_minute_later(session: Seen) -> None:
    assert (session.all("copied"), session.all("left")) == ([True], [""])


def test_a_backup_made_from_the_menu_lies_with_the_profile(session: Seen) -> None:
    (found,) = session.all("backups")
    assert found >= 1
