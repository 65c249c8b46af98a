"""An organisation in one store, without a hub: members, teams and names as an exchange leaves them. All invented."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from advocate_desk.casework.work import Work
from advocate_desk.sync import state, statements
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.names import Name, seal_name
from advocate_desk.sync.statements import (
    ADMINISTRATOR,
    ADVOCATE,
    ROOT,
    SUPERVISOR,
    AddDevice,
    Found,
    Members,
    SetPerson,
    SetTeam,
    Statement,
)
from advocate_desk.vault import sodium
from advocate_desk.vault.device import Device, new_device
from advocate_desk.vault.secret import SecretKey
from tests.builders import NOON

SITES = (("Harbour", "Exampleford"), ("Meadow", "Sampleton"), ("Ward", "Testham Hospital"))
NAMES = (
    "Ada Fabricant", "Bea Sampleby", "Cas Notional", "Dee Placeholt", "Eve Mockridge", "Fay Figment", "Gil Testworth",
    "Hal Specimen",
)  # fmt: skip


@dataclass
class Organisation:
    """The chain of members in a store. Every statement is the founder's, who is at the desk."""

    work: Work
    id: bytes = field(default_factory=lambda: os.urandom(16))
    root: SecretKey = field(default_factory=SecretKey.random)
    key: bytes = field(default_factory=lambda: os.urandom(32))
    device: Device = field(default_factory=new_device)

    def __post_init__(self) -> None:
        self.members = Members(self.id, sodium.sign_public(self.root.buffer))
        self.person = self.device.id.bytes

    def found(self, name: str, *roles: str) -> None:
        """The founder's desk, as it is once the organisation is there."""
        sealed = self._sealed(self.person, name, "")
        person = SetPerson(self.person, [*roles, ADMINISTRATOR], [], True, sealed)
        device = AddDevice(self.person, self.person, self.device.sign_public, self.device.exchange_public, b"")
        act = Found(self.members.root_public, bytes(32), 2, 3, person, device)
        body = statements.sign(Statement(self.id, 1, NONE, act), ROOT, self.root.buffer)
        with self.work.engine.connect() as conn:
            driver = conn.connection.driver_connection
            assert driver is not None
            driver.execute("BEGIN IMMEDIATE")
            state.join(driver, self.id, self.members.root_public, self.person, "", NOON)
            state.keep_key(driver, self.id, 1, self.key)
            driver.execute("COMMIT")
        self._keep(body)

    def say(self, act: statements.Act) -> None:
        """One more statement."""
        statement = Statement(self.id, self.members.number + 1, self.members.hash, act)
        self._keep(statements.sign(statement, self.device.id.bytes, self.device.sign_seed.buffer))

    def team(self, name: str, site: str) -> UUID:
        """A team at a site."""
        made = os.urandom(16)
        self.say(SetTeam(made, True, self._sealed(made, name, site)))
        return UUID(bytes=made)

    def member(self, name: str, teams: Sequence[UUID] = (), *roles: str, is_active: bool = True) -> UUID:
        """Somebody of the organisation, an advocate unless said otherwise."""
        made = os.urandom(16)
        initials = "".join(word[0] for word in name.split())
        ids = [each.bytes for each in teams]
        said = list(roles or (ADVOCATE,))
        self.say(SetPerson(made, said, ids, is_active, self._sealed(made, name, initials)))
        return UUID(bytes=made)

    def _sealed(self, about: bytes, name: str, detail: str) -> bytes:
        return seal_name(Name(name, detail), self.id, about, {1: self.key})

    def _keep(self, body: bytes) -> None:
        self.members = statements.take(self.members, body)
        with self.work.engine.connect() as conn:
            driver = conn.connection.driver_connection
            assert driver is not None
            driver.execute("BEGIN IMMEDIATE")
            state.keep_statement(driver, self.members.number, body)
            driver.execute("COMMIT")


def eight_advocates(work: Work, role: str = SUPERVISOR) -> dict[str, tuple[UUID, UUID]]:
    """A supervisor at the desk, eight advocates in three teams: by name, the ids of the person and of her team."""
    made = Organisation(work)
    made.found(work.actor.name, role)
    teams = [made.team(*each) for each in SITES]
    return {
        name: (made.member(name, (teams[number % len(teams)],)), teams[number % len(teams)])
        for number, name in enumerate(NAMES)
    }
