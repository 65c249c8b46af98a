"""A team at random work for as long as is asked: `python3 packaging/dev.py soak [--seconds N] [--seed S]`.

One world after the other, each from a seed of its own, until the time is up. What does not hold is said with the
command that plays it again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.sync.model import World

OPERATIONS = 20_000
TURNS = {
    "records": {"are_members_changing": False, "are_files_moving": False},
    "members": {"are_files_moving": False},
    "hub": {"are_members_changing": False, "is_hub_restored": True},
    "files": {"are_members_changing": False},
    "power": {"are_members_changing": False, "is_hub_restored": True, "is_power_failing": True},
    "all": {"is_hub_restored": False},
    "members, hub": {"is_hub_restored": True},
    "members, power": {"is_hub_restored": True, "is_power_failing": True},
}
"""What a world does beside its work on records."""


def run(name: str, seed: int, operations: int) -> int:
    """One world; how many operations it did. Raises what did not hold."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        turns = TURNS[name]
        world = World(
            Path(folder),
            seed,
            are_members_changing=turns.get("are_members_changing", True),
            are_files_moving=turns.get("are_files_moving", True),
            is_hub_restored=turns.get("is_hub_restored", False),
            is_power_failing=turns.get("is_power_failing", False),
        )
        try:
            world.run(operations)
            world.check()
        finally:
            world.close()
        return world.done


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry out the command line; 1 when something did not hold."""
    parser = argparse.ArgumentParser(prog="dev.py soak", description=(__doc__ or "").partition("\n\n")[0])
    parser.add_argument("--seconds", type=float, default=600.0, help="how long worlds are begun (600)")
    parser.add_argument("--seed", type=int, default=1, help="of the first world; the next has the next number (1)")
    parser.add_argument("--operations", type=int, default=OPERATIONS, help=f"of each world ({OPERATIONS:,})")
    parser.add_argument("--only", choices=sorted(TURNS), help="one kind of world")
    asked = parser.parse_args(arguments)
    until = time.monotonic() + asked.seconds
    names = [asked.only] if asked.only else list(TURNS)
    done = worlds = 0
    while time.monotonic() < until or not worlds:
        name, seed = names[worlds % len(names)], asked.seed + worlds
        try:
            done += run(name, seed, asked.operations)
        except Exception:
            traceback.print_exc()
            again = f"--seconds 0 --seed {seed} --only {name} --operations {asked.operations}"
            print(f"Did not hold. Again: python3 packaging/dev.py soak {again}", flush=True)
            return 1
        worlds += 1
        print(f"{name}, seed {seed}: held; {done:,} operations in {worlds} worlds so far", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
