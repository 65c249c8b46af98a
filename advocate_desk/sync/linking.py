"""Links of ownership on their way: what was chosen here becomes one, and those of colleagues are judged and taken.

A link that is no link, or that its signer might not make, is left aside and told: what is known here stays, and nothing
is cleared on it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
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

    `parted`: the files of which the hub has another branch, that counts there and not here; `agreed`: those of which it
    has the one that is held here; `seen`: links that are here already, by file and number. `has_gaps`: there is reason
    to ask for all links once more. `are_signed`: links whose signatures were checked.
    """

    taken: dict[bytes, list[tuple[SignedOwnership, Owned]]] = field(default_factory=dict)
    forked: dict[bytes, Owned] = field(default_factory=dict)
    parted: set[bytes] = field(default_factory=set)
    agreed: set[bytes] = field(default_factory=set)
    seen: set[tuple[bytes, int]] = field(default_factory=set)
    refused: int = 0
    has_gaps: bool = False
    are_signed: set[SignedOwnership] = field(default_factory=set)

    def lasts(self) -> dict[bytes, Owned]:
        """The last link taken of each file."""
        return {collection: links[-1][1] for collection, links in self.taken.items()}


# --- what was chosen here ---


def say_wishes(driver: Driver, device: Device, hub: Hub, writing: Writing, now: datetime) -> set[bytes]:
    """Make a link of each file that is new or that somebody here gave to others; the files whose link was not taken.

    What whoever is at the desk may choose no more is laid before those who have the file. A link is kept before the hub
    hears of it, so that an answer that is lost costs nothing. Where a colleague was quicker, hers comes with the next
    page.
    """
    stand = state.standing(driver)
    members = state.members(driver, stand) if stand is not None else None
    if stand is None or members is None or members.sign_public(device.id.bytes) is None:
        return set()  # nobody has let this desk in yet
    refused = _say_again(driver, hub, writing) | _say(driver, device, hub, writing, members)
    owning.strike_off(driver, writing)
    wishes = [
        (collection, before, whose)
        for collection, (before, whose, is_new) in owning.disagreeing(driver).items()
        if (before is not None or is_new) and collection not in refused
    ]
    if not wishes:
        return refused
    me, at = members.people.get(stand.person), int(now.timestamp())
    with writing(driver):
        for collection, before, chosen in wishes:
            whose = chosen
            if before is not None and (me is None or not ownership.may_read(me, before.link)):
                was = owning.texts(before.whose)
                _lay(driver, members, stand, Scribe(driver, now), whose, was, before, _apart(owning.texts(whose), was))
                owning.show(driver, collection, before.whose)
            else:
                if whose.is_restricted and whose.person is None and not whose.readers:
                    whose = replace(whose, readers=frozenset([stand.person]))  # else nobody could ever open it again
                    owning.show(driver, collection, whose)
                link = ownership.following(members, collection, before, whose, stand.person, at)
                signed = ownership.sign(link, device.id.bytes, device.sign_seed.buffer, device.sign_public)
                owning.keep(driver, signed, owning.MADE)
    return refused | _say(driver, device, hub, writing, members)


def _say_again(driver: Driver, hub: Hub, writing: Writing) -> set[bytes]:
    """Say the links that the hub has answered and not shown since; the files of those that it does not take any more.

    It may have been restored to before that, and nobody else have heard of them. Where it has another in the place of
    one by now, all its links are asked for.
    """
    answered = owning.unshown(driver, owning.ANSWERED)
    if not answered:
        return set()
    parted = keeping.parted(driver)
    known = [each for each in answered if ownership.known(each).link.collection not in parted]
    lost = {
        ownership.known(link).link.collection
        for start in range(0, len(known), wire.MOST_LINKS)
        for link, is_taken in _ask(hub, known[start : start + wire.MOST_LINKS])
        if not is_taken
    }
    if lost:
        with writing(driver):
            state.change(driver, rights_number=0, rights_mark=None)
    return lost


def _say(driver: Driver, device: Device, hub: Hub, writing: Writing, members: Members) -> set[bytes]:
    """Say the links that wait; the files of those that the hub did not take: what it took instead is to come first."""
    waiting, refused = owning.unshown(driver, owning.MADE), set[bytes]()
    for start in range(0, len(waiting), wire.MOST_LINKS):
        answers = _ask(hub, waiting[start : start + wire.MOST_LINKS])
        with writing(driver):
            for link, is_taken in answers:
                found = ownership.known(link)
                if not is_taken:
                    owning.cut(driver, found.link.collection, found.link.number)
                    refused.add(found.link.collection)
                    continue
                before = owning.last(driver, found.link.collection)
                owning.keep(driver, link, owning.ANSWERED)
                if owning.shown_of(driver, found.link.collection) == found.whose:
                    owning.show(driver, found.link.collection, found.whose)
                _forget_touch(driver, found.link.collection)
                keeping.keep_given_way(driver, found.link.collection, None)
                keeping.mark_handed_on(driver, device.id.bytes, members, [before] if before else [], found)
            changed = {ownership.known(each).link.collection for each, _ in answers}
            keeping.judge(driver, members, device.id.bytes, lambda _: device.id.bytes, changed)
    return refused


