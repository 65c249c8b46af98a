"""What stands before a hub answers in its place: a proxy while the hub starts, or something that is no hub at all."""

from __future__ import annotations

import http.server
import os
import threading
from collections.abc import Iterator

import pytest

from advocate_desk.sync import transport
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.door import HUB_AWAY, NOBODY_THERE, Door
from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.manifest import NONE
from advocate_desk.sync.transport import HttpHub
from advocate_desk.sync.wire import Pull, Tip
from advocate_desk.vault.secret import SecretKey


class Page(http.server.BaseHTTPRequestHandler):
    """A page of a proxy's own, with the status that the server was given."""

    def do_GET(self) -> None:
        self.do_POST()

    def do_CONNECT(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = b"<html>somebody else's words</html>"
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def proxy() -> Iterator[http.server.ThreadingHTTPServer]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (502, transport.NO_ANSWER),
        (503, transport.NO_ANSWER),
        (504, transport.NO_ANSWER),
        (200, transport.NOT_A_HUB),
        (404, transport.NOT_A_HUB),
        (302, transport.NOT_A_HUB),
    ],
)
def test_a_hub_that_is_away_and_something_else_are_told_apart(
    proxy: http.server.ThreadingHTTPServer, status: int, words: str
) -> None:
    proxy.status = status  # type: ignore[attr-defined]
    address = parse_address(f"http://127.0.0.1:{proxy.server_address[1]}")
    hub = HttpHub(address, os.urandom(16), os.urandom(16), SecretKey.random())
    with pytest.raises(Unreachable) as trouble:
        hub.pull(Pull(Tip(0, NONE), 0, 0))
    hub.close()
    assert trouble.value.advice == words
    with pytest.raises(Unreachable) as told:
        Door(address).check()
    assert told.value.advice == {transport.NO_ANSWER: HUB_AWAY}.get(words, words)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (407, transport.PROXY_WANTS_LOGIN),
        (403, transport.PROXY_REFUSED),
        (502, transport.NO_ANSWER),
    ],
)
def test_a_proxy_that_lets_nobody_through_is_told_apart_from_a_hub_that_is_away(
    proxy: http.server.ThreadingHTTPServer, status: int, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.status = status  # type: ignore[attr-defined]
    monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{proxy.server_address[1]}")
    monkeypatch.setenv("no_proxy", "")
    address = parse_address("https://hub.example.org")
    with pytest.raises(Unreachable) as trouble:
        HttpHub(address, bytes(16), bytes(16), SecretKey.random()).pull(Pull(Tip(0, NONE), 0, 0))
    assert trouble.value.advice == words
    with pytest.raises(Unreachable) as told:
        Door(address).check()
    assert told.value.advice == {transport.NO_ANSWER: NOBODY_THERE}.get(words, words)


@pytest.mark.parametrize("named", ["http://proxy.example:sesame", "proxy.example:sesame", "http://[::1"])
def test_a_proxy_that_cannot_be_read_is_said_so_and_not_gone_round(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", named)
    monkeypatch.setenv("no_proxy", "")
    hub = HttpHub(parse_address("https://hub.example.org"), bytes(16), bytes(16), SecretKey.random())
    with pytest.raises(Unreachable) as refusal:
        hub.pull(Pull(Tip(0, NONE), 0, 0))
    assert refusal.value.advice == transport.NO_PROXY
    with pytest.raises(Unreachable):
        Door(parse_address("https://hub.example.org")).check()
