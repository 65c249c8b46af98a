"""Two programs on one caseload folder: one desk is open, the other is told, and nothing is ever corrupted."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from advocate_desk import file_lock
from advocate_desk.casework import notes
from advocate_desk.casework.work import Work
from advocate_desk.clock import FixedClock
from advocate_desk.errors import Unavailable
from advocate_desk.file_lock import FileLock
from advocate_desk.store import engine as store_engine
from advocate_desk.store import lease
from advocate_desk.store.engine import DATABASE_NAME, open_store
from advocate_desk.store.filesystem import is_remote, kind_at
from advocate_desk.store.lease import HOLDER_NAME, LEASE_NAME, Lease
from tests.builders import ACTOR, KEY, NOON, PACKS
from tests.casework_calls import NOTE, Standing
from tests.standing import OpenCopy, open_work
from tests.store_state import check_sound

ROOT = Path(__file__).parents[3]
HOLD = """
import sys, time
from pathlib import Path
from advocate_desk.store import lease
lease.BEAT_S = 0.1
lease.is_remote = lambda _path: sys.argv[2] == "shared"
if sys.argv[3] == "no locks":
    from advocate_desk import file_lock
    file_lock._lock = lambda _handle: True
held = lease.Lease(Path(sys.argv[1]))
held.take()
print("held", flush=True)
sys.stdin.read()
held.release()
"""


class Holder:
    """Another program that has the desk in `folder` open."""

    def __init__(self, folder: Path, kind: str, locks: str = "locks") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(folder), kind, locks],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == "held\n"

    def end(self, *, killed: bool = False) -> None:
        if killed:
            self.process.kill()
        self.process.communicate()


@pytest.fixture(params=["local", "shared"])
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    found = str(request.param)
    for module in (lease, store_engine):
        monkeypatch.setattr(module, "is_remote", lambda _path: found == "shared")
    monkeypatch.setattr(lease, "BEAT_S", 0.1)
    return found


@pytest.fixture
def folder(open_copy: OpenCopy, tmp_path: Path) -> Path:
    open_copy().engine.dispose()
    return tmp_path / "copy-0"


def leased(folder: Path) -> tuple[Work, Lease]:
    """A desk that is open on `folder`, as the program opens it."""
    held = Lease(folder)
    held.take()
    engine = open_store(folder / DATABASE_NAME, KEY)
    held.guard(engine)
    return Work(engine, FixedClock(NOON), PACKS, ACTOR), held


def close(work: Work, held: Lease) -> None:
    work.engine.dispose()
    held.release()


def test_the_second_program_is_told_and_opens_when_the_first_has_closed_or_was_killed(folder: Path, kind: str) -> None:
    for killed in (False, True):
        holder = Holder(folder, kind)
        with pytest.raises(Unavailable, match=r"open already.*Nothing was changed"):
            Lease(folder).take()
        holder.end(killed=killed)
        work, held = leased(folder)
        close(work, held)
    assert not (folder / HOLDER_NAME).exists()


def test_where_no_locks_reach_another_computer_its_beats_keep_us_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "is_remote", lambda _path: True)
    monkeypatch.setattr(lease, "BEAT_S", 0.1)
    monkeypatch.setattr(file_lock, "_lock", lambda _handle: True)
    other = Holder(folder, "shared", "no locks")
    with pytest.raises(Unavailable, match="another computer"):
        Lease(folder).take()
    other.end(killed=True)
    held = Lease(folder)
    held.take()  # three beats after the last
    held.check()
    held.release()


def test_a_server_that_knows_no_locks_still_has_one_desk(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_handle: int) -> bool:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(lease, "is_remote", lambda _path: True)
    monkeypatch.setattr(lease, "BEAT_S", 0.05)
    monkeypatch.setattr(file_lock, "_lock", refuse)
    held = Lease(folder)
    held.take()
    with pytest.raises(Unavailable, match="open already"):
        Lease(folder).take()
    held.check()
    held.release()


def test_a_desk_that_was_cut_off_while_another_took_over_saves_nothing_more(
    folder: Path, kind: str, standing: Standing
) -> None:
    work, held = leased(folder)
    notes.write_note(work, standing.file_id, NOTE)
    for name in (LEASE_NAME, HOLDER_NAME):  # as it looks when the folder was out of reach for long
        (folder / name).unlink(missing_ok=True)
    other = Holder(folder, kind)
    with pytest.raises(Unavailable, match="opened in another place"):
        notes.write_note(work, standing.file_id, NOTE)
    other.end()
    held.check()
    notes.write_note(work, standing.file_id, NOTE)
    check_sound(work.engine)
    close(work, held)


def test_a_lease_that_somebody_removed_is_taken_again_before_a_save(
    folder: Path, kind: str, standing: Standing
) -> None:
    work, held = leased(folder)
    for name in (LEASE_NAME, HOLDER_NAME):
        (folder / name).unlink(missing_ok=True)
    notes.write_note(work, standing.file_id, NOTE)
    with pytest.raises(Unavailable, match="open already"):
        Lease(folder).take()
    close(work, held)


def test_two_programs_that_write_with_every_lock_of_ours_defeated_corrupt_nothing(
    folder: Path, kind: str, standing: Standing
) -> None:
    one, two = open_work(folder), open_work(folder)
    mode = one.engine.connect()
    assert mode.exec_driver_sql("PRAGMA journal_mode").scalar_one() == ("truncate" if kind == "shared" else "wal")
    mode.close()
    for _ in range(10):
        notes.write_note(one, standing.file_id, NOTE)
        notes.write_note(two, standing.file_id, NOTE)
    check_sound(one.engine)
    check_sound(two.engine)
    one.engine.dispose()
    two.engine.dispose()


def test_a_store_goes_to_a_share_and_back_with_all_that_is_in_it(
    folder: Path, standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    for is_shared in (True, False, True):
        monkeypatch.setattr(store_engine, "is_remote", lambda _path, answer=is_shared: answer)
        work = open_work(folder)
        notes.write_note(work, standing.file_id, NOTE)
        assert not (folder / f"{DATABASE_NAME}-shm").exists() or not is_shared
        check_sound(work.engine)
        work.engine.dispose()


def test_a_lock_on_a_removed_file_is_no_lock(tmp_path: Path) -> None:
    first, second = FileLock(tmp_path / "lock"), FileLock(tmp_path / "lock")
    assert first.take()
    assert not second.take()
    (tmp_path / "lock").unlink()
    assert not first.is_standing()
    assert second.take()
    assert not first.take()
    second.release()
    assert first.take()
    first.release()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/b/desk", "ext4"),
        ("/srv/share/team desk/profile", "cifs"),
        ("/srv/share/team", "nfs4"),
        ("/srv/shared", "ext4"),
        ("/mnt/über/x", "fuse.sshfs"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(path: str, kind: str) -> None:
    mounts = (
        "22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
        "40 22 0:50 / /srv/share rw shared:9 - nfs4 server:/share rw",
        r"41 40 0:51 / /srv/share/team\040desk rw - cifs //server/desk rw",
        "42 22 0:52 / /mnt/über rw - fuse.sshfs b@server: rw",
        "a line that says nothing",
    )
    assert kind_at(path, mounts) == kind


def test_this_computers_own_disk_is_not_shared(tmp_path: Path) -> None:
    assert not is_remote(tmp_path)
