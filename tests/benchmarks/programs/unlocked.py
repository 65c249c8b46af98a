"""The program, its passphrase given by itself: says "today" once Today is painted, and stays to be looked at."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer

from advocate_desk import app
from advocate_desk.desk.screens.unlock.view import UnlockView
from tests.benchmarks.caseloads import PASSPHRASE

LOOK_MS = 100
start = app.Program.start


def start_and_unlock(program: app.Program) -> None:
    """Start, give the passphrase, and tell when Today is there."""
    start(program)
    window = program._window
    view = window.findChild(UnlockView)
    assert view is not None

    def give() -> None:
        view.passphrase_page.field.edit.setText(PASSPHRASE)
        view.passphrase_page.ask()

    def look() -> None:
        desk = window.desk()
        if desk is not None:
            timer.stop()
            desk.office.jobs.run(desk, lambda: True).done.connect(tell)

    def tell(_done: object) -> None:
        sys.stdout.write("today\n")
        sys.stdout.flush()

    timer = QTimer(program, interval=LOOK_MS)
    timer.timeout.connect(look)
    QTimer.singleShot(LOOK_MS, give)
    timer.start()


app.Program.start = start_and_unlock  # type: ignore[assignment,method-assign]
sys.exit(app.main(["advocate-desk"]))
