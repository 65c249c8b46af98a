"""What a desk keeps when its device may act no more and was not reported lost: nothing that others have too.

A change that could not be delivered outlives that: its file stays, and is offered until somebody discards it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Engine

from advocate_desk.sync import inbox, keeping, state
from advocate_desk.sync.keeping import Writing
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.state import Standing
from advocate_desk.sync.statements import Members
from advocate_desk.sync.transaction import writing


def clear_delivered(engine: Engine, device: bytes, now: datetime, is_stopped: Callable[[], bool]) -> int:
    """Take away every shared file that another device may read and that holds nothing of ours that nobody has yet.

    How many stay. `device`: this one. Safe to repeat: one transaction a file. Raises Stopped.
    """
    with engine.connect() as conn:
        driver: Driver = conn.connection.driver_connection
        return clear(driver, device, now, partial(writing, is_stopped=is_stopped))


def clear(driver: Driver, device: bytes, now: datetime, write: Writing) -> int:
    """As `clear_delivered`, on a connection that is in no transaction; raises what `write` raises."""
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        return _clear(driver, device, now, write)
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def clearable(driver: Driver, device: bytes) -> set[bytes]:
    """The files that `clear` would take away, as far as they are marked: asked in the caller's transaction."""
    stand = state.standing(driver)
    if stand is None:
        return set()
    readable = _readable_elsewhere(driver, stand, state.members(driver, stand), device) - {stand.organisation}
    return {each for each in readable if not keeping.is_bound(driver, each)}


def _clear(driver: Driver, device: bytes, now: datetime, write: Writing) -> int:
    stand = state.standing(driver)
    if stand is None:
        return 0
    members = state.members(driver, stand)
    with write(driver):
        keeping.withdraw_all(driver)
    kept = 0
    others = _readable_elsewhere(driver, stand, members, device)
    for collection in keeping.withdrawn(driver):
        with write(driver):
            is_needed = collection not in others or keeping.is_bound(driver, collection)
            if collection != stand.organisation and is_needed:
                kept += 1
                continue
            removed = inbox.clear_file(driver, collection)
            keeping.forget(driver, collection)
            if removed:
                state.tell(driver, now, "cleared", {"file": collection.hex(), "records": removed})
    return kept


def _readable_elsewhere(driver: Driver, stand: Standing, members: Members, device: bytes) -> set[bytes]:
    """The withdrawn files that another device than this one may read and has every key of.

    A backup that was restored under a new identity belonged as a device that nobody noted: as one of this person's that
    keys were given to. What holds for each of those that it can have been holds for the one that it was.
    """
    if device in members.devices:
        return set(keeping.to_clear(driver, members, device))
    rows = driver.execute("SELECT DISTINCT collection, device FROM given_right").fetchall()
    mine = {each.device for each in members.devices.values() if each.person == stand.person}
    could_be = {(bytes(collection), bytes(held)) for collection, held in rows if bytes(held) in mine}
    found = Counter(
        collection
        for own in {held for _, held in could_be}
        for collection in keeping.to_clear(driver, members, own)
        if (collection, own) in could_be
    )
    wanted = Counter(collection for collection, _ in could_be)
    return {collection for collection, count in found.items() if count == wanted[collection]}
