"""Destroying a desk that its organisation reported lost: the ways in first, then all that they opened.

It is decided by a marker, which is on the disk before anything else is touched: from then on, whatever ends the program
in the middle, the next start finishes it before it opens anything. A note stays, so that the desk says what happened.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from advocate_desk import trouble
from advocate_desk.durable import make_folder, sync_folder
from advocate_desk.errors import NewerVault, Unavailable
from advocate_desk.vault.folder import FILE_NAME, MARKER, NOTE, SPARE_NAME
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.vault_json import decode

_KEY_FILES = ("vault.json", "vault.json.spare", ".vault-*.tmp")
_FILES = ("caseload.*", "caseload-*", ".caseload*")
_FOLDERS = ("backups", "restoring", ".restoring-new")
NOT_WHOLLY = (
    "so a part of this desk is still there. Nobody can open it: its keys are gone. It is deleted at the next start."
)


class Removal(msgspec.Struct, frozen=True):
    """What was decided: whose keyring entry goes, where copies lie beside the profile, and what is told afterwards.

    `unsent`: how many changes had not been sent; None where nobody knows. `folders`: those of this desk's backups
    outside the profile.
    """

    vault_id: str
    decided_at: datetime
    unsent: int | None = None
    folders: list[str] = []


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What became of it. `away`: folders of backups out of reach. `has_keyring_entry`: that gave no answer."""

    removal: Removal
    away: tuple[str, ...] = ()
    has_keyring_entry: bool = False


def decide(folder: Path, removal: Removal) -> None:
    """Decide it: on return it survives a power cut. Raises Unavailable; then the ways in are gone as far as they go.

    A full disk takes no marker: then the keys are overwritten where they stand, which wants no room and makes some.
    """
    try:
        _write(folder / MARKER, msgspec.json.encode(removal))
    except OSError:
        _wipe_all_keys(folder, removal, [])
        try:
            _write(folder / MARKER, msgspec.json.encode(removal))
        except OSError as error:
            raise Unavailable(trouble.of_system(error).told(NOT_WHOLLY)) from error


def own_sets(away: Path, vault_id: str) -> list[Path]:
    """The folders of one desk's backups beside `away`, which is the newest of them: one for each key that it had.

    Each says whose it is; one that does not is left to whoever it belongs to. Out of reach: `away` alone.
    """
    others = (each for each in _subfolders(away.parent) if each != away)
    return [away, *(each for each in others if any(_is_of(each / name, vault_id) for name in (FILE_NAME, SPARE_NAME)))]


def _is_of(path: Path, vault_id: str) -> bool:
    try:
        return str(decode(path.read_bytes()).vault_id) == vault_id
    except (OSError, Unavailable, NewerVault):
        return False


def told(folder: Path) -> Removal | None:
    """What the note says of a desk that was destroyed here; None where there is none."""
    return _read(folder / NOTE)


def forget(folder: Path) -> None:
    """Remove the marker and then the note: a new desk is made here, which they do not mean. Raises OSError."""
    for name in (MARKER, NOTE):
        (folder / name).unlink(missing_ok=True)
        sync_folder(folder)


def destroy(folder: Path, find_keyring: Callable[[], SecureKeyring | None]) -> Destroyed | None:
    """Do what was decided; None where nothing was. Safe to repeat.

    Raises Unavailable where some of it could not be done; the rest was. The keys go first, in the profile and in every
    place of its backups, so that a cut leaves nothing that opens; finding the keyring may take a while.
    """
    removal = _read(folder / MARKER)
    if removal is None:
        done = told(folder)
        if done is None:  # a file that only has the name decides nothing
            _forget_names(folder)
        return Destroyed(done) if done is not None else None
    others = [each for each in map(Path, removal.folders) if each.is_dir()]
    away = tuple(each for each in removal.folders if not Path(each).is_dir())
    failed: list[OSError] = []
    _wipe_all_keys(folder, removal, failed)
    is_forgotten = _forget_secret(find_keyring, removal.vault_id)
    for each in others:
        _remove_files(each, failed)
        with contextlib.suppress(OSError):  # something of somebody else is in it
            each.rmdir()
    for name in _FOLDERS:
        _remove_folder(folder / name, failed)
    _remove_files(folder, failed)
    try:
        if failed:
            raise failed[0]
        _write(folder / NOTE, msgspec.json.encode(removal))
        if is_forgotten:
            (folder / MARKER).unlink(missing_ok=True)
            sync_folder(folder)
    except OSError as error:
        raise Unavailable(trouble.of_system(error).told(NOT_WHOLLY)) from error
    return Destroyed(removal, away, not is_forgotten)


def _forget_names(folder: Path) -> None:
    try:
        forget(folder)
    except OSError as error:
        raise Unavailable(trouble.of_system(error).told("so the desk was not opened. Nothing was changed.")) from error


def _below(folder: Path) -> list[Path]:
    """The folders in the profile that may hold a way in."""
    return [one for name in _FOLDERS for one in ((folder / name), *_subfolders(folder / name))]


def _subfolders(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if each.is_dir() and not each.is_symlink())
    except OSError:
        return []


def _wipe_all_keys(folder: Path, removal: Removal, failed: list[OSError]) -> None:
    for each in (folder, *_below(folder), *map(Path, removal.folders)):
        _wipe_keys(each, failed)


def _wipe_keys(folder: Path, failed: list[OSError]) -> None:
    for path in _matching(folder, _KEY_FILES):
        try:
            _overwrite(path)
            path.unlink(missing_ok=True)
        except OSError as error:
            failed.append(error)
    with contextlib.suppress(OSError):
        sync_folder(folder)


def _overwrite(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(os.fstat(file.fileno()).st_size))
        file.flush()
        os.fsync(file.fileno())


def _remove_files(folder: Path, failed: list[OSError]) -> None:
    for path in _matching(folder, _FILES):
        _try(path.unlink, failed)


def _remove_folder(folder: Path, failed: list[OSError]) -> None:
    """Remove a folder of ours with all that is in it, as much as goes. What a link leads to is left alone."""
    for root, folders, files in os.walk(folder, topdown=False):
        for name in files:
            _try(Path(root, name).unlink, failed)
        for name in folders:
            below = Path(root, name)
            _try(below.unlink if below.is_symlink() else below.rmdir, failed)
    if folder.is_dir() and not folder.is_symlink():
        _try(folder.rmdir, failed)


def _try(remove: Callable[[], object], failed: list[OSError]) -> None:
    try:
        remove()
    except FileNotFoundError:
        pass
    except OSError as error:
        failed.append(error)


def _matching(folder: Path, patterns: Iterable[str]) -> list[Path]:
    return [path for pattern in patterns for path in folder.glob(pattern) if path.is_file() or path.is_symlink()]


def _forget_secret(find_keyring: Callable[[], SecureKeyring | None], vault_id: str) -> bool:
    """Remove the device secret; False where the keyring did not answer. By itself it opens nothing."""
    keyring = find_keyring()
    if keyring is None or not vault_id:
        return True
    try:
        keyring.forget(vault_id)
    except Unavailable:
        return False
    return True


def _write(path: Path, content: bytes) -> None:
    make_folder(path.parent)
    new = path.with_name(f".{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    sync_folder(path.parent)


def _read(path: Path) -> Removal | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Removal)
    except (OSError, msgspec.DecodeError):
        return None
