"""Change tracking by triggers: no writer goes round it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from advocate_desk.casework.work import Work
from advocate_desk.store.tables.base import record_tables
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.local import tracking
from advocate_desk.store.tables.people import person
from advocate_desk.store.tables.work import contact_note
from advocate_desk.store.tracking import applying
from tests.builders import NOON, a_file, a_work
from tests.store_state import check_search


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def as_exchanged(work: Work, revision: int = 5) -> None:
    """Every record as an exchange leaves it: at a revision, with no base."""
    with work.engine.begin() as conn, applying(conn):
        for table in record_tables():
            conn.execute(update(table).values(synced_rev=revision, base=None))


def test_a_new_record_has_no_revision_and_no_base(work: Work) -> None:
    a_file(work)
    with work.engine.begin() as conn:
        assert conn.execute(select(person.c.synced_rev, person.c.base)).all() == [(None, None)] * 2


def test_a_bulk_update_keeps_the_values_as_they_were_exchanged(work: Work) -> None:
    a_file(work)
    as_exchanged(work)
    with work.engine.begin() as conn:
        conn.execute(text("UPDATE person SET given_name = 'Otherwise'"))
        conn.execute(text("UPDATE person SET given_name = 'Again'"))
        bases = [json.loads(each) for each in conn.execute(select(person.c.base)).scalars()]
    assert {each["given_name"] for each in bases} == {"Testina", "Imagino"}
    assert {each["role"] for each in bases} == {"client", "perpetrator"}


def test_writing_equal_values_is_no_change(work: Work) -> None:
    a_file(work)
    as_exchanged(work)
    with work.engine.begin() as conn:
        conn.execute(text("UPDATE person SET given_name = given_name, changed_at = '2030-01-01T00:00:00.000000Z'"))
        assert set(conn.execute(select(person.c.base)).scalars()) == {None}


def test_what_an_exchange_applies_keeps_no_base(work: Work) -> None:
    a_file(work)
    as_exchanged(work)
    with work.engine.begin() as conn, applying(conn):
        conn.execute(update(person).values(given_name="From elsewhere", synced_rev=6))
    with work.engine.begin() as conn:
        assert set(conn.execute(select(person.c.base)).scalars()) == {None}
        assert set(conn.execute(select(person.c.synced_rev)).scalars()) == {6}


def test_a_rolled_back_exchange_leaves_tracking_on(work: Work) -> None:
    with pytest.raises(ZeroDivisionError), work.engine.begin() as conn, applying(conn):
        raise ZeroDivisionError
    with work.engine.begin() as conn:
        assert conn.execute(select(tracking.c.is_applying)).scalar_one() is False


def test_a_revision_is_set_by_nothing_but_an_exchange(work: Work) -> None:
    a_file(work)
    with pytest.raises(IntegrityError, match="only by an exchange"), work.engine.begin() as conn:
        conn.execute(update(person).values(synced_rev=9))


def test_a_record_is_never_removed(work: Work) -> None:
    a_file(work)
    with pytest.raises(IntegrityError, match="marked deleted"), work.engine.begin() as conn:
        conn.execute(delete(person))


def test_a_note_is_never_edited_in_place(work: Work) -> None:
    file_id = a_file(work)
    with work.activity("test", file_id) as act:
        act.insert(contact_note, file_id, {"happened_at": act.now, "text": "as it was"})
    with pytest.raises(IntegrityError, match="this record is final"), work.engine.begin() as conn:
        conn.execute(update(contact_note).values(text="as it was not"))


def test_every_record_carries_its_file_and_room_for_fields_it_does_not_know() -> None:
    for table in record_tables():
        assert {"id", "file_id", "deleted_at", "extra", "synced_rev", "base"} <= set(table.c.keys()), table.name
        assert all("sensitivity" in each.info for each in table.columns if each.name in _own(table)), table.name


def _own(table: object) -> set[str]:
    shared = {each.name for each in client_file.columns} & {"id", "file_id", "created_at", "changed_at", "deleted_at"}
    return {each.name for each in table.columns} - shared - {"extra", "synced_rev", "base"}  # type: ignore[attr-defined]


def test_the_search_index_agrees_with_the_text_that_it_indexes(work: Work) -> None:
    file_id = a_file(work)
    with work.activity("test", file_id) as act:
        for number in range(20):
            act.insert(contact_note, file_id, {"happened_at": act.now, "text": f"note {number} at Aberystŵyth"})
    with work.engine.begin() as conn:
        conn.execute(text("UPDATE person SET family_name = 'Changed' WHERE role = 'client'"))
        conn.execute(text("UPDATE contact_note SET deleted_at = created_at WHERE text LIKE 'note 1%'"))
        check_search(conn)
        found = conn.execute(text("SELECT body, kind FROM search_text WHERE search_text MATCH 'aberystwyth'")).all()
    assert len(found) == 9
    assert {row.kind for row in found} == {"note"}


def test_a_row_that_is_held_cannot_be_replaced_either(work: Work) -> None:
    file_id = a_file(work)
    with work.activity("test", file_id) as act:
        note_id = act.insert(contact_note, file_id, {"happened_at": act.now, "text": "as it was"})
    again = {"id": note_id, "file_id": file_id, "created_at": NOON, "changed_at": NOON, "text": "as it was not"}
    with pytest.raises(IntegrityError, match="marked deleted"), work.engine.begin() as conn:
        conn.execute(insert(contact_note).prefix_with("OR REPLACE"), again)
    with pytest.raises(IntegrityError, match="only added to"), work.engine.begin() as conn:
        conn.execute(text("REPLACE INTO audit_event SELECT * FROM audit_event WHERE position = 1"))
