"""The connections that one thread has taken from an engine, so that another thread can end what it does with them.

A lock must not wait for a thread that a network keeps: its statement is cut off, or its connection closed under it.
"""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, event


class ThreadConnections:
    """Watches the connections of the thread that calls `claim`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._thread = 0
        self._lock = threading.Lock()
        self._taken: list[Any] = []
        event.listen(engine, "checkout", self._on_checkout)
        event.listen(engine, "checkin", self._on_checkin)

    def claim(self) -> None:
        """Watch the thread that calls this."""
        self._thread = threading.get_ident()

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
        event.remove(self._engine, "checkout", self._on_checkout)
        event.remove(self._engine, "checkin", self._on_checkin)

    def _on_checkout(self, raw: Any, _record: object, _proxy: object) -> None:  # noqa: ANN401 - the driver has no types
        if threading.get_ident() == self._thread:
            with self._lock:
                self._taken.append(raw)

    def _on_checkin(self, raw: Any, _record: object) -> None:  # noqa: ANN401
        with self._lock:
            self._taken = [each for each in self._taken if each is not raw]