def _ask(hub: Hub, said: Sequence[SignedOwnership]) -> list[tuple[SignedOwnership, bool]]:
    """Say links, and whether the hub has each then. Raises Distrust where it does not answer for each."""
    outcomes = hub.owners(said)
    if len(outcomes) != len(said):
        raise Distrust("answer")
    return [(link, outcome.state == ACCEPTED) for link, outcome in zip(said, outcomes, strict=True)]


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


def lay_wish(driver: Driver, members: Members, stand: Standing, collection: bytes, now: datetime) -> bool:
    """Lay what was chosen here of a file, and is no link, before those who have it; whether there was anything.

    In the caller's transaction.
    """
    last, shown = owning.last(driver, collection), owning.shown_of(driver, collection)
    if last is None or shown is None or shown == last.whose:
        return False
    was = owning.texts(last.whose)
    _lay(driver, members, stand, Scribe(driver, now), shown, was, last, _apart(owning.texts(shown), was))
    owning.show(driver, collection, last.whose)
    return True


# --- what came ---


def check(driver: Driver, members: Members, links: Sequence[SignedOwnership], taken_from: int) -> Links:
    """Judge the links of a page, which are each file's in order. `taken_from`: as `ownership.take` has it."""
    found = Links(are_signed=ownership.signed_of(members, _of_new_files(driver, links)))
    chains: dict[bytes, list[Owned]] = {}
    first: set[bytes] = set()
    parted = keeping.parted(driver)
    for signed in links:
        collection = b""
        try:
            said = ownership.known(signed).link
            collection = said.collection
            if collection not in chains:
                chains[collection] = owning.chain(driver, collection)
                if not chains[collection]:
                    first.add(collection)
            _judge(members, chains[collection], signed, 0 if collection in first else taken_from, found)
        except Distrust:
            found.refused += 1
            if chains.get(collection) and ownership.is_signed(members, signed):
                found.parted.add(collection)  # a hub that took it leaves out by it
                found.has_gaps = found.has_gaps or collection not in parted  # else it was asked for in vain
        else:
            is_last = said.number == len(chains[collection])
            if is_last and chains[collection][-1].hash == ownership.known(signed).hash:
                found.agreed.add(collection)
    found.agreed -= found.parted
    return found


def _of_new_files(driver: Driver, links: Iterable[SignedOwnership]) -> list[SignedOwnership]:
    """The links of files of which there is none here: all their signatures are to be checked."""
    named: list[tuple[bytes, SignedOwnership]] = []
    for each in links:
        with suppress(Distrust):
            named.append((ownership.known(each).link.collection, each))
    held = owning.lasts(driver, {collection for collection, _ in named})
    return [each for collection, each in named if collection not in held]


def _judge(members: Members, chain: list[Owned], signed: SignedOwnership, taken_from: int, found: Links) -> None:
    """Add a link to its file's chain. Raises Distrust for one that does not follow.

    One in the place of another that is held here, from a hub that was restored or lies, stands only where its signer
    might follow on both: else the branch that is held here stays.
    """
    link = ownership.known(signed).link
    if link.number <= len(chain):
        if chain[link.number - 1].hash == ownership.known(signed).hash:
            found.seen.add((link.collection, link.number))
            return
        if link.number == 1:
            raise Distrust("another history")
        latest = chain[-1]
        taken = ownership.take(members, chain[link.number - 2], signed, taken_from, found.are_signed)
        signer = members.actor_at(signed.signer, link.members)
        if signer is None or not ownership.may_read(signer, latest.link):
            raise Distrust("no right")
        found.forked.setdefault(link.collection, latest)
        del chain[link.number - 1 :]
        links = found.taken.get(link.collection, [])
        found.taken[link.collection] = [each for each in links if each[1].link.number < link.number]
    else:
        taken = ownership.take(members, chain[-1] if chain else None, signed, taken_from, found.are_signed)
    chain.append(taken)
    found.taken.setdefault(link.collection, []).append((signed, taken))


