"""What somebody with the folder in her hands might try beside guessing: it is refused, or told, or changes nothing."""

from __future__ import annotations

import itertools
import json
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from advocate_desk.clock import FixedClock
from advocate_desk.errors import NewerVault, Unavailable, WrongKey
from advocate_desk.store.engine import create_store, open_store
from advocate_desk.vault import keyfile, slots
from advocate_desk.vault.change import change_passphrase, set_passphrase
from advocate_desk.vault.folder import DATABASE_NAME, FILE_NAME, SPARE_NAME
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.throttle import DELAYS_S, TooSoon
from advocate_desk.vault.vault import ALTERED, OpenVault, open_vault, open_with_recovery, wait_before_next_attempt_s
from advocate_desk.vault.vault_json import MAX_FILE_BYTES, decode
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE, a_vault, quick_stretching

NAMES = (FILE_NAME, SPARE_NAME)


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_stretching(monkeypatch)


def opened(folder: Path, clock: FixedClock, passphrase: str = PASSPHRASE) -> OpenVault:
    return open_vault(folder, passphrase, keyring=None, clock=clock, cost=CHEAP)


def edit(folder: Path, change: Callable[[dict[str, Any]], None], names: tuple[str, ...] = NAMES) -> None:
    for name in names:
        content = json.loads((folder / name).read_bytes())
        change(content)
        (folder / name).write_text(json.dumps(content))


def copies(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in NAMES}


def put(folder: Path, content: dict[str, bytes]) -> None:
    for name, raw in content.items():
        (folder / name).write_bytes(raw)


# --- copies of the key file ---


