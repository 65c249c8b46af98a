"""The database key is changed on a failing disk, by a killed program, over strange backups: one key opens all of it."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable
from multiprocessing.context import BaseContext
from pathlib import Path
from random import Random
from typing import Any

import pytest

from advocate_desk.clock import FixedClock
from advocate_desk.desk.key_change import BACKUPS_LEFT, BACKUPS_WAIT, FINISHED, change_key, finish_change
from advocate_desk.domain.backups import Why
from advocate_desk.errors import Blocked, Unavailable, WrongKey
from advocate_desk.store import reencrypt
from advocate_desk.store.backup import check_copy, make_copy
from advocate_desk.store.backup_files import FOLDER_NAME, backup_files, set_folder
from advocate_desk.store.engine import create_store, open_store
from advocate_desk.store.reencrypt import Cancelled, copy_path
from advocate_desk.vault import keyfile
from advocate_desk.vault.change import set_passphrase
from advocate_desk.vault.folder import DATABASE_NAME
from advocate_desk.vault.new_key import NewKey, make_new_key
from advocate_desk.vault.organisation import key_encryption_key, seal_to
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.slots import X25519, SlotKind, empty_slot, sealed, unwrap_key, wrap_key
from advocate_desk.vault.sodium import exchange_public
from advocate_desk.vault.vault import OpenVault, open_vault, open_with_recovery
from tests.builders import NOON
from tests.faults.activities import Heard, Say
from tests.faults.killing import Moment, kill_one, processes
from tests.faults.vault.failing_disk import FailingDisk, disk_full, killed
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE, a_new_vault, quick_stretching

__all__ = ["processes"]

CLOCK = FixedClock(NOON)
KILLS = int(os.environ.get("ADVOCATE_DESK_KILLS", "0")) // 20 or 12
ROWS = 400


def make_desk(folder: Path) -> None:
    """A desk with rows in its store, two backups in the folder of its key, and one beside that folder."""
    new = a_new_vault(folder, CLOCK)
    (folder.parent / "code").write_text(" ".join(new.recovery_code.groups))
    vault = new.finish()
    engine = create_store(folder / DATABASE_NAME, vault.db_key.buffer)
    with engine.begin() as conn:
        conn.exec_driver_sql("CREATE TABLE kept (number INTEGER PRIMARY KEY, words TEXT)")
        for number in range(ROWS):
            conn.exec_driver_sql("INSERT INTO kept VALUES (?, ?)", (number, f"row {number} " * 20))
    backups = folder / FOLDER_NAME
    for place in (set_folder(backups, vault.key_id), set_folder(backups, vault.key_id), backups):
        make_copy(engine, vault.db_key.buffer, place, Why.AUTO, NOON)
    keyfile.save(set_folder(backups, vault.key_id), keyfile.load(folder))
    engine.dispose()
    vault.close()


@pytest.fixture
def made(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk that copies are taken from; its passphrases cost nothing."""
    quick_stretching(monkeypatch)
    folder = tmp_path_factory.mktemp("made") / "desk"
    make_desk(folder)
    return folder


@pytest.fixture
def desk(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "desk"))


@pytest.fixture
def old_code(made: Path) -> str:
    return (made.parent / "code").read_text()


def opened(desk: Path, passphrase: str = PASSPHRASE) -> OpenVault:
    return open_vault(desk, passphrase, keyring=None, clock=CLOCK, cost=CHEAP)


