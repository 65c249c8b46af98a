"""Copies of the store under faults: a full or vanished folder, a flipped byte, a stop, a kill at any moment."""

from __future__ import annotations

import itertools
import os
import shutil
import threading
import time
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from advocate_desk.casework import notes
from advocate_desk.casework.work import Work
from advocate_desk.domain.backups import RECENT, Why
from advocate_desk.errors import Stopped, Unavailable, WrongKey
from advocate_desk.store import backup, backup_round
from advocate_desk.store.backup import check_copy, make_copy
from advocate_desk.store.backup_files import (
    SECOND_FOLDER_NAME,
    backup_files,
    copies_in,
    remove_partial,
    set_folder,
    sets_in,
)
from advocate_desk.store.backup_round import Places, choose_second, keep_key_file, mirror, run_round, sweep
from advocate_desk.store.engine import DATABASE_NAME, open_store
from advocate_desk.vault import keyfile
from advocate_desk.vault.folder import FILE_NAME
from tests import planted
from tests.builders import KEY, NOON
from tests.casework_calls import NOTE, Standing
from tests.faults.test_store_folder import refused, small_disk, spoil
from tests.store_state import check_sound, everything
from tests.unit.vault.vaults import a_vault

__all__ = ["small_disk"]  # a fixture

KEY_ID = "5950f74f613076ee4e22a52211699294"
PAGE = 4096


