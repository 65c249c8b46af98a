"""Whose the files of a desk are once it belongs to an organisation."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from advocate_desk.casework.allocation import NOBODY, Advocate, allocate, whose_are
from advocate_desk.casework.membership import adopt_files
from advocate_desk.casework.work import Work
from tests.builders import a_file, a_work

ME = UUID(int=5)


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return a_work(tmp_path)


def test_her_own_files_and_those_of_nobody_are_hers_by_id_and_by_name(work: Work) -> None:
    """A file that is hers by one and nobody's by the other would be counted here and missing there."""
    own, nobodys, kits = a_file(work), a_file(work), a_file(work)
    allocate(work, nobodys, NOBODY)
    allocate(work, kits, Advocate("Kit Colleague"))
    adopt_files(work, ME)
    name = work.actor.name
    assert work.read(whose_are, [own, nobodys, kits]) == {
        own: (name, ME),
        nobodys: (name, ME),
        kits: ("Kit Colleague", None),
    }


def test_a_file_that_names_somebody_already_is_left_as_it_is(work: Work) -> None:
    lees = a_file(work)
    allocate(work, lees, Advocate(work.actor.name, UUID(int=12)))
    adopt_files(work, ME)
    assert work.read(whose_are, [lees]) == {lees: (work.actor.name, UUID(int=12))}
