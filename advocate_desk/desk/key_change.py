"""Encrypts the desk anew under a new database key: joins the key file's part, the store's and the backups'.

The order is what makes it safe at every moment: copy, key file, caseload, backups, end. `vault/new_key.py` says why.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from pathlib import Path

from advocate_desk.domain.backups import Why
from advocate_desk.durable import make_folder, sync_folder
from advocate_desk.errors import DeskError, Unavailable, WrongKey
from advocate_desk.store.backup import DAMAGED_COPY, reading_copy
from advocate_desk.store.backup_files import FOLDER_NAME, LOGS_KEPT, copy_of, set_folder
from advocate_desk.store.reencrypt import (
    Cancelled,
    Damaged,
    Progress,
    copy_path,
    copy_still,
    copy_under,
    held_still,
    remove_copy,
    take_place,
)
from advocate_desk.vault import keyfile
from advocate_desk.vault.folder import DATABASE_NAME, FILE_NAME, SPARE_NAME
from advocate_desk.vault.new_key import NewKey, forget_former, refuse_two_keys, without_former
from advocate_desk.vault.secret import SecretKey
from advocate_desk.vault.vault import OpenVault

log = logging.getLogger(__name__)

FINISHED = (
    "The change of the database key, which was cut off, is finished now. Destroy the old recovery sheet: "
    "only the new passphrase and the new sheet open this desk."
)
BACKUPS_WAIT = (
    "Some backups could not be encrypted anew and still open with the old database key. The caseload is not concerned. "
    "The next unlock tries again; look whether the disk is full."
)
NEITHER_KEY = (
    "The caseload file is missing, or opens neither with the new database key nor with the old one, "
    "so the change of the key waits. Nothing was changed, and both keys are kept. "
    "Put a backup in its place under the name caseload.db, then open the desk again: that finishes the change."
)
BACKUPS_LEFT = (
    "Some files in the backups folder are damaged or of another desk, and were left as they are. "
    "Remove them if nobody needs them any more."
)


def change_key(
    new: NewKey, progress: Progress, is_cancelled: Callable[[], bool], on_decided: Callable[[], None]
) -> tuple[str, ...]:
    """Encrypt the closed desk of `new` under its key, and wipe both keys. Not on the GUI thread; takes minutes.

    `progress` counts pages; `on_decided` is called when the new secrets are about to be in force: from then on
    `is_cancelled` puts off the backups alone, to the next unlock. The caller holds the lease. Gives sentences for the
    user. Raises Cancelled, or Unavailable with what was kept.
    """
    try:
        path = new.folder / DATABASE_NAME
        with held_still(path, new.former.buffer) as source:
            copy_under(source, copy_path(path), new.db_key.buffer, progress, is_cancelled)
            if is_cancelled():
                discard_copy(new.folder)
                raise Cancelled
            on_decided()
            _commit(new)
        return _finish(new.folder, new.key_id, new.db_key, new.former, is_cancelled)
    finally:
        new.wipe()


def finish_change(vault: OpenVault) -> tuple[str, ...]:
    """Finish a change that was cut off, before the store is opened; gives sentences for the user.

    The caller holds the lease. Raises Unavailable where the caseload cannot be put in place yet.
    """
    if not vault.is_changing_key:
        discard_copy(vault.folder)
        return ()
    told = _finish(vault.folder, vault.key_id, vault.db_key, vault.former, lambda: False)
    return told if BACKUPS_WAIT in told else (FINISHED, *told)


def discard_copy(folder: Path) -> None:
    """Remove the copy that a change left which was cut off before it was decided."""
    with contextlib.suppress(OSError):
        remove_copy(copy_path(folder / DATABASE_NAME))


def _commit(new: NewKey) -> None:
    try:
        new.commit()
    except BaseException:
        if not _may_be_in_force(new):
            discard_copy(new.folder)
        raise


def _may_be_in_force(new: NewKey) -> bool:
    try:
        return new.is_in_force()
    except DeskError:
        return True  # nobody can say: the copy costs room, its loss the caseload


def _finish(
    folder: Path, key_id: str, db_key: SecretKey, former: SecretKey | None, is_stopping: Callable[[], bool]
) -> tuple[str, ...]:
    refuse_two_keys(folder, key_id)
    take_place(folder / DATABASE_NAME, db_key.buffer)
    if not _is_in_place(folder / DATABASE_NAME, db_key, former):
        return (BACKUPS_WAIT,)
    try:
        is_done = _encrypt_backups(folder, key_id, db_key, former, is_stopping)
        forget_former(folder, db_key)
    except (Unavailable, OSError):
        log.info("backups wait for their new key")
        return (BACKUPS_WAIT,)
    return () if is_done else (BACKUPS_LEFT,)


def _is_in_place(path: Path, db_key: SecretKey, former: SecretKey | None) -> bool:
    """Prove that the store at `path` is under the new key, and bring it there if it still opens with `former`.

    A file-level backup that was put back, or a copy that was cleaned away, leaves it under the old one. False where a
    log beside it may be needed to read it. Raises Unavailable, with both keys kept.
    """
    if _is_under(path, db_key):
        return True
    if former is not None and _is_under(path, former):
        with held_still(path, former.buffer) as source:
            copy_under(source, copy_path(path), db_key.buffer, lambda _done, _all: None, lambda: False)
        take_place(path, db_key.buffer)
        return True
    if any(path.with_name(path.name + suffix).exists() for suffix in ("-wal", "-journal")):
        return False
    raise Unavailable(NEITHER_KEY)


def _is_under(path: Path, key: SecretKey) -> bool:
    """Whether the first page of the store at `path` is authentic under `key`. Raises Unavailable."""
    if not path.exists():
        return False
    try:
        with reading_copy(path, key.buffer):
            return path.stat().st_size > 0  # an empty file opens with every key
    except WrongKey:
        return False
    except Unavailable as error:
        if error.advice == DAMAGED_COPY:  # further on: the first page was read
            return True
        raise


def _encrypt_backups(
    folder: Path, key_id: str, db_key: SecretKey, former: SecretKey | None, is_stopping: Callable[[], bool]
) -> bool:
    """Bring each backup of the old key under the new one; False if some were left because they are damaged or foreign.

    Raises Unavailable, OSError. A backup that was done before a cut is not done again.
    """
    backups = folder / FOLDER_NAME
    fresh = set_folder(backups, key_id)
    vault = keyfile.load(folder)
    old = set_folder(backups, vault.former.key_id) if vault.former is not None else None
    is_done = True
    for path in sorted([*backups.glob("*.db"), *backups.glob("*/*.db")]):
        if path.parent == fresh or path.is_symlink():
            continue
        if is_stopping():
            raise Unavailable(BACKUPS_WAIT)
        if _may_lack_its_log(path):
            is_done = False
            continue
        target = fresh / path.name if path.parent == old else path
        is_done = _encrypt_backup(path, target, db_key, former) and is_done
    if fresh.is_dir():  # the backups are never without their way in
        keyfile.save(fresh, without_former(vault, db_key))
    if old is not None:
        _end_set(old)
    return is_done


def _may_lack_its_log(path: Path) -> bool:
    """Whether saves may be missing in the file alone: then it stays as it is, with its log and the way in beside it."""
    found = copy_of(path.name)
    has_log = any(path.with_name(f"{path.name}{ending}").exists() for ending in LOGS_KEPT)
    return has_log or (found is not None and found.why is Why.DAMAGED)


def _encrypt_backup(path: Path, target: Path, db_key: SecretKey, former: SecretKey | None) -> bool:
    if former is None:
        return _opens(path, db_key)
    make_folder(target.parent)
    try:
        copy_still(path, target, former.buffer, db_key.buffer)
    except WrongKey:
        return _opens(path, db_key)  # it was done before, or it is of another desk
    except Damaged:
        return False
    if target != path:
        path.unlink()
        sync_folder(path.parent)
    return True


def _opens(path: Path, key: SecretKey) -> bool:
    try:
        with reading_copy(path, key.buffer):
            return True
    except Unavailable:
        return False


def _end_set(old: Path) -> None:
    """Remove the way into the backups under the old key, unless one of them had to be left there."""
    if not old.is_dir() or any(old.glob("*.db")):
        return
    for name in (FILE_NAME, SPARE_NAME):
        (old / name).unlink(missing_ok=True)
    sync_folder(old)
    with contextlib.suppress(OSError):  # something of somebody else is in it
        old.rmdir()
        sync_folder(old.parent)
