"""What a desk keeps when its device may act no more and was not reported lost: nothing that others have too.

A change that could not be delivered outlives that: its file stays, and is offered until somebody discards it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from advocate_desk.sync import inbox, keeping, owning, state
from advocate_desk.sync.exchange import writing
from advocate_desk.sync.outbox import Driver


def clear_delivered(engine: Engine, device: bytes, now: datetime, is_stopped: Callable[[], bool]) -> int:
    """Take away every shared file that another device may read and that holds nothing of ours that nobody has yet.

    How many stay. `device`: this one. Safe to repeat: one transaction a file. Raises Stopped.
    """
    with engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            return _clear(driver, device, now, is_stopped)
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def _clear(driver: Driver, device: bytes, now: datetime, is_stopped: Callable[[], bool]) -> int:
    stand = state.standing(driver)
    if stand is None:
        return 0
    members = state.members(driver, stand)
    with writing(driver, is_stopped):
        keeping.withdraw_all(driver)
    kept = 0
    others = set(keeping.to_clear(driver, members, device))
    for collection in keeping.withdrawn(driver):
        with writing(driver, is_stopped):
            is_sent = not state.is_undelivered(driver, collection) and not owning.is_wished_otherwise(
                driver, collection
            )
            is_needed = collection not in others or not is_sent
            if collection != stand.organisation and is_needed:
                kept += 1
                continue
            removed = inbox.clear_file(driver, collection)
            keeping.forget(driver, collection)
            if removed:
                state.tell(driver, now, "cleared", {"file": collection.hex(), "records": removed})
    return kept
