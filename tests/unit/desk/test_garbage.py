from __future__ import annotations

import gc
import threading
import weakref

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from advocate_desk.desk.garbage import GuiCollector


class InACycle(QObject):
    """Says in which thread it ended."""

    def __init__(self, ended_in: list[int]) -> None:
        super().__init__()
        self.myself = self
        weakref.finalize(self, lambda: ended_in.append(threading.get_ident()))


def allocate() -> None:
    for _ in range(20):
        kept: list[list[int]] = [[] for _ in range(2000)]
        del kept


def test_a_cycle_with_a_window_object_ends_on_the_gui_thread(qtbot: QtBot, qapp: QApplication) -> None:
    was_enabled = gc.isenabled()
    collector = GuiCollector()
    ended_in: list[int] = []
    try:
        for _ in range(50):
            InACycle(ended_in)
        worker = threading.Thread(target=allocate)
        worker.start()
        worker.join()
        assert ended_in == []
        held: list[list[int]] = []

        def have_ended() -> bool:
            held.extend([] for _ in range(2000))  # what earlier tests still let go of is counted against it
            return len(ended_in) == 50

        qtbot.waitUntil(have_ended)
        assert set(ended_in) == {threading.get_ident()}
    finally:
        collector.stop()
        assert gc.isenabled()
        if not was_enabled:
            gc.disable()
