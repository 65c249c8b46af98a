"""What is done with an organisation outside the exchange itself stands on: the store, this device, the hub."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import Engine

from advocate_desk.clock import Clock
from advocate_desk.sync.address import Address
from advocate_desk.sync.attachments import PieceHub
from advocate_desk.sync.hub import Hub
from advocate_desk.sync.messages import Answered, Invite
from advocate_desk.sync.outbox import Driver
from advocate_desk.sync.transport import Line
from advocate_desk.vault.device import Device


class TeamHub(Hub, PieceHub, Protocol):
    """All that a member asks of a hub. Each call raises Unreachable or HubRefused."""

    def invite(self, invitation: Invite) -> Answered:
        """Leave an invitation."""

    def answer_to(self, name: bytes) -> Answered:
        """What was answered to an invitation."""

    def take_back(self, name: bytes) -> None:
        """End an invitation."""


@dataclass(frozen=True)
class Link:
    """`hub` is None before enrolment, and where the organisation has none.

    `writing` stands around a transaction with the tracking switched off, as the exchange has it. `open_line` gives a
    line to an address that a lock can cut: for what is asked before there is a session. `waiting` stands around each
    wait for an exchange's own thread.
    """

    engine: Engine
    device: Device
    hub: TeamHub | None
    clock: Clock
    writing: Callable[[Driver], AbstractContextManager[None]]
    open_line: Callable[[Address], Line]
    waiting: Callable[[], AbstractContextManager[None]] = nullcontext
