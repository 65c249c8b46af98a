"""Safety plans: renewed by a version that carries living actions over; old versions stay as they were."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from advocate_desk.casework.plans import (
    ActionDetails,
    add_actions,
    change_action,
    remove_action,
    restore_action,
    set_action_status,
    start_plan,
)
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId, RecordId
from advocate_desk.errors import Blocked
from advocate_desk.store.queries.risk import actions, plans
from tests.builders import a_file, a_work


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


@pytest.fixture
def file_id(work: Work) -> FileId:
    return a_file(work)


def plan_with(work: Work, file_id: FileId, *texts: str) -> RecordId:
    plan_id = start_plan(work, file_id).record_id
    assert plan_id is not None
    add_actions(work, plan_id, tuple(ActionDetails("sp_immediate", text) for text in texts))
    return plan_id


def test_renewing_carries_over_what_is_still_to_do(work: Work, file_id: FileId) -> None:
    old = plan_with(work, file_id, "Pack a bag", "Tell the school")
    done, _ = work.read(actions, old)
    set_action_status(work, RecordId(done.action_id), "done")
    new = start_plan(work, file_id).record_id
    assert new is not None
    assert [each.text for each in work.read(actions, new)] == ["Tell the school"]
    assert [(each.version, each.status) for each in work.read(plans, file_id)] == [(2, "current"), (1, "superseded")]
    assert [each.text for each in work.read(actions, old)] == ["Pack a bag", "Tell the school"]


def test_an_old_version_is_not_changed_any_more(work: Work, file_id: FileId) -> None:
    old = plan_with(work, file_id, "Pack a bag")
    action_id = RecordId(work.read(actions, old)[0].action_id)
    start_plan(work, file_id)
    changes: tuple[Callable[[], object], ...] = (
        lambda: add_actions(work, old, (ActionDetails("sp_immediate", "More"),)),
        lambda: change_action(work, action_id, ActionDetails("sp_immediate", "Other")),
        lambda: set_action_status(work, action_id, "done"),
        lambda: remove_action(work, action_id),
    )
    for change in changes:
        with pytest.raises(Blocked, match="older version"):
            change()


def test_a_removed_action_can_be_taken_back(work: Work, file_id: FileId) -> None:
    plan_id = plan_with(work, file_id, "Pack a bag")
    action_id = RecordId(work.read(actions, plan_id)[0].action_id)
    remove_action(work, action_id)
    assert work.read(actions, plan_id) == ()
    restore_action(work, action_id)
    assert [each.text for each in work.read(actions, plan_id)] == ["Pack a bag"]


def test_a_renewed_plan_may_be_kept_in_another_place(work: Work, file_id: FileId) -> None:
    plan_with(work, file_id, "Pack a bag")
    start_plan(work, file_id, kept_where="With a friend", note="Read it together")
    start_plan(work, file_id)
    assert [(each.version, each.kept_where, each.note) for each in work.read(plans, file_id)] == [
        (3, "With a friend", "Read it together"),
        (2, "With a friend", "Read it together"),
        (1, "", ""),
    ]
