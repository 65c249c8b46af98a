"""Who looked at what: on record, shown per file, and a break in the chain told."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Table, select, text

from advocate_desk.casework.access import history, record_print, record_read, verify_chain
from advocate_desk.casework.contacts import Reveal, record_reveal
from advocate_desk.casework.people import read_immigration_note, save_immigration_note
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.store.tables.people import contact_method, person
from tests.builders import NOON, a_file, a_work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def first(work: Work, table: Table) -> RecordId:
    return RecordId(work.read(lambda conn: conn.execute(select(table.c.id)).scalars().all())[0])


def test_a_file_that_was_opened_and_read_is_on_record_newest_first(work: Work, file_id: FileId) -> None:
    record_read(work, file_id)
    record_print(work, file_id, "plan", "print")
    found = history(work, file_id)
    assert [each.kind for each in found] == ["file_exported", "file_read", "file_opened"]
    assert [each.position for each in found] == sorted((each.position for each in found), reverse=True)
    assert found[0].detail == "how: print, what: plan"
    assert {each.actor for each in found} == {work.actor.name}
    assert {each.happened_at for each in found} == {NOON}


def test_the_history_of_a_file_tells_nothing_of_another(work: Work, file_id: FileId) -> None:
    other = a_file(work)
    record_read(work, other)
    assert [each.kind for each in history(work, file_id)] == ["file_opened"]


def test_the_history_stops_at_the_number_that_was_asked_for(work: Work, file_id: FileId) -> None:
    for _ in range(5):
        record_read(work, file_id)
    assert len(history(work, file_id, 3)) == 3


def test_what_is_read_behind_its_own_door_is_on_record_and_not_what_it_says(work: Work, file_id: FileId) -> None:
    client = first(work, person)
    save_immigration_note(work, client, "Leave to remain until spring")
    assert read_immigration_note(work, client) == "Leave to remain until spring"
    record_reveal(work, file_id, Reveal(first(work, contact_method), "phone", "shown"))
    found = history(work, file_id)
    assert [each.kind for each in found][:3] == [
        "contact_revealed",
        "immigration_note_read",
        "immigration_note_saved",
    ]
    assert "spring" not in repr(found)
    assert "07700" not in repr(found)


def test_a_whole_chain_is_said_to_be_whole_and_the_walk_is_on_record(work: Work, file_id: FileId) -> None:
    report = verify_chain(work)
    assert (report.is_whole, report.events) == (True, 1)
    assert verify_chain(work).events == 2


@pytest.mark.parametrize(
    ("statement", "position", "reason"),
    [
        ("UPDATE audit_event SET actor = 'Somebody Else' WHERE position = 2", 2, "altered"),
        ("UPDATE audit_event SET file_id = NULL WHERE position = 1", 1, "altered"),
        ("DELETE FROM audit_event WHERE position = 2", 2, "missing"),
        ("DELETE FROM audit_event WHERE position = 3", 3, "missing"),
    ],
)
def test_a_break_is_told_with_its_place_and_stays_told(
    work: Work, file_id: FileId, statement: str, position: int, reason: str
) -> None:
    record_read(work, file_id)
    record_read(work, file_id)
    with work.engine.begin() as conn:  # as somebody who holds the key and takes the triggers off
        conn.execute(text("DROP TRIGGER tr_audit_event_no_update"))
        conn.execute(text("DROP TRIGGER tr_audit_event_no_delete"))
        conn.execute(text(statement))
    for _ in range(2):
        report = verify_chain(work)
        assert (report.is_whole, report.broken_at) == (False, position)
        assert reason in report.reason
