"""A form that is saved takes its draft out of the store in the same act: never both, never neither."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path

import pytest

from advocate_desk.casework import drafts, notes
from advocate_desk.casework.work import Work, out_of_draft
from advocate_desk.errors import Invalid, Unavailable
from advocate_desk.store.tables.work import contact_note
from tests.builders import NOON, a_file, a_work
from tests.faults.failing_store import disk_full, failing_write

NOTE = notes.NoteDetails(NOON - timedelta(hours=1), "phone", "She rang from work.")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def kept(work: Work) -> tuple[int, list[str]]:
    """How many notes there are, and the keys of the drafts."""
    count = work.read(lambda conn: len(conn.execute(contact_note.select()).all()))
    return count, [each.key for each in drafts.all_drafts(work)]


def test_a_record_and_the_end_of_its_draft_are_one_act_at_any_write(work: Work) -> None:
    file_id = a_file(work)
    drafts.keep_all(work, tuple(drafts.Draft(key, "note", None, {}, {}, True, 0, NOON) for key in ("mine", "other")))
    for nth in itertools.count(1):
        with failing_write(work.engine, nth, disk_full) as fault:
            try:
                with out_of_draft(work, "mine"):
                    notes.write_note(work, file_id, NOTE)
            except Unavailable:
                assert kept(work) == (0, ["mine", "other"])
        if not fault.fired:
            break
    assert nth > 3
    assert kept(work) == (1, ["other"])


def test_a_record_that_is_refused_leaves_its_draft(work: Work) -> None:
    file_id = a_file(work)
    drafts.keep(work, drafts.Draft("mine", "note", None, {}, {}, True, 0, NOON))
    with pytest.raises(Invalid), out_of_draft(work, "mine"):
        notes.write_note(work, file_id, notes.NoteDetails(NOON, "phone", "  "))
    assert kept(work) == (0, ["mine"])


def test_a_save_that_writes_nothing_takes_its_draft_out_all_the_same(work: Work) -> None:
    drafts.keep(work, drafts.Draft("mine", "note", None, {}, {}, True, 0, NOON))
    with out_of_draft(work, "mine"):
        pass
    assert kept(work) == (0, [])


def test_what_is_done_outside_leaves_every_draft(work: Work) -> None:
    file_id = a_file(work)
    drafts.keep(work, drafts.Draft("mine", "note", None, {}, {}, True, 0, NOON))
    notes.write_note(work, file_id, NOTE)
    assert kept(work) == (1, ["mine"])
