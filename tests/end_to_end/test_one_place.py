"""A second start of the real program, in real windows: it brings the first forward, or says why it cannot."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE_S = 40.0


class Screen:
    """The private screen, and the starts of the program on it."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._variables = {**variables, "PYTHONPATH": str(ROOT)}
        self.started: list[subprocess.Popen[str]] = []

    def start(self, profile: Path) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "advocate_desk", "--profile", str(profile)]
        self.started.append(subprocess.Popen(command, env=self._variables, stderr=subprocess.PIPE, text=True))
        return self.started[-1]

    def windows(self, process: subprocess.Popen[str]) -> set[str]:
        """The windows of a process that can be seen."""
        found = self._tell("search", "--onlyvisible", "--all", "--pid", str(process.pid), "--name", "Advocate Desk")
        return set(found.split())

    def in_front(self) -> str:
        """The window above all others: the X server tells them in their order."""
        return self._tell("search", "--onlyvisible", "--name", "Advocate Desk").split()[-1]

    def until(self, is_so: Callable[[], object], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not is_so():
            assert time.monotonic() < end, f"never came: {what}"
            time.sleep(0.05)

    def _tell(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words], env=self._variables, capture_output=True, text=True, timeout=20, check=False
        )
        return done.stdout


@pytest.fixture
def screen(own_desktop: dict[str, str]) -> Iterator[Screen]:
    made = Screen(own_desktop)
    yield made
    for each in made.started:
        if each.poll() is None:
            each.send_signal(signal.SIGCONT)
            each.kill()
        if each.stderr is not None and not each.stderr.closed:
            each.communicate()


def test_a_second_start_raises_the_first_and_a_killed_or_hanging_first_is_told_apart(
    screen: Screen, tmp_path: Path
) -> None:
    profile = tmp_path / "one"
    first = screen.start(profile)
    screen.until(lambda: screen.windows(first), "the first window")

    other = screen.start(tmp_path / "two")
    screen.until(lambda: screen.windows(other), "the window of another profile")
    screen.until(lambda: screen.in_front() in screen.windows(other), "the other window in front")
    link = tmp_path / "the same by another name"
    link.symlink_to(profile)
    assert screen.start(link).wait(PATIENCE_S) == 0
    screen.until(lambda: screen.in_front() in screen.windows(first), "the first window, raised")
    assert first.poll() is None

    first.send_signal(signal.SIGSTOP)
    third = screen.start(profile)
    screen.until(lambda: screen.windows(third), "words that the first does not answer")
    third.kill()
    assert "does not answer" in str(third.communicate()[1])

    first.kill()
    first.wait(PATIENCE_S)
    fourth = screen.start(profile)
    screen.until(lambda: screen.windows(fourth), "a window after the first was killed")
    assert screen.start(profile).wait(PATIENCE_S) == 0
    assert other.poll() is None and fourth.poll() is None
