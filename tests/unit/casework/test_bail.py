"""Bail, its conditions and breaches, and what is in force tonight."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from advocate_desk.casework.bail import (
    BailDetails,
    BreachDetails,
    ConditionDetails,
    change_bail,
    end_bail,
    record_bail,
    record_breach,
)
from advocate_desk.casework.cases import CaseDetails, open_case
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.queries.calendar import calendar_view
from advocate_desk.store.queries.justice import in_force, justice_view
from advocate_desk.store.queries.tasks import file_tasks
from advocate_desk.store.queries.today import today_view
from advocate_desk.store.tables.local import file_summary
from tests.builders import NOON, a_file, a_work

TODAY = date(2026, 11, 21)
CONDITIONS = (ConditionDetails("NO_CONTACT_CLIENT"), ConditionDetails("EXCL_AREA", "Sampleton town centre"))


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def bailed(work: Work, file_id: FileId, **changed: object) -> RecordId:
    case_id = open_case(work, file_id, CaseDetails(force="example", crime_ref="EX1/26", reported_on=TODAY)).record_id
    assert case_id is not None
    given = {"kind": "bail_precharge", "started_on": TODAY, "expires_on": TODAY + timedelta(days=5), **changed}
    found = record_bail(work, file_id, case_id, BailDetails(**given), CONDITIONS).record_id  # type: ignore[arg-type]
    assert found is not None
    return found


def test_conditions_are_in_force_up_to_and_on_the_last_day_and_not_after(work: Work, file_id: FileId) -> None:
    bailed(work, file_id)
    for days, expected in ((-1, 0), (0, 2), (5, 2), (6, 0)):
        assert len(work.read(in_force, TODAY + timedelta(days=days))) == expected, days


def test_bail_whose_clock_stands_still_stays_in_force_past_its_date(work: Work, file_id: FileId) -> None:
    bailed(work, file_id, is_clock_paused=True)
    assert len(work.read(in_force, TODAY + timedelta(days=60))) == 2


def test_ended_bail_is_in_force_no_more(work: Work, file_id: FileId) -> None:
    bail_id = bailed(work, file_id)
    end_bail(work, bail_id, TODAY, "nfa")
    assert work.read(in_force, TODAY) == ()


def test_a_condition_that_is_left_out_is_ended_and_not_erased(work: Work, file_id: FileId) -> None:
    bail_id = bailed(work, file_id)
    kept, left_out = work.read(justice_view, file_id).conditions[bail_id]
    details = BailDetails("bail_precharge", started_on=TODAY, expires_on=TODAY + timedelta(days=5))
    change_bail(work, bail_id, details, ((RecordId(kept.condition_id), CONDITIONS[0]),))
    conditions = work.read(justice_view, file_id).conditions[bail_id]
    assert {each.condition_id: each.ended_on for each in conditions} == {
        kept.condition_id: None,
        left_out.condition_id: TODAY,
    }


def test_a_breach_asks_for_a_report_today_and_a_review_of_the_plan(work: Work, file_id: FileId) -> None:
    bail_id = bailed(work, file_id)
    record_breach(work, bail_id, BreachDetails(NOON - timedelta(hours=2), "A message."))
    raised = [each for each in work.read(file_tasks, file_id) if each.origin == "breach"]
    assert min(each.due_on for each in raised if each.due_on) == TODAY
    assert len(raised) >= 2


def test_a_breach_of_tomorrow_is_refused(work: Work, file_id: FileId) -> None:
    bail_id = bailed(work, file_id)
    with pytest.raises(Invalid) as caught:
        record_breach(work, bail_id, BreachDetails(NOON + timedelta(days=1), "A message."))
    assert set(caught.value.problems) == {"occurred_at"}


def test_bail_that_would_end_before_it_starts_is_refused(work: Work, file_id: FileId) -> None:
    with pytest.raises(Invalid) as caught:
        bailed(work, file_id, expires_on=TODAY - timedelta(days=1))
    assert set(caught.value.problems) == {"expires_on"}


def test_bail_that_ends_tomorrow_is_in_force_tonight(work: Work, file_id: FileId) -> None:
    bail_id = bailed(work, file_id)
    with pytest.raises(Invalid) as refused:
        end_bail(work, bail_id, TODAY + timedelta(days=1), "nfa")
    assert set(refused.value.problems) == {"ended_on"}
    assert len(work.read(in_force, TODAY)) == 2


def test_an_end_that_nobody_told_is_counted_and_says_so(work: Work, file_id: FileId) -> None:
    bail_id = bailed(work, file_id, arrested_on=TODAY - timedelta(days=1), expires_on=None, period="abp3")
    (found,) = work.read(justice_view, file_id).bail
    assert (found.expires_on, found.is_expiry_counted) == (date(2027, 2, 20), True)
    assert all(each.is_expiry_counted for each in work.read(in_force, TODAY))
    summary = work.read(lambda conn: conn.execute(file_summary.select()).mappings().one())
    assert summary["bail_expires_on"] == date(2027, 2, 20)
    ending = work.read(today_view, date(2027, 2, 18)).bail
    assert [(each.bail_id, each.is_expiry_counted) for each in ending] == [(bail_id, True)]
    day = (date(2027, 2, 20), date(2027, 2, 20))
    entries = work.read(calendar_view, day, day).entries
    assert [each.is_counted for each in entries if each.kind == "bail"] == [True]


def test_a_counted_end_is_counted_again_when_the_period_or_the_arrest_changes(work: Work, file_id: FileId) -> None:
    details = BailDetails("bail_precharge", TODAY - timedelta(days=1), TODAY, None, "abp3")
    bail_id = bailed(work, file_id, arrested_on=details.arrested_on, expires_on=None, period="abp3")
    conditions = tuple((None, each) for each in CONDITIONS)
    for changed, expected, is_counted in (
        (replace(details, period="abp6"), date(2027, 5, 20), True),
        (replace(details, arrested_on=TODAY - timedelta(days=6)), date(2027, 2, 15), True),
        (replace(details, expires_on=date(2027, 1, 4)), date(2027, 1, 4), False),
        (replace(details, kind="bail_court"), None, False),
    ):
        change_bail(work, bail_id, changed, conditions)
        (found,) = work.read(justice_view, file_id).bail
        assert (found.expires_on, found.is_expiry_counted) == (expected, is_counted)


@pytest.mark.parametrize("started_on", [TODAY - timedelta(days=3), None])
def test_bail_cannot_end_before_it_began(work: Work, file_id: FileId, started_on: date | None) -> None:
    bail_id = bailed(work, file_id, arrested_on=TODAY - timedelta(days=3), started_on=started_on)
    with pytest.raises(Invalid) as refused:
        end_bail(work, bail_id, TODAY - timedelta(days=4), "nfa")
    assert set(refused.value.problems) == {"ended_on"}


def test_bail_ends_once(work: Work, file_id: FileId) -> None:
    bail_id = bailed(work, file_id)
    end_bail(work, bail_id, TODAY, "nfa")
    with pytest.raises(Invalid) as refused:
        end_bail(work, bail_id, TODAY, "charged")
    assert set(refused.value.problems) == {"ended_on"}
    assert work.read(justice_view, file_id).bail[0].end_reason == "nfa"


def test_a_condition_cannot_end_before_it_starts(work: Work, file_id: FileId) -> None:
    backwards = ConditionDetails("CURFEW", started_on=TODAY, ended_on=TODAY - timedelta(days=1))
    bail_id = bailed(work, file_id)
    details = BailDetails("bail_precharge", started_on=TODAY, expires_on=TODAY + timedelta(days=5))
    with pytest.raises(Invalid) as refused:
        change_bail(work, bail_id, details, ((None, backwards),))
    assert set(refused.value.problems) == {"conditions"}


def test_a_condition_taken_out_before_it_began_never_binds(work: Work, file_id: FileId) -> None:
    bail_id = bailed(work, file_id)
    details = BailDetails("bail_precharge", started_on=TODAY, expires_on=TODAY + timedelta(days=5))
    change_bail(work, bail_id, details, ((None, ConditionDetails("CURFEW", started_on=TODAY + timedelta(days=2))),))
    change_bail(work, bail_id, details, ())
    assert work.read(in_force, TODAY + timedelta(days=3)) == ()
