"""Every table of the store, so that one import maps them all."""

from __future__ import annotations

from advocate_desk.store.tables import cases, exchange, files, local, papers, people, risk, work
from advocate_desk.store.tables.base import metadata

ALL = (local, files, people, risk, cases, work, papers, exchange)

__all__ = ["ALL", "metadata"]
