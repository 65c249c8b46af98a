"""What travels between a desk and the hub: the messages, their limits, and the hash of a change.

Shared with the hub, so it knows neither the store nor any key. Messages are MessagePack arrays: a field is known by its
place, and a newer side adds fields at the end, with a default, which an older side leaves out and skips.

Identifiers are 16 raw bytes. A collection is one client file, or the organisation's own. A revision counts an item's
accepted writes from 1; a sequence number counts the organisation's accepted pushes from 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Annotated, TypeVar

import msgspec

Id = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Hash = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Signature = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]

PROTOCOL = 1
MOST_CHANGES = 1_000
"""Changes in one push: some 250 to 500 kB, where the cost of a request no longer shows."""
MOST_ENVELOPE_BYTES = 1024 * 1024
MOST_PUSH_BYTES = 8 * 1024 * 1024
MOST_PAGE_BYTES = 8 * 1024 * 1024
PAGE_BYTES = 1024 * 1024
CHUNK_BYTES = 256 * 1024
"""One piece of an attachment, before it is sealed."""

ACCEPTED, BEHIND = 0, 1
"""The answer to one change: taken, or the item has moved on and `revision` says where to."""


class Change(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """One item as it should become. `expected` is the revision it was changed from, 0 for a new one."""

    item: Id
    expected: Count
    epoch: Count
    envelope: bytes


class Part(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The changes of one collection in a push, in the order in which the manifest names them."""

    collection: Id
    changes: list[Change]


class Push(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A batch, with the manifest that names every change of it and the signature of the device over the manifest."""

    manifest: bytes
    signature: Signature
    parts: list[Part]


class Outcome(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """What became of one change: ACCEPTED, or BEHIND. `revision` is the item's revision at the hub afterwards."""

    state: int
    revision: Count


class PushAnswer(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The batch's place in the sequence, and an outcome a change, in the order of the push."""

    sequence: Count
    outcomes: list[Outcome]


class Tip(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A point of the history that a desk has seen: a push's place and the hash of its manifest. (0, zeros) is none."""

    sequence: Count
    manifest_hash: Hash


class Fill(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A collection that a desk has newly been given and reads from its beginning, up to `after` so far."""

    collection: Id
    after: Count


class Pull(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Everything after `tip`. `with_own` asks for the device's own writes too: after a restore, or the first time."""

    tip: Tip
    statements: Count
    grants: Count
    fills: list[Fill] = []
    with_own: bool = False
    most_bytes: Count = PAGE_BYTES


class Current(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """An item as it stands at the hub."""

    item: Id
    revision: Count
    epoch: Count
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


class Grant(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A collection's key of one epoch, sealed to one device by another, which signs `sealed` with all the rest."""

    number: Count
    collection: Id
    epoch: Count
    device: Id
    granted_by: Id
    sealed: bytes
    signature: Signature


class Page(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """The answer to a pull. `generation` changes when the hub's operator says that it was restored.

    `withdrawn` are collections that the device no longer reads: it delivers what it has, then clears them.
    """

    generation: Id
    pushes: list[PulledPush]
    filled: list[PulledPart]
    fills: list[Fill]
    statements: list[bytes]
    grants: list[Grant]
    withdrawn: list[Id]
    has_more: bool
    head: Count


class Refusal(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """Every refusal of the hub: a fixed word that a desk acts on, and one sentence for the operator's eyes."""

    code: str
    sentence: str
    detail: Count = 0


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
