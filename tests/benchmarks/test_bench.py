"""The benchmarks run, at sizes of no meaning, and tell every figure that is promised in the shape that is promised."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import desktop
from advocate_desk import paths
from advocate_desk.desk.jobs import Jobs
from tests.benchmarks import figures, peers, report
from tests.benchmarks.caseloads import Shelf
from tests.benchmarks.figures import Figure, figure, turns
from tests.benchmarks.run import Bench, asked_for
from tests.benchmarks.stalls import Cause, Stall, Watch, by_cause, places

ROOT = Path(__file__).resolve().parents[2]
KEYS = ["name", "size", "value", "unit", "floor", "ratio", "target"]
SMALL, LARGE = 6, 12
EVERY_SIZE = {
    "Today": 1.3,
    "Caseload, first page": 1.3,
    "Caseload, to its end": 1.3,
    "Open a file": 1.3,
    "Find, one letter": 1.3,
    "Find, two letters": 1.3,
    "Find, a word": 1.3,
    "Find, a name": 1.3,
    "Today, against raw sqlcipher3": None,
    "Find, a name, worst": None,
    "Save a note": 2.0,
    "Backup": None,
    f"Import of {LARGE} rows": 3.0,
    f"Import of {LARGE} rows, share of the speed of raw inserts": None,
    "Unlock to Today": None,
    "Today, opened, painted": 1.0,
    "Today, read again, painted": 1.0,
    "Caseload, opened, painted": 1.0,
    "Caseload, read again, painted": 1.0,
    "Caseload, a step of scrolling, painted": 1.0,
    "Caseload, scrolling to its end, painted": None,
    "Open a file, painted": 1.0,
    "Find, one letter, painted": 1.0,
    "Find, a name, worst key, painted": None,
    "Worst stall of the session": 1.0,
    "Stalls over 16 ms": None,
}
EXCHANGE = {
    "First push": 2.0,
    "First pull": 2.0,
    "Bytes on the wire, a record, padding aside": 1.0,
    "Hub's processor, a record pushed": None,
    "Hub's processor, a record pulled": None,
    "Desk's processor, a record pushed": None,
    "Desk's processor, a record pulled": None,
    "Growth of All processors, a record pushed": 1.3,
    "Growth of All processors, a record pulled": 1.3,
    "A hub's record taken in, of the processor, 2 workers": 1.3,
    "A hub's record given out, of the processor, 2 workers": 1.3,
    "A hub worker's memory after it, 2 workers": None,
    "Hub's memory": None,
    "A new device has its open files": 0.1,
    "Records that come until then": 0.1,
    "Requests of an exchange of 7 changes": 1.0,
    "Growth of First push, a record": 1.3,
    "Growth of First pull, a record": 1.3,
    "Hub's answer to a push, one of 100 organisations": 1.3,
    "Hub's answer to a pull, one of 100 organisations": 1.3,
}
RECORDS = "56,84"
LARGEST_SIZE = {
    "Start to painted unlock window": 1.6,
    "Idle memory, locked": None,
    "Idle memory, Today in sight": None,
    "Letter to PDF": None,
    "Growth of Today": 1.3,
    "Growth of Caseload, first page": 1.3,
    "Growth of Open a file": 1.3,
    "Growth of Open a file, painted": 1.3,
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[dict[str, Any]], Path]:
    """What a whole run prints, its JSON, and its picture."""
    folder = tmp_path_factory.mktemp("bench")
    told, picture = folder / "figures.json", folder / "growth.svg"
    command = [sys.executable, "-m", "tests.benchmarks.run", "--sizes", f"{SMALL},{LARGE}", "--records", RECORDS]
    command += ["--json", str(told), "--picture", str(picture)]
    with desktop.private_desktop("offscreen") as variables:
        done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, json.loads(told.read_text("utf-8")), picture


@pytest.mark.timeout(300)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has private screens")
def test_every_promised_figure_is_told_with_its_target(run: tuple[str, list[dict[str, Any]], Path]) -> None:
    _printed, told, _picture = run
    targets = {(each["name"], each["size"]): each["target"] for each in told}
    wanted = {(name, size): target for name, target in EVERY_SIZE.items() for size in (SMALL, LARGE)}
    wanted |= {(name, LARGE): target for name, target in LARGEST_SIZE.items()}
    assert wanted == {key: targets.get(key, "missing") for key in wanted}
    assert any("KeePassXC" in name for name, _size in targets)


@pytest.mark.timeout(300)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has private screens")
def test_an_exchange_is_told_with_its_requests_bytes_and_growth(run: tuple[str, list[dict[str, Any]], Path]) -> None:
    _printed, told, _picture = run
    targets = {each["name"]: each["target"] for each in told}
    assert {name: targets.get(name, "missing") for name in EXCHANGE} == EXCHANGE
    counted = {each["name"]: each["ratio"] for each in told if each["unit"] in ("count", "bytes") and each["target"]}
    assert [name for name, ratio in counted.items() if ratio > 1] == []


def test_a_peer_that_cannot_be_had_is_told_as_not_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "PEERS", (replace(peers.POUCH, install=lambda _folder: False),))
    ours = {name: figure(name, 56, 10, "ms", 5) for name, _what, _a_record in peers.COMPARED}
    told = list(peers.beside(tmp_path / "peers", ours, files=1, notes_each=1))
    assert [each.value for each in told] == [None] * 4
    assert all("PouchDB" in each.name and each.is_met is None for each in told)


@pytest.mark.timeout(300)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has private screens")
def test_the_json_has_seven_keys_and_ratios_of_what_it_tells(run: tuple[str, list[dict[str, Any]], Path]) -> None:
    _printed, told, _picture = run
    assert {tuple(each) for each in told} == {tuple(KEYS)}
    for each in told:
        if each["value"] is not None and each["floor"]:
            assert each["ratio"] == pytest.approx(each["value"] / each["floor"], rel=0.05)
        else:
            assert each["ratio"] is None


@pytest.mark.timeout(300)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has private screens")
def test_a_run_prints_a_table_and_causes_and_draws_a_picture(run: tuple[str, list[dict[str, Any]], Path]) -> None:
    printed, told, picture = run
    assert all(each["name"] in printed for each in told)
    assert "Stalls of the window's thread" in printed
    assert "How cost grows with the caseload" in picture.read_text("utf-8")


def test_a_target_is_met_at_it_and_missed_above_it() -> None:
    assert figure("x", 1, 13, "ms", 10, 1.3).is_met is True
    assert figure("x", 1, 13.1, "ms", 10, 1.3).is_met is False
    assert figure("x", 1, 13, "ms", 10).is_met is None
    assert Figure("not measured", 1, None, "ms", target=1.0).is_met is None


def test_what_could_not_be_measured_stands_in_the_table_and_nowhere_else() -> None:
    told = [Figure("left out: not installed", 10, None, "ms", target=1.0), figure("x", 10, 2, "ms", 1)]
    assert "left out: not installed" in report.table(told)
    assert report.sparks(told) == ""


def test_rounds_in_which_another_program_ran_are_left_out_while_enough_are_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken_away = iter([0, 1, 1, 1, 1, 1, 1, 1])  # before and after each of four rounds
    monkeypatch.setattr(figures, "interruptions", lambda: next(taken_away))
    (times,) = turns([lambda: None], rounds=4)
    assert len(times) == 3


def test_growth_is_told_as_multiples_of_the_smallest_size() -> None:
    told = [figure("x", size, value, "ms", 1) for size, value in ((1000, 8), (10, 2), (100, 4))]
    assert report.grown(told) == {"x": {10: 1.0, 100: 2.0, 1000: 4.0}}
    assert report.sparks(told).endswith("▁▂▃  1.00  2.00  4.00")


@pytest.mark.parametrize("ending", report.PICTURES)
def test_the_picture_is_drawn_in_every_form_that_is_offered(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"growth{ending}"
    report.write_picture([figure("x", size, size, "ms", 1) for size in (10, 100)], path)
    assert path.stat().st_size > 1000


def test_a_part_that_fails_is_said_and_the_others_are_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = Bench(Shelf(tmp_path), (1,))

    def broken() -> Iterator[Figure]:
        raise OSError("no disk")

    bench.parts = lambda: iter((("one", broken), ("two", lambda: iter([figure("x", 1, 1, "ms", 1)]))))  # type: ignore[method-assign]
    assert [each.name for part in bench.run("") for each in part] == ["x"]
    assert bench.failed == ["one"]
    assert "no disk" in capsys.readouterr().err


def test_sizes_are_measured_from_the_smallest() -> None:
    assert asked_for(["--sizes", "1000,10,100"]).sizes == (10, 100, 1000)


@pytest.mark.parametrize("arguments", [["--sizes", "0"], ["--sizes", "many"], ["--picture", "growth.doc"]])
def test_what_makes_no_sense_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        asked_for(arguments)


def test_a_late_beat_is_a_stall_with_the_place_that_was_seen_most() -> None:
    watch = Watch(step="scroll", least_ms=16)
    watch.last_beat -= 0.1
    watch.look(sys._getframe(), ())
    watch.beat()
    (stall,) = watch.stalls
    assert stall.late_ms >= 95
    assert stall.step == "scroll"
    watch.beat()
    assert len(watch.stalls) == 1


def test_a_thread_that_waits_is_not_said_to_work_beside_a_stall() -> None:
    watch = Watch(step="scroll", least_ms=0)
    waits = places_of_ours()
    watch.look(None, (waits,))
    watch.look(None, (waits,))
    assert [("beside" in each) for each in watch.seen] == [True, False]


def places_of_ours() -> FrameType:
    """A frame that stands inside a module of ours."""
    frames: list[FrameType] = []
    job = Jobs("frames")
    job.run_and_wait(lambda: frames.append(sys._getframe(1)))
    job.close()
    return frames[0]


class Spy:
    """Looks at who asks for it as text."""

    def __init__(self, seen: list[str]) -> None:
        self._seen = seen

    def __str__(self) -> str:
        self._seen.append(places(sys._getframe()))
        return "nowhere"


def test_a_place_of_ours_is_named_by_module_line_and_function(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    monkeypatch.setattr(sys, "_MEIPASS", Spy(seen), raising=False)
    paths.resources()
    assert seen[0].startswith("test_bench:")
    assert "paths:" in seen[0]
    assert " installation < paths:" in seen[0]


def test_causes_are_told_with_the_worst_first() -> None:
    late, later, latest = Stall(20, 9, "a", "x"), Stall(30, 9, "a", "x"), Stall(90, 9, "b", "y")
    assert by_cause([late, latest, later]) == [Cause("b", "y", 1, latest), Cause("a", "x", 2, later)]
