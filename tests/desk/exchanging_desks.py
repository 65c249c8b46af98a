"""Desks of the real program in an organisation with a real hub process, reached over HTTP on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from advocate_desk.casework.work import Work
from advocate_desk.store.engine import writing
from advocate_desk.sync import state
from advocate_desk.sync.statements import ADVOCATE, AddDevice, SetPerson
from advocate_desk.vault.device import Device
from tests.builders import NOON
from tests.faults.profiles import Profile, opened
from tests.hub.far_desks import FarTeam
from tests.hub.processes import HubProcess


@dataclass
class Organisation:
    """Ann, who administers it, and whoever is enrolled. `hub` can be killed and started."""

    team: FarTeam
    hub: HubProcess

    def enrol(self, work: Work, device: Device, *roles: str) -> None:
        """Let a desk join that exists already."""
        person = device.id.bytes
        self.team.say(SetPerson(person, list(roles or (ADVOCATE,)), [], True, b""))
        self.team.say(AddDevice(person, person, device.sign_public, device.exchange_public, b""))
        with writing(work.engine).begin() as conn:
            driver = conn.connection.driver_connection
            members = self.team.members
            state.join(driver, self.team.organisation, members.root_public, person, self.team.address, NOON)

    def enrol_profile(self, profile: Profile, *roles: str) -> bytes:
        """Let the desk of a profile join; the id of its device."""
        vault, work = opened(profile.folder), profile.work()
        self.enrol(work, vault.device, *roles)
        work.engine.dispose()
        device = vault.device.id.bytes
        vault.close()
        return device


@contextmanager
def organisation(folder: Path) -> Iterator[Organisation]:
    """An organisation whose founder is Ann."""
    hub = HubProcess(folder / "hub", str(folder / "hub.db"))
    team = FarTeam(folder, url=str(folder / "hub.db"), address=f"http://127.0.0.1:{hub.port}")
    team.join("Ann", "supervisor")
    hub.start()
    try:
        yield Organisation(team, hub)
    finally:
        team.close()
        hub.end()
