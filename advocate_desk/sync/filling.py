"""Which files are filled first: a new desk shows what its advocate works with before the rest has come.

It takes the chains first, without a record. Of every file, its person's before others', it then asks for the file's own
record alone, opens it, and fills the files in that order: open before closed, the newest changed first. Those records
are not kept and nothing is judged by them: they come again with the file, and are checked then. A hub that gives old
ones, or none, changes an order and nothing else; and it learns from none of this what it did not know: which files are
open, it sees only as that they are asked for first.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice, takewhile
from types import TracebackType

import msgspec

from advocate_desk.sync import owning, seal, state, wire
from advocate_desk.sync.aside import Aside
from advocate_desk.sync.hub import Hub
from advocate_desk.sync.inbox import CLIENT_FILE
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.seal import Forged, Place
from advocate_desk.sync.state import Standing
from advocate_desk.sync.wire import Fill, Page, Pull, PulledPart

FEW = 16
"""So many files are filled in any order: they come with the next page."""
MOST_ASKED = 250
"""Files in one request: more than come with a page."""
OWN, OPEN, UNKNOWN, CLOSED = range(4)
NOTHING = (UNKNOWN, "")


@dataclass
class Filling:
    """What is still to be filled, and in which order, while one exchange receives."""

    driver: Driver
    stand: Standing
    is_bare: bool = False
    _queue: list[Fill] = field(default_factory=list)
    _ranks: dict[bytes, tuple[int, str]] = field(default_factory=dict)
    _hers: set[bytes] = field(default_factory=set)
    _came: int = 0
    _parts: int = 0

    def __post_init__(self) -> None:
        self.is_bare = state.holds_nothing(self.driver)
        self._look()

    def ask(self, pull: Pull) -> Pull:
        """The pull, which asks besides for what is to come next."""
        if self.is_bare:
            return msgspec.structs.replace(pull, is_bare=True)
        heads = self._to_be_ranked()
        if heads and len(self._queue) > FEW:
            return msgspec.structs.replace(pull, heads=heads[: wire.MOST_HEADS])
        return msgspec.structs.replace(pull, fills=self._alike(self._queue[:MOST_ASKED]))

    def _to_be_ranked(self) -> list[bytes]:
        """The files to be asked about next: her own, as the links say; the others once what is hers has come."""
        unknown = [each.collection for each in self._queue if each.collection not in self._ranks]
        own = [each for each in unknown if each in self._hers]
        return own or (unknown if unknown and self._class(self._queue[0]) != OWN else [])

    def following(self, pull: Pull, page: Page) -> Pull | None:
        """What will be asked after a page that fills and does nothing else; None where that is to be seen first."""
        if pull.is_bare or pull.heads or page.pushes or page.rights or page.statements:
            return None
        left = self._left(pull, page, MOST_ASKED)
        if not left or left[0].collection not in self._ranks:
            return None
        return msgspec.structs.replace(pull, fills=self._alike(left))

    def took(self, pull: Pull, page: Page) -> None:
        """A page was written: go on from there."""
        self._came += len(page.filled)
        if pull.is_bare or page.rights or page.statements or page.owners:
            self.is_bare = self.is_bare and page.has_more
            self._look()
            return
        self._queue = self._left(pull, page)
        if pull.heads:
            self._learn(pull.heads, page.heads)

    def is_done(self) -> bool:
        """Whether nothing is left to be filled."""
        return not self.is_bare and not self._queue

    def progress(self, reached: int, head: int) -> tuple[int, int]:
        """How much has come of how much: pushes of the history; where files are filled, parts of pushes."""
        if self.is_bare:
            return 0, head
        return (self._came, self._parts) if self._parts else (reached, head)

    def _left(self, pull: Pull, page: Page, most: int | None = None) -> list[Fill]:
        """The first files that are still to be filled after a page."""
        left = {each.collection: each for each in page.fills}
        asked = {each.collection for each in pull.fills}
        fills = (
            left.get(each.collection, each)
            for each in self._queue
            if each.collection not in asked or each.collection in left
        )
        return list(islice(fills, most))

    def _alike(self, fills: list[Fill]) -> list[Fill]:
        """Those at the beginning that are needed equally: they are shown before the next are taken."""
        return list(takewhile(lambda each: self._class(each) == self._class(fills[0]), fills))

    # --- the order ---

    def _look(self) -> None:
        """See what is to be filled, as the store has it."""
        if self.is_bare:
            return
        self._queue = state.fills(self.driver)
        self._parts = self._came + state.count_parts(self.driver) if self._queue else self._came
        if len(self._queue) > FEW:
            own, links = self.stand.person, owning.lasts(self.driver)
            self._hers = {collection for collection, owned in links.items() if owned.link.person == own}
            columns = "id, status, changed_at, deleted_at"
            for key, *said in self.driver.execute(f"SELECT {columns} FROM client_file"):  # noqa: S608 - our own words
                self._rank(bytes.fromhex(key), dict(zip(columns.split(", ")[1:], said, strict=True)))
        self._sort()

    def _learn(self, asked: list[bytes], heads: list[PulledPart]) -> None:
        """Rank those that were asked for by what their own records say, and where there is none in between."""
        self._ranks.update(dict.fromkeys(asked, NOTHING))
        for part in heads:
            if part.collection in self._ranks:
                self._rank(part.collection, self._said(part))
        self._sort()

    def _said(self, part: PulledPart) -> Mapping[str, object]:
        for item in part.items:
            sql = "SELECT key FROM collection_key WHERE collection = ? AND epoch = ?"
            row = self.driver.execute(sql, (part.collection, item.epoch)).fetchone()
            place = Place(self.stand.organisation, part.collection, item.item, item.epoch, item.revision)
            try:
                record = seal.unseal(item.envelope, place, bytes(row[0])) if row else None
            except Forged:
                continue
            if record is not None and record.kind == CLIENT_FILE:
                return record.values
        return {}

    def _rank(self, collection: bytes, said: Mapping[str, object]) -> None:
        rank, changed = UNKNOWN, said.get("changed_at")
        if said:
            is_closed = said.get("status") == "closed" or said.get("deleted_at") is not None
            rank = CLOSED if is_closed else OWN if collection in self._hers else OPEN
        self._ranks[collection] = (rank, changed if isinstance(changed, str) else "")

    def _class(self, fill: Fill) -> int:
        return self._ranks.get(fill.collection, NOTHING)[0]

    def _sort(self) -> None:
        self._queue.sort(key=lambda each: self._ranks.get(each.collection, NOTHING)[1], reverse=True)
        self._queue.sort(key=self._class)


class Fetcher:
    """Pulls, and where it was told what follows, pulls that while the page before is written."""

    def __init__(self, hub: Hub, aside: Aside) -> None:
        self._hub, self._aside = hub, aside
        self._asked: tuple[Pull, Future[Page]] | None = None

    def __enter__(self) -> Fetcher:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what is asked still: the hub is not asked twice at once."""
        if self._asked is not None:
            self._aside.settle(self._asked[1])

    def begin(self, pull: Pull | None) -> None:
        """Ask for what will be wanted next."""
        if pull is not None:
            self._asked = (pull, self._aside.begin(self._hub.pull, pull))

    def pull(self, pull: Pull) -> Page:
        """A page: the one that was asked for, if it is this. Raises Unreachable, HubRefused."""
        asked, self._asked = self._asked, None
        if asked is None:
            return self._hub.pull(pull)
        if asked[0] == pull:
            return self._aside.answer(asked[1])
        self._aside.settle(asked[1])  # another is wanted now
        return self._hub.pull(pull)
