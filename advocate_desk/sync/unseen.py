"""Links of ownership, and statements of the members, that somebody gave a key by and that have not come here.

Whoever gives a key signs by what she gave it. Where that is more than this desk has been shown, the list that it goes
by is an old one: the file's keys are given to nobody from here, and nothing is written in it, until the rest has come.
Once she is out, nothing waits for that any more: only the key that she gave goes no further.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from advocate_desk.sync import owning, state
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.ownership import Owned
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
    waiting, noted = epochs(driver), _noted(driver)
    before = dict(noted)
    for key in keys:
        if key.by == own:
            continue
        place = (key.collection, key.by)
        is_old = held.get(key.collection, {}).get(key.epoch) == key.key
        if place not in noted and is_old and (key.collection, key.epoch) not in waiting:
            continue
        if place not in noted or noted[place][0] <= key.epoch:
            noted[place] = (key.epoch, key.under)
    lasts = owning.lasts(driver, {collection for collection, _ in noted})
    known = {
        place for place, (_, under) in noted.items() if _is_known(driver, members, place[0], under, lasts.get(place[0]))
    }
    driver.executemany("DELETE FROM unseen_link WHERE collection = ? AND by = ?", sorted(known & before.keys()))
    driver.executemany(
        "INSERT OR REPLACE INTO unseen_link (collection, by, epoch, links, last_link, members) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        [
            (*place, epoch, under.links, under.last_link, under.members)
            for place, (epoch, under) in noted.items()
            if place not in known and before.get(place) != (epoch, under)
        ],
    )


def _noted(driver: Driver) -> dict[tuple[bytes, bytes], tuple[int, Under]]:
    """By what keys were given that is not known here: by collection and giver, the epoch and what she named."""
    sql = "SELECT collection, by, epoch, links, last_link, members FROM unseen_link"
    return {
        (bytes(collection), bytes(by)): (epoch, Under(links, bytes(last_link), members))
        for collection, by, epoch, links, last_link, members in driver.execute(sql)
    }


def _is_known(driver: Driver, members: Members, collection: bytes, under: Under, last: Owned | None) -> bool:
    if under.members > members.number:
        return False
    if not under.links or (last is not None and (last.link.number, last.hash) == (under.links, under.last_link)):
        return True
    links = owning.chain(driver, collection)
    return under.links <= len(links) and links[under.links - 1].hash == under.last_link


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
