"""Both ends of the wire: what the hub is asked, what it answers, and what desks seal for one another.

Signatures stop nearly every change of a byte, so what a member could sign is signed again after it was changed: what
is tried is a colleague, or an administrator, in bad faith, and a hub with one of them.
"""

from __future__ import annotations

import contextlib
import http.client
import io
import random
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from advocate_desk.clock import FixedClock
from advocate_desk.hub import bundle
from advocate_desk.hub.app import Hub
from advocate_desk.hub.limits import Limits
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import (
    enrol,
    inbox,
    manifest,
    ownership,
    owning,
    records,
    seal,
    share_codes,
    signing,
    state,
    statements,
    transport,
    wire,
)
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.hub import HubRefused
from advocate_desk.sync.inbox import Arrived
from advocate_desk.sync.manifest import Distrust, Manifest
from advocate_desk.sync.messages import (
    AskChallenge,
    AskRevisions,
    Body,
    Invite,
    Named,
    OpenSession,
    Owners,
    PieceBody,
    PieceName,
    Rights,
    SessionFor,
)
from advocate_desk.sync.ownership import Owned
from advocate_desk.sync.pages import OwnAhead, Taker
from advocate_desk.sync.seal import Forged, Place, Record
from advocate_desk.sync.statements import SUPERVISOR, SetTeam, Statement
from advocate_desk.sync.transaction import writing
from advocate_desk.sync.transport import Line
from advocate_desk.sync.wire import Fill, Ownership, Page, Pull, Push, Refusal, SignedOwnership, Tip
from advocate_desk.vault.recovery import RecoveryCode
from tests.builders import NOON, a_file
from tests.fuzz.mutation import bytewise
from tests.fuzz.target import Feed, Target, text_of
from tests.sync.desks import Desk, Team

ROUTES: Sequence[tuple[type[msgspec.Struct], str, bool]] = (
    (AskChallenge, "challenge", False),
    (OpenSession, "session", False),
    (Named, "found", False),
    (Named, "read_invitation", False),
    (Named, "answer_invitation", False),
    (Push, "push", True),
    (Pull, "pull", True),
    (Body, "statement", True),
    (Rights, "rights", True),
    (Owners, "owners", True),
    (Named, "clear", True),
    (Named, "cleared", True),
    (Named, "doubt", True),
    (Named, "settled", True),
    (Invite, "invite", True),
    (Named, "invitation_answer", True),
    (Named, "take_back", True),
    (AskRevisions, "revisions", True),
    (PieceBody, "keep_piece", True),
    (PieceName, "pieces", True),
    (PieceName, "piece", True),
)
"""Every route of the hub: what it is asked with, the function behind it, and whether it wants a session."""
MOMENT = "2026-11-21T12:00:00.000000Z"
_team: list[Team] = []


def _a_team(folder: Path) -> tuple[Team, Desk, Desk]:
    team = Team(folder)
    ann, eve = team.join("Ann", SUPERVISOR), team.join("Eve", SUPERVISOR)
    a_file(ann.work)
    team.exchange_all(2)
    _team.append(team)  # lives as long as the process, which ends with the run
    return team, ann, eve


# --- the hub ---


def _start_hub(folder: Path) -> Feed:
    team, _, eve = _a_team(folder)
    hub = Hub(team.database, Limits(quota_bytes=64 * 1024 * 1024), FixedClock(NOON))

    def feed(data: bytes) -> None:
        kind, name, wants_session = ROUTES[data[0] % len(ROUTES) if data else 0]
        try:
            asked = _signed_again(wire.unpack(kind, data[1:]), team, eve)
            act = getattr(hub, name)
            wire.pack(act(eve.hub.caller, asked) if wants_session else act(asked))
        except (wire.Malformed, RefusedByHub):
            return

    return feed


