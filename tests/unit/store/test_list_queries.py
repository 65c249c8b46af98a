"""What the lists read is what a plain walk over every row gives, and they read it without walking over every row."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Table, event, insert, select, update

from advocate_desk.casework.work import Work
from advocate_desk.store import summaries
from advocate_desk.store.queries.calendar import CalendarEntry, calendar_view
from advocate_desk.store.queries.caseload import SORTS, CaseloadFilter, caseload_choices, caseload_page
from advocate_desk.store.queries.justice import in_force
from advocate_desk.store.queries.today import OpenTasks, TaskLine, open_task_page, open_tasks, today_view
from advocate_desk.store.tables.cases import bail, condition, hearing
from advocate_desk.store.tables.files import client_file
from advocate_desk.store.tables.local import file_summary
from advocate_desk.store.tables.people import person
from advocate_desk.store.tables.risk import safety_plan
from advocate_desk.store.tables.work import task
from tests.builders import NOON, a_work
from tests.builders_large import a_caseload

TODAY = NOON.date()
FILES = 90
PEOPLE = ("", "Ash Advocate", "Colleague 3", "Nobody Here")
whose = st.sampled_from(PEOPLE)
days = st.integers(-90, 90).map(lambda each: TODAY + timedelta(days=each))


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Work:
    """A caseload in disorder: files, tasks and hearings handed over, done, taken out and without a day, at random."""
    made = a_work(tmp_path_factory.mktemp("lists"))
    file_ids = a_caseload(made, FILES)
    chance = Random(11)
    with made.engine.begin() as conn:
        for file_id in file_ids:
            kept: dict[str, Any] = {"allocated_to": chance.choice(PEOPLE[1:3])}
            if chance.random() < 0.3:
                kept["status"] = chance.choice(("closed", "open_high"))
            conn.execute(update(client_file).where(client_file.c.id == file_id).values(**kept))
        for table, values in (
            (task, {"owner": "Ash Advocate"}),
            (task, {"due_on": None}),
            (task, {"completed_at": NOON}),
            (task, {"due_at": NOON}),
            (task, {"deleted_at": NOON}),
            (hearing, {"outcome": "adjourned"}),
            (hearing, {"hearing_on": TODAY}),
            (hearing, {"deleted_at": NOON}),
            (bail, {"ended_on": TODAY}),
            (bail, {"expires_on": None}),
            (safety_plan, {"status": "superseded"}),
        ):
            _change(conn, chance, table, values)
        _add_conditions(conn, chance)
        summaries.refresh(conn, file_ids)
    return made


def _change(conn: Any, chance: Random, table: Table, values: dict[str, Any]) -> None:
    ids = conn.execute(select(table.c.id)).scalars().all()
    some = chance.sample(ids, len(ids) // 6)
    conn.execute(update(table).where(table.c.id.in_(some)).values(**values))


def _add_conditions(conn: Any, chance: Random) -> None:
    for number, (bail_id, file_id) in enumerate(conn.execute(select(bail.c.id, bail.c.file_id)).all()):
        row = {"id": UUID(int=number + 1), "file_id": file_id, "bail_id": bail_id, "code": "no_contact"}
        ended = TODAY if chance.random() < 0.3 else None
        conn.execute(insert(condition), {**row, "created_at": NOON, "changed_at": NOON, "ended_on": ended})


def rows(work: Work, table: Table) -> list[dict[str, Any]]:
    """Every record that is not deleted, with its file's summary under "file"; those without one are in no list."""
    with work.engine.begin() as conn:
        files = {each["file_id"]: dict(each) for each in conn.execute(select(file_summary)).mappings()}
        found = conn.execute(select(table).where(table.c.deleted_at.is_(None))).mappings()
        return [{**row, "file": files[row["file_id"]]} for row in found if row["file_id"] in files]


def is_mine(row: dict[str, Any], mine: str) -> bool:
    return not mine or row["file"]["allocated_to"] == mine or row.get("owner") == mine


