"""Whether the talk with the hub may go on: asked on its thread, shut on the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from advocate_desk.errors import Stopped


class Gate:
    """Stops a thread between two steps, and knows which threads wait for the network, where they cannot hear of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cut: Callable[[], object] | None = None
        self._waiting: set[int] = set()
        self._is_shut = False
        self._is_wanted_elsewhere = False

    def is_shut(self) -> bool:
        """Whether the desk is closing: nothing is begun any more."""
        return self._is_shut

    def is_stopped(self) -> bool:
        """Whether the exchange in hand is to end: the desk is closing, is paused, or somebody asks for the thread."""
        return self._is_shut or self._is_wanted_elsewhere

    def want(self, is_wanted: bool) -> None:
        """Have the exchange in hand make way, or let exchanges go on."""
        self._is_wanted_elsewhere = is_wanted

    @contextmanager
    def out(self, cut: Callable[[], object]) -> Iterator[None]:
        """Stands around each request. `cut` ends it from another thread. Raises Stopped once the gate is shut."""
        with self._lock:
            if self._is_shut:
                raise Stopped
            self._cut = cut
        try:
            with self.waiting():
                yield
        finally:
            with self._lock:
                self._cut = None

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Stands around a wait for the network, or for a thread that is out there. Raises Stopped at a shut gate."""
        me = threading.get_ident()
        with self._lock:
            self._waiting.add(me)
        try:
            yield
        finally:
            with self._lock:
                self._waiting.discard(me)
                if self._is_shut:
                    raise Stopped

    def shut(self) -> None:
        """End the request in hand, and let no other begin."""
        with self._lock:
            self._is_shut = True
            if self._cut is not None:
                self._cut()

    @contextmanager
    def held_out(self, thread: int) -> Iterator[bool]:
        """True where this thread itself waits for the network; it cannot come back before this ends."""
        with self._lock:
            yield thread in self._waiting
