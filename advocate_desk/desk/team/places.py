"""Where the desks of an organisation meet: at a hub's address, or in a file on a stick or in a shared folder.

A file is asked for what a hub is asked for, each time whole: it is copied, changed and put back by `hub/bundle.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from advocate_desk.clock import Clock
from advocate_desk.errors import Refused
from advocate_desk.hub import bundle, invitations, members
from advocate_desk.hub.callers import Caller
from advocate_desk.hub.near import NearHub
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync.address import Address, parse_address
from advocate_desk.sync.door import Door
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.link import Link
from advocate_desk.sync.messages import Answered, AskRevisions, Invite, PieceName, Revisions
from advocate_desk.sync.wire import Outcome, Page, Pull, Push, PushAnswer, Right, SignedOwnership
from advocate_desk.vault.device import Device

T = TypeVar("T")

_MARK = "file:"
STRANGER = Caller(bytes(16), bytes(16), bytes(32))


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file, as an organisation without a hub has it."""

    path: Path

    @property
    def text(self) -> str:
        """As it is kept: each desk knows its own way to the file."""
        return f"{_MARK}{self.path}"


Place = Address | FilePlace


def parse_place(text: str) -> Place:
    """The place that was typed, chosen or kept. Raises Invalid for an address that is none."""
    typed = text.strip()
    if is_file(typed):
        return FilePlace(Path(typed.removeprefix(_MARK)))
    return FilePlace(Path(typed)) if typed.endswith(bundle.SUFFIX) else parse_address(typed)


def is_file(kept: str) -> bool:
    """Whether what a desk keeps as its place is a file."""
    return kept.startswith(_MARK)


def has_hub(kept: str) -> bool:
    """Whether desks meet at a hub, and not in a file."""
    return bool(kept) and not is_file(kept)


def shown(kept: str) -> str:
    """A place as it is shown: of a file the name, for where it lies is another matter on every desk."""
    return Path(kept.removeprefix(_MARK)).name if is_file(kept) else kept


Mark = tuple[int, int, int]


