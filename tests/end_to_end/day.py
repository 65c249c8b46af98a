"""What the steps of the journey share: the program, the person at it, and what was made on the way."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication

from advocate_desk.app import Program
from advocate_desk.clock import from_london
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.shell import DeskPage
from advocate_desk.desk.window import MainWindow
from tests.end_to_end.person import Person

PASSPHRASE = "eleven purple kettles sing at dawn in november"

BEGINS = datetime(2027, 6, 15, 13, 0)  # London, a Tuesday in summer time: after the morning's hearing


class RunningClock:
    """Goes as any clock does, from `BEGINS` on: the journey is the same at whatever hour it is taken."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def now(self) -> datetime:
        """This moment of the journey, aware, in UTC."""
        return from_london(BEGINS) + timedelta(seconds=time.monotonic() - self._begun)


@dataclass
class Day:
    """One day at the desk. `saved` is where the person saves things; `made` names what later steps come back to."""

    window: MainWindow
    program: Program
    me: Person
    profile: Path
    saved: Path
    made: dict[str, str] = field(default_factory=dict)
    groups: list[str] = field(default_factory=list)

    @property
    def desk(self) -> DeskPage:
        """The desk, unlocked."""
        desk = self.window.desk()
        if desk is None:
            raise AssertionError("the desk is locked")
        return desk

    @property
    def form(self) -> FormView:
        """The form in front."""
        page = self.desk.forms.top()
        if page is None or page.view is None:
            raise AssertionError("no form is open")
        return page.view

    def opens_form(self, title: str) -> None:
        """Wait for a form to be drawn, with the cursor in it."""
        self.me.until(lambda: self._is_front(title), f"the form {title!r}")

    def saves_form(self) -> None:
        """Save the form in front by its keys, and wait until it is gone."""
        page = self.desk.forms.top()
        self.me.press("ctrl+s")
        self.me.until(lambda: page not in self.desk.forms.pages(), "the form to be saved")

    def goes_to_section(self, number: int, words: str) -> None:
        """Go to a section of the client file by its number."""
        self.me.press(f"alt+{number % 10}")
        self.me.sees(words)

    def _is_front(self, title: str) -> bool:
        page = self.desk.forms.top()
        if page is None or page.view is None or page.title != title:
            return False
        focus = QApplication.focusWidget()
        return focus is not None and page.isAncestorOf(focus)


def start(profile: Path, saved: Path, pictures: Path | None) -> Day:
    """Start the program as `app.main` does, over a profile that is not there yet."""
    clock = RunningClock()
    window = MainWindow(clock)
    program = Program(window, profile, clock, is_demonstration=False)
    window.show()
    program.start()
    return Day(window, program, Person(window, pictures), profile, saved)
