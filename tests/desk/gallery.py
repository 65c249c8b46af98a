"""Draws the frame and a form of every kind, in every theme and at 200%: `python -m tests.desk.gallery FOLDER`.

The demonstration caseload's own pages are drawn by `packaging/dev.py screenshots`; this is for work on the look itself.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from advocate_desk.casework.work import Done
from advocate_desk.desk import theme
from advocate_desk.desk.dialogs.keys import ShortcutsDialog
from advocate_desk.desk.forms.registry import FormKind, FormRegistry
from advocate_desk.desk.garbage import GuiCollector
from advocate_desk.desk.jobs import Jobs
from advocate_desk.desk.office import Office
from advocate_desk.desk.screens.settings.view import SettingsScreen
from advocate_desk.desk.shell import DeskPage, ScreenKind
from advocate_desk.desk.theme import px
from advocate_desk.desk.widgets.boxes import (
    Banner,
    Card,
    EmptyState,
    KeyValue,
    SectionHeader,
    Timeline,
    TimelineItem,
    scrolled,
)
from advocate_desk.desk.widgets.buttons import Chip, button
from advocate_desk.desk.widgets.flow import FlowLayout
from advocate_desk.desk.widgets.labels import Badge
from advocate_desk.desk.window import MainWindow
from advocate_desk.settings import ComputerSettings
from tests.builders import a_file, a_work
from tests.desk.forms import EVERY_KIND, FILLED, OPTIONS, SHORT

LOOKS = (("light", 100), ("dark", 100), ("high_contrast", 100), ("light", 200))


class Parts(QWidget):
    """Every widget of the set on one page."""

    def __init__(self, _office: Office) -> None:
        super().__init__()
        page = QWidget()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolled(page))
        layout = QVBoxLayout(page)
        layout.setContentsMargins(px(24), px(20), px(24), px(24))
        layout.setSpacing(px(16))
        head = SectionHeader("Today", "Saturday 21 November. Two hearings, one release.")
        head.buttons.addWidget(button("Print", icon="printer"))
        head.buttons.addWidget(button("New client file", "primary", "user-plus"))
        layout.addWidget(head)
        banner = Banner(self)
        layout.addWidget(banner)
        banner.say("This number is not safe to call before 17:00.", "warning", "Show the rule")
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self._hearing(), 3)
        empty = Card()
        empty.body.addWidget(EmptyState("inbox", "Nothing is due", "Tasks for today show here.", "Add a task"))
        row.addWidget(empty, 2)
        layout.addLayout(row, 1)

    def _hearing(self) -> Card:
        card = Card("Hearing", "gavel")
        card.head.addWidget(Badge("High risk", "danger"))
        holder = QWidget()
        chips = FlowLayout(holder, px(8))
        for number, words in enumerate(("Mine", "This week", "Without an advocate")):
            chip = Chip(words)
            chip.setChecked(number == 0)
            chips.addWidget(chip)
        card.body.addWidget(holder)
        card.body.addWidget(KeyValue((("Court", "Leeds Crown Court"), ("Room", "4"), ("Time", "10:15"))))
        line = Timeline()
        line.set_items(
            (
                TimelineItem("21 Nov, 10:15", "Plea hearing", "Adjourned", badge="Confirmed", badge_tone="ok"),
                TimelineItem("3 Dec", "Trial", icon="gavel", tone="warning", key="trial"),
                TimelineItem("19 Dec", "Bail ends", badge="Heard, not confirmed", badge_tone="warning"),
            )
        )
        card.body.addWidget(line)
        card.body.addStretch(1)
        return card


def build(office: Office) -> DeskPage:
    """A desk of two pages."""
    screens = (
        ScreenKind("today", "Today", "sun", Parts),
        ScreenKind("settings", "Settings", "settings", SettingsScreen),
    )
    return DeskPage(office, screens, lambda given, _file, _section: Parts(given))


def settle(ms: int = 250) -> None:
    """Let the store answer and the window draw."""
    QTest.qWait(ms)


def draw(folder: Path) -> None:
    """Write every picture to `folder`."""
    application = QApplication(sys.argv[:1])
    GuiCollector(application)
    work = a_work(Path(tempfile.mkdtemp()))
    for _ in range(4):
        a_file(work)
    kinds = (
        FormKind("short", lambda _o, _p: SHORT, lambda _o, _p, _v: Done()),
        FormKind(
            "every", lambda _o, _p: EVERY_KIND, lambda _o, _p, _v: Done(), lambda _o, _p: FILLED, lambda _o, _p: OPTIONS
        ),
    )
    window = MainWindow(work.clock)
    window.resize(1366, 768)
    for name, percent in LOOKS:
        theme.apply(application, name, percent)
        window.computer = ComputerSettings(name, percent)
        office = Office(work, Jobs(), FormRegistry(kinds))
        desk = window.show_desk(lambda office=office: build(office))  # type: ignore[misc]
        window.show()
        settle()
        stem = f"{name}_{percent}"
        desk.show_screen("today")
        settle(150)
        window.grab().save(str(folder / f"parts_{stem}.png"))
        desk.show_screen("settings")
        settle()
        window.grab().save(str(folder / f"settings_{stem}.png"))
        for form in ("short", "every"):
            office.open_form(form)
            settle()
            window.grab().save(str(folder / f"form_{form}_{stem}.png"))
        top = desk.forms.top()
        if top is not None and top.view is not None:
            for section in range(1, 4):
                top.view.go_to_section(section)
                settle(150)
                window.grab().save(str(folder / f"form_every_{section}_{stem}.png"))
            top.view.set_values({})
            top.save()
            settle(150)
            window.grab().save(str(folder / f"form_problems_{stem}.png"))
        for page in desk.forms.pages():
            desk.forms.close_page(page)
        desk.find_popup.open()
        QTest.keyClicks(desk.find_popup.line, "te")
        settle()
        window.grab().save(str(folder / f"find_{stem}.png"))
        keys = ShortcutsDialog(desk)
        keys.open()
        settle(150)
        keys.grab().save(str(folder / f"keys_{stem}.png"))
        window.cover()
        settle(150)
        window.grab().save(str(folder / f"hidden_{stem}.png"))
        window.uncover()
        for one in office.drafts.aside():
            office.drafts.drop(one.key)
        window.lock()


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    draw(target)
