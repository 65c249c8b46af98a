"""The hub's door: what a desk asks before it belongs to an organisation there, and whether anybody is behind it."""

from __future__ import annotations

import contextlib
import http.client

from advocate_desk.sync.address import Address
from advocate_desk.sync.hub import Unreachable
from advocate_desk.sync.messages import Body, Named
from advocate_desk.sync.transport import NOT_A_HUB, NOT_NOW, Line, at_most, connect, in_words

NOBODY_THERE = (
    "Nothing answered at this address. Nothing was sent. Check the address and that this computer is connected."
)
NOT_READY = "There is a hub at this address, but its database does not answer. Nothing was sent. Try again later."
HUB_AWAY = (
    "There is a server at this address, but no hub answers behind it now. Nothing was sent. Try again later, and tell "
    "whoever runs the hub if it stays so."
)
_READY = b"ready\n"
_MOST_BYTES = 256
_PATIENCE_S = 10.0


class Door:
    """A hub at an address, for nobody in particular. Not for two threads at once."""

    def __init__(self, address: Address, line: Line | None = None) -> None:
        self._address = address
        self._line = line or Line(address)

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def check(self) -> None:
        """See that a hub is there and ready. Raises Unreachable, in words that say what is there instead."""
        connection = connect(self._address)
        connection.timeout = _PATIENCE_S
        try:
            with contextlib.closing(connection), at_most(_PATIENCE_S, connection):
                connection.request("GET", f"{self._address.path}/health")
                answer = connection.getresponse()
                status, said = answer.status, answer.read(_MOST_BYTES)
        except (http.client.HTTPException, OSError) as error:
            raise Unreachable(in_words(error) or NOBODY_THERE) from error
        if status == http.client.OK and said == _READY:
            return
        if status == http.client.SERVICE_UNAVAILABLE and said == b"no database\n":
            raise Unreachable(NOT_READY)
        raise Unreachable(HUB_AWAY if status in NOT_NOW else NOT_A_HUB)

    def found(self, code: str, statement: bytes) -> None:
        """Found an organisation; `code` is what the operator asks for, if she does. Raises Unreachable, HubRefused."""
        self._line.ask("found", Named(code.encode(), statement), Body)

    def invitation(self, name: bytes) -> bytes:
        """What is sealed in an invitation. Raises Unreachable, HubRefused."""
        return self._line.ask("invitation/read", Named(name), Body).body

    def answer(self, name: bytes, answer: bytes) -> None:
        """Answer an invitation. Raises Unreachable, HubRefused."""
        self._line.ask("invitation/answer", Named(name, answer), Body)
