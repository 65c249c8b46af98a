"""Keeps `vault.json` on disk: replaced whole or not at all, with a spare beside it.

The spare holds the same content, written after the first: whenever a write is cut off, one of the two is whole. It is a
twin and not the version before, so that a passphrase which was changed opens nothing any more.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

from advocate_desk import trouble
from advocate_desk.durable import make_folder, sync_folder
from advocate_desk.errors import NewerVault, Unavailable
from advocate_desk.vault.folder import FILE_NAME, SPARE_NAME, has_vault
from advocate_desk.vault.slots import VaultFile
from advocate_desk.vault.vault_json import MAX_FILE_BYTES, decode, encode

_TEMPORARY_PREFIX, _TEMPORARY_SUFFIX = ".vault-", ".tmp"

NOT_CONFIRMED = (
    "The disk did not confirm that the change is kept, so after a power cut the desk may still open as it did before. "
    "Keep the old passphrase and the old sheet at hand, free some space or look after the disk, then change it again."
)


class Unconfirmed(Unavailable):
    """The file has its new name, and the disk did not say that the name will last."""


def load(folder: Path) -> VaultFile:
    """The vault of `folder`, from its spare if `vault.json` is missing or damaged. Raises Unavailable, NewerVault."""
    try:
        return _read(folder / FILE_NAME)
    except NewerVault:
        raise
    except Unavailable as error:
        try:
            vault = _read(folder / SPARE_NAME)
        except NewerVault:
            raise
        except Unavailable:
            raise error from None
    with contextlib.suppress(Unavailable):  # opening does not depend on it: the spare is whole, and the next save mends
        _write(folder / FILE_NAME, encode(vault))
    return vault


def save(folder: Path, vault: VaultFile) -> None:
    """Write `vault` and its spare; on return it survives a power cut.

    Raises Unavailable; then the old one stands, or the advice says that nobody knows.
    """
    try:
        make_folder(folder)
        _sweep(folder)
    except OSError as error:
        raise Unavailable(_cause(error).told(trouble.KEY_FILE_AS_IT_WAS)) from error
    content = encode(vault)
    doubt: Unconfirmed | None = None
    try:
        _write(folder / FILE_NAME, content)
    except Unconfirmed as error:
        doubt = error
    try:
        _write(folder / SPARE_NAME, content)  # flushes the folder, and so confirms the first name too
    except Unavailable:
        # The change is in force and is not taken back. A spare of before would open by what was just changed: no spare
        # is better, and the next unlock makes one.
        with contextlib.suppress(OSError):
            (folder / SPARE_NAME).unlink(missing_ok=True)
        if doubt is not None:
            raise doubt from None


def remove_new(folder: Path, vault: VaultFile) -> None:
    """Take back a vault whose making failed: its files, and no others. What cannot be removed stays."""
    for name in (FILE_NAME, SPARE_NAME):
        with contextlib.suppress(Unavailable, OSError):
            if _read(folder / name).vault_id == vault.vault_id:
                (folder / name).unlink()


def save_count(folder: Path, vault: VaultFile) -> None:
    """Write `vault` whose count of attempts alone has changed. The spare's count may lag. Raises Unavailable."""
    _write(folder / FILE_NAME, encode(vault))


def load_spare(folder: Path) -> VaultFile | None:
    """The spare, or None where it is missing or damaged."""
    try:
        return _read(folder / SPARE_NAME)
    except Unavailable:
        return None


def _read(path: Path) -> VaultFile:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        found = trouble.KEY_FILE_MISSING if has_vault(path.parent) else trouble.FOLDER_MISSING
        raise Unavailable(found.told(trouble.NOT_OPENED)) from error
    except OSError as error:
        raise Unavailable(_cause(error).told(trouble.NOT_OPENED)) from error
    return decode(raw)


def _cause(error: OSError) -> trouble.Trouble:
    found = trouble.of_system(error)
    return trouble.FOLDER_MISSING if found is trouble.GONE else found


def _write(path: Path, content: bytes) -> None:
    """Replace the file at `path` by `content`: temporary neighbour (mode 0600), fsync, rename, fsync of the folder."""
    try:
        handle, name = tempfile.mkstemp(_TEMPORARY_SUFFIX, _TEMPORARY_PREFIX, path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        raise Unavailable(_cause(error).told(trouble.KEY_FILE_AS_IT_WAS)) from error
    try:
        sync_folder(path.parent)
    except OSError as error:
        raise Unconfirmed(NOT_CONFIRMED) from error


def _sweep(folder: Path) -> None:
    """Remove what a write that was cut off left behind."""
    for path in folder.glob(f"{_TEMPORARY_PREFIX}*{_TEMPORARY_SUFFIX}"):
        path.unlink(missing_ok=True)
