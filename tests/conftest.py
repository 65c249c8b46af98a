"""What every test stands on: no network, a standing clock, no keyring of the user's, and nothing said in vain.

A Qt message of WARNING or above fails the test (pyproject.toml), unless it is marked with pytest-qt's `qt_log_ignore`.
Tests draw off screen. Those in tests/end_to_end start the program as a process of its own, with real windows on a
private screen (`own_desktop`), and run one after the other: they press keys and wait for what comes of it.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import keyring.core
import pytest
from PySide6.QtCore import QCoreApplication, SignalInstance
from pytestqt.qtbot import QtBot
from pytestqt.wait_signal import SignalBlocker
from xdist.remote import Producer

import desktop
from advocate_desk import paths
from advocate_desk.clock import FixedClock
from tests.sharing_out import LONG, Sharing
from tests.unit.vault.keyrings import MemoryBackend, named

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "desk")


PATIENCE_MS = 30_000
"""For what comes at once on a machine that has nothing else to do, and pytest-qt would wait five seconds for."""


class Patient(QtBot):
    """Says that something did not come only where it does not come: a busy machine fails no test."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: SignalInstance, *, timeout: int = PATIENCE_MS, **options: Any) -> SignalBlocker:
        return super().waitSignal(signal, timeout=timeout, **options)


class ReachedOut(RuntimeError):
    """A test, or what it tests, asked the network for something beyond this computer."""


def stay_home(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse each connection, datagram and name lookup that would leave this computer."""
    if event in {"socket.connect", "socket.sendto"}:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""  # a path: a Unix socket
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    name = host.decode() if isinstance(host, bytes) else str(host or "")
    if name not in {"", "localhost"} and not is_loopback(name):
        raise ReachedOut(f"{event} {name}")


def is_loopback(name: str) -> bool:
    """Whether `name` is an address of this computer, of IPv4 or IPv6."""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


sys.addaudithook(stay_home)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest."""
    items.sort(key=lambda item: item.path.name not in LONG)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Sharing:
    """Share the tests out over the workers in our own way."""
    return Sharing(config, log)


@pytest.fixture
def qtbot(qapp: QCoreApplication, request: pytest.FixtureRequest) -> QtBot:
    """Pytest-qt's own, which waits longer unless it is told how long."""
    return Patient(request)


@pytest.fixture
def clock() -> FixedClock:
    """Half past nine on Saturday 21 November 2026, in London as in UTC."""
    return FixedClock(datetime(2026, 11, 21, 9, 30, tzinfo=UTC))


@pytest.fixture(autouse=True)
def own_profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The profile folder that the program would use, not yet made; never the user's."""
    profile = tmp_path / "profile"
    monkeypatch.setenv(paths.PROFILE_VARIABLE, str(profile))
    return profile


@pytest.fixture(autouse=True)
def system_keyring(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> MemoryBackend | None:
    """The keyring that this system seems to have: one in memory, of a name that the program trusts.

    None in a test marked `real_keyring`, where the library looks for a real one anew.
    """
    is_real = request.node.get_closest_marker("real_keyring") is not None
    backend = None if is_real else named("keyring.backends.SecretService", "Keyring")
    monkeypatch.setattr(keyring.core, "_keyring_backend", backend)
    return backend


@pytest.fixture
def own_desktop() -> Iterator[dict[str, str]]:
    """Environment variables for a program with real windows: an empty home, and a screen of 1366x768 of its own."""
    if not sys.platform.startswith("linux"):
        pytest.skip("only Linux has private screens")
    with desktop.private_desktop("xcb") as variables:
        yield variables


class KeptRecords(logging.Handler):
    """Log records of WARNING and above, as they come."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on a log record at WARNING or above, and on one that `expects_log` names and that never comes."""
    patterns = [str(marker.args[0]) for marker in request.node.iter_markers("expects_log")]
    handler = KeptRecords()
    logging.getLogger().addHandler(handler)
    yield
    logging.getLogger().removeHandler(handler)
    unexpected = [said for said in handler.messages if not any(re.search(one, said) for one in patterns)]
    unsaid = [one for one in patterns if not any(re.search(one, said) for said in handler.messages)]
    assert not unexpected, "logged, and no expects_log names it"
    assert not unsaid, "expects_log names it, and it was not logged"


@pytest.fixture(autouse=True)
def no_thread_outlives() -> Iterator[None]:
    """Fail when a thread that the test started is still at work after it, and would keep the program from ending."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if not thread.daemon:
            thread.join(timeout=5)
            assert not thread.is_alive(), f"the thread {thread.name} outlives its test"
