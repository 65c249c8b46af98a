"""Every parser of outside data, by name."""

from __future__ import annotations

from collections.abc import Mapping

from tests.fuzz import exchange, kept, papers, sheets, typed, vaults
from tests.fuzz.target import Target

TARGETS: Mapping[str, Target] = {
    one.name: one
    for one in (*sheets.TARGETS, *vaults.TARGETS, *typed.TARGETS, *papers.TARGETS, *kept.TARGETS, *exchange.TARGETS)
}
