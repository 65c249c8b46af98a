"""`vault.json` under a failing disk: at every step of every write, the desk opens by what was true before or after."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from advocate_desk.clock import FixedClock
from advocate_desk.errors import Unavailable, WrongKey
from advocate_desk.vault import keyfile
from advocate_desk.vault.change import replace_recovery, set_passphrase
from advocate_desk.vault.folder import SPARE_NAME, has_vault
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import OpenVault, open_vault, open_with_recovery
from tests.faults.vault.failing_disk import FailingDisk, disk_full, killed
from tests.unit.vault.keyrings import MemoryBackend
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE, a_new_vault, a_vault, quick_stretching

CLOCK = FixedClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    quick_stretching(monkeypatch)


def opens(folder: Path, passphrase: str) -> bool:
    try:
        open_vault(folder, passphrase, keyring=None, clock=CLOCK, cost=CHEAP).close()
    except WrongKey:
        return False
    return True


def opened(folder: Path) -> OpenVault:
    return open_vault(folder, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)


@pytest.mark.parametrize("error", [disk_full, killed])
def test_a_passphrase_change_that_is_cut_off_leaves_a_desk_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Callable[[], BaseException]
) -> None:
    disk = FailingDisk(monkeypatch, error)
    for nth in itertools.count(1):
        folder = tmp_path / str(nth)
        key, code = a_vault(folder, CLOCK)
        vault = opened(folder)
        disk.fail_at(nth)
        with contextlib.suppress(Unavailable, KeyboardInterrupt):
            set_passphrase(vault, OTHER_PASSPHRASE, keyring=None, cost=CHEAP)
        if not disk.fired:
            break
        disk.heal()
        assert [opens(folder, PASSPHRASE), opens(folder, OTHER_PASSPHRASE)].count(True) == 1
        again = open_with_recovery(folder, RecoveryCode.parse(code), clock=CLOCK)
        assert bytes(again.db_key.buffer) == key
        assert again.notices == ()
        assert keyfile.load(folder).slots == keyfile._read(folder / SPARE_NAME).slots
    assert nth > 6


@pytest.mark.parametrize("error", [disk_full, killed])
def test_a_first_set_up_that_is_cut_off_blocks_no_new_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Callable[[], BaseException]
) -> None:
    disk = FailingDisk(monkeypatch, error)
    for nth in itertools.count(1):
        folder = tmp_path / str(nth)
        new = a_new_vault(folder, CLOCK)
        disk.fail_at(nth)
        was_refused = False
        try:
            new.finish()
        except Unavailable:
            was_refused = True
        except KeyboardInterrupt:
            pass
        if not disk.fired:
            break
        disk.heal()
        if has_vault(folder):
            assert not was_refused, "a desk that could not be made was left behind"
            assert opens(folder, PASSPHRASE)
        else:
            a_vault(folder, CLOCK)
    assert nth > 6


def test_a_new_sheet_that_could_not_be_kept_leaves_the_old_one_in_force_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FailingDisk(monkeypatch, disk_full)
    _, old = a_vault(tmp_path, CLOCK)
    pending = replace_recovery(opened(tmp_path))
    disk.fail_at(2)
    with pytest.raises(Unavailable, match="Nothing was changed"):
        pending.finish()
    open_with_recovery(tmp_path, RecoveryCode.parse(old), clock=CLOCK).close()
    disk.heal()
    new = "".join(pending.recovery_code.groups)
    pending.finish()
    open_with_recovery(tmp_path, RecoveryCode.parse(new), clock=CLOCK).close()


def test_a_change_is_said_to_have_failed_only_where_the_old_one_still_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = FailingDisk(monkeypatch, disk_full)
    for nth in itertools.count(1):
        folder = tmp_path / str(nth)
        a_vault(folder, CLOCK)
        vault = opened(folder)
        disk.fail_at(nth)
        said = ""
        try:
            set_passphrase(vault, OTHER_PASSPHRASE, keyring=None, cost=CHEAP)
        except Unavailable as error:
            said = error.advice
        if not disk.fired:
            break
        disk.heal()
        assert opens(folder, PASSPHRASE) == ("Nothing was changed" in said)
        (folder / "vault.json").unlink()  # and where it was changed, no spare lets the old one in
        if (folder / "vault.json.spare").exists():
            assert opens(folder, PASSPHRASE) == ("Nothing was changed" in said)
    assert nth > 6


def test_set_up_can_be_tried_again_after_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = FailingDisk(monkeypatch, disk_full)
    backend = MemoryBackend()
    new = a_new_vault(tmp_path, CLOCK, SecureKeyring(backend))
    disk.fail_at(1)
    with pytest.raises(Unavailable):
        new.finish()
    assert backend.kept == {}
    disk.heal()
    new.finish().close()
    assert len(backend.kept) == 1


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told_and_left_alone(tmp_path: Path) -> None:
    a_vault(tmp_path, CLOCK)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(Unavailable, match="cannot be written"):
            opened(tmp_path)
    finally:
        tmp_path.chmod(0o700)


def test_a_folder_that_vanished_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="Nothing was changed"):
        opened(tmp_path / "gone")


def test_what_a_cut_off_write_left_behind_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".vault-abc.tmp").write_bytes(b"half")
    a_vault(tmp_path, CLOCK)
    assert {path.name for path in tmp_path.iterdir()} == {"vault.json", "vault.json.spare"}
