"""The stores that are measured: real vaults with real encrypted caseloads, built once a run and size."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from advocate_desk import paths
from advocate_desk.casework import settings
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import FixedClock, SystemClock
from advocate_desk.demonstration.people import cast
from advocate_desk.demonstration.plot import Plot
from advocate_desk.demonstration.story import Story
from advocate_desk.desk.composition import MADE_MARK
from advocate_desk.domain.identity import FileId
from advocate_desk.packs.packs import Packs
from advocate_desk.settings import WORKER_KEY, WorkerDetails, to_json
from advocate_desk.store.engine import DATABASE_NAME, create_store, open_store
from advocate_desk.store.migrate import prepare
from advocate_desk.vault.passphrase import KdfCost
from advocate_desk.vault.set_up import create_vault
from tests.builders_large import OWNER, a_caseload

NOTES_EACH = 20
PASSPHRASE = "an invented passphrase of several unrelated pelicans"
TOLD = Plot(
    35, 90, "high", OWNER, case=True, bailed=True, breached=True, hearing_in_days=9, hearing_time="10:00",
    adjourned_before=True,
)  # fmt: skip
QUICK = KdfCost(opslimit=2, memlimit_bytes=64 * 1024**2)  # the stretching is left out of every figure


@dataclass(frozen=True)
class Built:
    """A profile folder with a vault and a caseload of `size` files. `file_ids` in the order they were made.

    The last of them has something on each of its pages: the others are rows of lists.
    """

    folder: Path
    size: int
    key: bytes
    file_ids: tuple[FileId, ...]

    @contextmanager
    def work(self, path: Path | None = None) -> Iterator[Work]:
        """The open store, or a copy of it that stands at `path`."""
        engine = open_store(path or self.folder / DATABASE_NAME, self.key)
        try:
            yield Work(engine, SystemClock(), PACKS, Actor(OWNER, "advocate", "bench"))
        finally:
            engine.dispose()

    def copied(self, folder: Path) -> Path:
        """A copy of the database in `folder`, for what must not be done to the caseload itself."""
        target = folder / f"copy-{self.size}.db"
        shutil.copyfile(self.folder / DATABASE_NAME, target)
        return target


PACKS = Packs(paths.resources())


class Shelf:
    """Builds a caseload when it is first asked for, and keeps it for the run in `folder`."""

    def __init__(self, folder: Path, notes_each: int = NOTES_EACH) -> None:
        self.folder, self._notes_each = folder, notes_each
        self._built: dict[int, Built] = {}

    def take(self, size: int) -> Built:
        """The caseload of `size` files."""
        if size not in self._built:
            self._built[size] = self._build(size)
        return self._built[size]

    def _build(self, size: int) -> Built:
        folder = self.folder / f"profile-{size}"
        vault = create_vault(folder, PASSPHRASE, keyring=None, clock=SystemClock(), cost=QUICK).finish()
        key = bytes(vault.db_key.buffer)
        vault.close()
        engine = create_store(folder / DATABASE_NAME, key)
        prepare(engine, key, folder / "backups", SystemClock().now())
        work = Work(engine, SystemClock(), PACKS, Actor(OWNER, "advocate", "bench"))
        file_ids = [*a_caseload(work, size - 1, self._notes_each), _told(work)]
        settings.put(work, WORKER_KEY, to_json(WorkerDetails(name=OWNER, role="an adviser", job_title="Adviser")))
        engine.dispose()  # the last connection writes the log back into the file, so that a copy of it is whole
        (folder / MADE_MARK).touch(mode=0o600)
        return Built(folder, size, key, tuple(file_ids))


def _told(work: Work) -> FileId:
    """A file with risk assessment, plan, case, bail, hearings and notes, told as those of the demonstration are."""
    now = work.clock.now()
    standing = FixedClock(now)
    teller = Work(work.engine, standing, work.packs, work.actor)
    return Story(teller, standing, cast(work.packs), TOLD, now).tell()
