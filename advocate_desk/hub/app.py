"""The hub as an ASGI application: every route parses, sees who calls, calls one function and answers with one message.

Stateless: any number of workers serve one database. What is logged of a request is its route, its status, sizes and the
time that it took; never an identifier, an address or a byte of content.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec
from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from advocate_desk.clock import Clock
from advocate_desk.hub import attachments, invitations, members, ownership, pulls, pushes, revisions, sessions
from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database, DatabaseAway
from advocate_desk.hub.limits import RIGHT_BYTES, Limits, Rates, Room, check_room
from advocate_desk.hub.metrics import Metrics
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import wire
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
)
from advocate_desk.sync.wire import Pull, Push, Refusal

log = logging.getLogger("advocate_desk.hub")

MEDIA_TYPE = "application/vnd.advocate-desk.msgpack"
M = TypeVar("M", bound=msgspec.Struct)

THREADS = 16
"""Of one worker: enough to keep its connections to the database busy."""
SILENCE_S = 30.0
"""A request that stops half way for so long is given up."""
AGAIN_S = 5
CUT_OFF = 499
LARGE = frozenset({"/v1/push", "/v1/piece/keep", "/v1/rights", "/v1/owners"})
"""Routes whose requests may be as large as a push."""


@dataclass
class Hub:
    """What the routes stand on."""

    database: Database
    limits: Limits
    clock: Clock
    addresses: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.secret = sessions.hub_secret(self.database)
        self.rates = Rates(self.limits)
        self.room = Room(self.limits.most_held_bytes)
        self.metrics = Metrics()

    def now(self) -> int:
        """Whole seconds since 1970."""
        return int(self.clock.now().timestamp())

    # --- without a session ---

    def challenge(self, asked: AskChallenge) -> Body:
        """Something for a device to sign."""
        return Body(sessions.challenge(self.secret, asked, self.now()))

    def session(self, opened: OpenSession) -> Body:
        """A token for the device that signed."""
        return Body(sessions.open_session(self.database, self.secret, opened, self.now(), self.addresses))

    def found(self, asked: Named) -> Body:
        """Found an organisation: `name` is the operator's founding code, where there is one, `body` the statement."""
        self.limits.check_founding(asked.name)
        members.found_organisation(self.database, asked.body, self.now())
        return Body(b"")

    def read_invitation(self, asked: Named) -> Body:
        """What is sealed in an invitation."""
        return Body(invitations.read_invitation(self.database, asked.name, self.now()))

    def answer_invitation(self, asked: Named) -> Body:
        """Leave a newcomer's answer."""
        invitations.answer_invitation(self.database, asked.name, asked.body, self.now())
        return Body(b"")

    # --- with one ---

    def push(self, caller: Caller, push: Push) -> wire.PushAnswer:
        """Take changes."""
        self.metrics.records("in", sum(len(part.changes) for part in push.parts))
        if not push.parts:
            self.rates.check_empty(caller.organisation + caller.device)
        return pushes.take_push(self.database, caller, push, self.limits.quota_bytes)

    def pull(self, caller: Caller, pull: Pull) -> wire.Page:
        """Give what is new."""
        page = pulls.answer_pull(self.database, caller, pull)
        new = sum(len(part.items) for push in page.pushes for part in push.parts)
        self.metrics.records("out", new + sum(len(part.items) for part in page.filled))
        return page

    def statement(self, caller: Caller, said: Body) -> Body:
        """Add to the members' chain."""
        members.add_statement(self.database, caller.organisation, said.body, self.limits.quota_bytes)
        return Body(b"")

    def rights(self, caller: Caller, given: Rights) -> RightsTaken:
        """Keep rights."""
        self.rates.check_rights(caller.organisation + caller.device, len(given.rights))
        check_room(self.database, caller, len(given.rights), self.limits.quota_bytes)
        return members.add_rights(self.database, caller, given.rights)

    def owners(self, caller: Caller, said: Owners) -> OwnersTaken:
        """Keep links of ownership."""
        self.rates.check_rights(caller.organisation + caller.device, len(said.links))
        size = sum(len(each.link) for each in said.links)
        check_room(self.database, caller, len(said.links) + size // RIGHT_BYTES, self.limits.quota_bytes)
        return ownership.add_links(self.database, caller, said.links)

    def clear(self, caller: Caller, asked: Named) -> Body:
        """The caller is about to clear a collection."""
        members.let_clear(self.database, caller, asked.name)
        return Body(b"")

    def cleared(self, caller: Caller, asked: Named) -> Body:
        """A collection is gone from the caller."""
        members.confirm_cleared(self.database, caller, asked.name)
        return Body(b"")

    def doubt(self, caller: Caller, asked: Named) -> Body:
        """No key that the caller was given opens a collection."""
        members.doubt_keys(self.database, caller, asked.name)
        return Body(b"")

    def settled(self, caller: Caller, asked: Named) -> Body:
        """The caller has found the keys of a collection that it doubted."""
        members.settle_doubt(self.database, caller, asked.name)
        return Body(b"")

    def invite(self, caller: Caller, invitation: Invite) -> Answered:
        """Leave an invitation."""
        return Answered(b"", invitations.invite(self.database, caller, invitation, self.now()))

    def invitation_answer(self, caller: Caller, asked: Named) -> Answered:
        """What the newcomer answered."""
        return invitations.answer_of(self.database, caller, asked.name)

    def take_back(self, caller: Caller, asked: Named) -> Body:
        """End an invitation."""
        invitations.take_back(self.database, caller, asked.name)
        return Body(b"")

    def revisions(self, caller: Caller, asked: AskRevisions) -> Revisions:
        """What the hub has, without what it says."""
        return revisions.revisions(self.database, caller, asked)

    def keep_piece(self, caller: Caller, piece: PieceBody) -> Body:
        """Keep a piece of an attachment."""
        attachments.keep_piece(self.database, caller, piece.name, piece.body, self.limits.quota_bytes)
        return Body(b"")

    def pieces(self, caller: Caller, asked: PieceName) -> Pieces:
        """Which pieces of a document are here."""
        return attachments.pieces_of(self.database, caller, asked.collection, asked.document)

    def piece(self, caller: Caller, asked: PieceName) -> Body:
        """One piece."""
        return Body(attachments.read_piece(self.database, caller, asked))


def make_app(hub: Hub) -> Starlette:
    """The application. Routes are POSTs of one message, but for the health."""
    is_open: dict[str, tuple[type[msgspec.Struct], Callable[[Any], msgspec.Struct]]] = {
        "/v1/challenge": (AskChallenge, hub.challenge),
        "/v1/session": (OpenSession, hub.session),
        "/v1/found": (Named, hub.found),
        "/v1/invitation/read": (Named, hub.read_invitation),
        "/v1/invitation/answer": (Named, hub.answer_invitation),
    }
    is_kept: dict[str, tuple[type[msgspec.Struct], Callable[[Caller, Any], msgspec.Struct]]] = {
        "/v1/push": (Push, hub.push),
        "/v1/pull": (Pull, hub.pull),
        "/v1/statement": (Body, hub.statement),
        "/v1/rights": (Rights, hub.rights),
        "/v1/owners": (Owners, hub.owners),
        "/v1/clear": (Named, hub.clear),
        "/v1/cleared": (Named, hub.cleared),
        "/v1/doubt": (Named, hub.doubt),
        "/v1/settled": (Named, hub.settled),
        "/v1/invitation/new": (Invite, hub.invite),
        "/v1/invitation/answered": (Named, hub.invitation_answer),
        "/v1/invitation/end": (Named, hub.take_back),
        "/v1/revisions": (AskRevisions, hub.revisions),
        "/v1/piece/keep": (PieceBody, hub.keep_piece),
        "/v1/piece/list": (PieceName, hub.pieces),
        "/v1/piece/read": (PieceName, hub.piece),
    }
    routes = [Route(path, _open_route(hub, path, *each), methods=["POST"]) for path, each in is_open.items()]
    routes += [Route(path, _kept_route(hub, path, *each), methods=["POST"]) for path, each in is_kept.items()]
    routes.append(Route("/health", _health(hub)))
    return Starlette(routes=routes, lifespan=_lifespan(hub))


def _lifespan(hub: Hub) -> Callable[[Starlette], Any]:
    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        yield
        await run_in_threadpool(hub.database.close)

    return lifespan


def _open_route(hub: Hub, path: str, kind: type[M], act: Callable[[M], msgspec.Struct]) -> Callable[[Request], Any]:
    """A route that anybody may call, as often as one address may."""

    async def answer(request: Request, held: Held) -> msgspec.Struct:
        hub.rates.check_stranger(request.client.host if request.client else "")
        asked = _parsed(kind, await held.read(request, hub.limits.most_small_bytes))
        return await run_in_threadpool(act, asked)

    return _answering(hub, path, answer)


def _kept_route(
    hub: Hub, path: str, kind: type[M], act: Callable[[Caller, M], msgspec.Struct]
) -> Callable[[Request], Any]:
    """A route for the devices of members."""
    most_bytes = hub.limits.most_request_bytes if path in LARGE else hub.limits.most_small_bytes

    async def answer(request: Request, held: Held) -> msgspec.Struct:
        token = _token(request)
        caller = await run_in_threadpool(sessions.caller_of, hub.database, token, hub.now())
        hub.rates.check_member(caller.organisation + caller.device)
        asked = _parsed(kind, await held.read(request, most_bytes))
        return await run_in_threadpool(act, caller, asked)

    return _answering(hub, path, answer)


class Held:
    """The body of one request, counted against what the worker holds until it is answered."""

    def __init__(self, room: Room) -> None:
        self._room, self.count = room, 0

    async def read(self, request: Request, most_bytes: int) -> bytes:
        """The body, read no further than it may be long. Raises RefusedByHub, ClientDisconnect."""
        declared = request.headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > most_bytes:
            raise RefusedByHub("too_large", most_bytes)
        parts: list[bytes] = []
        clock = asyncio.get_running_loop().time
        try:
            async with asyncio.timeout(SILENCE_S) as limit:
                async for part in request.stream():
                    limit.reschedule(clock() + SILENCE_S)
                    if self.count + len(part) > most_bytes:
                        raise RefusedByHub("too_large", most_bytes)
                    self._room.take(len(part))
                    self.count += len(part)
                    parts.append(part)
        except TimeoutError as error:
            raise RefusedByHub("too_slow", int(SILENCE_S)) from error
        return b"".join(parts)

    def let_go(self) -> None:
        """The request is answered."""
        self._room.give(self.count)


def _answering(hub: Hub, path: str, answer: Callable[[Request, Held], Any]) -> Callable[[Request], Any]:
    """Carry a route out: its message, or its refusal, or a fault that says nothing but that it was one."""

    async def route(request: Request) -> Response:
        started, held = time.perf_counter(), Held(hub.room)
        code = ""
        try:
            body, status = wire.pack(await answer(request, held)), 200
        except RefusedByHub as refusal:
            code, body, status = refusal.code, _refusal(refusal), refusal.status
        except DatabaseAway:
            log.exception("the database did not answer a request", extra={"route": path})
            busy = RefusedByHub("busy", AGAIN_S)
            code, body, status = busy.code, _refusal(busy), busy.status
        except ClientDisconnect:
            code, body, status = "cut_off", b"", CUT_OFF
        except Exception:
            log.exception("a request failed", extra={"route": path})
            body, status = wire.pack(Refusal("fault", "The hub failed; nothing of the request was kept.")), 500
            code = "fault"
        finally:
            held.let_go()
        _note(hub, path, status, code, (time.perf_counter() - started, held.count, len(body)))
        return Response(body, status, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})

    return route


