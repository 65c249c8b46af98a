"""How much the hub takes from whom: sizes, space, and how often."""

from __future__ import annotations

import hmac
import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from advocate_desk.hub.callers import Caller
from advocate_desk.hub.database import Database
from advocate_desk.hub.refusals import RefusedByHub
from advocate_desk.sync import wire

MEMBER_RATE = 1_200
STRANGER_RATE = 60
RIGHTS_RATE, MOST_RIGHTS = 2_000, 300_000
"""Rights that one device may give, in a minute and at once: a desk's first exchange gives a key for every file."""
EMPTY_RATE, MOST_EMPTY = 1, 30
"""Pushes without a record of one device: each stays for good, and a desk has seldom a reason for one."""
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
        self._take(b"m" + device, self._limits.member_rate, self._limits.member_rate)

    def check_rights(self, device: bytes, count: int) -> None:
        """Count rights that a device gives. Raises RefusedByHub with the seconds to wait."""
        self._take(b"r" + device, RIGHTS_RATE, MOST_RIGHTS, count)

    def check_empty(self, device: bytes) -> None:
        """Count a push without a record. Raises RefusedByHub with the seconds to wait."""
        self._take(b"e" + device, EMPTY_RATE, MOST_EMPTY)

    def check_stranger(self, address: str) -> None:
        """Count a request of an address without a session. Raises RefusedByHub with the seconds to wait."""
        self._take(b"s" + _neighbourhood(address), self._limits.stranger_rate, self._limits.stranger_rate)

    def _take(self, caller: bytes, a_minute: int, most: int, count: int = 1) -> None:
        """Take `count` out of a caller's bucket, which holds `most` at the most."""
        with self._lock:
            now = self._now()
            left, at = self._buckets.pop(caller, (float(most), now))
            left = min(float(most), left + (now - at) * a_minute / 60)
            is_over = left < count
            self._buckets[caller] = (left if is_over else left - count, now)
            while len(self._buckets) > MOST_CALLERS:
                self._buckets.popitem(last=False)
        if is_over:
            raise RefusedByHub("too_many", max(1, round((count - left) * 60 / a_minute)))


def _neighbourhood(address: str) -> bytes:
    """Whom an address counts as: itself, and of IPv6 the network of 64 bits, all of which one subscriber has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address.encode()
    return parsed.packed[:8] if parsed.version == 6 else parsed.packed


PUSH_BYTES, RIGHT_BYTES, PIECE_BYTES, STATEMENT_BYTES = 400, 400, 200, 100
"""What a push, a right, a piece and a statement take up beside what they carry, with their indexes."""


def check_space(used_bytes: int, rights: int, grown: int, beside: int, quota_bytes: int) -> None:
    """Refuse what an organisation has no space for. `used_bytes`: so far, without its rights. Raises RefusedByHub.

    What makes its records no larger (`grown`) still finds the last twentieth, for what it costs `beside`; what frees
    more than it costs is always taken.
    """
    room = quota_bytes if grown > 0 else quota_bytes + quota_bytes // 20
    if grown + beside > 0 and used_bytes + rights * RIGHT_BYTES + grown + beside > room:
        raise RefusedByHub("full", quota_bytes)


def check_room(database: Database, caller: Caller, rights: int, quota_bytes: int) -> None:
    """Refuse rights that an organisation has no space for. Raises RefusedByHub."""
    with database.reading() as session:
        sql = "SELECT used_bytes, rights FROM organisation WHERE organisation = ?"
        used, held = session.rows(sql, caller.organisation)[0]
    check_space(used, held, rights * RIGHT_BYTES, 0, quota_bytes)


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
