"""How much the hub takes from whom: sizes, space, and how often."""

from __future__ import annotations

import hmac
import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import wire

MEMBER_RATE = 1_200
STRANGER_RATE = 60
MOST_CALLERS = 100_000
"""Callers whose rate is remembered at once; the one that called longest ago is forgotten first."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What the operator sets. Rates are requests a minute, and each worker counts for itself.

    `most_held_bytes` is what one worker holds of requests that it has not answered yet: beyond it, it asks to wait.
    """

    quota_bytes: int = 20 * 1024**3
    most_request_bytes: int = wire.MOST_PUSH_BYTES + 1024 * 1024
    most_small_bytes: int = 64 * 1024
    most_held_bytes: int = 256 * 1024 * 1024
    member_rate: int = MEMBER_RATE
    stranger_rate: int = STRANGER_RATE
    founding_code: str = ""

    def check_founding(self, code: bytes) -> None:
        """Refuse to found an organisation without the operator's code, where she set one. Raises RefusedByHub."""
        if self.founding_code and not hmac.compare_digest(code, self.founding_code.encode()):
            raise RefusedByHub("no_right")


class Rates:
    """A bucket for each caller, filled once a minute's share at a time."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.monotonic) -> None:
        self._limits, self._now = limits, now
        self._buckets: OrderedDict[bytes, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def check_member(self, device: bytes) -> None:
        """Count a request of a device. Raises RefusedByHub with the seconds to wait."""
        self._take(b"m" + device, self._limits.member_rate)

    def check_stranger(self, address: str) -> None:
        """Count a request of an address without a session. Raises RefusedByHub with the seconds to wait."""
        self._take(b"s" + _neighbourhood(address), self._limits.stranger_rate)

    def _take(self, caller: bytes, a_minute: int) -> None:
        with self._lock:
            now = self._now()
            left, at = self._buckets.pop(caller, (float(a_minute), now))
            left = min(float(a_minute), left + (now - at) * a_minute / 60)
            is_over = left < 1
            self._buckets[caller] = (left if is_over else left - 1, now)
            while len(self._buckets) > MOST_CALLERS:
                self._buckets.popitem(last=False)
        if is_over:
            raise RefusedByHub("too_many", max(1, round((1 - left) * 60 / a_minute)))


def _neighbourhood(address: str) -> bytes:
    """Whom an address counts as: itself, and of IPv6 the network of 64 bits, all of which one subscriber has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address.encode()
    return parsed.packed[:8] if parsed.version == 6 else parsed.packed


class Room:
    """How many bytes of unanswered requests a worker holds. Used on the event loop only."""

    def __init__(self, most_bytes: int) -> None:
        self._left = most_bytes

    def take(self, count: int) -> None:
        """Hold so many bytes more. Raises RefusedByHub with the seconds to wait."""
        if count > self._left:
            raise RefusedByHub("busy", 5)
        self._left -= count

    def give(self, count: int) -> None:
        """Hold so many bytes less."""
        self._left += count
