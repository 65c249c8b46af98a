"""Lists, file and find as queries, at every size in turn: beside bare Core and the bare driver, and for growth."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

from advocate_desk.casework.caseload_summary import summary
from advocate_desk.casework.work import Work
from advocate_desk.clock import today_in_london
from advocate_desk.domain.caseload import Roster
from advocate_desk.store.queries.caseload import PAGE_ROWS, CaseloadFilter, caseload_page
from advocate_desk.store.queries.client_file import banner
from advocate_desk.store.queries.find import find
from advocate_desk.store.queries.overview import overview
from advocate_desk.store.queries.today import today_view
from tests.benchmarks.caseloads import Built
from tests.benchmarks.figures import CORE_TARGET, FLAT_TARGET, MS, Figure, figure, turns
from tests.benchmarks.statements import bare_driver, caught, held, through_core, through_driver

ROUNDS = 25
FEW_ROUNDS = 7
SUMMARY_TARGET = 4.0  # beside its statements it weighs and sums up every group of files, which no list does
WHOLE = CaseloadFilter(with_closed=True)

Query = Callable[[Work, Built], object]


@dataclass(frozen=True, slots=True)
class Read:
    """A read of the desk. `is_flat`: it must cost the same whatever the caseload. `target` is against bare Core."""

    name: str
    run: Query
    is_flat: bool = False
    rounds: int = ROUNDS
    with_worst: bool = False
    target: float = CORE_TARGET


def _today(work: Work, _built: Built) -> object:
    return work.read(today_view, today_in_london(work.clock), work.actor.name)


def _first_page(work: Work, _built: Built) -> object:
    return work.read(caseload_page, CaseloadFilter(), today_in_london(work.clock), work.clock.now())


def _to_the_end(work: Work, built: Built) -> object:
    today, now = today_in_london(work.clock), work.clock.now()
    return [
        work.read(caseload_page, WHOLE, today, now, offset=offset) for offset in range(0, max(built.size, 1), PAGE_ROWS)
    ]


def _open_file(work: Work, built: Built) -> object:
    """What the page of a file reads before it is whole: its banner and its overview."""
    file_id = built.file_ids[len(built.file_ids) // 2]
    return work.read(banner, file_id), work.read(overview, file_id)


def _summary(work: Work, _built: Built) -> object:
    """Who carries how much, as at a desk that every colleague's files have come to."""
    return summary(work, Roster())


def _find(typed: str, work: Work, _built: Built) -> object:
    return work.read(find, typed)


READS = (
    Read("Today", _today, is_flat=True),
    Read("Caseload, first page", _first_page, is_flat=True),
    Read("Caseload, to its end", _to_the_end, rounds=FEW_ROUNDS),
    Read("Caseload summary", _summary, rounds=FEW_ROUNDS, target=SUMMARY_TARGET),
    Read("Open a file", _open_file, is_flat=True),
    Read("Find, one letter", partial(_find, "s"), with_worst=True),
    Read("Find, two letters", partial(_find, "sa"), with_worst=True),
    Read("Find, a word", partial(_find, "screen"), with_worst=True),
    Read("Find, a name", partial(_find, "testina s"), with_worst=True),
)


def measure(read: Read, shelf: Sequence[Built]) -> Iterator[Figure]:
    """The figures of one read at every size. All sizes, and both floors of each, take turns."""
    with ExitStack() as stack:
        acts: list[Callable[[], object]] = []
        for built in shelf:
            work = stack.enter_context(built.work())
            act = partial(read.run, work, built)
            act()
            what = caught(work.engine, act)
            conn: Any = stack.enter_context(held(work.engine))
            driver = stack.enter_context(bare_driver(work.engine))
            acts += [act, partial(through_core, conn, what), partial(through_driver, driver, what)]
        taken = turns(acts, read.rounds)
    middles = [statistics.median(times) for times in taken]
    for number, built in enumerate(shelf):
        value, core, raw = middles[number * 3 : number * 3 + 3]
        yield figure(read.name, built.size, value, MS, core, read.target)
        yield figure(f"{read.name}, against raw sqlcipher3", built.size, value, MS, raw)
        if read.with_worst:
            worst = [max(taken[number * 3 + at]) for at in range(2)]
            yield figure(f"{read.name}, worst", built.size, worst[0], MS, worst[1])
        if read.is_flat and number:
            yield figure(f"Growth of {read.name}", built.size, value, MS, middles[0], FLAT_TARGET)
