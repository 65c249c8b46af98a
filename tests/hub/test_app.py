"""The hub as a process: real HTTP, sessions, invitations, attachments, every refusal in one shape."""

from __future__ import annotations

import http.client
import os
from collections.abc import Iterator
from typing import ClassVar, TypeVar

import msgspec
import pytest

from advocate_desk.hub.refusals import SENTENCES
from advocate_desk.sync import ownership, rights, signing, statements, wire
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.messages import (
    Answered,
    AskChallenge,
    Body,
    Invite,
    Named,
    OpenSession,
    Owners,
    OwnersTaken,
    PieceBody,
    PieceName,
    Pieces,
    Rights,
    RightsTaken,
    SessionFor,
)
from advocate_desk.sync.rights import Under
from advocate_desk.sync.statements import ADMINISTRATOR, Found, RevokeDevice, Statement
from advocate_desk.sync.wire import ACCEPTED, Outcome, Ownership, Page, Part, Pull, PushAnswer, Refusal, Tip
from advocate_desk.vault import sodium
from advocate_desk.vault.secret import SecretKey
from tests.hub.members import Device, changes
from tests.hub.processes import HubProcess, wait_until

M = TypeVar("M", bound=msgspec.Struct)
KEPT = (
    "push",
    "pull",
    "rights",
    "statement",
    "clear",
    "cleared",
    "doubt",
    "settled",
    "piece/keep",
    "piece/list",
    "invitation/new",
)


