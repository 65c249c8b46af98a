"""The demonstration's own vault: encrypted like any other, with a passphrase that is told to everybody."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event

from advocate_desk import paths
from advocate_desk.clock import Clock
from advocate_desk.demonstration.caseload import fill, is_of_today
from advocate_desk.packs.packs import Packs
from advocate_desk.store.engine import DATABASE_NAME, create_store
from advocate_desk.store.migrate import prepare
from advocate_desk.vault.folder import has_vault
from advocate_desk.vault.passphrase import KdfCost
from advocate_desk.vault.set_up import create_vault
from advocate_desk.vault.vault import OpenVault, open_vault

PASSPHRASE = "nobody in here is real at all"  # noqa: S105 - shown on the demonstration's own unlock page
MADE_AT = "made-at"
COST = KdfCost(opslimit=2, memlimit_bytes=64 * 1024**2)
"""The least that a vault may have, since everybody knows the passphrase. The desk's own next unlock raises it."""


def open_demonstration(folder: Path, clock: Clock, progress: Callable[[int, int], None]) -> OpenVault:
    """The demonstration's vault, made anew when the one that is there is older than half a day.

    It uses no keyring: nothing in it is secret, and it leaves nothing behind in the user's own.
    """
    if has_vault(folder) and is_of_today(folder, clock):
        return open_vault(folder, PASSPHRASE, keyring=None, clock=clock, cost=COST)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    vault = create_vault(folder, PASSPHRASE, keyring=None, clock=clock, cost=COST).finish()
    with new_store(folder, vault, clock) as engine:
        fill(engine, Packs(paths.resources()), clock, str(vault.device.id), progress)
    (folder / MADE_AT).write_text(clock.now().isoformat(), encoding="ascii")
    return vault


@contextmanager
def new_store(folder: Path, vault: OpenVault, clock: Clock) -> Iterator[Engine]:
    """A new, prepared store whose transactions wait for no disk until the end of the block, when all of it is there.

    A power cut meanwhile can spoil it, so whoever makes it puts the mark of a made demonstration only after the block.
    """
    engine = create_store(folder / DATABASE_NAME, vault.db_key.buffer)
    event.listen(engine, "connect", lambda raw, _record: raw.execute("PRAGMA synchronous = OFF"))
    try:
        prepare(engine, vault.db_key.buffer, folder / "backups", clock.now())
        yield engine
    finally:
        engine.dispose()
    with (folder / DATABASE_NAME).open("rb+") as file:  # the last connection put its log into it
        os.fsync(file.fileno())
