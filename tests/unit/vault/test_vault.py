from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from advocate_desk.clock import FixedClock
from advocate_desk.errors import Blocked, Invalid, NewerVault, Unavailable, WrongKey
from advocate_desk.vault import keyfile, slots
from advocate_desk.vault.change import change_passphrase, replace_recovery, set_passphrase
from advocate_desk.vault.folder import FILE_NAME, SPARE_NAME, has_vault
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.passphrase import KdfCost
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.set_up import create_vault
from advocate_desk.vault.slots import Argon2id, SlotKind
from advocate_desk.vault.throttle import TooSoon
from advocate_desk.vault.vault import ALTERED, open_vault, open_with_recovery, wait_before_next_attempt_s
from tests.unit.vault.keyrings import LockedBackend, MemoryBackend
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE, a_new_vault, a_vault


def opens(folder: Path, passphrase: str, clock: FixedClock, keyring: SecureKeyring | None = None) -> bytes:
    opened = open_vault(folder, passphrase, keyring=keyring, clock=clock, cost=CHEAP)
    key = bytes(opened.db_key.buffer)
    opened.close()
    return key


def edit(folder: Path, change: dict[str, object]) -> None:
    """Replace fields of both copies of the key file, each by its dotted path."""
    for name in (FILE_NAME, SPARE_NAME):
        content = json.loads((folder / name).read_bytes())
        for path, value in change.items():
            place = content
            *above, last = [int(step) if step.isdigit() else step for step in path.split(".")]
            for step in above:
                place = place[step]
            place[last] = value
        (folder / name).write_text(json.dumps(content))


def test_the_passphrase_and_the_recovery_code_give_the_same_database_key(tmp_path: Path, clock: FixedClock) -> None:
    key, code = a_vault(tmp_path, clock)
    assert len(key) == 32
    assert opens(tmp_path, PASSPHRASE, clock) == key
    by_code = open_with_recovery(tmp_path, RecoveryCode.parse(code.lower()), clock=clock)
    assert bytes(by_code.db_key.buffer) == key
    assert by_code.opened_by is SlotKind.RECOVERY


def test_nothing_is_on_disk_before_the_sheet_is_confirmed(
    tmp_path: Path, clock: FixedClock, keyring: SecureKeyring, backend: MemoryBackend
) -> None:
    folder = tmp_path / "profile"
    new = a_new_vault(folder, clock, keyring)
    assert not folder.exists()
    assert backend.kept == {}
    new.discard()
    assert not has_vault(folder)
    a_vault(folder, clock, keyring)
    assert has_vault(folder)


def test_the_key_file_is_for_its_owner_alone_and_leaves_no_other_file(tmp_path: Path, clock: FixedClock) -> None:
    folder = tmp_path / "profile"
    a_vault(folder, clock)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {path.name for path in folder.iterdir()} == {"vault.json", "vault.json.spare"}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in folder.iterdir())


def test_a_second_desk_is_not_made_over_the_first(tmp_path: Path, clock: FixedClock) -> None:
    new = a_new_vault(tmp_path, clock)
    key, _ = a_vault(tmp_path, clock)
    with pytest.raises(Blocked):
        a_new_vault(tmp_path, clock)
    with pytest.raises(Blocked):
        new.finish()
    assert opens(tmp_path, PASSPHRASE, clock) == key


def test_a_caseload_without_its_key_file_is_not_taken_for_an_empty_folder(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "caseload.db").write_bytes(b"x" * 4096)
    assert has_vault(tmp_path)
    with pytest.raises(Blocked):
        a_new_vault(tmp_path, clock)
    with pytest.raises(Unavailable, match="missing"):
        opens(tmp_path, PASSPHRASE, clock)


