"""Whatever is typed, in any form, at any field, however the desk is locked: after unlock it stands there as it stood.

The forms, their fields and the ways to lock are taken from the program, so that a new form is covered by existing. By
itself each field of each form is tried once, locked in one way; of forms with very many fields a share, drawn anew by
each run's seed. ADVOCATE_DESK_EVERY_LOCK=1 tries every field in every way, which takes about ten minutes.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import cast

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.desk import theme
from advocate_desk.desk.composition import form_registry
from advocate_desk.desk.forms.builder import FormView
from advocate_desk.desk.forms.editors import cursor_of
from advocate_desk.desk.forms.page import FormPage
from advocate_desk.desk.window import MainWindow
from advocate_desk.settings import LockSettings
from tests.casework_calls import Standing
from tests.desk.all_forms import opened
from tests.desk.client_desk import ClientDesk
from tests.desk.typist import COMPOSING, Typist, groups_of, standing, text_of
from tests.faults.program_desk import stops
from tests.standing import open_copy, template, work
from tests.standing import standing as standing_file

__all__ = ["open_copy", "standing_file", "template", "work"]

EVERY_LOCK = os.environ.get("ADVOCATE_DESK_EVERY_LOCK") == "1"
MANY, SHARE = 60, 8  # of a form with more than so many fields, one in eight


def by_key(window: MainWindow) -> None:
    handle = window.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)


def by_idle_time(window: MainWindow) -> None:
    cast(FixedClock, window.watch._clock).advance(timedelta(seconds=LockSettings().idle_lock_s))
    window.watch.look()


def by_suspend(window: MainWindow) -> None:
    window.watch._system.on_sleep(True)


def by_session_lock(window: MainWindow) -> None:
    window.watch._system.on_lock()


def by_screen_lock(window: MainWindow) -> None:
    window.watch._system.on_screen_saver(True)


WAYS: tuple[Callable[[MainWindow], None], ...] = (by_key, by_idle_time, by_suspend, by_session_lock, by_screen_lock)


@pytest.fixture
def desk(work: Work, qtbot: QtBot, qapp: QApplication) -> Iterator[ClientDesk]:
    """A desk in Qt's own look, whose forms are made three times as fast as in ours."""
    qapp.setStyleSheet("")
    made = ClientDesk(work, qtbot)
    yield made
    made.end()
    theme.apply(qapp, "light", 100)


def place_of(view: FormView, widget: QWidget | None) -> str | None:
    """The path of the field that has the focus."""
    if widget is None:
        return None
    return next((path for group in groups_of(view) if (path := group.locate(widget)) is not None), None)


def front(desk: ClientDesk) -> FormView:
    """The form in front, drawn."""
    view = desk.forms()[-1].view
    assert view is not None
    return view


def check_same(before: list[tuple[str, str]], after: list[tuple[str, str]], where: str) -> None:
    """Fail with what is missing and what is new."""
    missing, new = Counter(before) - Counter(after), Counter(after) - Counter(before)
    assert not missing and not new, f"at {where}: lost {dict(missing)}, came {dict(new)}"


def check_lock(desk: ClientDesk, at: int, typist: Typist, lock: Callable[[MainWindow], None]) -> None:
    """Go to the stop `at` of the form in front, leave something half typed there, lock, unlock: all is as it was."""
    view = front(desk)
    stop = stops(view)[at]
    stop.setFocus(Qt.FocusReason.TabFocusReason)
    where, kind = place_of(view, QApplication.focusWidget()), desk.forms()[-1].key
    assert where is not None, "the field does not take the focus"
    wanted = typist.half_type(stop)
    cursor = cursor_of(stop) + (len(COMPOSING) if wanted != text_of(stop) else 0) if wanted else 0  # type: ignore[arg-type]
    before, values, text = standing(view), view.values(), text_of(stop) if wanted else ""  # type: ignore[arg-type]
    if wanted != text:
        at_text = next(index for index, said in enumerate(before) if said[1] == text)
        before[at_text] = (before[at_text][0], wanted)
    lock(desk.window)
    assert desk.window.desk() is None, "it did not lock"
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.unlock()
    again = front(desk)
    assert desk.forms()[-1].key == kind, "another form is in front"
    check_same(before, standing(again), where)
    focus = QApplication.focusWidget()
    assert place_of(again, focus) == where, "the focus is in another field"
    if wanted:
        assert focus is not None
        assert cursor_of(focus) == cursor, f"the cursor stands elsewhere in {where}"
    else:
        assert again.values() == values, f"at {where}"


@pytest.mark.parametrize("kind", form_registry().keys())
def test_no_lock_costs_a_character_at_any_field(kind: str, desk: ClientDesk, standing_file: Standing) -> None:
    typist = Typist()
    typist.fill(front_of(opened(desk, kind, standing_file)))
    desk.settle()
    count = len(stops(front(desk)))
    assert count, "the form asks nothing"
    turn = random.randrange(len(WAYS))
    share = SHARE if count > MANY and not EVERY_LOCK else 1
    for at in range(random.randrange(share), count, share):
        for lock in WAYS if EVERY_LOCK else [WAYS[(at // share + turn) % len(WAYS)]]:
            check_lock(desk, at, typist, lock)


def front_of(page: FormPage) -> FormView:
    """The form of a page."""
    assert page.view is not None
    return page.view
