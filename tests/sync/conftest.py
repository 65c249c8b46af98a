"""What the tests of the exchange stand on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.desks import Team


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    """An organisation without anybody, with a hub in this process."""
    made = Team(tmp_path)
    yield made
    made.close()
