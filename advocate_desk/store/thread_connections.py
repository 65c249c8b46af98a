"""The connections that one thread has taken from an engine, so that another thread can end what it does with them.

A lock must not wait for a thread that a network keeps: its statement is cut off, or its connection closed under it.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any
from weakref import WeakKeyDictionary

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, event

_watchers: WeakKeyDictionary[Engine, tuple[ThreadConnections, ...]] = WeakKeyDictionary()


def watch(engine: Engine) -> None:
    """Tell who watches of this engine's connections, whoever comes and goes: before any other thread uses it.

    A listener that is added or removed later breaks a checkout that another thread is at.
    """
    _watchers[engine] = ()

    def on_checkout(raw: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - the driver has no types
        for each in _watchers.get(engine, ()):
            each.on_checkout(raw)

    def on_checkin(raw: Any, _record: object) -> None:  # noqa: ANN401
        for each in _watchers.get(engine, ()):
            each.on_checkin(raw)

    event.listen(engine, "checkout", on_checkout)
    event.listen(engine, "checkin", on_checkin)


class ThreadConnections:
    """Watches the connections of the thread that calls `claim`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = 0
        self._lock = threading.Lock()
        self._taken: list[Any] = []
        _watchers[engine] = (*_watchers[engine], self)

    def claim(self) -> None:
        """Watch the thread that calls this."""
        self._thread = threading.get_ident()

    @property
    def thread(self) -> int:
        """The thread that is watched, as `threading` numbers it; 0 before one is."""
        return self._thread

    def interrupt(self) -> None:
        """Cut off the statement in hand: it fails, and its transaction is taken back."""
        with self._lock:
            for raw in self._taken:
                with contextlib.suppress(sqlcipher.Error):
                    raw.interrupt()

    def close(self) -> None:
        """Close them. Only while the thread is at nothing in them; what it does next with one fails."""
        with self._lock:
            for raw in self._taken:
                with contextlib.suppress(sqlcipher.Error):
                    raw.close()

    def end(self) -> None:
        """Watch no more."""
        _watchers[self._engine] = tuple(each for each in _watchers[self._engine] if each is not self)

    def on_checkout(self, raw: Any) -> None:  # noqa: ANN401 - the driver has no types
        """A thread has taken a connection."""
        if threading.get_ident() == self._thread:
            with self._lock:
                self._taken.append(raw)

    def on_checkin(self, raw: Any) -> None:  # noqa: ANN401
        """It has given one back."""
        with self._lock:
            self._taken = [each for each in self._taken if each is not raw]