def mark_of(path: Path) -> Mark | None:
    """What tells an exchange file from the one that stood there before, without reading it; None where none is."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino


class FileDoor:
    """What is asked of a file before the desk belongs to its organisation. As `Door` asks a hub."""

    def __init__(self, place: FilePlace, clock: Clock) -> None:
        self._path, self._clock = place.path, clock

    def close(self) -> None:
        """Nothing is held open."""

    def check(self) -> None:
        """See that a new file can be made there. Raises Refused."""
        if not self._path.parent.is_dir():
            raise Refused(bundle.NOT_THERE)
        if self._path.exists():
            raise Refused("There is a file of this name already. Nothing was changed. Choose another name.")

    def found(self, _code: str, statement: bytes) -> None:
        """Make the file, with the organisation in it. Raises Unreachable, Refused."""
        bundle.make(self._path, lambda database: members.found_organisation(database, statement, _now(self._clock)))

    def invitation(self, name: bytes) -> bytes:
        """What is sealed in an invitation. Raises Unreachable, Refused, HubRefused."""
        return self._ask(lambda hub: invitations.read_invitation(hub.database, name, _now(self._clock)))

    def answer(self, name: bytes, answer: bytes) -> None:
        """Answer an invitation. Raises Unreachable, Refused, HubRefused."""
        self._ask(lambda hub: invitations.answer_invitation(hub.database, name, answer, _now(self._clock)))

    def _ask(self, ask: Callable[[NearHub], T]) -> T:
        return bundle.exchange_through(self._path, STRANGER, lambda hub: _in_hub_words(ask, hub))


def open_door(link: Link, place: Place) -> Door | FileDoor:
    """Whoever is at a place, for a desk that belongs to nobody there yet."""
    return FileDoor(place, link.clock) if isinstance(place, FilePlace) else Door(place, link.open_line(place))


class FileHub:
    """A hub that is a file: each question copies it, and puts it back where something was changed."""

    def __init__(self, place: FilePlace, organisation: bytes, device: Device, clock: Clock) -> None:
        self._path, self._clock = place.path, clock
        self._caller = Caller(organisation, device.id.bytes, device.sign_public)
        self._answers: tuple[Mark | None, dict[bytes, Answered]] = (None, {})

    def push(self, push: Push) -> PushAnswer:
        """Offer changes."""
        return self._ask(lambda hub: hub.push(push))

    def pull(self, pull: Pull) -> Page:
        """Ask for what is new."""
        return self._ask(lambda hub: hub.pull(pull))

    def rights(self, rights: Sequence[Right]) -> None:
        """Give rights."""
        self._ask(lambda hub: hub.rights(rights))

    def owners(self, links: Sequence[SignedOwnership]) -> list[Outcome]:
        """Say whose files are; an outcome a link."""
        return self._ask(lambda hub: hub.owners(links))

    def revisions(self, asked: AskRevisions) -> Revisions:
        """Ask what the file has, without what it says."""
        return self._ask(lambda hub: hub.revisions(asked))

    def clear(self, collection: bytes) -> None:
        """Say that this device is about to clear a collection. Raises HubRefused ("may_read") too."""
        self._ask(lambda hub: hub.clear(collection))

    def cleared(self, collection: bytes) -> None:
        """Say that a collection is gone from here, or never opened here."""
        self._ask(lambda hub: hub.cleared(collection))

    def doubt(self, collection: bytes) -> None:
        """Say that no key which this device was given opens a collection."""
        self._ask(lambda hub: hub.doubt(collection))

    def settled(self, collection: bytes) -> None:
        """Say that the keys of a collection that were doubted have been found."""
        self._ask(lambda hub: hub.settled(collection))

    def statement(self, body: bytes) -> None:
        """Add to the members' chain."""
        self._ask(lambda hub: hub.statement(body))

    def keep_piece(self, name: PieceName, body: bytes) -> None:
        """Leave a piece of an attachment."""
        self._ask(lambda hub: hub.keep_piece(name, body))

    def pieces(self, collection: bytes, document: bytes) -> list[int]:
        """Which pieces of a document are there."""
        return self._ask(lambda hub: hub.pieces(collection, document))

    def piece(self, name: PieceName) -> bytes:
        """One piece."""
        return self._ask(lambda hub: hub.piece(name))

    def invite(self, invitation: Invite) -> Answered:
        """Leave an invitation."""
        now = _now(self._clock)

        def leave(hub: NearHub) -> Answered:
            return Answered(b"", invitations.invite(hub.database, hub.caller, invitation, now))

        return self._ask(leave)

    def answer_to(self, name: bytes) -> Answered:
        """What was answered to an invitation. A page asks again and again: a file that is as it was is not copied."""
        mark = mark_of(self._path)
        if mark is None or mark != self._answers[0]:
            self._answers = (mark, {})
        known = self._answers[1]
        if name not in known:
            known[name] = self._ask(lambda hub: invitations.answer_of(hub.database, hub.caller, name))
        return known[name]

    def take_back(self, name: bytes) -> None:
        """End an invitation."""
        self._ask(lambda hub: invitations.take_back(hub.database, hub.caller, name))

    def _ask(self, ask: Callable[[NearHub], T]) -> T:
        return bundle.exchange_through(self._path, self._caller, lambda hub: _in_hub_words(ask, hub))


def _in_hub_words(ask: Callable[[NearHub], T], hub: NearHub) -> T:
    try:
        return ask(hub)
    except RefusedByHub as refusal:
        raise HubRefused(refusal.code, refusal.detail, refusal.bodies) from refusal


def _now(clock: Clock) -> int:
    """In seconds since 1970: a file has no clock of its own."""
    return int(clock.now().timestamp())
