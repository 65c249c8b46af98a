"""Collects Python's reference cycles on the GUI thread and nowhere else.

A widget in a cycle (with a closure that a signal holds, say) is destroyed by whichever thread the collector happens
to run in. Off the GUI thread that crashes Qt: measured, a segmentation fault in one of five runs of the tests of two
screens.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_EVERY_MS = 500


def collect_all() -> None:
    """Collect everything now: after a lock, so that nothing that was shown waits in a cycle for its turn."""
    gc.collect()


def leave_out_what_is_there() -> None:
    """Leave everything that exists now out of every later collection: modules, rules and lists, which never end.

    Measured: to walk them takes a tenth of a second, in which the window answers nobody. Only before a desk is opened:
    what is left out and forms a cycle stays in memory to the end.
    """
    gc.freeze()


class GuiCollector(QObject):
    """Turns the automatic collector off and does its work by a timer of the GUI thread, until `stop`."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is due by the collector's own thresholds."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        due = [number for number in range(3) if counts[number] > thresholds[number] > 0]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Let Python collect by itself again: no window is left."""
        self._timer.stop()
        gc.enable()
