"""A short run over every parser, on changes of real inputs and on all that ever broke one.

`python3 packaging/dev.py fuzz` is the long run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz import kept, papers, sheets, typed, vaults
from tests.fuzz.run import Job, jobs_of, run_jobs, shared_out
from tests.fuzz.target import CORPUS
from tests.fuzz.targets import TARGETS

GROUPS = {module.__name__.rpartition(".")[2]: module.TARGETS for module in (kept, papers, sheets, typed, vaults)}
INPUTS = 5_000  # for all parsers together: some 20 s of one processor


@pytest.mark.timeout(600)
@pytest.mark.parametrize("group", GROUPS)
def test_what_comes_from_outside_is_read_or_refused_in_words(group: str, tmp_path: Path) -> None:
    names = [target.name for target in GROUPS[group]]
    counts = shared_out(INPUTS, TARGETS, least=8)
    jobs = [Job(job.name, job.inputs, job.seed) for job in jobs_of(counts, seed=1, ways=1) if job.name in names]
    told = run_jobs(jobs, tmp_path)
    assert [f"{found.target}: {found.kind} at {found.place}" for _, tally in told for found in tally.findings] == []
    assert {name for name, _ in told} == set(names)
    assert all(tally.inputs >= 8 for _, tally in told)


def test_every_kept_input_belongs_to_a_parser() -> None:
    assert {path.name for path in CORPUS.iterdir() if path.is_dir()} <= set(TARGETS)
