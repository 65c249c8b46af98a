"""Puts a backup in place of the present caseload, which is set aside. The way back is the same act.

Nothing of the desk is open meanwhile. `store/swap.py` says why a kill at any moment leaves the one or the other whole.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from pathlib import Path

from advocate_desk.casework import settings as kept
from advocate_desk.casework.backups import record_restored
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import Clock
from advocate_desk.domain.backups import Why
from advocate_desk.errors import NewerVault, Refused, Unavailable
from advocate_desk.packs.packs import Packs
from advocate_desk.settings import WORKER_KEY, WorkerDetails, from_json
from advocate_desk.store import swap
from advocate_desk.store.backup import check_copy
from advocate_desk.store.backup_files import FOLDER_NAME, LOGS_KEPT, CopyFile, new_path, set_folder
from advocate_desk.store.backup_round import copy_bytes, keep_key_file
from advocate_desk.store.engine import DATABASE_NAME, disk_trouble_in_words, open_store
from advocate_desk.store.lease import Lease
from advocate_desk.store.migrate import HEAD, revision_of, upgrade
from advocate_desk.trouble import BUSY, DAMAGED, EMPTY, OTHER_FILE, PLAIN
from advocate_desk.vault import keyfile
from advocate_desk.vault.folder import FILE_NAME, SPARE_NAME
from advocate_desk.vault.slots import VaultFile
from advocate_desk.vault.vault import OpenVault

NOT_RESTORED = "so the backup was not put in place. The caseload is as it was."
NEWER = (
    "This backup was written by a newer version of Advocate Desk. Nothing was changed. "
    "Update the program to restore it, or choose an older backup."
)
OTHER_DESK = (
    "This backup belongs to another desk than the one on this computer, so it was not used. Nothing was changed. "
    "Choose a backup of this desk, or open the other one on a computer that has no desk yet."
)
OLDER_KEY = (
    "This backup was made before the database key of this desk was changed, so it does not open with the present one. "
    "Nothing was changed. Choose a newer backup."
)
NO_KEY_FILE = (
    "There is no key file (vault.json) beside this backup, so it cannot be opened. Nothing was changed. "
    "Choose the folder that the desk itself made, with everything in it."
)
KEY_CHANGES = (
    "A change of the database key is not finished, so nothing can be restored yet. Nothing was changed. "
    "Open the desk once, which finishes it."
)
_UNREADABLE = (DAMAGED, OTHER_FILE, PLAIN, EMPTY)
"""What the file itself is to blame for: all other trouble passes, and the caseload is whole."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and where what was there before was set aside; None where nothing was there."""

    restored: CopyFile
    aside: Path | None


def way_in(profile: Path, folder: Path) -> Path:
    """The folder whose `vault.json` opens the backups in `folder`: the profile, or the profile's own copy of theirs.

    A copy is made in the profile where there is none yet, so that wrong attempts are counted on this computer whatever
    is plugged in. Raises Refused for the backups of another desk or key, Unavailable where no key file can be read.
    """
    present, theirs = _key_file(profile), _key_file(folder)
    if present is None and theirs is None:
        raise Unavailable(NO_KEY_FILE)
    if theirs is None:
        return profile
    if present is not None:
        _refuse_another(present, theirs)
        return profile
    own = set_folder(profile / FOLDER_NAME, theirs.key_id)
    mine = _key_file(own)
    if mine is None:
        keyfile.save(own, theirs)
    elif mine.key_id == theirs.key_id and mine.revision < theirs.revision:  # a later stick, with the present sheet
        keyfile.save(own, replace(theirs, throttle=mine.throttle))
    return own


def restore(profile: Path, vault: OpenVault, chosen: CopyFile, clock: Clock, packs: Packs) -> Restored:
    """Put the copy `chosen` in place in `profile`. `vault` was opened by `way_in`. Not on the GUI thread.

    Raises Refused, NewerVault, WrongKey or Unavailable; then the caseload is as it was, unless the advice says that the
    next start finishes what was begun.
    """
    if vault.is_changing_key:
        raise Refused(KEY_CHANGES)
    with disk_trouble_in_words(NOT_RESTORED):
        profile.mkdir(mode=0o700, parents=True, exist_ok=True)
        lease = Lease(profile)
        lease.take()
        try:
            swap.finish(profile)
            stage = swap.new_stage(profile)
            _make_ready(stage, vault, chosen, clock, packs)
            is_lost = _key_file(profile) is None
            if is_lost:
                keyfile.save(stage, keyfile.load(vault.folder))
                (stage / SPARE_NAME).unlink()
            aside = _place_aside(profile, vault, clock, chosen.copy.number)
            swap.decide(profile, aside)
            if is_lost:
                _make_spare(profile)
        except BaseException:
            swap.drop_stage(profile)
            raise
        finally:
            lease.release()
    return Restored(chosen, aside)


