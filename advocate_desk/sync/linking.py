"""Links of ownership on their way: what was chosen here becomes one, and those of colleagues are judged and taken.

A link that is no link, or that its signer might not make, is left aside and told: what is known here stays, and nothing
is cleared on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from advocate_desk.store.tables.files import OWNING
from advocate_desk.sync import keeping, ownership, owning, state, wire
from advocate_desk.sync.hub import Hub
from advocate_desk.sync.inbox import CLIENT_FILE, Arrived, Scribe
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.merge import CHANGED, EXTRA, Clash
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.ownership import Owned, Whose
from advocate_desk.sync.records import shapes
from advocate_desk.sync.state import Standing
from advocate_desk.sync.statements import Members
from advocate_desk.sync.wire import ACCEPTED, SignedOwnership
from advocate_desk.vault.device import Device

Writing = Callable[[Driver], AbstractContextManager[None]]
_SAYING_ONE_THING = (("allocated_to", "allocated_person", "team"), ("is_restricted", "readers"))
"""What two people may have chosen differently, as whoever decides is asked about it."""


@dataclass
class Links:
    """What a page's links come to: those taken of each file, our last ones that gave way, how many were refused.

    `parted`: the files of which the hub has another branch, that counts there and not here.
    """

    taken: dict[bytes, list[tuple[SignedOwnership, Owned]]] = field(default_factory=dict)
    forked: dict[bytes, Owned] = field(default_factory=dict)
    parted: set[bytes] = field(default_factory=set)
    refused: int = 0

    def lasts(self) -> dict[bytes, Owned]:
        """The last link taken of each file."""
        return {collection: links[-1][1] for collection, links in self.taken.items()}


# --- what was chosen here ---


def say_wishes(driver: Driver, device: Device, hub: Hub, writing: Writing, now: datetime) -> int:
    """Make a link of each file that is new or that somebody here gave to others; how many the hub took.

    What whoever is at the desk may choose no more is laid before those who have the file. A link is kept before the hub
    hears of it, so that an answer that is lost costs nothing. Where a colleague was quicker, hers comes with the next
    page.
    """
    stand = state.standing(driver)
    members = state.members(driver, stand) if stand is not None else None
    if stand is None or members is None or members.sign_public(device.id.bytes) is None:
        return 0  # nobody has let this desk in yet
    taken = _say(driver, device, hub, writing, members)
    wishes = list(_wishes(driver))
    if not wishes:
        return taken
    me, at = members.people.get(stand.person), int(now.timestamp())
    with writing(driver):
        for collection, before, whose in wishes:
            if before is not None and (me is None or not ownership.may_read(me, before.link)):
                _lay(driver, members, stand, Scribe(driver, now), whose, before, before)
                owning.show(driver, collection, before.whose)
            else:
                link = ownership.following(members, collection, before, whose, stand.person, at)
                signed = ownership.sign(link, device.id.bytes, device.sign_seed.buffer)
                owning.keep(driver, signed, is_taken=False)
    return taken + _say(driver, device, hub, writing, members)


def _wishes(driver: Driver) -> Iterator[tuple[bytes, Owned | None, Whose]]:
    """The files of which somebody here chose something that is no link yet: the last link, and what she chose."""
    known = owning.lasts(driver)
    new = {bytes.fromhex(row[0]) for row in driver.execute("SELECT id FROM client_file WHERE synced_rev IS NULL")}
    waiting = {ownership.known(each).link.collection for each in owning.signed(driver, is_taken=False)}
    for collection, whose in owning.shown(driver).items():
        before = known.get(collection)
        is_wish = before.whose != whose if before else collection in new
        if is_wish and collection not in waiting:
            yield collection, before, whose


def _say(driver: Driver, device: Device, hub: Hub, writing: Writing, members: Members) -> int:
    waiting, taken = list(owning.signed(driver, is_taken=False)), 0
    for start in range(0, len(waiting), wire.MOST_LINKS):
        said = waiting[start : start + wire.MOST_LINKS]
        outcomes = hub.owners(said)
        if len(outcomes) != len(said):
            raise Distrust("answer")
        with writing(driver):
            for link, outcome in zip(said, outcomes, strict=True):
                found = ownership.known(link)
                if outcome.state != ACCEPTED:
                    owning.cut(driver, found.link.collection, found.link.number)
                    continue
                taken += 1
                before = owning.last(driver, found.link.collection)
                owning.keep(driver, link, is_taken=True)
                if owning.shown_of(driver, found.link.collection) == found.whose:
                    owning.show(driver, found.link.collection, found.whose)
                _forget_touch(driver, found.link.collection)
                keeping.mark_handed_on(driver, members, [before] if before else [], found)
            keeping.judge(driver, members, device.id.bytes, lambda _: device.id.bytes)
    return taken


def _forget_touch(driver: Driver, collection: bytes) -> None:
    """Do not send a file's record of which nothing changed but whose the file is: that has gone out as a link."""
    shape = shapes()[CLIENT_FILE]
    names = (EXTRA, *shape.columns)
    columns = ", ".join(f'"{name}"' for name in names)
    sql = f"SELECT base, {columns} FROM client_file WHERE id = ? AND base IS NOT NULL"  # noqa: S608 - names of ours
    row = driver.execute(sql, (collection.hex(),)).fetchone()
    base = json.loads(row[0]) if row else {}
    if CHANGED in base and all(
        base.get(name) == value for name, value in zip(names, row[1:], strict=True) if name != CHANGED
    ):
        driver.execute(
            "UPDATE client_file SET base = NULL, changed_at = ? WHERE id = ?", (base[CHANGED], collection.hex())
        )


