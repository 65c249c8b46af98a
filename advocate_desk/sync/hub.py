"""The hub as the exchange sees it: what it can be asked, and how it refuses. `transport.py` speaks HTTP for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from advocate_desk.errors import Unavailable
from advocate_desk.sync.messages import AskRevisions, Revisions
from advocate_desk.sync.wire import Outcome, Page, Pull, Push, PushAnswer, Right, SignedOwnership


class Unreachable(Unavailable):
    """No hub answered. Nothing was lost: what waits is sent at the next exchange."""


class HubRefused(Exception):
    """The hub's refusal: a fixed word, a number that belongs to it, and for a revoked device the members' chain.

    `which`: the places in the request of what alone it refused.
    """

    def __init__(self, code: str, detail: int = 0, statements: Sequence[bytes] = (), which: Sequence[int] = ()) -> None:
        super().__init__(code)
        self.code, self.detail, self.statements, self.which = code, detail, tuple(statements), tuple(which)


class Removed(Exception):
    """This device may act no more, as the members' chain itself says. `is_lost`: it is to destroy its vault."""

    def __init__(self, *, is_lost: bool) -> None:
        super().__init__()
        self.is_lost = is_lost


class Hub(Protocol):
    """What an exchange asks. Each call raises Unreachable or HubRefused."""

    def push(self, push: Push) -> PushAnswer:
        """Offer changes."""

    def pull(self, pull: Pull) -> Page:
        """Ask for what is new."""

    def rights(self, rights: Sequence[Right]) -> None:
        """Give rights."""

    def owners(self, links: Sequence[SignedOwnership]) -> list[Outcome]:
        """Say whose files are; an outcome a link: ACCEPTED, BEHIND (somebody was quicker) or NO_RIGHT.

        At most MOST_LINKS. A file's links stand in the order of its chain. One that the hub has already is ACCEPTED.
        """

    def revisions(self, asked: AskRevisions) -> Revisions:
        """Ask what the hub has, without what it says."""

    def clear(self, collection: bytes) -> None:
        """Say that this device is about to clear a collection: from here on it is listed as one that has none of it.

        Raises HubRefused ("may_read") where it may read it: then it keeps what may be the last copy.
        """

    def cleared(self, collection: bytes) -> None:
        """Say that a collection is gone from here, or never opened here: where it may be read, its key is wanted."""

    def doubt(self, collection: bytes) -> None:
        """Say that no key which this device was given opens a collection."""

    def settled(self, collection: bytes) -> None:
        """Say that the keys of a collection that were doubted have been found."""

    def statement(self, body: bytes) -> None:
        """Add to the members' chain."""
