"""The transaction in which an exchange writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from advocate_desk.errors import Stopped
from advocate_desk.sync.outbox import Driver


@contextmanager
def writing(driver: Driver, is_stopped: Callable[[], bool]) -> Iterator[None]:
    """A transaction with the tracking switched off. Rolls back on any error, which switches it on again.

    Raises Stopped before it begins or is kept, where the exchange was asked to stop.
    """
    if is_stopped():
        raise Stopped
    driver.execute("BEGIN IMMEDIATE")
    try:
        driver.execute("UPDATE tracking SET is_applying = 1")
        yield
        driver.execute("UPDATE tracking SET is_applying = 0")
        if is_stopped():
            raise Stopped
        driver.execute("COMMIT")
    finally:
        if driver.in_transaction:
            driver.execute("ROLLBACK")
