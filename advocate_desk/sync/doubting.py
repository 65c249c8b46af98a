"""Keys that open nothing: what somebody in bad faith was quicker to give, and one of two that a restored hub let be.

A desk says of a file that no key it has opens what came. The hub then takes the keys of others for it too, which stand
beside the first, and what opens anything takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from advocate_desk.sync import keeping
from advocate_desk.sync.hub import Hub, HubRefused
from advocate_desk.sync.opening import NO_KEY, NO_RECORD
from advocate_desk.sync.outbox import Driver

Writing = Callable[[Driver], AbstractContextManager[None]]


def note(driver: Driver, places: Iterable[tuple[bytes, int]]) -> None:
    """Doubt the keys of these files and epochs. In the caller's transaction."""
    driver.executemany("INSERT OR IGNORE INTO doubted_key (collection, epoch, is_said) VALUES (?, ?, 0)", places)


def say(driver: Driver, hub: Hub, writing: Writing) -> None:
    """Tell the hub of doubted keys: each once, after all was pulled."""
    found = _unproven(driver)
    if found:
        with writing(driver):
            note(driver, found)
    gone = set(keeping.withdrawn(driver))
    for (row,) in driver.execute("SELECT DISTINCT collection FROM doubted_key WHERE NOT is_said").fetchall():
        collection = bytes(row)
        if collection in gone:
            continue
        try:
            hub.doubt(collection)
        except HubRefused as refusal:
            if refusal.code != "no_right":
                raise
        with writing(driver):
            driver.execute("UPDATE doubted_key SET is_said = 1 WHERE collection = ?", (collection,))


def _unproven(driver: Driver) -> list[tuple[bytes, int]]:
    """The files and epochs of what came and could not be opened, by a key that never opened anything.

    Not where no key was given: what says it was sealed under an epoch that there is not is no key's fault.
    """
    rows = driver.execute(
        "SELECT DISTINCT u.collection, u.epoch FROM unreadable_item u JOIN collection_key k "
        "ON k.collection = u.collection AND k.epoch = u.epoch LEFT JOIN doubted_key d "
        "ON d.collection = u.collection AND d.epoch = u.epoch "
        "WHERE u.reason IN (?, ?) AND NOT k.is_proven AND d.epoch IS NULL",
        (NO_KEY, NO_RECORD),
    ).fetchall()
    return [(bytes(collection), epoch) for collection, epoch in rows]
