"""A network between desks and a hub: it loses, cuts, repeats, holds back and delivers late, exchange by exchange.

Bytes of a TCP connection are neither reordered nor doubled by any network, so that requests are: a copy of one arrives
again later, after others, and one that its sender has given up arrives after the repeat.
"""

from __future__ import annotations

import contextlib
import random
import socket
import socketserver
import threading
from collections import Counter

KINDS = ("lost", "answer_lost", "cut", "answer_cut", "doubled", "late", "repeated_late", "slow")
WAIT_S = 30.0


class Proxy(socketserver.ThreadingTCPServer):
    """Stands before a hub on loopback. `badness` is how often something happens to an exchange, 0 for never."""

    daemon_threads = True
    allow_reuse_address = True
    keeps_traffic = False
    """Whether `passed` keeps every request and answer."""

    def __init__(self, hub_port: int, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Line)
        self.hub_port = hub_port
        self.badness = 0.0
        self.happened: Counter[str] = Counter()
        self.passed: list[bytes] = []
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self._later: list[threading.Timer] = []
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        """Where desks find it."""
        number: int = self.server_address[1]
        return number

    @property
    def address(self) -> str:
        """As a desk is told it."""
        return f"http://127.0.0.1:{self.port}"

    def fate(self) -> str:
        """What happens to the next exchange: one of KINDS, or nothing."""
        with self._lock:
            kind = self._chance.choice(KINDS) if self._chance.random() < self.badness else ""
            self.happened[kind] += 1
            return kind

    def delay_s(self) -> float:
        """How long the next thing is held back."""
        with self._lock:
            return self._chance.uniform(0.02, 0.6)

    def send_later(self, request: bytes) -> None:
        """Deliver a request after others, and let its answer fall."""
        timer = threading.Timer(self.delay_s(), _send_and_forget, (self.hub_port, request))
        timer.daemon = True
        with self._lock:
            self._later.append(timer)
        timer.start()

    def settle(self) -> None:
        """From now on everything arrives; what was held back has arrived."""
        self.badness = 0.0
        with self._lock:
            waiting, self._later = self._later, []
        for timer in waiting:
            timer.join(WAIT_S)

    def handle_error(self, request: object, client_address: object) -> None:
        """A desk or a hub that was killed in the middle is part of the weather."""

    def end(self) -> None:
        """Let go of the port."""
        self.settle()
        self.shutdown()
        self._thread.join(WAIT_S)
        self.server_close()


class _Line(socketserver.BaseRequestHandler):
    """A desk's connection, for as many exchanges as it asks for."""

    server: Proxy

    def handle(self) -> None:
        while True:
            request = read_message(self.request)
            if not request or not self._exchange(request):
                return

    def _exchange(self, request: bytes) -> bool:
        """Carry one exchange; whether the connection goes on."""
        fate = self.server.fate()
        if fate == "slow":
            threading.Event().wait(self.server.delay_s())
        if fate == "lost":
            return False
        if fate == "cut":
            _send_and_forget(self.server.hub_port, request[: max(1, len(request) * 2 // 3)])
            return False
        if fate in {"late", "repeated_late"}:
            self.server.send_later(request)
            if fate == "late":
                return False
        if fate == "doubled":
            _send_and_forget(self.server.hub_port, request, wants_answer=True)
        answer = ask(self.server.hub_port, request)
        if self.server.keeps_traffic:
            self.server.passed += [request, answer]
        if not answer or fate == "answer_lost":
            return False
        if fate == "answer_cut":
            self.request.sendall(answer[: max(1, len(answer) // 2)])
            return False
        self.request.sendall(answer)
        return True


def ask(port: int, request: bytes) -> bytes:
    """The answer of the hub to a request; nothing where there is no hub."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as line:
            line.sendall(request)
            return read_message(line)
    except OSError:
        return b""


def _send_and_forget(port: int, request: bytes, *, wants_answer: bool = False) -> None:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=WAIT_S) as line:
        line.sendall(request)
        if wants_answer:
            read_message(line)
        else:
            line.shutdown(socket.SHUT_WR)


def read_message(line: socket.socket) -> bytes:
    """One whole HTTP message, head and body as its Content-Length says; nothing where the connection ended before."""
    found = bytearray()
    try:
        while b"\r\n\r\n" not in found:
            more = line.recv(65536)
            if not more:
                return b""
            found += more
        head = bytes(found).partition(b"\r\n\r\n")[0]
        lengths = [
            int(row.partition(b":")[2])
            for row in head.split(b"\r\n")[1:]
            if row.partition(b":")[0].strip().lower() == b"content-length"
        ]
        whole = len(head) + 4 + (lengths[0] if lengths else 0)
        while len(found) < whole:
            more = line.recv(65536)
            if not more:
                return b""
            found += more
    except OSError:
        return b""
    return bytes(found)