def test_an_old_copy_of_one_file_never_wins_over_the_other_where_both_are_whole(
    tmp_path: Path, clock: FixedClock
) -> None:
    a_vault(tmp_path, clock)
    before = copies(tmp_path)
    change_passphrase(opened(tmp_path, clock), PASSPHRASE, OTHER_PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    put(tmp_path, {SPARE_NAME: before[SPARE_NAME]})
    with pytest.raises(WrongKey):
        opened(tmp_path, clock)
    opened(tmp_path, clock, OTHER_PASSPHRASE).close()
    assert decode((tmp_path / SPARE_NAME).read_bytes()).revision == 2, "the stale spare was renewed"


def test_slots_of_the_day_before_do_not_fit_under_the_seal_of_today(tmp_path: Path, clock: FixedClock) -> None:
    _, code = a_vault(tmp_path, clock)
    old = json.loads((tmp_path / FILE_NAME).read_bytes())["slots"]
    set_passphrase(opened(tmp_path, clock), OTHER_PASSPHRASE, keyring=None, cost=CHEAP)
    edit(tmp_path, lambda content: content.update(slots=old), (FILE_NAME,))
    again = opened(tmp_path, clock)  # whoever has the old slot and the old passphrase has the key
    assert again.notices == (ALTERED,)
    with pytest.raises(WrongKey):  # but the genuine file was put back at once
        opened(tmp_path, clock)
    open_with_recovery(tmp_path, RecoveryCode.parse(code), clock=clock).close()


@pytest.mark.parametrize("name", NAMES)
def test_a_copy_cut_at_any_byte_costs_nothing(tmp_path: Path, clock: FixedClock, name: str) -> None:
    key, _ = a_vault(tmp_path, clock)
    whole = copies(tmp_path)
    for length in range(0, len(whole[name]) - 1, 37):
        put(tmp_path, whole | {name: whole[name][:length]})
        vault = opened(tmp_path, clock)
        assert bytes(vault.db_key.buffer) == key
        assert vault.notices == ()
        assert all(decode(raw) for raw in copies(tmp_path).values()), "both are whole again"


def test_both_copies_cut_at_any_byte_are_refused_in_words_and_left_alone(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    whole = copies(tmp_path)
    for length in range(0, len(whole[FILE_NAME]) - 2, 61):
        cut = {name: raw[:length] for name, raw in whole.items()}
        put(tmp_path, cut)
        with pytest.raises(Unavailable, match="damaged"):
            opened(tmp_path, clock)
        assert copies(tmp_path) == cut


@pytest.mark.parametrize("seed", range(12))
def test_any_flipped_bits_open_the_same_key_or_nothing(tmp_path: Path, clock: FixedClock, seed: int) -> None:
    key, _ = a_vault(tmp_path, clock)
    chance, whole = Random(seed), copies(tmp_path)
    for _ in range(12):
        damaged = {}
        for name, raw in whole.items():
            flipped = bytearray(raw)
            for _bit in range(chance.randint(1, 3)):
                flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
            damaged[name] = bytes(flipped)
        put(tmp_path, damaged)
        try:
            vault = opened(tmp_path, clock)
        except (Unavailable, NewerVault):
            continue
        assert bytes(vault.db_key.buffer) == key


def test_a_foreign_spare_is_not_listened_to(tmp_path: Path, clock: FixedClock) -> None:
    key, _ = a_vault(tmp_path / "mine", clock)
    a_vault(tmp_path / "theirs", clock)
    shutil.copy(tmp_path / "theirs" / FILE_NAME, tmp_path / "mine" / SPARE_NAME)
    vault = opened(tmp_path / "mine", clock)
    assert bytes(vault.db_key.buffer) == key
    assert vault.notices == ()
    assert decode((tmp_path / "mine" / SPARE_NAME).read_bytes()).vault_id == vault.vault_id


def test_a_foreign_spare_does_not_mend_an_altered_file(tmp_path: Path, clock: FixedClock) -> None:
    key, _ = a_vault(tmp_path / "mine", clock)
    a_vault(tmp_path / "theirs", clock)
    shutil.copy(tmp_path / "theirs" / FILE_NAME, tmp_path / "mine" / SPARE_NAME)
    edit(tmp_path / "mine", lambda content: content["slots"][1].update(wrapped="00" * 48), (FILE_NAME,))
    vault = opened(tmp_path / "mine", clock)
    assert bytes(vault.db_key.buffer) == key
    assert vault.notices == (ALTERED,)


# --- slots and fields ---


@pytest.mark.parametrize("kind", ["passphrase", "recovery"])
def test_a_slot_of_another_vault_with_the_same_passphrase_opens_nothing(
    tmp_path: Path, clock: FixedClock, kind: str
) -> None:
    a_vault(tmp_path / "mine", clock)
    _, code = a_vault(tmp_path / "theirs", clock)
    theirs = json.loads((tmp_path / "theirs" / FILE_NAME).read_bytes())["slots"]

    def swap(content: dict[str, Any]) -> None:
        content["slots"] = [
            next(each for each in theirs if each["kind"] == kind) if one["kind"] == kind else one
            for one in content["slots"]
        ]

    edit(tmp_path / "mine", swap)
    ways: dict[str, Callable[[], OpenVault]] = {
        "passphrase": lambda: opened(tmp_path / "mine", clock),
        "recovery": lambda: open_with_recovery(tmp_path / "mine", RecoveryCode.parse(code), clock=clock),
    }
    with pytest.raises(WrongKey):
        ways[kind]()


def test_a_whole_foreign_key_file_does_not_open_this_database(tmp_path: Path, clock: FixedClock) -> None:
    for name in ("mine", "theirs"):
        key, _ = a_vault(tmp_path / name, clock)
        create_store(tmp_path / name / DATABASE_NAME, key).dispose()
    before = (tmp_path / "mine" / DATABASE_NAME).read_bytes()
    put(tmp_path / "mine", copies(tmp_path / "theirs"))
    vault = opened(tmp_path / "mine", clock)
    with pytest.raises(WrongKey):
        open_store(tmp_path / "mine" / DATABASE_NAME, vault.db_key.buffer)
    shutil.copy(tmp_path / "theirs" / DATABASE_NAME, tmp_path / "mine" / "swapped.db")
    open_store(tmp_path / "mine" / "swapped.db", vault.db_key.buffer).dispose()
    assert (tmp_path / "mine" / DATABASE_NAME).read_bytes() == before


@pytest.mark.parametrize(
    "field",
    ['"version": 1', '"slots": []', '"key_id": "00"', '"throttle": null', '"vault_id": "x"', '"seal": ""'],
)
def test_a_field_given_twice_is_refused(tmp_path: Path, clock: FixedClock, field: str) -> None:
    a_vault(tmp_path, clock)
    whole = copies(tmp_path)
    for at_start in (True, False):
        for name, raw in whole.items():
            text = raw.decode().strip()
            twice = f"{{{field},{text[1:]}" if at_start else f"{text[:-1]},{field}}}"
            (tmp_path / name).write_text(twice)
        with pytest.raises(Unavailable, match="damaged"):
            opened(tmp_path, clock)


@pytest.mark.parametrize(
    "raw",
    [
        b'{"format":"advocate-desk-vault","version":' + b"9" * 60_000 + b"}",
        b'{"format":"advocate-desk-vault","version":1e400}',
        b'{"format":"advocate-desk-vault","version":NaN}',
        b'{"format":"advocate-desk-vault","version":-1}',
        b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b"[" * MAX_FILE_BYTES,
        b'{"format":"\\ud800","version":1}',
        b"\xef\xbb\xbf{}",
        b"null",
        b'"' + b"a" * (MAX_FILE_BYTES - 2) + b'"',
        b"\x00" * 4096,
    ],
    ids=range(11),
)
def test_monstrous_json_is_called_damaged(raw: bytes) -> None:
    with pytest.raises(Unavailable, match="damaged"):
        decode(raw)


# --- the wait after wrong passphrases ---


def test_a_removed_count_is_damage_and_no_fresh_start(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    for _ in range(5):
        clock.advance(timedelta(hours=1))
        with pytest.raises(WrongKey):
            opened(tmp_path, clock, OTHER_PASSPHRASE)
    edit(tmp_path, lambda content: content.pop("throttle"))
    with pytest.raises(Unavailable, match="damaged"):
        opened(tmp_path, clock)


def test_a_removed_key_file_costs_the_waits_of_the_spare_and_no_more(tmp_path: Path, clock: FixedClock) -> None:
    """The count guards the keyboard. Whoever can write to the folder is held off by the stretching and the keyring."""
    a_vault(tmp_path, clock)
    for _ in range(6):
        clock.advance(timedelta(hours=1))
        with pytest.raises(WrongKey):
            opened(tmp_path, clock, OTHER_PASSPHRASE)
    assert wait_before_next_attempt_s(tmp_path, clock) > 0
    (tmp_path / FILE_NAME).unlink()
    opened(tmp_path, clock).close()


def test_the_longest_wait_holds_through_clocks_set_back_and_forth(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    for _ in itertools.repeat(None, len(DELAYS_S) + 2):
        clock.advance(timedelta(seconds=DELAYS_S[-1]))
        with pytest.raises(WrongKey):
            opened(tmp_path, clock, OTHER_PASSPHRASE)
    for step in (timedelta(days=-400), timedelta(seconds=-1), timedelta(seconds=400), timedelta(seconds=499)):
        clock.advance(step)
        with pytest.raises(TooSoon):
            opened(tmp_path, clock)
    clock.advance(timedelta(seconds=1))
    opened(tmp_path, clock).close()


def test_a_wait_written_by_hand_is_never_longer_than_a_day(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    edit(tmp_path, lambda content: content["throttle"].update(wait_s=10**9))
    with pytest.raises(Unavailable, match="damaged"):
        opened(tmp_path, clock)


# --- the database ---


def test_a_keyring_of_another_vault_is_no_second_key(tmp_path: Path, clock: FixedClock, keyring: SecureKeyring) -> None:
    mine, theirs = tmp_path / "mine", tmp_path / "theirs"
    for folder in (mine, theirs):
        a_vault(folder, clock, keyring)
    their_secret = keyring.read(str(keyfile.load(theirs).vault_id))
    assert their_secret
    keyring.write(str(keyfile.load(mine).vault_id), their_secret)
    with pytest.raises(WrongKey):
        open_vault(mine, PASSPHRASE, keyring=keyring, clock=clock, cost=CHEAP)


def test_a_former_key_of_another_vault_is_not_taken(tmp_path: Path, clock: FixedClock) -> None:
    key, _ = a_vault(tmp_path, clock)
    vault = opened(tmp_path, clock)
    other = slots.wrap_former(vault.db_key, vault.db_key, vault.device.id)
    assert slots.unwrap_former(other, vault.db_key, vault.vault_id) is None
    mine = slots.wrap_former(vault.db_key, vault.db_key, vault.vault_id)
    again = slots.unwrap_former(mine, vault.db_key, vault.vault_id)
    assert again is not None
    assert bytes(again.buffer) == key
