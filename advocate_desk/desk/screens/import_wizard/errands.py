"""Work that the user waits for and may stop: one piece at a time, on the store's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from advocate_desk.desk.jobs import Jobs


class Errands(QObject):
    """Runs one errand at a time and says how it ended. What was stopped has changed nothing."""

    changed = Signal()  # whether it is busy
    refused = Signal(object)  # DeskError
    broken = Signal()

    def __init__(self, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._stop = threading.Event()
        self.is_busy = False

    def run(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        """Run `work`, and `then` with its result on the GUI thread."""
        self._stop.clear()
        self._set_busy(True)
        job = self._jobs.run(self, work)
        job.done.connect(lambda result: self._on_done(then, result))
        job.refused.connect(self._on_refused)
        job.broken.connect(self._on_broken)

    def stop(self) -> None:
        """Ask the errand to end without a result."""
        self._stop.set()

    def is_stopped(self) -> bool:
        """Whether it should end: because the user says so, or because the desk is being locked. From any thread."""
        return self._stop.is_set() or self._jobs.is_stopping

    def _on_done(self, then: Callable[[Any], None], result: object) -> None:
        self._set_busy(False)
        then(result)

    def _on_refused(self, error: object) -> None:
        self._set_busy(False)
        self.refused.emit(error)

    def _on_broken(self) -> None:
        self._set_busy(False)
        self.broken.emit()

    def _set_busy(self, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.changed.emit()
