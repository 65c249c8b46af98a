"""Answers that no hub gives, over real sockets: huge, dripping, without end. A desk gives up in words and in time."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from advocate_desk.sync import door, transport, wire
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.door import Door
from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.messages import Body
from advocate_desk.sync.transport import MEDIA_TYPE, MOST_ANSWER_BYTES, NO_ANSWER, NOT_A_HUB, Line

PATIENCE_S = 0.4
Answer = Callable[[socket.socket], None]


class Stranger:
    """Listens on loopback, reads a request and answers it as it was told to, each connection on its own thread."""

    def __init__(self) -> None:
        self.answer: Answer = lambda line: line.close()
        self.asked = 0
        self.sent = 0
        self._line = socket.create_server(("127.0.0.1", 0))
        self.address = parse_address(f"http://127.0.0.1:{self._line.getsockname()[1]}")
        self._threads: list[threading.Thread] = []
        self._start(self._accept)

    def _start(self, act: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=act, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                self._start(self._serve, self._line.accept()[0])

    def _serve(self, line: socket.socket) -> None:
        with line, contextlib.suppress(OSError):
            line.settimeout(20)
            while asked := line.recv(65536):
                if asked.startswith((b"POST ", b"GET ")):  # its body may come apart from it
                    self.asked += 1
                    self.answer(line)

    def drip(self, line: socket.socket, piece: bytes, pause_s: float = 0.02) -> None:
        """Send a piece again and again, until nobody listens."""
        never = threading.Event()
        while not never.wait(pause_s):
            self.sent += line.send(piece)

    def pour(self, line: socket.socket, piece: bytes) -> None:
        """Send a piece again and again, as fast as it goes."""
        while True:
            self.sent += line.send(piece)

    def end(self) -> None:
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        self._line.close()
        for each in self._threads:
            each.join(20)
            assert not each.is_alive(), "the desk has not hung up"


@pytest.fixture
def stranger(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stranger]:
    monkeypatch.setattr(transport, "MOST_S", PATIENCE_S)
    made = Stranger()
    yield made
    made.end()


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", f"Content-Type: {MEDIA_TYPE}", *lines, "", "")).encode()


def trouble_of(stranger: Stranger) -> str:
    """What a desk says that asks there once, on a line that it then drops."""
    line = Line(stranger.address)
    with contextlib.closing(line), pytest.raises(Unreachable) as trouble:
        line.ask("pull", Body(b"x"), Body)
    return trouble.value.advice


def dripping(first: bytes, piece: bytes) -> Callable[[Stranger], Answer]:
    def made(stranger: Stranger) -> Answer:
        def answer(line: socket.socket) -> None:
            line.sendall(first)
            stranger.drip(line, piece)

        return answer

    return made


SLOW = {
    "a status line, letter by letter": dripping(b"HTTP/1.1 200 ", b"O"),
    "a head that goes on": dripping(b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "a body, byte by byte": dripping(head("Content-Length: 1000000"), b"x"),
    "pieces without end": dripping(head("Transfer-Encoding: chunked"), b"1\r\nx\r\n"),
    "a piece's length without end": dripping(head("Transfer-Encoding: chunked"), b"0"),
    "nothing but 'go on'": dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
}


@pytest.mark.parametrize("kind", SLOW)
def test_an_answer_that_comes_drop_by_drop_is_given_up(stranger: Stranger, kind: str) -> None:
    stranger.answer = SLOW[kind](stranger)
    assert trouble_of(stranger) == NO_ANSWER
    assert stranger.asked == 1
    assert 0 < stranger.sent < 100_000


def test_who_lets_a_kept_line_drip_is_not_asked_twice(stranger: Stranger) -> None:
    """A kept connection that ends is tried again, because it may have gone stale: not one that we gave up."""
    body = wire.pack(Body(b"well"))
    stranger.answer = lambda line: line.sendall(head(f"Content-Length: {len(body)}") + body)
    line = Line(stranger.address)
    with contextlib.closing(line):
        assert line.ask("pull", Body(b"x"), Body).body == b"well"
        stranger.answer = SLOW["a body, byte by byte"](stranger)
        with pytest.raises(Unreachable):
            line.ask("pull", Body(b"x"), Body)
    assert stranger.asked == 2


@pytest.mark.parametrize("length", [str(MOST_ANSWER_BYTES + 1), str(2**62), "-1", "1" * 400, "many"])
def test_a_length_that_no_answer_has_is_none(stranger: Stranger, length: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def answer(line: socket.socket) -> None:
        line.sendall(head(f"Content-Length: {length}"))
        stranger.pour(line, bytes(65536))

    stranger.answer = answer
    assert trouble_of(stranger) in {NO_ANSWER, NOT_A_HUB}
    assert stranger.sent < 2 * MOST_ANSWER_BYTES
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 4 * MOST_ANSWER_BYTES / 1024


@pytest.mark.parametrize(
    "lines", [("Transfer-Encoding: chunked",), ("Connection: close",)], ids=["pieces", "to the end"]
)
def test_an_answer_without_end_is_read_no_further_than_one_may_be_long(
    stranger: Stranger, monkeypatch: pytest.MonkeyPatch, lines: tuple[str, ...]
) -> None:
    monkeypatch.setattr(transport, "MOST_S", 60.0)
    monkeypatch.setattr(transport, "MOST_ANSWER_BYTES", 1_000_000)
    piece = bytes(50_000)
    framed = b"%x\r\n%s\r\n" % (len(piece), piece) if "chunked" in lines[0] else piece

    def answer(line: socket.socket) -> None:
        line.sendall(head(*lines))
        stranger.pour(line, framed)

    stranger.answer = answer
    assert trouble_of(stranger) == NO_ANSWER
    assert stranger.sent < 20_000_000


@pytest.mark.parametrize("piece", [b"X-Much: more\r\n", b"x" * 65536], ids=["many lines", "one line"])
def test_a_head_without_end_is_given_up_soon(stranger: Stranger, monkeypatch: pytest.MonkeyPatch, piece: bytes) -> None:
    monkeypatch.setattr(transport, "MOST_S", 60.0)

    def answer(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 200 OK\r\n")
        stranger.pour(line, piece)

    stranger.answer = answer
    assert trouble_of(stranger) == NO_ANSWER


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", NOT_A_HUB),
        (os.urandom(5_000), NOT_A_HUB),
        (b"\x91" * 1_000_000, NOT_A_HUB),
        (b"\xdf\xff\xff\xff\xff", NOT_A_HUB),
        (b"\xc6\xff\xff\xff\xff", NOT_A_HUB),
    ],
    ids=["nothing", "noise", "depth", "a map of billions", "bytes of billions"],
)
def test_what_is_no_message_is_no_hubs(stranger: Stranger, body: bytes, words: str) -> None:
    stranger.answer = lambda line: line.sendall(head(f"Content-Length: {len(body)}") + body)
    assert trouble_of(stranger) == words
    stranger.answer = lambda line: line.sendall(head(f"Content-Length: {len(body)}", status="403 Forbidden") + body)
    assert trouble_of(stranger) == words


def test_an_answer_that_is_cut_off_is_none(stranger: Stranger) -> None:
    def answer(line: socket.socket) -> None:
        line.sendall(head("Content-Length: 500") + b"half")
        line.shutdown(socket.SHUT_RDWR)

    stranger.answer = answer
    assert trouble_of(stranger) == NO_ANSWER


def test_a_lock_cuts_an_answer_that_drips(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MOST_S", 60.0)
    line, has_begun = Line(stranger.address), threading.Event()

    def answer(connection: socket.socket) -> None:
        connection.sendall(head("Content-Length: 1000000"))
        has_begun.set()
        stranger.drip(connection, b"x")

    stranger.answer = answer

    def cut() -> None:
        assert has_begun.wait(20)
        line.cut()

    cutting = threading.Thread(target=cut)
    cutting.start()
    with contextlib.closing(line), pytest.raises(Unreachable):
        line.ask("pull", Body(b"x"), Body)
    cutting.join()
    with pytest.raises(Unreachable):
        line.ask("pull", Body(b"x"), Body)
    assert stranger.asked == 1


def test_the_door_waits_no_longer_either(stranger: Stranger, monkeypatch: pytest.MonkeyPatch) -> None:
    stranger.answer = SLOW["a body, byte by byte"](stranger)
    monkeypatch.setattr(door, "_PATIENCE_S", PATIENCE_S)
    found = Door(stranger.address)
    with contextlib.closing(found), pytest.raises(Unreachable):
        found.check()
    assert stranger.asked == 1
    assert stranger.sent < 200
