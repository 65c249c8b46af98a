"""The table of casework calls is whole, and each of its calls does what a call may do."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from advocate_desk.casework.imports import ImportDone
from advocate_desk.casework.work import Done, Work
from advocate_desk.store.tables.base import record_tables
from advocate_desk.store.tables.local import audit_event
from tests import planted
from tests.casework_calls import ACTS, CALLS, Call, Kind, Standing, functions_of_casework
from tests.store_state import as_exchanged, check_sound, everything, records

ONCE = {"created_at", "changed_at", "synced_rev", "base"}
RECORDS = {table.name for table in record_tables()}


def test_the_table_names_every_function_of_casework_that_takes_the_store() -> None:
    assert {call.name for call in CALLS} == functions_of_casework()
    assert len({str(call) for call in CALLS}) == len(CALLS)


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_call_changes_what_it_says_and_leaves_the_store_sound(call: Call, work: Work, standing: Standing) -> None:
    before = everything(work.engine)
    answer = call.run(work, standing)
    after = everything(work.engine)
    changed = {name for name in after if after[name] != before[name]}
    if call.kind is Kind.LOOK:
        assert changed == set()
    elif call.kind is Kind.OWN:
        assert changed and changed <= {"draft", "setting"}
    else:
        assert {"audit_event", "audit_head"} <= changed
    done = answer.done if isinstance(answer, ImportDone) else answer
    if isinstance(done, Done):
        assert changed & RECORDS <= done.kinds, "a screen would not know that it is out of date"
    check_sound(work.engine)


@pytest.mark.parametrize("call", ACTS, ids=str)
def test_an_act_is_on_record_for_its_file_without_a_word_that_was_typed(
    call: Call, work: Work, standing: Standing
) -> None:
    last = max(each.position for each in _events(work))
    answer = call.run(work, standing)
    events = [each for each in _events(work) if each.position > last]
    assert events
    file_id = standing.file_id if call.is_of_file else getattr(answer, "file_id", None)
    if file_id is not None:
        assert file_id in {each.file_id for each in events}
    for each in events:
        assert planted.traces(f"{each.kind} {each.subject} {json.dumps(each.detail, ensure_ascii=False)}") == []
        assert each.actor == work.actor.name


def _events(work: Work) -> list[Any]:
    return work.read(lambda conn: list(conn.execute(select(audit_event)).all()))


@pytest.mark.parametrize("call", ACTS, ids=str)
def test_a_change_keeps_the_exchanged_values_and_the_fields_of_a_newer_desk(
    call: Call, work: Work, standing: Standing
) -> None:
    newer = {"a_field_of_tomorrow": ["kept", 7, "Ŵyn"]}
    as_exchanged(work.engine, extra=newer)
    before = records(work.engine)
    call.run(work, standing)
    for table, rows in records(work.engine).items():
        assert before[table].keys() <= rows.keys(), f"{table}: a record has gone"
        for record_id, row in rows.items():
            was = before[table].get(record_id)
            if was is None:
                assert row["synced_rev"] is None and row["base"] is None
                continue
            assert json.loads(row["extra"]) == newer
            assert row["synced_rev"] == 5
            _check_base(was, row)


def _check_base(was: dict[str, object], row: dict[str, object]) -> None:
    """A changed record keeps all that it was, one that is not changed keeps nothing."""
    if all(was[name] == row[name] for name in was if name not in ONCE):
        assert row["base"] is None
        return
    base = json.loads(str(row["base"]))
    kept = {name: value for name, value in was.items() if name not in {"synced_rev", "base", "content"}}
    assert base == kept
