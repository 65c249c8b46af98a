"""Many desks, random work on every kind of record, exchanges in any order: the same files in the end, nothing lost.

100,000 operations; `python3 packaging/dev.py soak` goes on for as long as it is asked to, and prints the seed that a
failure came of. SYNC_OPERATIONS sets another number.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.store.tables.base import record_tables
from advocate_desk.sync.records import shapes
from tests.sync.model import World

OPERATIONS = int(os.environ.get("SYNC_OPERATIONS", "100000"))
RUNS: dict[str, tuple[int, float, dict[str, Any]]] = {
    "records": (1, 0.5, {"are_members_changing": False, "are_files_moving": False}),
    "more records": (2, 0.37, {"are_members_changing": False, "are_files_moving": False}),
    "restored hub": (3, 0.1, {"are_members_changing": False, "are_files_moving": False, "is_hub_restored": True}),
    "restored hub, final records": (
        28,
        0.04,
        {"are_members_changing": False, "are_files_moving": False, "is_hub_restored": True},
    ),
    "restored hub, power": (
        21,
        0.04,
        {
            "are_members_changing": False,
            "are_files_moving": False,
            "is_hub_restored": True,
            "is_power_failing": True,
        },
    ),
    "power": (7, 0.04, {"are_members_changing": False, "are_files_moving": False, "is_power_failing": True}),
    "members": (3, 0.03, {"are_files_moving": False}),
    "restored hub, members and files": (150, 0.03, {"is_hub_restored": True}),
    "restored hub, members, files and power": (302, 0.03, {"is_hub_restored": True, "is_power_failing": True}),
}


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", RUNS)
def test_desks_converge_and_no_typed_word_is_lost(tmp_path: Path, name: str) -> None:
    seed, share, turns = RUNS[name]
    world = World(tmp_path, seed, **turns)
    try:
        world.run(round(OPERATIONS * share))
        world.check()
    finally:
        world.close()


def test_every_kind_of_record_is_worked_on() -> None:
    assert set(shapes()) == {str(table.name) for table in record_tables()}
