"""The demonstration's own vault: encrypted like any other, with a passphrase that is told to everybody."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from advocate_desk import paths
from advocate_desk.clock import Clock
from advocate_desk.demonstration.caseload import fill, is_of_today
from advocate_desk.packs.packs import Packs
from advocate_desk.store.engine import DATABASE_NAME, create_store
from advocate_desk.store.migrate import prepare
from advocate_desk.vault.folder import has_vault
from advocate_desk.vault.set_up import create_vault
from advocate_desk.vault.vault import OpenVault, open_vault

PASSPHRASE = "nobody in here is real at all"  # noqa: S105 - shown on the demonstration's own unlock page
MADE_AT = "made-at"


def open_demonstration(folder: Path, clock: Clock, progress: Callable[[int, int], None]) -> OpenVault:
    """The demonstration's vault, made anew when the one that is there is older than half a day.

    It uses no keyring: nothing in it is secret, and it leaves nothing behind in the user's own.
    """
    if has_vault(folder) and is_of_today(folder, clock):
        return open_vault(folder, PASSPHRASE, keyring=None, clock=clock)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    vault = create_vault(folder, PASSPHRASE, keyring=None, clock=clock).finish()
    engine = create_store(folder / DATABASE_NAME, vault.db_key.buffer)
    try:
        prepare(engine, vault.db_key.buffer, folder / "backups", clock.now())
        fill(engine, Packs(paths.resources()), clock, str(vault.device.id), progress)
    finally:
        engine.dispose()
    (folder / MADE_AT).write_text(clock.now().isoformat(), encoding="ascii")
    return vault
