"""A session killed at any moment of any activity: all that the screen had said was kept is there, and it is sound."""

from __future__ import annotations

from multiprocessing.context import BaseContext
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from advocate_desk.casework.work import Work
from advocate_desk.store.engine import DATABASE_NAME
from advocate_desk.store.log_of_writes import lost_saves
from advocate_desk.store.tables.work import contact_note
from tests.casework_calls import Standing
from tests.faults.activities import SHARES, Activity, Heard, run
from tests.faults.killing import KILLS, Moment, a_moment, desk_to_kill, kill_one, opened_with_one_of, processes
from tests.faults.profiles import Profile
from tests.faults.writing_session import note_text, write_one, write_some
from tests.standing import open_work
from tests.store_state import check_sound

__all__ = ["desk_to_kill", "processes"]

SEED = 20261121

LOG_NAME = f"{DATABASE_NAME}-wal"


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", SHARES)
def test_what_was_said_to_be_kept_is_there_after_any_kill(
    name: str, desk_to_kill: Profile, processes: BaseContext, tmp_path: Path
) -> None:
    activity, moments, spoke = SHARES[name].activity, Random(f"{SEED} {name}"), 0
    for nth in range(KILLS * SHARES[name].per_mille // 1000):
        profile = activity.prepare(desk_to_kill.copied_to(tmp_path / "desk"))
        moment = a_moment(moments, activity.lasts_s, activity.most_words) if nth else Moment(0, 1)
        heard = kill_one(processes, run, (name, profile, 1000 * nth + 1000), moment)
        spoke += bool(heard)
        judge(activity, profile, heard)
    assert spoke, "no kill came after a word: nothing was put to the test"


def judge(activity: Activity, profile: Profile, heard: Heard) -> None:
    """Open what was left as the unlock page does, and fail unless it is sound and holds what was said."""
    assert lost_saves(profile.folder / DATABASE_NAME) == 0
    vault = opened_with_one_of(profile.folder, activity.passphrases(heard))
    assert vault.notices == ()
    assert bytes(vault.db_key.buffer) == profile.key
    work = profile.work()
    try:
        activity.judge(profile, heard, work)
        check_sound(work.engine)
    finally:
        work.engine.dispose()
        vault.close()


def kept_notes(work: Work) -> set[str]:
    """The texts of all notes."""
    return work.read(lambda conn: set(conn.execute(select(contact_note.c.text)).scalars()))


def ten_notes(work: Work, standing: Standing, folder: Path) -> tuple[bytes, bytes]:
    """The database and its log of writes, which holds ten notes, each saved by itself."""
    for number in range(10):
        write_one(work, standing.file_id, number)
    database, log = (folder / DATABASE_NAME).read_bytes(), (folder / LOG_NAME).read_bytes()
    work.engine.dispose()
    return database, log


def test_a_log_of_writes_that_was_cut_short_costs_no_note_before_it(
    work: Work, standing: Standing, tmp_path: Path
) -> None:
    database, whole = ten_notes(work, standing, tmp_path)
    for nth, length in enumerate((0, 1, 31, len(whole) // 3, len(whole) // 2 + 7, len(whole) - 1, len(whole))):
        folder = tmp_path / f"cut-{nth}"
        folder.mkdir()
        (folder / DATABASE_NAME).write_bytes(database)
        (folder / LOG_NAME).write_bytes(whole[:length])
        assert lost_saves(folder / DATABASE_NAME) == 0
        again = open_work(folder)
        notes = kept_notes(again)
        found = [note_text(number) in notes for number in range(10)]
        assert found == sorted(found, reverse=True), "a later note is there and an earlier one is not"
        check_sound(again.engine)
        again.engine.dispose()
    assert all(found), "the whole log holds every note"


def test_a_log_of_writes_that_was_damaged_is_noticed_before_what_follows_is_dropped(
    work: Work, standing: Standing, tmp_path: Path
) -> None:
    database, whole = ten_notes(work, standing, tmp_path)
    for nth, place in enumerate((*range(0, 32, 3), 50, len(whole) // 3, len(whole) // 2, len(whole) - 5000)):
        folder = tmp_path / f"damaged-{nth}"
        folder.mkdir()
        (folder / DATABASE_NAME).write_bytes(database)
        (folder / LOG_NAME).write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        lost = lost_saves(folder / DATABASE_NAME)
        again = open_work(folder)
        missing = [number for number in range(10) if note_text(number) not in kept_notes(again)]
        check_sound(again.engine)
        again.engine.dispose()
        assert bool(lost) == (len(missing) > 1)
        assert lost >= len(missing) - 1
    assert lost_saves(tmp_path / "nothing") == 0


def test_two_programs_that_write_at_once_wait_for_each_other(
    work: Work, standing: Standing, tmp_path: Path, processes: BaseContext
) -> None:
    other = processes.Process(target=write_some, args=(tmp_path, standing.file_id, 1000, 60))  # type: ignore[attr-defined]
    other.start()
    for number in range(60):
        write_one(work, standing.file_id, number)
    other.join(60)
    assert other.exitcode == 0
    notes = kept_notes(work)
    assert {note_text(number) for number in (*range(60), *range(1000, 1060))} <= notes
    check_sound(work.engine)
