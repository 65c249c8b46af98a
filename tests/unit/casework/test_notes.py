from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from advocate_desk.casework.notes import NoteDetails, amend_note, write_note
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid, Refused
from advocate_desk.store.queries.caseload import CaseloadFilter, caseload_page
from advocate_desk.store.queries.notes import notes_page
from advocate_desk.store.queries.tasks import file_tasks
from tests.builders import NOON, a_file, a_work

NOTE = NoteDetails(NOON - timedelta(hours=1), "phone", "She is well.", 20, "office", "the client")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def test_a_note_stands_as_it_was_written(work: Work, file_id: FileId) -> None:
    write_note(work, file_id, NOTE)
    (line,) = work.read(notes_page, file_id).notes
    assert (line.text, line.method, line.duration_min, line.written_by) == ("She is well.", "phone", 20, "Ash Advocate")


def test_an_amendment_takes_the_place_of_the_note_which_stays_readable(work: Work, file_id: FileId) -> None:
    first = write_note(work, file_id, NOTE).record_id
    assert first is not None
    second = amend_note(work, first, replace(NOTE, text="She is not well."), "Misheard").record_id
    assert second is not None
    third = amend_note(work, second, replace(NOTE, text="She is ill."), "Told again").record_id
    page = work.read(notes_page, file_id)
    assert [each.note_id for each in page.notes] == [third]
    assert page.notes[0].amends_id == second
    assert page.amended[second].amends_id == first
    assert page.amended[first].text == "She is well."


def test_an_amendment_needs_its_reason(work: Work, file_id: FileId) -> None:
    first = write_note(work, file_id, NOTE).record_id
    assert first is not None
    with pytest.raises(Invalid) as refused:
        amend_note(work, first, NOTE, "  ")
    assert "amendment_reason" in refused.value.problems
    assert work.read(notes_page, file_id).amended == {}


def test_a_note_that_was_never_there_cannot_be_amended(work: Work, file_id: FileId) -> None:
    with pytest.raises(Refused):
        amend_note(work, RecordId(file_id), NOTE, "Why not")


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"text": " "}, "text"),
        ({"method": ""}, "method"),
        ({"happened_at": NOON + timedelta(hours=2)}, "happened_at"),
        ({"duration_min": -1}, "duration_min"),
        ({"duration_min": 1441}, "duration_min"),
    ],
)
def test_a_note_that_cannot_be_so_is_refused(work: Work, file_id: FileId, changed: dict[str, object], key: str) -> None:
    with pytest.raises(Invalid) as refused:
        write_note(work, file_id, replace(NOTE, **changed))  # type: ignore[arg-type]
    assert list(refused.value.problems) == [key]
    assert work.read(notes_page, file_id).total == 0


def test_a_clock_that_is_a_little_wrong_keeps_nobody_from_writing(work: Work, file_id: FileId) -> None:
    write_note(work, file_id, replace(NOTE, happened_at=NOON + timedelta(minutes=10)))
    assert work.read(notes_page, file_id).total == 1


def test_notes_come_newest_first_a_page_at_a_time(work: Work, file_id: FileId) -> None:
    for hours in range(5):
        write_note(work, file_id, replace(NOTE, happened_at=NOON - timedelta(hours=hours), text=str(hours)))
    assert [each.text for each in work.read(notes_page, file_id, 0, 2).notes] == ["0", "1"]
    assert [each.text for each in work.read(notes_page, file_id, 4, 2).notes] == ["4"]
    assert work.read(notes_page, file_id, 0, 2).total == 5


def test_only_a_note_of_a_talk_with_the_client_counts_as_the_last_contact(work: Work, file_id: FileId) -> None:
    write_note(work, file_id, NOTE)
    page = work.read(caseload_page, CaseloadFilter(), NOON.date(), NOON)
    assert page.lines[0].last_contact_at is None
    write_note(work, file_id, replace(NOTE, spoke_with_client=True))
    page = work.read(caseload_page, CaseloadFilter(), NOON.date(), NOON)
    assert page.lines[0].last_contact_at == NOTE.happened_at


def test_half_a_character_is_left_out_and_the_rest_is_kept(work: Work, file_id: FileId) -> None:
    write_note(work, file_id, NoteDetails(work.clock.now(), "phone", "Said \ud83d yes, ŵ"))
    assert [each.text for each in work.read(notes_page, file_id).notes] == ["Said  yes, ŵ"]


def test_a_talk_with_the_client_completes_what_the_contact_standards_waited_for(work: Work, file_id: FileId) -> None:
    waiting = {each.title for each in work.read(file_tasks, file_id) if each.completed_at is None}
    assert "Speak with the client" in waiting
    write_note(work, file_id, replace(NOTE, spoke_with_client=True))
    left = {each.title for each in work.read(file_tasks, file_id) if each.completed_at is None}
    assert not left & {"Triage the referral", "First attempt to reach the client", "Speak with the client"}