def new_key(desk: Path) -> NewKey:
    vault = opened(desk)
    made = make_new_key(vault, PASSPHRASE, OTHER_PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
    vault.close()
    return made


def nothing(*_: object) -> None:
    """No screen is there to tell."""


def change(new: NewKey, is_cancelled: Callable[[], bool] = lambda: False) -> tuple[str, ...]:
    return change_key(new, nothing, is_cancelled, nothing)


def rows(desk: Path, key: bytearray) -> int:
    engine = open_store(desk / DATABASE_NAME, key)
    try:
        with engine.connect() as conn:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
            return int(conn.exec_driver_sql("SELECT count(*) FROM kept").scalar_one())
    finally:
        engine.dispose()


def the_next_morning(desk: Path) -> tuple[str, tuple[str, ...]]:
    """Which passphrase opens the desk, exactly one, after all is finished and there; and what was told."""
    ways: list[tuple[str, OpenVault]] = []
    for passphrase in (PASSPHRASE, OTHER_PASSPHRASE):
        with contextlib.suppress(WrongKey):
            ways.append((passphrase, opened(desk, passphrase)))
    assert len(ways) == 1
    passphrase, vault = ways[0]
    assert vault.notices == ()
    is_unfinished = vault.is_changing_key
    told = finish_change(vault)
    assert (FINISHED in told) == is_unfinished
    told = tuple(each for each in told if each != FINISHED)
    assert rows(desk, vault.db_key.buffer) == ROWS
    copies = backup_files(desk / FOLDER_NAME)
    assert len(copies) == 3
    for path in copies if not told else ():
        check_copy(path, vault.db_key.buffer)
    assert not copy_path(desk / DATABASE_NAME).exists()
    vault.close()
    return passphrase, told


def test_nothing_in_the_profile_opens_by_the_old_key_passphrase_or_sheet(desk: Path, old_code: str) -> None:
    former = bytearray(opened(desk).db_key.buffer)
    new = new_key(desk)
    code = RecoveryCode.parse(" ".join(new.recovery_code.groups))
    assert change(new) == ()
    assert new.db_key.is_wiped
    assert new.former.is_wiped
    assert the_next_morning(desk) == (OTHER_PASSPHRASE, ())
    open_with_recovery(desk, code, clock=CLOCK).close()
    for folder in (desk, *(each for each in (desk / FOLDER_NAME).iterdir() if each.is_dir())):
        with pytest.raises(WrongKey):
            open_with_recovery(folder, RecoveryCode.parse(old_code), clock=CLOCK)
        with pytest.raises(WrongKey):
            opened(folder)
    for path in desk.rglob("*.db"):
        with pytest.raises(Unavailable):
            check_copy(path, former)
    assert all(json.loads(path.read_bytes())["version"] == 1 for path in desk.rglob("vault.json*"))


def test_the_device_stays_itself_and_the_organisation_can_still_open(desk: Path) -> None:
    vault = opened(desk)
    theirs = SecretKey.random()
    kek, kdf = seal_to(exchange_public(theirs.buffer))
    slot = wrap_key(vault.db_key, kek, empty_slot(SlotKind.ORGANISATION, kdf, keyring=False), vault.vault_id)
    keyfile.save(desk, sealed(keyfile.load(desk).with_slot(slot), vault.db_key))
    assert change(new_key(desk)) == ()
    again = opened(desk, OTHER_PASSPHRASE)
    assert (again.device.id, again.device.sign_seed) == (vault.device.id, vault.device.sign_seed)
    file = keyfile.load(desk)
    anew = file.slot(SlotKind.ORGANISATION)
    assert anew
    assert isinstance(anew.kdf, X25519)
    assert anew.kdf != slot.kdf
    assert unwrap_key(key_encryption_key(theirs, anew.kdf), anew, file) == again.db_key
    assert unwrap_key(key_encryption_key(theirs, kdf), slot, file) is None


@pytest.mark.parametrize("error", [disk_full, killed])
def test_a_change_that_fails_at_any_step_leaves_one_key_and_everything(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Callable[[], BaseException]
) -> None:
    disk = FailingDisk(monkeypatch, error)
    found = set()
    for nth in itertools.count(1):
        desk = Path(shutil.copytree(made, tmp_path / str(nth)))
        new = new_key(desk)
        disk.fail_at(nth)
        told: tuple[str, ...] = ()
        with contextlib.suppress(Unavailable, KeyboardInterrupt):
            told = change(new)
        if not disk.fired:
            break
        disk.heal()
        assert new.db_key.is_wiped
        passphrase, later = the_next_morning(desk)
        assert later == ()
        assert told in ((), (BACKUPS_WAIT,))
        found.add(passphrase)
        shutil.rmtree(desk)
    assert found == {PASSPHRASE, OTHER_PASSPHRASE}
    assert nth > 15


def change_until_killed(desk: Path, say: Any) -> None:
    """Change the key, and say when the screen would say that it was."""
    new = new_key(desk)
    say.send(("begun",))
    change(new)
    Say(say)("changed")
    threading.Event().wait()


def test_a_change_that_is_killed_at_any_moment_is_finished_or_undone(tmp_path: Path, processes: BaseContext) -> None:
    made = tmp_path / "made"
    make_desk(made)
    moments, found = Random(20261121), []
    for nth in range(KILLS):
        desk = Path(shutil.copytree(made, tmp_path / str(nth)))
        after_s = moments.uniform(0, 0.15)
        heard: Heard = kill_one(processes, change_until_killed, (desk,), Moment(after_s))
        passphrase, told = the_next_morning(desk)
        assert told == ()
        if heard:
            assert passphrase == OTHER_PASSPHRASE
        found.append(passphrase)
        shutil.rmtree(desk)
    assert PASSPHRASE in found


def test_cancelling_leaves_everything_as_it_was(desk: Path) -> None:
    before = {path.name: path.read_bytes() for path in desk.glob("vault.json*")}
    for calls in (0, 1):
        asked = itertools.count()
        new = new_key(desk)
        with pytest.raises(Cancelled):
            change(new, lambda asked=asked, calls=calls: next(asked) >= calls)  # type: ignore[misc]
        assert new.db_key.is_wiped
        assert the_next_morning(desk) == (PASSPHRASE, ())
    after = {path.name: json.loads(path.read_bytes())["slots"] for path in desk.glob("vault.json*")}
    assert after == {name: json.loads(content)["slots"] for name, content in before.items()}


def test_progress_ends_at_the_last_page(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reencrypt, "PAGES_A_STEP", 4)
    told: list[tuple[int, int]] = []
    decided: list[int] = []
    change_key(new_key(desk), lambda *each: told.append(each), lambda: False, lambda: decided.append(len(told)))
    assert len(told) > 3
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1][0] == told[-1][1]
    assert decided == [len(told)]


