"""What the hub's operator can look at after a whole session: database and its files, traffic, log and figures.

None of it holds a word that anybody typed.
"""

from __future__ import annotations

import hashlib
import os
import random
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.casework.people import PersonDetails
from advocate_desk.domain.identity import uuid7
from advocate_desk.sync import enrol, names
from advocate_desk.sync.attachments import Attachments
from advocate_desk.sync.names import Name
from advocate_desk.sync.statements import SUPERVISOR, SetPerson
from tests import planted
from tests.builders import a_file
from tests.hub import postgres
from tests.hub.far_desks import FarTeam
from tests.hub.postgres import Postgres
from tests.hub.processes import HubProcess, free_port
from tests.hub.proxy import Proxy
from tests.sync.desks import Desk
from tests.sync.model import Typist, files_of

ACTS = 150
CLIENT = PersonDetails("client", planted.CLIENT_GIVEN, planted.CLIENT_FAMILY)


class Planter(Typist):
    """Types planted words and nothing else, into every field of every kind of record."""

    def word(self, where: str) -> str:
        self.count += 1
        return planted.ALL[self.count % len(planted.ALL)]


@dataclass
class Session:
    """Two desks, a hub process, and a network whose traffic is kept."""

    hub: HubProcess
    proxy: Proxy
    team: FarTeam
    figures: int
    server: Postgres | None
    database: str

    def work(self) -> None:
        """Everything that sends a word to the hub: names, files, every kind of record, an attachment, an invitation."""
        ann, ben = self.team.join("Ann", SUPERVISOR), self.team.join("Ben", SUPERVISOR)
        self.team.exchange_all(2)
        self._name(ann)
        a_file(ann.work, client=CLIENT)
        _store(ann)
        self.team.exchange_all(2)
        assert Attachments(ann.work.engine, self.team.organisation, ann.hub, ann.work.clock).run().sent == 1
        assert Attachments(ben.work.engine, self.team.organisation, ben.hub, ben.work.clock).run().received == 1
        self._invite(ann)
        for seed, desk in enumerate((ann, ben, ann)):
            planter = Planter(desk, desk.name, random.Random(seed), count=seed * ACTS)
            planter.look()
            planter.work(ACTS)
            self.team.exchange_all(1)
        self.team.exchange_all(2)
        assert files_of(ann) == files_of(ben)
        assert planted.traces(repr(files_of(ben))) == [*planted.ALL]

    def _name(self, desk: Desk) -> None:
        said = Name(f"{planted.CLIENT_GIVEN} {planted.CLIENT_FAMILY}", planted.PLACE)
        sealed = names.seal_name(said, self.team.organisation, desk.person, {1: os.urandom(32)})
        roles = sorted(self.team.members.people[desk.person].roles)
        self.team.say(SetPerson(desk.person, roles, [], True, sealed))

    def _invite(self, desk: Desk) -> None:
        ticket = enrol.Ticket(os.urandom(32), os.urandom(32))
        offer = enrol.Offer(
            self.team.organisation, self.team.members.root_public, self.team.address, planted.PLACE, os.urandom(16),
            planted.OFFICER, [SUPERVISOR], [], planted.ADDRESSEE,
        )  # fmt: skip
        far: Any = desk.hub
        far.invite(enrol.invitation(ticket, offer))
        assert enrol.open_offer(ticket, _body_of(self, ticket.name)).person_name == planted.OFFICER

    def identities_in(self, name: str, left: dict[str, bytes]) -> set[str]:
        """The identifiers and addresses that something left behind holds, raw or in hexadecimal."""
        ids = {each.device.id.hex for each in self.team.desks} | {self.team.organisation.hex()}
        ids |= {row[0] for row in self.team.desks[0].rows("SELECT id FROM client_file")}
        held = left[name]
        found = {each for each in ids if bytes.fromhex(each) in held or each.encode() in held.lower()}
        return found | ({"127.0.0.1"} if b"127.0.0.1" in held else set())

    def left_behind(self) -> dict[str, bytes]:
        """All that the operator has, by what it is."""
        found = {"log": self.hub.log.encode(), "figures": self.hub.get("/metrics", self.figures)[1]}
        found["traffic"] = b"".join(self.proxy.passed)
        if self.server is None:
            for path in self.hub.folder.glob("hub.db*"):
                found[path.name] = path.read_bytes()
            with closing(sqlite3.connect(self.hub.folder / "hub.db")) as connection:
                found["dump"] = "\n".join(connection.iterdump()).encode()
        else:
            self.server.ask(self.database, "CHECKPOINT")
            found |= _files_of(self.server, self.database)
            dump = [postgres.program("pg_dump"), "--inserts", self.server.url(self.database)]
            found["dump"] = subprocess.run(dump, check=True, capture_output=True).stdout
        return found


