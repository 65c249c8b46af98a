"""The hub over HTTP: one kept connection, through the system's proxy, trusting whom the system trusts.

http.client, because a request costs a half of what it does with a fuller client, and what that one adds (cookies,
redirects, retries, compression) must not happen here. A redirect is no answer of a hub.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import re
import socket
import ssl
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import msgspec

from advocate_desk.sync import signing, wire
from advocate_desk.sync.address import Address
from advocate_desk.sync.hub import HubRefused, Unreachable
from advocate_desk.sync.messages import (
    Answered,
    AskChallenge,
    AskRevisions,
    Body,
    Invite,
    Named,
    OpenSession,
    Owners,
    OwnersTaken,
    PieceBody,
    PieceName,
    Pieces,
    Revisions,
    Rights,
    RightsTaken,
    SessionFor,
)
from advocate_desk.sync.wire import Outcome, Page, Pull, Push, PushAnswer, Refusal, Right, SignedOwnership
from advocate_desk.vault.secret import SecretKey

M = TypeVar("M", bound=msgspec.Struct)

TIMEOUT_S = 30.0
MOST_S = 300.0
"""For one request and its answer, however steadily a byte of it comes."""
MOST_ANSWER_BYTES = 32 * 1024 * 1024
MEDIA_TYPE = "application/vnd.advocate-desk.msgpack"
_CODES_OF_TIME = frozenset({9, 10})
"""OpenSSL's X509_V_ERR_CERT_NOT_YET_VALID and _HAS_EXPIRED: more often a wrong clock than a careless hub."""
_TUNNEL_FAILED = re.compile(r"Tunnel connection failed: (\d{3})")
"""How http.client begins its error where a proxy does not let a connection through, with the proxy's status."""
NOT_NOW = frozenset({http.client.BAD_GATEWAY, http.client.SERVICE_UNAVAILABLE, http.client.GATEWAY_TIMEOUT})
NO_ANSWER = "The hub did not answer. What you wrote is kept here and will be sent when it does."
NOT_TRUSTED = (
    "The hub's certificate is not one that this computer trusts. Nothing was sent. Ask whoever runs the hub, or your "
    "IT service if they inspect connections."
)
NOT_VALID_NOW = (
    "By this computer's clock, the hub's certificate is not valid today. Nothing was sent, and what you wrote is kept "
    "here. Look whether the computer's date is right; if it is, tell whoever runs the hub."
)
NO_PROXY = (
    "This computer's settings name a proxy that is none. Nothing was sent, and what you wrote is kept here. Ask your "
    "IT service to look at the proxy in the settings of the network."
)
PROXY_WANTS_LOGIN = (
    "The proxy of this network asks for a name and a password, and this computer's settings hold none that it takes. "
    "Nothing was sent, and what you wrote is kept here. Ask your IT service to put them into the network's settings."
)
PROXY_REFUSED = (
    "The proxy of this network does not let this computer reach the hub. Nothing was sent, and what you wrote is kept "
    "here. Ask your IT service to let the hub's address through."
)
NOT_A_HUB = "Something other than a hub answered at this address. Nothing was sent. Check the address of the hub."


