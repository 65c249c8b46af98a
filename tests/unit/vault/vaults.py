"""Cheap vaults for tests: the least Argon2id cost that the format allows takes 50 ms."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from advocate_desk.clock import Clock
from advocate_desk.vault import sodium
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.passphrase import KdfCost
from advocate_desk.vault.set_up import NewVault, create_vault
from advocate_desk.vault.vault_json import LEAST_MEMLIMIT_BYTES, LEAST_OPSLIMIT

CHEAP = KdfCost(LEAST_OPSLIMIT, LEAST_MEMLIMIT_BYTES)
PASSPHRASE = "harbour violin thursday cabbage"
OTHER_PASSPHRASE = "teapot gravel nineteen orchard"
_STRETCHED: dict[tuple[bytes, bytes, int, int], bytes] = {}


def quick_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a passphrase cost nothing, in tests that open a desk hundreds of times and try nothing of its stretching."""

    def stretch(secret: sodium.Buffer, salt: sodium.Buffer, _opslimit: int, _memlimit_bytes: int) -> bytearray:
        return sodium.blake2b(secret, personal=b"tests-stretching", salt=salt)

    monkeypatch.setattr(sodium, "argon2id", stretch)


def remembered_stretching(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a passphrase be stretched as it is, but only once with the same salt: for a desk that is opened often."""
    argon2id = sodium.argon2id

    def stretch(secret: sodium.Buffer, salt: sodium.Buffer, opslimit: int, memlimit_bytes: int) -> bytearray:
        name = (hashlib.sha256(secret).digest(), bytes(salt), opslimit, memlimit_bytes)
        if name not in _STRETCHED:
            _STRETCHED[name] = bytes(argon2id(secret, salt, opslimit, memlimit_bytes))
        return bytearray(_STRETCHED[name])

    monkeypatch.setattr(sodium, "argon2id", stretch)


def a_new_vault(folder: Path, clock: Clock, keyring: SecureKeyring | None = None) -> NewVault:
    return create_vault(folder, PASSPHRASE, keyring=keyring, clock=clock, cost=CHEAP)


def a_vault(folder: Path, clock: Clock, keyring: SecureKeyring | None = None) -> tuple[bytes, str]:
    """A finished vault in `folder`: its database key and its recovery code as printed."""
    new = a_new_vault(folder, clock, keyring)
    code = " ".join(new.recovery_code.groups)
    opened = new.finish()
    key = bytes(opened.db_key.buffer)
    opened.close()
    return key, code
