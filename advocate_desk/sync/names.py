"""Names of people, teams and devices, sealed under the organisation's own key: the chain of members shows none."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from advocate_desk.sync import seal
from advocate_desk.sync.seal import Forged, Place

_EPOCH_BYTES = 4


class Name(msgspec.Struct, array_like=True, frozen=True):
    """What a statement seals: a name, and beside it a person's initials or a team's site."""

    name: str
    detail: str = ""


def seal_name(name: Name, organisation: bytes, about: bytes, keys: Mapping[int, bytes]) -> bytes:
    """`name` of what has the id `about`, under the newest of the organisation's keys."""
    return seal_value(msgspec.msgpack.encode(name), organisation, about, keys)


def open_name(sealed: bytes, organisation: bytes, about: bytes, keys: Mapping[int, bytes]) -> Name | None:
    """The name, or None where it cannot be read."""
    body = open_value(sealed, organisation, about, keys)
    try:
        return msgspec.msgpack.decode(body, type=Name) if body is not None else None
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None


def seal_value(body: bytes, organisation: bytes, about: bytes, keys: Mapping[int, bytes]) -> bytes:
    """Bytes that a statement says of what has the id `about`, under the newest of the organisation's keys."""
    epoch, key = max(keys.items())
    envelope = seal.seal_bytes(body, Place(organisation, organisation, about, epoch, 0), key)
    return epoch.to_bytes(_EPOCH_BYTES, "big") + envelope


def open_value(sealed: bytes, organisation: bytes, about: bytes, keys: Mapping[int, bytes]) -> bytes | None:
    """The bytes, or None where no key opens them."""
    epoch = int.from_bytes(sealed[:_EPOCH_BYTES], "big")
    key = keys.get(epoch)
    if key is None:
        return None
    try:
        return seal.open_bytes(sealed[_EPOCH_BYTES:], Place(organisation, organisation, about, epoch, 0), key)
    except Forged:
        return None
