"""A worker for talk with a network, which may not answer: whoever ends it waits for a moment and no longer."""

from __future__ import annotations

from functools import cached_property

from PySide6.QtCore import QObject, Slot

from advocate_desk.desk.jobs import Jobs
from advocate_desk.sync.aside import DaemonPool

_left_behind: list[LineJobs] = []
"""Workers whose thread had not ended when their desk did. Kept, so that no worker drops the last of one."""


class LineJobs(Jobs):
    """As Jobs, on a daemon thread: neither a lock nor the end of the program waits for it."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(name, parent)

    @cached_property
    def _pool(self) -> DaemonPool:
        return DaemonPool(self._name)

    def close(self) -> None:
        """Take nothing more. What was asked and not begun is never run. Does not wait: `wait` does."""
        self._closed = self._stopping = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def wait(self, most_s: float) -> bool:
        """After `close`: wait for the thread to end; False where it has not within that time."""
        return self._pool.wait(most_s)

    def leave_behind(self) -> None:
        """Let the thread end when it can: its answer reaches nobody."""
        self.setParent(None)
        _left_behind.append(self)

    @Slot(int)
    def _deliver(self, number: int) -> None:
        super()._deliver(number)
        if self in _left_behind:
            _left_behind.remove(self)
