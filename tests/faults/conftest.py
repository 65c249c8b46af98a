"""For every test under this folder: the standing file, and a passphrase that is stretched once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.standing import open_copy, standing, template, work
from tests.unit.vault.vaults import remembered_stretching

__all__ = ["open_copy", "standing", "template", "work"]


@pytest.fixture(autouse=True, scope="module")
def stretched_once() -> Iterator[None]:
    """Copies of one desk are opened some thousand times, by the passphrase that it was made with."""
    with pytest.MonkeyPatch.context() as patch:
        remembered_stretching(patch)
        yield
