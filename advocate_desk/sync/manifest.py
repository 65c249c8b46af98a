"""Manifests: what a device signs once a push, so that the hub can neither forge, swap, replay, reorder nor leave out.

A manifest names every change of its push by hash, stands in a chain of its device's manifests, and says how far its
device had seen the others' chains. A desk that holds the chains therefore knows what it should have been given: a gap
in a chain, a change that is named and not there, or a colleague who has seen more than the hub shows, is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from advocate_desk.sync import signing, wire
from advocate_desk.sync.wire import Count, Hash, Id

NONE = bytes(32)
MEMBERS = bytes(16)
"""Stands for the members' chain where a device's id would stand."""
CERTAIN = 2**53
"""Of a claim that this desk makes itself: no manifest has such a number, so that nobody's word settles it."""


class Named(msgspec.Struct, array_like=True, frozen=True):
    """A collection in a manifest: how many changes, and the hash of their entries."""

    collection: Id
    changes: Count
    entries_hash: Hash


class Seen(msgspec.Struct, array_like=True, frozen=True):
    """How far a chain was known: the number of its last manifest."""

    device: Id
    number: Count


class Manifest(msgspec.Struct, array_like=True, frozen=True):
    """What is signed.

    `after` is the number of the manifest before it: one less, unless the hub has lost some since, which the device then
    says by naming the last that the hub still has. `members` and `members_hash` are the last statement of the members'
    chain that the device knew: a hub that keeps a statement from one desk, or tells two of them differently, shows.
    """

    organisation: Id
    device: Id
    number: Count
    after: Count
    previous_hash: Hash
    seen: list[Seen]
    parts: list[Named]
    members: Count = 0
    members_hash: Hash = NONE


class Distrust(Exception):
    """The hub, or a member, gave something that cannot be true. `what` is a fixed word; no content is carried."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def sign(manifest: Manifest, seed: bytes | bytearray) -> tuple[bytes, bytes]:
    """The manifest as bytes, and the Ed25519 signature over them by the device whose 32-byte seed it is."""
    body = wire.pack(manifest)
    return body, signing.sign(signing.PUSH, body, seed)


def named(collection: bytes, changes: list[wire.Change]) -> Named:
    """A part of a push as its manifest names it."""
    return Named(collection, len(changes), wire.digest(wire.entries_of(changes)))


@dataclass(slots=True)
class Link:
    """The end of one device's chain as this desk has seen it."""

    number: int = 0
    hash: bytes = NONE


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says of a chain: its last number. `made_at` is the number of the claimant's own manifest."""

    number: int
    made_at: int