def test_a_weak_passphrase_is_refused_and_more_is_asked_where_there_is_no_keyring(
    tmp_path: Path, clock: FixedClock, keyring: SecureKeyring
) -> None:
    for held in (keyring, None):
        with pytest.raises(Invalid) as refused:
            create_vault(tmp_path, "Password1", keyring=held, clock=clock, cost=CHEAP)
        assert "passphrase" in refused.value.problems
    create_vault(tmp_path, "gravel teapot", keyring=keyring, clock=clock, cost=CHEAP).discard()
    with pytest.raises(Invalid):
        create_vault(tmp_path, "gravelt9", keyring=None, clock=clock, cost=CHEAP)


def test_a_wrong_passphrase_is_refused_in_words_that_do_not_repeat_it(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    with pytest.raises(WrongKey) as refused:
        opens(tmp_path, OTHER_PASSPHRASE, clock)
    assert OTHER_PASSPHRASE not in repr(refused.value)
    assert "Nothing was changed" in refused.value.advice


def test_a_passphrase_typed_in_another_unicode_form_opens(tmp_path: Path, clock: FixedClock) -> None:
    spoken = "caf\u00e9 \uac00\ub098 violin thursday"
    create_vault(tmp_path, spoken, keyring=None, clock=clock, cost=CHEAP).finish().close()
    assert opens(tmp_path, "cafe\u0301 \u1100\u1161\u1102\u1161 violin thursday", clock)


def test_a_copied_folder_without_the_device_secret_does_not_open(
    tmp_path: Path, clock: FixedClock, keyring: SecureKeyring
) -> None:
    key, code = a_vault(tmp_path, clock, keyring)
    assert opens(tmp_path, PASSPHRASE, clock, keyring) == key
    for other in (None, SecureKeyring(MemoryBackend())):
        with pytest.raises(Unavailable, match="second key"):
            opens(tmp_path, PASSPHRASE, clock, other)
    edit(tmp_path, {"slots.0.keyring": False})
    with pytest.raises(WrongKey):
        opens(tmp_path, PASSPHRASE, clock)
    assert bytes(open_with_recovery(tmp_path, RecoveryCode.parse(code), clock=clock).db_key.buffer) == key


def test_a_locked_keyring_is_said_and_is_no_attempt(tmp_path: Path, clock: FixedClock, keyring: SecureKeyring) -> None:
    a_vault(tmp_path, clock, keyring)
    with pytest.raises(Unavailable, match="locked"):
        opens(tmp_path, PASSPHRASE, clock, SecureKeyring(LockedBackend()))
    assert keyfile.load(tmp_path).throttle.failures == 0


@pytest.mark.parametrize(
    "change",
    [
        {"slots.0.kdf.opslimit": 3},
        {"slots.0.kdf.memlimit_bytes": 65 * 1024**2},
        {"slots.0.kdf.salt": "00" * 16},
        {"slots.0.id": "00" * 16},
        {"slots.0.keyring": True},
        {"slots.0.nonce": "00" * 24},
        {"slots.0.wrapped": "00" * 48},
        {"vault_id": "00000000-0000-4000-8000-000000000000"},
        {"key_id": "00" * 16},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_slot_that_was_edited_does_not_open(tmp_path: Path, clock: FixedClock, change: dict[str, object]) -> None:
    a_vault(tmp_path, clock)
    edit(tmp_path, change)
    with pytest.raises(Unavailable):
        opens(tmp_path, PASSPHRASE, clock, SecureKeyring(MemoryBackend()))


@pytest.mark.parametrize(
    "change",
    [
        {"slots.0.kdf.opslimit": 1},
        {"slots.0.kdf.memlimit_bytes": 8 * 1024**2},
        {"slots.0.kdf.memlimit_bytes": 2**40},
        {"slots.0.kdf": {"alg": "blake2b", "salt": "00" * 16}},
        {"slots.0.kdf.alg": "none"},
        {"slots.0.kind": "recovery"},
        {"slots.1.keyring": True},
        {"slots.0.surprise": 1},
        {"slots.0.kdf.opslimit": True},
        {"slots": []},
        {"format": "something else"},
        {"throttle.wait_s": -1},
        {"device": None},
    ],
    ids=str,
)
def test_a_key_file_outside_the_format_is_called_damaged(
    tmp_path: Path, clock: FixedClock, change: dict[str, object]
) -> None:
    a_vault(tmp_path, clock)
    edit(tmp_path, change)
    with pytest.raises(Unavailable, match="damaged") as refused:
        opens(tmp_path, PASSPHRASE, clock)
    assert type(refused.value) is Unavailable


def test_a_slot_of_another_vault_does_not_open(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path / "one", clock)
    a_vault(tmp_path / "two", clock)
    other = json.loads((tmp_path / "two" / "vault.json").read_bytes())
    edit(tmp_path / "one", {"slots": other["slots"]})
    with pytest.raises(WrongKey):
        opens(tmp_path / "one", PASSPHRASE, clock)
    edit(tmp_path / "one", {"slots": other["slots"], "vault_id": other["vault_id"]})
    with pytest.raises(WrongKey):
        opens(tmp_path / "one", PASSPHRASE, clock)


def test_a_vault_of_a_later_version_is_left_as_it_is(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    edit(tmp_path, {"version": 3, "slots": "of another shape"})
    before = (tmp_path / "vault.json").read_bytes()
    with pytest.raises(NewerVault, match="newer version"):
        opens(tmp_path, PASSPHRASE, clock)
    with pytest.raises(NewerVault):
        wait_before_next_attempt_s(tmp_path, clock)
    assert (tmp_path / "vault.json").read_bytes() == before


def test_an_alteration_beside_the_slot_that_opened_is_mended_from_the_spare_and_told(
    tmp_path: Path, clock: FixedClock
) -> None:
    _, code = a_vault(tmp_path, clock)
    genuine = (tmp_path / "vault.json.spare").read_bytes()
    edit(tmp_path, {"slots.1.wrapped": "00" * 48})
    (tmp_path / "vault.json.spare").write_bytes(genuine)
    opened = open_vault(tmp_path, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    assert opened.notices == (ALTERED,)
    opened.close()
    open_with_recovery(tmp_path, RecoveryCode.parse(code), clock=clock).close()
    assert open_vault(tmp_path, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP).notices == ()


def test_an_alteration_of_both_copies_is_told_and_locks_nobody_out(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    edit(tmp_path, {"slots.1.wrapped": "00" * 48})
    assert open_vault(tmp_path, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP).notices == (ALTERED,)


@pytest.mark.parametrize(
    "damage", [b"", b"{", b"\xff" * 400, b"[" * 60_000, b'{"format": "advocate-desk-vault"}', None]
)
def test_a_truncated_key_file_is_recovered_from_its_spare(
    tmp_path: Path, clock: FixedClock, damage: bytes | None
) -> None:
    key, _ = a_vault(tmp_path, clock)
    if damage is None:
        (tmp_path / "vault.json").unlink()
    else:
        (tmp_path / "vault.json").write_bytes(damage)
    assert opens(tmp_path, PASSPHRASE, clock) == key
    assert (tmp_path / "vault.json").stat().st_size > 1000


def test_two_damaged_copies_are_told_and_left_alone(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    for name in ("vault.json", "vault.json.spare"):
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(Unavailable, match="backup"):
        opens(tmp_path, PASSPHRASE, clock)
    assert (tmp_path / "vault.json").read_bytes() == b"{}"


def test_delays_grow_and_survive_a_restart(tmp_path: Path, clock: FixedClock) -> None:
    key, _ = a_vault(tmp_path, clock)
    waits = []
    for _ in range(7):
        clock.advance(timedelta(seconds=wait_before_next_attempt_s(tmp_path, clock)))
        with pytest.raises(WrongKey):
            opens(tmp_path, OTHER_PASSPHRASE, clock)
        waits.append(wait_before_next_attempt_s(tmp_path, clock))
    assert waits == [0, 0, 0, 5, 15, 30, 60]
    with pytest.raises(TooSoon) as refused:
        opens(tmp_path, PASSPHRASE, clock)
    assert refused.value.wait_s == 60
    clock.advance(timedelta(seconds=60))
    assert opens(tmp_path, PASSPHRASE, clock) == key
    assert keyfile.load(tmp_path).throttle.failures == 0


def test_the_attempt_is_counted_before_it_is_made(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_vault(tmp_path, clock)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("advocate_desk.vault.sodium.argon2id", killed)
    with pytest.raises(KeyboardInterrupt):
        opens(tmp_path, OTHER_PASSPHRASE, clock)
    assert keyfile.load(tmp_path).throttle.failures == 1


def test_a_clock_that_was_set_back_neither_shortens_the_wait_nor_makes_it_a_year(
    tmp_path: Path, clock: FixedClock
) -> None:
    key, _ = a_vault(tmp_path, clock)
    for _ in range(4):
        with pytest.raises(WrongKey):
            opens(tmp_path, OTHER_PASSPHRASE, clock)
    clock.advance(timedelta(days=-365))
    assert wait_before_next_attempt_s(tmp_path, clock) == 5
    with pytest.raises(TooSoon):
        opens(tmp_path, PASSPHRASE, clock)
    clock.advance(timedelta(seconds=5))
    assert opens(tmp_path, PASSPHRASE, clock) == key


def test_the_recovery_code_does_not_wait(tmp_path: Path, clock: FixedClock) -> None:
    key, code = a_vault(tmp_path, clock)
    for _ in range(4):
        with pytest.raises(WrongKey):
            opens(tmp_path, OTHER_PASSPHRASE, clock)
    opened = open_with_recovery(tmp_path, RecoveryCode.parse(code), clock=clock)
    assert bytes(opened.db_key.buffer) == key
    assert wait_before_next_attempt_s(tmp_path, clock) == 0


def test_another_recovery_code_does_not_open(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    with pytest.raises(WrongKey):
        open_with_recovery(tmp_path, RecoveryCode.new(), clock=clock)


def test_a_cheap_slot_is_raised_at_the_next_unlock(tmp_path: Path, clock: FixedClock, keyring: SecureKeyring) -> None:
    key, code = a_vault(tmp_path, clock, keyring)
    dearer = KdfCost(CHEAP.opslimit + 1, CHEAP.memlimit_bytes)
    open_vault(tmp_path, PASSPHRASE, keyring=keyring, clock=clock, cost=dearer).close()
    slot = keyfile.load(tmp_path).slot(SlotKind.PASSPHRASE)
    assert slot is not None
    assert isinstance(slot.kdf, Argon2id)
    assert dearer.fits(slot.kdf)
    assert slot.keyring
    assert opens(tmp_path, PASSPHRASE, clock, keyring) == key
    open_with_recovery(tmp_path, RecoveryCode.parse(code), clock=clock).close()


def test_a_changed_passphrase_opens_and_the_old_one_opens_nothing_on_disk(
    tmp_path: Path, clock: FixedClock, keyring: SecureKeyring
) -> None:
    key, code = a_vault(tmp_path, clock, keyring)
    opened = open_vault(tmp_path, PASSPHRASE, keyring=keyring, clock=clock, cost=CHEAP)
    change_passphrase(opened, PASSPHRASE, OTHER_PASSPHRASE, keyring=keyring, clock=clock, cost=CHEAP)
    assert opens(tmp_path, OTHER_PASSPHRASE, clock, keyring) == key
    (tmp_path / "vault.json").unlink()
    with pytest.raises(WrongKey):
        opens(tmp_path, PASSPHRASE, clock, keyring)
    open_with_recovery(tmp_path, RecoveryCode.parse(code), clock=clock).close()


def test_the_current_passphrase_is_asked_for_before_a_change(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    opened = open_vault(tmp_path, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    with pytest.raises(WrongKey):
        change_passphrase(opened, "not this one", OTHER_PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    with pytest.raises(Invalid):
        change_passphrase(opened, PASSPHRASE, "weak", keyring=None, clock=clock, cost=CHEAP)
    opens(tmp_path, PASSPHRASE, clock)


def test_a_desk_moved_to_another_computer_gets_a_new_passphrase_from_its_recovery_code(
    tmp_path: Path, clock: FixedClock, keyring: SecureKeyring
) -> None:
    key, code = a_vault(tmp_path, clock, keyring)
    elsewhere = SecureKeyring(MemoryBackend())
    opened = open_with_recovery(tmp_path, RecoveryCode.parse(code), clock=clock)
    set_passphrase(opened, OTHER_PASSPHRASE, keyring=elsewhere, cost=CHEAP)
    assert opens(tmp_path, OTHER_PASSPHRASE, clock, elsewhere) == key


def test_a_new_sheet_is_in_force_only_once_confirmed_and_ends_the_old(tmp_path: Path, clock: FixedClock) -> None:
    _, old = a_vault(tmp_path, clock)
    opened = open_vault(tmp_path, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    pending = replace_recovery(opened)
    new = "".join(pending.recovery_code.groups)
    open_with_recovery(tmp_path, RecoveryCode.parse(old), clock=clock).close()
    pending.finish()
    open_with_recovery(tmp_path, RecoveryCode.parse(new), clock=clock).close()
    with pytest.raises(WrongKey):
        open_with_recovery(tmp_path, RecoveryCode.parse(old), clock=clock)


def test_a_change_is_not_written_over_another_desks_key_file(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path / "one", clock)
    a_vault(tmp_path / "two", clock)
    opened = open_vault(tmp_path / "one", PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    opened.folder = tmp_path / "two"
    with pytest.raises(Unavailable, match="not the one"):
        set_passphrase(opened, OTHER_PASSPHRASE, keyring=None, cost=CHEAP)
    opens(tmp_path / "two", PASSPHRASE, clock)


def test_closing_wipes_every_key(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    opened = open_vault(tmp_path, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    buffers = [opened.db_key.buffer, opened.device.sign_seed.buffer, opened.device.exchange_secret.buffer]
    assert all(any(buffer) for buffer in buffers)
    opened.close()
    opened.close()
    assert not any(any(buffer) for buffer in buffers)
    with pytest.raises(ValueError, match="wiped"):
        opened.db_key.hex()


def test_the_device_keeps_its_identity(tmp_path: Path, clock: FixedClock) -> None:
    new = a_new_vault(tmp_path, clock).finish()
    opened = open_vault(tmp_path, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    assert (opened.device.id, opened.device.sign_public) == (new.device.id, new.device.sign_public)
    assert opened.device.sign_seed == new.device.sign_seed
    assert opened.device.exchange_secret == new.device.exchange_secret
    assert opened.key_id == new.key_id == slots.key_id(new.db_key, new.vault_id)


def test_an_altered_device_record_is_refused(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    edit(tmp_path, {"device.sign_public": "00" * 32})
    with pytest.raises(Unavailable, match="damaged"):
        opens(tmp_path, PASSPHRASE, clock)


def test_an_older_revision_can_be_told_from_the_present_one(tmp_path: Path, clock: FixedClock) -> None:
    a_vault(tmp_path, clock)
    opened = open_vault(tmp_path, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP)
    first = opened.revision
    set_passphrase(opened, OTHER_PASSPHRASE, keyring=None, cost=CHEAP)
    assert opened.revision == first + 1
    edit(tmp_path, {"revision": 9})
    assert not slots.is_sealed(keyfile.load(tmp_path), opened.db_key)
    assert slots.is_sealed(replace(keyfile.load(tmp_path), revision=opened.revision), opened.db_key)
