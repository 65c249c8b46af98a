"""Keys that open nothing: what somebody in bad faith was quicker to give, and one of two that a restored hub let be.

A desk says of a file that no key it has opens what came. The hub then takes the keys of others for it too, which stand
beside the first, and what opens anything takes its place. Then the doubt is settled, and the desk says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from advocate_desk.sync import keeping
from advocate_desk.sync.hub import Hub, HubRefused
from advocate_desk.sync.opening import NO_KEY, NO_RECORD
from advocate_desk.sync.outbox import Driver

Writing = Callable[[Driver], AbstractContextManager[None]]
SAID_AGAIN_AFTER = 8
"""Exchanges after which a doubt that lasts is said again, and then after twice as many each: a hub that was restored
may have forgotten it, and shows that by nothing else."""
_PROVEN = "EXISTS (SELECT 1 FROM collection_key k WHERE k.collection = {0} AND k.epoch = {1} AND k.is_proven)"


def note(driver: Driver, places: Iterable[tuple[bytes, int]]) -> None:
    """Doubt the keys of these files and epochs, but for those that have opened something. In the transaction."""
    proven = _PROVEN.format("?1", "?2")
    driver.executemany(
        f"INSERT INTO doubted_key (collection, epoch, tries) SELECT ?1, ?2, 0 WHERE NOT {proven} "
        "ON CONFLICT DO NOTHING",
        list(places),
    )


def say(driver: Driver, hub: Hub, writing: Writing) -> None:
    """Tell the hub of doubted keys, and of those that are doubted no more. After all was pulled."""
    found = _unproven(driver)
    if found:
        with writing(driver):
            note(driver, found)
    rows = driver.execute("SELECT collection, max(tries), min(tries) FROM doubted_key GROUP BY collection").fetchall()
    settled, gone = _settled(driver), set(keeping.withdrawn(driver))
    for row, most, least in rows:
        collection = bytes(row)
        if collection in settled:
            if most:
                _ask(hub.settled, collection)
            with writing(driver):
                driver.execute("DELETE FROM doubted_key WHERE collection = ?", (collection,))
        elif collection not in gone:
            if _is_due(least):
                _ask(hub.doubt, collection)
            with writing(driver):
                driver.execute("UPDATE doubted_key SET tries = tries + 1 WHERE collection = ?", (collection,))


def _is_due(tries: int) -> bool:
    return not tries or (tries >= SAID_AGAIN_AFTER and tries & (tries - 1) == 0)


def _ask(say_so: Callable[[bytes], None], collection: bytes) -> None:
    try:
        say_so(collection)
    except HubRefused as refusal:
        if refusal.code != "no_right":
            raise


def _settled(driver: Driver) -> set[bytes]:
    """The files of which every key that was doubted has been found: it has opened something."""
    proven = _PROVEN.format("d.collection", "d.epoch")
    sql = f"SELECT collection FROM doubted_key d GROUP BY collection HAVING min({proven})"  # noqa: S608
    return {bytes(row[0]) for row in driver.execute(sql)}


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
