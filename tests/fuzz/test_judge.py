"""The judge finds what it is there to find: each fault is planted, and has to be seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from advocate_desk.errors import Invalid
from tests.fuzz import run, worker
from tests.fuzz.judge import Judge
from tests.fuzz.mutation import bytewise
from tests.fuzz.run import Job, run_jobs, shared_out
from tests.fuzz.tally import Finding, Tally
from tests.fuzz.target import Feed, Target
from tests.fuzz.targets import TARGETS


def judged(feed: Feed, tmp_path: Path, inputs: int = 400, seeds: tuple[bytes, ...] = (b"seed",)) -> list[Finding]:
    target = Target("planted", 1, lambda _scratch: feed, lambda: seeds, ("test_judge",), bytewise(), deadline_s=0.2)
    return Judge(target, tmp_path, 1, lambda _data: None).run(inputs).findings


def test_another_exception_than_a_refusal_is_found_once_with_its_place(tmp_path: Path) -> None:
    def feed(data: bytes) -> None:
        int(data)

    (found,) = judged(feed, tmp_path)
    assert found.kind == "ValueError"
    assert "feed" in found.place


def test_a_refusal_in_words_is_none(tmp_path: Path) -> None:
    def feed(_data: bytes) -> None:
        raise Invalid("This file is damaged. Ask for it again.")

    assert judged(feed, tmp_path) == []


def test_words_that_quote_the_input_are_found(tmp_path: Path) -> None:
    def feed(data: bytes) -> None:
        raise Invalid(f"There is no {data.decode('latin-1')} here.")

    assert any(found.kind.startswith("words that quote") for found in judged(feed, tmp_path, 5, (b"Zzyzxqua",)))


def test_an_answer_that_does_not_come_is_found(tmp_path: Path) -> None:
    def feed(_data: bytes) -> None:
        while True:
            pass

    assert [found.kind for found in judged(feed, tmp_path, 1)] == ["no answer in time"]


def test_guidance_reaches_what_chance_does_not(tmp_path: Path) -> None:
    def feed(data: bytes) -> None:
        low = [byte & 15 for byte in data[:5]]  # each step is one in sixteen: chance alone would need a million inputs
        if low[:1] != [7]:
            return
        if low[1:2] != [3]:
            return
        if low[2:3] != [11]:
            return
        if low[3:4] != [2]:
            return
        assert low[4:5] != [13]

    assert [found.kind for found in judged(feed, tmp_path, 8_000, (b"00000000",))] == ["property"]


def ended(monkeypatch: pytest.MonkeyPatch, body: str, tmp_path: Path) -> tuple[list[tuple[str, Tally]], str]:
    """Run two jobs in a worker whose parser is `body`: the way that the real one is run."""
    (tmp_path / "planted.py").write_text(_PLANTED.format(body=body), encoding="utf-8")
    monkeypatch.setattr(run, "WORKER", (str(tmp_path / "planted.py"),))
    told = run_jobs([Job("planted", 3, 1), Job("after", 3, 1)], tmp_path, stuck_s=8.0)
    return told, told[0][1].findings[0].kind


@pytest.mark.parametrize(
    ("body", "kind"), [("os.abort()", "the process ended (-6)"), ("signal.pause()", "no answer at all")]
)
def test_an_input_that_takes_the_process_with_it_is_kept(
    body: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told, said = ended(monkeypatch, body, tmp_path)
    assert said == kind
    assert told[0][1].findings[0].data == b"fatal"
    assert [name for name, _ in told] == ["planted", "after"]
    assert told[1][1].inputs == 3


_PLANTED = """
import os, signal, sys, types
sys.path.insert(0, os.getcwd())
from tests.fuzz import worker
from tests.fuzz.target import Target
def start(_scratch):
    def feed(data):
        if data == b"fatal":
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPROF])
            {body}
    return feed
targets = sys.modules["tests.fuzz.targets"] = types.ModuleType("targets")  # without the program: it starts at once
targets.TARGETS = {{
    name: Target(name, 1, start, lambda seed=seed: [seed], ("planted",))
    for name, seed in (("planted", b"fatal"), ("after", b"fine"))
}}
worker.main(sys.argv[1:])
"""


def test_every_parser_gets_its_share() -> None:
    counts = shared_out(1_000_000, TARGETS)
    assert sum(counts.values()) >= 1_000_000
    assert min(counts.values()) >= 50


def test_a_tally_travels_as_a_line() -> None:
    tally = Tally(inputs=3, findings=[Finding("a", "b", "c", b"\xff\0")])
    assert worker.from_line(worker.to_line("a", tally)) == ("a", tally)