def _signed_again(asked: msgspec.Struct, team: Team, eve: Desk) -> msgspec.Struct:
    """What Eve asks, with her own signatures where there are any."""
    seed = eve.device.sign_seed
    match asked:
        case Push():
            signature = signing.sign(signing.PUSH, asked.manifest, seed.buffer)
            return msgspec.structs.replace(asked, signature=signature)
        case Rights():
            by = [msgspec.structs.replace(each, by=eve.device.id.bytes) for each in asked.rights]
            return Rights([msgspec.structs.replace(_right(team, eve, each), number=each.number) for each in by])
        case Owners():
            return Owners([_link(team, eve, each) for each in asked.links])
        case OpenSession():
            said = SessionFor(asked.organisation, asked.device, asked.address, asked.challenge)
            signature = signing.sign(signing.SESSION, wire.pack(said), seed.buffer)
            return msgspec.structs.replace(asked, signature=signature)
        case _:
            return asked


def _right(team: Team, eve: Desk, right: wire.Right) -> wire.Right:
    body = wire.right_body(team.organisation, right)
    return msgspec.structs.replace(right, signature=signing.sign(signing.RIGHT, body, eve.device.sign_seed.buffer))


def _link(team: Team, eve: Desk, said: SignedOwnership, chains: Mapping[bytes, Owned] | None = None) -> SignedOwnership:
    """A link as Eve would sign it: where its number is even, it follows the last of one of the files in `chains`."""
    try:
        link = wire.unpack(Ownership, said.link)
    except wire.Malformed:
        return said
    before = next(iter(chains.values()), None) if chains and link.number % 2 == 0 else None
    made = msgspec.structs.replace(link, organisation=team.organisation, members=min(link.members, team.members.number))
    if before is not None:
        number, opener = before.link.number + 1, before.link.opener
        made = msgspec.structs.replace(
            made, collection=before.link.collection, number=number, previous_hash=before.hash, opener=opener
        )
    return ownership.sign(made, eve.device.id.bytes, eve.device.sign_seed.buffer)


def _hub_seeds() -> list[bytes]:
    one, two = b"\x01" * 16, b"\x02" * 32
    change = wire.Change(one, 0, 1, b"e" * 150)
    part = wire.Part(one, [change])
    said = Manifest(one, one, 1, 0, bytes(32), [manifest.Seen(one, 3)], [manifest.named(one, [change])])
    right = wire.Right(0, one, 1, one, one, b"k" * 80, bytes(64))
    link = Ownership(one, one, 1, bytes(32), one, None, True, [one], one, 3)
    links = [
        SignedOwnership(wire.pack(each), one, bytes(64)) for each in (link, msgspec.structs.replace(link, number=2))
    ]
    statement = statements.sign(Statement(one, 2, two, SetTeam(one, True, b"")), one, b"s" * 32)
    asked: dict[str, list[msgspec.Struct]] = {
        "challenge": [AskChallenge(one, one)],
        "session": [OpenSession(one, one, b"c" * 40, bytes(64), "https://hub.example.org")],
        "found": [Named(b"", statement)],
        "read_invitation": [Named(two)],
        "answer_invitation": [Named(two, b"answer")],
        "push": [Push(wire.pack(said), bytes(64), [part]), Push(wire.pack(said), bytes(64), [])],
        "pull": [Pull(Tip(0, bytes(32)), 0, 0), Pull(Tip(1, two), 2, 3, [Fill(one, 0, 9)], True, True, 1, two, [one])],
        "statement": [Body(statement)],
        "rights": [Rights([right]), Rights([right, msgspec.structs.replace(right, sealed=b"")])],
        "owners": [Owners(links[:1]), Owners(links)],
        "clear": [Named(one)],
        "cleared": [Named(one)],
        "doubt": [Named(one)],
        "settled": [Named(one)],
        "invite": [Invite(two, b"body", 60)],
        "invitation_answer": [Named(two)],
        "take_back": [Named(two)],
        "revisions": [AskRevisions(), AskRevisions(one, one)],
        "keep_piece": [PieceBody(PieceName(one, one, 0), b"p" * 200)],
        "pieces": [PieceName(one, one, 0)],
        "piece": [PieceName(one, one, 2**40)],
    }
    return [bytes([at]) + wire.pack(each) for at, (_, name, _) in enumerate(ROUTES) for each in asked[name]]


