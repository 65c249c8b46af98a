"""The process beside the desk in which the demonstration's hub runs and its colleagues work, seen from the desk."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from advocate_desk.errors import Unavailable
from advocate_desk.sync.address import parse_address
from advocate_desk.sync.door import Door
from advocate_desk.sync.hub import Unreachable

MODULE = "advocate_desk.demonstration.team_at_work"
BEGIN = b"begin\n"
READY_S, END_S = 60.0, 5.0
NOT_STARTED = (
    "The demonstration’s hub did not start, so there is no team to show. Start the demonstration without --role, or "
    "start the program with packaging/dev.py run, which installs what a hub needs."
)


@dataclass
class TeamProcess:
    """Runs until `end`, or until this process ends, however that comes: its input then closes."""

    process: subprocess.Popen[bytes]
    port: int

    @classmethod
    def start(cls, folder: Path, port: int) -> TeamProcess:
        """Start it on `folder`; its hub will answer at `port`."""
        with (folder / "log").open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - this very interpreter, and a folder of ours
                [sys.executable, "-m", MODULE, str(folder), str(port)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
            )
        return cls(process, port)

    def await_hub(self) -> None:
        """Wait until the hub answers. Raises Unavailable where it does not."""
        until = time.monotonic() + READY_S
        while time.monotonic() < until and self.process.poll() is None:
            if _is_ready(self.port):
                return
            time.sleep(0.1)
        self.end()
        raise Unavailable(NOT_STARTED)

    def begin(self) -> None:
        """Let the colleagues begin to work: their desks are there."""
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.write(BEGIN)
                self.process.stdin.flush()

    def end(self) -> None:
        """End the hub and the colleagues' work. Safe to repeat."""
        if self.process.stdin is not None:
            with contextlib.suppress(OSError):
                self.process.stdin.close()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def _is_ready(port: int) -> bool:
    with contextlib.closing(Door(parse_address(f"http://127.0.0.1:{port}"))) as door:
        try:
            door.check()
        except Unreachable:
            return False
    return True
