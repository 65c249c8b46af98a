"""The power goes at any moment of anything that a desk does: it opens again, and what the screen had said is there.

`ADVOCATE_DESK_POWER_CUTS` asks for more disks of each session than the few of an ordinary run.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from random import Random

import pytest

from advocate_desk.errors import DeskError
from tests.builders import PACKS
from tests.faults.power.disk import Disk, State, put
from tests.faults.power.happenings import Happening, Said
from tests.faults.power.recorder import recording
from tests.faults.power.sessions import SESSIONS
from tests.unit.vault.vaults import quick_stretching

CUTS = int(os.environ.get("ADVOCATE_DESK_POWER_CUTS", "24"))
LEAST_DISKS = 8  # that differ: a session of a few small writes has not many more
SEED = int(os.environ.get("ADVOCATE_DESK_POWER_SEED", "20261121"))

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="watches the files of SQLite's Unix layer")


@pytest.mark.parametrize("name", SESSIONS)
def test_the_desk_opens_after_any_power_cut_with_all_that_was_said_to_be_kept(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge_all(name, tmp_path, monkeypatch)


@pytest.mark.parametrize(
    ("name", "forgotten"),
    [
        ("sheet", "advocate_desk.vault.keyfile.sync_folder"),
        ("backup", "advocate_desk.store.backup.sync_folder"),
        ("backup", "advocate_desk.store.backup.to_the_disk"),
        ("key change", "advocate_desk.store.reencrypt.to_the_disk"),
    ],
)
def test_a_flush_that_was_forgotten_is_found_out(
    name: str, forgotten: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgotten, lambda _path: None)
    with pytest.raises((AssertionError, DeskError, KeyError)):
        judge_all(name, tmp_path, monkeypatch)


def judge_all(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a session and judge the disks that cuts may leave."""
    quick_stretching(monkeypatch)
    monkeypatch.setattr("advocate_desk.desk.composition.Packs", lambda _folder: PACKS)  # read once is enough
    watched = tmp_path / "watched"
    watched.mkdir()
    session = SESSIONS[name]()
    with recording(watched, monkeypatch) as recorder:
        session.prepare(watched / "desk")
        recorder.look()
        begun = len(recorder.happenings)
        session.run(watched / "desk", recorder.say)
    judged = 0
    for nth, (state, said) in enumerate(disks(recorder.happenings, begun, Random(f"{SEED} {name}"))):
        folder = tmp_path / "after"
        put(state, folder)
        try:
            session.judge(folder / "desk", said)
        except BaseException as error:
            error.add_note(f"disk {nth} of {name}, after {said!r}")
            raise
        shutil.rmtree(folder)
        judged += 1
    assert judged >= LEAST_DISKS


def disks(happenings: list[Happening], begun: int, chance: Random) -> Iterator[tuple[State, list[object]]]:
    """Disks as cuts at any moment after `begun` may leave them, none twice, each with what had been said by then."""
    moments = sorted(chance.randint(begun, len(happenings)) for _ in range(CUTS * 2))
    seen: set[bytes] = set()
    disk, said = Disk(), list[object]()
    for happening in happenings[:begun]:
        disk.take(happening)
    disk.settle()
    at = begun
    for moment in moments:
        for happening in happenings[at:moment]:
            disk.take(happening)
            if isinstance(happening, Said):
                said.append(happening.what)
        at = moment
        state = disk.after_a_cut(chance)
        mark = _mark(state, len(said))
        if mark not in seen and len(seen) < CUTS:
            seen.add(mark)
            yield state, list(said)


def _mark(state: State, said: int) -> bytes:
    mark = blake2b(str(said).encode())
    for path, content in sorted(state.items()):
        mark.update(path.encode() + (b"\0folder" if content is None else blake2b(content).digest()))
    return mark.digest()