# --- a page, as a hub and a colleague together would make it ---


@contextmanager
def _undone(driver: Any) -> Iterator[None]:
    """A transaction as the exchange has it, of which nothing stays."""
    with contextlib.suppress(_Undone), writing(driver, lambda: False):
        yield
        raise _Undone


class _Undone(Exception):
    """Nothing of it is kept."""


def _start_pages(folder: Path) -> Feed:
    team, ann, eve = _a_team(folder)
    connection = ann.work.engine.connect()
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")

    def feed(data: bytes) -> None:
        stand = state.standing(driver)
        assert stand is not None
        try:
            page = wire.unpack(Page, data)
            if sum(len(each.parts) for each in page.pushes) > 2_000:
                return
            made = msgspec.structs.replace(
                page,
                pushes=[_pushed_by(eve, team, each) for each in page.pushes],
                rights=[_right(team, eve, each) for each in page.rights],
                owners=[_link(team, eve, each, owning.lasts(driver)) for each in page.owners],
            )
            pull = Pull(stand.tip, team.members.number, stand.rights_number, page.fills)
            Taker(driver, ann.device, stand, pull).take(made, _undone, NOON)
        except (wire.Malformed, Distrust, OwnAhead):
            return

    return feed


def _pushed_by(eve: Desk, team: Team, push: wire.PulledPush) -> wire.PulledPush:
    """A push with the manifest that Eve would sign for what it holds."""
    parts = [
        manifest.Named(
            each.collection,
            max(1, len(each.items)),
            wire.digest(b"".join(wire.entry(i.item, i.revision, i.epoch, i.envelope) for i in each.items)),
        )
        for each in push.parts
    ]
    with contextlib.suppress(wire.Malformed):
        said = wire.unpack(Manifest, push.manifest)
        made = msgspec.structs.replace(
            said, organisation=team.organisation, device=eve.device.id.bytes, number=max(1, said.number), parts=parts
        )
        body, signature = manifest.sign(made, eve.device.sign_seed.buffer)
        return msgspec.structs.replace(push, manifest=body, signature=signature)
    return push


def _page_seeds() -> list[bytes]:
    one = b"\x01" * 16
    said = wire.pack(Manifest(one, one, 1, 0, bytes(32), [manifest.Seen(one, 3)], []))
    item = wire.Current(one, 1, 1, b"e" * 170)
    push = wire.PulledPush(50, said, bytes(64), [wire.PulledPart(one, [item])])
    right = wire.Right(99, one, 1, one, one, b"k" * 80, bytes(64))
    link = Ownership(one, one, 1, bytes(32), one, None, True, [one], one, 3)
    links = [
        SignedOwnership(wire.pack(each), one, bytes(64)) for each in (link, msgspec.structs.replace(link, number=2))
    ]
    pages = [
        Page([], [], [], [], [], False, 0),
        Page([push], [], [], [], [], False, 50, 3, 9),
        Page(
            [push],
            [wire.FilledPart(7, one, [item])],
            [Fill(one, 0, 9)],
            [b"statement"],
            [right],
            True,
            50,
            3,
            99,
            [wire.PulledPart(one, [item])],
            links,
            [wire.Wanting(one, one)],
            99,
        ),
    ]
    return [wire.pack(each) for each in pages]


# --- a record, as a colleague would seal it ---


def _start_records(folder: Path) -> Feed:
    team, ann, _ = _a_team(folder)
    connection = ann.work.engine.connect()
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    collection = bytes.fromhex(ann.rows("SELECT id FROM client_file")[0][0])
    known = {kind: ann.rows(f'SELECT id FROM "{kind}" LIMIT 1') for kind in records.shapes()}
    key = bytes(32)

    def feed(data: bytes) -> None:
        is_new = bool(data[:1] and data[0] & 1)
        place = Place(team.organisation, collection, b"\x07" * 16, 1, 3)
        try:
            record = seal.unseal(seal.seal_bytes(data[1:], place, key), place, key)
        except Forged:
            return
        found = known.get(record.kind)
        item = b"\x07" * 16 if is_new or not found else bytes.fromhex(found[0][0])
        arrived = Arrived(record.kind, item, collection, 3, "", "", record.values, True)
        with _undone(driver):
            if data[0] & 2:
                driver.execute("UPDATE person SET base = '{}', synced_rev = 1")
            inbox.apply(driver, [arrived, arrived], NOON)
        if data[0] & 4 and not found:
            _read_back(ann, record)

    return feed