class Caller:
    """A connection to a running hub, with a token once there is one."""

    everyone: ClassVar[list[Caller]] = []

    def __init__(self, port: int) -> None:
        self.port, self.token = port, b""
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.everyone.append(self)

    def ask(self, path: str, message: msgspec.Struct | bytes, kind: type[M]) -> M:
        """Post a message; the answer, or the refusal as an AssertionError that carries it."""
        status, body = self.post(path, message if isinstance(message, bytes) else wire.pack(message))
        assert status == 200, (status, wire.unpack(Refusal, body).code)
        return wire.unpack(kind, body)

    def refused(self, path: str, message: msgspec.Struct | bytes) -> Refusal:
        """Post a message that is refused."""
        status, body = self.post(path, message if isinstance(message, bytes) else wire.pack(message))
        refusal = wire.unpack(Refusal, body)
        assert status == SENTENCES[refusal.code][0]
        assert refusal.sentence == SENTENCES[refusal.code][1]
        return refusal

    def post(self, path: str, body: bytes, **headers: str) -> tuple[int, bytes]:
        if self.token:
            headers["Authorization"] = f"Desk {self.token.hex()}"
        self._connection.request("POST", path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def get(self, path: str) -> tuple[int, bytes]:
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        return answer.status, answer.read()

    def close(self) -> None:
        self._connection.close()

    def open_session(self, device: Device) -> None:
        asked = AskChallenge(device.organisation, device.id)
        challenge = self.ask("/v1/challenge", asked, Body).body
        self.token = self.ask("/v1/session", signed_for(device, challenge, "https://hub.example.org"), Body).body


def signed_for(device: Device, challenge: bytes, address: str) -> OpenSession:
    """What a device answers to a challenge."""
    asked = SessionFor(device.organisation, device.id, address, challenge)
    signature = signing.sign(signing.SESSION, wire.pack(asked), device.seed.buffer)
    return OpenSession(device.organisation, device.id, challenge, signature, address)


@pytest.fixture(autouse=True)
def hang_up() -> Iterator[None]:
    """Close every connection that a test opened."""
    yield
    while Caller.everyone:
        Caller.everyone.pop().close()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """A hub of its own process on a free port."""
    folder = tmp_path_factory.mktemp("hub")
    hub = HubProcess(folder, str(folder / "hub.db"), options={"founding_code": "sesame"})
    hub.start()
    yield hub
    assert hub.terminate() in {0, -15}
    assert "Traceback" not in hub.log


@pytest.fixture
def port(hub: HubProcess) -> int:
    """Where that hub answers."""
    return hub.port


def _another_founding(device: Device) -> bytes:
    """Somebody else's founding of the same organisation."""
    root = SecretKey.random()
    act = Found(sodium.sign_public(root.buffer), bytes(32), 2, 3, device.person(ADMINISTRATOR), device.enrolled())
    return statements.sign(Statement(device.organisation, 1, NONE, act), statements.ROOT, root.buffer)


@pytest.fixture
def founder(port: int) -> tuple[Caller, Device]:
    """A founder with a session."""
    caller, device, root = Caller(port), Device(os.urandom(16)), SecretKey.random()
    public = sodium.sign_public(root.buffer)
    act = Found(public, bytes(32), 2, 3, device.person(ADMINISTRATOR), device.enrolled())
    body = statements.sign(Statement(device.organisation, 1, NONE, act), statements.ROOT, root.buffer)
    assert caller.refused("/v1/found", Named(b"", body)).code == "no_right"
    caller.ask("/v1/found", Named(b"sesame", body), Body)
    caller.ask("/v1/found", Named(b"sesame", body), Body)
    assert caller.refused("/v1/found", Named(b"sesame", _another_founding(device))).code == "taken"
    caller.open_session(device)
    return caller, device


def own_file(caller: Caller, device: Device) -> bytes:
    collection = os.urandom(16)
    link = Ownership(device.organisation, collection, 1, NONE, device.id, None, False, [], device.id, 1)
    said = Owners([ownership.sign(link, device.id, device.seed.buffer)])
    for _ in range(2):
        assert caller.ask("/v1/owners", said, OwnersTaken).outcomes == [Outcome(ACCEPTED, 1)]
    to = (device.id, sodium.exchange_public(device.secret.buffer))
    right = rights.give(device.organisation, collection, 1, SecretKey.random(), to, (device.id, device.seed), Under())
    taken = caller.ask("/v1/rights", Rights([right]), RightsTaken)
    assert caller.ask("/v1/rights", Rights([right]), RightsTaken) == taken
    return collection


def test_the_log_tells_of_each_request(hub: HubProcess) -> None:
    Caller(hub.port).refused("/v1/push", b"x")
    wait_until(lambda: any(line.get("route") == "/v1/push" for line in hub.lines))


def test_an_exchange_is_two_requests(founder: tuple[Caller, Device]) -> None:
    caller, device = founder
    file = own_file(caller, device)
    answer = caller.ask("/v1/push", device.push([Part(file, changes((b"1" * 16, 0)))]), PushAnswer)
    page = caller.ask("/v1/pull", Pull(Tip(0, NONE), 0, 0, with_own=True), Page)
    assert answer.sequence == page.head == 1
    assert len(page.statements) == 1
    assert [right.collection for right in page.rights] == [file]
    assert page.pushes[0].parts[0].items[0].revision == 1
    assert not page.has_more


def test_an_invitation_is_answered_once(founder: tuple[Caller, Device], port: int) -> None:
    caller, _ = founder
    stranger, name = Caller(port), os.urandom(32)
    assert stranger.refused("/v1/invitation/read", Named(name)).code == "unknown"
    made = caller.ask("/v1/invitation/new", Invite(name, b"sealed"), Answered)
    assert caller.ask("/v1/invitation/new", Invite(name, b"sealed"), Answered) == made
    assert stranger.ask("/v1/invitation/read", Named(name), Body).body == b"sealed"
    stranger.ask("/v1/invitation/answer", Named(name, b"my keys"), Body)
    stranger.ask("/v1/invitation/answer", Named(name, b"my keys"), Body)
    assert stranger.refused("/v1/invitation/answer", Named(name, b"another's")).code == "taken"
    assert stranger.refused("/v1/invitation/read", Named(name)).code == "taken"
    assert caller.ask("/v1/invitation/answered", Named(name), Answered).answer == b"my keys"
    caller.ask("/v1/invitation/end", Named(name), Body)
    assert stranger.refused("/v1/invitation/answer", Named(name, b"late")).code == "unknown"


def test_attachments_are_kept_in_pieces_and_listed(founder: tuple[Caller, Device]) -> None:
    caller, device = founder
    file, document = own_file(caller, device), os.urandom(16)
    for number in (0, 2):
        piece = PieceBody(PieceName(file, document, number), b"piece %d" % number)
        caller.ask("/v1/piece/keep", piece, Body)
        caller.ask("/v1/piece/keep", piece, Body)
    name = PieceName(file, document, 0)
    assert caller.ask("/v1/piece/list", name, Pieces).numbers == [0, 2]
    assert caller.ask("/v1/piece/read", name, Body).body == b"piece 0"
    assert caller.refused("/v1/piece/read", PieceName(file, document, 1)).code == "unknown"
    assert caller.refused("/v1/piece/read", PieceName(b"x" * 16, document, 1)).code == "no_right"


def test_a_revoked_device_is_shown_the_statement_that_did_it(founder: tuple[Caller, Device], port: int) -> None:
    caller, device = founder
    page = caller.ask("/v1/pull", Pull(Tip(0, NONE), 0, 0), Page)
    signed = wire.unpack(statements.Signed, page.statements[0])
    found = wire.unpack(Statement, signed.statement).act
    assert isinstance(found, Found)
    chain = statements.take(statements.Members(device.organisation, found.root_public), page.statements[0])
    lost = Device(device.organisation)
    for act in (lost.person("advocate"), lost.enrolled()):
        body = statements.sign(
            Statement(device.organisation, chain.number + 1, chain.hash, act), device.id, device.seed.buffer
        )
        caller.ask("/v1/statement", Body(body), Body)
        chain = statements.take(chain, body)
    theirs = Caller(port)
    theirs.open_session(lost)
    last = Statement(device.organisation, chain.number + 1, chain.hash, RevokeDevice(lost.id, is_lost=True))
    caller.ask("/v1/statement", Body(statements.sign(last, device.id, device.seed.buffer)), Body)
    assert theirs.refused("/v1/pull", Pull(Tip(0, NONE), 0, 0)).code == "no_session"
    theirs.token = b""
    refusal = theirs.refused("/v1/session", _opened(theirs, lost))
    assert (refusal.code, refusal.detail) == ("revoked", 4)
    chain = statements.Members(device.organisation, found.root_public)
    for body in refusal.statements:
        chain = statements.take(chain, body)
    assert chain.devices[lost.id].is_lost


def _opened(caller: Caller, device: Device) -> OpenSession:
    challenge = caller.ask("/v1/challenge", AskChallenge(device.organisation, device.id), Body).body
    return signed_for(device, challenge, "https://hub.example.org")


@pytest.mark.parametrize("spoil", ["signature", "challenge", "device", "address"])
def test_a_session_is_opened_by_the_device_itself(founder: tuple[Caller, Device], port: int, spoil: str) -> None:
    _, device = founder
    caller = Caller(port)
    right = _opened(caller, device)
    wrong = {
        "signature": msgspec.structs.replace(right, signature=bytes(64)),
        "challenge": msgspec.structs.replace(right, challenge=right.challenge[:-1] + bytes([right.challenge[-1] ^ 1])),
        "device": msgspec.structs.replace(right, device=b"x" * 16),
        "address": msgspec.structs.replace(right, address="https://other.example.org"),
    }[spoil]
    assert caller.refused("/v1/session", wrong).code == "wrong_signature"


@pytest.mark.parametrize("body", [b"", b"\xc1", b"\x00" * 1000, b"\x9f" * 500, b"\x93\x01\x02\xc4"])
def test_no_body_is_answered_with_more_than_a_refusal(founder: tuple[Caller, Device], body: bytes) -> None:
    caller, _ = founder
    for path in (*KEPT, "found"):
        status, answer = caller.post(f"/v1/{path}", body)
        assert status in {400, 403, 429}, (path, status)
        assert wire.unpack(Refusal, answer).code in SENTENCES


def test_nobody_without_a_session_is_let_past_the_door(port: int) -> None:
    caller = Caller(port)
    for path in KEPT:
        assert caller.refused(f"/v1/{path}", b"x").code == "no_session"
    caller.token = os.urandom(32)
    assert caller.refused("/v1/pull", Pull(Tip(0, NONE), 0, 0)).code == "no_session"


def test_a_body_that_is_too_long_is_not_read(founder: tuple[Caller, Device]) -> None:
    caller, _ = founder
    assert caller.refused("/v1/push", b"x" * (wire.MOST_PUSH_BYTES + 2 * 1024 * 1024)).code == "too_large"
