"""One exchange with the hub: send what waits, take what is new, merge, and see that nothing was kept from us.

Runs on a thread of its own with a connection of its own, in short transactions, so that the desk goes on beside it. It
may stop anywhere, by a lost network, a kill or a lock, and goes on from there: what the hub has taken is known by its
answer or by asking again, and a page and the tip that it reaches are one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import Engine

from advocate_desk.clock import Clock
from advocate_desk.sync import (
    claims,
    clearing,
    doubting,
    giving,
    giving_back,
    handing_over,
    inbox,
    keeping,
    linking,
    missing,
    opening,
    outbox,
    removal,
    sending,
    state,
    unseen,
    wire,
)
from advocate_desk.sync.aside import Aside
from advocate_desk.sync.filling import Fetcher, Filling
from advocate_desk.sync.hub import Hub, HubRefused, Removed
from advocate_desk.sync.manifest import Distrust, Manifest
from advocate_desk.sync.outbox import Behind, Driver, Sealed
from advocate_desk.sync.pages import OwnAhead, Taker
from advocate_desk.sync.sending import Ahead, Reader
from advocate_desk.sync.state import Standing
from advocate_desk.sync.transaction import writing
from advocate_desk.sync.wire import Page, Pull, Push, PushAnswer
from advocate_desk.vault.device import Device

ROUNDS = 6
"""How often an exchange merges and sends again what was behind, before it leaves the rest to the next."""
ROUNDS_IN_VAIN = 2
"""So many rounds one after the other that sent nothing and heard nothing end it: what waits is held back."""
MOST_PAGES = 1_000_000
"""Of one exchange: more is a hub that comes to no end."""


class _TakenBack(Exception):
    """The hub did not take a push as it is: what it carried waits, unsent."""

    def __init__(self, code: str, push: Push) -> None:
        super().__init__(code)
        self.code, self.push = code, push


@dataclass
class Report:
    """What an exchange did. `kinds` and `files` are what screens read again; `troubles` are fixed words to be told.

    `wrote`: as `Applied` has it. `lacks_links`: links of ownership that the hub must have did not come, and are asked
    for again the next time.
    """

    sent: int = 0
    received: int = 0
    clashes: int = 0
    waiting: int = 0
    kinds: set[str] = field(default_factory=set)
    files: set[bytes] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)
    lacks_links: bool = False
    wrote: dict[bytes, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Exchange:
    """This desk's side of the exchange. `progress` is told what has come and what the hub has, while it runs."""

    engine: Engine
    device: Device
    hub: Hub
    clock: Clock
    is_stopped: Callable[[], bool] = lambda: False
    progress: Callable[[int, int], None] = lambda _done, _all: None
    may_clear_many: bool = False
    aside: Aside = field(default_factory=Aside)

    def run(self) -> Report:
        """Exchange until nothing is left, or until the next time.

        Raises Unreachable, HubRefused, Removed, Distrust or Stopped; what was done until then is kept.
        """
        report = Report()
        with self.aside, self._connection() as driver:
            stand = state.standing(driver)
            if stand is None or stand.is_paused:
                return report
            try:
                self._exchange(driver, report)
                giving_back.see_ours(driver, self.hub, self.device.id.bytes)
            except HubRefused as refusal:
                if refusal.code == "revoked":
                    removal.check(driver, stand, refusal, self.device.id.bytes)
                if refusal.code == "full":
                    with suppress(HubRefused):  # what was refused first is told
                        self._receive(driver, report)  # the hub has no space, and gives all the same
                        self._obey_loss(driver)
                if refusal.code != "other_history":
                    raise
                self._give_back(driver, refusal.detail, report)
                self._exchange(driver, report)
            if keeping.parted(driver) and "links_refused" not in report.troubles:
                report.troubles.append("links_refused")
            if keeping.handed_back(driver):
                report.troubles.append("handed_back")
            self._obey_loss(driver)
            pulled = state.standing(driver)
            self._clear_withdrawn(driver, report)
            self._leave(driver)
            doubting.say(driver, self.hub, self._writing)
            report.waiting = outbox.count_unsent(driver)
            own_number = pulled.push_number if pulled else 0
            if missing.look(driver, self.device.id.bytes, own_number, self._writing, self.clock.now()):
                report.troubles.append("withheld")
            with self._writing(driver):
                state.change(driver, exchanged_at=state.moment(self.clock.now()))
                if report.lacks_links:
                    state.change(driver, rights_number=0, rights_mark=None)
        return report

    def _exchange(self, driver: Driver, report: Report) -> None:
        """Send and receive until nothing is left to do, or until the next time."""
        giving.confirm_own(driver, self.device, self.hub, self._writing)
        with suppress(_TakenBack):
            self._answer_outgoing(driver, report)
        stand = state.standing(driver)
        if stand is not None and not state.members(driver, stand).number:
            self._receive(driver, report)  # who knows no member yet can give no key, and every file would be refused
        filled_again: set[bytes] = set()
        keeping.say_cleared(driver, self.hub, self._writing)
        is_asked_anew = stand is not None and not stand.rights_number
        held_back: set[bytes] = set()
        in_vain = 0
        for _round in range(ROUNDS):
            sent, waited = report.sent, outbox.count_unsent(driver)
            held_back, behind = self._offer(driver, report)
            is_told = self._receive(driver, report)
            if behind:
                self._unblock(driver, behind, filled_again, report)
            waits = outbox.count_unsent(driver)
            if behind is None and not is_told and not waits:
                break
            is_in_vain = not behind and not is_told and (report.sent, waits) == (sent, waited)
            in_vain = in_vain + 1 if is_in_vain else 0
            if in_vain == ROUNDS_IN_VAIN:
                break
        refused = held_back - keeping.parted(driver)
        if refused and is_asked_anew:  # the hub has another branch, which it does not show
            with self._writing(driver):
                keeping.mark_parted(driver, refused, ())
        report.lacks_links = report.lacks_links or bool(refused and not is_asked_anew)

    def _offer(self, driver: Driver, report: Report) -> tuple[set[bytes], list[Behind] | None]:
        """Say whose files are, give keys and send: the files whose link was not taken, and what `_send` gives."""
        refused = linking.say_wishes(driver, self.device, self.hub, self._writing, self.clock.now())
        self._renew_keys(driver)
        return refused, self._send(driver, report, (refused | unseen.files(driver)) - keeping.parted(driver))

    def _renew_keys(self, driver: Driver) -> None:
        giving.renew_stale(driver, self.device, self.hub, self._writing)
        giving.offer_keys(driver, self.device, self.hub, self._writing)

    # --- the connection ---

    @contextmanager
    def _connection(self) -> Iterator[Driver]:
        """A connection on which a record may come before its parent."""
        with self.engine.connect() as conn:
            driver: Driver = conn.connection.driver_connection
            driver.execute("PRAGMA foreign_keys = OFF")
            try:
                yield driver
            finally:
                driver.execute("PRAGMA foreign_keys = ON")

    def _writing(self, driver: Driver) -> AbstractContextManager[None]:
        return writing(driver, self.is_stopped)

    # --- sending ---

    def _answer_outgoing(self, driver: Driver, report: Report) -> list[Behind]:
        """Send the push that was under way, again. Raises as `_say` does."""
        row = driver.execute("SELECT body, sent FROM outgoing_push").fetchone()
        if row is None:
            return []
        push = wire.unpack(Push, bytes(row[0]))
        sent = sending.sent_again(driver, push, wire.unpack_words(bytes(row[1])))
        behind, _ = self._say(driver, push, Sealed([], [], sent), report)
        return behind

    def _say(
        self, driver: Driver, push: Push, sealed: Sealed, report: Report, ahead: Ahead | None = None
    ) -> tuple[list[Behind], tuple[Push, Sealed] | None]:
        """Send the push under way and take its answer in. Gives what in it was behind, and the push that follows.

        That one is sealed by `ahead` while the hub answers; where all was accepted it is under way when this one is
        not any more, in one transaction. Raises _TakenBack where the hub cannot take the push as it is.
        """
        try:
            answer, following = self._ask_and_seal(push, ahead)
        except HubRefused as refusal:
            if refusal.code not in {"out_of_order", "no_right", "other_members"}:
                raise
            stand = state.standing(driver)
            if refusal.code == "out_of_order" and stand is not None and refusal.detail < stand.push_number:
                # it lost pushes of ours that it had taken
                raise HubRefused("other_history", giving_back.LATEST) from refusal
            self._take_push_back(driver, refusal)
            raise _TakenBack(refusal.code, push) from refusal
        with self._writing(driver):
            is_untouched = outbox.writes_of_others(driver) == sealed.written
            behind = outbox.settle(driver, push, sealed.sent, answer, is_untouched=is_untouched)
            said = wire.unpack(Manifest, push.manifest)
            claims.told(driver, said.seen)
            state.change(driver, push_number=said.number, push_hash=wire.digest(push.manifest), push_after=said.number)
            driver.execute("DELETE FROM outgoing_push")
            next_push = self._begin_push(driver, following) if following is not None and not behind else None
        report.sent += len(sealed.sent) - len(behind)
        return behind, (next_push, following) if next_push is not None and following is not None else None

    def _ask_and_seal(self, push: Push, ahead: Ahead | None) -> tuple[PushAnswer, Sealed | None]:
        if ahead is None:
            return self.hub.push(push), None
        answer = self.aside.begin(self.hub.push, push)
        try:
            following = ahead()
        except BaseException:
            self.aside.settle(answer)
            raise
        return self.aside.answer(answer), following

    def _begin_push(self, driver: Driver, sealed: Sealed) -> Push | None:
        """Sign a push and keep it until it is answered. In the caller's transaction."""
        stand = state.standing(driver)
        if stand is None:
            return None
        chain = state.own_chain(driver, stand, self.device.id.bytes)
        push = msgspec.structs.replace(outbox.sign_push(sealed, chain, self.device.sign_seed.buffer), tip=stand.tip)
        driver.execute(
            "INSERT INTO outgoing_push (only, body, sent) VALUES (1, ?, ?)",
            (wire.pack(push), wire.pack_words([each.kind for each in sealed.sent])),
        )
        return push

    def _take_push_back(self, driver: Driver, refusal: HubRefused) -> None:
        """The hub cannot take this push as it is: the records wait, unsent, and the chain goes on from what it has."""
        with self._writing(driver):
            stand = state.standing(driver)
            if refusal.code == "out_of_order" and stand is not None and refusal.detail == stand.push_number:
                state.change(driver, push_after=refusal.detail)  # else it has more of ours than we know of: pull first
            driver.execute("DELETE FROM outgoing_push")
            state.tell(driver, self.clock.now(), "push_refused", {"code": refusal.code})

    def _send(self, driver: Driver, report: Report, held_back: Collection[bytes] = ()) -> list[Behind] | None:
        """Send until nothing waits: then None; or until something was behind, or was not taken as it is.

        But nothing of the files in `held_back`: whose they are has changed, and what was chosen here may not count.

        Where the hub refuses a push for one file that it holds, the files go one by one, so that only that one waits.
        """
        refused = set(held_back)
        renewed: set[bytes] = set()
        is_single = False
        while True:
            stand = state.standing(driver)
            if stand is None:
                return None
            reader = Reader(driver, stand.organisation, refused)
            records = reader.read()
            if is_single:
                records = [each for each in records if each.collection == records[0].collection]
            if not records and not self._has_to_say(driver, stand):
                return [] if refused else None
            stale = state.stale_files(driver, {each.collection for each in records} - renewed)
            if stale:  # written to since the exchange began
                renewed |= stale
                self._renew_keys(driver)
                refused |= state.stale_files(driver, stale) - set(keeping.withdrawn(driver))  # another desk's key comes
                continue
            # without records: the hub lost manifests of ours, or somebody claims more than there were; it says so
            try:
                behind = self._send_on(driver, reader, reader.seal(records), is_single, report)
            except _TakenBack as back:
                if back.code != "no_right":
                    return []
                is_single = True
                refused |= self._left_alone(driver, back.push)
                continue
            if behind:
                return behind

    def _has_to_say(self, driver: Driver, stand: Standing) -> bool:
        """Whether a push is due though there may be no record in it."""
        is_behind = stand.push_after < stand.push_number
        return is_behind or claims.has_to_deny(driver, self.device.id.bytes, stand.push_number)

    def _left_alone(self, driver: Driver, refused: Push) -> set[bytes]:
        """The file of a push that the hub refused for it alone: the hub may have lost that it is ours to write."""
        if len(refused.parts) != 1:
            return set()
        collection = refused.parts[0].collection
        with self._writing(driver):
            keeping.forget_given(driver, collection)
        return {collection}

    def _send_on(self, driver: Driver, reader: Reader, sealed: Sealed, is_single: bool, report: Report) -> list[Behind]:
        """Send a push, and where much waits those after it too; what was behind in the last."""
        with self._writing(driver):
            push = self._begin_push(driver, sealed)
        following = (push, sealed) if push is not None else None
        behind: list[Behind] = []
        while following is not None and not behind:
            ahead = None if is_single or not reader.has_more else reader.ahead
            behind, following = self._say(driver, *following, report, ahead)
        return behind

    def _unblock(self, driver: Driver, behind: Sequence[Behind], filled_again: set[bytes], report: Report) -> None:
        """What was behind and has not come with the history is asked for again, file by file, once an exchange.

        A later revision that nobody can read is written over by ours: it stays here as it came.
        """
        gone = set(keeping.withdrawn(driver))
        absent = {each.collection for each in behind if not opening.is_here(driver, each)} - gone
        with self._writing(driver):
            for each in behind:
                if each.collection in gone:
                    outbox.set_apart(driver, each)
                elif opening.is_spoiled(driver, each):
                    outbox.write_over(driver, each)
            for collection in absent - filled_again:
                keeping.fill_again(driver, collection)
        if absent & filled_again:
            report.troubles.append("withheld")
        filled_again |= absent

    # --- receiving ---

    def _receive(self, driver: Driver, report: Report) -> bool:
        """Pull page after page until there is no more. True where members or rights have changed."""
        with Fetcher(self.hub, self.aside) as fetcher:
            return self._receive_from(fetcher, driver, report)

    def _receive_from(self, fetcher: Fetcher, driver: Driver, report: Report) -> bool:
        is_told = with_own = False
        before: Pull | None = None
        filling: Filling | None = None
        for _page in range(MOST_PAGES):
            stand = state.standing(driver)
            if stand is None:
                return is_told
            filling = filling or Filling(driver, stand)
            said, said_hash = state.last_statement(driver)
            asked = Pull(
                stand.tip,
                said,
                stand.rights_number,
                with_own=with_own,
                rights_mark=stand.rights_mark,
                statements_hash=said_hash,
            )
            pull = filling.ask(asked)
            if pull == before:
                break
            page = fetcher.pull(pull)
            if said and page.has_other_members:
                giving_back.tell_other_members(driver, report.troubles, self._writing, self.clock.now())
            if page.members and (page.members < said or page.rights_head < stand.rights_number):
                raise HubRefused("other_history", page.head)
            fetcher.begin(filling.following(pull, page))
            try:
                taker = Taker(driver, self.device, stand, pull)
                self._take_page(driver, taker, page, report)
            except OwnAhead:
                with_own = True
                continue
            before = pull
            filling.took(pull, page)
            reached = page.pushes[-1].sequence if page.pushes else stand.tip.sequence
            self.progress(*filling.progress(reached, page.head))
            is_told = is_told or taker.is_told
            if not page.has_more and filling.is_done():
                return is_told
        raise Distrust("no progress")

    def _take_page(self, driver: Driver, taker: Taker, page: Page, report: Report) -> None:
        done, is_unreadable = taker.take(page, self._writing, self.clock.now())
        report.received += done.added + done.changed
        report.clashes += done.clashes
        report.kinds |= done.kinds
        report.files |= done.files
        report.wrote |= done.wrote
        if is_unreadable:
            report.troubles.append("unreadable")
        if done.restored:
            report.troubles.append("final_changed")
        if done.forked:
            report.troubles.append("forked")
        if done.links_refused and "links_refused" not in report.troubles:
            report.troubles.append("links_refused")
        report.lacks_links = report.lacks_links or done.has_gaps

    # --- what changes what this desk may have ---

    def _obey_loss(self, driver: Driver) -> None:
        """Raises Removed where the chain, as it has come by now, says that this device is lost."""
        stand = state.standing(driver)
        own = state.members(driver, stand).devices.get(self.device.id.bytes) if stand else None
        if own is not None and own.is_lost:
            raise Removed(is_lost=True)

    def _leave(self, driver: Driver) -> None:
        """Raises Removed once this desk's person has left, and her work is delivered and her files are cleared."""
        if self._has_left(driver) and not self._to_clear(driver):
            raise Removed(is_lost=False)

    def _has_left(self, driver: Driver) -> bool:
        stand = state.standing(driver)
        chain = state.members(driver, stand) if stand else None
        return chain is not None and chain.is_out(self.device.id.bytes)

    def _give_back(self, driver: Driver, head: int, report: Report) -> None:
        """The hub has lost its tail: agree on where, give back members' statements, and mark unsent what it lost."""
        are_refused = giving_back.give_statements(driver, self.hub)
        parted = giving_back.give_links(driver, self.hub)
        agreed = giving_back.find_agreement(driver, self.hub, head)
        held, last_number = giving_back.ask_revisions(driver, self.hub, self.is_stopped)
        with self._writing(driver):
            giving_back.rewind(driver, self.device.id.bytes, agreed, held, last_number, self.clock.now())
            keeping.mark_parted(driver, parted, ())
            if are_refused:
                state.tell(driver, self.clock.now(), "statements_refused", {"statements": are_refused})
        report.troubles.append("gave_back")

    def _to_clear(self, driver: Driver) -> list[bytes]:
        stand = state.standing(driver)
        if stand is None:
            return []
        return keeping.to_clear(driver, state.members(driver, stand), self.device.id.bytes)

    def _clear_withdrawn(self, driver: Driver, report: Report) -> None:
        """Clear the files that this desk's person may read no more, once they are delivered and others have the keys.

        Many that others took are cleared only when whoever is at the desk has agreed: counted since she last did.
        """
        if not self._to_clear(driver):
            return
        giving.offer_keys(driver, self.device, self.hub, self._writing)
        wanted = self._to_clear(driver)
        is_agreed = self.may_clear_many
        chosen = (
            wanted if self._has_left(driver) else clearing.agreed(driver, wanted, self._writing, is_agreed=is_agreed)
        )
        if len(chosen) < len(wanted):
            report.troubles.append("many_withdrawn")
        with self._writing(driver):
            is_laid = handing_over.lay_before_others(driver, chosen, self.clock.now())
        if is_laid:
            self._send(driver, report)
            self._receive(driver, report)  # else that push comes after the tip, where a file that is handed back begins
        for collection in chosen:
            if keeping.is_bound(driver, collection) or not self._lets_clear(driver, collection):
                continue
            with self._writing(driver):
                if keeping.is_bound(driver, collection):
                    continue
                stand, by = state.standing(driver), keeping.taken_by(driver, collection)
                if stand is not None and not is_agreed and clearing.is_taken_by_other(driver, stand, collection):
                    state.change(driver, cleared_files=stand.cleared_files + 1)
                removed = inbox.clear_file(driver, collection)
                keeping.forget(driver, collection, is_said=True)
                if removed:
                    detail = {"file": collection.hex(), "records": removed, "by": [by.hex()] if by else []}
                    state.tell(driver, self.clock.now(), "cleared", detail)
            report.files.add(collection)
            report.kinds.add("client_file")

    def _lets_clear(self, driver: Driver, collection: bytes) -> bool:
        return clearing.lets_clear(driver, self.hub, self._writing, collection)
