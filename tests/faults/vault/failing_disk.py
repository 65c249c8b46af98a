"""A disk that fails at the nth step of writing a file: create, flush, rename, flush of the folder."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest


class FailingDisk:
    """Fails with `error` at the step that `fail_at` names, once, until `heal`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Callable[[], BaseException]) -> None:
        self._left, self._error = -1, error
        self.fired = False
        for owner, name in ((os, "fsync"), (Path, "replace"), (tempfile, "mkstemp")):
            monkeypatch.setattr(owner, name, self._step(getattr(owner, name)))

    def fail_at(self, nth: int) -> None:
        self._left, self.fired = nth, False

    def heal(self) -> None:
        self._left = -1

    def _step(self, real: Callable[..., object]) -> Callable[..., object]:
        def step(*given: object, **named: object) -> object:
            self._left -= 1
            if self._left == 0:
                self.fired = True
                raise self._error()
            return real(*given, **named)

        return step


def disk_full() -> BaseException:
    """What the system says when no room is left."""
    return OSError(errno.ENOSPC, "no space")


def killed() -> BaseException:
    """What no code of ours catches: the nearest to a kill in the same process."""
    return KeyboardInterrupt()
