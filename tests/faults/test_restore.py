"""Restoring a backup: the present caseload is set aside, the way back is the same act, and no kill loses either."""

from __future__ import annotations

import errno
import itertools
import json
import os
import shutil
import signal
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from advocate_desk.casework.restoring import finish_restore, restore, way_in
from advocate_desk.casework.shelf import Shelf
from advocate_desk.clock import FixedClock
from advocate_desk.desk.composition import open_desk
from advocate_desk.domain.backups import Why
from advocate_desk.durable import sync_folder
from advocate_desk.errors import DeskError, NewerVault, Refused, Unavailable
from advocate_desk.store import audit, swap
from advocate_desk.store import engine as engine_module
from advocate_desk.store import lease as lease_module
from advocate_desk.store.backup import never
from advocate_desk.store.backup_files import CopyFile, backup_files, copies_in, new_path
from advocate_desk.store.compare import Relation, compare, contents
from advocate_desk.store.engine import DATABASE_NAME, open_store
from advocate_desk.store.lease import Lease
from advocate_desk.store.migrate import HEAD, revision_of
from advocate_desk.store.tables.local import audit_event
from advocate_desk.trouble import BUSY, DISK_FULL, NO_ANSWER, NO_MEMORY, NOT_OPENED, READ_ONLY, Trouble
from advocate_desk.vault import keyfile
from advocate_desk.vault.folder import FILE_NAME, READY, SPARE_NAME, has_vault, is_restoring
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import open_with_recovery
from tests.builders import NOON, PACKS
from tests.faults.test_store_folder import refused, spoil
from tests.profiles import Profile, a_profile
from tests.store_state import check_sound


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Profile, CopyFile]:
    """A desk with a backup, and a note since."""
    clock = FixedClock(NOON)
    profile = a_profile(tmp_path_factory.mktemp("made") / "profile", clock)
    profile.write("before the backup")
    clock.advance(timedelta(hours=1))
    copy = profile.back_up()
    clock.advance(timedelta(hours=1))
    profile.write("after the backup")
    return profile, copy


@pytest.fixture
def profile(made: tuple[Profile, CopyFile], tmp_path: Path) -> Profile:
    """A copy of that desk for one test."""
    original, _ = made
    folder = Path(shutil.copytree(original.folder, tmp_path / "profile"))
    return Profile(folder, original.key, original.code, FixedClock(original.clock.now()), original.file_id)


@pytest.fixture
def copy(profile: Profile) -> CopyFile:
    """Its backup."""
    (found,) = copies_in(profile.places().own)
    return found


VAULTS = Path(__file__).parents[1] / "data" / "vaults"
BEFORE, AFTER = ["before the backup"], ["before the backup", "after the backup"]


def restore_it(profile: Profile, copy: CopyFile) -> Path | None:
    vault = open_with_recovery(
        way_in(profile.folder, copy.path.parent), RecoveryCode.parse(profile.code), clock=profile.clock
    )
    try:
        return restore(profile.folder, vault, copy, profile.clock, PACKS).aside
    finally:
        vault.close()


def test_a_restored_caseload_takes_the_place_of_one_that_is_kept_whole(profile: Profile, copy: CopyFile) -> None:
    aside = restore_it(profile, copy)
    assert profile.notes() == BEFORE
    assert aside is not None and profile.notes(aside) == AFTER
    assert [each.copy.why for each in copies_in(aside.parent)] == [Why.ASIDE, Why.AUTO]
    names = {each.name for each in profile.folder.iterdir()}
    assert not {name for name in names if "restoring" in name or name.endswith(("-wal", "-shm"))}
    check_sound(profile.work().engine)


def test_a_restore_is_on_record_in_the_caseload_that_was_restored(profile: Profile, copy: CopyFile) -> None:
    restore_it(profile, copy)
    with profile.work().engine.begin() as conn:
        last = conn.execute(select(audit_event).order_by(audit_event.c.position.desc())).first()
        assert last is not None and last.kind == "backup_restored"
        assert last.detail == {"number": copy.copy.number, "made_at": copy.copy.made_at.isoformat()}
        assert audit.verify(conn).is_whole


def test_the_way_back_is_the_same_act(profile: Profile, copy: CopyFile) -> None:
    restore_it(profile, copy)
    profile.write("written in the restored one")
    aside = copies_in(copy.path.parent)[0]
    restore_it(profile, aside)
    assert profile.notes() == AFTER
    latest = copies_in(copy.path.parent)[0]
    assert latest.copy.why is Why.ASIDE
    assert profile.notes(latest.path) == [*BEFORE, "written in the restored one"]
    assert len(copies_in(copy.path.parent)) == 3


