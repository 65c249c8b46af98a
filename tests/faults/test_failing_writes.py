"""A disk that fails at any write of any casework function: the store is as it was, and the words say so."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest

from advocate_desk.casework.work import Work
from advocate_desk.errors import Unavailable
from advocate_desk.store import audit
from tests import planted
from tests.casework_calls import CALLS, WRITING, Call, Standing
from tests.faults.failing_store import defect, disk_fault, disk_full, failing_write
from tests.store_state import check_search, check_sound, everything


def sweep(work: Work, run: Callable[[], object], error: Callable[[], Exception], caught: type[Exception]) -> int:
    """Run with a fault at each write in turn until none is left; how many writes there were."""
    before = everything(work.engine)
    for nth in itertools.count(1):
        with failing_write(work.engine, nth, error) as fault:
            try:
                run()
            except caught as raised:
                assert fault.fired
                if isinstance(raised, Unavailable):
                    assert raised.advice.endswith(".")
                    assert planted.traces(raised.advice) == []
            else:
                assert not fault.fired, f"the fault at write {nth} was swallowed"
        if not fault.fired:
            return nth - 1
        assert everything(work.engine) == before, f"write {nth} left something behind"
        assert work.read(audit.verify).is_whole
        work.read(check_search)
    raise AssertionError


@pytest.mark.parametrize("call", WRITING, ids=str)
def test_a_full_disk_at_any_write_leaves_the_store_as_it_was(call: Call, work: Work, standing: Standing) -> None:
    before = everything(work.engine)
    writes = sweep(work, lambda: call.run(work, standing), disk_full, Unavailable)
    assert writes > 1
    assert everything(work.engine) != before, "the call did not get through when the disk was well again"
    check_sound(work.engine)


@pytest.mark.parametrize("call", WRITING, ids=str)
def test_a_defect_at_any_write_leaves_the_store_as_it_was(call: Call, work: Work, standing: Standing) -> None:
    sweep(work, lambda: call.run(work, standing), defect, RuntimeError)


@pytest.mark.parametrize("call", CALLS, ids=str)
def test_a_disk_that_errs_is_told_in_words(call: Call, work: Work, standing: Standing) -> None:
    with failing_write(work.engine, 1, disk_fault), pytest.raises(Unavailable, match="did not answer"):
        call.run(work, standing)