def finish_restore(profile: Path) -> None:
    """Finish a restore that was cut off after it had been decided. Not on the GUI thread. Raises Unavailable."""
    lease = Lease(profile)
    lease.take()  # two that finish at once would set the restored caseload aside
    try:
        swap.finish(profile)
    finally:
        lease.release()


def _make_spare(profile: Path) -> None:
    with contextlib.suppress(Unavailable):  # the next unlock makes it too
        keyfile.save(profile, keyfile.load(profile))


def _make_ready(stage: Path, vault: OpenVault, chosen: CopyFile, clock: Clock, packs: Packs) -> None:
    """A copy of the backup, checked page by page, brought to this version and told that it is one."""
    staged, key = stage / DATABASE_NAME, vault.db_key.buffer
    copy_bytes(chosen.path, staged)
    if chosen.copy.why is Why.DAMAGED:
        _take_in_logs(chosen.path, staged, key)
    check_copy(staged, key, is_thorough=True)
    engine = open_store(staged, key)
    try:
        found = revision_of(engine)
        if found > HEAD:
            raise NewerVault(NEWER)
        if found < HEAD:
            upgrade(engine, HEAD)
        work = Work(engine, clock, packs, Actor("", "advocate", str(vault.device.id)))
        worker = from_json(WorkerDetails, kept.get(work, WORKER_KEY))
        named = Work(engine, clock, packs, Actor(worker.name, "advocate", str(vault.device.id)))
        record_restored(named, chosen.copy.number, chosen.copy.made_at)
    finally:
        engine.dispose()
    _drop_empty_journal(staged)
    if [each.name for each in stage.iterdir()] != [DATABASE_NAME]:  # a log beside it would stay behind
        raise Unavailable(BUSY.told(NOT_RESTORED))


def _take_in_logs(source: Path, staged: Path, key: bytearray) -> None:
    """Bring what a caseload's log holds into the copy: saves that its file alone does not have, or has by halves."""
    logs = [ending for ending in LOGS_KEPT if source.with_name(f"{source.name}{ending}").exists()]
    for ending in logs:
        copy_bytes(source.with_name(f"{source.name}{ending}"), staged.with_name(f"{staged.name}{ending}"))
    if logs:
        _close_log(staged, key)
        _drop_empty_journal(staged)


def _drop_empty_journal(staged: Path) -> None:
    """On a network folder SQLite cuts its journal to nothing and leaves it."""
    journal = staged.with_name(f"{staged.name}-journal")
    if journal.exists() and not journal.stat().st_size:
        journal.unlink()


def _place_aside(profile: Path, vault: OpenVault, clock: Clock, above: int) -> Path | None:
    """Where the present caseload goes, whole and in one file if it can still be opened; None where there is none."""
    present = profile / DATABASE_NAME
    if not present.exists():
        return None
    why = Why.ASIDE if _can_be_closed(present, vault) else Why.DAMAGED
    folder = set_folder(profile / FOLDER_NAME, vault.key_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder != vault.folder and (profile / FILE_NAME).exists():
        keep_key_file(profile, folder)
    return new_path(folder, why, clock.now(), above)


def _can_be_closed(present: Path, vault: OpenVault) -> bool:
    """Bring the present caseload's log into it; False where the file is damaged. Raises Unavailable for the rest."""
    try:
        _close_log(present, vault.db_key.buffer)
    except Unavailable as error:
        if any(error.advice.startswith(each.cause) for each in _UNREADABLE):
            return False
        raise
    if present.with_name(f"{DATABASE_NAME}-wal").exists():
        raise Unavailable(BUSY.told(NOT_RESTORED))
    return True


def _close_log(path: Path, key: bytearray) -> None:
    engine = open_store(path, key)
    try:
        with disk_trouble_in_words(NOT_RESTORED), engine.connect() as conn:
            conn.exec_driver_sql("SELECT count(*) FROM sqlite_master").all()
            conn.commit()
            conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
    finally:
        engine.dispose()


def _key_file(folder: Path) -> VaultFile | None:
    try:
        return keyfile.load(folder)
    except NewerVault:
        raise
    except Unavailable:
        return None


def _refuse_another(present: VaultFile, theirs: VaultFile) -> None:
    if present.vault_id != theirs.vault_id:
        raise Refused(OTHER_DESK)
    if present.key_id != theirs.key_id:
        raise Refused(OLDER_KEY)
