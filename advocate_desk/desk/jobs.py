"""Work off the GUI thread. One worker for the store: it has one writer, and jobs end in the order asked.

What a piece of work holds may be a window, and whoever drops the last reference to one destroys it: in a worker that
breaks Qt's memory. So the work and its Job stand in a table that is filled and cleared on the GUI thread alone. The
worker is told a number, lets go of all that it used before it says that number back, and never drops what was the last.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from advocate_desk.desk.immortal import keep_true_alive
from advocate_desk.errors import DeskError, Stopped

if TYPE_CHECKING:
    from concurrent.futures import Executor

log = logging.getLogger(__name__)


class Job(QObject):
    """One piece of work in hand. Emits exactly one of its signals; none if its owner ends first, or it was Stopped."""

    done = Signal(object)
    refused = Signal(object)  # DeskError
    broken = Signal()

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self.finished = False


@dataclass(eq=False)
class _Asked:
    """One piece of work, and what became of it. Made and dropped on the GUI thread."""

    work: Callable[[], Any]
    job: Job | None = None  # None: for nobody
    then: Callable[[Any], object] | None = None
    result: Any = None
    error: BaseException | None = None
    ended: threading.Event = field(default_factory=threading.Event)

    def act(self) -> None:
        """On the worker: nothing of what was used is left in its frames afterwards."""
        try:
            self.result = self.work()
        except BaseException as error:  # told on the GUI thread
            self.error = error
            if self.job is None and not isinstance(error, Stopped):
                log.exception("background work failed")


class Jobs(QObject):
    """One worker thread. `run` returns at once; answers come back on the GUI thread."""

    _ended = Signal(int)  # the number of what was asked

    def __init__(self, name: str = "store", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._closed = False
        self._stopping = False
        self._numbers = count()
        self._table: dict[int, _Asked] = {}  # changed on the GUI thread alone; a worker reads its own entry
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(self, owner: QObject, work: Callable[[], Any], then: Callable[[Any], object] | None = None) -> Job:
        """Run `work` (it touches no widget). Its Job dies with `owner` and then says nothing.

        `then` is given the result on the GUI thread before the Job is, and even if `owner` has ended. After `close`
        the job is never run and stays silent: its screen is on its way out.
        """
        job = Job(owner)
        if not self._closed:
            self._ask(_Asked(work, job, then))
        return job

    def run_unowned(self, work: Callable[[], Any]) -> None:
        """Run `work` for nobody: what must be written even if its screen ends. A failure is logged."""
        self._ask(_Asked(work))

    def run_and_wait(self, work: Callable[[], Any]) -> BaseException | None:
        """Run `work` behind what was asked before, and block until it has ended. Gives what it raised, and logs it."""
        asked = _Asked(work)
        self._ask(asked)
        asked.ended.wait()
        if asked.error is not None:
            _drop_frames(asked.error)
        return asked.error

    @cached_property
    def _pool(self) -> Executor:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - the first page is painted without a job

        keep_true_alive()
        return ThreadPoolExecutor(max_workers=1, thread_name_prefix=self._name)

    @property
    def is_closed(self) -> bool:
        """True once `close` was called."""
        return self._closed

    @property
    def is_stopping(self) -> bool:
        """True from `stop` on. A long job looks here, from its own thread, and ends without a result."""
        return self._stopping

    def stop(self) -> None:
        """Ask the job in hand to end early. Jobs that do not look at `is_stopping` are finished as asked."""
        self._stopping = True

    def close(self) -> None:
        """Finish what was asked and stop the thread. Blocks until the last job ends."""
        self._closed = self._stopping = True
        self._pool.shutdown(wait=True)

    def _ask(self, asked: _Asked) -> None:
        number = next(self._numbers)
        self._table[number] = asked
        try:
            self._pool.submit(self._act, number)
        except RuntimeError:  # the pool is closed
            del self._table[number]
            raise

    def _act(self, number: int) -> None:
        """On the worker. The table holds what it uses until `_deliver` has run, which is after this."""
        self._table[number].act()
        self._table[number].ended.set()
        if isValid(self):
            self._ended.emit(number)

    @Slot(int)
    def _deliver(self, number: int) -> None:
        asked = self._table.pop(number)
        is_wanted = asked.job is not None and isValid(asked.job)  # else its screen has closed
        if asked.error is not None:
            if is_wanted and not isinstance(asked.error, (DeskError, Stopped)):
                log.error("background work failed", exc_info=asked.error)
            _drop_frames(asked.error)
        elif asked.then is not None:
            asked.then(asked.result)
        if asked.job is not None and isValid(asked.job):
            _tell(asked.job, asked)


def _tell(job: Job, asked: _Asked) -> None:
    job.finished = True
    if isinstance(asked.error, DeskError):
        job.refused.emit(asked.error)
    elif isinstance(asked.error, Stopped):
        pass
    elif asked.error is not None:
        job.broken.emit()
    else:
        job.done.emit(asked.result)
    if isValid(job):
        job.deleteLater()


def _drop_frames(error: BaseException) -> None:
    """Let go of the frames that an error and its causes passed: they hold what was worked on, in cycles."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in seen:
            seen.add(id(one))
            one.__traceback__ = None
            waiting += [one.__cause__, one.__context__]
