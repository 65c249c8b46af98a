"""A worker for talk with a network, which may not answer: whoever ends it waits for a moment and no longer."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from functools import cached_property
from typing import Any

from PySide6.QtCore import QObject, Slot

from advocate_desk.desk.jobs import Jobs

_left_behind: list[LineJobs] = []
"""Workers whose thread had not ended when their desk did. Kept, so that no worker drops the last of one."""


class LineJobs(Jobs):
    """As Jobs, on a daemon thread: neither a lock nor the end of the program waits for it."""

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(name, parent)

    @cached_property
    def _pool(self) -> _DaemonPool:
        return _DaemonPool(self._name)

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


class _DaemonPool(Executor):
    """One daemon thread. The library's own pool is joined when the program ends, however long that takes."""

    def __init__(self, name: str) -> None:
        self._asked: queue.SimpleQueue[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]] | None] = (
            queue.SimpleQueue()
        )
        self._is_shut = False
        self._is_cancelled = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        """Run `work` behind what was asked before."""
        if self._is_shut:
            raise RuntimeError("the worker is closed")
        future: Future[Any] = Future()
        self._asked.put((future, work, args))
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing more."""
        self._is_shut, self._is_cancelled = True, cancel_futures
        self._asked.put(None)
        if wait:
            self._thread.join()

    def wait(self, most_s: float) -> bool:
        """Wait for the thread to end; False where it has not."""
        self._thread.join(most_s)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            future, work, args = asked
            del asked
            if not self._is_cancelled:
                work(*args)
                future.set_result(None)
            del future, work, args