def test_a_damaged_page_is_never_made_a_sound_one(desk: Path) -> None:
    store = desk / DATABASE_NAME
    content = bytearray(store.read_bytes())
    content[20_000:20_400] = bytes(400)
    store.write_bytes(content)
    with pytest.raises(Unavailable, match="damaged"):
        change(new_key(desk))
    assert not copy_path(store).exists()
    opened(desk).close()
    assert store.read_bytes()[4096:] == content[4096:]


@pytest.mark.parametrize("name", [DATABASE_NAME, copy_path(Path(DATABASE_NAME)).name])
def test_an_unencrypted_file_is_never_read_into_the_desk_nor_written_to(desk: Path, name: str) -> None:
    new, plain = new_key(desk), desk / name
    plain.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(plain)) as raw:
        raw.execute("CREATE TABLE kept (number INTEGER, words TEXT)")
        raw.commit()
    before = plain.read_bytes()
    if name == DATABASE_NAME:
        with pytest.raises(Unavailable, match="not encrypted"):
            change(new)
    else:
        new.commit()
        with pytest.raises(Unavailable, match="not encrypted"):
            finish_change(opened(desk, OTHER_PASSPHRASE))
    assert plain.read_bytes() == before


def test_a_store_that_is_open_elsewhere_is_not_touched(desk: Path) -> None:
    new = new_key(desk)
    engine = open_store(desk / DATABASE_NAME, new.former.buffer)
    with engine.connect() as conn:
        conn.exec_driver_sql("SELECT count(*) FROM kept").all()
        with pytest.raises(Unavailable, match="another window"):
            change(new)
    engine.dispose()
    assert the_next_morning(desk)[0] == PASSPHRASE


def test_without_room_for_a_copy_nothing_is_begun(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reencrypt, "RESERVE_BYTES", 10**18)
    with pytest.raises(Unavailable, match="not enough room"):
        change(new_key(desk))
    assert the_next_morning(desk)[0] == PASSPHRASE


def test_a_passphrase_changed_in_between_is_not_overwritten(desk: Path) -> None:
    new = new_key(desk)
    vault = opened(desk)
    set_passphrase(vault, "orchard pebble nineteen lantern", keyring=None, cost=CHEAP)
    with pytest.raises(Unavailable, match="not the one"):
        change(new)
    assert rows(desk, opened(desk, "orchard pebble nineteen lantern").db_key.buffer) == ROWS
    assert not copy_path(desk / DATABASE_NAME).exists()


def test_an_unfinished_change_is_finished_before_another(desk: Path) -> None:
    new = new_key(desk)
    new.commit()
    vault = opened(desk, OTHER_PASSPHRASE)
    assert vault.is_changing_key
    with pytest.raises(Blocked, match="not finished"):
        make_new_key(vault, OTHER_PASSPHRASE, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)


def test_a_file_that_somebody_put_beside_the_store_does_not_take_its_place(desk: Path) -> None:
    planted = copy_path(desk / DATABASE_NAME)
    shutil.copy(desk / DATABASE_NAME, planted)
    assert the_next_morning(desk)[0] == PASSPHRASE  # and it was removed
    new = new_key(desk)
    change(new, lambda: False)
    shutil.copy(next(desk.glob("backups/*.db")), planted)  # genuine, but no change is under way
    assert the_next_morning(desk) == (OTHER_PASSPHRASE, ())


def test_in_an_unfinished_change_a_foreign_copy_is_refused_and_kept_out(desk: Path) -> None:
    new = new_key(desk)
    key = bytes(new.db_key.buffer)
    new.commit()
    create_store(copy_path(desk / DATABASE_NAME), bytes(32)).dispose()
    vault = opened(desk, OTHER_PASSPHRASE)
    with pytest.raises(Unavailable):
        finish_change(vault)
    assert bytes(vault.db_key.buffer) == key
    assert rows(desk, new.former.buffer) == ROWS


