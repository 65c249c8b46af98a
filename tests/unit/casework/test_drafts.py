"""Drafts: what stands in an open form, kept as often as it changes, given back as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from advocate_desk.casework.drafts import Draft, all_drafts, drop, keep, keep_all
from advocate_desk.casework.work import Work
from advocate_desk.store.engine import DATABASE_NAME, open_store
from advocate_desk.store.tables.local import audit_event
from tests.builders import KEY, NOON, a_file, a_work

ONE = Draft("note:1", "note", None, {"note_id": None}, {"values": {"text": "She said"}, "focus": "text"}, True, 0, NOON)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def test_a_draft_comes_back_as_it_was_after_the_store_was_closed(work: Work, tmp_path: Path) -> None:
    file_id = a_file(work)
    mine = replace(ONE, file_id=file_id, payload={"values": {"text": "Ŵyn محمد 彭德威\n\t"}, "cursor": 7})
    keep(work, mine)
    work.engine.dispose()
    again = Work(open_store(tmp_path / DATABASE_NAME, KEY), work.clock, work.packs, work.actor)
    assert all_drafts(again) == (mine,)
    again.engine.dispose()


def test_half_a_character_that_an_input_method_left_costs_no_draft(work: Work) -> None:
    half = replace(ONE, payload={"values": {"text": "She said \ud83d"}})
    keep(work, half)
    assert all_drafts(work) == (half,)


def test_a_later_state_of_a_form_takes_the_place_of_the_earlier(work: Work) -> None:
    keep(work, ONE)
    keep(work, replace(ONE, payload={"values": {"text": "She said that"}}))
    assert [each.payload for each in all_drafts(work)] == [{"values": {"text": "She said that"}}]


def test_drafts_come_back_in_the_order_in_which_their_forms_stood(work: Work) -> None:
    keep_all(work, tuple(replace(ONE, key=f"note:{place}", position=place) for place in (2, 0, 1)))
    assert [each.key for each in all_drafts(work)] == ["note:0", "note:1", "note:2"]


def test_a_dropped_draft_is_gone_and_the_others_stay(work: Work) -> None:
    keep_all(work, (ONE, replace(ONE, key="task:1", is_open=False)))
    drop(work, "note:1")
    drop(work, "never there")
    assert [(each.key, each.is_open) for each in all_drafts(work)] == [("task:1", False)]


def test_drafts_are_no_records_and_leave_no_entry_in_the_chain(work: Work) -> None:
    def events() -> int:
        return int(work.read(lambda conn: conn.execute(select(func.count()).select_from(audit_event)).scalar_one()))

    before = events()
    keep(work, ONE)
    keep_all(work, ())
    drop(work, ONE.key)
    assert events() == before


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.dictionaries(st.text(max_size=8), JSON, max_size=4))
def test_whatever_was_typed_comes_back_letter_for_letter(work: Work, values: dict[str, object]) -> None:
    keep(work, replace(ONE, payload={"values": values}))
    assert all_drafts(work)[0].payload == {"values": values}