def open_rows(work: Work, mine: str) -> list[dict[str, Any]]:
    return [row for row in rows(work, task) if row["completed_at"] is None and is_mine(row, mine)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(mine=whose, today=days)
def test_today_is_what_every_row_says(work: Work, mine: str, today: date) -> None:
    view = work.read(today_view, today, mine)
    hearings = [row for row in rows(work, hearing) if is_mine(row, mine)]
    due = [row["id"] for row in open_rows(work, mine) if row["due_on"] is not None and row["due_on"] <= today]
    assert {line.hearing_id for line in view.hearings} == {h["id"] for h in hearings if h["hearing_on"] == today}
    past = sorted((h["hearing_on"] for h in hearings if not h["outcome"] and h["hearing_on"] < today), reverse=True)
    assert [line.hearing_on for line in view.without_outcome] == past[:50]
    assert {line.task_id for line in view.tasks} == set(due) or len(view.tasks) == 100
    assert all(a.due_on <= b.due_on for a, b in pairwise(view.tasks) if a.due_on and b.due_on)
    ending = [
        b["expires_on"] for b in rows(work, bail) if b["ended_on"] is None and b["expires_on"] and is_mine(b, mine)
    ]
    last = today + timedelta(days=14)
    assert [line.expires_on for line in view.bail] == sorted(day for day in ending if day <= last)[:50]
    sixty = today + timedelta(days=60)
    ahead = sorted(h["hearing_on"] for h in hearings if today < h["hearing_on"] <= sixty and not h["outcome"])
    shown = [line.hearing_on for line in view.next_hearings if not line.outcome]
    assert shown == ahead[: len(shown)]
    assert len(view.next_hearings) >= min(5, len(ahead))
    assert view.has_files == any(
        row["file"]["status"] != "closed" and is_mine({"file": row["file"]}, mine) for row in rows(work, client_file)
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(mine=whose, page=st.integers(1, 40))
def test_pages_of_open_tasks_together_are_all_of_them_by_day(work: Work, mine: str, page: int) -> None:
    first: OpenTasks = work.read(open_task_page, mine, page)
    found: list[TaskLine] = list(first.tasks)
    while more := work.read(open_tasks, mine, page, len(found)):
        found += more
    wanted = open_rows(work, mine)
    assert {line.task_id for line in found} == {row["id"] for row in wanted}
    assert len(found) == len(wanted) == sum(count for _origin, _day, count in first.counts)
    known = [line.due_on or date.max for line in found]
    assert known == sorted(known)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(mine=whose, first=days, most=st.integers(1, 60))
def test_the_calendar_read_in_parts_is_the_calendar_read_at_once(work: Work, mine: str, first: date, most: int) -> None:
    end = first + timedelta(days=41)
    found: list[CalendarEntry] = []
    following = first
    while following <= end:
        part = work.read(calendar_view, (following, end), (first, end), mine, most)
        found += part.entries
        following = part.until + timedelta(days=1)
    assert found == list(work.read(calendar_view, (first, end), (first, end), mine, 10_000).entries)
    kinds = {
        "hearing": [(h["hearing_on"], h) for h in rows(work, hearing)],
        "bail": [(b["expires_on"], b) for b in rows(work, bail) if b["ended_on"] is None],
        "task": [(t["due_on"], t) for t in rows(work, task) if t["completed_at"] is None],
        "review": [
            (p["review_on"], p)
            for p in rows(work, safety_plan)
            if p["status"] == "current" and p["file"]["status"] != "closed"
        ],
    }
    for kind, dated in kinds.items():
        wanted = {row["id"] for day, row in dated if day and first <= day <= end and is_mine(row, mine)}
        assert {entry.record_id for entry in found if entry.kind == kind} == wanted, kind
    counts = work.read(calendar_view, (first, end), (first, end), mine).counts
    assert sum(each.hearings + each.bails + each.others for each in counts.values()) == len(found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(data=st.data(), sort=st.sampled_from(SORTS), descending=st.booleans(), with_closed=st.booleans())
def test_a_filter_keeps_the_files_whose_client_or_reference_holds_every_word(
    work: Work, data: st.DataObject, sort: str, descending: bool, with_closed: bool
) -> None:
    with work.engine.begin() as conn:
        files = {each.file_id: each for each in conn.execute(select(file_summary))}
        people = conn.execute(select(person).where(person.c.role == "client", person.c.deleted_at.is_(None))).all()
    keys = {each.file_id: each.name_key for each in people}
    source = data.draw(st.sampled_from([*keys.values(), *(each.reference for each in files.values()), "zz"]))
    start = data.draw(st.integers(0, len(source) - 1))
    typed = source[start : start + data.draw(st.integers(1, 6))]
    page = work.read(
        caseload_page,
        CaseloadFilter(text=typed, with_closed=with_closed),
        TODAY, NOON, sort, descending=descending, rows=500,
    )  # fmt: skip
    wanted = {
        file_id
        for file_id, each in files.items()
        if (with_closed or each.status != "closed") and all(_holds(word, keys[file_id], each) for word in typed.split())
    }
    assert {line.file_id for line in page.lines} == wanted
    assert page.total == len(wanted)


def _holds(word: str, key: str, file: Any) -> bool:
    folded = " ".join(re.findall("[a-z0-9]+", word.lower()))
    return word.lower() in file.reference.lower() or folded in key if folded else word.lower() in file.reference.lower()


def test_what_is_in_force_is_every_condition_of_bail_that_runs(work: Work) -> None:
    running = {
        each["id"]: each
        for each in rows(work, bail)
        if each["ended_on"] is None
        and (each["expires_on"] is None or each["expires_on"] >= TODAY or each["is_clock_paused"])
        and each["started_on"] <= TODAY
    }
    for mine in PEOPLE:
        wanted = [
            each["bail_id"]
            for each in rows(work, condition)
            if each["ended_on"] is None
            and each["bail_id"] in running
            and (not mine or each["file"]["allocated_to"] == mine)
        ]
        assert sorted(line.bail_id for line in work.read(in_force, TODAY, None, mine)) == sorted(wanted)


SIX_WEEKS = (TODAY, TODAY + timedelta(days=41))
LISTS: dict[str, Callable[[Work, str], object]] = {
    "today": lambda work, mine: work.read(today_view, TODAY, mine),
    "open tasks": lambda work, mine: work.read(open_task_page, mine),
    "calendar": lambda work, mine: work.read(calendar_view, SIX_WEEKS, SIX_WEEKS, mine),
    "in force": lambda work, mine: work.read(in_force, TODAY, None, mine),
    "caseload": lambda work, mine: work.read(caseload_page, a_filter(mine), TODAY, NOON),
    "caseload by name": lambda work, _mine: work.read(caseload_page, CaseloadFilter(text="sa"), TODAY, NOON),
    "choices": lambda work, _mine: work.read(caseload_choices),
}


def a_filter(mine: str) -> CaseloadFilter:
    return CaseloadFilter(allocated_to=(mine,)) if mine else CaseloadFilter()


WALKED = re.compile(r"^SCAN (?:main\.)?(\w+)")
GROWING = {"client_file", "contact_note", "person", "referral", "task", "filed", "own", "hearing", "bail", "condition",
           "criminal_case", "safety_plan", "contact_method", "contact_attempt", "audit_event"}  # fmt: skip


@pytest.mark.parametrize("mine", PEOPLE[:2])
@pytest.mark.parametrize("name", LISTS)
def test_no_list_walks_over_a_table_that_grows_with_the_years(work: Work, name: str, mine: str) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, sql: str, values: Any, _context: Any, _many: bool) -> None:
        asked.append((sql, values))

    event.listen(work.engine, "before_cursor_execute", note)
    LISTS[name](work, mine)
    event.remove(work.engine, "before_cursor_execute", note)
    selects = [(sql, values) for sql, values in asked if sql.lstrip().startswith("SELECT")]
    assert selects
    with work.engine.begin() as conn:
        for sql, values in selects:
            for step in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all():
                found = WALKED.match(step.detail)
                of_what_waits = "USING INDEX ix_" in step.detail or "USING COVERING INDEX ix_" in step.detail
                assert found is None or found[1] not in GROWING or of_what_waits, f"{step.detail} in {sql}"


def test_the_caseload_as_it_opens_is_counted_and_paged_in_its_index(work: Work) -> None:
    for keep, index in ((CaseloadFilter(), "open"), (CaseloadFilter(with_closed=True), "all")):
        asked: list[tuple[str, Any]] = []

        def note(_conn: Any, _cursor: Any, sql: str, values: Any, _context: Any, _many: bool) -> None:
            asked.append((sql, values))  # noqa: B023 - listened to within the turn

        event.listen(work.engine, "before_cursor_execute", note)
        work.read(caseload_page, keep, TODAY, NOON, offset=40)
        event.remove(work.engine, "before_cursor_execute", note)
        sql, values = asked[-1]
        with work.engine.begin() as conn:
            steps = [step.detail for step in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()]
        assert f"SCAN file_summary USING COVERING INDEX ix_file_summary_{index}" in steps
