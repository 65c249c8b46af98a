"""The real program in a process of its own: unlocked, typed into, saved, locked, and at some moment killed."""

from __future__ import annotations

import os
from random import Random
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from advocate_desk.desk import drafts as desk_drafts
from advocate_desk.desk.composition import form_registry
from advocate_desk.desk.garbage import GuiCollector
from tests.builders import PACKS
from tests.desk.typist import Typist, standing
from tests.faults.profiles import Profile
from tests.faults.program_desk import ProgramDesk, make_cheap, place_of, text_fields, wait_until

PACKS.warm()
ALL_FORMS = form_registry().keys()
Form = tuple[str, list[tuple[str, str]], str]
"""The key of a form, the texts that stand in it, and where in it the cursor is."""


def run(profile: Profile, number: int, wire: Any) -> None:
    """Open the desk, say which forms came back, and work on until killed; `number` chooses the work."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication(["advocate-desk"])
    assert application.platformName() == "offscreen"
    GuiCollector(application)
    desk_drafts.KEEP_AFTER_MS = 40  # else the most of each session would be waiting
    make_cheap()
    desk = ProgramDesk(profile)
    desk.window.activateWindow()
    desk.unlock()
    wire.send(("begun",))
    wire.send(("found", [_form(desk, at) for at in range(len(desk.forms()))]))
    _work(desk, Random(number), Typist(1000 * number), wire)


def _work(desk: ProgramDesk, chance: Random, typist: Typist, wire: Any) -> None:
    kinds = [each for each in ALL_FORMS if each != "note"]  # notes are written and saved
    while True:
        if chance.random() < 0.25:
            _write_note(desk, typist.word() + " ", wire)
        elif chance.random() < 0.2:
            desk.window.lock()
            wire.send(("locked",))
            desk.unlock()
        else:
            _type(desk, chance.choice(kinds), chance, typist, wire)


def _type(desk: ProgramDesk, kind: str, chance: Random, typist: Typist, wire: Any) -> None:
    """Fill a form, then type on in one of its fields, saying each time what the screen says is kept."""
    page, view = desk.open_form(kind)
    if not page.is_touched():
        typist.fill(view)
    fields = text_fields(view)
    if not fields:
        _wait_until_kept(desk)
        wire.send(("kept", _form(desk, -1)))
        return
    field = chance.choice(fields)
    field.setFocus(Qt.FocusReason.TabFocusReason)
    wire.send(("went", page.key, place_of(view)))
    for _ in range(chance.randrange(1, 4)):
        QTest.keyClick(field, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(field, Qt.Key.Key_End)  # a field of one line knows no other, and would be typed over
        QTest.keyClicks(field, f" word {typist.number}")
        typist.number += 1
        _wait_until_kept(desk)
        wire.send(("kept", _form(desk, -1)))


def _write_note(desk: ProgramDesk, words: str, wire: Any) -> None:
    """Write a note and save it by keyboard; it is saved when the form is gone and the desk says so."""
    page, view = desk.open_form("note")
    words = str(view.values()["text"] or words)  # of a session that was killed before it saved
    view.set_values({"happened_at": "2026-11-21T11:00", "method": "phone", "text": words, "spoke_with_client": "no"})
    view.changed.emit()
    _wait_until_kept(desk)
    wire.send(("kept", _form(desk, -1)))
    page.save()
    wait_until(lambda: page not in desk.forms(), "a note that is saved")
    wire.send(("saved", page.key, words))


def _wait_until_kept(desk: ProgramDesk) -> None:
    page = desk.forms()[-1]

    def is_kept() -> bool:
        written, now = desk.office.drafts.of(page.key), page.draft(0)
        said = page._state.text().startswith("Draft kept")
        return said and written is not None and written.payload == now.payload and not desk.office.drafts._doubtful

    wait_until(is_kept, "a draft that is kept")
    desk.settle()


def _form(desk: ProgramDesk, at: int) -> Form:
    page = desk.forms()[at]
    view = page.view
    assert view is not None
    is_front = page is desk.forms()[-1]
    return page.key, standing(view), place_of(view) if is_front else ""