class HttpHub:
    """A hub at an address, for one device. Not for two threads at once."""

    def __init__(
        self, address: Address, organisation: bytes, device: bytes, seed: SecretKey, line: Line | None = None
    ) -> None:
        self._address, self._organisation, self._device, self._seed = address, organisation, device, seed
        self._line = line or Line(address)
        self._token = b""

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    # --- what an exchange asks ---

    def push(self, push: Push) -> PushAnswer:
        """Offer changes."""
        return self.ask("push", push, PushAnswer)

    def pull(self, pull: Pull) -> Page:
        """Ask for what is new."""
        return self.ask("pull", pull, Page)

    def rights(self, rights: Sequence[Right]) -> None:
        """Give rights."""
        self.ask("rights", Rights(list(rights)), RightsTaken)

    def owners(self, links: Sequence[SignedOwnership]) -> list[Outcome]:
        """Say whose files are; an outcome a link."""
        return self.ask("owners", Owners(list(links)), OwnersTaken).outcomes

    def revisions(self, asked: AskRevisions) -> Revisions:
        """Ask what the hub has, without what it says."""
        return self.ask("revisions", asked, Revisions)

    def clear(self, collection: bytes) -> None:
        """Say that this device is about to clear a collection. Raises HubRefused ("may_read") too."""
        self.ask("clear", Named(collection), Body)

    def cleared(self, collection: bytes) -> None:
        """Say that a collection is gone from here, or never opened here."""
        self.ask("cleared", Named(collection), Body)

    def doubt(self, collection: bytes) -> None:
        """Say that no key which this device was given opens a collection."""
        self.ask("doubt", Named(collection), Body)

    def settled(self, collection: bytes) -> None:
        """Say that the keys of a collection that were doubted have been found."""
        self.ask("settled", Named(collection), Body)

    # --- what members do ---

    def statement(self, body: bytes) -> None:
        """Add to the members' chain."""
        self.ask("statement", Body(body), Body)

    def invite(self, invitation: Invite) -> Answered:
        """Leave an invitation."""
        return self.ask("invitation/new", invitation, Answered)

    def answer_to(self, name: bytes) -> Answered:
        """What was answered to an invitation."""
        return self.ask("invitation/answered", Named(name), Answered)

    def take_back(self, name: bytes) -> None:
        """End an invitation."""
        self.ask("invitation/end", Named(name), Body)

    def keep_piece(self, name: PieceName, body: bytes) -> None:
        """Leave a piece of an attachment."""
        self.ask("piece/keep", PieceBody(name, body), Body)

    def pieces(self, collection: bytes, document: bytes) -> list[int]:
        """Which pieces of a document the hub has."""
        return self.ask("piece/list", PieceName(collection, document, 0), Pieces).numbers

    def piece(self, name: PieceName) -> bytes:
        """One piece."""
        return self.ask("piece/read", name, Body).body

    # --- the line ---

    def ask(self, route: str, message: msgspec.Struct, kind: type[M]) -> M:
        """Ask with a session, opening one where there is none or the last has ended. Raises Unreachable, HubRefused."""
        if not self._token:
            self._token = self._open_session()
        try:
            return self._line.ask(route, message, kind, self._token)
        except HubRefused as refusal:
            if refusal.code != "no_session":
                raise
        self._token = b""
        self._token = self._open_session()
        return self._line.ask(route, message, kind, self._token)

    def _open_session(self) -> bytes:
        challenge = self._line.ask("challenge", AskChallenge(self._organisation, self._device), Body).body
        address = self._address.text
        asked = SessionFor(self._organisation, self._device, address, challenge)
        signature = signing.sign(signing.SESSION, wire.pack(asked), self._seed.buffer)
        opened = OpenSession(self._organisation, self._device, challenge, signature, address)
        return self._line.ask("session", opened, Body).body


