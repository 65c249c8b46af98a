"""A writing session killed at any moment: all that the store had said was kept is there, and it is sound."""

from __future__ import annotations

import multiprocessing
import sys
from multiprocessing.context import BaseContext
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from advocate_desk import paths
from advocate_desk.casework.drafts import all_drafts
from advocate_desk.casework.work import Work
from advocate_desk.store.engine import DATABASE_NAME
from advocate_desk.store.tables.work import contact_note
from tests.casework_calls import Standing
from tests.faults.writing_session import DRAFTS, note_text, run, write_one, write_some
from tests.standing import open_work
from tests.store_state import check_sound

KILLS = 40
LONGEST_S = 0.12


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> BaseContext:
    """Where new processes come from: on a system that can, copies of one that has imported everything already."""
    root = str(paths.installation())
    monkeypatch.setenv("PYTHONPATH", root)
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.writing_session"])
    return context


class Said:
    """What the killed processes had said was kept: every note's number, and the last number of each draft."""

    def __init__(self) -> None:
        self.notes: set[int] = set()
        self.drafts: dict[str, int] = {}

    def hear(self, kind: str, number: int) -> None:
        if kind == "note":
            self.notes.add(number)
        else:
            self.drafts[f"form-{number % DRAFTS}"] = number

    @property
    def next_number(self) -> int:
        """A number beyond all that was heard of, and beyond what was kept unheard."""
        return max([0, *self.notes, *self.drafts.values()]) + 2


def kill_one(processes: BaseContext, folder: Path, standing: Standing, said: Said, after_s: float) -> None:
    """Let a process write for `after_s` from its first word on, kill it, and take down what it had said."""
    ours, theirs = processes.Pipe(duplex=False)
    writer = processes.Process(target=run, args=(folder, standing.file_id, said.next_number, theirs))  # type: ignore[attr-defined]
    writer.start()
    theirs.close()
    assert ours.poll(30)
    writer.join(timeout=after_s)
    writer.kill()
    writer.join()
    assert writer.exitcode not in (0, 1), "it ended of itself"
    try:
        while True:
            said.hear(*ours.recv())
    except EOFError:
        ours.close()


def kept(work: Work) -> tuple[set[str], dict[str, int]]:
    """The texts of all notes, and the number of each draft."""
    notes = work.read(lambda conn: set(conn.execute(select(contact_note.c.text)).scalars()))
    return notes, {each.key: each.payload["number"] for each in all_drafts(work) if "number" in each.payload}


def test_what_was_said_to_be_kept_is_there_after_any_kill(
    work: Work, standing: Standing, tmp_path: Path, processes: BaseContext
) -> None:
    work.engine.dispose()
    moments, said = Random(20261121), Said()
    for nth in range(KILLS):
        kill_one(processes, tmp_path, standing, said, moments.uniform(0, LONGEST_S))
        if nth % 8 != 7:
            continue
        work = open_work(tmp_path)
        notes, drafts = kept(work)
        assert {note_text(number) for number in said.notes} <= notes
        assert all(drafts[key] >= number for key, number in said.drafts.items())
        check_sound(work.engine)
        work.engine.dispose()
    assert len(said.notes) > KILLS


def test_a_log_of_writes_that_was_cut_short_costs_no_note_before_it(
    work: Work, standing: Standing, tmp_path: Path
) -> None:
    for number in range(10):
        write_one(work, standing.file_id, number)
    log = tmp_path / f"{DATABASE_NAME}-wal"
    database, whole = (tmp_path / DATABASE_NAME).read_bytes(), log.read_bytes()
    work.engine.dispose()
    for nth, length in enumerate((0, 1, 31, len(whole) // 3, len(whole) // 2 + 7, len(whole) - 1, len(whole))):
        folder = tmp_path / f"cut-{nth}"
        folder.mkdir()
        (folder / DATABASE_NAME).write_bytes(database)
        (folder / log.name).write_bytes(whole[:length])
        again = open_work(folder)
        notes, _ = kept(again)
        found = [note_text(number) in notes for number in range(10)]
        assert found == sorted(found, reverse=True), "a later note is there and an earlier one is not"
        check_sound(again.engine)
        again.engine.dispose()
    assert all(found), "the whole log holds every note"


def test_two_programs_that_write_at_once_wait_for_each_other(
    work: Work, standing: Standing, tmp_path: Path, processes: BaseContext
) -> None:
    other = processes.Process(target=write_some, args=(tmp_path, standing.file_id, 1000, 60))  # type: ignore[attr-defined]
    other.start()
    for number in range(60):
        write_one(work, standing.file_id, number)
    other.join(60)
    assert other.exitcode == 0
    notes, _ = kept(work)
    assert {note_text(number) for number in (*range(60), *range(1000, 1060))} <= notes
    check_sound(work.engine)
