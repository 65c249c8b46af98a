"""The computer sleeps, or locks its screen, while the desk is still opening: nobody finds it open afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from advocate_desk import app
from advocate_desk.clock import FixedClock
from advocate_desk.desk import composition
from advocate_desk.desk.composition import OpenDesk
from advocate_desk.desk.lock import LockWatch
from advocate_desk.desk.screens.unlock.view import UnlockView
from advocate_desk.vault.keyring import NO_KEYRING, KeyringCheck
from tests.builders import NOON, PACKS
from tests.desk.test_backups import Started
from tests.profiles import a_profile
from tests.unit.vault.vaults import CHEAP

NO_RING = KeyringCheck(None, NO_KEYRING)


@pytest.fixture
def started(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    monkeypatch.setattr(app, "UnlockView", partial(UnlockView, cost=CHEAP, find_keyring=lambda: NO_RING))
    monkeypatch.setattr("advocate_desk.desk.composition.Packs", lambda _folder: PACKS)
    clock = FixedClock(NOON)
    a_profile(tmp_path / "profile", clock)
    made = Started(tmp_path / "profile", clock, qtbot)
    yield made
    made.end()


@pytest.mark.parametrize("away", [lambda watch: watch.on_sleep(True), lambda watch: watch.on_session_lock()])
def test_a_desk_that_opened_meanwhile_is_locked(
    started: Started, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, away: Callable[[LockWatch], None]
) -> None:
    opened: list[OpenDesk] = []
    closed: list[OpenDesk] = []
    real_open, real_close = composition.open_desk, OpenDesk.close

    def open_and_tell(*arguments: object) -> OpenDesk:
        opened.append(real_open(*arguments))  # type: ignore[arg-type]
        away(started.window.watch)
        return opened[-1]

    def close_and_tell(desk: OpenDesk, **kept: bool) -> None:
        closed.append(desk)
        real_close(desk, **kept)

    monkeypatch.setattr(composition, "open_desk", open_and_tell)
    monkeypatch.setattr(OpenDesk, "close", close_and_tell)
    started.type_passphrase()
    qtbot.waitUntil(lambda: bool(closed), timeout=20_000)
    assert closed == opened
    assert started.window.desk() is None
    assert started.page(UnlockView) is not None
    monkeypatch.setattr(composition, "open_desk", real_open)
    assert started.unlock() is not None
