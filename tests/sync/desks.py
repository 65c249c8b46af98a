"""Desks with stores of their own and a hub between them, in one process: everything real but the network."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import FixedClock
from advocate_desk.hub import members as hub_members
from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import open_database
from advocate_desk.hub.near import NearHub
from advocate_desk.sync import state, statements
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE, AddDevice, Found, Members, SetPerson, Statement
from advocate_desk.vault import sodium
from advocate_desk.vault.device import Device, new_device
from advocate_desk.vault.secret import SecretKey
from tests.builders import NOON, a_work

QUOTA = 1024**3


@dataclass
class Desk:
    """One desk: its person, its store, and its side of the exchange."""

    name: str
    work: Work
    device: Device
    hub: NearHub

    @property
    def person(self) -> bytes:
        return self.device.id.bytes

    def exchange(self) -> Report:
        return Exchange(self.work.engine, self.device, self.hub, self.work.clock).run()

    def keep_to(self, file_id: UUID, *desks: Desk) -> None:
        """Restrict a file to the people of these desks."""
        named = json.dumps(sorted(each.person.hex() for each in desks))
        with self.work.engine.begin() as conn:
            conn.exec_driver_sql(
                "UPDATE client_file SET is_restricted = 1, readers = ? WHERE id = ?", (named, file_id.hex)
            )

    def rows(self, sql: str, *parameters: object) -> list[Any]:
        with self.work.engine.connect() as conn:
            return list(conn.exec_driver_sql(sql, parameters).all())


@dataclass
class Team:
    """An organisation of desks and its hub."""

    folder: Path
    organisation: bytes = field(default_factory=lambda: os.urandom(16))
    root: SecretKey = field(default_factory=SecretKey.random)
    desks: list[Desk] = field(default_factory=list)
    said: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database = open_database(str(self.folder / "hub.db"))
        self.members = Members(self.organisation, sodium.sign_public(self.root.buffer))

    def close(self) -> None:
        for each in self.desks:
            each.work.engine.dispose()
        self.database.close()

    def join(self, name: str, *roles: str, hours_off: int = 0) -> Desk:
        """A new person with a desk of her own; the first one founds the organisation. Her clock may be wrong."""
        folder = self.folder / name
        folder.mkdir()
        made = a_work(folder, NOON + timedelta(hours=hours_off))
        device = new_device()
        work = Work(made.engine, FixedClock(made.clock.now()), made.packs, Actor(name, "advocate", str(device.id)))
        caller = Caller(self.organisation, device.id.bytes, device.sign_public)
        desk = Desk(name, work, device, NearHub(self.database, caller, QUOTA))
        person = SetPerson(device.id.bytes, list(roles or (ADVOCATE,)), [], True, b"")
        enrolled = AddDevice(device.id.bytes, device.id.bytes, device.sign_public, device.exchange_public, b"")
        if self.desks:
            self.say(person)
            self.say(enrolled)
        else:
            founding = SetPerson(person.person, [*person.roles, ADMINISTRATOR], [], True, b"")
            act = Found(self.members.root_public, bytes(32), 2, 3, founding, enrolled)
            body = statements.sign(Statement(self.organisation, 1, NONE, act), statements.ROOT, self.root.buffer)
            hub_members.found_organisation(self.database, body, 0)
            self.members = statements.take(self.members, body)
        with work.engine.connect() as conn:
            driver = conn.connection.driver_connection
            driver.execute("BEGIN IMMEDIATE")  # type: ignore[union-attr]
            state.join(driver, self.organisation, self.members.root_public, device.id.bytes, "", NOON)
            driver.execute("COMMIT")  # type: ignore[union-attr]
        self.desks.append(desk)
        return desk

    def say(self, act: statements.Act) -> None:
        """A statement of the founder."""
        founder = self.desks[0].device
        statement = Statement(self.organisation, self.members.number + 1, self.members.hash, act)
        body = statements.sign(statement, founder.id.bytes, founder.sign_seed.buffer)
        hub_members.add_statement(self.database, self.organisation, body)
        self.members = statements.take(self.members, body)
        self.said.append(body)

    def say_again(self) -> None:
        """Every statement, to a hub that was restored to before some of them."""
        for body in self.said:
            hub_members.add_statement(self.database, self.organisation, body)

    def exchange_all(self, rounds: int = 3) -> None:
        for _ in range(rounds):
            for each in self.desks:
                each.exchange()


def file_text(file_id: UUID) -> str:
    return file_id.hex
