"""Rows that are written quickly are the rows that SQLAlchemy would have written."""

from __future__ import annotations

from datetime import UTC, date, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from advocate_desk.casework.work import Work
from advocate_desk.store.rows import insert_row, insert_rows
from advocate_desk.store.tables.cases import hearing
from tests.builders import NOON, a_file, a_work

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
moments = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5, minutes=-30))]))
values = st.fixed_dictionaries(
    {"hearing_on": st.dates()},
    optional={
        "listed_time": words,
        "attends": st.none() | st.lists(words, max_size=3),
        "measures": st.none() | st.dictionaries(words, words, max_size=2),
        "told_at": st.none() | moments.filter(lambda at: 1 < at.year < 9999),
        "client_told_on": st.none() | st.dates(),
        "adjourned_from_id": st.none(),
    },
)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    made = a_work(tmp_path_factory.mktemp("rows"))
    a_file(made)
    return made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(values, min_size=1, max_size=4))
def test_what_is_written_reads_as_if_sqlalchemy_had_written_it(work: Work, rows: list[dict[str, Any]]) -> None:
    with work.engine.connect() as conn:
        conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        file_id = conn.exec_driver_sql("SELECT id FROM client_file").scalar_one()
        whole = [
            {"id": UUID(int=at + 1), "file_id": UUID(file_id), "case_id": UUID(int=9), "created_at": NOON, **row}
            for at, row in enumerate(rows)
        ]
        whole = [{**row, "changed_at": NOON} for row in whole]
        for row in whole:
            conn.execute(insert(hearing), row)
        wanted = conn.exec_driver_sql("SELECT * FROM hearing ORDER BY id").all()
        conn.rollback()
        conn.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        insert_rows(conn, hearing, whole)
        assert conn.exec_driver_sql("SELECT * FROM hearing ORDER BY id").all() == wanted
        conn.rollback()


def test_what_a_row_may_not_be_is_refused_in_the_same_words(work: Work) -> None:
    row = {"id": UUID(int=1), "file_id": UUID(int=2), "created_at": NOON, "changed_at": NOON, "case_id": UUID(int=3)}
    with work.engine.connect() as conn:
        with pytest.raises(IntegrityError, match="NOT NULL"):
            insert_row(conn, hearing, row)
        with pytest.raises(KeyError, match="hearing_at"):
            insert_row(conn, hearing, {**row, "hearing_at": date(2026, 11, 21)})
        with pytest.raises(ValueError, match="zone"):
            insert_row(conn, hearing, {**row, "told_at": NOON.replace(tzinfo=None)})


def test_nothing_to_write_writes_nothing(tmp_path: Path) -> None:
    with a_work(tmp_path).engine.connect() as conn:
        insert_rows(conn, hearing, [])
        assert conn.exec_driver_sql("SELECT count(*) FROM hearing").scalar_one() == 0
