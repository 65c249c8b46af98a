"""Whose files are: the links of their chains, each judged as every desk judges it, and by who may act now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from advocate_desk.hub import entitlement
from advocate_desk.hub.callers import Caller, check_stays
from advocate_desk.hub.database import Database, Row, Session
from advocate_desk.hub.members import members_of
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import ownership, wire
from advocate_desk.sync.manifest import Distrust
from advocate_desk.sync.messages import OwnersTaken
from advocate_desk.sync.ownership import Owned
from advocate_desk.sync.statements import Members
from advocate_desk.sync.wire import ACCEPTED, BEHIND, NO_RIGHT, Outcome, Ownership, SignedOwnership

MOST_CHAIN_BYTES = 2 * 1024 * 1024
"""Of one file: every desk that is given the file fetches them all at once."""
_REFUSALS = {"signature": "wrong_signature", "malformed": "malformed", "another file": "malformed"}


def add_links(database: Database, caller: Caller, links: Sequence[SignedOwnership]) -> OwnersTaken:
    """Keep the links that follow on, and answer for each; one that is here already changes nothing.

    A link counts whose signer may read the file now. One whose signer might only in her day is given back to a hub that
    has lost it: with the whole chain, where nothing is left of that here, or by somebody who may read the file now by
    the link before it, and could say as much herself. Raises RefusedByHub, and then kept none: for what is no link, and
    for one that names statements which the hub does not have.
    """
    said = _checked(caller, links)
    with database.writing() as session:
        number: int = session.rows(
            "SELECT rights FROM organisation WHERE organisation = ? /*lock*/", caller.organisation
        )[0][0]
        check_stays(session, caller)
        members = members_of(session, caller.organisation)
        judge = _Judge(session, caller, members, said)
        outcomes = [judge.outcome(signed, each) for signed, each in zip(links, said, strict=True)]
        judge.keep(session, number)
    return OwnersTaken(outcomes)


def _checked(caller: Caller, links: Sequence[SignedOwnership]) -> list[Owned]:
    if len(links) > wire.MOST_LINKS:
        raise RefusedByHub("too_large", wire.MOST_LINKS)
    try:
        said = [ownership.known(each) for each in links]
    except Distrust as error:
        raise RefusedByHub("malformed") from error
    own = caller.organisation
    if any(each.link.organisation != own or each.link.collection == own for each in said):
        raise RefusedByHub("malformed")  # the organisation's own collection is everybody's
    return said


class _Judge:
    """The chains of some collections, read at once: a first exchange says whose ten thousand files are."""

    def __init__(self, session: Session, caller: Caller, members: Members, said: Sequence[Owned]) -> None:
        self._caller, self._members = caller, members
        self._chains: dict[bytes, list[bytes]] = defaultdict(list)
        self._new: list[tuple[bytes, Ownership]] = []
        self._head = session.rows("SELECT sequence FROM organisation WHERE organisation = ?", caller.organisation)[0][0]
        wanted = [sorted({each.link.collection for each in said})]
        for collection, body in session.matching(
            "SELECT o.collection, o.body FROM wanted w CROSS JOIN ownership o "
            "WHERE o.collection = w.c0 AND o.organisation = ? ORDER BY o.collection, o.place",
            wanted,
            caller.organisation,
        ):
            self._chains[bytes(collection)].append(bytes(body))
        self._had_links = set(self._chains)
        holds = session.matching(
            "SELECT r.collection FROM wanted w CROSS JOIN reader r "
            "WHERE r.collection = w.c0 AND r.organisation = ? AND r.device = ?",
            wanted,
            caller.organisation,
            caller.device,
        )
        self._own = members.actor_at(caller.device, members.number)
        ends = {each.link.collection: each for each in said}
        self._may_give_back = {bytes(row[0]) for row in holds} | {
            collection for collection, end in ends.items() if self._may_read(end)
        }

    def outcome(self, signed: SignedOwnership, said: Owned) -> Outcome:
        """What becomes of one link. Raises RefusedByHub."""
        collection, body = said.link.collection, wire.pack(signed)
        chain = self._chains[collection]
        if said.link.number <= len(chain):
            is_here = chain[said.link.number - 1] == body
            return Outcome(ACCEPTED if is_here else BEHIND, len(chain))
        if said.link.members > self._members.number:
            raise RefusedByHub("other_history", self._head)
        before = ownership.known(wire.unpack(SignedOwnership, chain[-1])) if chain else None
        if signed.signer != self._caller.device and collection not in self._may_give_back:
            return Outcome(NO_RIGHT, len(chain))
        if sum(map(len, chain)) + len(body) > MOST_CHAIN_BYTES:
            return Outcome(NO_RIGHT, len(chain))
        may_say = signed.signer != self._caller.device and before is not None and self._may_read(before)
        is_given_back = may_say or collection not in self._had_links  # so does who has left since she opened it
        try:
            taken = ownership.take(self._members, before, signed, 0 if is_given_back else self._members.number)
        except Distrust as error:
            if error.what in _REFUSALS:
                raise RefusedByHub(_REFUSALS[error.what]) from error
            return Outcome(BEHIND if error.what == "another history" else NO_RIGHT, len(chain))
        chain.append(body)
        self._new.append((body, taken.link))
        return Outcome(ACCEPTED, len(chain))

    def _may_read(self, owned: Owned) -> bool:
        """Whether the caller may read a file that is so owned."""
        return self._own is not None and ownership.may_read(self._own, owned.link)

    def keep(self, session: Session, before: int) -> None:
        """Write what was taken, numbered after `before`."""
        if not self._new:
            return
        organisation = self._caller.organisation
        rows: list[Row] = []
        last: dict[bytes, tuple[int, Ownership]] = {}
        for number, (body, link) in enumerate(self._new, start=before + 1):
            rows.append((organisation, link.collection, link.number, number, body))
            last[link.collection] = (number, link)
        session.many(
            "INSERT INTO ownership (organisation, collection, place, number, body) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        session.run(
            "UPDATE organisation SET rights = ?, used_bytes = used_bytes + ? WHERE organisation = ?",
            before + len(rows),
            sum(len(body) for body, _ in self._new),
            organisation,
        )
        entitlement.own_links(session, self._members, last.values(), before)
