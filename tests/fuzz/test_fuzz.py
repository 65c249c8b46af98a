"""A short run over every parser, on changes of real inputs and on all that ever broke one.

`python3 packaging/dev.py fuzz` is the long run.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.routing import Route

from advocate_desk.clock import FixedClock
from advocate_desk.hub.app import Hub, make_app
from advocate_desk.hub.database import open_database
from advocate_desk.hub.limits import Limits
from tests.builders import NOON
from tests.fuzz.exchange import ROUTES
from tests.fuzz.run import jobs_of, run_jobs, shared_out
from tests.fuzz.target import CORPUS
from tests.fuzz.targets import TARGETS

INPUTS = 2_500  # for all parsers together: some 15 s of one processor
LEAST = 24  # seeds and kept inputs come first
SLOW = {"letterhead": 5, "plan_pdf": 6, "reader": 8, "script": 14}  # a page, a process or a second each


@pytest.mark.timeout(900)
def test_what_comes_from_outside_is_read_or_refused_in_words(tmp_path: Path) -> None:
    counts = shared_out(INPUTS, TARGETS, LEAST) | SLOW
    told = run_jobs(jobs_of(counts, seed=1, ways=1), tmp_path)
    assert [f"{found.target}: {found.kind} at {found.place}" for _, tally in told for found in tally.findings] == []
    assert {name: tally.inputs for name, tally in told} == counts


def test_every_kept_input_belongs_to_a_parser() -> None:
    assert {path.name for path in CORPUS.iterdir() if path.is_dir()} <= set(TARGETS)


def test_every_route_of_the_hub_is_tried(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "hub.db"))
    app = make_app(Hub(database, Limits(), FixedClock(NOON)))
    asked = [route for route in app.routes if isinstance(route, Route) and "POST" in (route.methods or ())]
    assert len(asked) == len(ROUTES) == len({name for _, name, _ in ROUTES})
    database.close()
