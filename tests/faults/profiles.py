"""A whole profile on disk, as a set-up and some work leave it: key file, spare and caseload, opened by passphrase."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.desk.composition import MADE_MARK
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.engine import DATABASE_NAME, create_store, open_store
from advocate_desk.store.migrate import prepare
from advocate_desk.vault.set_up import create_vault
from advocate_desk.vault.vault import OpenVault, open_vault
from tests.builders import ACTOR, NOON, PACKS
from tests.casework_calls import Standing, a_standing_file
from tests.unit.vault.vaults import CHEAP, PASSPHRASE


@dataclass(frozen=True)
class Profile:
    """Where a desk lies and what is in it. Plain values: it is handed to other processes.

    `oldest` is a store of the oldest version under the same key, its rows beside it as JSON.
    """

    folder: Path
    key: bytes
    file_id: FileId
    ids: dict[str, RecordId]
    batch_id: UUID
    oldest: Path

    @property
    def standing(self) -> Standing:
        """The ids of its standing file."""
        return Standing(self.file_id, dict(self.ids), self.batch_id)

    def copied_to(self, folder: Path) -> Profile:
        """The same desk in another folder, in place of what is there."""
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder, folder)
        return replace(self, folder=folder)

    def work(self) -> Work:
        """An office on its store, by the key."""
        return Work(open_store(self.folder / DATABASE_NAME, self.key), FixedClock(NOON), PACKS, ACTOR)


def make_profile(folder: Path) -> Profile:
    """Set up a desk in `folder`, at the least cost of a passphrase, and fill it with the standing file."""
    clock = FixedClock(NOON)
    vault = create_vault(folder, PASSPHRASE, keyring=None, clock=clock, cost=CHEAP).finish()
    key = bytes(vault.db_key.buffer)
    vault.close()
    engine = create_store(folder / DATABASE_NAME, key)
    prepare(engine, key, folder / "backups", NOON)
    (folder / MADE_MARK).touch(mode=0o600)
    standing = a_standing_file(Work(engine, clock, PACKS, ACTOR))
    engine.dispose()
    return Profile(folder, key, standing.file_id, standing.ids, standing.batch_id, folder.parent / "oldest.db")


def opened(folder: Path, passphrase: str = PASSPHRASE) -> OpenVault:
    """The desk in `folder`, opened as the unlock page opens it."""
    return open_vault(folder, passphrase, keyring=None, clock=FixedClock(NOON), cost=CHEAP)