# --- what came ---


def check(driver: Driver, members: Members, links: Iterable[SignedOwnership], taken_from: int) -> Links:
    """Judge the links of a page, which are each file's in order. `taken_from`: as `ownership.take` has it."""
    found = Links()
    chains: dict[bytes, list[Owned]] = {}
    first: set[bytes] = set()
    for signed in links:
        try:
            collection = ownership.known(signed).link.collection
            if collection not in chains:
                chains[collection] = owning.chain(driver, collection)
                if not chains[collection]:
                    first.add(collection)
            _judge(members, chains[collection], signed, 0 if collection in first else taken_from, found)
        except Distrust:
            found.refused += 1
    return found


def _judge(members: Members, chain: list[Owned], signed: SignedOwnership, taken_from: int, found: Links) -> None:
    """Add a link to its file's chain. Raises Distrust for one that does not follow.

    One in the place of another that is held here, from a hub that was restored or lies, stands only where its signer
    might follow on both: else the branch that is held here stays.
    """
    link = ownership.known(signed).link
    if link.number <= len(chain):
        if chain[link.number - 1].hash == ownership.known(signed).hash:
            return
        if link.number == 1:
            raise Distrust("another history")
        latest = chain[-1]
        taken = ownership.take(members, chain[link.number - 2], signed, taken_from)
        signer = members.actor_at(signed.signer, link.members)
        if signer is None or not ownership.may_read(signer, latest.link):
            found.parted.add(link.collection)
            raise Distrust("no right")
        found.forked.setdefault(link.collection, latest)
        del chain[link.number - 1 :]
        links = found.taken.get(link.collection, [])
        found.taken[link.collection] = [each for each in links if each[1].link.number < link.number]
    else:
        try:
            taken = ownership.take(members, chain[-1] if chain else None, signed, taken_from)
        except Distrust as error:
            if error.what in {"late", "no right"} and ownership.is_signed(members, signed):
                found.parted.add(link.collection)  # a hub that took it leaves out by it
            raise
    chain.append(taken)
    found.taken.setdefault(link.collection, []).append((signed, taken))


def keep(driver: Driver, device: Device, stand: Standing, members: Members, links: Links, now: datetime) -> None:
    """Keep what was taken, and let the files' columns say it. In the caller's transaction.

    A choice of ours that is overtaken becomes an open conflict: the link counts until somebody decides.
    """
    keeping.mark_parted(driver, links.parted, links.taken.keys())
    scribe = Scribe(driver, now)
    for collection, taken in links.taken.items():
        lost = links.forked.get(collection)
        before = lost or owning.last(driver, collection)
        owning.cut(driver, collection, taken[0][1].link.number)
        for signed, _ in taken:
            owning.keep(driver, signed, is_taken=True)
        new = [owned for _, owned in taken]
        keeping.mark_handed_on(driver, members, [*([before] if before else []), *new[:-1]], new[-1])
        shown = owning.shown_of(driver, collection)
        if shown is None or shown == new[-1].whose:
            continue
        own = device.id.bytes
        is_said = lost is None and any(each.signer == own and each.whose == shown for each in new)
        is_wish = lost is not None or before is None or shown != before.whose
        if is_wish and not is_said:
            if all(each.signer == own for each in new):
                continue  # said by this desk itself, and overtaken by what was chosen here since
            _lay(driver, members, stand, scribe, shown, before, new[-1])
        owning.show(driver, collection, new[-1].whose)


def _lay(
    driver: Driver,
    members: Members,
    stand: Standing,
    scribe: Scribe,
    ours: Whose,
    before: Owned | None,
    theirs: Owned,
) -> None:
    """Make open conflicts of what was chosen here and does not count; the name of the advocate goes with it."""
    collection = theirs.link.collection
    row = driver.execute(
        "SELECT allocated_to, base, synced_rev, changed_at FROM client_file WHERE id = ?", (collection.hex(),)
    ).fetchone()
    name = json.loads(row[1]).get("allocated_to", row[0]) if row[1] else row[0]
    mine = {"allocated_to": row[0], **owning.texts(ours)}
    hers = {"allocated_to": name, **owning.texts(theirs.whose)}
    was = {"allocated_to": name, **(owning.texts(before.whose) if before else dict.fromkeys(OWNING))}
    author = members.devices[theirs.signer].person.hex()
    place = Arrived(CLIENT_FILE, collection, collection, row[2] or 0, author, stand.person.hex(), {})
    hers_at = state.moment(datetime.fromtimestamp(min(theirs.link.at, _LATEST_S), UTC))
    for group in _SAYING_ONE_THING:
        if all(mine[each] == hers[each] for each in group if each in OWNING):
            continue
        values: list[Mapping[str, object]] = [{each: side[each] for each in group} for side in (was, mine, hers)]
        clash = Clash(tuple(group), dict(values[0]), dict(values[1]), dict(values[2]), is_critical=True)
        scribe.keep(shapes()[CLIENT_FILE], place, clash, row[3], hers_at)
        if "allocated_to" in group and row[1]:
            driver.execute("UPDATE client_file SET allocated_to = ? WHERE id = ?", (name, collection.hex()))


_LATEST_S = 2**37
