"""The format page's test vector, and a million ways to be no vault."""

from __future__ import annotations

import contextlib
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advocate_desk.clock import FixedClock
from advocate_desk.errors import NewerVault, Unavailable
from advocate_desk.vault import passphrase, slots, sodium
from advocate_desk.vault.keyring import SERVICE, SecureKeyring
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import Argon2id, Blake2b, SlotKind
from advocate_desk.vault.vault import open_vault, open_with_recovery
from advocate_desk.vault.vault_json import MAX_FILE_BYTES, decode, encode
from tests.unit.vault.keyrings import MemoryBackend
from tests.unit.vault.vaults import CHEAP

PAGE = Path(__file__).parents[3] / "packaging" / "VAULT_FORMAT.md"
_block = re.search(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
assert _block
VECTOR = json.loads(_block.group(1))
RAW = json.dumps(VECTOR["vault.json"]).encode()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("vault.json", "vault.json.spare"):
        (tmp_path / name).write_bytes(RAW)
    return tmp_path


def test_every_step_of_the_vector_comes_out() -> None:
    vault = decode(RAW)
    by_passphrase, by_code = vault.slot(SlotKind.PASSPHRASE), vault.slot(SlotKind.RECOVERY)
    assert by_passphrase
    assert by_code
    kdf = by_passphrase.kdf
    assert isinstance(kdf, Argon2id)
    assert isinstance(by_code.kdf, Blake2b)
    typed = VECTOR["passphrase"].encode()
    assert sodium.argon2id(typed, kdf.salt, kdf.opslimit, kdf.memlimit_bytes).hex() == VECTOR["argon2id"]
    secret = SecretKey(bytearray.fromhex(VECTOR["device_secret"]))
    kek = passphrase.key_encryption_key(VECTOR["passphrase"], kdf, secret)
    assert kek.hex() == VECTOR["passphrase_kek"]
    key = sodium.unseal(
        by_passphrase.wrapped, VECTOR["passphrase_associated"].encode(), by_passphrase.nonce, kek.buffer
    )
    assert key is not None
    assert key.hex() == VECTOR["database_key"]
    code = RecoveryCode.parse(VECTOR["recovery_code"])
    assert code._secret.hex() == VECTOR["recovery_bits"]
    assert code.key_encryption_key(by_code.kdf).hex() == VECTOR["recovery_kek"]
    assert slots.key_id(SecretKey(key), vault.vault_id) == vault.key_id


def test_the_vectors_vault_opens_both_ways(folder: Path) -> None:
    backend = MemoryBackend()
    backend.kept[SERVICE, VECTOR["vault.json"]["vault_id"]] = VECTOR["device_secret"]
    clock = FixedClock(datetime(2026, 12, 1, tzinfo=UTC))
    typed = VECTOR["passphrase"].replace("é", "e\u0301")
    opened = open_vault(folder, typed, keyring=SecureKeyring(backend), clock=clock, cost=CHEAP)
    assert opened.db_key.hex() == VECTOR["database_key"]
    assert (opened.device.sign_seed.buffer + opened.device.exchange_secret.buffer).hex() == VECTOR["device_seeds"]
    assert opened.notices == ()
    recovered = open_with_recovery(folder, RecoveryCode.parse(VECTOR["recovery_code"]), clock=clock)
    assert recovered.db_key == opened.db_key


def test_the_vectors_unfinished_change_of_the_key_comes_out(folder: Path) -> None:
    raw = json.dumps(VECTOR["vault.json"] | VECTOR["version 2"]).encode()
    vault, db_key = decode(raw), SecretKey(bytearray.fromhex(VECTOR["database_key"]))
    assert vault.former
    assert slots.is_sealed(vault, db_key)
    assert slots.subkey(db_key, "former").hex() == VECTOR["former_subkey"]
    assert slots.former_associated(vault.vault_id, vault.former).decode() == VECTOR["former_associated"]
    former = slots.unwrap_former(vault.former, db_key, vault.vault_id)
    assert former is not None
    assert former.hex() == VECTOR["former_database_key"]
    assert vault.former.key_id == slots.key_id(former, vault.vault_id)
    assert json.loads(encode(vault)) == VECTOR["vault.json"] | VECTOR["version 2"]
    (folder / "vault.json").write_bytes(raw)
    code = RecoveryCode.parse(VECTOR["recovery_code"])
    opened = open_with_recovery(folder, code, clock=FixedClock(datetime(2026, 12, 1, tzinfo=UTC)))
    assert opened.is_changing_key
    assert opened.former == former


@pytest.mark.parametrize("change", [{"version": 1}, {"former": None}, {"version": 2, "former": {}}])
def test_a_former_key_belongs_to_version_2_and_to_no_other(change: dict[str, object]) -> None:
    for content in (VECTOR["vault.json"], VECTOR["vault.json"] | VECTOR["version 2"]):
        if content | change == VECTOR["vault.json"]:
            continue
        with pytest.raises(Unavailable, match="damaged"):
            decode(json.dumps(content | change).encode())


def test_what_is_written_reads_back_the_same() -> None:
    assert encode(decode(RAW)) == encode(decode(encode(decode(RAW))))
    assert json.loads(encode(decode(RAW))) == VECTOR["vault.json"]


def refused_or_read(raw: bytes) -> None:
    with contextlib.suppress(Unavailable, NewerVault):
        decode(raw)


@given(st.binary(max_size=2000))
def test_any_bytes_are_refused_in_words(raw: bytes) -> None:
    refused_or_read(raw)


def places(content: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [path, *(place for key, value in items for place in places(value, (*path, key)))]


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=60)
    | st.sampled_from(["0" * 64, "f" * 96]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=6,
)


@settings(max_examples=400)
@given(st.sampled_from(places(VECTOR["vault.json"])[1:]), ODD)
def test_any_value_in_any_place_is_read_or_refused(path: tuple[object, ...], value: object) -> None:
    content = json.loads(RAW)
    place = content
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    refused_or_read(json.dumps(content).encode())


@given(st.integers(0, len(RAW) - 1))
def test_every_truncation_is_refused(length: int) -> None:
    with pytest.raises(Unavailable):
        decode(RAW[:length])


def test_hostile_sizes_are_refused_quickly() -> None:
    for raw in (b" " * (MAX_FILE_BYTES + 1), b"[" * MAX_FILE_BYTES, b'{"a":' * 12_000, b"9" * MAX_FILE_BYTES):
        refused_or_read(raw)
        with pytest.raises(Unavailable):
            decode(raw)
