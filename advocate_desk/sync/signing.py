"""Ed25519 signatures over bytes of one kind: the context keeps a signature of one kind from passing for another's."""

from __future__ import annotations

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from advocate_desk.vault import sodium

PUSH = b"advocate-desk push 1\x00"
STATEMENT = b"advocate-desk statement 1\x00"
RIGHT = b"advocate-desk right 1\x00"
OWNERSHIP = b"advocate-desk ownership 1\x00"
SESSION = b"advocate-desk session 2\x00"


def sign(context: bytes, body: bytes, seed: bytes | bytearray, public: bytes = b"") -> bytes:
    """The signature over `body` by the holder of the 32-byte `seed`; its `public` key saves working that out."""
    return sodium.sign(context + body, seed, public or sodium.sign_public(seed))


def is_signed(context: bytes, body: bytes, signature: bytes, public: bytes) -> bool:
    """Whether the holder of the Ed25519 key `public` signed `body` in this context."""
    try:
        VerifyKey(public).verify(context + body, signature)
    except (BadSignatureError, ValueError):
        return False
    return True
