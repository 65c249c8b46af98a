"""A hub in this process, for one device: the hub's own functions on a database, without a network between.

What an organisation without a server exchanges through: a file on a stick or in a shared folder (`bundle.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from advocate_desk.hub import attachments, members, ownership, pulls, pushes, revisions
from advocate_desk.hub.callers import Caller, refuse_revoked
from advocate_desk.hub.database import Database
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import wire
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.messages import AskRevisions, PieceName, Revisions
from advocate_desk.sync.wire import Outcome, Page, Pull, Push, PushAnswer, Right, SignedOwnership

M = TypeVar("M", bound=msgspec.Struct)
T = TypeVar("T")


class Damaged(Exception):
    """The database holds what no hub wrote into it."""


@dataclass
class NearHub:
    """Every message goes through bytes, as it would over a network: the same limits and the same checks."""

    database: Database
    caller: Caller
    quota_bytes: int
    calls: int = 0

    def push(self, push: Push) -> PushAnswer:
        """Offer changes."""
        said = _again(push)
        return self._ask(lambda: _again(pushes.take_push(self.database, self.caller, said, self.quota_bytes)))

    def pull(self, pull: Pull) -> Page:
        """Ask for what is new."""
        said = _again(pull)
        return self._ask(lambda: _again(pulls.answer_pull(self.database, self.caller, said)))

    def rights(self, rights: Sequence[Right]) -> None:
        """Give rights."""
        self._ask(lambda: members.add_rights(self.database, self.caller, [_again(each) for each in rights]))

    def owners(self, links: Sequence[SignedOwnership]) -> list[Outcome]:
        """Say whose files are; an outcome a link."""
        said = [_again(each) for each in links]
        return self._ask(lambda: ownership.add_links(self.database, self.caller, said)).outcomes

    def revisions(self, asked: AskRevisions) -> Revisions:
        """Ask what the hub has, without what it says."""
        return self._ask(lambda: _again(revisions.revisions(self.database, self.caller, asked)))

    def clear(self, collection: bytes) -> None:
        """Say that this device is about to clear a collection. Raises HubRefused ("may_read") too."""
        self._ask(lambda: members.let_clear(self.database, self.caller, collection))

    def cleared(self, collection: bytes) -> None:
        """Say that a collection is gone from here, or never opened here."""
        self._ask(lambda: members.confirm_cleared(self.database, self.caller, collection))

    def doubt(self, collection: bytes) -> None:
        """Say that no key which this device was given opens a collection."""
        self._ask(lambda: members.doubt_keys(self.database, self.caller, collection))

    def settled(self, collection: bytes) -> None:
        """Say that the keys of a collection that were doubted have been found."""
        self._ask(lambda: members.settle_doubt(self.database, self.caller, collection))

    def statement(self, body: bytes) -> None:
        """Add to the members' chain."""
        self._ask(lambda: members.add_statement(self.database, self.caller.organisation, body, self.quota_bytes))

    def keep_piece(self, name: PieceName, body: bytes) -> None:
        """Leave a piece of an attachment."""
        self._ask(lambda: attachments.keep_piece(self.database, self.caller, name, body, self.quota_bytes))

    def pieces(self, collection: bytes, document: bytes) -> list[int]:
        """Which pieces of a document are there."""
        return self._ask(lambda: attachments.pieces_of(self.database, self.caller, collection, document)).numbers

    def piece(self, name: PieceName) -> bytes:
        """One piece."""
        return self._ask(lambda: attachments.read_piece(self.database, self.caller, name))

    def _ask(self, call: Callable[[], T]) -> T:
        self.calls += 1
        try:
            with self.database.reading() as session:
                place = (self.caller.organisation, self.caller.device)
                found = session.rows("SELECT revoked_by FROM device WHERE organisation = ? AND device = ?", *place)
                if not found:
                    raise RefusedByHub("unknown")
                if found[0][0]:
                    refuse_revoked(session, self.caller.organisation, found[0][0])
            return call()
        except RefusedByHub as refusal:
            raise HubRefused(refusal.code, refusal.detail, refusal.bodies, refusal.which) from refusal
        except (TypeError, ValueError, OverflowError, LookupError) as error:
            raise Damaged from error


def _again(message: M) -> M:
    return wire.unpack(type(message), wire.pack(message))
