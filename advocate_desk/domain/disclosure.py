"""What may leave a file, and to whom."""

from __future__ import annotations

from enum import StrEnum


class Sensitivity(StrEnum):
    """Why a column may not be shown to just anybody. Every mapped column carries one."""

    NONE = "none"
    LOCATION = "location"
    IMMIGRATION = "immigration"
    HEALTH = "health"
    THIRD_PARTY = "third_party"
    EQUALITIES = "equalities"
