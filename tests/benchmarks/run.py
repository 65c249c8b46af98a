"""How quick the desk is, as ratios to a floor measured in the same run, and how cost grows with the caseload.

    python3 packaging/dev.py bench [--sizes 100,1000,10000] [--only NAME] [--json FILE] [--picture FILE]
    python3 packaging/dev.py bench --only exchange [--records 10000,350000] [--peers FOLDER]

Each figure stands beside the least that the machine needs for the same work, measured turn by turn with it. Absolute
times mean nothing elsewhere. `--only` keeps to the parts whose name holds NAME. The exchange is measured with numbers
of records; `--peers` puts PouchDB and Anki into FOLDER, where they are not there yet, and times them on as many.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.benchmarks import exchange, hub_load, paper, peers, reads, report, session, starts, writes
from tests.benchmarks.caseloads import Shelf
from tests.benchmarks.figures import FLAT_TARGET, MS, Figure, figure
from tests.benchmarks.stalls import Stall, by_cause

SIZES = "100,1000,10000"
RECORDS = "10000"
FLAT_PAINTED = ("Unlock to Today", "Today, opened, painted", "Caseload, opened, painted", "Open a file, painted")
MOST_CAUSES = 20
MOST_LOAD = 100_000  # records, all of whose pushes are made beforehand

Part = Callable[[], Iterator[Figure]]


class Bench:
    """One run: the caseloads, the parts that are measured on them, and the stalls that were seen."""

    def __init__(
        self, shelf: Shelf, sizes: Sequence[int], records: Sequence[int] = (), peers_in: Path | None = None
    ) -> None:
        self._shelf, self._sizes = shelf, sizes
        self._records, self._peers_in = records, peers_in
        self.stalls: dict[int, list[Stall]] = {}
        self.failed: list[str] = []

    def parts(self) -> Iterator[tuple[str, Part]]:
        """Every part by name. What starts processes comes first, while this one is small."""
        yield "start", self._start
        yield "memory", self._memory
        for read in reads.READS:
            yield f"read: {read.name}", partial(self._read, read)
        yield "note: save a note", partial(self._each, writes.save_a_note)
        yield "backup", partial(self._each, writes.back_up)
        yield "letter", self._letter
        yield "session: unlock to today, painted lists, file and find, stalls", self._sessions
        yield "import", partial(self._each, partial(writes.import_a_list, count=self._rows()))
        yield "exchange", self._exchange
        yield "hub: several desks and workers", self._hub

    def run(self, only: str) -> Iterator[list[Figure]]:
        """The figures of each part whose name holds `only`. One that fails is said, and the others are measured."""
        for name, part in self.parts():
            if only.casefold() not in name.casefold():
                continue
            say(f"… {name}")
            try:
                yield list(part())
            except Exception:
                traceback.print_exc()
                self.failed.append(name)

    def _rows(self) -> int:
        return writes.IMPORT_ROWS if self._sizes[-1] >= 100 else self._sizes[-1]

    def _start(self) -> Iterator[Figure]:
        yield from starts.start(
            self._shelf.take(self._sizes[-1]), rounds=starts.ROUNDS if self._sizes[-1] >= 100 else 1
        )

    def _memory(self) -> Iterator[Figure]:
        yield from starts.memory(self._shelf.take(self._sizes[-1]))

    def _letter(self) -> Iterator[Figure]:
        yield from paper.letter_to_pdf(self._sizes[-1])

    def _read(self, read: reads.Read) -> Iterator[Figure]:
        yield from reads.measure(read, [self._shelf.take(size) for size in self._sizes])

    def _exchange(self) -> Iterator[Figure]:
        of_most: dict[str, Figure] = {}
        for each in exchange.measure(self._records):
            yield each
            if each.size >= max(self._records[-1] // 2, 1):
                of_most[each.name] = each
        if self._peers_in is not None:
            files, notes_each = exchange.shape_of(self._records[-1])
            yield from peers.beside(self._peers_in, of_most, files, notes_each)

    def _hub(self) -> Iterator[Figure]:
        yield from hub_load.measure(min(self._records[-1], MOST_LOAD))

    def _each(self, measure: Callable[..., Iterator[Figure]]) -> Iterator[Figure]:
        for size in self._sizes:
            yield from measure(self._shelf.take(size))

    def _sessions(self) -> Iterator[Figure]:
        smallest: dict[str, float] = {}
        for size in self._sizes:
            found, self.stalls[size] = session.drive(self._shelf.take(size))
            yield from found
            for each in found:
                first = smallest.setdefault(each.name, each.value or 0.0)
                if each.name in FLAT_PAINTED and size != self._sizes[0] and each.value is not None:
                    yield figure(f"Growth of {each.name}", size, each.value, MS, first, FLAT_TARGET)


def causes(stalls: dict[int, list[Stall]]) -> str:
    """The stalls of each size by cause, the worst first."""
    lines = []
    for size, seen in stalls.items():
        lines.append(f"\nStalls of the window's thread at {size:,} files, by cause: how many over 16 ms, the worst, of")
        lines.append("that the thread's own work, what was done and where it was seen")
        for each in by_cause(seen)[:MOST_CAUSES]:
            worst = f"{each.worst.late_ms:>7.0f} ms {each.worst.busy_ms:>7.0f} ms"
            lines.append(f"{each.count:>5} {worst}  {each.step}: {each.place}")
    return "\n".join(lines)


def say(line: str) -> None:
    """Something for whoever waits, beside the figures."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def asked_for(arguments: Sequence[str]) -> argparse.Namespace:
    """What was asked on the command line."""
    parser = argparse.ArgumentParser(prog="bench", description="How quick the desk is, against floors of the same run.")
    parser.add_argument("--sizes", default=SIZES, type=sizes, help="numbers of files, with commas between")
    parser.add_argument("--records", default=RECORDS, type=sizes, help="numbers of records to exchange, with commas")
    parser.add_argument("--peers", type=Path, help="a folder for the programs that the exchange is compared with")
    parser.add_argument("--only", default="", help="only the parts whose name holds this")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    parser.add_argument("--picture", type=picture, help="a file for the growth as a picture: .svg, .png or .pdf")
    return parser.parse_args(arguments)


def sizes(text: str) -> tuple[int, ...]:
    """Numbers of files or of records, the smallest first. Raises ValueError."""
    found = tuple(sorted({int(part) for part in text.split(",")}))
    if not found or found[0] < 1:
        raise ValueError(text)
    return found


def picture(text: str) -> Path:
    """Where the picture goes. Raises ValueError for an ending that none is drawn for."""
    path = Path(text)
    if path.suffix not in report.PICTURES:
        raise ValueError(text)
    return path


def main(arguments: Sequence[str]) -> int:
    """Measure and print; write JSON and the picture where asked. Fails if nothing is called what `--only` says."""
    asked = asked_for(arguments)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Shelf(Path(folder)), asked.sizes, asked.records, asked.peers)
        figures: list[Figure] = []
        for found in bench.run(asked.only):
            figures += found
            if asked.json is not None:  # after each part: a run that is cut off has told what it had
                asked.json.write_text(report.as_json(figures), encoding="utf-8")
    if not figures and not bench.failed:
        say(f"Nothing that is measured is called {asked.only}. The parts are:")
        for name, _part in bench.parts():
            say(f"  {name}")
        return 2
    sys.stdout.write(f"{report.table(figures)}\n\n{report.sparks(figures)}\n{causes(bench.stalls)}\n")
    if asked.picture is not None:
        report.write_picture(figures, asked.picture)
    for name in bench.failed:
        say(f"Not measured, for the error above: {name}")
    return int(bool(bench.failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
