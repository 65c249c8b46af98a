"""What travels between a desk and the hub: the messages, their limits, and the hash of a change.

Shared with the hub, so it knows neither the store nor any key. Messages are MessagePack arrays: a field is known by its
place, and a newer side adds fields at the end, with a default, which an older side leaves out and skips.

Identifiers are 16 raw bytes. A collection is one client file, or the organisation's own. A revision counts an item's
accepted writes from 1; a sequence number counts the organisation's accepted pushes from 1.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence
from typing import Annotated, TypeVar

import msgspec

Id = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Hash = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Signature = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
Mark = Annotated[bytes, msgspec.Meta(max_length=32)]
Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]
Epoch = Annotated[int, msgspec.Meta(ge=0, lt=2**32)]

MOST_CHANGES = 1_000
"""Changes in one push: some 250 to 500 kB, where the cost of a request no longer shows."""
MOST_ENVELOPE_BYTES = 1024 * 1024
MOST_FILLS = 500
MOST_HEADS = 1_000
MOST_PUSH_BYTES = 8 * 1024 * 1024
MOST_PAGE_BYTES = 8 * 1024 * 1024
PAGE_BYTES = 1024 * 1024
CHUNK_BYTES = 256 * 1024
"""One piece of an attachment, before it is sealed."""
MOST_PIECE_BYTES = CHUNK_BYTES + CHUNK_BYTES // 8
"""And after: sealed and padded."""

MOST_LINKS = 500
"""Links of ownership in one request."""
MOST_LINK_BYTES = 16 * 1024
"""One link: of a file restricted to several hundred people."""
MOST_WANTING = 2_000

ACCEPTED, BEHIND, NO_RIGHT = 0, 1, 2
"""The answer to one change or link: taken; it has moved on and `revision` says where to; or this device may not."""


class Change(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One item as it should become. `expected` is the revision it was changed from, 0 for a new one."""

    item: Id
    expected: Count
    epoch: Epoch
    envelope: bytes


