"""The organisation's slot: the database key sealed to its recovery public key, for its administrators alone."""

from __future__ import annotations

from advocate_desk.errors import Unavailable
from advocate_desk.vault import sodium
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import X25519

_KEK_USE = b"advdesk-orgrec-1"
_BAD_PUBLIC_KEY = "The organisation's recovery key is not a valid one. Nothing was changed."


def seal_to(recipient: bytes) -> tuple[SecretKey, X25519]:
    """A new key-encryption key that only the holder of `recipient`'s secret can make again. Raises Unavailable."""
    with SecretKey.random() as ephemeral:
        kdf = X25519(recipient, sodium.exchange_public(ephemeral.buffer))
        return _combine(sodium.exchange(ephemeral.buffer, recipient), kdf), kdf


def key_encryption_key(secret: SecretKey, kdf: X25519) -> SecretKey:
    """The key of the slot, for the holder of the recipient's X25519 `secret`. Raises Unavailable."""
    return _combine(sodium.exchange(secret.buffer, kdf.ephemeral), kdf)


def _combine(shared: bytearray | None, kdf: X25519) -> SecretKey:
    if shared is None:
        raise Unavailable(_BAD_PUBLIC_KEY)
    try:
        return SecretKey(sodium.blake2b(kdf.ephemeral + kdf.recipient, key=shared, personal=_KEK_USE))
    finally:
        sodium.wipe(shared)
