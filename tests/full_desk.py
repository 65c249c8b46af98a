"""The demonstration's caseload in a vault of its own, for tests that turn every page of the program."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import FixedClock
from advocate_desk.demonstration.caseload import YOU, fill
from advocate_desk.store.engine import DATABASE_NAME, create_store, open_store
from advocate_desk.store.migrate import prepare
from advocate_desk.vault.set_up import create_vault
from advocate_desk.vault.vault import OpenVault, open_vault
from screenshots import disagree_in_part
from tests.builders import NOON, PACKS
from tests.unit.vault.vaults import CHEAP, PASSPHRASE

CLOCK = FixedClock(NOON)


@pytest.fixture(scope="session")
def full_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk with sixty files, made once and copied: to tell their stories takes eight seconds."""
    folder = tmp_path_factory.mktemp("full")
    vault = create_vault(folder, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP).finish()
    key = vault.db_key.buffer
    engine = create_store(folder / DATABASE_NAME, key)
    prepare(engine, key, folder / "backups", NOON)
    fill(engine, PACKS, CLOCK, "test", lambda _done, _of: None)
    engine.dispose()
    vault.close()
    return folder


@pytest.fixture
def full_folder(full_template: Path, tmp_path: Path) -> Path:
    """The folder of a desk of this test's own, with sixty files."""
    return shutil.copytree(full_template, tmp_path / "desk")


@contextmanager
def open_desk(folder: Path) -> Iterator[tuple[Work, OpenVault]]:
    """The desk that is in `full_folder`, open."""
    vault = open_vault(folder, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
    engine = open_store(folder / DATABASE_NAME, vault.db_key.buffer)
    try:
        yield Work(engine, CLOCK, PACKS, Actor(YOU, "advocate", str(vault.device.id))), vault
    finally:
        engine.dispose()
        vault.close()


@contextmanager
def full_desk(folder: Path) -> Iterator[tuple[Work, OpenVault]]:
    """The same, and values that differ: as the pages of packaging/screenshots.py show it."""
    with open_desk(folder) as (work, vault):
        disagree_in_part(work, vault)
        yield work, vault
