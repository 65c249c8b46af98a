"""Any casework in any order: the lists say what the records say, the search finds what is there, the chain is whole."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advocate_desk.clock import FixedClock
from advocate_desk.errors import Refused, Unavailable
from advocate_desk.store.engine import DATABASE_NAME
from tests.builders import NOON
from tests.casework_calls import WRITING, Call, Standing
from tests.faults.failing_store import failing_write
from tests.standing import open_work
from tests.store_state import check_sound

STEP = st.tuples(st.sampled_from(WRITING), st.integers(0, 12))
"""A call, and the write at which the disk is full; 0: it is well."""


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=3, max_size=14))
def test_any_sequence_of_casework_leaves_lists_search_and_chain_true(
    steps: Sequence[tuple[Call, int]], template: tuple[Path, Standing], tmp_path: Path
) -> None:
    folder, standing = template
    for left in tmp_path.glob(f"{DATABASE_NAME}*"):
        left.unlink()
    shutil.copy(folder / DATABASE_NAME, tmp_path / DATABASE_NAME)
    clock = FixedClock(NOON)
    work = replace(open_work(tmp_path), clock=clock)
    for call, full_at in steps:
        clock.advance(timedelta(minutes=7))
        with contextlib.suppress(Refused, Unavailable), failing_write(work.engine, full_at):
            call.run(work, standing)
    check_sound(work.engine)
    work.engine.dispose()


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
