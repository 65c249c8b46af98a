"""Removing a desk that its organisation reported lost: what is decided about it, while it can still be read."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from advocate_desk.casework import settings as kept
from advocate_desk.casework.work import Work
from advocate_desk.settings import BACKUP_KEY, BackupSettings, from_json
from advocate_desk.store.backup_round import Places
from advocate_desk.sync import overview
from advocate_desk.vault.destroying import Removal, decide, own_sets
from advocate_desk.vault.vault import OpenVault


def decide_removal(work: Work, vault: OpenVault) -> None:
    """Decide that this desk is destroyed. On the thread of the exchange. Raises Unavailable where nothing was decided.

    A store that cannot be read any more keeps nothing from being decided.
    """
    folders: list[str] = []
    unsent: int | None = None
    with suppress(Exception):  # whatever ails the store, or a lock that closed it just now
        second = from_json(BackupSettings, kept.get(work, BACKUP_KEY)).second_folder
        away = Places(vault.folder, vault.key_id, Path(second) if second else None).away
        folders = [str(each) for each in own_sets(away, str(vault.vault_id))] if away is not None else []
    with suppress(Exception):
        seen = overview.read(work.engine)
        unsent = seen.waiting if seen is not None else None
    decide(vault.folder, Removal(str(vault.vault_id), work.clock.now(), unsent, folders))
