"""Ed25519 signatures over bytes of one kind: the context keeps a signature of one kind from passing for another's.

The hub checks them, so nothing of the vault is imported here: libsodium signs in buffers that are wiped.
"""

from __future__ import annotations

from nacl._sodium import ffi, lib  # type: ignore[import-not-found]
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

PUSH = b"advocate-desk push 1\x00"
STATEMENT = b"advocate-desk statement 1\x00"
RIGHT = b"advocate-desk right 1\x00"
OWNERSHIP = b"advocate-desk ownership 1\x00"
SESSION = b"advocate-desk session 2\x00"

_KEY_BYTES, _SIGNATURE_BYTES = 32, 64


def sign(context: bytes, body: bytes, seed: bytes | bytearray, public: bytes = b"") -> bytes:
    """The signature over `body` by the holder of the 32-byte `seed`; its own `public` key saves half of the cost.

    Under another key than its own a signature would give the seed away: `public` is never what somebody else says.
    """
    if len(seed) != _KEY_BYTES or len(public) not in (0, _KEY_BYTES):
        raise ValueError("a key is 32 bytes")
    message, made = context + body, bytearray(_KEY_BYTES)
    secret, signed = bytearray(2 * _KEY_BYTES), bytearray(_SIGNATURE_BYTES + len(context) + len(body))
    held = ffi.from_buffer(secret, require_writable=True)
    try:
        if public:
            secret[:_KEY_BYTES], secret[_KEY_BYTES:] = seed, public
        else:
            lib.crypto_sign_seed_keypair(ffi.from_buffer(made, require_writable=True), held, ffi.from_buffer(seed))
        lib.crypto_sign(ffi.from_buffer(signed, require_writable=True), ffi.NULL, message, len(message), held)
    finally:
        lib.sodium_memzero(held, len(secret))
    return bytes(signed[:_SIGNATURE_BYTES])


def is_signed(context: bytes, body: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the holder of the Ed25519 key `public` signed `body` in this context."""
    try:
        VerifyKey(public).verify(context + body, signature)
    except (BadSignatureError, ValueError):
        return False
    return True