def test_what_was_set_aside_is_never_rotated_away_and_goes_when_the_user_says(profile: Profile, copy: CopyFile) -> None:
    aside = restore_it(profile, copy)
    assert aside is not None
    for _ in range(6):
        profile.back_up()
    assert aside.exists() and aside in backup_files(profile.folder / "backups")
    vault = profile.open()
    shelf = Shelf(profile.places(), vault.db_key)
    lines = {line.file.path: line for line in shelf.lines(None, never)}
    with pytest.raises(ValueError, match="rotation"):
        shelf.remove(lines[copies_in(aside.parent)[0].path].file)
    shelf.remove(lines[aside].file)
    vault.close()
    assert not aside.exists()


def test_a_backup_is_restored_where_the_caseload_is_missing(profile: Profile, copy: CopyFile) -> None:
    profile.database.unlink()
    assert restore_it(profile, copy) is None
    assert profile.notes() == BEFORE


@pytest.mark.parametrize("damage", ["page 1", "cut", "plain", "empty"])
def test_a_damaged_caseload_is_set_aside_as_it_is(damage: str, profile: Profile, copy: CopyFile) -> None:
    if damage == "page 1":
        spoil(profile.database, 1)
    elif damage == "cut":
        os.truncate(profile.database, 300)
    else:
        profile.database.write_bytes(b"SQLite format 3\x00" + bytes(5000) if damage == "plain" else b"")
    log = profile.database.with_name(f"{DATABASE_NAME}-wal")
    log.write_bytes(b"a log that belongs to it")
    before = profile.database.read_bytes()
    aside = restore_it(profile, copy)
    assert aside is not None and aside.read_bytes() == before
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"a log that belongs to it"
    assert copies_in(aside.parent)[0].copy.why is Why.DAMAGED
    assert aside not in backup_files(profile.folder / "backups")
    assert profile.notes() == BEFORE
    check_sound(profile.work().engine)


def test_a_caseload_of_a_newer_version_is_set_aside_whole(profile: Profile, copy: CopyFile) -> None:
    profile.mark("9999")
    aside = restore_it(profile, copy)
    assert aside is not None and copies_in(aside.parent)[0].copy.why is Why.ASIDE
    assert profile.notes() == BEFORE


def test_a_backup_of_a_newer_version_is_refused_and_nothing_is_changed(profile: Profile) -> None:
    profile.mark("9999")
    newer = profile.back_up()
    profile.mark(HEAD)
    before = profile.database.read_bytes()
    with pytest.raises(NewerVault, match="newer version"):
        restore_it(profile, newer)
    assert profile.database.read_bytes() == before
    assert not (profile.folder / ".restoring-new").exists()


