"""How quick the desk is, as ratios to a floor measured in the same run, and how cost grows with the caseload.

    python3 packaging/dev.py bench [--sizes 100,1000,10000] [--json FILE]

The floor of a query or an activity is its own statements, captured and played again through the bare driver, without
SQLAlchemy's rows, our dataclasses, our validation or our frame. Absolute times mean nothing elsewhere.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from advocate_desk.casework.notes import NoteDetails, write_note
from advocate_desk.casework.work import Work
from advocate_desk.clock import today_in_london
from advocate_desk.domain.identity import FileId
from advocate_desk.store.queries.caseload import CaseloadFilter, caseload_page
from advocate_desk.store.queries.client_file import file_view
from advocate_desk.store.queries.find import find
from advocate_desk.store.queries.justice import justice_view
from advocate_desk.store.queries.today import today_view
from tests.builders import a_work
from tests.builders_large import a_caseload

NOTES_EACH = 20
ROUNDS = 15
SIZES = "100,1000,10000"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement: `value` and `floor` in milliseconds, `ratio` of the two, `target` of the ratio or 0 for none."""

    name: str
    size: int
    value: float
    unit: str
    floor: float
    ratio: float
    target: float


Statement = tuple[str, Any]


def captured(work: Work, act: Callable[[], object]) -> list[Statement]:
    """The statements that `act` sends to the driver, with their parameters."""
    found: list[Statement] = []

    def note(_conn: Any, _cursor: Any, sql: str, parameters: Any, _context: Any, many: bool) -> None:
        found.append((sql, list(parameters) if many else [parameters]))

    event.listen(work.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(work.engine, "before_cursor_execute", note)
    return found


def replayed(work: Work, statements: Sequence[Statement]) -> None:
    """Play statements through the bare driver in one transaction; reads are fetched, nothing is made of them."""
    with work.engine.connect() as conn:
        driver: Any = conn.connection.driver_connection
        driver.execute("BEGIN")
        for sql, many in statements:
            if not sql.startswith("BEGIN"):
                for parameters in many:
                    driver.execute(sql, parameters).fetchall()
        driver.execute("ROLLBACK")


def median_ms(act: Callable[[], object]) -> float:
    """The median of ROUNDS runs after one that warms up."""
    act()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        act()
        taken.append((time.perf_counter() - start) * 1000)
    return statistics.median(taken)


def read_figure(name: str, size: int, work: Work, act: Callable[[], object]) -> Figure:
    """A query beside its own statements through the bare driver."""
    statements = captured(work, act)
    value, floor = median_ms(act), median_ms(lambda: replayed(work, statements))
    return Figure(name, size, round(value, 3), "ms", round(floor, 3), round(value / floor, 2), 0)


def write_figure(size: int, work: Work, file_id: FileId) -> Figure:
    """Saving a note beside the bare insert of one note, both to the disk."""
    note = NoteDetails(work.clock.now(), "phone", "A note of about four hundred characters. " * 10)

    def save() -> None:
        write_note(work, file_id, note)

    def bare() -> None:
        with work.engine.connect() as conn:
            driver: Any = conn.connection.driver_connection
            driver.execute("BEGIN")
            driver.execute("INSERT OR REPLACE INTO setting (key, value) VALUES ('bench', ?)", (note.text,))
            driver.execute("COMMIT")

    value, floor = median_ms(save), median_ms(bare)
    return Figure("save a note", size, round(value, 3), "ms", round(floor, 3), round(value / floor, 2), 0)


def measure(size: int) -> list[Figure]:
    """Every figure on a caseload of `size` files."""
    with tempfile.TemporaryDirectory() as folder:
        work = a_work(Path(folder))
        file_ids = a_caseload(work, size, NOTES_EACH)
        today, now, middle = today_in_london(work.clock), work.clock.now(), file_ids[size // 2]
        reads: tuple[tuple[str, Callable[[], object]], ...] = (
            ("Today", lambda: work.read(today_view, today)),
            ("Caseload, first page", lambda: work.read(caseload_page, CaseloadFilter(), today, now)),
            ("Caseload, last page", lambda: work.read(caseload_page, CaseloadFilter(), today, now, offset=size - 100)),
            ("open a file", lambda: (work.read(file_view, middle), work.read(justice_view, middle))),
            ("find, two letters", lambda: work.read(find, "sa")),
            ("find, a word of notes", lambda: work.read(find, "screen")),
        )
        found = [read_figure(name, size, work, act) for name, act in reads]
        found.append(write_figure(size, work, middle))
        work.engine.dispose()
    return found


def table(figures: Sequence[Figure]) -> str:
    """The figures as text, with growth against the smallest caseload."""
    first = {each.name: each for each in reversed(figures)}
    lines = [f"{'what':<24}{'files':>8}{'ms':>10}{'floor':>10}{'ratio':>8}{'growth':>8}"]
    for each in figures:
        growth = each.value / first[each.name].value
        lines.append(
            f"{each.name:<24}{each.size:>8,}{each.value:>10.2f}{each.floor:>10.2f}{each.ratio:>8.2f}{growth:>8.2f}"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and write JSON where asked."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--sizes", default=SIZES, help="numbers of files, with commas between")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    asked = parser.parse_args(arguments)
    figures = [figure for size in asked.sizes.split(",") for figure in measure(int(size))]
    sys.stdout.write(table(figures) + "\n")
    if asked.json is not None:
        asked.json.write_text(json.dumps([asdict(each) for each in figures], indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
