"""Envelopes: a record sealed under its collection's key, bound to its place, and padded to hide its size.

An envelope is a nonce of 24 random bytes and the XChaCha20-Poly1305 ciphertext of the padded record. Organisation,
collection, item, epoch and revision are authenticated with it: put in another place, it does not open. The kind of
record travels inside, so that the hub does not learn it.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import msgspec

from advocate_desk.vault import sodium

NONCE_BYTES, TAG_BYTES = sodium.NONCE_BYTES, sodium.TAG_BYTES
MORE_BYTES = NONCE_BYTES + TAG_BYTES
"""An envelope is so much longer than the padded record in it."""
SMALLEST_BYTES = 128
"""Every record smaller than this is padded up to it: most are, and all of those look the same."""
_PLACE = struct.Struct(">16s16s16sIQ")
_encoder = msgspec.msgpack.Encoder()


class Forged(Exception):
    """An envelope that was not made by a holder of the key for this place, or is damaged. Carries nothing of it."""


class Record(msgspec.Struct, array_like=True, frozen=True):
    """What is sealed: the kind of record (its table's name) and its fields."""

    kind: str
    values: dict[str, Any]


_decoder = msgspec.msgpack.Decoder(Record)


class Place(msgspec.Struct, frozen=True, gc=False):
    """Where an envelope belongs. Identifiers are 16 raw bytes; `revision` is what the item's becomes with it."""

    organisation: bytes
    collection: bytes
    item: bytes
    epoch: int
    revision: int

    def associated(self) -> bytes:
        """The bytes that are authenticated with the record."""
        return _PLACE.pack(self.organisation, self.collection, self.item, self.epoch, self.revision)


def padded_size(size: int) -> int:
    """The size class of `size` bytes: at most 12 % more (Padmé), and never under SMALLEST_BYTES.

    Source: Nikitin and others, Reducing Metadata Leakage from Encrypted Files and Communication with PURBs, 2019, 4.
    """
    if size <= SMALLEST_BYTES:
        return SMALLEST_BYTES
    exponent = size.bit_length() - 1
    kept = exponent.bit_length()
    mask = (1 << (exponent - kept)) - 1
    return (size + mask) & ~mask


def pad(body: bytes) -> bytes:
    """`body`, a mark, and zeros up to its size class."""
    return (body + b"\x80").ljust(padded_size(len(body) + 1), b"\x00")


def unpad(padded: bytes | bytearray) -> bytes:
    """What `pad` was given. Raises Forged."""
    body, mark, rest = bytes(padded).rpartition(b"\x80")
    if not mark or rest.strip(b"\x00"):
        raise Forged
    return body


def seal_bytes(body: bytes, place: Place, key: bytes | bytearray) -> bytes:
    """Seal `body` for `place` under the 32-byte `key`."""
    nonce = sodium.random(NONCE_BYTES)
    return bytes(nonce + sodium.seal(pad(body), place.associated(), nonce, key))


def open_bytes(envelope: bytes, place: Place, key: bytes | bytearray) -> bytes:
    """What was sealed for `place`. Raises Forged."""
    if len(envelope) < MORE_BYTES:
        raise Forged
    plain = sodium.unseal(envelope[NONCE_BYTES:], place.associated(), envelope[:NONCE_BYTES], key)
    if plain is None:
        raise Forged
    return unpad(plain)


def seal(record: Record, place: Place, key: bytes | bytearray) -> bytes:
    """An envelope of `record` for `place`."""
    return seal_bytes(_encoder.encode(record), place, key)


def padded(record: Record) -> bytes:
    """A record as it is sealed by `seal_each`."""
    return pad(_encoder.encode(record))


def seal_each(parts: Sequence[tuple[bytes, Place, bytes]]) -> list[bytes]:
    """Envelopes of padded records, each for its place and under its key: many at once, at a third of the cost."""
    return sodium.seal_each([(plain, place.associated(), key) for plain, place, key in parts])


def unseal(envelope: bytes, place: Place, key: bytes | bytearray) -> Record:
    """The record in an envelope. Raises Forged, also for a member's envelope that holds no record."""
    try:
        return _decoder.decode(open_bytes(envelope, place, key))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Forged from error
