"""The primitives against published vectors and against an independent implementation."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advocate_desk.vault import organisation, sodium
from advocate_desk.vault.secret import SecretKey


def test_xchacha20_poly1305_agrees_with_its_draft() -> None:
    """Source: draft-irtf-cfrg-xchacha-03, appendix A.3.1."""
    plain = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
        b"sunscreen would be it."
    )
    associated = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    key, nonce = bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58))
    sealed = sodium.seal(plain, associated, nonce, key)
    assert sealed.hex().startswith("bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa644")
    assert sealed[-16:].hex() == "c0875924c1c7987947deafd8780acf49"
    opened = sodium.unseal(sealed, associated, nonce, key)
    assert opened is not None
    assert bytes(opened) == plain
    assert sodium.unseal(sealed, associated + b"x", nonce, key) is None
    assert sodium.unseal(b"", associated, nonce, key) is None


@given(st.binary(max_size=200), st.binary(max_size=64), st.binary(min_size=16, max_size=16), st.integers(16, 64))
def test_blake2b_agrees_with_the_standard_library(data: bytes, key: bytes, salt: bytes, size: int) -> None:
    personal = b"advdesk-a-test--"
    expected = hashlib.blake2b(data, digest_size=size, key=key, salt=salt, person=personal).digest()
    assert sodium.blake2b(data, personal=personal, key=key, salt=salt, size=size) == expected


def test_public_keys_agree_with_their_standards() -> None:
    """Source: RFC 8032, section 7.1, test 1; RFC 7748, section 6.1."""
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    assert sodium.sign_public(seed).hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    bob = bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    alices_public = bytes.fromhex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a")
    assert sodium.exchange_public(bob).hex() == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
    shared = sodium.exchange(bob, alices_public)
    assert shared is not None
    assert shared.hex() == "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
    assert sodium.exchange(bob, bytes(32)) is None


def test_argon2id_agrees_with_its_public_binding() -> None:
    from nacl.pwhash import argon2id

    assert sodium.argon2id(b"a passphrase", b"s" * 16, 2, 64 * 1024**2) == argon2id.kdf(
        32, b"a passphrase", b"s" * 16, opslimit=2, memlimit=64 * 1024**2
    )


def test_only_the_organisation_opens_what_is_sealed_to_it() -> None:
    secret, other = SecretKey.random(), SecretKey.random()
    kek, kdf = organisation.seal_to(sodium.exchange_public(secret.buffer))
    assert organisation.key_encryption_key(secret, kdf) == kek
    assert organisation.key_encryption_key(other, kdf) != kek


def test_a_secret_never_shows_itself_and_can_be_wiped() -> None:
    key = SecretKey.random()
    buffer = key.buffer
    assert buffer.hex() not in repr(key) + str(key) + f"{key}"
    with pytest.raises(TypeError):
        key.__reduce__()
    with key:
        assert key.copy() == key
    assert buffer == bytes(32)
    assert key.is_wiped
