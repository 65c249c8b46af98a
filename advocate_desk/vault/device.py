"""This device's own keys: Ed25519 to sign what it sends, X25519 to be sent file keys.

Made at set-up. The private seeds lie in `vault.json` sealed under a subkey of the database key: whoever can open the
desk can act for the device, nobody else can, and a backup of the database alone cannot become a second device.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from advocate_desk.errors import Unavailable
from advocate_desk.trouble import KEY_FILE_DAMAGED, NOT_OPENED
from advocate_desk.vault import sodium
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import DeviceRecord, device_associated, subkey


@dataclass(frozen=True, slots=True)
class Device:
    """Who this device is. The private halves are seeds of 32 bytes each."""

    id: UUID
    sign_public: bytes
    exchange_public: bytes
    sign_seed: SecretKey
    exchange_secret: SecretKey

    def wipe(self) -> None:
        """Zero the private halves."""
        self.sign_seed.wipe()
        self.exchange_secret.wipe()


def new_device() -> Device:
    """A new identity with new keys."""
    seed, secret = SecretKey.random(), SecretKey.random()
    return Device(uuid4(), sodium.sign_public(seed.buffer), sodium.exchange_public(secret.buffer), seed, secret)


def seal_device(device: Device, db_key: SecretKey, vault_id: UUID) -> DeviceRecord:
    """`device` as it stands in `vault.json`."""
    nonce = bytes(sodium.random(sodium.NONCE_BYTES))
    record = DeviceRecord(device.id, device.sign_public, device.exchange_public, nonce, b"")
    with subkey(db_key, "device") as key, SecretKey(device.sign_seed.buffer + device.exchange_secret.buffer) as both:
        sealed = sodium.seal(both.buffer, device_associated(vault_id, record), nonce, key.buffer)
    return replace(record, sealed=bytes(sealed))


def open_device(record: DeviceRecord, db_key: SecretKey, vault_id: UUID) -> Device:
    """The identity that `record` holds. Raises Unavailable where it was altered."""
    with subkey(db_key, "device") as key:
        plain = sodium.unseal(record.sealed, device_associated(vault_id, record), record.nonce, key.buffer)
    if plain is None:
        raise Unavailable(KEY_FILE_DAMAGED.told(NOT_OPENED))
    seed, secret = SecretKey(plain[:32]), SecretKey(plain[32:])
    sodium.wipe(plain)
    return Device(record.id, record.sign_public, record.exchange_public, seed, secret)
