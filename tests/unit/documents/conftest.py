from __future__ import annotations

import pytest

from advocate_desk.documents.fonts import FontSet
from tests.unit.documents.papers import own_fonts


@pytest.fixture
def fonts() -> FontSet:
    return own_fonts()
