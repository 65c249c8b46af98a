"""A file's row in the lists follows each act, and an act that changes nothing in it writes nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from advocate_desk.casework import follow_up
from advocate_desk.casework.files import close_file
from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.people import PersonDetails, save_person
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.client_file import file_view
from tests.builders import NOON, a_file, a_work
from tests.store_state import check_summaries


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def written(work: Work, act: Any) -> list[str]:
    """The statements of `act` that write to the summary."""
    asked: list[str] = []

    def note(_conn: Any, _cursor: Any, sql: str, _values: Any, _context: Any, _many: bool) -> None:
        asked.append(sql)

    event.listen(work.engine, "before_cursor_execute", note)
    act()
    event.remove(work.engine, "before_cursor_execute", note)
    return [sql for sql in asked if "file_summary" in sql and not sql.startswith("SELECT")]


def last_contact(work: Work) -> str:
    with work.engine.begin() as conn:
        return str(conn.exec_driver_sql("SELECT last_contact_at FROM file_summary").scalar_one())


def test_a_note_that_is_no_talk_with_her_writes_no_row_of_the_lists(work: Work, file_id: FileId) -> None:
    assert written(work, lambda: write_note(work, file_id, NoteDetails(NOON, "phone", "Rang the officer"))) == []
    with work.engine.begin() as conn:
        check_summaries(conn)


def test_a_talk_with_her_changes_the_last_contact_alone(work: Work, file_id: FileId) -> None:
    talk = NoteDetails(NOON - timedelta(days=1), "phone", "Spoke", spoke_with_client=True)
    with work.activity("test", file_id) as act:  # what it would fulfil is done: no other column moves
        follow_up.fulfil(act, file_id, "attempted")
        follow_up.fulfil(act, file_id, "spoke")
    assert written(work, lambda: write_note(work, file_id, talk)) == [
        "UPDATE file_summary SET last_contact_at = ? WHERE file_id = ?"
    ]
    assert last_contact(work).startswith("2026-11-20T12:00")
    earlier = NoteDetails(NOON - timedelta(days=3), "phone", "Spoke", spoke_with_client=True)
    assert written(work, lambda: write_note(work, file_id, earlier)) == []
    with work.engine.begin() as conn:
        check_summaries(conn)


def test_every_other_change_of_the_row_is_followed(work: Work, file_id: FileId) -> None:
    client = work.read(file_view, file_id).client
    assert client is not None
    renamed = PersonDetails("client", "Siân", "Mockridge")
    assert written(work, lambda: save_person(work, file_id, client.person_id, renamed))  # type: ignore[arg-type]
    assert work.read(file_view, file_id).banner.client_name == "Siân Mockridge"
    with work.engine.begin() as conn:
        assert conn.exec_driver_sql("SELECT search_key FROM file_summary").scalar_one() == "sian mockridge"
        check_summaries(conn)
    close_file(work, file_id, "needs_met", NOON.date())
    with work.engine.begin() as conn:
        check_summaries(conn)
