"""What two people said differently of one thing, apart from each other: counted, decided by one of them, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from advocate_desk.casework.work import Work
from advocate_desk.store.queries import conflicts


def count_open(work: Work, *, only_critical: bool = False) -> Mapping[UUID, int]:
    """How many fields, or groups of fields, wait for a decision, by file; files with none are left out."""
    return work.read(conflicts.count_open, only_critical=only_critical)
