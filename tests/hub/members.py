"""Devices that speak to a hub in tests: they sign, seal and count as a desk does, and keep what they were told."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from advocate_desk.hub import members as hub_members
from advocate_desk.hub import ownership as hub_ownership
from advocate_desk.hub import pulls, pushes
from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database
from advocate_desk.sync import manifest, ownership, rights, statements, wire
from advocate_desk.sync.manifest import NONE, Manifest
from advocate_desk.sync.ownership import Owned, Whose
from advocate_desk.sync.rights import Under
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE, AddDevice, Found, Members, SetPerson, Statement
from advocate_desk.sync.wire import Change, Fill, Outcome, Page, Part, Pull, Push, PushAnswer, SignedOwnership, Tip
from advocate_desk.vault import sodium
from advocate_desk.vault.secret import SecretKey

QUOTA = 1024**3
NOW = 1_790_000_000


@dataclass
class Device:
    """One person's device. `number` and `last` are the end of its own chain of manifests."""

    organisation: bytes
    id: bytes = field(default_factory=lambda: os.urandom(16))
    seed: SecretKey = field(default_factory=SecretKey.random)
    secret: SecretKey = field(default_factory=SecretKey.random)
    number: int = 0
    last: bytes = NONE
    tip: Tip = field(default_factory=lambda: Tip(0, NONE))

    @property
    def caller(self) -> Caller:
        return Caller(self.organisation, self.id, sodium.sign_public(self.seed.buffer))

    def person(self, *roles: str) -> SetPerson:
        return SetPerson(self.id, list(roles), [], True, b"")

    def enrolled(self) -> AddDevice:
        return AddDevice(self.id, self.id, self.caller.sign_public, sodium.exchange_public(self.secret.buffer), b"")

    def push(self, parts: list[Part]) -> Push:
        """The next push of this device."""
        self.number += 1
        named = [manifest.named(part.collection, part.changes) for part in parts]
        said = Manifest(self.organisation, self.id, self.number, self.number - 1, self.last, [], named)
        body, signature = manifest.sign(said, self.seed.buffer)
        self.last = wire.digest(body)
        return Push(body, signature, parts)

    def send(self, database: Database, *parts: Part) -> PushAnswer:
        return pushes.take_push(database, self.caller, self.push(list(parts)), QUOTA)

    def pull(self, database: Database, **options: object) -> list[Page]:
        """Pages until there is no more, from where this device stood."""
        pages: list[Page] = []
        fills: list[Fill] = list(options.pop("fills", []))  # type: ignore[call-overload]
        while True:
            pull = Pull(self.tip, 0, 0, fills, **options)  # type: ignore[arg-type]
            page = pulls.answer_pull(database, self.caller, pull)
            if page.pushes:
                last = page.pushes[-1]
                self.tip = Tip(last.sequence, wire.digest(last.manifest))
            fills = page.fills
            pages.append(page)
            if not page.has_more:
                return pages


@dataclass
class Organisation:
    """An organisation at a hub, with its founder."""

    database: Database
    id: bytes = field(default_factory=lambda: os.urandom(16))
    root: SecretKey = field(default_factory=SecretKey.random)
    owned: dict[bytes, Owned] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.founder = Device(self.id)
        public = sodium.sign_public(self.root.buffer)
        self.members = Members(self.id, public)
        act = Found(public, bytes(32), 2, 3, self.founder.person(ADMINISTRATOR), self.founder.enrolled())
        body = statements.sign(Statement(self.id, 1, NONE, act), statements.ROOT, self.root.buffer)
        hub_members.found_organisation(self.database, body, NOW)
        self.members = statements.take(self.members, body)

    def say(self, act: statements.Act) -> None:
        """A statement of the founder."""
        statement = Statement(self.id, self.members.number + 1, self.members.hash, act)
        body = statements.sign(statement, self.founder.id, self.founder.seed.buffer)
        hub_members.add_statement(self.database, self.id, body)
        self.members = statements.take(self.members, body)

    def join(self, role: str = ADVOCATE) -> Device:
        """A new person with one device."""
        device = Device(self.id)
        self.say(device.person(role))
        self.say(device.enrolled())
        return device

    def open_file(self, first: Device, *others: Device) -> bytes:
        """A collection that `first` made for herself and `others` alone, and gave to them."""
        collection, key = os.urandom(16), SecretKey.random()
        self.own(first, collection, first, *others)
        self.give(first, collection, key, first, *others)
        return collection

    def own(self, signer: Device, collection: bytes, *people: Device) -> Outcome:
        """`signer` says that the file is read by these people alone; the hub's answer."""
        return self.answer(signer, self.link(signer, collection, *people))

    def link(self, signer: Device, collection: bytes, *people: Device) -> SignedOwnership:
        """The next link of a file, restricted to these people."""
        whose = Whose(None, None, True, frozenset(each.id for each in people))
        link = ownership.following(self.members, collection, self.owned.get(collection), whose, signer.id)
        return ownership.sign(link, signer.id, signer.seed.buffer)

    def answer(self, caller: Device, link: SignedOwnership) -> Outcome:
        """What the hub answers to a link; what it takes is what the next follows."""
        outcome = hub_ownership.add_links(self.database, caller.caller, [link]).outcomes[0]
        if outcome.state == wire.ACCEPTED:
            found = ownership.known(link)
            self.owned[found.link.collection] = found
        return outcome

    def under(self, collection: bytes) -> Under:
        """By what a key of a file is given now."""
        last = self.owned.get(collection)
        return Under(last.link.number, last.hash, self.members.number) if last else Under()

    def give(
        self,
        giver: Device,
        collection: bytes,
        key: SecretKey,
        *takers: Device,
        epoch: int = 1,
        under: Under | None = None,
    ) -> None:
        given = [
            rights.give(
                self.id,
                collection,
                epoch,
                key,
                (taker.id, sodium.exchange_public(taker.secret.buffer)),
                (giver.id, giver.seed),
                under or self.under(collection),
            )
            for taker in takers
        ]
        hub_members.add_rights(self.database, giver.caller, given)


def changes(*items: tuple[bytes, int], text: bytes = b"") -> list[Change]:
    """Changes of items from the revisions that they are expected to have."""
    return [Change(item, expected, 1, text or os.urandom(200)) for item, expected in items]


def items_in(pages: list[Page], collection: bytes) -> dict[bytes, int]:
    """The items of a collection in these pages, with their revisions."""
    new = [part for page in pages for push in page.pushes for part in push.parts if part.collection == collection]
    filled = [part for page in pages for part in page.filled if part.collection == collection]
    came = [*(item for part in new for item in part.items), *(item for part in filled for item in part.items)]
    return {item.item: item.revision for item in came}
