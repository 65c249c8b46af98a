"""Lets a process be at an activity, kills it at a moment of its own, and hands back what it had said.

New processes are copies of one that has imported everything already, where the system can: a kill then costs a tenth
of a second. `ADVOCATE_DESK_KILLS` says how many kills there are in all; without it there are 500.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from pathlib import Path
from random import Random
from typing import Any

import pytest

from advocate_desk import paths
from advocate_desk.clock import FixedClock
from advocate_desk.errors import WrongKey
from advocate_desk.store import migrate
from advocate_desk.store.backup import reading_copy
from advocate_desk.store.engine import DATABASE_NAME, create_store
from advocate_desk.store.reencrypt import copy_under
from advocate_desk.vault.keyring import SERVICE, SecureKeyring
from advocate_desk.vault.vault import OpenVault, open_vault
from tests.builders import NOON
from tests.data.vaults.make import ROWS, SECRETS
from tests.faults.activities import Heard
from tests.faults.profiles import Profile, make_profile, opened
from tests.unit.vault.keyrings import MemoryBackend
from tests.unit.vault.vaults import CHEAP

KILLS = int(os.environ.get("ADVOCATE_DESK_KILLS", "500"))
PRELOADED = ["tests.faults.activities", "tests.faults.writing_session", "tests.faults.window_session"]
LONGEST_WAIT_S = 60
AFTER_A_WORD = 0.35
"""The part of the kills that fall at once after something was said to be kept; the others fall anywhere."""


@dataclass(frozen=True)
class Moment:
    """When to kill: `after_s` from the beginning, or `after_s` after so many `words`, if these come."""

    after_s: float
    words: int = 0


def a_moment(random: Random, lasts_s: float, most_words: int) -> Moment:
    """A moment of an activity: most are spread evenly over it, some follow a word at once."""
    if random.random() < AFTER_A_WORD:
        return Moment(random.uniform(0, 0.002), random.randint(1, most_words))
    return Moment(random.uniform(0, lasts_s))


@pytest.fixture
def processes(monkeypatch: pytest.MonkeyPatch) -> BaseContext:
    """Where new processes come from: on a system that can, copies of one that has imported everything already."""
    monkeypatch.setenv("PYTHONPATH", str(paths.installation()))
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    return context


@pytest.fixture(scope="session")
def desk_to_kill(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """A prepared desk, with the oldest store that there is beside it; copied for each kill."""
    folder = tmp_path_factory.mktemp("kills")
    profile = make_profile(folder / "profile")
    keep_oldest_store(profile)
    return profile


def kill_one(processes: BaseContext, body: Callable[..., None], arguments: tuple[Any, ...], moment: Moment) -> Heard:
    """Start `body` with `arguments` and a wire, kill it at `moment`, and give all that it said after its first word."""
    ours, theirs = processes.Pipe(duplex=False)
    worker = processes.Process(target=body, args=(*arguments, theirs))  # type: ignore[attr-defined]
    worker.start()
    theirs.close()
    heard: list[tuple[Any, ...]] = []
    try:
        assert ours.poll(LONGEST_WAIT_S)
        assert ours.recv() == ("begun",)
        for nth in range(moment.words):
            if not ours.poll(LONGEST_WAIT_S / 20 if nth else LONGEST_WAIT_S):
                break
            heard.append(ours.recv())
        worker.join(timeout=moment.after_s)
    finally:
        worker.kill()
        worker.join()
    assert worker.exitcode not in (0, 1), "it ended of itself"
    worker.close()
    return heard + rest_of(ours)


def rest_of(wire: Connection) -> list[tuple[Any, ...]]:
    """What was said and not heard yet; a word that was cut off was not said."""
    found = []
    try:
        while True:
            found.append(wire.recv())
    except (EOFError, OSError):
        wire.close()
    return found


def opened_with_one_of(folder: Path, passphrases: tuple[str, ...]) -> OpenVault:
    """The desk in `folder`, opened with the first of the passphrases that does; WrongKey where none does."""
    for passphrase in passphrases[:-1]:
        try:
            return opened(folder, passphrase)
        except WrongKey:
            continue
    return opened(folder, passphrases[-1])


def keep_oldest_store(profile: Profile) -> None:
    """Put the store of the oldest kept version beside the profile, under the profile's key, with its rows as JSON.

    Where no kept store is older than this version, one that was made and never filled.
    """
    target = profile.oldest
    kept = min((Path(__file__).parents[1] / "data" / "vaults").glob(f"*/{SECRETS}")).parent
    secrets = json.loads((kept / SECRETS).read_text("utf-8"))
    if secrets["revision"] == migrate.HEAD:
        create_store(target, profile.key).dispose()
        target.with_suffix(".json").write_text("{}", "utf-8")
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copytree(kept, Path(folder) / "kept"))
        backend = MemoryBackend()
        backend.kept[SERVICE, json.loads((copy / "vault.json").read_text("utf-8"))["vault_id"]] = secrets[
            "device_secret"
        ]
        ring = SecureKeyring(backend)
        vault = open_vault(copy, secrets["passphrase"], keyring=ring, clock=FixedClock(NOON), cost=CHEAP)
        with reading_copy(copy / DATABASE_NAME, vault.db_key.buffer) as raw:
            copy_under(raw, target, profile.key, lambda *_: None, lambda: False)
        vault.close()
        shutil.copy(copy / ROWS, target.with_suffix(".json"))
