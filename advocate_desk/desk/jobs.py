"""Work off the GUI thread. One worker for the store: it has one writer, and jobs end in the order asked."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from advocate_desk.desk.immortal import keep_true_alive
from advocate_desk.errors import DeskError

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

log = logging.getLogger(__name__)


class Job(QObject):
    """One piece of work in hand. Emits exactly one of its signals, unless its owner ends first: then none."""

    done = Signal(object)
    refused = Signal(object)  # DeskError
    broken = Signal()

    def __init__(self, owner: QObject) -> None:
        super().__init__(owner)
        self.finished = False


class Jobs(QObject):
    """One worker thread. `run` returns at once; answers come back on the GUI thread."""

    _ended = Signal(object, object)  # Job, its finished Future

    def __init__(self, name: str = "store", parent: QObject | None = None) -> None:
        super().__init__(parent)
        keep_true_alive()
        self._name = name
        self._closed = False
        self._stopping = False
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(self, owner: QObject, work: Callable[[], Any]) -> Job:
        """Run `work` (no widget in it). Its Job dies with `owner` and then says nothing.

        After `close` the job is never run and stays silent: its screen is on its way out.
        """
        job = Job(owner)
        if not self._closed:
            future = self._pool.submit(work)
            future.add_done_callback(lambda ended: self._tell(job, ended))
        return job

    def run_unowned(self, work: Callable[[], Any]) -> Future[Any]:
        """Run `work` for nobody: what must be written even if its screen ends. A failure is logged."""
        future = self._pool.submit(work)
        future.add_done_callback(_log_failure)
        return future

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - the first page is painted without a job

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

    def _tell(self, job: Job, future: Future[Any]) -> None:
        if isValid(self):
            self._ended.emit(job, future)

    @Slot(object, object)
    def _deliver(self, job: Job, future: Future[Any]) -> None:
        if future.cancelled() or not isValid(job):  # its screen has closed
            return
        job.finished = True
        try:
            result = future.result()
        except DeskError as error:
            job.refused.emit(error)
        except Exception:
            log.exception("background work failed")
            job.broken.emit()
        else:
            job.done.emit(result)
        if isValid(job):
            job.deleteLater()


def _log_failure(future: Future[Any]) -> None:
    if not future.cancelled() and future.exception() is not None:
        log.error("background work failed", exc_info=future.exception())