class Line:
    """A kept connection to an address, opened again when the other side has let it go."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._connection: http.client.HTTPConnection | None = None
        self._is_cut = False

    def cut(self) -> None:
        """From another thread: end the request in hand, and refuse every later one. Waits for nothing."""
        self._is_cut = True
        if self._connection is not None:
            _let_go(self._connection)

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def ask(self, route: str, message: msgspec.Struct, kind: type[M], token: bytes = b"") -> M:
        """Post a message; its answer. Raises Unreachable, HubRefused."""
        status, media_type, body = self._post(route, wire.pack(message), token)
        if media_type != MEDIA_TYPE:  # a proxy before a hub that is starting says so in words of its own
            raise Unreachable(NO_ANSWER if status in NOT_NOW else NOT_A_HUB)
        try:
            if status == http.client.OK:
                return wire.unpack(kind, body)
            refusal = wire.unpack(Refusal, body)
        except wire.Malformed as error:
            raise Unreachable(NOT_A_HUB) from error
        if refusal.code in {"fault", "busy"}:
            raise Unreachable(NO_ANSWER)
        raise HubRefused(refusal.code, refusal.detail, refusal.statements, refusal.which)

    def _post(self, route: str, body: bytes, token: bytes) -> tuple[int, str, bytes]:
        headers = {"Content-Type": MEDIA_TYPE}
        if token:
            headers["Authorization"] = f"Desk {token.hex()}"
        was_kept = self._connection is not None
        try:
            return self._once(route, body, headers)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            if known := in_words(error):
                raise Unreachable(known) from error
            if not was_kept or isinstance(error, TimeoutError):
                raise Unreachable(NO_ANSWER) from error
        try:  # the kept connection had gone stale: every request here is safe to repeat
            return self._once(route, body, headers)
        except (http.client.HTTPException, OSError) as error:
            self.close()
            raise Unreachable(in_words(error) or NO_ANSWER) from error

    def _once(self, route: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        if self._is_cut:
            raise ConnectionAbortedError
        if self._connection is None:
            self._connection = connect(self._address)
        with at_most(MOST_S, self._connection):
            return self._ask_once(self._connection, route, body, headers)

    def _ask_once(
        self, connection: http.client.HTTPConnection, route: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        connection.request("POST", f"{self._address.path}/v1/{route}", body, headers)
        with contextlib.closing(connection.getresponse()) as answer:
            said = answer.read(MOST_ANSWER_BYTES + 1)
            if len(said) > MOST_ANSWER_BYTES:
                raise http.client.HTTPException("too long an answer")
            if answer.length:  # it ended before its end, which a read of so many bytes does not say
                raise http.client.IncompleteRead(b"", answer.length)
            return answer.status, answer.headers.get_content_type(), said


def in_words(error: Exception) -> str:
    """Why no hub was reached, where somebody else can mend it: a certificate or a proxy; "" for all else."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return NOT_VALID_NOW if error.verify_code in _CODES_OF_TIME else NOT_TRUSTED
    said = _TUNNEL_FAILED.match(str(error)) if isinstance(error, OSError) else None
    if said is None or int(said[1]) >= http.client.INTERNAL_SERVER_ERROR:
        return ""
    return PROXY_WANTS_LOGIN if int(said[1]) == http.client.PROXY_AUTHENTICATION_REQUIRED else PROXY_REFUSED


@contextlib.contextmanager
def at_most(seconds: float, connection: http.client.HTTPConnection) -> Iterator[None]:
    """Let go of a connection that is not done in so many seconds, however steadily bytes come. Raises TimeoutError."""
    is_over = threading.Event()

    def let_go() -> None:
        is_over.set()
        _let_go(connection)

    patience = threading.Timer(seconds, let_go)
    patience.daemon = True
    patience.start()
    try:
        yield
    except (http.client.HTTPException, OSError) as error:
        if is_over.is_set():
            raise TimeoutError from error
        raise
    finally:
        patience.cancel()
    if is_over.is_set():  # what was read ended where we let go: half an answer looks like a whole one of somebody else
        raise TimeoutError


def _let_go(connection: http.client.HTTPConnection) -> None:
    line = connection.sock
    if line is not None:
        with contextlib.suppress(OSError):  # the socket's own way: what reads from it hears that it has ended
            socket.socket.shutdown(line, socket.SHUT_RDWR)


def connect(address: Address) -> http.client.HTTPConnection:
    """A connection to an address, through the system's proxy where it names one. Raises Unreachable."""
    proxy = _proxy_for(address)
    host, port = (proxy.hostname or "", proxy.port or 8080) if proxy else (address.host, address.port)
    if not address.is_secure:
        return http.client.HTTPConnection(host, port, timeout=TIMEOUT_S)
    connection = http.client.HTTPSConnection(host, port, timeout=TIMEOUT_S, context=_trust())
    if proxy:
        headers = {}
        if proxy.username:
            login = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
            headers["Proxy-Authorization"] = f"Basic {base64.b64encode(login.encode()).decode()}"
        connection.set_tunnel(address.host, address.port, headers)
    return connection


def _proxy_for(address: Address) -> urllib.parse.SplitResult | None:
    if not address.is_secure or urllib.request.proxy_bypass(address.host):
        return None
    named = urllib.request.getproxies().get("https", "")
    if not named:
        return None
    try:
        proxy = urlsplit(named if "://" in named else f"http://{named}")
        _ = proxy.port  # read here: it is known only then whether it is a number
    except ValueError:
        raise Unreachable(NO_PROXY) from None  # the library's words repeat a part of the setting
    return proxy


def _trust() -> ssl.SSLContext:
    """The system's own trust, as its browsers have it."""
    import truststore  # noqa: PLC0415 - only where there is a hub

    trust: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return trust
