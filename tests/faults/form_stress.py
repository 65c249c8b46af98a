"""Run as a process of its own: forms opened, filled, saved, refused and thrown away as fast as the store answers.

Started by tests/faults/test_form_stress.py: `python -m tests.faults.form_stress FOLDER SEED CPU_SECONDS`. Threads
change as often as they can, so that what a worker still holds when its answer is drawn shows within seconds.
"""

from __future__ import annotations

import faulthandler
import logging
import sys
import time
from pathlib import Path
from random import Random

from PySide6.QtCore import QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from advocate_desk.desk.composition import form_registry
from advocate_desk.desk.garbage import GuiCollector
from tests.desk.typist import Typist
from tests.faults.profiles import make_profile
from tests.faults.program_desk import ProgramDesk, make_cheap, params_of

SWITCH_S = 1e-6


def fail() -> None:
    """Work that breaks."""
    raise ValueError("a job that breaks")


class Stress:
    """One open desk, and one way after another through its forms."""

    def __init__(self, desk: ProgramDesk, chance: Random) -> None:
        self.desk, self.chance, self.typist = desk, chance, Typist()
        self.kinds = sorted(form_registry().keys())
        self.rounds = 0

    def round(self) -> None:
        """Open a form, for a record or for none, and take one of the ways out of it at some moment."""
        desk, chance = self.desk, self.chance
        params = dict(chance.choice(params_of(desk.profile.standing)))
        desk.office.open_form(chance.choice(self.kinds), params)
        page = desk.forms()[-1]
        if chance.random() < 0.8:
            desk.settle()
        if page.view is not None:
            if chance.random() < 0.7:
                self.typist.fill(page.view)
            if chance.random() < 0.9 and not page.is_saving:
                page._start_saving(page.kind.save, "")  # whatever is missing: the store's thread refuses it, or breaks
                desk.office.jobs.run(page, fail)
        if chance.random() < 0.5:
            desk.settle()
        for each in desk.forms():
            if chance.random() < 0.9 or not each.is_saving:
                each.discard_asked.emit()
        QTest.qWait(0)
        if chance.random() < 0.3:
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.rounds += 1


def main(folder: Path, seed: int, cpu_s: float) -> None:
    """Go on for `cpu_s` seconds of this process's own time, and say how many forms that were."""
    faulthandler.enable()
    logging.disable()  # to tell of a broken job takes longer than the job
    application = QApplication(["advocate-desk"])
    GuiCollector(application)
    make_cheap()
    desk = ProgramDesk(make_profile(folder))
    desk.unlock()
    stress = Stress(desk, Random(seed))
    sys.setswitchinterval(SWITCH_S)
    ends = time.process_time() + cpu_s
    while time.process_time() < ends:
        stress.round()
    print(stress.rounds, flush=True)
    desk.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
