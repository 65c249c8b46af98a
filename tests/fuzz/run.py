"""Fuzz every parser of outside data: `python3 packaging/dev.py fuzz [--inputs N] [--only NAME] [--seed S]`.

Inputs are shared out over the parsers by how quick they are and over the processors. What breaks a parser is written
into build/fuzz/NAME; once it is mended, it belongs into tests/fuzz/corpus/NAME, where every run tries it again.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from tests.fuzz.tally import Finding, Tally
from tests.fuzz.targets import TARGETS
from tests.fuzz.worker import CELL_BYTES, Cell, from_line

WORKER = ("-m", "tests.fuzz.worker")
FOUND = Path("build") / "fuzz"
STUCK_S = 60.0  # without a new input, beyond any deadline of a target: native code does not come back
START_S = 900.0  # before the first input, on a computer that is very busy
LEAST = 50  # inputs for the slowest parser


@dataclass(frozen=True)
class Job:
    """So many inputs for one parser, in one process."""

    name: str
    inputs: int
    seed: int


def shared_out(inputs: int, names: Iterable[str], least: int = LEAST) -> dict[str, int]:
    """How many of `inputs` each parser gets, `least` at least."""
    shares = {name: TARGETS[name].share for name in names}
    whole = sum(shares.values())
    return {name: max(least, ceil(inputs * share / whole)) for name, share in shares.items()}


def jobs_of(counts: Mapping[str, int], seed: int, ways: int) -> list[Job]:
    """Each parser's inputs in `ways` parts with seeds of their own, the slowest parsers first."""
    slowest_first = sorted(counts, key=lambda name: TARGETS[name].share)
    return [Job(name, -(-counts[name] // ways), seed * 1000 + way) for name in slowest_first for way in range(ways)]


def run_jobs(jobs: Sequence[Job], scratch: Path, stuck_s: float = STUCK_S) -> list[tuple[str, Tally]]:
    """Run `jobs` one after the other in one process, and in another one where an input took the first with it."""
    cell = scratch / f"cell-{threading.get_ident()}-{time.monotonic_ns()}"
    done: list[tuple[str, Tally]] = []
    left = list(jobs)
    while left:
        with cell.open("wb") as file:  # empty, so that no input of before is taken for one of this process
            file.truncate(CELL_BYTES)
        ended, why = _run_worker(left, cell, stuck_s)
        done += ended
        left = left[len(ended) :]
        if left:
            first = left.pop(0)
            tried, data = Cell.read(cell)
            finding = Finding(first.name, why, "native code, or no memory left", data)
            done.append((first.name, Tally(inputs=tried, findings=[finding])))
    cell.unlink()
    return done


def _run_worker(jobs: Sequence[Job], cell: Path, stuck_s: float) -> tuple[list[tuple[str, Tally]], str]:
    """What the process said before it ended, and how it ended if too early."""
    words = [word for job in jobs for word in (job.name, str(job.inputs), str(job.seed))]
    command = [sys.executable, *WORKER, str(cell), *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        ended = threading.Event()
        was_stuck = threading.Event()
        guard = threading.Thread(target=_guard, args=(process, cell, stuck_s, ended, was_stuck), daemon=True)
        guard.start()
        output, errors = process.communicate()
        ended.set()
        guard.join()
    told = [from_line(line) for line in output.splitlines() if line.startswith("{")]
    if len(told) < len(jobs) and process.returncode > 0:
        raise RuntimeError(f"the worker itself failed at {jobs[len(told)].name}:\n{errors[-3000:]}")
    return told, "no answer at all" if was_stuck.is_set() else f"the process ended ({process.returncode})"


def _guard(
    process: subprocess.Popen[str], cell: Path, stuck_s: float, ended: threading.Event, was_stuck: threading.Event
) -> None:
    """End the process when no new input has been tried for `stuck_s`."""
    last, since = -1, time.monotonic()
    while not ended.wait(0.5):
        count, _data = Cell.read(cell)
        if count != last:
            last, since = count, time.monotonic()
        elif time.monotonic() - since > (stuck_s if count else START_S):
            was_stuck.set()
            process.kill()
            return


def together(told: Iterable[tuple[str, Tally]]) -> dict[str, Tally]:
    """The tallies of each parser as one."""
    whole: dict[str, Tally] = {}
    for name, tally in told:
        one = whole.setdefault(name, Tally())
        one.inputs += tally.inputs
        one.refused += tally.refused
        one.seconds += tally.seconds
        one.longest_s = max(one.longest_s, tally.longest_s)
        one.corpus, one.arcs = max(one.corpus, tally.corpus), max(one.arcs, tally.arcs)
        known = {(each.kind, each.place) for each in one.findings}
        one.findings += [each for each in tally.findings if (each.kind, each.place) not in known]
    return whole


def fuzz(counts: Mapping[str, int], seed: int, ways: int, say: Callable[[str], None] = print) -> dict[str, Tally]:
    """Run all of `counts` on `ways` processes, telling of each part that ends."""
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(ways) as pool:
        waiting = [pool.submit(run_jobs, [job], Path(scratch)) for job in jobs_of(counts, seed, ways)]
        told: list[tuple[str, Tally]] = []
        for each in waiting:
            for name, tally in each.result():
                told.append((name, tally))
                say(f"{name}: {tally.inputs:,} inputs in {tally.seconds:,.0f} s, {len(tally.findings)} findings")
    return together(told)


def table(whole: Mapping[str, Tally]) -> str:
    """What the run came to, for reading."""
    lines = [
        f"{'parser':16}{'inputs':>11}{'refused':>11}{'a second':>10}{'longest':>10}{'kept':>7}{'arcs':>7}  findings"
    ]
    for name, one in sorted(whole.items()):
        rate = one.inputs / one.seconds if one.seconds else 0.0
        lines.append(
            f"{name:16}{one.inputs:>11,}{one.refused:>11,}{rate:>10,.0f}{one.longest_s * 1000:>7,.0f} ms"
            f"{one.corpus:>7,}{one.arcs:>7,}  {len(one.findings) or ''}"
        )
    lines.append(f"{'all':16}{sum(one.inputs for one in whole.values()):>11,}")
    return "\n".join(lines)


def write_findings(whole: Mapping[str, Tally], folder: Path) -> list[str]:
    """Write each input that broke a parser, and say how it did."""
    said = []
    for name, one in whole.items():
        for finding in one.findings:
            path = folder / name / hashlib.blake2b(finding.data, digest_size=6).hexdigest()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(finding.data)
            said.append(f"{name}: {finding.kind} at {finding.place}\n  {path} ({len(finding.data):,} bytes)")
    return said


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command line; 1 when a parser was broken."""
    parser = argparse.ArgumentParser(prog="dev.py fuzz", description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--inputs", type=int, default=1_000_000, help="in all (1,000,000)")
    parser.add_argument("--only", choices=sorted(TARGETS), action="append", help="one parser; may be given again")
    parser.add_argument("--seed", type=int, default=1, help="another number makes other inputs (1)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(arguments)
    whole = fuzz(shared_out(asked.inputs, asked.only or TARGETS), asked.seed, asked.processes)
    print(table(whole))
    found = write_findings(whole, FOUND)
    print("\n".join(found) or "Nothing broke.")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
