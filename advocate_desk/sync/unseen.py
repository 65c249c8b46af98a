"""Links of ownership, and statements of the members, that somebody gave a key by and that have not come here.

Whoever gives a key signs by what she gave it. Where that is more than this desk has been shown, the list that it goes
by is an old one: the file's keys are given to nobody from here, and nothing is written in it, until the rest has come.
Once she is out, nothing waits for that any more: only the key that she gave goes no further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from advocate_desk.sync import owning, state
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.rights import Key, Under
from advocate_desk.sync.statements import Members

Held = Mapping[bytes, Mapping[int, bytes]]
"""Keys by collection and epoch."""


def take_in(driver: Driver, members: Members, keys: Iterable[Key], own: bytes, held: Held) -> None:
    """Note by what keys were given that is not known here, and strike off what is. In the page's transaction.

    What this desk gave itself it gave by what it knows, and a key that it `held` before by what it knows says nothing
    new: so who has the file's key makes nobody wait for a link that never was. Of what one giver says of a file her
    last word stands, but for one of an earlier epoch: her key of before says nothing of whom the later one is for.
    After a restore of the hub another branch may count than the one that she gave it by, and then she gives it again.
    """
    waiting = epochs(driver)
    for key in keys:
        if key.by == own:
            continue
        place = (key.collection, key.by)
        noted = driver.execute("SELECT epoch FROM unseen_link WHERE collection = ? AND by = ?", place).fetchone()
        is_old = held.get(key.collection, {}).get(key.epoch) == key.key
        if noted is None and is_old and (key.collection, key.epoch) not in waiting:
            continue
        if noted is None or noted[0] <= key.epoch:
            driver.execute(
                "INSERT OR REPLACE INTO unseen_link (collection, by, epoch, links, last_link, members) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (*place, key.epoch, key.under.links, key.under.last_link, key.under.members),
            )
    rows = driver.execute("SELECT collection, by, links, last_link, members FROM unseen_link").fetchall()
    known = [row[:2] for row in rows if _is_known(driver, members, bytes(row[0]), Under(row[2], bytes(row[3]), row[4]))]
    driver.executemany("DELETE FROM unseen_link WHERE collection = ? AND by = ?", known)


def _is_known(driver: Driver, members: Members, collection: bytes, under: Under) -> bool:
    if under.members > members.number:
        return False
    links = owning.chain(driver, collection) if under.links else []
    return not under.links or (under.links <= len(links) and links[under.links - 1].hash == under.last_link)


def files(driver: Driver) -> set[bytes]:
    """The collections of which something is known to be kept from this desk that says who may read them.

    By the word of somebody who may act still: who is out holds nothing up any more.
    """
    rows = driver.execute("SELECT collection, by FROM unseen_link").fetchall()
    stand = state.standing(driver) if rows else None
    if stand is None:
        return set()
    members = state.members(driver, stand)
    return {bytes(collection) for collection, by in rows if members.may_act(bytes(by))}


def epochs(driver: Driver) -> set[tuple[bytes, int]]:
    """The keys, by collection and epoch, that were given by what is not known here: who may have them, nobody knows."""
    return {(bytes(row[0]), row[1]) for row in driver.execute("SELECT collection, epoch FROM unseen_link")}
