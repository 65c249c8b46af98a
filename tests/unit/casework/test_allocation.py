"""Giving files to an advocate: one audited act a file, with a note that says from whom to whom."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from advocate_desk.casework.access import history
from advocate_desk.casework.allocation import NOBODY, Advocate, Allocated, allocate, allocate_many
from advocate_desk.casework.intake import open_file
from advocate_desk.casework.tasks import TaskDetails, add_task
from advocate_desk.casework.work import Work
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.notes import NoteLine, notes_page
from advocate_desk.store.queries.tasks import file_tasks
from tests.builders import a_file, a_work, an_intake

NORTH, SOUTH = UUID(int=1), UUID(int=2)
KIT = Advocate("Kit Colleague", UUID(int=11), (NORTH,))
LEE = Advocate("Lee Example", UUID(int=12), (SOUTH, NORTH))


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def owner(work: Work, file_id: FileId) -> tuple[object, ...]:
    with work.engine.connect() as conn:
        row = conn.exec_driver_sql(
            "SELECT allocated_to, allocated_person, team FROM client_file WHERE id = ?", (file_id.hex,)
        ).one()
    return tuple(row)


def notes(work: Work, file_id: FileId) -> tuple[NoteLine, ...]:
    return work.read(notes_page, file_id, 0, 20).notes


def test_a_file_is_handed_over_with_a_note_of_its_own_kind(work: Work) -> None:
    file_id = a_file(work)
    allocate(work, file_id, KIT, "  She prefers texts in the morning.  ")
    assert owner(work, file_id) == ("Kit Colleague", KIT.person.hex if KIT.person else "", NORTH.hex)
    (note,) = notes(work, file_id)
    assert note.method == "handover"
    assert note.text == (
        "The file was handed over from Ash Advocate to Kit Colleague.\n\nShe prefers texts in the morning."
    )
    assert not note.spoke_with_client
    assert work.packs.label("note_method", "handover") != "handover"


def test_the_act_is_audited_with_ids_and_without_a_word_that_was_typed(work: Work) -> None:
    file_id = a_file(work)
    allocate(work, file_id, KIT, "Planted word")
    line = history(work, file_id)[0]
    assert line.kind == "file_allocated"
    assert KIT.person is not None
    assert KIT.person.hex in line.detail
    assert "Planted" not in line.detail
    assert "Kit" not in line.detail


def test_open_tasks_of_the_advocate_before_go_with_the_file(work: Work) -> None:
    file_id = a_file(work)
    add_task(work, file_id, TaskDetails("Hers", due_on=work.clock.now().date()))
    add_task(work, file_id, TaskDetails("A manager's", due_on=work.clock.now().date(), owner="Max Manager"))
    allocate(work, file_id, KIT)
    owners = {each.title: each.owner for each in work.read(file_tasks, file_id)}
    assert owners["Hers"] == "Kit Colleague"
    assert owners["A manager's"] == "Max Manager"
    assert "Ash Advocate" not in owners.values()


def test_a_file_follows_into_a_team_of_hers_and_stays_in_one_that_she_shares(work: Work) -> None:
    file_id = a_file(work)
    allocate(work, file_id, KIT)
    allocate(work, file_id, LEE)
    assert owner(work, file_id)[2] == NORTH.hex
    other = a_file(work)
    allocate(work, other, LEE)
    assert owner(work, other)[2] == SOUTH.hex
    allocate(work, other, NOBODY)
    assert owner(work, other) == ("", None, SOUTH.hex)
    allocate(work, other, Advocate("Somebody by name alone"))
    assert owner(work, other)[2] is None


def test_a_file_of_nobody_that_is_given_to_somebody_needs_no_note(work: Work) -> None:
    file_id = a_file(work)
    allocate(work, file_id, NOBODY)
    assert [each.text for each in notes(work, file_id)] == [
        "The file was taken back from Ash Advocate. Nobody has it yet."
    ]
    allocate(work, file_id, KIT)
    assert len(notes(work, file_id)) == 1
    allocate(work, file_id, KIT, "Said again")
    assert len(notes(work, file_id)) == 2


def test_many_files_move_one_act_each_and_those_that_are_hers_stay(work: Work) -> None:
    files = [a_file(work) for _ in range(3)]
    allocate(work, files[0], KIT)
    done = allocate_many(work, [*files, FileId(UUID(int=99))], KIT, "All to Kit")
    assert done == Allocated(moved=2, unchanged=1, refused=1)
    for file_id in files:
        assert owner(work, file_id)[0] == "Kit Colleague"
        assert [each.kind for each in history(work, file_id)].count("file_allocated") == 1
    assert [len(notes(work, each)) for each in files] == [1, 1, 1]


def test_a_stop_leaves_the_rest_as_it_was(work: Work) -> None:
    files = [a_file(work) for _ in range(3)]
    asked = iter([False, True])
    done = allocate_many(work, files, KIT, is_stopped=lambda: next(asked))
    assert (done.moved, done.was_stopped) == (1, True)
    assert [owner(work, each)[0] for each in files] == ["Kit Colleague", "Ash Advocate", "Ash Advocate"]


def test_a_file_that_somebody_hands_on_between_two_acts_stays_with_whom_she_chose(work: Work) -> None:
    files = [a_file(work) for _ in range(3)]
    asked = iter([False, True, False])

    def is_stopped() -> bool:
        if next(asked):
            allocate(work, files[2], LEE)
        return False

    done = allocate_many(work, files, KIT, is_stopped=is_stopped)
    assert done == Allocated(moved=2, handed_on=(files[2],))
    assert [owner(work, each)[0] for each in files] == ["Kit Colleague", "Kit Colleague", "Lee Example"]
    assert allocate_many(work, files, KIT) == Allocated(moved=1, unchanged=2)


def test_who_opens_a_file_in_an_organisation_has_it_by_her_id(work: Work) -> None:
    assert owner(work, a_file(work))[1] is None
    with work.engine.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO organisation (only, organisation, root_public, person, hub_address, joined_at, tip_hash, "
            "push_hash) VALUES (1, ?, ?, ?, '', '2026-11-21T12:00:00.000000Z', ?, ?)",
            (bytes(16), bytes(32), bytes([7]) * 16, bytes(32), bytes(32)),
        )
    assert owner(work, a_file(work))[1] == (bytes([7]) * 16).hex()
    other = open_file(work, an_intake(allocated_to="Kit Colleague")).file_id
    assert other is not None
    assert owner(work, other)[1] is None
    assert work.read(file_view, other).banner.allocated_to == "Kit Colleague"
