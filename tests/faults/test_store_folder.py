"""A folder that is full, read-only, gone, damaged or in use: words that say so, and nothing lost."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import event

from advocate_desk.casework import drafts, notes
from advocate_desk.casework.work import Done, Work
from advocate_desk.domain.backups import Why
from advocate_desk.errors import Unavailable
from advocate_desk.store import backup
from advocate_desk.store import engine as store_engine
from advocate_desk.store.backup import make_copy
from advocate_desk.store.engine import DATABASE_NAME, create_store, open_store
from tests import planted
from tests.builders import KEY, NOON
from tests.casework_calls import CALLS, NOTE, WRITING, Call, Standing, a_draft
from tests.faults.failing_store import disk_fault, disk_full, failing_write
from tests.standing import OpenCopy, open_work
from tests.store_state import Dump, check_sound, everything

PAGE = 4096
NOTES = tuple(call for call in WRITING if str(call) in {"notes.write_note", "drafts.keep", "intake.open_file"})
"""A record, a draft, a whole file: what a full or vanished disk is tried on. The sweep of statements tries them all."""

REFUSED = tuple(call for call in WRITING if str(call) in {"notes.write_note", "letters.letter_pdf"})
"""One that ends with an act, and one that only says that somebody looked: their COMMITs fail in other places."""


@contextmanager
def refused() -> Iterator[None]:
    """What is done inside is refused in words: a sentence or more, that name nobody."""
    with pytest.raises(Unavailable) as caught:
        yield
    assert caught.value.advice.endswith(".") and len(caught.value.advice) > 40
    assert planted.traces(str(caught.value)) == []


def write(work: Work, standing: Standing) -> Done:
    return notes.write_note(work, standing.file_id, NOTE)


def most_pages(work: Work, pages: int) -> None:
    """Let the store grow to so many pages and no further: SQLite then says that the disk is full."""
    with work.engine.connect() as conn:
        conn.exec_driver_sql(f"PRAGMA max_page_count = {pages}")


def page_count(work: Work) -> int:
    with work.engine.connect() as conn:
        return int(conn.exec_driver_sql("PRAGMA page_count").scalar_one())


# ---------------------------------------------------------------------------------------------------------- full


@pytest.mark.parametrize("call", NOTES, ids=str)
def test_a_disk_that_fills_up_keeps_all_that_was_saved_before(call: Call, work: Work, standing: Standing) -> None:
    most_pages(work, page_count(work) + 6)
    saved: Dump = {}
    for nth in range(2000):
        saved = everything(work.engine)
        try:
            call.run(work, standing)
            if call.name == "drafts.keep":
                drafts.keep(work, a_draft(f"draft {nth}"))
        except Unavailable as full:
            assert "disk is full" in full.advice
            break
    else:
        pytest.fail("it never filled up")
    if call.name != "drafts.keep":
        assert everything(work.engine) == saved
    most_pages(work, 100_000)
    call.run(work, standing)
    check_sound(work.engine)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk with room for two small caseloads and a little, where the system lets us make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("only root on Linux may make a disk in memory")
    mount = ["mount", "-t", "tmpfs", "-o", "size=2400k", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this system allows no disk in memory")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def until_full(write_once: Callable[[], object]) -> None:
    """Write until the disk refuses; far more often than it has room for."""
    for _ in range(5000):
        write_once()


def remount(folder: Path, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(folder)], check=True, capture_output=True)


def test_a_real_disk_that_is_full_keeps_all_and_serves_again_with_room(
    small_disk: Path, template: tuple[Path, Standing]
) -> None:
    folder, standing = template
    shutil.copy(folder / DATABASE_NAME, small_disk / DATABASE_NAME)
    work = open_work(small_disk)
    (small_disk / "ballast").write_bytes(bytes(400 * 1024))
    saved: list[Done] = []
    numbers = itertools.count()
    with refused():
        until_full(lambda: saved.append(write(work, standing)))
    with refused():
        until_full(lambda: drafts.keep(work, a_draft(f"draft {next(numbers)}")))
    with refused():
        make_copy(work.engine, KEY, small_disk, Why.ASKED, NOON)
    work.engine.dispose()
    (small_disk / "ballast").unlink()
    work = open_work(small_disk)
    there = {row[0] for row in everything(work.engine)["contact_note"]}
    assert saved
    assert all(done.record_id is not None and done.record_id.hex in there for done in saved)
    write(work, standing)
    check_sound(work.engine)
    work.engine.dispose()


# ----------------------------------------------------------------------------------------------------- read-only


def test_a_disk_that_was_made_read_only_is_told(small_disk: Path, template: tuple[Path, Standing]) -> None:
    folder, standing = template
    shutil.copy(folder / DATABASE_NAME, small_disk / DATABASE_NAME)
    remount(small_disk, "ro")
    try:
        with refused():
            write(open_work(small_disk), standing)
        with refused():
            create_store(small_disk / "another.db", KEY)
    finally:
        remount(small_disk, "rw")
    work = open_work(small_disk)
    write(work, standing)
    check_sound(work.engine)
    work.engine.dispose()


def test_a_store_that_may_only_be_read_is_read_and_not_written(work: Work, standing: Standing) -> None:
    before = everything(work.engine)
    event.listen(work.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA query_only = ON"))
    for call in NOTES:
        with pytest.raises(Unavailable, match="cannot be written to"):
            call.run(work, standing)
    assert everything(work.engine) == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_leave_to_write_is_told(work: Work, standing: Standing, tmp_path: Path) -> None:
    work.engine.dispose()
    (tmp_path / DATABASE_NAME).chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        with refused():
            write(open_work(tmp_path), standing)
    finally:
        tmp_path.chmod(0o700)
        (tmp_path / DATABASE_NAME).chmod(0o600)
    write(open_work(tmp_path), standing)


# ---------------------------------------------------------------------------------------------------------- gone


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be moved there")
def test_a_folder_that_goes_away_takes_no_save_with_it_and_serves_again_when_it_is_back(
    open_copy: OpenCopy, standing: Standing, tmp_path: Path
) -> None:
    work = open_copy()
    write(work, standing)
    before = everything(work.engine)
    (tmp_path / "copy-0").rename(tmp_path / "away")
    for call in NOTES:
        with refused():
            call.run(work, standing)
    work.engine.dispose()
    with refused():
        write(work, standing)
    (tmp_path / "away").rename(tmp_path / "copy-0")
    assert everything(work.engine) == before
    write(work, standing)
    check_sound(work.engine)


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be moved there")
@pytest.mark.parametrize("error", [disk_full, disk_fault])
@pytest.mark.parametrize("call", REFUSED, ids=str)
def test_a_folder_that_goes_away_after_any_refused_write_serves_again_when_it_is_back(
    call: Call, error: Callable[[], Exception], work: Work, standing: Standing, tmp_path: Path
) -> None:
    store, away = tmp_path / DATABASE_NAME, tmp_path / "away.db"
    for nth in itertools.count(1):
        with failing_write(work.engine, nth, error) as fault, suppress(Unavailable):
            call.run(work, standing)
        store.rename(away)
        with refused():
            write(work, standing)
        away.rename(store)
        write(work, standing)
        if not fault.fired:
            break
    assert nth > 2, "the COMMIT was one of them"
    check_sound(work.engine)


@pytest.mark.skipif(os.name != "posix", reason="an open file cannot be removed there")
def test_a_removed_or_swapped_store_is_never_said_to_have_saved(
    open_copy: OpenCopy, standing: Standing, tmp_path: Path
) -> None:
    work = open_copy()
    path = tmp_path / "copy-0" / DATABASE_NAME
    older = path.read_bytes()
    write(work, standing)
    path.unlink()
    with pytest.raises(Unavailable, match="not where it was"):
        write(work, standing)
    for left in (f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm"):
        path.with_name(left).unlink(missing_ok=True)
    path.write_bytes(older)  # a file of that name that lacks what was saved
    with pytest.raises(Unavailable, match="not where it was"):
        drafts.keep(work, a_draft("one"))


def test_a_store_that_is_not_there_is_told_when_it_is_opened(tmp_path: Path) -> None:
    with refused():
        open_store(tmp_path / "gone" / DATABASE_NAME, KEY)
    with refused():
        create_store(tmp_path / "gone" / DATABASE_NAME, KEY)


# ------------------------------------------------------------------------------------------------------- damaged


def spoil(path: Path, page: int) -> None:
    """Change one byte in the middle of a page."""
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE + PAGE // 2)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0xFF]))


def test_a_byte_that_changed_anywhere_is_noticed_and_told_by_whatever_reads_it(
    template: tuple[Path, Standing], tmp_path: Path
) -> None:
    folder, standing = template
    original = (folder / DATABASE_NAME).read_bytes()
    path = tmp_path / DATABASE_NAME
    told = 0
    for page in range(1, len(original) // PAGE + 1, 7):
        path.write_bytes(original)
        spoil(path, page)
        try:
            work = open_work(tmp_path)
        except Unavailable as error:
            assert error.advice.endswith(".")
            told += 1
            continue
        advice = []
        for call in CALLS[:12]:
            try:
                call.run(work, standing)
            except Unavailable as damaged:
                advice.append(damaged.advice)
        assert all("damaged" in each for each in advice[:1])
        told += bool(advice)
        with work.engine.connect() as conn:
            assert conn.exec_driver_sql("PRAGMA cipher_integrity_check").all() != []
        work.engine.dispose()
        for left in (f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm"):
            (tmp_path / left).unlink(missing_ok=True)
    assert told > 3


@pytest.mark.parametrize("length", [0, 1, 100, PAGE, PAGE * 20 + 10])
def test_a_store_that_was_cut_short_is_told(length: int, work: Work, tmp_path: Path, standing: Standing) -> None:
    work.engine.dispose()
    os.truncate(tmp_path / DATABASE_NAME, length)
    before = (tmp_path / DATABASE_NAME).read_bytes()
    with refused():
        write(open_work(tmp_path), standing)
    assert (tmp_path / DATABASE_NAME).read_bytes() == before


# -------------------------------------------------------------------------------------------------------- in use


def test_a_store_that_another_program_holds_is_told_and_taken_up_again(
    monkeypatch: pytest.MonkeyPatch, open_copy: OpenCopy, standing: Standing, tmp_path: Path
) -> None:
    monkeypatch.setattr(store_engine, "BUSY_MS", 20)
    work = open_copy()
    before = everything(work.engine)
    holder = open_work(tmp_path / "copy-0")
    with holder.engine.connect() as held:
        held.exec_driver_sql("INSERT INTO setting (key, value) VALUES ('held', '1')")
        for call in NOTES:
            with pytest.raises(Unavailable, match="busy in another window"):
                call.run(work, standing)
        assert everything(work.engine) == before, "it can still be read"
        held.rollback()
    holder.engine.dispose()
    write(work, standing)
    check_sound(work.engine)


@pytest.mark.parametrize("said", ["database is locked", "attempt to write a readonly database", "disk I/O error"])
def test_a_copy_that_cannot_be_made_is_told(
    said: str, work: Work, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> None:
        raise sqlcipher.OperationalError(said)

    monkeypatch.setattr(backup, "connect_keyed", fail)
    with refused():
        make_copy(work.engine, KEY, tmp_path, Why.ASKED, NOON)
