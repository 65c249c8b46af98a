"""Taking one page of a pull: every part of it checked before anything is written, and written whole or not at all.

What is checked here is what no signature says by itself: the order and the numbers that the hub gives, that it leaves
nothing out, counts nothing twice, and comes to an end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from advocate_desk.store import summaries
from advocate_desk.sync import doubting, gaining, inbox, keeping, linking, owning, state, statements, unseen, wire
from advocate_desk.sync.gaining import Gained
from advocate_desk.sync.inbox import Applied
from advocate_desk.sync.linking import Links
from advocate_desk.sync.manifest import Distrust, Link, Manifest
from advocate_desk.sync.opening import Opener
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.state import Standing
from advocate_desk.sync.statements import Members
from advocate_desk.sync.wire import FilledPart, Page, Pull, PulledPush
from advocate_desk.vault.device import Device

Writing = Callable[[Driver], AbstractContextManager[None]]


class OwnAhead(Exception):
    """The hub has pushes of this device that its store has forgotten: it was restored from a backup of its own."""


@dataclass
class Taker:
    """This desk, as it takes a page. `is_told`: it changed who may read something, or somebody wants a key."""

    driver: Driver
    device: Device
    stand: Standing
    pull: Pull
    is_told: bool = False

    def take(self, page: Page, writing: Writing, now: datetime) -> tuple[Applied, bool]:
        """Check a page and write it, with the tip that it reaches: what it did, and whether something stayed unread.

        Raises Distrust or OwnAhead, and then wrote nothing.
        """
        members = state.members(self.driver, self.stand)
        before = members
        for body in page.statements:
            members = statements.take(members, body)
        own, fresh = self.device.id.bytes, self._fresh_rights(page)
        links = linking.check(self.driver, members, page.owners, self.stand.links_members)
        is_changed = bool(page.statements or page.rights or page.owners)
        filled = {each.collection for each in self.pull.fills}
        # what of the keys here matters: of files that are spoken of, and of what an update lets be read
        among = filled | _spoken_of(page) | state.files_to_read_again(self.driver)
        known = {**owning.lasts(self.driver, among), **links.lasts()} if is_changed else None
        gained = gaining.open_rights(fresh, self.stand, members, known or {}, self.device)
        reading = gaining.reading(self.driver, gained, members, known, own, among)
        opener = Opener(self.stand, members, reading, own, self._other_keys(gained))
        opener.parted = keeping.parted(self.driver) | links.parted | keeping.let_go(self.driver)
        chains = state.chains(self.driver, members)
        seen = self._check_pushes(page, opener, chains.take)
        reached = self._check_fills(page)
        self._check_filled(page, opener, reached)
        with writing(self.driver):
            for number, body in enumerate(page.statements, start=before.number + 1):
                state.keep_statement(self.driver, number, body)
            self._check_members_named(seen, members)
            self._keep_whose(page, (before, members), gained, links, now)
            state.keep_taken(self.driver, fresh)
            state.keep_chains(self.driver, chains, now)
            state.keep_seen(self.driver, seen)
            self._keep_fills(page, reached, opener, seen)
            self._move_on(page, members, chains.ends.get(own))
            done = self._apply(opener, gained, links, now)
        return done, bool(opener.unreadable)

    def _other_keys(self, gained: Gained) -> Callable[[bytes, int], list[bytes]]:
        def others(collection: bytes, epoch: int) -> list[bytes]:
            fresh = [each.key for each in gained.keys if (each.collection, each.epoch) == (collection, epoch)]
            return [*fresh, *state.other_keys(self.driver, collection, epoch)]

        return others

    # --- checks ---

    def _fresh_rights(self, page: Page) -> list[wire.Right]:
        """The rights that were not taken in before. Raises Distrust where the hub's numbers do not rise."""
        last = self.stand.rights_number
        for right in page.rights:
            if right.number <= last:
                raise Distrust("order")
            last = right.number
        if page.rights_upto < last:
            raise Distrust("order")
        return [each for each in page.rights if not state.is_taken(self.driver, each)]

    def _check_pushes(
        self, page: Page, opener: Opener, take: Callable[[PulledPush], Manifest]
    ) -> list[tuple[PulledPush, Manifest]]:
        """Check the new pushes one after the other and open them."""
        last, own, seen = self.stand.tip.sequence, self.device.id.bytes, []
        for push in page.pushes:
            if push.sequence <= last:
                raise Distrust("order")
            last = push.sequence
            said = take(push)
            if said.device == own and said.number > self.stand.push_number and not self.pull.with_own:
                raise OwnAhead
            is_whole = not self.pull.is_bare and (self.pull.with_own or said.device != own)
            opener.take(push, said, is_whole=is_whole)
            seen.append((push, said))
        return seen

    def _check_filled(self, page: Page, opener: Opener, reached: Mapping[bytes, int]) -> None:
        """Check and open the parts that fill files: each was named in its place of the history, and none is left out.

        `reached` says how far each file comes to be filled.
        """
        came: dict[bytes, dict[int, FilledPart]] = {each.collection: {} for each in self.pull.fills}
        for part in page.filled:
            if part.sequence in came.get(part.collection, {part.sequence: None}):
                raise Distrust("not asked")
            came[part.collection][part.sequence] = part
        for fill in self.pull.fills:
            upto = reached[fill.collection]
            named = state.named_parts(self.driver, fill.collection, fill.after, upto) if upto > fill.after else {}
            if not came[fill.collection].keys() <= named.keys():
                raise Distrust("not asked")
            if fill.collection not in opener.keys:  # it was taken from this desk meanwhile
                continue
            if fill.collection in opener.parted and came[fill.collection].keys() != named.keys():
                continue
            if came[fill.collection].keys() != named.keys():
                raise Distrust("left out")
            for sequence, part in came[fill.collection].items():
                opener.fill(part, *named[sequence])

    def _check_fills(self, page: Page) -> dict[bytes, int]:
        """How far each file that was asked for is filled now."""
        left = {each.collection: each for each in page.fills}
        asked = {each.collection: each for each in self.pull.fills}
        if len(left) != len(page.fills) or not left.keys() <= asked.keys():
            raise Distrust("not asked")
        for collection, fill in left.items():
            if fill.until != asked[collection].until or not asked[collection].after <= fill.after < fill.until:
                raise Distrust("not asked")
        return {
            each.collection: left[each.collection].after if each.collection in left else each.until
            for each in self.pull.fills
        }

    def _check_members_named(self, seen: Iterable[tuple[PulledPush, Manifest]], members: Members) -> None:
        """See that colleagues know the same members' chain. In the transaction that kept the statements."""
        named = {(said.members, said.members_hash) for _, said in seen if 0 < said.members <= members.number}
        for number, digest in named:
            if state.statement_hash(self.driver, number) != digest:
                raise Distrust("another history")

    # --- writing ---

    def _keep_whose(
        self, page: Page, members: tuple[Members, Members], gained: Gained, links: Links, now: datetime
    ) -> None:
        """Keep a page's keys and links, and judge who may read what by them and by the members, before and after."""
        before, after = members
        own, given = self.device.id.bytes, {each.collection for each in page.rights}
        keeping.mark_stale(self.driver, own, before, after)
        held = state.keys(self.driver, {each.collection for each in gained.keys})
        gaining.keep(self.driver, gained, own, until=self.stand.tip.sequence)
        gaining.mark_seen(self.driver, page.rights)
        keeping.hear_of(self.driver, given, _given(page))
        doubting.note(self.driver, gained.unfit)
        linking.keep(self.driver, self.device, self.stand, after, links, now)
        keeping.drop_keyless(self.driver, links.taken.keys())
        if page.statements or page.rights or page.owners:
            unseen.take_in(self.driver, after, gained.keys, own, held)
        if page.statements or links.taken or given:  # a key of this desk's own making is shown it here first
            changed = None if page.statements else {*links.taken, *given}
            keeping.judge(self.driver, after, own, _taker(links, page.statements), changed)
        wants = keeping.note_wanting(self.driver, after, [each for each in page.wanting if each.device != own])
        self.is_told = wants or bool(page.statements or gained.keys or links.taken)

    def _apply(self, opener: Opener, gained: Gained, links: Links, now: datetime) -> Applied:
        """Make records of what was opened, and tell what there is to be told."""
        opener.retry(self.driver, gained)
        done = inbox.apply(self.driver, opener.arrived, now)
        done.forked += len(links.forked)
        done.links_refused, done.has_gaps = links.refused, links.has_gaps
        done.files |= links.taken.keys()
        done.kinds |= {inbox.CLIENT_FILE} if links.taken else set()
        opener.keep(self.driver, done)
        self._tell(gained, done, links, now)
        summaries.refresh_through(self.driver, done.files)
        return done

    def _keep_fills(
        self, page: Page, reached: Mapping[bytes, int], opener: Opener, seen: Iterable[tuple[PulledPush, Manifest]]
    ) -> None:
        """Keep how far files are filled now, and what came bare and is to be filled."""
        for collection, upto in reached.items():
            if collection in opener.keys:
                state.keep_fill(self.driver, collection, upto)
        if self.pull.is_bare and page.pushes:
            named = {part.collection for _, said in seen for part in said.parts if part.collection in opener.keys}
            state.fill_bare(self.driver, named, self.stand.tip.sequence, page.pushes[-1].sequence)

    def _move_on(self, page: Page, members: Members, own: Link | None) -> None:
        if page.pushes:
            newest = page.pushes[-1]
            state.change(self.driver, tip_sequence=newest.sequence, tip_hash=wire.digest(newest.manifest))
        state.change(self.driver, rights_number=page.rights_upto, rights_mark=page.rights_mark or None)
        if page.rights_upto == page.rights_head:
            state.change(self.driver, links_members=members.number)
        if own is not None and own.number > self.stand.push_number:
            state.change(self.driver, push_number=own.number, push_hash=own.hash, push_after=own.number)

    def _tell(self, gained: Gained, done: Applied, links: Links, now: datetime) -> None:
        if links.refused:
            state.tell(self.driver, now, "links_refused", {"links": links.refused})
        if gained.unfit:
            state.tell(self.driver, now, "unfit_right", {"rights": len(gained.unfit)})
        if gained.rivals:
            state.tell(self.driver, now, "rival_key", {"by": sorted(each.hex() for each in gained.rivals)})
        if done.restored:
            state.tell(self.driver, now, "final_changed", {"records": done.restored})
        if done.forked:
            state.tell(self.driver, now, "forked", {"records": done.forked})
        if done.not_taken:  # with the page: the exchange may break off behind it, or the desk be locked
            detail = {"values": len(done.not_taken), "newest": done.not_taken[-1]}
            state.tell(self.driver, now, state.NOT_TAKEN, detail)


def _spoken_of(page: Page) -> set[bytes]:
    """The collections whose keys a page gives, or that its manifests name. Raises Distrust."""
    try:
        manifests = [wire.unpack(Manifest, push.manifest) for push in page.pushes]
    except wire.Malformed as error:
        raise Distrust("malformed") from error
    named = {part.collection for said in manifests for part in said.parts}
    return named | {each.collection for each in page.rights}


def _given(page: Page) -> set[bytes]:
    """The collections of which a page gives a part."""
    parts = [part.collection for push in page.pushes for part in push.parts]
    return {*parts, *(each.collection for each in page.filled)}


def _taker(links: Links, said: Sequence[bytes]) -> Callable[[bytes], bytes | None]:
    """The device that saw to it that a file is read no more here: by a link, or by the last statement."""
    lasts = links.lasts()
    signer = statements.said(said[-1])[0] if said else None
    return lambda collection: lasts[collection].signer if collection in lasts else signer