def _refusal(refusal: RefusedByHub) -> bytes:
    return wire.pack(Refusal(refusal.code, refusal.sentence, refusal.detail, list(refusal.bodies), list(refusal.which)))


def _note(hub: Hub, path: str, status: int, code: str, figures: tuple[float, int, int]) -> None:
    """One request in the figures and in the log."""
    took_s, received, sent = figures
    hub.metrics.request(path, status, took_s, received, sent)
    said: dict[str, object] = {"route": path, "status": status}
    if code:
        hub.metrics.refusal(code)
        said["code"] = code
    said |= {"milliseconds": round(took_s * 1000, 1), "received_bytes": received, "sent_bytes": sent}
    log.info("request", extra=said)


def _token(request: Request) -> bytes:
    kind, _, value = request.headers.get("authorization", "").partition(" ")
    try:
        token = bytes.fromhex(value)
    except ValueError:
        token = b""
    if kind != "Desk" or len(token) != 32:
        raise RefusedByHub("no_session")
    return token


def _parsed(kind: type[M], body: bytes) -> M:
    try:
        return wire.unpack(kind, body)
    except wire.Malformed as error:
        raise RefusedByHub("malformed") from error


def _health(hub: Hub) -> Callable[[Request], Any]:
    async def health(_request: Request) -> Response:
        try:
            await run_in_threadpool(_ask_database, hub)
        except Exception:
            log.exception("the database does not answer")
            return PlainTextResponse("no database\n", 503)
        return PlainTextResponse("ready\n")

    return health


def _ask_database(hub: Hub) -> None:
    with hub.database.reading() as session:
        session.rows("SELECT 1")
