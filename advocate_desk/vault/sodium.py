"""The few primitives of libsodium that the vault uses, over buffers that can be wiped.

PyNaCl's public functions take and return `bytes`, which Python never overwrites. The same library's C functions are
called here with `bytearray`s instead, so that every derived key can be zeroed after its last use.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nacl._sodium import ffi, lib  # type: ignore[import-not-found]

Buffer = bytes | bytearray

KEY_BYTES = 32
NONCE_BYTES = 24
TAG_BYTES = 16
SALT_BYTES = 16
PERSONAL_BYTES = 16
ARGON2ID13 = 2

if lib.sodium_init() < 0:  # 1 means that it was ready before: fine
    raise ImportError("libsodium did not start")


class OutOfMemory(Exception):
    """Argon2id could not get the memory that its parameters ask for."""


def random(size: int) -> bytearray:
    """`size` bytes from the operating system's generator."""
    out = bytearray(size)
    lib.randombytes(ffi.from_buffer(out, require_writable=True), size)
    return out


def wipe(buffer: bytearray) -> None:
    """Overwrite `buffer` with zeros; the compiler cannot remove the write."""
    if buffer:
        lib.sodium_memzero(ffi.from_buffer(buffer, require_writable=True), len(buffer))


def same(left: Buffer, right: Buffer) -> bool:
    """Whether the two are equal, in a time that does not depend on where they differ."""
    if len(left) != len(right):
        return False
    return bool(lib.sodium_memcmp(ffi.from_buffer(left), ffi.from_buffer(right), len(left)) == 0)


def argon2id(secret: Buffer, salt: Buffer, opslimit: int, memlimit_bytes: int) -> bytearray:
    """32 bytes derived from `secret` by Argon2id version 1.3. Raises OutOfMemory."""
    if len(salt) != SALT_BYTES:
        raise ValueError("salt must be 16 bytes")
    out = bytearray(KEY_BYTES)
    status = lib.crypto_pwhash(
        ffi.from_buffer(out, require_writable=True),
        KEY_BYTES,
        ffi.from_buffer("char[]", secret),
        len(secret),
        ffi.from_buffer(salt),
        opslimit,
        memlimit_bytes,
        ARGON2ID13,
    )
    if status != 0:
        raise OutOfMemory
    return out


def blake2b(
    data: Buffer, *, personal: bytes, key: Buffer = b"", salt: Buffer = bytes(SALT_BYTES), size: int = 32
) -> bytearray:
    """BLAKE2b of `data`, `size` bytes long, under `key`, for one `personal` use (16 bytes)."""
    if len(personal) != PERSONAL_BYTES or len(salt) != SALT_BYTES:
        raise ValueError("personal and salt must be 16 bytes")
    out = bytearray(size)
    status = lib.crypto_generichash_blake2b_salt_personal(
        ffi.from_buffer(out, require_writable=True),
        size,
        ffi.from_buffer(data),
        len(data),
        ffi.from_buffer(key) if key else ffi.NULL,
        len(key),
        ffi.from_buffer(salt),
        ffi.from_buffer(personal),
    )
    if status != 0:
        raise ValueError("size or key is outside what BLAKE2b takes")
    return out


def seal(plain: Buffer, associated: bytes, nonce: Buffer, key: Buffer) -> bytearray:
    """`plain` encrypted and authenticated with `associated`: XChaCha20-Poly1305 (IETF), 16 bytes longer."""
    _check_sizes(nonce, key)
    out = bytearray(len(plain) + TAG_BYTES)
    lib.crypto_aead_xchacha20poly1305_ietf_encrypt(
        ffi.from_buffer(out, require_writable=True),
        ffi.NULL,
        _read(plain),
        len(plain),
        associated,
        len(associated),
        ffi.NULL,
        _read(nonce),
        _read(key),
    )
    return out


def seal_each(parts: Sequence[tuple[bytes, bytes, bytes]]) -> list[bytes]:
    """Each (plain, associated, key) sealed as `seal` does, behind a random nonce of its own.

    For many at once: the nonces are drawn and the room is made for all of them together.
    """
    nonces = bytes(random(NONCE_BYTES * len(parts)))
    room = ffi.from_buffer(bytearray(max((len(plain) for plain, _, _ in parts), default=0) + TAG_BYTES))
    encrypt, seen, null = lib.crypto_aead_xchacha20poly1305_ietf_encrypt, ffi.buffer(room), ffi.NULL
    sealed: list[bytes] = []
    for number, (plain, associated, key) in enumerate(parts):
        nonce = nonces[number * NONCE_BYTES : (number + 1) * NONCE_BYTES]
        encrypt(room, null, plain, len(plain), associated, len(associated), null, nonce, _key(key))
        sealed.append(nonce + seen[: len(plain) + TAG_BYTES])
    return sealed


def unseal(sealed: Buffer, associated: bytes, nonce: Buffer, key: Buffer) -> bytearray | None:
    """What `seal` was given, or None where key, nonce, associated data or a single bit is another."""
    _check_sizes(nonce, key)
    if len(sealed) < TAG_BYTES:
        return None
    out = bytearray(len(sealed) - TAG_BYTES)
    status = lib.crypto_aead_xchacha20poly1305_ietf_decrypt(
        ffi.from_buffer(out, require_writable=True),
        ffi.NULL,
        ffi.NULL,
        _read(sealed),
        len(sealed),
        associated,
        len(associated),
        _read(nonce),
        _read(key),
    )
    return out if status == 0 else None


def sign_public(seed: Buffer) -> bytes:
    """The Ed25519 public key of a 32-byte `seed`."""
    public, secret = bytearray(32), bytearray(64)
    lib.crypto_sign_seed_keypair(
        ffi.from_buffer(public, require_writable=True),
        ffi.from_buffer(secret, require_writable=True),
        ffi.from_buffer(_key(seed)),
    )
    wipe(secret)
    return bytes(public)


def exchange_public(secret: Buffer) -> bytes:
    """The X25519 public key of a 32-byte `secret`."""
    public = bytearray(32)
    lib.crypto_scalarmult_base(ffi.from_buffer(public, require_writable=True), ffi.from_buffer(_key(secret)))
    return bytes(public)


def exchange(secret: Buffer, public: Buffer) -> bytearray | None:
    """The X25519 shared point of `secret` and another's `public` key; None for a public key of small order."""
    shared = bytearray(32)
    status = lib.crypto_scalarmult(
        ffi.from_buffer(shared, require_writable=True), ffi.from_buffer(_key(secret)), ffi.from_buffer(_key(public))
    )
    return shared if status == 0 else None


def wipe_all(buffers: Sequence[bytearray | None]) -> None:
    """Wipe those that are there."""
    for buffer in buffers:
        if buffer is not None:
            wipe(buffer)


def _read(buffer: Buffer) -> Any:  # noqa: ANN401 - a buffer of the C library
    """A buffer to be read by the library, which takes `bytes` as they are."""
    return buffer if type(buffer) is bytes else ffi.from_buffer(buffer)


def _check_sizes(nonce: Buffer, key: Buffer) -> None:
    if len(nonce) != NONCE_BYTES:
        raise ValueError("nonce must be 24 bytes")
    _key(key)


def _key(key: Buffer) -> Buffer:
    if len(key) != KEY_BYTES:
        raise ValueError("key must be 32 bytes")
    return key
