"""Desks that reach their hub over HTTP, and desks that are processes of their own, to be killed."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from advocate_desk import paths
from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import FixedClock
from advocate_desk.hub.database import open_database
from advocate_desk.store.engine import DATABASE_NAME, open_store
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.exchange import Exchange
from advocate_desk.sync.hub import HubRefused, Unreachable
from advocate_desk.sync.statements import Members
from advocate_desk.sync.transport import HttpHub
from advocate_desk.vault import sodium
from advocate_desk.vault.device import Device
from advocate_desk.vault.secret import SecretKey
from tests.builders import ACTOR, KEY, NOON, PACKS
from tests.sync.desks import Desk, Team
from tests.sync.model import Typist

ROOT = paths.resources().parent
WORDS_A_RUN = 1_000_000
EXPECTED = {"too_many"}
"""Refusals that a desk may hear in bad weather: every other one is a fault of ours."""


@dataclass
class FarTeam(Team):
    """An organisation whose desks exchange over HTTP. Its founder's statements go straight into the database."""

    url: str = ""
    address: str = ""

    def __post_init__(self) -> None:
        self.database = open_database(self.url)
        self.members = Members(self.organisation, sodium.sign_public(self.root.buffer))

    def join(self, name: str, *roles: str, hours_off: int = 0) -> Desk:
        """A new person, whose desk is also written down for a process of its own."""
        desk = super().join(name, *roles, hours_off=hours_off)
        written = {
            "device": desk.device.id.hex,
            "seed": bytes(desk.device.sign_seed.buffer).hex(),
            "secret": bytes(desk.device.exchange_secret.buffer).hex(),
            "organisation": self.organisation.hex(),
            "address": self.address,
            "hours_off": hours_off,
        }
        (self.folder / name / "desk.json").write_text(json.dumps(written))
        desk.hub = _far_hub(desk.device, self.organisation, self.address)  # type: ignore[assignment]
        return desk

    def close(self) -> None:
        for each in self.desks:
            each.hub.close()  # type: ignore[attr-defined]
        super().close()


def _far_hub(device: Device, organisation: bytes, address: str) -> HttpHub:
    return HttpHub(parse_address(address), organisation, device.id.bytes, device.sign_seed)


def open_desk(folder: Path) -> Desk:
    """The desk that was written down in `folder`."""
    said = json.loads((folder / "desk.json").read_text())
    seed, secret = (SecretKey(bytearray.fromhex(said[name])) for name in ("seed", "secret"))
    public = (sodium.sign_public(seed.buffer), sodium.exchange_public(secret.buffer))
    device = Device(UUID(said["device"]), *public, seed, secret)
    clock = FixedClock(NOON + timedelta(hours=said["hours_off"]))
    work = Work(open_store(folder / DATABASE_NAME, KEY), clock, PACKS, Actor(folder.name, ACTOR.role, str(device.id)))
    hub: Any = _far_hub(device, bytes.fromhex(said["organisation"]), said["address"])
    return Desk(folder.name, work, device, hub)


@dataclass
class Journal:
    """What a desk's process typed and heard, written as it happens: it outlives a kill."""

    path: Path

    def write(self, kind: str, words: set[str]) -> None:
        if words:
            with self.path.open("a") as file:
                file.write("".join(f"{kind} {json.dumps(word)}\n" for word in sorted(words)))

    def read(self) -> dict[str, set[str]]:
        """The words by kind. A last line that was cut off by the kill is passed over."""
        found: dict[str, set[str]] = {"typed": set(), "typed_over": set(), "trouble": set(), "round": set()}
        if self.path.exists():
            for line in self.path.read_text().splitlines(keepends=True):
                if line.endswith("\n"):
                    kind, _, word = line.partition(" ")
                    found[kind].add(json.loads(word))
        return found


@dataclass
class WritingTypist(Typist):
    """A typist whose words are on disk: those typed over before the transaction ends, those typed after it."""

    journal: Journal = field(default_factory=lambda: Journal(Path(os.devnull)))

    def work(self, acts: int) -> int:
        before = set(self.typed)
        done = super().work(acts)
        self.journal.write("typed", self.typed.keys() - before)
        return done

    def _edit(self, driver: Any, shape: Any) -> int:
        before = set(self.typed_over)
        done = super()._edit(driver, shape)
        self.journal.write("typed_over", self.typed_over - before)
        return done


def start_process(folder: Path, run: int) -> subprocess.Popen[bytes]:
    """The desk of `folder` as a process that works and exchanges until it is killed."""
    command = [sys.executable, "-m", "tests.hub.far_desks", str(folder), str(run)]
    log = (folder / "log").open("ab")
    with log:
        return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)


def work_until_killed(folder: Path, run: int) -> None:
    """Type and exchange, for ever."""
    desk, journal = open_desk(folder), Journal(folder / "journal")
    chance = random.Random(f"{folder.name}{run}")
    typist = WritingTypist(desk, folder.name, chance, count=run * WORDS_A_RUN, journal=journal)
    done = 0
    while True:
        typist.look()
        typist.work(typist.chance.choice([1, 5, 20]))
        try:
            Exchange(desk.work.engine, desk.device, desk.hub, desk.work.clock).run()
            done += 1
            journal.write("round", {f"{run} {done}"})
        except Unreachable:
            continue
        except HubRefused as refusal:
            if refusal.code not in EXPECTED:
                journal.write("trouble", {refusal.code})
        except Exception as error:
            journal.write("trouble", {repr(error)})


if __name__ == "__main__":
    work_until_killed(Path(sys.argv[1]), int(sys.argv[2]))
