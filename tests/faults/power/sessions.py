"""What a desk is at when the power goes, and what must be true of the disk that is left.

A session runs once, on real parts, and says what the screen says. Its `judge` is then given many disks, each with what
had been said before its cut; it opens each as the next morning would.
"""

from __future__ import annotations

import json
import shutil
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from advocate_desk.casework import settings
from advocate_desk.casework.drafts import all_drafts, keep
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.restoring import restore
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.desk.composition import open_desk
from advocate_desk.desk.key_change import FINISHED, change_key, finish_change
from advocate_desk.desk.screens.first_run.details import ProfileDetails
from advocate_desk.domain.backups import Why
from advocate_desk.domain.identity import FileId
from advocate_desk.errors import DeskError, WrongKey
from advocate_desk.settings import WORKER_KEY
from advocate_desk.store import migrate, swap
from advocate_desk.store.backup import check_copy, make_copy, reading_copy
from advocate_desk.store.backup_files import FOLDER_NAME, backup_files, set_folder
from advocate_desk.store.engine import create_store, open_store
from advocate_desk.store.tables.work import contact_note
from advocate_desk.vault import keyfile
from advocate_desk.vault.change import change_passphrase, replace_recovery
from advocate_desk.vault.folder import DATABASE_NAME, has_vault
from advocate_desk.vault.new_key import make_new_key
from advocate_desk.vault.recovery import RecoveryCode
from advocate_desk.vault.vault import OpenVault, open_vault, open_with_recovery
from tests.builders import ACTOR, NOON, PACKS, a_file
from tests.data.vaults.reading import Rows, rows_of
from tests.faults.writing_session import DRAFTS, a_draft, note_text
from tests.unit.vault.vaults import CHEAP, OTHER_PASSPHRASE, PASSPHRASE, a_new_vault

CLOCK = FixedClock(NOON)
KEPT_VAULT = Path(__file__).parents[2] / "data" / "vaults" / "0.1.0"


class Session(ABC):
    """One thing that is done. `profile` is the folder that it is done in, below the one that is watched."""

    notes = 3

    def prepare(self, profile: Path) -> None:
        """Make a desk with a few notes and a backup. All of it is on the disk when the session begins."""
        new = a_new_vault(profile, CLOCK)
        self.old_code = " ".join(new.recovery_code.groups)
        vault = new.finish()
        engine = create_store(profile / DATABASE_NAME, vault.db_key.buffer)
        migrate.prepare(engine, vault.db_key.buffer, profile / FOLDER_NAME, NOON)
        work = Work(engine, CLOCK, PACKS, ACTOR)
        self.file_id: FileId = a_file(work)
        for number in range(self.notes):
            write_note(work, self.file_id, NoteDetails(NOON, "phone", note_text(number)))
        engine.dispose()
        vault.close()

    @abstractmethod
    def run(self, profile: Path, say: Callable[[object], None]) -> None:
        """Do it, and say what the screen says."""

    @abstractmethod
    def judge(self, profile: Path, said: Sequence[object]) -> None:
        """Fail unless the disk in `profile` opens as it must, with all that was `said` to be kept."""

    # --- opening what is left ---

    def way_in(self, profile: Path, ways: Sequence[str]) -> tuple[str, OpenVault]:
        """The one of the passphrases that opens the desk; fails unless it is exactly one."""
        opened: list[tuple[str, OpenVault]] = []
        for way in ways:
            try:
                opened.append((way, open_vault(profile, way, keyring=None, clock=CLOCK, cost=CHEAP)))
            except WrongKey:
                continue
        assert len(opened) == 1, f"{len(opened)} of {len(ways)} passphrases open the desk"
        assert opened[0][1].notices == ()
        return opened[0]

    def check_notes(self, profile: Path, key: bytearray, numbers: Sequence[int]) -> None:
        """Open the store with `key` and fail unless it is sound and every numbered note is in it."""
        engine = open_store(profile / DATABASE_NAME, key)
        try:
            with engine.connect() as conn:
                assert conn.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
                kept = set(conn.execute(select(contact_note.c.text)).scalars())
            self.texts = kept
            assert {note_text(number) for number in numbers} <= kept
            work = Work(engine, CLOCK, PACKS, ACTOR)
            self.drafts = {each.key: each.payload["number"] for each in all_drafts(work)}
        finally:
            engine.dispose()
        with reading_copy(profile / DATABASE_NAME, key) as raw:  # only now: it looks past the log
            assert raw.execute("PRAGMA cipher_integrity_check").fetchall() == []