def _body_of(session: Session, name: bytes) -> bytes:
    with session.team.database.reading() as reading:
        return bytes(reading.rows("SELECT body FROM invitation WHERE name = ?", name)[0][0])


def _store(desk: Desk) -> None:
    """A document of many planted words, in the file that is there."""
    content = b"\n".join(word.encode() for word in planted.ALL) * 20
    at = "2026-11-21T12:00:00.000000Z"
    file_id = desk.rows("SELECT id FROM client_file")[0][0]
    with desk.work.engine.begin() as conn:
        conn.exec_driver_sql(
            "INSERT INTO stored_document (id, file_id, created_at, changed_at, title, media_type, size_bytes, sha256, "
            "content) VALUES (?, ?, ?, ?, ?, 'application/pdf', ?, ?, ?)",
            (
                uuid7(1, os.urandom(10)).hex, file_id, at, at, planted.STORY, len(content),
                hashlib.sha256(content).hexdigest(), content,
            ),
        )  # fmt: skip


def _files_of(server: Postgres, database: str) -> dict[str, bytes]:
    """The files of one database, and the log of writes of its server."""
    number = server.ask(database, f"SELECT oid FROM pg_database WHERE datname = '{database}'")[0][0]
    places = [server.data / "base" / str(number), server.data / "pg_wal", server.data / "pg_xact", server.home / "log"]
    files = [file for place in places for file in ([place] if place.is_file() else place.rglob("*")) if file.is_file()]
    return {str(file.relative_to(server.home)): file.read_bytes().rstrip(b"\0") for file in files}


def traces(left: dict[str, bytes]) -> set[str]:
    """Which of what is left holds a planted word, plain, in UTF-16, or in the hexadecimal of a dump."""
    forms = {
        form.lower()
        for word in planted.ALL
        for form in (word.encode(), word.encode("utf-16-le"), word.encode().hex().encode())
    }
    found = {
        name for name, data in left.items() for lowered in [data.lower()] if any(form in lowered for form in forms)
    }
    return found | {name for name in ("log", "figures") if planted.traces(left[name])}


@pytest.fixture(params=["postgres", "sqlite"])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    with ExitStack() as stack:
        server = stack.enter_context(postgres.running()) if request.param == "postgres" else None
        database = server.new_database() if server else ""
        url = server.url(database) if server else str(tmp_path / "hub" / "hub.db")
        figures = free_port()
        hub = HubProcess(tmp_path / "hub", url, options={"metrics": f"127.0.0.1:{figures}"})
        stack.callback(hub.end)
        hub.start()
        proxy = Proxy(hub.port, 1)
        proxy.keeps_traffic = True
        stack.callback(proxy.end)
        team = FarTeam(tmp_path, url=url, address=proxy.address)
        stack.callback(team.close)
        yield Session(hub, proxy, team, figures, server, database)


def test_nothing_that_was_typed_is_anywhere_at_the_hub(session: Session) -> None:
    session.work()
    left = session.left_behind()
    assert traces(left) == set()
    assert session.identities_in("log", left) == session.identities_in("figures", left) == set()
    assert len(session.identities_in("traffic", left)) > 4
    assert len(left["traffic"]) > 100_000
    assert len(left["dump"]) > 100_000

    with session.team.database.writing() as writing:  # and the search would have found it
        writing.run("UPDATE organisation SET root_public = ?", planted.STORY.encode())
    found = traces(session.left_behind())
    assert "dump" in found
    assert len(found) >= (3 if session.server else 2)
