"""The standing file of tests/casework_calls.py as a fixture: made once a session, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.store.engine import DATABASE_NAME, open_store
from tests.builders import ACTOR, KEY, NOON, PACKS
from tests.casework_calls import Standing, make_standing_store

OpenCopy = Callable[[], Work]


def open_work(folder: Path) -> Work:
    """An office on the store that is in `folder`."""
    return Work(open_store(folder / DATABASE_NAME, KEY), FixedClock(NOON), PACKS, ACTOR)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Standing]:
    """The folder that copies are taken from, and the ids in it."""
    folder = tmp_path_factory.mktemp("standing")
    return folder, make_standing_store(folder)


@pytest.fixture
def standing(template: tuple[Path, Standing]) -> Standing:
    """The ids of the standing file."""
    return template[1]


@pytest.fixture
def work(template: tuple[Path, Standing], tmp_path: Path) -> Iterator[Work]:
    """An office on a store of this test's own that holds the standing file."""
    shutil.copy(template[0] / DATABASE_NAME, tmp_path / DATABASE_NAME)
    office = open_work(tmp_path)
    yield office
    office.engine.dispose()


@pytest.fixture
def open_copy(template: tuple[Path, Standing], tmp_path: Path) -> Iterator[OpenCopy]:
    """Gives an office on another copy of the standing store each time that it is called."""
    made: list[Work] = []

    def one() -> Work:
        folder = tmp_path / f"copy-{len(made)}"
        folder.mkdir()
        shutil.copy(template[0] / DATABASE_NAME, folder / DATABASE_NAME)
        made.append(open_work(folder))
        return made[-1]

    yield one
    for each in made:
        each.engine.dispose()
