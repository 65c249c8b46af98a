"""The frame of every activity: all of it happens, on record and in the lists, or none of it does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from advocate_desk.casework.work import Activity, Done, Work
from advocate_desk.clock import FixedClock
from advocate_desk.domain.identity import FileId, RecordId, uuid7
from advocate_desk.errors import Refused
from advocate_desk.store.tables.files import alert, client_file
from advocate_desk.store.tables.local import audit_event, file_summary
from advocate_desk.store.tables.work import contact_note, task
from tests.builders import NOON, a_file, a_work
from tests.store_state import as_exchanged, everything, records

UNKNOWN = RecordId(uuid7(0, bytes(10)))


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def a_task(work: Work, file_id: FileId, **values: object) -> RecordId:
    with work.activity("task_added", file_id) as act:
        return act.insert(task, file_id, {"title": "Call", "due_on": date(2026, 11, 24), **values})


def kinds(work: Work) -> list[str]:
    return work.read(
        lambda conn: list(conn.execute(select(audit_event.c.kind).order_by(audit_event.c.position)).scalars())
    )


def test_an_activity_that_fails_at_its_very_end_leaves_nothing(work: Work, file_id: FileId) -> None:
    def fail() -> None:
        with work.activity("task_added", file_id) as act:
            act.insert(task, file_id, {"title": "Call"})
            act.audit("task_added", file_id)
            raise ZeroDivisionError

    before = everything(work.engine)
    with pytest.raises(ZeroDivisionError):
        fail()
    assert everything(work.engine) == before


def test_an_activity_that_says_nothing_of_its_own_is_on_record_once(work: Work, file_id: FileId) -> None:
    before = kinds(work)
    a_task(work, file_id)
    assert kinds(work) == [*before, "task_added"]


def test_an_activity_that_puts_itself_on_record_is_not_put_there_twice(work: Work, file_id: FileId) -> None:
    before = kinds(work)
    with work.activity("task_added", file_id) as act:
        act.audit("said_by_itself", file_id)
    assert kinds(work) == [*before, "said_by_itself"]


def test_an_act_whose_file_is_known_only_from_its_record_is_on_record_for_that_file(
    work: Work, file_id: FileId
) -> None:
    task_id = a_task(work, file_id)
    with work.activity("task_changed") as act:
        act.update(task, task_id, {"title": "Write"})
    found = work.read(lambda conn: conn.execute(select(audit_event).order_by(audit_event.c.position.desc())).first())
    assert found is not None
    assert (found.kind, found.file_id, found.actor, found.device_id) == (
        "task_changed",
        file_id,
        work.actor.name,
        work.actor.device_id,
    )


def test_the_lists_are_in_step_as_soon_as_the_activity_ends(work: Work, file_id: FileId) -> None:
    def open_tasks() -> int:
        statement = select(file_summary.c.open_tasks).where(file_summary.c.file_id == file_id)
        return int(work.read(lambda conn: conn.execute(statement).scalar_one()))

    before = open_tasks()
    task_id = a_task(work, file_id)
    assert open_tasks() == before + 1
    with work.activity("task_removed") as act:
        act.remove(task, task_id)
    assert open_tasks() == before


def test_equal_values_are_no_change(work: Work, file_id: FileId) -> None:
    task_id = a_task(work, file_id)
    as_exchanged(work.engine)
    before = records(work.engine)
    later = Work(work.engine, FixedClock(NOON + timedelta(hours=1)), work.packs, work.actor)
    with later.activity("task_changed") as act:
        act.update(task, task_id, {"title": "Call", "due_on": date(2026, 11, 24)})
    assert records(work.engine) == before


def test_a_fact_that_is_saved_again_as_it_was_keeps_the_day_on_which_it_was_told(work: Work, file_id: FileId) -> None:
    with work.activity("alert_saved", file_id) as act:
        alert_id = act.insert(alert, file_id, {"kind": "weapons", "text": "A knife", "told_at": act.now})
    later = Work(work.engine, FixedClock(NOON + timedelta(days=30)), work.packs, work.actor)
    with later.activity("alert_saved") as act:
        act.update(alert, alert_id, {"kind": "weapons", "text": "A knife", "told_at": act.now})
        assert act.row(alert, alert_id)["told_at"] == NOON
        act.update(alert, alert_id, {"text": "Two knives", "told_at": act.now})
        assert act.row(alert, alert_id)["told_at"] == NOON + timedelta(days=30)


@pytest.mark.parametrize(
    "act_on",
    [
        lambda act: act.update(task, UNKNOWN, {"title": "Write"}),
        lambda act: act.remove(task, UNKNOWN),
        lambda act: act.restore(task, UNKNOWN),
        lambda act: act.row(task, UNKNOWN),
    ],
    ids=["update", "remove", "restore", "row"],
)
def test_a_record_that_is_not_there_is_refused_in_words(
    work: Work, file_id: FileId, act_on: Callable[[Activity], object]
) -> None:
    before = everything(work.engine)
    with pytest.raises(Refused, match="Nothing was changed"), work.activity("test", file_id) as act:
        act_on(act)
    assert everything(work.engine) == before


def test_a_removed_record_cannot_be_changed_until_it_is_taken_back(work: Work, file_id: FileId) -> None:
    task_id = a_task(work, file_id)
    with work.activity("task_removed") as act:
        act.remove(task, task_id)
    with pytest.raises(Refused), work.activity("task_changed") as act:
        act.update(task, task_id, {"title": "Write"})
    with work.activity("task_restored") as act:
        assert act.restore(task, task_id) == file_id
        assert act.row(task, task_id)["title"] == "Call"


def test_identifiers_are_ordered_by_time_and_never_alike(work: Work) -> None:
    clock = FixedClock(NOON)
    moving = Work(work.engine, clock, work.packs, work.actor)
    found = []
    for _ in range(50):
        with moving.activity("test") as act:
            found += [act.new_id(), act.new_id()]
        clock.advance(timedelta(milliseconds=1))
    assert len(set(found)) == 100
    assert found[::2] == sorted(found[::2])


def test_done_tells_the_kinds_and_the_file_of_what_changed(work: Work, file_id: FileId) -> None:
    with work.activity("test", file_id) as act:
        note_id = act.insert(contact_note, file_id, {"happened_at": act.now, "text": "Said"})
        act.insert(task, file_id, {"title": "Call"})
        done = act.done(note_id, file_id)
    assert done == Done(note_id, file_id, frozenset({"contact_note", "task"}))


def test_a_read_sees_one_moment_and_changes_nothing(work: Work, file_id: FileId) -> None:
    before = everything(work.engine)
    assert work.read(lambda conn: conn.execute(select(func.count()).select_from(client_file)).scalar_one()) == 1
    assert everything(work.engine) == before
