"""What a desk keeps when its device may act no more and was not reported lost: nothing that others have too.

A change that could not be delivered outlives that: its file stays, and is offered until somebody discards it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from advocate_desk.sync import inbox, keeping, state
from advocate_desk.sync.exchange import writing
from advocate_desk.sync.outbox import Driver


def clear_delivered(engine: Engine, now: datetime, is_stopped: Callable[[], bool]) -> int:
    """Take away every shared file that holds no change of ours that nobody has yet; how many stay. Raises Stopped.

    Safe to repeat: one transaction a file.
    """
    with engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            return _clear(driver, now, is_stopped)
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def _clear(driver: Driver, now: datetime, is_stopped: Callable[[], bool]) -> int:
    with writing(driver, is_stopped):
        keeping.withdraw_all(driver)
    organisation = state.standing(driver)
    own = organisation.organisation if organisation is not None else b""
    kept = 0
    for collection in keeping.withdrawn(driver):
        with writing(driver, is_stopped):
            if collection != own and state.is_undelivered(driver, collection):
                kept += 1
                continue
            removed = inbox.clear_file(driver, collection)
            keeping.forget(driver, collection)
            if removed:
                state.tell(driver, now, "cleared", {"file": collection.hex(), "records": removed})
    return kept
