"""A whole profile for tests: a vault, the store under its key, and backups of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select, text

from advocate_desk.casework import notes
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import Clock
from advocate_desk.domain.backups import Why
from advocate_desk.domain.identity import FileId
from advocate_desk.store.backup_files import CopyFile
from advocate_desk.store.backup_round import Places, run_round
from advocate_desk.store.engine import DATABASE_NAME, create_store, open_store
from advocate_desk.store.migrate import prepare
from advocate_desk.store.tables.work import contact_note
from advocate_desk.vault.keyring import SecureKeyring
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import OpenVault, open_with_recovery
from tests.builders import NOON, PACKS, a_file
from tests.unit.vault.vaults import a_vault


@dataclass
class Profile:
    """One desk on a disk. `key` is its database key, `code` its recovery code, `file_id` its one client file."""

    folder: Path
    key: bytes
    code: str
    clock: Clock
    file_id: FileId

    @property
    def database(self) -> Path:
        return self.folder / DATABASE_NAME

    def open(self) -> OpenVault:
        """The vault, opened by its recovery code."""
        return open_with_recovery(self.folder, RecoveryCode.parse(self.code), clock=self.clock)

    def work(self, path: Path | None = None) -> Work:
        """An office on the store."""
        engine = open_store(path or self.database, self.key)
        return Work(engine, self.clock, PACKS, Actor("Ash Advocate", "advocate", "test-device"))

    def write(self, text: str) -> None:
        """One more note."""
        work = self.work()
        notes.write_note(work, self.file_id, notes.NoteDetails(NOON, "phone", text))
        work.engine.dispose()

    def notes(self, path: Path | None = None) -> list[str]:
        """The texts of all notes in a store of this desk, in the order of writing."""
        work = self.work(path)
        try:
            return list(
                work.read(lambda conn: conn.execute(select(contact_note.c.text).order_by("id")).scalars().all())
            )
        finally:
            work.engine.dispose()

    def mark(self, revision: str) -> None:
        """Have the store say that it is of that revision."""
        work = self.work()
        with work.engine.begin() as conn:
            conn.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        work.engine.dispose()

    def places(self) -> Places:
        """Where its backups go."""
        vault = self.open()
        vault.close()
        return Places(self.folder, vault.key_id)

    def back_up(self, why: Why = Why.AUTO) -> CopyFile:
        """One round; gives the copy."""
        work = self.work()
        done = run_round(work.engine, self.key, self.places(), why, self.clock.now())
        work.engine.dispose()
        assert done.made is not None, done.trouble
        return done.made


def a_profile(folder: Path, clock: Clock, keyring: SecureKeyring | None = None) -> Profile:
    """A desk with one client file, whose store is closed."""
    key, code = a_vault(folder, clock, keyring)
    engine = create_store(folder / DATABASE_NAME, key)
    prepare(engine, key, folder / "backups", NOON)
    file_id = a_file(Work(engine, clock, PACKS, Actor("Ash Advocate", "advocate", "test-device")))
    engine.dispose()
    return Profile(folder, key, code, clock, file_id)
