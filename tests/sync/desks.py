"""Desks with stores of their own and a hub between them, in one process: everything real but the network."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from advocate_desk.casework.work import Actor, Work
from advocate_desk.clock import FixedClock
from advocate_desk.hub import attachments, pulls, pushes
from advocate_desk.hub import members as hub_members
from advocate_desk.hub import revisions as hub_revisions
from advocate_desk.hub.callers import Caller, refuse_revoked
from advocate_desk.hub.database import Database, open_database
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import state, statements, wire
from advocate_desk.sync.exchange import Exchange, Report
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.messages import AskRevisions, PieceName, Revisions
from advocate_desk.sync.statements import ADMINISTRATOR, ADVOCATE, AddDevice, Found, Members, SetPerson, Statement
from advocate_desk.sync.wire import Page, Pull, Push, PushAnswer, Right
from advocate_desk.vault import sodium
from advocate_desk.vault.device import Device, new_device
from advocate_desk.vault.secret import SecretKey
from tests.builders import NOON, a_work

QUOTA = 1024**3


@dataclass
class NearHub:
    """The hub's own functions, called as the network would call them: each message goes through bytes."""

    database: Database
    caller: Caller
    calls: int = 0

    def push(self, push: Push) -> PushAnswer:
        answer: PushAnswer = self._ask(lambda: pushes.take_push(self.database, self.caller, _again(push), QUOTA))
        return answer

    def pull(self, pull: Pull) -> Page:
        answer: Page = self._ask(lambda: pulls.answer_pull(self.database, self.caller, _again(pull)))
        return answer

    def rights(self, rights: Sequence[Right]) -> None:
        self._ask(lambda: hub_members.add_rights(self.database, self.caller, list(rights)))

    def revisions(self, asked: AskRevisions) -> Revisions:
        answer: Revisions = self._ask(lambda: hub_revisions.revisions(self.database, self.caller, _again(asked)))
        return answer

    def keep_piece(self, name: PieceName, body: bytes) -> None:
        attachments.keep_piece(self.database, self.caller, name, body, QUOTA)

    def pieces(self, collection: bytes, document: bytes) -> list[int]:
        return attachments.pieces_of(self.database, self.caller, collection, document).numbers

    def piece(self, name: PieceName) -> bytes:
        return attachments.read_piece(self.database, self.caller, name)

    def cleared(self, collection: bytes) -> None:
        hub_members.confirm_cleared(self.database, self.caller, collection)

    def _ask(self, call: Any) -> Any:
        self.calls += 1
        try:
            with self.database.reading() as session:
                (number,) = session.rows("SELECT revoked_by FROM device WHERE device = ?", self.caller.device)[0]
                if number:
                    refuse_revoked(session, self.caller.organisation, number)
            return _again(call())
        except RefusedByHub as refusal:
            raise HubRefused(refusal.code, refusal.detail, refusal.bodies) from refusal


def _again(message: Any) -> Any:
    return wire.unpack(type(message), wire.pack(message))


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
        desk = Desk(name, work, device, NearHub(self.database, caller))
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

    def exchange_all(self, rounds: int = 3) -> None:
        for _ in range(rounds):
            for each in self.desks:
                each.exchange()


def file_text(file_id: UUID) -> str:
    return file_id.hex