@dataclass
class Chains:
    """What this desk knows of every device's chain, and what others say that these chains reach to.

    A claim stands, by the chain that it is about and who made it, until the chain is here so far, or until the device
    that it is about signs that it had heard of the claim and had not come so far itself: then it cannot be true, and
    `contradicted` holds who made it, whose claims count no more. `members`: the statements of the members' chain here.
    """

    organisation: bytes
    key_of: Callable[[bytes, int], bytes | None]
    ends: dict[bytes, Link] = field(default_factory=dict)
    claims: dict[tuple[bytes, bytes], Claim] = field(default_factory=dict)
    members: int = 0
    contradicted: set[bytes] = field(default_factory=set)

    def take(self, push: wire.PulledPush) -> Manifest:
        """Check a pushed manifest against its chain and add it. Raises Distrust, and then nothing was added."""
        try:
            manifest = wire.unpack(Manifest, push.manifest)
        except wire.Malformed as error:
            raise Distrust("malformed") from error
        if manifest.organisation != self.organisation:
            raise Distrust("another organisation")
        public = self.key_of(manifest.device, manifest.number)
        if public is None:
            raise Distrust("no member")
        if not signing.is_signed(signing.PUSH, push.manifest, push.signature, public):
            raise Distrust("signature")
        if len(manifest.parts) > wire.MOST_CHANGES or not all(each.changes for each in manifest.parts):
            raise Distrust("malformed")
        self._check_place(manifest)
        self.ends[manifest.device] = Link(manifest.number, wire.digest(push.manifest))
        self._settle(manifest)
        if manifest.device not in self.contradicted:
            for each in manifest.seen:
                self._hear(manifest, each)
            self._hear(manifest, Seen(MEMBERS, manifest.members))
        return manifest

    def _settle(self, manifest: Manifest) -> None:
        """What a device has heard of its own chain is settled by its next manifest: that says how far it really is."""
        for each in manifest.seen:
            claim = self.claims.get((manifest.device, each.device))
            if claim is not None and claim.made_at <= each.number:
                del self.claims[manifest.device, each.device]
                if claim.number >= manifest.number:
                    self.contradicted.add(each.device)

    def _hear(self, manifest: Manifest, said: Seen) -> None:
        """Keep a claim that goes beyond what is here, and that can be true: of a device that there is."""
        is_known = said.device == MEMBERS or self.key_of(said.device, said.number) is not None
        if is_known and said.device != manifest.device and said.number > self._reached(said.device):
            before = self.claims.get((said.device, manifest.device))
            number = max(said.number, before.number if before else 0)
            self.claims[said.device, manifest.device] = Claim(number, manifest.number)

    def _reached(self, chain: bytes) -> int:
        return self.members if chain == MEMBERS else self.ends.get(chain, Link()).number

    def _check_place(self, manifest: Manifest) -> None:
        end = self.ends.get(manifest.device, Link())
        if manifest.number <= end.number:
            raise Distrust("replayed")
        if not manifest.after < manifest.number:
            raise Distrust("malformed")
        if manifest.number == end.number + 1:
            if manifest.previous_hash != end.hash:
                raise Distrust("another history")
        elif manifest.after != end.number:  # the device itself says so where the hub has lost what lay between
            raise Distrust("gap")

    def unmet(self) -> dict[tuple[bytes, bytes], Claim]:
        """The claims to chains that have not come so far here. Ask once everything is pulled."""
        return {
            (chain, by): claim
            for (chain, by), claim in self.claims.items()
            if claim.number > self._reached(chain) and by not in self.contradicted
        }

    def seen(self, since: Mapping[bytes, int]) -> list[Seen]:
        """What a new manifest says of the others: the chains that have grown since the numbers in `since`."""
        return [
            Seen(device, link.number)
            for device, link in sorted(self.ends.items())
            if link.number > since.get(device, 0)
        ]


class Listed(msgspec.Struct, frozen=True, gc=False):
    """A change that a manifest names: its item, its revision, and whether its envelope came with it."""

    item: bytes
    revision: int
    is_here: bool


def check_part(manifest: Manifest, part: wire.PulledPart) -> list[Listed]:
    """See that a collection's share of a push is what the manifest names. Raises Distrust.

    What is listed and not here was overtaken, or was never accepted: the caller must hold, once all is pulled, that
    item at that revision or a later one.
    """
    name = next((each for each in manifest.parts if each.collection == part.collection), None)
    if name is None:
        raise Distrust("not named")
    return check_named(name, part)


def check_named(name: Named, part: wire.PulledPart | wire.FilledPart) -> list[Listed]:
    """See that a collection's share of a push is what is named of it. Raises Distrust."""
    given = {wire.entry(each.item, each.revision, each.epoch, each.envelope): each for each in part.items}
    if len(given) != len(part.items):
        raise Distrust("repeated")
    entries = part.entries or b"".join(given)
    if len(entries) != name.changes * wire.ENTRY_BYTES or wire.digest(entries) != name.entries_hash:
        raise Distrust("entries")
    all_named = [entries[at : at + wire.ENTRY_BYTES] for at in range(0, len(entries), wire.ENTRY_BYTES)]
    if not given.keys() <= set(all_named):
        raise Distrust("not named")
    return [Listed(each[:16], int.from_bytes(each[16:24], "big"), each in given) for each in all_named]


def unaccounted(manifest: Manifest, parts: Iterable[wire.PulledPart], readable: Callable[[bytes], bool]) -> list[bytes]:
    """The collections that the manifest names, that this desk reads, and that the hub left out."""
    given = {each.collection for each in parts}
    return [each.collection for each in manifest.parts if each.collection not in given and readable(each.collection)]