class Notes(Session):
    """Notes and drafts, with the log brought into the database now and then."""

    def prepare(self, profile: Path) -> None:
        super().prepare(profile)
        self.key = open_vault(profile, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP).db_key.buffer

    def run(self, profile: Path, say: Callable[[object], None]) -> None:
        engine = open_store(profile / DATABASE_NAME, self.key)
        work = Work(engine, CLOCK, PACKS, ACTOR)
        for number in range(10, 22):
            keep(work, a_draft(number))
            say(("draft", number))
            write_note(work, self.file_id, NoteDetails(NOON, "phone", note_text(number)))
            say(("note", number))
            if number % 4 == 3:
                with engine.connect() as conn:
                    conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
        engine.dispose()
        say(("closed", 0))

    def judge(self, profile: Path, said: Sequence[object]) -> None:
        heard = [each for each in said if isinstance(each, tuple)]
        self.check_notes(profile, self.key, [*range(self.notes), *(number for kind, number in heard if kind == "note")])
        for kind, number in heard:
            if kind == "draft":
                assert self.drafts[f"form-{number % DRAFTS}"] >= number


class Backup(Session):
    """A backup while notes are written."""

    def run(self, profile: Path, say: Callable[[object], None]) -> None:
        vault = open_vault(profile, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
        self.key = bytearray(vault.db_key.buffer)
        engine = open_store(profile / DATABASE_NAME, vault.db_key.buffer)
        work = Work(engine, CLOCK, PACKS, ACTOR)
        folder = set_folder(profile / FOLDER_NAME, vault.key_id)
        for number in range(10, 13):
            write_note(work, self.file_id, NoteDetails(NOON, "phone", note_text(number)))
            say(("note", number))
            made = make_copy(engine, vault.db_key.buffer, folder, Why.AUTO, NOON)
            say(("copy", made.path.name, number))
        engine.dispose()

    def judge(self, profile: Path, said: Sequence[object]) -> None:
        heard = [each for each in said if isinstance(each, tuple)]
        self.check_notes(profile, self.key, [*range(self.notes), *(each[1] for each in heard if each[0] == "note")])
        copies = {path.name: path for path in backup_files(profile / FOLDER_NAME)}
        for path in copies.values():  # whatever has the name of a copy is whole
            check_copy(path, self.key)
        for _, name, number in (each for each in heard if each[0] == "copy"):
            with reading_copy(copies[name], self.key) as raw:
                texts = {text for (text,) in raw.execute("SELECT text FROM contact_note")}
            assert note_text(number) in texts


class PassphraseChange(Session):
    """Another passphrase, and then the one before again."""

    def run(self, profile: Path, say: Callable[[object], None]) -> None:
        vault = open_vault(profile, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
        say(PASSPHRASE)
        change_passphrase(vault, PASSPHRASE, OTHER_PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
        say(OTHER_PASSPHRASE)
        change_passphrase(vault, OTHER_PASSPHRASE, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
        say(PASSPHRASE)
        vault.close()

    def judge(self, profile: Path, said: Sequence[object]) -> None:
        way, vault = self.way_in(profile, (PASSPHRASE, OTHER_PASSPHRASE))
        if len(said) in (0, 3):  # nothing is being changed
            assert way == PASSPHRASE
        self.check_notes(profile, vault.db_key.buffer, range(self.notes))
        open_with_recovery(profile, RecoveryCode.parse(self.old_code), clock=CLOCK).close()
        vault.close()


class NewSheet(Session):
    """A new recovery sheet."""

    def run(self, profile: Path, say: Callable[[object], None]) -> None:
        vault = open_vault(profile, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
        new = replace_recovery(vault)
        self.new_code = " ".join(new.recovery_code.groups)
        new.finish()
        say("in force")
        vault.close()

    def judge(self, profile: Path, said: Sequence[object]) -> None:
        opened = []
        for code in (self.old_code, self.new_code):
            try:
                vault = open_with_recovery(profile, RecoveryCode.parse(code), clock=CLOCK)
            except WrongKey:
                continue
            opened.append(code)
            self.check_notes(profile, vault.db_key.buffer, range(self.notes))
            assert vault.notices == ()
        assert len(opened) == 1
        if said:
            assert opened == [self.new_code]


class FirstDesk(Session):
    """The guide's last step: the vault, then the desk with what the guide was told, then a first note."""

    details = ProfileDetails(name="Ash Advocate", role="IDVA", service_name="A Service")

    def prepare(self, profile: Path) -> None:
        """There is nothing yet."""

    def run(self, profile: Path, say: Callable[[object], None]) -> None:
        vault = a_new_vault(profile, CLOCK).finish()
        say("vault")
        desk = open_desk(vault, CLOCK, self.details)
        say("desk")
        write_note(desk.work, a_file(desk.work), NoteDetails(NOON, "phone", note_text(1)))
        say("note")
        desk.close()

    def judge(self, profile: Path, said: Sequence[object]) -> None:
        if not has_vault(profile):
            assert not said
            a_new_vault(profile, CLOCK).discard()  # she begins anew
            return
        _, vault = self.way_in(profile, (PASSPHRASE,))
        desk = open_desk(vault, CLOCK, None)  # a desk that was cut off in the guide is finished at this unlock
        worker = settings.get(desk.work, WORKER_KEY)
        if "desk" in said:
            assert worker["name"] == self.details.name
        key = bytearray(vault.db_key.buffer)
        desk.close()
        self.check_notes(profile, key, [1] if "note" in said else [])


class KeyChange(Session):
    """The database encrypted anew, with a backup beside it."""

    def prepare(self, profile: Path) -> None:
        super().prepare(profile)
        vault = open_vault(profile, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
        self.former = bytearray(vault.db_key.buffer)
        engine = open_store(profile / DATABASE_NAME, vault.db_key.buffer)
        folder = set_folder(profile / FOLDER_NAME, vault.key_id)
        make_copy(engine, vault.db_key.buffer, folder, Why.AUTO, NOON)
        keyfile.save(folder, keyfile.load(profile))
        engine.dispose()
        vault.close()

    def run(self, profile: Path, say: Callable[[object], None]) -> None:
        vault = open_vault(profile, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
        new = make_new_key(vault, PASSPHRASE, OTHER_PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
        self.new_code = " ".join(new.recovery_code.groups)
        vault.close()
        assert change_key(new, lambda _done, _all: None, lambda: False, lambda: None) == ()
        say("changed")

    def judge(self, profile: Path, said: Sequence[object]) -> None:
        way, vault = self.way_in(profile, (PASSPHRASE, OTHER_PASSPHRASE))
        if said:
            assert way == OTHER_PASSPHRASE
        assert finish_change(vault) == ((FINISHED,) if vault.is_changing_key else ())
        self.check_notes(profile, vault.db_key.buffer, range(self.notes))
        copies = backup_files(profile / FOLDER_NAME)
        assert copies
        for path in copies:
            check_copy(path, vault.db_key.buffer)
        code = self.old_code if way == PASSPHRASE else self.new_code
        for folder in (profile, copies[0].parent):
            open_with_recovery(folder, RecoveryCode.parse(code), clock=CLOCK).close()
        if way == OTHER_PASSPHRASE:
            self.check_old_opens_nothing(profile)
        vault.close()

    def check_old_opens_nothing(self, profile: Path) -> None:
        """Neither the old key, nor the old passphrase or sheet, opens anything in the profile."""
        for path in profile.rglob("*"):
            if path.name.startswith("vault.json"):
                assert json.loads(path.read_bytes())["version"] == 1, "the old key goes along no more"
                with pytest.raises(WrongKey):
                    open_with_recovery(path.parent, RecoveryCode.parse(self.old_code), clock=CLOCK)
            elif path.is_file() and path.stat().st_size > 0:
                with pytest.raises(DeskError), reading_copy(path, self.former):
                    pass


class Migration(Session):
    """A store of the first version, brought to this one."""

    def prepare(self, profile: Path) -> None:
        profile.mkdir()
        for name in ("caseload.db", "vault.json", "vault.json.spare"):
            shutil.copy(KEPT_VAULT / name, profile / name)
        self.old_code = json.loads((KEPT_VAULT / "secrets.json").read_text())["recovery_code"]
        vault = open_with_recovery(profile, RecoveryCode.parse(self.old_code), clock=CLOCK)
        self.key = bytearray(vault.db_key.buffer)
        self.rows = self._rows(profile)
        vault.close()

    def run(self, profile: Path, say: Callable[[object], None]) -> None:
        engine = open_store(profile / DATABASE_NAME, self.key)
        migrate.upgrade(engine, migrate.HEAD)
        say("brought")
        engine.dispose()

    def judge(self, profile: Path, said: Sequence[object]) -> None:
        assert self._rows(profile) == self.rows
        engine = open_store(profile / DATABASE_NAME, self.key)
        if said:
            assert migrate.revision_of(engine) == migrate.HEAD
        else:
            migrate.upgrade(engine, migrate.HEAD)
        engine.dispose()

    def _rows(self, profile: Path) -> Rows:
        engine = open_store(profile / DATABASE_NAME, self.key)
        try:
            return rows_of(engine)
        finally:
            engine.dispose()


class Restore(Session):
    """A backup put in place of a caseload that is newer by a note."""

    def prepare(self, profile: Path) -> None:
        super().prepare(profile)
        vault = open_vault(profile, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
        engine = open_store(profile / DATABASE_NAME, vault.db_key.buffer)
        folder = set_folder(profile / FOLDER_NAME, vault.key_id)
        self.chosen = make_copy(engine, vault.db_key.buffer, folder, Why.AUTO, NOON)
        keyfile.save(folder, keyfile.load(profile))
        newer = NoteDetails(NOON, "phone", note_text(50))
        write_note(Work(engine, CLOCK, PACKS, ACTOR), self.file_id, newer)
        engine.dispose()
        vault.close()

    def run(self, profile: Path, say: Callable[[object], None]) -> None:
        vault = open_vault(profile, PASSPHRASE, keyring=None, clock=CLOCK, cost=CHEAP)
        restore(profile, vault, self.chosen, CLOCK, PACKS)
        say("restored")
        vault.close()

    def judge(self, profile: Path, said: Sequence[object]) -> None:
        swap.finish(profile)
        _, vault = self.way_in(profile, (PASSPHRASE,))
        self.check_notes(profile, vault.db_key.buffer, range(self.notes))
        is_newer = note_text(50) in self.texts
        if said:
            assert not is_newer
        if not is_newer:  # then the caseload before it was set aside
            (aside,) = (path for path in backup_files(profile / FOLDER_NAME) if path.name.endswith(f"-{Why.ASIDE}.db"))
            with reading_copy(aside, vault.db_key.buffer) as raw:
                assert (note_text(50),) in raw.execute("SELECT text FROM contact_note").fetchall()
        vault.close()


SESSIONS: dict[str, type[Session]] = {
    "notes": Notes,
    "backup": Backup,
    "passphrase": PassphraseChange,
    "sheet": NewSheet,
    "first desk": FirstDesk,
    "key change": KeyChange,
    "migration": Migration,
    "restore": Restore,
}
