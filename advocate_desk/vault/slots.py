"""The ways into a vault: the database key wrapped once for each, bound to its slot and to its vault."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from advocate_desk.vault import sodium
from advocate_desk.vault.secret import SecretKey

FORMAT = "advocate-desk-vault"
VERSION = 2
PLAIN_VERSION = (
    1  # of a file that says nothing which only the later version can say; and of every slot's associated data
)

KEY_ID_USE = b"advdesk-keyid-v1"
SUBKEY_USE = b"advdesk-subkey-1"
SEAL_USE = b"advdesk-seal--v1"


class SlotKind(StrEnum):
    """The ways into a vault. A vault has at most one slot of each."""

    PASSPHRASE = "passphrase"  # noqa: S105 - the name of a kind
    RECOVERY = "recovery"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class Argon2id:
    """Passphrase stretching: Argon2id 1.3 with libsodium's two limits and a 16-byte salt."""

    opslimit: int
    memlimit_bytes: int
    salt: bytes

    def header(self) -> dict[str, object]:
        """As it is written."""
        return {
            "alg": "argon2id13",
            "opslimit": self.opslimit,
            "memlimit_bytes": self.memlimit_bytes,
            "salt": self.salt.hex(),
        }


@dataclass(frozen=True, slots=True)
class Blake2b:
    """For a secret that is random already: one keyed hash with a 16-byte salt."""

    salt: bytes

    def header(self) -> dict[str, object]:
        """As it is written."""
        return {"alg": "blake2b", "salt": self.salt.hex()}


@dataclass(frozen=True, slots=True)
class X25519:
    """Sealed to another's public key by an ephemeral exchange."""

    recipient: bytes
    ephemeral: bytes

    def header(self) -> dict[str, object]:
        """As it is written."""
        return {"alg": "x25519-blake2b", "recipient": self.recipient.hex(), "ephemeral": self.ephemeral.hex()}


Kdf = Argon2id | Blake2b | X25519


@dataclass(frozen=True, slots=True)
class Slot:
    """One wrapped copy of the database key. `keyring`: the device secret is needed too."""

    id: str
    kind: SlotKind
    kdf: Kdf
    keyring: bool
    nonce: bytes
    wrapped: bytes

    def header(self) -> dict[str, object]:
        """Everything about the slot that is authenticated with the wrapped key."""
        return {"id": self.id, "kind": self.kind.value, "kdf": self.kdf.header(), "keyring": self.keyring}


@dataclass(frozen=True, slots=True)
class DeviceRecord:
    """This device's identity: public keys in the clear, the private seeds sealed under the database key."""

    id: UUID
    sign_public: bytes
    exchange_public: bytes
    nonce: bytes
    sealed: bytes

    def header(self) -> dict[str, object]:
        """Everything about the device that is authenticated with the sealed seeds."""
        return {
            "id": str(self.id),
            "sign_public": self.sign_public.hex(),
            "exchange_public": self.exchange_public.hex(),
        }


@dataclass(frozen=True, slots=True)
class FormerKey:
    """The database key before this one, sealed under this one, while a change of the key is unfinished."""

    key_id: str
    nonce: bytes
    wrapped: bytes

    def header(self) -> dict[str, object]:
        """Everything about it that is authenticated with the sealed key."""
        return {"key_id": self.key_id}


@dataclass(frozen=True, slots=True)
class Throttle:
    """Failed attempts and the wait that they cost, counted from `noted` (UTC)."""

    failures: int
    wait_s: int
    noted: datetime


@dataclass(frozen=True, slots=True)
class VaultFile:
    """The whole of `vault.json`. `revision` grows with each change of the sealed part.

    `former`: the database is being encrypted anew; None at all other times.
    """

    vault_id: UUID
    created: date
    revision: int
    key_id: str
    slots: tuple[Slot, ...]
    device: DeviceRecord
    throttle: Throttle
    seal: bytes = bytes(32)
    former: FormerKey | None = None

    @property
    def version(self) -> int:
        """The lowest version of the format that can say it."""
        return PLAIN_VERSION if self.former is None else VERSION

    def slot(self, kind: SlotKind) -> Slot | None:
        """The slot of that kind, if there is one."""
        return next((slot for slot in self.slots if slot.kind is kind), None)

    def with_slot(self, slot: Slot) -> VaultFile:
        """The same with `slot` in place of the one of its kind."""
        return replace(self, slots=(*(old for old in self.slots if old.kind is not slot.kind), slot))


def key_id(db_key: SecretKey, vault_id: UUID) -> str:
    """Names a database key without telling it: binds `caseload.db` to its `vault.json`. 32 hexadecimal digits."""
    return bytes(sodium.blake2b(vault_id.bytes, key=db_key.buffer, personal=KEY_ID_USE, size=16)).hex()


