from __future__ import annotations

from datetime import UTC, datetime

import pytest

from advocate_desk.clock import FixedClock
from advocate_desk.vault.keyring import SecureKeyring
from tests.unit.vault.keyrings import MemoryBackend


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 11, 20, 9, 0, tzinfo=UTC))


@pytest.fixture
def backend() -> MemoryBackend:
    return MemoryBackend()


@pytest.fixture
def keyring(backend: MemoryBackend) -> SecureKeyring:
    return SecureKeyring(backend)
