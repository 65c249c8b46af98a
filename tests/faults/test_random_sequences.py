"""Any casework in any order, through any faults: the lists, the search and the chain say what the records say."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.errors import Refused, Unavailable
from advocate_desk.store.engine import DATABASE_NAME
from tests.builders import NOON
from tests.casework_calls import WRITING, Call, Standing
from tests.faults.failing_store import disk_fault, disk_full, failing_write
from tests.standing import open_work
from tests.store_state import check_sound

Fault = tuple[str, int]
FAULT = st.one_of(
    st.just(("none", 0)),
    st.tuples(st.sampled_from(("full", "error", "killed")), st.integers(1, 12)),  # at which write
    st.tuples(st.just("clock"), st.sampled_from((-365, -1, 400))),  # days
    st.tuples(st.sampled_from(("away", "reopened")), st.just(0)),
)
STEP = st.tuples(st.sampled_from(WRITING), FAULT)
"""A call of casework, and what happens to the computer while it is made."""


class Killed(BaseException):
    """The end of the program, as near as one process can come to it: no code of ours catches it."""


class Desk:
    """A desk that is worked at through faults; each that ends the program is followed by another start."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.starts = folder, 0
        self.clock = FixedClock(NOON)
        self.work = self._start()

    def _start(self) -> Work:
        return replace(open_work(self.folder), clock=self.clock)

    def do(self, call: Call, standing: Standing, fault: Fault) -> None:
        """Make the call, with the fault."""
        kind, at = fault
        errors: dict[str, Callable[[], BaseException]] = {"full": disk_full, "error": disk_fault, "killed": Killed}
        if kind == "clock":
            self.clock.advance(timedelta(days=at))
        with contextlib.ExitStack() as stack:
            if kind == "away":
                self.folder.rename(self.folder.with_name("away"))
                stack.callback(self.folder.with_name("away").rename, self.folder)
            if kind in errors:
                stack.enter_context(failing_write(self.work.engine, at, errors[kind]))
            with contextlib.suppress(Refused, Unavailable, Killed):
                call.run(self.work, standing)
        if kind in ("killed", "reopened"):
            self._start_again(was_killed=kind == "killed")

    def _start_again(self, was_killed: bool) -> None:
        """As the files are now, the log of writes included where nobody could put it away."""
        if not was_killed:
            self.work.engine.dispose()
        self.starts += 1
        left = self.folder
        self.folder = left.with_name(f"start-{self.starts}")
        shutil.copytree(left, self.folder)
        self.work.engine.dispose()
        self.work = self._start()


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=3, max_size=14))
def test_any_sequence_of_casework_leaves_lists_search_and_chain_true(
    steps: Sequence[tuple[Call, Fault]], template: tuple[Path, Standing], tmp_path: Path
) -> None:
    folder, standing = template
    shutil.rmtree(tmp_path / "desks", ignore_errors=True)
    (tmp_path / "desks" / "start-0").mkdir(parents=True)
    shutil.copy(folder / DATABASE_NAME, tmp_path / "desks" / "start-0" / DATABASE_NAME)
    desk = Desk(tmp_path / "desks" / "start-0")
    for call, fault in steps:
        desk.clock.advance(timedelta(minutes=7))
        desk.do(call, standing, fault)
    check_sound(desk.work.engine)
    desk.work.engine.dispose()


@pytest.mark.parametrize("call", WRITING, ids=str)
def test_a_call_made_twice_is_refused_or_done_and_leaves_all_sound(
    call: Call, template: tuple[Path, Standing], tmp_path: Path
) -> None:
    folder, standing = template
    shutil.copy(folder / DATABASE_NAME, tmp_path / DATABASE_NAME)
    work = open_work(tmp_path)
    call.run(work, standing)
    with contextlib.suppress(Refused):
        call.run(work, standing)
    check_sound(work.engine)
    work.engine.dispose()