class Part(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The changes of one collection in a push, in the order in which the manifest names them."""

    collection: Id
    changes: list[Change]


class Tip(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A point of the history that a desk has seen: a push's place and the hash of its manifest. (0, zeros) is none."""

    sequence: Count
    manifest_hash: Hash


class Push(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A batch, with the manifest that names every change of it and the signature of the device over the manifest.

    `tip` is what the desk had seen of the history: in another one, the revisions that it names are not those that it
    knows, though their numbers be the same.
    """

    manifest: bytes
    signature: Signature
    parts: list[Part]
    tip: Tip = Tip(0, bytes(32))


class Outcome(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What became of one change: ACCEPTED, or BEHIND. `revision` is the item's revision at the hub afterwards.

    Of one link of ownership: those or NO_RIGHT, and `revision` is the number of the file's last link at the hub.
    """

    state: int
    revision: Count


class PushAnswer(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The batch's place in the sequence, and an outcome a change, in the order of the push."""

    sequence: Count
    outcomes: list[Outcome]


class Fill(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A collection that a desk has newly been given: it has what came up to `after`, and asks up to `until`."""

    collection: Id
    after: Count
    until: Count


class Pull(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Everything after `tip`, and after so many statements and so far in the numbers of rights and links.

    `with_own` asks for the device's own writes too: after a restore, or the first time. `is_bare` asks for manifests
    without envelopes: a new device takes the chains first, then fills the files that it opens first. `rights_mark` is
    what the hub gave as that of the right or link numbered `rights`, the last that this device has seen: a hub that has
    lost it, or has another there, says so. `heads` asks for these collections' own records alone, to choose by which of
    them are filled first. `statements_hash` is that of the last statement that this device has.
    """

    tip: Tip
    statements: Count
    rights: Count
    fills: list[Fill] = []
    with_own: bool = False
    is_bare: bool = False
    most_bytes: Count = PAGE_BYTES
    rights_mark: Mark = b""
    heads: list[Id] = []
    statements_hash: Mark = b""


class Current(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An item as it stands at the hub."""

    item: Id
    revision: Count
    epoch: Epoch
    envelope: bytes


class PulledPart(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One collection's share of a push.

    `entries` are the hashes of all its changes, 56 bytes each, where some of them have been overtaken and are not in
    `items`; empty where `items` are all of them, in the manifest's order.
    """

    collection: Id
    items: list[Current]
    entries: bytes = b""


class PulledPush(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A push as others see it. A collection that the reader may not see is named in the manifest and not here."""

    sequence: Count
    manifest: bytes
    signature: Signature
    parts: list[PulledPart]


class FilledPart(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One collection's share of a push that the desk has seen in its place, bare: it knows what was named there."""

    sequence: Count
    collection: Id
    items: list[Current]
    entries: bytes = b""


class Right(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A collection's key of one epoch given to a device.

    `signature` is that of the device `by` over all the rest but the number, which is the hub's. `sealed` is the key,
    sealed to the device. `links` and `last_link` are the number and the hash of the last link of ownership by which it
    was given, and `members` that of the members' last statement: who is given it goes by nothing older.
    """

    number: Count
    collection: Id
    epoch: Epoch
    device: Id
    by: Id
    sealed: bytes
    signature: Signature
    links: Count = 0
    last_link: Hash = bytes(32)
    members: Count = 0


class Ownership(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A link of a file's chain of ownership, numbered from 1: whose the file is from here on.

    `readers` are the people named of a restricted file, in order. `opener` is the person who signed the first link.
    `members` is the last statement of the members' chain that the signer knew. `at`: seconds since 1970 by the signer's
    clock, only shown.
    """

    organisation: Id
    collection: Id
    number: Count
    previous_hash: Hash
    person: Id | None
    team: Id | None
    is_restricted: bool
    readers: list[Id]
    opener: Id
    members: Count
    at: Count = 0


class SignedOwnership(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A link as bytes, and the signature of the device `signer` over them."""

    link: Annotated[bytes, msgspec.Meta(max_length=MOST_LINK_BYTES)]
    signer: Id
    signature: Signature


class Wanting(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A device that, as the hub sees it, may read a collection and has no key of it.

    Or, of a device that says that no key opens it, the `epoch` of which it is to be given another.
    """

    collection: Id
    device: Id
    epoch: Count = 0


class Page(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The answer to a pull: what came after the tip, and beside it the parts of pushes before it that fill collections.

    `fills` say how far each collection is filled; one that is done is left out. `members` and `rights_head` are how
    many statements, and how many rights and links, the hub has: a desk that knows of more gives them back. `owners` are
    the links that came since, each file's in the order of its chain, and the whole chain of each file whose key came
    since. Rights and links are given up to the number `rights_upto`, whose mark is `rights_mark`: it says nothing but
    that it is this one. `has_other_members`: the hub has another statement than that which the pull named as its last.
    """

    pushes: list[PulledPush]
    filled: list[FilledPart]
    fills: list[Fill]
    statements: list[bytes]
    rights: list[Right]
    has_more: bool
    head: Count
    members: Count = 0
    rights_head: Count = 0
    heads: list[PulledPart] = []
    owners: list[SignedOwnership] = []
    wanting: list[Wanting] = []
    rights_upto: Count = 0
    rights_mark: Mark = b""
    has_other_members: bool = False


class Refusal(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Every refusal of the hub: a fixed word that a desk acts on, and one sentence for the operator's eyes.

    `statements` is the members' chain, for a device that was revoked. `which`: the places in the request, from 0, of
    what was refused with this word, where the rest of it would have been taken.
    """

    code: str
    sentence: str
    detail: Count = 0
    statements: list[bytes] = []
    which: list[Count] = []


M = TypeVar("M", bound=msgspec.Struct)
_encoder = msgspec.msgpack.Encoder()
_decoders: dict[type, msgspec.msgpack.Decoder[object]] = {}


class Malformed(ValueError):
    """Bytes that are no such message. Carries no part of them."""


def pack(message: msgspec.Struct) -> bytes:
    """A message as bytes."""
    return _encoder.encode(message)


def unpack(kind: type[M], body: bytes) -> M:
    """Bytes as a message, every field checked. Raises Malformed."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders.setdefault(kind, msgspec.msgpack.Decoder(kind))
    try:
        return decoder.decode(body)  # type: ignore[return-value]
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Malformed(f"no {kind.__name__}") from error


def pack_words(words: Sequence[str]) -> bytes:
    """Words as bytes."""
    return _encoder.encode(words)


def unpack_words(body: bytes) -> list[str]:
    """Bytes as words. Raises Malformed."""
    try:
        return msgspec.msgpack.decode(body, type=list[str])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed("no words") from error


ENTRY_BYTES = 56
"""An entry: 16 bytes of item, 8 of revision, 32 of hash."""


def entry(item: bytes, revision: int, epoch: int, envelope: bytes) -> bytes:
    """One change as a manifest names it: any other item, revision, epoch or envelope gives another hash."""
    head = item + revision.to_bytes(8, "big")
    return head + hashlib.blake2b(head + epoch.to_bytes(4, "big") + envelope, digest_size=32).digest()


def entries_of(changes: Iterable[Change]) -> bytes:
    """The entries of a part of a push, in order."""
    return b"".join(entry(each.item, each.expected + 1, each.epoch, each.envelope) for each in changes)


def digest(body: bytes) -> bytes:
    """The 32-byte BLAKE2b hash by which manifests and lists of entries are known."""
    return hashlib.blake2b(body, digest_size=32).digest()


def right_mark(right: Right) -> bytes:
    """The hash by which a right is known, whatever its number."""
    return digest(right.signature)


_RIGHT_PLACE = struct.Struct(">16s16sQ16s16s")
_RIGHT_UNDER = struct.Struct(">Q32sQ")


def right_place(organisation: bytes, collection: bytes, epoch: int, device: bytes, by: bytes) -> bytes:
    """Where a right belongs: authenticated with the key that it seals."""
    return _RIGHT_PLACE.pack(organisation, collection, epoch, device, by)


def right_body(organisation: bytes, right: Right) -> bytes:
    """What the giving device signs: all of a right but its number, which is the hub's to give."""
    place = right_place(organisation, right.collection, right.epoch, right.device, right.by)
    return place + _RIGHT_UNDER.pack(right.links, right.last_link, right.members) + right.sealed