def keep(driver: Driver, device: Device, stand: Standing, members: Members, links: Links, now: datetime) -> None:
    """Keep what was taken, and let the files' columns say it. In the caller's transaction.

    A choice of ours that is overtaken becomes an open conflict: the link counts until somebody decides.
    """
    keeping.mark_parted(driver, links.parted, links.agreed)
    owning.mark_seen(driver, links.seen)
    scribe = Scribe(driver, now)
    for collection, taken in links.taken.items():
        lost = links.forked.get(collection)
        before = lost or owning.last(driver, collection)
        owning.cut(driver, collection, taken[0][1].link.number)
        for signed, _ in taken:
            owning.keep(driver, signed, owning.SEEN)
        new = [owned for _, owned in taken]
        keeping.mark_handed_on(driver, device.id.bytes, members, [*([before] if before else []), *new[:-1]], new[-1])
        keeping.keep_given_way(driver, collection, lost)
        shown = owning.shown_of(driver, collection)
        if shown is None or shown == new[-1].whose:
            continue
        was = _chosen_from(driver, device.id.bytes, before, lost, new, shown)
        if was is None:  # this desk shows what it knew before
            owning.show(driver, collection, new[-1].whose)
            continue
        ours, theirs = owning.texts(shown), owning.texts(new[-1].whose)
        chosen = [each for each in _apart(ours, was) if each in _apart(ours, theirs)]
        clashes = [each for each in chosen if each in _apart(theirs, was)]
        alone = {name for each in chosen if each not in clashes for name in each if name in OWNING}
        if _lets_in(members, new[-1], theirs | {name: ours[name] for name in alone}):
            clashes, alone = chosen, set()
        if clashes:
            _lay(driver, members, stand, scribe, shown, was, new[-1], clashes)
        # what was chosen here alone stands, and is made a link on top of theirs
        owning.show(driver, collection, owning.whose_of(theirs | {name: ours[name] for name in alone}))


def _lets_in(members: Members, last: Owned, values: Mapping[str, object]) -> bool:
    """Whether somebody whom a restricted file is kept from would read it, if that followed on its last link."""
    whose = owning.whose_of(values)
    link = ownership.following(members, last.link.collection, last, whose, last.link.opener)
    return last.link.is_restricted and not ownership.entitled(members, link) <= ownership.entitled(members, last.link)


def _apart(one: Mapping[str, object], other: Mapping[str, object]) -> list[tuple[str, ...]]:
    """What two sides say differently, of what says one thing."""
    return [group for group in _SAYING_ONE_THING if any(one[each] != other[each] for each in group if each in OWNING)]


def _chosen_from(
    driver: Driver, own: bytes, before: Owned | None, lost: Owned | None, new: Sequence[Owned], shown: Whose
) -> dict[str, object] | None:
    """What the columns of a file said when it was chosen what they show now; None where nobody chose anything."""
    if lost is not None:
        links = owning.chain(driver, new[0].link.collection)
        ancestor = links[new[0].link.number - 2] if new[0].link.number > 1 else None
        return owning.texts(ancestor.whose if ancestor else owning.NOBODYS)
    if before is not None and shown == before.whose:
        return None
    said = [each for each in new if each.signer == own]
    if said:
        return owning.texts(said[-1].whose)
    return owning.texts(before.whose if before is not None else owning.NOBODYS)


def _lay(
    driver: Driver,
    members: Members,
    stand: Standing,
    scribe: Scribe,
    ours: Whose,
    before: Mapping[str, object],
    theirs: Owned,
    groups: Sequence[Sequence[str]],
) -> None:
    """Make open conflicts of what was chosen here and does not count; the name of the advocate goes with it."""
    collection = theirs.link.collection
    row = driver.execute(
        "SELECT allocated_to, base, synced_rev, changed_at FROM client_file WHERE id = ?", (collection.hex(),)
    ).fetchone()
    name = json.loads(row[1]).get("allocated_to", row[0]) if row[1] else row[0]
    mine = {"allocated_to": row[0], **owning.texts(ours)}
    hers = {"allocated_to": name, **owning.texts(theirs.whose)}
    was = {"allocated_to": name, **before}
    author = members.devices[theirs.signer].person.hex()
    place = Arrived(CLIENT_FILE, collection, collection, row[2] or 0, author, stand.person.hex(), {})
    hers_at = state.moment(datetime.fromtimestamp(min(theirs.link.at, _LATEST_S), UTC))
    for group in groups:
        values: list[Mapping[str, object]] = [{each: side[each] for each in group} for side in (was, mine, hers)]
        clash = Clash(tuple(group), dict(values[0]), dict(values[1]), dict(values[2]), is_critical=True)
        scribe.keep(shapes()[CLIENT_FILE], place, clash, row[3], hers_at)
        if "allocated_to" in group and row[1]:
            driver.execute("UPDATE client_file SET allocated_to = ? WHERE id = ?", (name, collection.hex()))


_LATEST_S = 2**37