def subkey(db_key: SecretKey, use: str) -> SecretKey:
    """A key for one other `use`, derived from the database key."""
    return SecretKey(sodium.blake2b(use.encode(), key=db_key.buffer, personal=SUBKEY_USE))


def sheet_mark(slot: Slot) -> str:
    """What is printed on the recovery sheet of `slot` to tell it from an older one: "8BE3-315A"."""
    return f"{slot.id[:4]}-{slot.id[4:8]}".upper()


def empty_slot(kind: SlotKind, kdf: Kdf, *, keyring: bool) -> Slot:
    """A new slot without its key: what `wrap_key` is given."""
    return Slot(bytes(sodium.random(16)).hex(), kind, kdf, keyring, b"", b"")


def wrap_key(db_key: SecretKey, kek: SecretKey, slot: Slot, vault_id: UUID) -> Slot:
    """`slot` with `db_key` wrapped by `kek` under a new nonce, bound to the slot's header and to this vault."""
    nonce = bytes(sodium.random(sodium.NONCE_BYTES))
    wrapped = sodium.seal(db_key.buffer, _associated(vault_id, "slot", slot.header()), nonce, kek.buffer)
    return replace(slot, nonce=nonce, wrapped=bytes(wrapped))


def unwrap_key(kek: SecretKey, slot: Slot, vault: VaultFile) -> SecretKey | None:
    """The database key, or None where `kek` is wrong or slot, header or vault is not what it was made for."""
    plain = sodium.unseal(slot.wrapped, _associated(vault.vault_id, "slot", slot.header()), slot.nonce, kek.buffer)
    if plain is None:
        return None
    db_key = SecretKey(plain)
    if key_id(db_key, vault.vault_id) != vault.key_id:
        db_key.wipe()
        return None
    return db_key


def wrap_former(former: SecretKey, db_key: SecretKey, vault_id: UUID) -> FormerKey:
    """`former` sealed under `db_key`, so that whoever opens the desk can finish encrypting it anew."""
    record = FormerKey(key_id(former, vault_id), bytes(sodium.random(sodium.NONCE_BYTES)), b"")
    with subkey(db_key, "former") as key:
        wrapped = sodium.seal(former.buffer, former_associated(vault_id, record), record.nonce, key.buffer)
    return replace(record, wrapped=bytes(wrapped))


def unwrap_former(record: FormerKey, db_key: SecretKey, vault_id: UUID) -> SecretKey | None:
    """The key that `wrap_former` sealed, or None where the record was altered."""
    with subkey(db_key, "former") as key:
        plain = sodium.unseal(record.wrapped, former_associated(vault_id, record), record.nonce, key.buffer)
    return None if plain is None else SecretKey(plain)


def former_associated(vault_id: UUID, record: FormerKey) -> bytes:
    """What the sealed former key is bound to."""
    return _associated(vault_id, "former", record.header())


def device_associated(vault_id: UUID, record: DeviceRecord) -> bytes:
    """What the sealed device seeds are bound to."""
    return _associated(vault_id, "device", record.header())


def sealed(vault: VaultFile, db_key: SecretKey) -> VaultFile:
    """The next revision of `vault`, with its seal over everything but the count of failed attempts."""
    following = replace(vault, revision=vault.revision + 1)
    return replace(following, seal=_seal(following, db_key))


def is_sealed(vault: VaultFile, db_key: SecretKey) -> bool:
    """Whether nothing but the count of failed attempts was changed by another hand."""
    return sodium.same(vault.seal, _seal(vault, db_key))


def _seal(vault: VaultFile, db_key: SecretKey) -> bytes:
    with subkey(db_key, "seal") as key:
        return bytes(sodium.blake2b(canonical(content(vault)), key=key.buffer, personal=SEAL_USE))


def _associated(vault_id: UUID, what: str, header: dict[str, object]) -> bytes:
    return canonical({"format": FORMAT, "version": PLAIN_VERSION, "vault_id": str(vault_id), what: header})


def canonical(value: object) -> bytes:
    """The one spelling of a JSON value: keys sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def content(vault: VaultFile) -> dict[str, object]:
    """All of `vault.json` that the seal covers."""
    said: dict[str, object] = {
        "format": FORMAT,
        "version": vault.version,
        "vault_id": str(vault.vault_id),
        "created": vault.created.isoformat(),
        "revision": vault.revision,
        "key_id": vault.key_id,
        "slots": [{**slot.header(), "nonce": slot.nonce.hex(), "wrapped": slot.wrapped.hex()} for slot in vault.slots],
        "device": {
            **vault.device.header(),
            "nonce": vault.device.nonce.hex(),
            "sealed": vault.device.sealed.hex(),
        },
    }
    if vault.former is not None:
        former = vault.former
        said["former"] = {**former.header(), "nonce": former.nonce.hex(), "wrapped": former.wrapped.hex()}
    return said
