"""One advocate's first days at the desk, by keyboard alone, in a real window.

Run as a process of its own: `python tests/end_to_end/journey.py FOLDER [PICTURES]`. It needs a screen of its own with
`xdotool`, and an empty home. What the person saves goes to FOLDER, with `journey.json`, which names what was made;
PICTURES receives pictures of the steps. Prints how long each step took; ends with status 1 and what was on the screen
where a step failed.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication

from advocate_desk import logs
from advocate_desk.desk import theme
from advocate_desk.desk.garbage import GuiCollector
from tests.end_to_end import steps_court, steps_letter, steps_records, steps_risk, steps_start
from tests.end_to_end.day import Day, start

STEPS: tuple[Callable[[Day], None], ...] = (
    steps_start.first_run,
    steps_start.empty_today,
    steps_start.first_referral,
    steps_start.second_referral,
    steps_start.note,
    steps_start.contact_attempt,
    steps_risk.checklist,
    steps_risk.finalise,
    steps_risk.safety_plan,
    steps_risk.discreet_card,
    steps_court.criminal_case,
    steps_court.hearing,
    steps_court.bail,
    steps_court.breach,
    steps_court.today_shows_them,
    steps_court.lock_in_a_note,
    steps_court.outcome,
    steps_court.in_force_tonight,
    steps_letter.letter,
    steps_letter.export,
    steps_letter.export_with_password,
    steps_records.find,
    steps_records.access,
    steps_records.import_referrals,
    steps_records.undo_import,
    steps_records.recovery,
)


def main(saved: Path, pictures: Path | None) -> int:
    """Take every step; gives the process's exit status."""
    logs.start(None)
    application = QApplication(["advocate-desk"])
    GuiCollector(application)
    application.setApplicationName("Advocate Desk")
    application.setQuitOnLastWindowClosed(False)
    theme.apply(application, "light", 100)
    day = start(Path(os.environ["ADVOCATE_DESK_PROFILE"]), saved, pictures)
    try:
        for step in STEPS:
            begun, pressed = time.monotonic(), day.me.pressed
            step(day)
            spent = time.monotonic() - begun
            print(f"{step.__name__}: {spent:.1f} s, {day.me.pressed - pressed} keys", flush=True)
    except BaseException:  # whatever it is, the window has to go and the caller has to know
        traceback.print_exc()
        return 1
    (saved / "journey.json").write_text(json.dumps(day.made))
    day.window.close()
    return 0


if __name__ == "__main__":
    status = main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
    sys.stdout.flush()
    os._exit(status)  # a failed step leaves threads at work
