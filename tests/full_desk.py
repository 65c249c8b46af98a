"""The demonstration's caseload in a vault of its own, for tests that turn every page of the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import FixedClock
from advocate_desk.demonstration.caseload import YOU, fill
from advocate_desk.store.engine import DATABASE_NAME, create_store
from advocate_desk.store.migrate import prepare
from advocate_desk.vault.set_up import create_vault
from advocate_desk.vault.vault import OpenVault
from screenshots import disagree_in_part
from tests.builders import NOON, PACKS
from tests.unit.vault.vaults import CHEAP, PASSPHRASE


@contextmanager
def full_desk(folder: Path) -> Iterator[tuple[Work, OpenVault]]:
    """Sixty files, as the pages of packaging/screenshots.py show them."""
    clock = FixedClock(NOON)
    vault = create_vault(folder, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP).finish()
    key = vault.db_key.buffer
    engine = create_store(folder / DATABASE_NAME, key)
    prepare(engine, key, folder / "backups", NOON)
    fill(engine, PACKS, clock, "test", lambda _done, _of: None)
    work = Work(engine, clock, PACKS, Actor(YOU, "advocate", str(vault.device.id)))
    disagree_in_part(work, vault)
    try:
        yield work, vault
    finally:
        engine.dispose()
        vault.close()
