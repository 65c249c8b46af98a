"""The process that reads spreadsheets, once a file has turned it: what it says and does harms nobody."""

from __future__ import annotations

import multiprocessing
import resource
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from advocate_desk.documents.sheets import isolated
from advocate_desk.documents.sheets.limits import SheetLimits
from advocate_desk.documents.sheets.read import read_sheet
from advocate_desk.errors import Invalid, Refused
from tests import hostile_reader
from tests.fuzz.target import CORPUS
from tests.referral_sheets import FOLDER

WORKBOOK = FOLDER / "hospital_referrals.xlsx"
SOON = SheetLimits(read_s=3.0)


def turned(reader: Callable[[Connection], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "_serve", reader)


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        (hostile_reader.says_nothing_and_takes_nothing, "too long"),
        (hostile_reader.stops_in_the_middle, "too long"),
        (hostile_reader.calculates_without_end, "too long"),
        (hostile_reader.promises_gigabytes, "damaged"),
        (hostile_reader.says_rubbish, "damaged"),
        (hostile_reader.dies_at_once, "damaged"),
        (hostile_reader.takes_all_memory, "damaged"),
        (hostile_reader.sends_rows_without_end, "unpacks to more"),
        (hostile_reader.sends_empty_rows_without_end, "damaged"),
        (hostile_reader.sends_sheets_without_end, "unpacks to more"),
    ],
)
def test_whatever_the_reader_says_ends_in_words_and_in_bounds(
    reader: Callable[[Connection], None], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned(reader, monkeypatch)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Invalid, match=words):
        read_sheet(WORKBOOK.read_bytes() + b"\0" * 5_000_000, limits=SOON)
    assert not [child for child in multiprocessing.active_children() if child.name == "sheet-reader"]
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown_kb < 1_000_000


def test_a_reader_that_hangs_can_be_stopped_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    turned(hostile_reader.stops_in_the_middle, monkeypatch)
    begun = time.monotonic()
    with pytest.raises(Refused, match="stopped"):
        read_sheet(WORKBOOK, cancelled=lambda: time.monotonic() - begun > 0.2)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux refuses single calls")
@pytest.mark.parametrize("name", hostile_reader.ATTEMPTS)
def test_the_reader_can_do_nothing_but_calculate_and_answer(name: str, tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"as it was")
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=hostile_reader.attempt, args=(theirs, name, tmp_path), daemon=True)
    child.start()
    theirs.close()
    try:
        assert ours.poll(30)
        assert ours.recv_bytes() == b"refused"
    finally:
        child.kill()
        child.join()
        ours.close()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"kept": b"as it was"}


def test_what_the_reader_would_print_goes_nowhere(capfd: pytest.CaptureFixture[str]) -> None:
    """A panic of native code quotes what it was looking at."""
    damaged = (CORPUS / "xls" / "ends_its_process").read_bytes()
    with pytest.raises(Invalid):
        read_sheet(damaged, limits=SheetLimits(memory_bytes=400_000_000))
    assert capfd.readouterr() == ("", "")
