"""The thread beside an exchange: it asks the hub while the exchange's own thread reads, seals or writes.

A daemon: neither a lock nor the end of the program waits for a network that does not answer.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, TypeVar

A = TypeVar("A")
T = TypeVar("T")


class DaemonPool(Executor):
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
                try:
                    future.set_result(work(*args))
                except BaseException as error:  # told to whoever asks for the result
                    future.set_exception(error)
            del future, work, args


class Aside:
    """Asks on a thread of its own, which it has from the first question of an exchange to the end of the exchange.

    `waiting` stands around each wait for an answer, on the thread that waits: it is then in no transaction.
    """

    def __init__(self, waiting: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        self._waiting = waiting
        self._pool: DaemonPool | None = None

    def __enter__(self) -> Aside:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the thread. Whoever began a question has waited for its end."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown()

    def begin(self, ask: Callable[[A], T], said: A) -> Future[T]:
        """Ask, and go on."""
        self._pool = self._pool or DaemonPool("exchange aside")
        return self._pool.submit(ask, said)

    def answer(self, begun: Future[T]) -> T:
        """Wait for what was begun. Raises what asking raised."""
        with self._waiting():
            return begun.result()

    def settle(self, begun: Future[Any]) -> None:
        """Wait for the end of what was begun, whatever it is: the hub is not asked twice at once."""
        if not begun.done():
            with self._waiting():
                begun.exception()


FEW = 32
"""Fewer are done here: a thread costs as much."""


def on_two(work: Callable[[Sequence[A]], list[T]], items: Sequence[A]) -> list[T]:
    """What `work` makes of all the items, in their order, the halves on two processors.

    For what libsodium does, which lets another thread go on meanwhile.
    """
    if len(items) < FEW:
        return work(items)
    half = len(items) // 2
    with ThreadPoolExecutor(1, "beside the exchange") as beside:
        second = beside.submit(work, items[half:])
        return work(items[:half]) + second.result()
