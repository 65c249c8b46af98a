"""The program on the demonstration's caseload, turned page by page by whoever holds its standard input.

Run as a process of its own: `python tests/accessibility/program.py DESK`, on a screen with an accessibility bus; DESK
is the folder of a full desk. The pages are those of which packaging/screenshots.py takes pictures. For each a line of
JSON is written, and then one for each command read: "tab" walks once round by Tab and back by Shift+Tab, "next" goes on
to the next page.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import QDeadlineTimer, QEventLoop, QPoint, QRect, QSocketNotifier, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QWidget

from advocate_desk.desk import theme
from advocate_desk.desk.garbage import GuiCollector
from advocate_desk.desk.widgets.boxes import Toast
from screenshots import Gallery
from tests.full_desk import full_desk

MOST_STOPS = 400
BOTH_WAYS = frozenset({"form-note", "form-dash"})
"""Forms are all built by one builder: of these alone the way back is walked too."""
PATIENCE_MS = 1500
RAIL = 150  # pixels from the left within which the rail's buttons begin
SLACK = 4  # pixels by which things on one line may differ


class Reading(Gallery):
    """The pages, each held open until it has been read."""

    settle_ms = 0

    def take(self, name: str, widget: QWidget | None = None) -> None:
        self.settle()
        top = (widget or self.window).window()
        for notice in top.findChildren(Toast):  # of the page before: it would pass by itself in some seconds
            notice.hide()
        for _ in range(10):  # there is no window manager that would give it the keyboard
            if QApplication.activeWindow() is top:
                break
            subprocess.run(["xdotool", "windowfocus", str(int(top.winId()))], check=True, timeout=20)
            QTest.qWaitForWindowActive(top, 300)
        focus = QApplication.focusWidget()
        is_seen = focus is not None and not focus.visibleRegion().isEmpty()
        say({"page": name, "focus": spoken(focus) if focus is not None and is_seen else ""})
        loop = QEventLoop()

        def hear() -> None:
            asked = sys.stdin.readline().strip()
            if asked == "tab":
                say(walk(top, both_ways=name in BOTH_WAYS or not name.startswith("form-")))
            else:
                loop.quit()

        notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
        notifier.activated.connect(hear)
        loop.exec()
        notifier.setEnabled(False)


def walk(top: QWidget, *, both_ways: bool) -> dict[str, Any]:
    """Where Tab goes from here until it comes round, and what is wrong on the way, and on the way back."""
    forward, faults = circle(top, Qt.Key.Key_Tab)
    if both_ways:
        back, more = circle(top, Qt.Key.Key_Backtab)
        faults += more or other_way(forward, back)
    ordered = from_the_top(forward)
    pairs = itertools.pairwise(ordered)
    faults += [f"backwards: {describe(a)} -> {describe(b)}" for a, b in pairs if is_back(a, b)]
    return {"stops": [spoken(each) for each in forward], "faults": faults}


def other_way(forward: list[QWidget], back: list[QWidget]) -> list[str]:
    """What is wrong where Shift+Tab does not go back the way that Tab came."""
    if set(map(id, forward)) != set(map(id, back)):
        return ["Shift+Tab goes through other controls"]
    at = back.index(forward[0])
    turned = list(reversed(back[at + 1 :] + back[: at + 1]))
    return [f"Shift+Tab goes another way: {describe(a)}" for a, b in zip(forward, turned, strict=True) if a is not b]


def circle(top: QWidget, key: Qt.Key) -> tuple[list[QWidget], list[str]]:
    """The widgets that a key goes through until it comes round, and what is wrong on the way."""
    press(top, Qt.Key.Key_Tab)  # off a page, which Tab never comes back to
    first = QApplication.focusWidget()
    if first is None:
        return [], ["nothing takes the focus"]
    stops, faults = [first], list[str]()
    for _ in range(MOST_STOPS):
        before = press(top, key)
        now = QApplication.focusWidget()
        if now is first:
            return stops, faults
        if now is None or now is before:
            return stops, [f"a trap: {describe(before)}"]
        if now in stops:
            return stops, [f"never comes round: {describe(first)} is left out after {describe(now)}"]
        waited = QDeadlineTimer(PATIENCE_MS)
        while is_covered(now) and not waited.hasExpired():
            QTest.qWait(10)  # what is being laid out comes into view when that is done
        if is_covered(now):
            faults.append(f"hidden: {describe(now)}, {where(now)}")
        stops.append(now)
    return stops, ["no end"]


def press(top: QWidget, key: Qt.Key) -> QWidget | None:
    """Press a key where the focus is, and tell where that was."""
    before = QApplication.focusWidget()
    QTest.keyClick(before or top, key)
    waited = QDeadlineTimer(PATIENCE_MS)
    while QApplication.focusWidget() is before and not waited.hasExpired():
        QTest.qWait(1)  # the bridge asks assistive technology first whether it wants the key
    return before


def from_the_top(stops: list[QWidget]) -> list[QWidget]:
    """The circle from where it turns back to the top of the window."""
    where = [each.mapTo(each.window(), QPoint()) for each in stops]
    rail = 0 if isinstance(stops[0].window(), QDialog) else RAIL  # a dialog has none: what is at its left is not first
    start = min(range(len(stops)), key=lambda at: (where[at].x() > rail, where[at].y(), where[at].x()))
    return stops[start:] + stops[:start]


def is_covered(widget: QWidget) -> bool:
    """Whether something else stands where the middle of what is seen of the widget is."""
    seen = widget.visibleRegion().boundingRect()
    found = widget.window().childAt(widget.mapTo(widget.window(), seen.center()))
    return seen.isEmpty() or found is None or not (found is widget or widget.isAncestorOf(found))


def where(widget: QWidget) -> str:
    """What stands where a widget should be seen."""
    seen = widget.visibleRegion().boundingRect()
    found = widget.window().childAt(widget.mapTo(widget.window(), seen.center()))
    return f"{widget.mapTo(widget.window(), QPoint()).toTuple()}, seen {seen.getRect()}, there is {describe(found)}"


def is_back(one: QWidget, other: QWidget) -> bool:
    """Whether the second of two neighbours in the chain stands before the first, in the parts where they differ."""
    a, b = one, other
    lineage = {id(each) for each in ancestors(one)}
    meeting = next((each for each in ancestors(other) if id(each) in lineage), None)
    if meeting is None:
        return False
    a = next((each for each in ancestors(one) if each.parentWidget() is meeting), one)
    b = next((each for each in ancestors(other) if each.parentWidget() is meeting), other)
    if a is b:
        return False
    here, there = (QRect(each.mapToGlobal(QPoint()), each.size()) for each in (a, b))
    is_one_line = here.top() < there.bottom() - SLACK and there.top() < here.bottom() - SLACK
    is_one_column = here.left() < there.right() - SLACK and there.left() < here.right() - SLACK
    if is_one_line:
        return there.right() <= here.left() + SLACK
    return is_one_column and there.bottom() <= here.top() + SLACK


def ancestors(widget: QWidget) -> list[QWidget]:
    """The widget and all that it stands in, its window last."""
    found, each = [widget], widget.parentWidget()
    while each is not None:
        found.append(each)
        each = each.parentWidget()
    return found


def spoken(widget: QWidget) -> str:
    """The name that is heard: its own, the words on a button, or on Linux what is chosen in a list."""
    if isinstance(widget, QComboBox) and not widget.isEditable():
        return widget.currentText()
    words = widget.text() if isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or words.replace("&", "")


def describe(widget: QWidget | None) -> str:
    if widget is None:
        return "nothing"
    return " < ".join(type(each).__name__ for each in ancestors(widget)[:4]) + f" [{spoken(widget)}]"


def say(what: dict[str, Any]) -> None:
    """One line to whoever reads."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main(folder: Path) -> int:
    """Show every page."""
    application = QApplication(["advocate-desk"])
    GuiCollector(application)
    application.setApplicationName("Advocate Desk")
    theme.load_script_fonts()
    with full_desk(folder) as (work, vault):
        reading = Reading(work=work, vault=vault, folder=folder, look=("light", 100))
        reading.before_the_desk()
        reading.the_desk()
        reading.close()
    say({"page": ""})
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
