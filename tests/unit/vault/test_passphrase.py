from __future__ import annotations

import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advocate_desk.errors import Invalid, Unavailable
from advocate_desk.vault import passphrase as made
from advocate_desk.vault.passphrase import DEFAULT_COST, check_acceptable, estimate, key_encryption_key
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import Argon2id
from advocate_desk.vault.vault_json import LEAST_MEMLIMIT_BYTES, LEAST_OPSLIMIT

KDF = Argon2id(LEAST_OPSLIMIT, LEAST_MEMLIMIT_BYTES, bytes(16))


@pytest.mark.parametrize(
    ("passphrase", "score"),
    [("", 0), ("password", 0), ("qwertyuiop", 0), ("harbour violin thursday cabbage", 4), ("aaaaaaaaaaaaaaaa", 0)],
)
def test_strength_is_that_of_a_guesser(passphrase: str, score: int) -> None:
    strength = estimate(passphrase)
    assert strength.score == score
    assert strength.word in ("Very weak", "Weak", "Fair", "Good", "Strong")
    assert strength.advice.endswith(".")


def test_the_users_own_details_make_a_passphrase_weaker() -> None:
    typed = "Testina Samplebyshire Imaginary"
    assert estimate(typed, ["Testina Samplebyshire", "Imaginary"]).guesses_log10 < estimate(typed).guesses_log10


def test_advice_never_repeats_what_was_typed() -> None:
    assert "hunter2" not in estimate("hunter2").advice
    with pytest.raises(Invalid) as refused:
        check_acceptable("hunter2", has_keyring=True)
    assert "hunter2" not in repr(refused.value) + str(refused.value.problems)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=made.MOST_CHARACTERS))
def test_any_text_can_be_estimated(text: str) -> None:
    assert 0 <= estimate(text).score <= 4


def test_a_very_long_passphrase_is_estimated_quickly_and_a_huge_one_refused() -> None:
    begun = time.perf_counter()
    estimate("P4ssw0rd!" * 113)
    assert time.perf_counter() - begun < 2
    with pytest.raises(Invalid):
        estimate("x" * (made.MOST_CHARACTERS + 1))


def test_the_device_secret_changes_the_key() -> None:
    keys = {
        bytes(key_encryption_key("one", KDF, secret).buffer)
        for secret in (None, SecretKey(bytearray(32)), SecretKey(bytearray(b"\x01" * 32)))
    }
    assert len(keys) == 3


def test_too_little_memory_is_told_as_such() -> None:
    with pytest.raises(Unavailable, match="memory"):
        key_encryption_key("one", Argon2id(2, 1024, bytes(16)), None)  # below libsodium's least: it refuses alike


def test_the_default_cost_is_libsodiums_moderate() -> None:
    from nacl import bindings

    assert DEFAULT_COST.opslimit >= bindings.crypto_pwhash_argon2id_OPSLIMIT_MODERATE
    assert DEFAULT_COST.memlimit_bytes >= bindings.crypto_pwhash_argon2id_MEMLIMIT_MODERATE


def test_opening_a_vault_loads_neither_the_estimator_nor_the_keyrings_backends() -> None:
    script = (
        "import sys; import advocate_desk.vault.vault, advocate_desk.vault.keyring;"
        "print([n for n in ('zxcvbn', 'keyring', 'msgspec', 'sqlalchemy', 'PySide6', 'reportlab') if n in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip()
    assert loaded == "[]"