def _read_back(ann: Desk, record: Record) -> None:
    """What is taken as a record can be read as the tables read it."""
    from advocate_desk.store.tables.base import metadata

    try:
        row = records.incoming(record.kind, record.values)
    except records.Unreadable:
        return
    table = metadata.tables[record.kind]
    dialect = ann.work.engine.dialect
    for name, value in row.items():
        reader = table.c[name].type.result_processor(dialect, None)
        if reader is not None:
            reader(value)


def _record_seeds() -> list[bytes]:
    made = []
    for shape in records.shapes().values():
        row = {**shape.empty, "created_at": MOMENT, "changed_at": MOMENT}
        for needed in ("0" * 32, "2026-11-21"):
            row |= {name: needed for name, value in row.items() if not shape.checks[name](value)}
        body = msgspec.msgpack.encode(Record(shape.name, row))
        made += [b"\x00" + body, b"\x07" + body]
    return [
        *made,
        b"\x02" + msgspec.msgpack.encode(Record("person", {"extra": {}, "unknown": [1.5, None, {"a": b""}]})),
    ]


# --- statements ---


def _start_statements(folder: Path) -> Feed:
    team, ann, eve = _a_team(folder)

    def feed(data: bytes) -> None:
        signer = ann if data[:1] and data[0] & 1 else eve
        with contextlib.suppress(Distrust):
            statements.take(team.members, data[1:])
        try:
            said = wire.unpack(Statement, data[1:])
        except wire.Malformed:
            return
        made = msgspec.structs.replace(
            said, organisation=team.organisation, number=team.members.number + 1, previous_hash=team.members.hash
        )
        body = statements.sign(made, signer.device.id.bytes, signer.device.sign_seed.buffer)
        try:
            after = statements.take(team.members, body)
        except Distrust:
            return
        assert signer is ann, "somebody who is no administrator changed the members"
        assert after.number == team.members.number + 1

    return feed


def _statement_seeds() -> list[bytes]:
    one, two = b"\x01" * 16, b"\x02" * 32
    person = statements.SetPerson(one, ["advocate"], [], True, b"")
    device = statements.AddDevice(one, one, two, two, b"name")
    acts: list[statements.Act] = [
        SetTeam(one, True, b"sealed"),
        statements.SetRules(b"sealed"),
        person,
        device,
        statements.RevokeDevice(one, True, 7),
        statements.Found(two, two, 2, 3, person, device),
    ]
    return [b"\x01" + wire.pack(Statement(one, 2, two, act)) for act in acts]


# --- what comes down the line, from whatever answers there ---


class _Said(io.BytesIO):
    """A socket from which one answer comes."""

    def __init__(self, said: bytes) -> None:
        super().__init__()
        self._answer = said

    def makefile(self, *_arguments: object) -> io.BytesIO:
        return io.BytesIO(self._answer)

    def sendall(self, _body: object) -> None:
        """Nobody listens."""


def _start_answers(_folder: Path) -> Feed:
    address = parse_address("http://localhost:1")
    answer: list[bytes] = [b""]

    def connect(_address: object) -> http.client.HTTPConnection:
        made = http.client.HTTPConnection("localhost", 1)
        made.sock = _Said(answer[0])
        return made

    def feed(data: bytes) -> None:
        answer[0] = data
        before, transport.connect = transport.connect, connect  # type: ignore[assignment]
        try:
            Line(address).ask("pull", Pull(Tip(0, bytes(32)), 0, 0), Page)
        except HubRefused:
            return
        finally:
            transport.connect = before

    return feed


