"""The keys of a collection, each sealed to one device by another.

The hub hands a device what is meant for it and can make none of it: each is signed by a member's device, and a key
opens only with the device's own secret. Each says by which link of ownership and by which statement of the members it
was given: who is shown the key and not the link knows that something is kept from her.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from advocate_desk.sync import signing, wire
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.wire import Right
from advocate_desk.vault import sodium
from advocate_desk.vault.secret import SecretKey

_USE = b"advdesk-right-v1"
PUBLIC_BYTES = 32


@dataclass(frozen=True, slots=True)
class Under:
    """By what a key is given: number and hash of the file's last link, and number of the members' last statement.

    The organisation's own collection has no links.
    """

    links: int = 0
    last_link: bytes = NONE
    members: int = 0


@dataclass(frozen=True, slots=True)
class Key:
    """A file's key of one epoch, `by` whom and `under` what it was given.

    `is_current`: who gave it may act still, so that it is fit to write with.
    """

    collection: bytes
    epoch: int
    key: bytes
    is_current: bool
    by: bytes
    under: Under


def give(
    organisation: bytes,
    collection: bytes,
    epoch: int,
    key: SecretKey,
    to: tuple[bytes, bytes],
    by: tuple[bytes, SecretKey],
    under: Under,
    by_public: bytes = b"",
) -> Right:
    """The key of `collection` at `epoch` for the device `to` (its id and X25519 public key).

    `by` is the id of the device that gives it and its Ed25519 seed, `under` what it knew of who may read. `by_public`
    is the seed's public key, if it is at hand.
    """
    device, public = to
    with SecretKey.random() as ephemeral:
        own_public = sodium.exchange_public(ephemeral.buffer)
        with _shared(sodium.exchange(ephemeral.buffer, public), own_public, public) as wrapping:
            nonce = bytes(sodium.NONCE_BYTES)  # the wrapping key is used once
            place = wire.right_place(organisation, collection, epoch, device, by[0])
            sealed = own_public + bytes(sodium.seal(key.buffer, place, nonce, wrapping.buffer))
    said = (under.links, under.last_link, under.members)
    return _signed(organisation, Right(0, collection, epoch, device, by[0], sealed, bytes(64), *said), by[1], by_public)


def is_signed(organisation: bytes, right: Right, public: bytes) -> bool:
    """Whether the holder of the Ed25519 key gave this right."""
    return signing.is_signed(signing.RIGHT, wire.right_body(organisation, right), right.signature, public)


def open_key(organisation: bytes, right: Right, secret: SecretKey, own_public: bytes = b"") -> SecretKey | None:
    """The key in a right, for the device whose X25519 secret it is; None where it does not open.

    `own_public` is the secret's public key, if it is at hand.
    """
    public, sealed = right.sealed[:PUBLIC_BYTES], right.sealed[PUBLIC_BYTES:]
    if len(public) != PUBLIC_BYTES:
        return None
    shared = sodium.exchange(secret.buffer, public)
    if shared is None:
        return None
    with _shared(shared, public, own_public or sodium.exchange_public(secret.buffer)) as wrapping:
        place = wire.right_place(organisation, right.collection, right.epoch, right.device, right.by)
        plain = sodium.unseal(sealed, place, bytes(sodium.NONCE_BYTES), wrapping.buffer)
    if plain is None or len(plain) != sodium.KEY_BYTES:
        return None
    return SecretKey(plain)


def _shared(shared: bytearray | None, ephemeral: bytes, recipient: bytes) -> SecretKey:
    if shared is None:
        raise ValueError("not a public key")
    try:
        return SecretKey(sodium.blake2b(ephemeral + recipient, key=shared, personal=_USE))
    finally:
        sodium.wipe(shared)


def _signed(organisation: bytes, right: Right, seed: SecretKey, public: bytes = b"") -> Right:
    signature = signing.sign(signing.RIGHT, wire.right_body(organisation, right), seed.buffer, public)
    return msgspec.structs.replace(right, signature=signature)
