from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from advocate_desk.casework.tasks import TaskDetails, add_task, change_task, complete_task, reopen_task
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Invalid
from advocate_desk.store.queries.tasks import TaskDetail, file_tasks
from tests.builders import NOON, PACKS, a_file, a_work

CALL = TaskDetails("Call the officer", date(2026, 11, 24))


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def own_tasks(work: Work, file_id: FileId) -> list[TaskDetail]:
    return [each for each in work.read(file_tasks, file_id) if each.origin == "own"]


def added(work: Work, file_id: FileId, details: TaskDetails = CALL) -> RecordId:
    done = add_task(work, file_id, details)
    assert done.record_id is not None
    return done.record_id


def test_a_task_is_hers_who_adds_it_and_its_origin_has_a_name(work: Work, file_id: FileId) -> None:
    added(work, file_id)
    (task,) = own_tasks(work, file_id)
    assert (task.title, task.due_on, task.owner) == ("Call the officer", date(2026, 11, 24), "Ash Advocate")
    assert PACKS.label("task_origin", task.origin) == "Added by hand"


def test_a_task_due_at_an_hour_is_due_on_that_day_in_london(work: Work, file_id: FileId) -> None:
    added(work, file_id, TaskDetails("Call", due_at=datetime(2027, 7, 1, 23, 30, tzinfo=UTC)))
    (task,) = own_tasks(work, file_id)
    assert task.due_on == date(2027, 7, 2)


@pytest.mark.parametrize(
    ("details", "key"), [(TaskDetails(" ", date(2026, 11, 24)), "title"), (TaskDetails("Call"), "due_on")]
)
def test_a_task_without_words_or_a_day_is_refused(work: Work, file_id: FileId, details: TaskDetails, key: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_task(work, file_id, details)
    assert list(refused.value.problems) == [key]
    task_id = added(work, file_id)
    with pytest.raises(Invalid):
        change_task(work, task_id, details)
    assert own_tasks(work, file_id)[0].title == "Call the officer"


def test_a_task_is_done_by_somebody_at_a_moment_and_can_be_taken_back(work: Work, file_id: FileId) -> None:
    task_id = added(work, file_id)
    complete_task(work, task_id, "Left a message")
    (task,) = own_tasks(work, file_id)
    assert (task.completed_at, task.completed_by, task.outcome) == (NOON, "Ash Advocate", "Left a message")
    reopen_task(work, task_id)
    (task,) = own_tasks(work, file_id)
    assert (task.completed_at, task.completed_by, task.outcome) == (None, "", "")


def test_a_changed_task_keeps_its_origin(work: Work, file_id: FileId) -> None:
    task_id = added(work, file_id)
    change_task(work, task_id, TaskDetails("Call the sergeant", date(2026, 11, 25), owner="Kit Colleague"))
    (task,) = own_tasks(work, file_id)
    assert (task.title, task.due_on, task.owner) == ("Call the sergeant", date(2026, 11, 25), "Kit Colleague")


def test_open_tasks_come_before_done_ones_and_the_first_due_first(work: Work, file_id: FileId) -> None:
    late = added(work, file_id, TaskDetails("Late", date(2026, 12, 1)))
    added(work, file_id, TaskDetails("Soon", date(2026, 11, 22)))
    done = added(work, file_id, TaskDetails("Done", date(2026, 11, 21)))
    complete_task(work, done)
    assert [each.title for each in own_tasks(work, file_id)] == ["Soon", "Late", "Done"]
    assert late is not None