def test_damaged_and_foreign_backups_are_left_and_told(desk: Path) -> None:
    damaged, foreign = (
        sorted(desk.glob("backups/*/*.db"))[0],
        desk / FOLDER_NAME / "caseload-000009-20261101T000000Z-auto.db",
    )
    content = bytearray(damaged.read_bytes())
    content[20_000:20_400] = bytes(400)
    damaged.write_bytes(content)
    create_store(foreign, bytes(32)).dispose()
    before = foreign.read_bytes()
    assert change(new_key(desk)) == (BACKUPS_LEFT,)
    assert damaged.read_bytes() == content
    assert foreign.read_bytes() == before
    assert (damaged.parent / "vault.json").exists(), "what is left of it needs its old way in"
    vault = opened(desk, OTHER_PASSPHRASE)
    assert not vault.is_changing_key
    assert rows(desk, vault.db_key.buffer) == ROWS


def test_a_caseload_that_was_set_aside_as_damaged_keeps_its_log_and_its_old_way_in(desk: Path, old_code: str) -> None:
    sound = sorted(desk.glob("backups/*/*.db"))[0]
    aside = sound.rename(sound.with_name("caseload-000007-20261101T000000Z-damaged.db"))
    log = aside.with_name(f"{aside.name}-wal")
    log.write_bytes(b"saves that only the log holds")
    before = aside.read_bytes()
    assert change(new_key(desk)) == (BACKUPS_LEFT,)
    assert aside.read_bytes() == before and log.exists()
    vault = open_with_recovery(aside.parent, RecoveryCode.parse(old_code), clock=CLOCK)
    check_copy(aside, vault.db_key.buffer)
    vault.close()


def test_backups_that_were_put_off_are_done_at_the_next_unlock(desk: Path) -> None:
    new = new_key(desk)
    decided: list[bool] = []
    told = change_key(new, nothing, lambda: bool(decided), lambda: decided.append(True))
    assert told == (BACKUPS_WAIT,)
    vault = opened(desk, OTHER_PASSPHRASE)
    assert vault.is_changing_key
    assert vault.former is not None
    assert the_next_morning(desk) == (OTHER_PASSPHRASE, ())
    vault.close()
    assert vault.former.is_wiped


def test_a_lost_former_key_costs_old_backups_and_nothing_else(desk: Path) -> None:
    new = new_key(desk)
    decided: list[bool] = []
    change_key(new, nothing, lambda: bool(decided), lambda: decided.append(True))
    for path in desk.glob("vault.json*"):
        content = json.loads(path.read_bytes())
        content["former"]["wrapped"] = "00" * 48
        path.write_text(json.dumps(content))
    vault = opened(desk, OTHER_PASSPHRASE)
    assert vault.notices
    assert finish_change(vault) == (FINISHED, BACKUPS_LEFT)
    assert rows(desk, vault.db_key.buffer) == ROWS


def test_a_caseload_that_is_still_under_the_old_key_is_encrypted_anew_before_that_key_goes(desk: Path) -> None:
    before = shutil.copy(desk / DATABASE_NAME, desk.parent / "before.db")
    decided: list[bool] = []
    change_key(new_key(desk), nothing, lambda: bool(decided), lambda: decided.append(True))
    shutil.copy(before, desk / DATABASE_NAME)  # a backup of files put it back
    assert the_next_morning(desk) == (OTHER_PASSPHRASE, ())
    vault = opened(desk, OTHER_PASSPHRASE)
    assert not vault.is_changing_key
    vault.close()


@pytest.mark.parametrize("state", ["foreign", "empty", "missing"])
def test_the_old_key_is_kept_while_no_key_opens_the_caseload(state: str, desk: Path) -> None:
    before = shutil.copy(desk / DATABASE_NAME, desk.parent / "before.db")
    decided: list[bool] = []
    change_key(new_key(desk), nothing, lambda: bool(decided), lambda: decided.append(True))
    (desk / DATABASE_NAME).unlink()
    if state == "foreign":
        create_store(desk / DATABASE_NAME, bytes(32)).dispose()
    elif state == "empty":
        (desk / DATABASE_NAME).touch()
    vault = opened(desk, OTHER_PASSPHRASE)
    with pytest.raises(Unavailable, match="both keys are kept"):
        finish_change(vault)
    vault.close()
    assert keyfile.load(desk).former is not None
    shutil.copy(before, desk / DATABASE_NAME)
    assert the_next_morning(desk) == (OTHER_PASSPHRASE, ())