def test_a_damaged_backup_is_refused_and_nothing_is_changed(profile: Profile, copy: CopyFile) -> None:
    pages = copy.size_bytes // 4096
    original = copy.path.read_bytes()
    for page in (1, 2, pages // 2, pages):
        copy.path.write_bytes(original)
        spoil(copy.path, page)
        with refused():
            restore_it(profile, copy)
        assert profile.notes() == AFTER
    assert not (profile.folder / ".restoring-new").exists()


@pytest.mark.parametrize("lost", [(FILE_NAME, SPARE_NAME), (FILE_NAME, SPARE_NAME, DATABASE_NAME)])
def test_a_lost_key_file_comes_back_with_the_backup(lost: tuple[str, ...], profile: Profile, copy: CopyFile) -> None:
    for name in lost:
        (profile.folder / name).unlink()
    restore_it(profile, copy)
    assert profile.notes() == BEFORE
    vault = profile.open()
    assert vault.notices == ()
    vault.close()


def test_a_backup_opens_on_another_computer_by_the_recovery_code(
    profile: Profile, copy: CopyFile, tmp_path: Path
) -> None:
    stick = Path(shutil.copytree(copy.path.parent, tmp_path / "stick"))
    elsewhere = Profile(tmp_path / "elsewhere" / "profile", profile.key, profile.code, profile.clock, profile.file_id)
    (there,) = copies_in(stick)
    restore_it(elsewhere, there)
    assert elsewhere.notes() == BEFORE
    elsewhere.open().close()


def test_the_backup_of_another_desk_or_of_an_older_key_is_told(profile: Profile, tmp_path: Path) -> None:
    other = a_profile(tmp_path / "other", profile.clock)
    with pytest.raises(Refused, match="another desk"):
        way_in(profile.folder, other.back_up().path.parent)
    rekeyed = Path(shutil.copytree(other.folder, tmp_path / "rekeyed"))
    theirs = keyfile.load(rekeyed)
    keyfile.save(profile.folder, theirs)
    older = tmp_path / "older"
    keyfile.save(older, replace(theirs, key_id="00" * 16))
    with pytest.raises(Refused, match="before the database key"):
        way_in(profile.folder, older)
    (tmp_path / "bare").mkdir()
    for name in (FILE_NAME, SPARE_NAME):
        (profile.folder / name).unlink()
    with pytest.raises(Unavailable, match="no key file"):
        way_in(profile.folder, tmp_path / "bare")


def test_a_restore_that_finds_no_room_changes_nothing(
    profile: Profile, copy: CopyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nth in itertools.count(1):
        failed = _failing_at(nth, monkeypatch)
        try:
            restore_it(profile, copy)
        except DeskError as error:
            assert error.advice.endswith(".")
        finally:
            monkeypatch.undo()
        if not failed:
            break
        swap.finish(profile.folder)
        assert profile.notes() in (BEFORE, AFTER)
        asides = [each.path for each in copies_in(copy.path.parent) if each.copy.why is Why.ASIDE]
        assert AFTER in [profile.notes(), *map(profile.notes, asides)]
        if profile.notes() == BEFORE:
            restore_it(profile, next(each for each in copies_in(copy.path.parent) if each.path == asides[-1]))
        assert profile.notes() == AFTER
    assert nth > 15


def _failing_at(nth: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Have the `nth` change of a name, or flush, fail as a full disk does. Gives a list that then is not empty."""
    failed: list[str] = []
    calls = itertools.count(1)

    def failing(name: str) -> None:
        real = getattr(os, name)

        def call(*args: object, **kwargs: object) -> object:
            if next(calls) == nth:
                failed.append(name)
                raise OSError(28, "No space left on device")
            return real(*args, **kwargs)

        monkeypatch.setattr(os, name, call)

    for name in ("rename", "replace", "mkdir", "fsync"):
        failing(name)
    return failed


_CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "open"})


def _restore_and_die(profile: Profile, copy: CopyFile, nth: int) -> None:
    """In a child: restore, and be killed at the `nth` change of the disk."""
    changes = itertools.count(1)

    def kill(event: str, arguments: tuple[object, ...]) -> None:
        is_change = event in _CHANGES and (event != "open" or int(arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR))  # type: ignore[call-overload]
        if is_change and next(changes) == nth:
            os.kill(os.getpid(), signal.SIGKILL)

    vault = profile.open()
    sys.addaudithook(kill)
    restore(profile.folder, vault, copy, profile.clock, PACKS)


@pytest.mark.skipif(os.name != "posix", reason="forks")
@pytest.mark.parametrize("is_damaged", [False, True], ids=["whole", "damaged"])
def test_a_kill_at_any_change_of_the_disk_leaves_the_one_or_the_other_and_both_exist(
    is_damaged: bool, made: tuple[Profile, CopyFile], tmp_path: Path
) -> None:
    original, _ = made
    seen = set()
    for nth in itertools.count(1):
        folder = Path(shutil.copytree(original.folder, tmp_path / f"killed-{nth}"))
        profile = Profile(folder, original.key, original.code, FixedClock(original.clock.now()), original.file_id)
        (copy,) = copies_in(profile.places().own)
        if is_damaged:
            spoil(profile.database, 1)
        present = profile.database.read_bytes()
        child = os.fork()
        if child == 0:
            try:
                _restore_and_die(profile, copy, nth)
            finally:
                os._exit(0)
        _, status = os.waitpid(child, 0)
        swap.finish(folder)
        asides = [each.path for each in copies_in(copy.path.parent) if each.copy.why is not Why.AUTO]
        seen.add(_what_is_there(profile, copy, asides, present, is_damaged))
        shutil.rmtree(folder)
        if not os.WIFSIGNALED(status):
            break
    assert nth > 15
    assert seen == {"old", "new"}


def _what_is_there(profile: Profile, copy: CopyFile, asides: list[Path], present: bytes, is_damaged: bool) -> str:
    assert profile.notes(Path(shutil.copy(copy.path, profile.folder / "the-copy.db"))) == BEFORE
    if is_damaged and profile.database.read_bytes() == present:
        return "old"
    found = profile.notes()
    if found == AFTER:
        assert asides == []
        return "old"
    assert found == BEFORE
    (aside,) = asides
    assert aside.read_bytes() == present if is_damaged else profile.notes(aside) == AFTER
    check_sound(profile.work().engine)
    return "new"


def test_what_is_newer_here_and_what_only_the_backup_has_is_told(profile: Profile, copy: CopyFile) -> None:
    work = profile.work()
    found = compare(work.engine, copy.path, profile.key)
    assert found.relation is Relation.CONTINUES
    kinds = {each.kind: (each.here, each.there) for each in found.kinds}
    assert kinds["contact_note"] == (1, 0)
    assert all(there == 0 for _, there in kinds.values())
    (line,) = found.files
    assert line.initials == "T.S." and line.reference and line.here >= 1 and line.there == 0
    assert line.changed_here is not None and line.changed_here > copy.copy.made_at
    work.engine.dispose()
    restore_it(profile, copy)
    aside = copies_in(copy.path.parent)[0]
    work = profile.work()
    back = compare(work.engine, aside.path, profile.key)
    assert back.relation is Relation.PARTED  # the restore itself is an act
    assert {each.kind: (each.here, each.there) for each in back.kinds}["contact_note"] == (0, 1)
    work.engine.dispose()


def test_a_caseload_that_another_program_holds_is_not_swapped(profile: Profile, copy: CopyFile) -> None:
    held = profile.work()
    with held.engine.connect() as conn:
        conn.exec_driver_sql("SELECT * FROM client_file").all()
        with pytest.raises(Unavailable, match="busy in another window"):
            restore_it(profile, copy)
    held.engine.dispose()
    assert profile.notes() == AFTER
    restore_it(profile, copy)
    assert profile.notes() == BEFORE


def test_a_backup_of_an_older_version_is_brought_to_this_one(tmp_path: Path, clock: FixedClock) -> None:
    for kept in sorted(VAULTS.glob(f"*/{DATABASE_NAME}")):
        folder = tmp_path / kept.parent.name
        backups = Path(shutil.copytree(kept.parent, folder / "stick"))
        (backups / DATABASE_NAME).rename(backups / "caseload-000001-20261121T120000Z-auto.db")
        code = RecoveryCode.parse(json.loads((backups / "secrets.json").read_text("utf-8"))["recovery_code"])
        vault = open_with_recovery(way_in(folder / "profile", backups), code, clock=clock)
        (chosen,) = copies_in(backups)
        restore(folder / "profile", vault, chosen, clock, PACKS)
        engine = open_store(folder / "profile" / DATABASE_NAME, vault.db_key.buffer)
        assert revision_of(engine) == HEAD
        check_sound(engine)
        engine.dispose()
        vault.close()


def test_a_copy_says_what_it_holds(profile: Profile, copy: CopyFile) -> None:
    held = contents(copy.path, profile.key)
    assert (held.files, held.notes) == (1, 1)
    assert held.last_change is not None and held.last_change < copy.copy.made_at
    assert held.revision


def _pending(profile: Profile, copy: CopyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """A restore that was decided, after which the disk did not answer."""

    def failing(folder: Path) -> None:
        if (profile.folder / READY).exists():
            raise OSError(errno.EIO, "Input/output error")
        sync_folder(folder)

    with monkeypatch.context() as failed:
        failed.setattr("advocate_desk.store.swap.sync_folder", failing)
        with pytest.raises(Unavailable, match="finishes by itself"):
            restore_it(profile, copy)
    assert is_restoring(profile.folder)


def test_no_desk_is_opened_over_a_restore_that_waits(
    profile: Profile, copy: CopyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pending(profile, copy, monkeypatch)
    vault = profile.open()
    with pytest.raises(Unavailable, match="finishes by itself"):
        open_desk(vault, profile.clock, None)
    finish_restore(profile.folder)
    assert profile.notes() == BEFORE
    assert profile.notes(copies_in(copy.path.parent)[0].path) == AFTER
    open_desk(vault, profile.clock, None).close()


def test_a_restore_that_waits_is_a_desk_and_writes_over_none_that_came_later(
    profile: Profile, copy: CopyFile, tmp_path: Path
) -> None:
    pending = tmp_path / "elsewhere"
    stage = swap.new_stage(pending)
    shutil.copy(copy.path, stage / DATABASE_NAME)
    shutil.copy(profile.folder / FILE_NAME, stage / FILE_NAME)
    stage.rename(pending / READY)
    assert has_vault(pending)
    later = a_profile(tmp_path / "later", profile.clock)
    later.write("of the later desk")
    for name in (DATABASE_NAME, FILE_NAME):
        shutil.copy(later.folder / name, pending / name)
    finish_restore(pending)
    restored = Profile(pending, profile.key, profile.code, profile.clock, profile.file_id)
    assert restored.notes() == BEFORE
    (folder,) = (pending / "backups").iterdir()
    (kept,) = copies_in(folder)
    assert later.notes(kept.path) == ["of the later desk"]
    open_with_recovery(folder, RecoveryCode.parse(later.code), clock=profile.clock).close()


def test_a_restore_is_not_finished_by_two_at_once(
    profile: Profile, copy: CopyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pending(profile, copy, monkeypatch)
    lease = Lease(profile.folder)
    lease.take()
    with pytest.raises(Unavailable, match="open already"):
        finish_restore(profile.folder)
    with pytest.raises(Unavailable, match="open already"):
        restore_it(profile, copy)
    lease.release()
    assert is_restoring(profile.folder) and profile.notes() == AFTER


def test_what_was_set_aside_under_a_name_before_is_never_written_over(
    profile: Profile, copy: CopyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    _pending(profile, copy, monkeypatch)
    aside = profile.folder / (profile.folder / READY / "set-aside-as").read_text("utf-8")
    aside.write_bytes(b"of another time")
    finish_restore(profile.folder)
    assert aside.read_bytes() == b"of another time"
    (kept,) = profile.folder.glob("backups/set-aside-*/*.db")
    assert profile.notes() == BEFORE and profile.notes(kept) == AFTER


@pytest.mark.parametrize("found", [DISK_FULL, NO_ANSWER, NO_MEMORY, BUSY, READ_ONLY])
def test_a_caseload_that_the_disk_keeps_from_opening_is_not_called_damaged(
    found: Trouble, profile: Profile, copy: CopyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(path: Path, key: bytearray) -> Engine:
        if path == profile.database:
            raise Unavailable(found.told(NOT_OPENED))
        return open_store(path, key)

    with monkeypatch.context() as failed:
        failed.setattr("advocate_desk.casework.restoring.open_store", failing)
        with pytest.raises(Unavailable, match=found.cause):
            restore_it(profile, copy)
    assert profile.notes() == AFTER
    assert copies_in(copy.path.parent) == [copy]


def _with_a_log(profile: Profile) -> Path:
    """Set the caseload aside as damaged, with a save that only its log holds."""
    work = profile.work()
    aside = new_path(profile.places().own, Why.DAMAGED, profile.clock.now())
    with work.engine.connect() as reading:
        reading.exec_driver_sql("SELECT * FROM client_file").all()
        profile.write("in the log")
        for ending in ("", "-wal"):
            shutil.copy(f"{profile.database}{ending}", f"{aside}{ending}")
    work.engine.dispose()
    return aside


def test_the_log_of_a_caseload_that_was_set_aside_comes_back_with_it(profile: Profile, copy: CopyFile) -> None:
    aside = _with_a_log(profile)
    restore_it(profile, copy)
    assert profile.notes() == BEFORE
    restore_it(profile, next(each for each in copies_in(aside.parent) if each.path == aside))
    assert sorted(profile.notes()) == sorted([*AFTER, "in the log"])  # written in one moment of the clock
    assert aside.with_name(f"{aside.name}-wal").exists()
    check_sound(profile.work().engine)


def test_a_backup_is_restored_on_a_network_folder(
    profile: Profile, copy: CopyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (engine_module, lease_module):
        monkeypatch.setattr(module, "is_remote", lambda _path: True)
    aside = restore_it(profile, copy)
    assert profile.notes() == BEFORE
    assert aside is not None and profile.notes(aside) == AFTER


def test_the_journal_of_a_damaged_caseload_goes_with_it(profile: Profile, copy: CopyFile) -> None:
    profile.database.write_bytes(b"")
    journal = profile.database.with_name(f"{DATABASE_NAME}-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(5000))
    before = journal.read_bytes()
    aside = restore_it(profile, copy)
    assert aside is not None and not journal.exists()
    assert aside.with_name(f"{aside.name}-journal").read_bytes() == before
    assert profile.notes() == BEFORE
