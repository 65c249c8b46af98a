"""How long to wait after wrong passphrases: longer each time, kept in `vault.json`, so that a restart does not help.

It slows a person at this keyboard. A copied folder is not slowed by it: Argon2id and the device secret are for that.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime

from advocate_desk.errors import Unavailable
from advocate_desk.vault.slots import Throttle

# Seconds to wait after so many failures in a row; the last one for all that follow. Three typing slips cost nothing.
DELAYS_S = (0, 0, 0, 0, 5, 15, 30, 60, 120, 300, 600, 900)


class TooSoon(Unavailable):
    """An attempt before the wait was over; it was not looked at. `wait_s`: seconds still to wait."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(
            "There were too many wrong passphrases, so the desk waits before the next one. Nothing was changed. "
            "Try again when the wait is over, or use the recovery code."
        )
        self.wait_s = wait_s


def fresh(now: datetime) -> Throttle:
    """No failures."""
    return Throttle(failures=0, wait_s=0, noted=now.replace(microsecond=0))


def wait_left_s(throttle: Throttle, now: datetime) -> int:
    """Whole seconds before the next attempt is looked at. A clock that was set back has not waited at all."""
    waited_s = max(0.0, (now - throttle.noted).total_seconds())
    return max(0, math.ceil(throttle.wait_s - waited_s))


def counted(throttle: Throttle, now: datetime) -> Throttle:
    """One more failure. Written before the attempt, so that ending the program does not undo it."""
    failures = min(throttle.failures + 1, 10**9)
    return Throttle(failures, DELAYS_S[min(failures, len(DELAYS_S) - 1)], now.replace(microsecond=0))


def on_new_clock(throttle: Throttle, now: datetime) -> Throttle:
    """The same wait counted from `now` where the clock was set back: neither shorter nor a year long."""
    return replace(throttle, noted=now.replace(microsecond=0)) if now < throttle.noted else throttle
