"""One process of a run: `python -m tests.fuzz.worker CELL NAME INPUTS SEED [NAME INPUTS SEED ...]`.

Before an input is tried it is written into the file CELL, so that it is known even if it takes the process with it.
Each line of output is what the run over one target came to, as JSON.
"""

from __future__ import annotations

import base64
import json
import logging
import mmap
import struct
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.tally import Finding, Tally

CELL_BYTES = 32 << 20
_HEAD = struct.Struct("<QQ")


class Cell:
    """The input that is being tried, and how many there have been."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), CELL_BYTES)
        self._count = 0

    def put(self, data: bytes) -> None:
        """Note the input that is tried next."""
        self._count += 1
        size = min(len(data), CELL_BYTES - _HEAD.size)
        self._map[_HEAD.size : _HEAD.size + size] = data[:size]
        _HEAD.pack_into(self._map, 0, self._count, size)

    @staticmethod
    def read(path: Path) -> tuple[int, bytes]:
        """How many inputs were tried, and the last of them."""
        with path.open("rb") as file:
            count, size = _HEAD.unpack(file.read(_HEAD.size))
            return count, file.read(size)


def to_line(name: str, tally: Tally) -> str:
    """A tally as one line."""
    said = asdict(tally) | {"target": name}
    said["findings"] = [{**each, "data": base64.b64encode(each["data"]).decode()} for each in said["findings"]]
    return json.dumps(said)


def from_line(line: str) -> tuple[str, Tally]:
    """What `to_line` was given."""
    said = json.loads(line)
    name = said.pop("target")
    found = [Finding(**{**each, "data": base64.b64decode(each["data"])}) for each in said.pop("findings")]
    return name, Tally(**said, findings=found)


def main(arguments: list[str]) -> None:
    """Carry out the jobs that the command line names."""
    # Here and not above: the program's own processes import this module anew, and shall start as quickly as ever.
    from tests.fuzz.judge import Judge, bound_memory
    from tests.fuzz.targets import TARGETS

    logging.disable(logging.CRITICAL)
    cell = Cell(Path(arguments[0]))
    for name, inputs, seed in zip(arguments[1::3], arguments[2::3], arguments[3::3], strict=True):
        target = TARGETS[name]
        with tempfile.TemporaryDirectory() as scratch:
            judge = Judge(target, Path(scratch), int(seed), cell.put)
            bound_memory(target.memory_mb)
            print(to_line(name, judge.run(int(inputs))), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
