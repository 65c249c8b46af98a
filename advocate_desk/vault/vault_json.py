"""`vault.json`, versions 1 and 2, as text: strict on reading, one spelling on writing. No personal data, no secret.

`packaging/VAULT_FORMAT.md` describes the format, its version rules and its test vectors.
"""

from __future__ import annotations

import json

from advocate_desk import trouble
from advocate_desk.errors import NewerVault, Unavailable
from advocate_desk.vault import sodium
from advocate_desk.vault.fields import Malformed, Reader
from advocate_desk.vault.slots import (
    FORMAT,
    PLAIN_VERSION,
    VERSION,
    X25519,
    Argon2id,
    Blake2b,
    DeviceRecord,
    FormerKey,
    Kdf,
    Slot,
    SlotKind,
    Throttle,
    VaultFile,
    content,
)

MAX_FILE_BYTES = 64 * 1024  # three slots take 2 KiB; more is not ours
MAX_SLOTS = 8

# Accepted on reading. Below the least, a stolen file is cheap to guess at; above the most, a planted file could take
# all memory or hold the unlock window for minutes.
LEAST_OPSLIMIT, MOST_OPSLIMIT = 2, 32
LEAST_MEMLIMIT_BYTES, MOST_MEMLIMIT_BYTES = 64 * 1024**2, 4 * 1024**3

NEWER = (
    "This desk was last used with a newer version of Advocate Desk. Nothing was changed. "
    "Install the newer version to open it."
)

_KDF_OF_KIND: dict[SlotKind, type] = {
    SlotKind.PASSPHRASE: Argon2id,
    SlotKind.RECOVERY: Blake2b,
    SlotKind.ORGANISATION: X25519,
}


def encode(vault: VaultFile) -> bytes:
    """`vault` as the text of `vault.json`."""
    written = content(vault)
    written["throttle"] = {
        "failures": vault.throttle.failures,
        "wait_s": vault.throttle.wait_s,
        "noted": vault.throttle.noted.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }
    written["seal"] = vault.seal.hex()
    return (json.dumps(written, indent=1) + "\n").encode("ascii")


def decode(raw: bytes) -> VaultFile:
    """The vault that `raw` says. Raises NewerVault for a later version, Unavailable for what is not a vault."""
    try:
        return _vault(*_parsed(raw))
    except Malformed as error:
        raise Unavailable(trouble.KEY_FILE_DAMAGED.told(trouble.NOT_OPENED)) from error


def _parsed(raw: bytes) -> tuple[Reader, int]:
    """The fields after the first two, and the version."""
    if len(raw) > MAX_FILE_BYTES:
        raise Malformed("too long")
    try:
        parsed = json.loads(raw, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise Malformed("not JSON") from error
    reader = Reader(parsed)
    if reader.text("format", 40) != FORMAT:
        raise Malformed("not a vault")
    version = reader.whole("version", PLAIN_VERSION, 10**6)
    if version > VERSION:
        raise NewerVault(NEWER)
    return reader, version


def _each_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object of the file. A field given twice would be one thing to us and another to the next reader."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Malformed("a field given twice")
    return found


def _vault(reader: Reader, version: int) -> VaultFile:
    slots = tuple(_slot(Reader(item)) for item in reader.items("slots", MAX_SLOTS))
    if not slots or len({slot.kind for slot in slots}) != len(slots) or len({slot.id for slot in slots}) != len(slots):
        raise Malformed("slots")
    vault = VaultFile(
        vault_id=reader.uuid("vault_id"),
        created=reader.day("created"),
        revision=reader.whole("revision", 1, 2**53),
        key_id=reader.octets("key_id", 16).hex(),
        slots=slots,
        device=_device(Reader(reader.take("device"))),
        throttle=_throttle(Reader(reader.take("throttle"))),
        seal=reader.octets("seal", 32),
        former=None if version == PLAIN_VERSION else _former(Reader(reader.take("former"))),
    )
    reader.finish()
    return vault


def _slot(reader: Reader) -> Slot:
    kind = reader.text("kind", 20)
    if kind not in set(SlotKind):
        raise Malformed("kind")
    slot = Slot(
        id=reader.octets("id", 16).hex(),
        kind=SlotKind(kind),
        kdf=_kdf(Reader(reader.take("kdf"))),
        keyring=reader.flag("keyring"),
        nonce=reader.octets("nonce", sodium.NONCE_BYTES),
        wrapped=reader.octets("wrapped", sodium.KEY_BYTES + sodium.TAG_BYTES),
    )
    reader.finish()
    if not isinstance(slot.kdf, _KDF_OF_KIND[slot.kind]):
        raise Malformed("kdf of another kind of slot")
    if slot.keyring and slot.kind is not SlotKind.PASSPHRASE:
        raise Malformed("keyring")
    return slot


def _kdf(reader: Reader) -> Kdf:
    kdf: Kdf
    algorithm = reader.text("alg", 20)
    if algorithm == "argon2id13":
        kdf = Argon2id(
            opslimit=reader.whole("opslimit", LEAST_OPSLIMIT, MOST_OPSLIMIT),
            memlimit_bytes=reader.whole("memlimit_bytes", LEAST_MEMLIMIT_BYTES, MOST_MEMLIMIT_BYTES),
            salt=reader.octets("salt", sodium.SALT_BYTES),
        )
    elif algorithm == "blake2b":
        kdf = Blake2b(reader.octets("salt", sodium.SALT_BYTES))
    elif algorithm == "x25519-blake2b":
        kdf = X25519(reader.octets("recipient", 32), reader.octets("ephemeral", 32))
    else:
        raise Malformed("alg")
    reader.finish()
    return kdf


def _device(reader: Reader) -> DeviceRecord:
    record = DeviceRecord(
        id=reader.uuid("id"),
        sign_public=reader.octets("sign_public", 32),
        exchange_public=reader.octets("exchange_public", 32),
        nonce=reader.octets("nonce", sodium.NONCE_BYTES),
        sealed=reader.octets("sealed", 64 + sodium.TAG_BYTES),
    )
    reader.finish()
    return record


def _former(reader: Reader) -> FormerKey:
    former = FormerKey(
        key_id=reader.octets("key_id", 16).hex(),
        nonce=reader.octets("nonce", sodium.NONCE_BYTES),
        wrapped=reader.octets("wrapped", sodium.KEY_BYTES + sodium.TAG_BYTES),
    )
    reader.finish()
    return former


def _throttle(reader: Reader) -> Throttle:
    throttle = Throttle(
        failures=reader.whole("failures", 0, 10**9),
        wait_s=reader.whole("wait_s", 0, 24 * 3600),
        noted=reader.moment("noted"),
    )
    reader.finish()
    return throttle