def _answer_seeds() -> list[bytes]:
    bodies = [
        *_page_seeds(),
        wire.pack(Refusal("other_history", "Said", 5, [b"x"])),
        b"\xdd\xff\xff\xff\xff",
        b"\x1f\x8b",
    ]
    heads = [
        f"HTTP/1.1 {status} X\r\nContent-Type: {transport.MEDIA_TYPE}\r\nContent-Length: ".encode()
        for status in (200, 409)
    ]
    made = [head + str(len(body)).encode() + b"\r\n\r\n" + body for head in heads for body in bodies]
    chunked = f"HTTP/1.1 200 X\r\nContent-Type: {transport.MEDIA_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    return [
        *made,
        chunked + b"2\r\n\x90\x90\r\n0\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\n" * 3 + made[0],
        b"HTTP/1.1 302 Away\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\n"
        b"Content-Length: 4\r\n\r\n\x1f\x8b\x08\x00",
    ]


# --- an exchange file ---


def _start_bundle(folder: Path) -> Feed:
    team, ann, _ = _a_team(folder)
    path = folder / f"stick{bundle.SUFFIX}"

    def exchange(hub: Any) -> None:
        page = hub.pull(Pull(Tip(0, bytes(32)), 0, 0, with_own=True))
        hub.revisions(AskRevisions())
        assert isinstance(page, Page)

    def feed(data: bytes) -> None:
        path.write_bytes(data)
        with contextlib.suppress(HubRefused):
            bundle.exchange_through(path, ann.hub.caller, exchange)

    _bundles[:] = [_small(team, folder)]
    return feed


_bundles: list[bytes] = []


def _small(team: Team, folder: Path) -> bytes:
    team.database.close()
    with contextlib.closing(sqlite3.connect(folder / "hub.db")) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("VACUUM")
    return (folder / "hub.db").read_bytes()


def _bundle_seeds() -> list[bytes]:
    return [*_bundles, b"SQLite format 3\x00" + bytes(600), b"x" * 600]


def _pages_of(rng: random.Random, data: bytes) -> bytes:
    """A database with some of its bytes changed, most of them in what it holds and not in its head."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 2, 8, 60))):
        at = rng.randrange(len(changed))
        changed[at] = rng.randrange(256)
    return bytes(changed)


# --- what is typed or scanned at an enrolment ---


def _start_codes(_folder: Path) -> Feed:
    def feed(data: bytes) -> None:
        typed = text_of(data[1:])
        if data[:1] and data[0] & 1:
            share_codes.add((), typed)
        else:
            enrol.ticket(RecoveryCode.parse(typed))

    return feed


def _code_seeds() -> list[bytes]:
    shares = {number: bytes([number]) * 32 for number in (1, 2, 255)}
    made = share_codes.codes(shares, bytes(32))
    texts = [" ".join(each.groups) for each in made]
    typed = ["", "A", "0000 0000 0000 0000", "OIL8 " * 8, "-" * 90, "é" * 40]
    return [bytes([kind]) + text.encode() for kind in (0, 1) for text in (*texts, *typed)]


TARGETS = (
    Target("hub_request", 1.0, _start_hub, _hub_seeds, ("hub/", "sync/wire")),
    Target("hub_page", 1.0, _start_pages, _page_seeds, ("sync/",)),
    Target("record", 1.5, _start_records, _record_seeds, ("sync/records", "sync/inbox", "sync/merge", "tables/checks")),
    Target("statement", 1.0, _start_statements, _statement_seeds, ("sync/statements",)),
    Target("hub_answer", 2.0, _start_answers, _answer_seeds, ("sync/transport", "sync/wire")),
    Target("bundle", 0.05, _start_bundle, _bundle_seeds, ("hub/bundle", "hub/near"), _pages_of),
    Target(
        "enrol_code", 2.0, _start_codes, _code_seeds, ("sync/share_codes", "vault/recovery"), bytewise((b" ",), 300)
    ),
)