@pytest.fixture(autouse=True)
def a_small_reserve(monkeypatch: pytest.MonkeyPatch) -> None:
    """The copies of tests are small, and so may be the disks."""
    monkeypatch.setattr(backup, "RESERVE_BYTES", 0)
    monkeypatch.setattr(backup_round, "RESERVE_BYTES", 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "5950f74f"


@pytest.fixture
def places(tmp_path: Path, clock: object) -> Places:
    """A profile with a key file of its own, and a second folder that somebody chose."""
    profile, second = tmp_path / "profile", tmp_path / "stick"
    a_vault(profile, clock)  # type: ignore[arg-type]
    second.mkdir()
    choose_second(second)
    return Places(profile, keyfile.load(profile).key_id, second)


def contents_of(path: Path) -> object:
    engine = open_store(Path(shutil.copy(path, path.with_name("opened.db"))), KEY)
    found = everything(engine)
    check_sound(engine)
    engine.dispose()
    return found


def write_note(work: Work, standing: Standing) -> None:
    notes.write_note(work, standing.file_id, NOTE)


def test_a_copy_holds_every_row_of_one_moment_while_others_go_on_writing(
    work: Work, standing: Standing, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "STEP_PAGES", 4)
    before, steps = everything(work.engine), itertools.count()

    def write_meanwhile() -> bool:
        if next(steps) % 7 == 3:
            write_note(work, standing)
        return False

    made = make_copy(work.engine, KEY, folder, Why.AUTO, NOON, write_meanwhile)
    assert everything(work.engine) != before
    assert contents_of(made.path) == before
    assert made.path.stat().st_mode & 0o077 == 0
    assert sorted(each.name for each in folder.iterdir() if each.name != "opened.db") == [made.path.name]
    assert planted.traces(made.path.read_bytes()) == []


def test_a_copy_can_be_made_beside_a_thread_that_writes_all_the_time(
    work: Work, standing: Standing, folder: Path
) -> None:
    over = threading.Event()

    def write_on() -> None:
        while not over.is_set():
            write_note(work, standing)

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        made = [make_copy(work.engine, KEY, folder, Why.AUTO, NOON) for _ in range(3)]
    finally:
        over.set()
        writer.join()
    for each in made:
        contents_of(each.path)


def test_a_byte_that_changed_in_any_page_is_found(work: Work, folder: Path) -> None:
    made = make_copy(work.engine, KEY, folder, Why.AUTO, NOON)
    original = made.path.read_bytes()
    pages = len(original) // PAGE
    assert pages > 100
    for page in range(1, pages + 1, 9):
        made.path.write_bytes(original)
        spoil(made.path, page)
        with refused():
            check_copy(made.path, KEY)
    made.path.write_bytes(original[: PAGE * (pages - 3)])
    with refused():
        check_copy(made.path, KEY)
    made.path.write_bytes(b"")
    with refused():
        check_copy(made.path, KEY)
    made.path.write_bytes(original)
    check_copy(made.path, KEY, is_thorough=True)


def test_a_copy_whose_disk_gives_back_something_else_is_not_kept(
    work: Work, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = backup.to_the_disk

    def write_badly(part: Path) -> None:
        write(part)
        spoil(part, 20)

    monkeypatch.setattr(backup, "to_the_disk", write_badly)
    with refused():
        make_copy(work.engine, KEY, folder, Why.AUTO, NOON)
    assert list(folder.iterdir()) == []


def test_a_copy_that_lacks_a_row_is_not_kept(work: Work, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    count = backup._census
    numbers = itertools.count()
    monkeypatch.setattr(backup, "_census", lambda rows: count(rows) | {"contact_note": next(numbers)})
    with pytest.raises(Unavailable, match="could not be read back"):
        make_copy(work.engine, KEY, folder, Why.AUTO, NOON)
    assert list(folder.iterdir()) == []


def test_another_key_and_a_plain_file_are_told_from_a_damaged_copy(work: Work, folder: Path) -> None:
    made = make_copy(work.engine, KEY, folder, Why.AUTO, NOON)
    with pytest.raises(WrongKey, match="another desk"):
        check_copy(made.path, bytes(32))
    made.path.write_bytes(b"SQLite format 3\x00" + bytes(5000))
    with pytest.raises(Unavailable, match="not encrypted"):
        check_copy(made.path, KEY)


def test_a_stop_is_heard_at_every_step_and_leaves_nothing(
    work: Work, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "STEP_PAGES", 8)
    monkeypatch.setattr(backup, "LOOK_EVERY_STEPS", 1000)
    before = everything(work.engine)
    for at in itertools.count(1):
        asked = itertools.count(1)
        try:
            make_copy(work.engine, KEY, folder, Why.AUTO, NOON, lambda: next(asked) >= at)  # noqa: B023
        except Stopped:
            assert list(folder.iterdir()) == []
        else:
            break
    assert at > 30
    assert len(copies_in(folder)) == 1
    assert everything(work.engine) == before


def test_a_full_disk_keeps_the_copies_that_are_there_and_is_told(
    work: Work, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_refuse_too_little_room", lambda *_: None)
    first = make_copy(work.engine, KEY, small_disk, Why.AUTO, NOON)
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(small_disk).free - first.path.stat().st_size // 2))
    with pytest.raises(Unavailable, match="disk is full"):
        make_copy(work.engine, KEY, small_disk, Why.AUTO, NOON)
    assert {each.name for each in small_disk.iterdir()} == {"ballast", first.path.name}
    ballast.unlink()
    make_copy(work.engine, KEY, small_disk, Why.AUTO, NOON)
    assert len(copies_in(small_disk)) == 2


def test_too_little_room_is_seen_before_anything_is_written(
    work: Work, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "RESERVE_BYTES", 2 * 1024**2)
    with pytest.raises(Unavailable, match="too little room"):
        make_copy(work.engine, KEY, small_disk, Why.AUTO, NOON)
    assert list(small_disk.iterdir()) == []


def test_a_round_says_what_was_amiss_and_raises_nothing(work: Work, places: Places, tmp_path: Path) -> None:
    places.own.parent.write_bytes(b"a file where the folder should be")
    done = run_round(work.engine, KEY, places, Why.AUTO, NOON)
    assert done.made is None and done.trouble.endswith(".")
    places.own.parent.unlink()
    done = run_round(work.engine, KEY, places, Why.AUTO, NOON)
    assert done.made is not None and done.trouble == done.trouble_away == ""


def test_a_second_folder_that_is_away_is_told_and_caught_up_with_when_it_is_back(
    work: Work, places: Places, tmp_path: Path
) -> None:
    assert places.second is not None and places.away is not None
    away = tmp_path / "pulled out"
    places.second.rename(away)
    done = run_round(work.engine, KEY, places, Why.AUTO, NOON)
    assert done.made is not None and done.put_away is None and "not there now" in done.trouble_away
    places.second.mkdir()  # the empty folder that a stick was mounted on
    assert "not there now" in mirror(KEY, places, NOON).trouble_away
    assert list(places.second.iterdir()) == []
    places.second.rmdir()
    away.rename(places.second)
    caught_up = mirror(KEY, places, NOON)
    assert caught_up.put_away is not None and caught_up.trouble_away == ""
    assert caught_up.put_away.path.read_bytes() == done.made.path.read_bytes()
    assert mirror(KEY, places, NOON).put_away is None
    assert [each.name for each in sets_in(tmp_path / "stick")] == [places.away.name]


def test_rounds_keep_few_copies_and_never_lose_the_newest(work: Work, places: Places) -> None:
    for hour in range(8):
        run_round(work.engine, KEY, places, Why.AUTO, NOON + timedelta(minutes=hour))
    own = [each.copy.number for each in copies_in(places.own)]
    assert own == [8, 7, 6] and len(own) == RECENT
    assert places.away is not None
    assert [each.copy.number for each in copies_in(places.away)] == own
    assert [path.name for path in backup_files(places.profile / "backups")] == sorted(
        each.path.name for each in copies_in(places.own)
    )


def test_the_key_file_beside_the_copies_follows_each_change_of_the_profiles(work: Work, places: Places) -> None:
    run_round(work.engine, KEY, places, Why.AUTO, NOON)
    vault = keyfile.load(places.profile)
    assert keyfile.load(places.own).slots == vault.slots
    changed = vault.with_slot(vault.slots[0])
    keyfile.save(places.profile, changed)
    keep_key_file(places.profile, places.own)
    assert keyfile.load(places.own).slots == changed.slots


def test_a_folder_of_another_desk_is_left_alone(work: Work, places: Places, tmp_path: Path, clock: object) -> None:
    a_vault(places.own, clock)  # type: ignore[arg-type]
    before = (places.own / FILE_NAME).read_bytes()
    with pytest.raises(Unavailable, match="another desk"):
        keep_key_file(places.profile, places.own)
    assert (places.own / FILE_NAME).read_bytes() == before


def test_what_a_cut_off_copy_left_is_swept_and_no_copy_is(work: Work, places: Places) -> None:
    run_round(work.engine, KEY, places, Why.AUTO, NOON)
    before = {path.name for path in places.own.iterdir()}
    for name in (".caseload-000009-20261121T120000Z-auto.part", ".caseload-000009-20261121T120000Z-auto.part-journal"):
        (places.own / name).write_bytes(b"half")
    sweep(places)
    assert {path.name for path in places.own.iterdir()} == before
    assert remove_partial(places.own / "nowhere") == 0


@pytest.mark.skipif(os.name != "posix", reason="forks")
def test_a_kill_at_any_moment_leaves_whole_copies_or_what_the_next_start_removes(
    work: Work, folder: Path, tmp_path: Path
) -> None:
    make_copy(work.engine, KEY, folder, Why.AUTO, NOON)
    work.engine.dispose()
    moments = Random(20261121)
    kept_before = 1
    for _ in range(12):
        child = os.fork()
        if child == 0:
            for number in itertools.count():
                engine = open_store(tmp_path / DATABASE_NAME, KEY)
                make_copy(engine, KEY, folder, Why.AUTO, NOON + timedelta(seconds=number))
            os._exit(0)
        wait_for_a_part(folder)
        threading.Event().wait(moments.uniform(0, 0.2))
        os.kill(child, 9)
        os.waitpid(child, 0)
        remove_partial(folder)
        present = copies_in(folder)
        assert len(present) >= kept_before
        kept_before = len(present)
        for each in present[:2]:
            check_copy(each.path, KEY, is_thorough=True)
    assert [each for each in folder.iterdir() if each.name.startswith(".")] == []
    assert set_folder(folder.parent, KEY_ID) == folder
    assert not (folder / SECOND_FOLDER_NAME).exists()


def wait_for_a_part(folder: Path) -> None:
    """Until a copy is being written."""
    ends = time.monotonic() + 30
    while not list(folder.glob(".*.part")):
        assert time.monotonic() < ends, "no copy was begun"
        threading.Event().wait(0.001)


def test_copies_of_another_computer_in_the_second_folder_stay_the_older_ones(work: Work, places: Places) -> None:
    assert places.away is not None
    made = make_copy(work.engine, KEY, places.away, Why.AUTO, NOON, above=41)
    keep_key_file(places.profile, places.away)
    assert made.copy.number == 42
    done = run_round(work.engine, KEY, places, Why.AUTO, NOON)
    assert done.made is not None
    assert done.made.copy.number == 43
    assert done.put_away is not None
    assert [each.copy.number for each in copies_in(places.away)] == [43, 42]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("disk I/O error", "The disk did not answer"),
        ("unable to open database file", "The disk did not answer"),
        ("out of memory", "short of memory"),
        ("database disk image is malformed", "This backup is damaged"),
        ("file is not a database", "This backup is damaged"),
    ],
)
def test_a_disk_that_does_not_answer_is_not_called_damage_of_the_backup(
    reason: str, told: str, work: Work, folder: Path
) -> None:
    made = make_copy(work.engine, KEY, folder, Why.AUTO, NOON)
    with pytest.raises(Unavailable, match=told), backup.reading_copy(made.path, KEY):
        raise sqlcipher.OperationalError(reason)
