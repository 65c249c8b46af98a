"""The rule packs as they ship, read once for all tests of this folder."""

from __future__ import annotations

import pytest

from advocate_desk import paths
from advocate_desk.domain.days import Holidays
from advocate_desk.packs.packs import Packs


@pytest.fixture(scope="session")
def packs() -> Packs:
    return Packs(paths.resources())


@pytest.fixture(scope="session")
def holidays(packs: Packs) -> Holidays:
    return packs.holidays()
