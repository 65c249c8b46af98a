"""Every table of the store, so that one import maps them all."""

from __future__ import annotations

from advocate_desk.store.tables import cases, files, local, papers, people, risk, work
from advocate_desk.store.tables.base import metadata

ALL = (local, files, people, risk, cases, work, papers)

__all__ = ["ALL", "metadata"]
