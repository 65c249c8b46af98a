"""Real hub processes: started as an operator starts them, killed as nobody would, and read afterwards."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

READY_S = 40.0


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for something that is about to be so."""
    until = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


@dataclass
class HubProcess:
    """A hub on loopback, on a port that it keeps over restarts."""

    folder: Path
    database: str
    workers: int = 1
    options: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        """Everything that it wrote, over all its starts."""
        return (self.folder / "log").read_text()

    @property
    def lines(self) -> list[dict[str, object]]:
        """Its log, line by line. Fails where a line is no JSON object."""
        return [json.loads(line) for line in self.log.splitlines()]

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        command = [sys.executable, "-m", "advocate_desk.hub.server"]
        asked = {"database": self.database, "port": str(self.port), "workers": str(self.workers)}
        asked |= {"stranger_rate": "60000", "member_rate": "60000"} | self.options
        variables = {f"ADVOCATE_HUB_{name.upper()}": value for name, value in asked.items()}
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                command, env={**os.environ, **variables}, stdout=log, stderr=log, start_new_session=True
            )
        until = time.monotonic() + READY_S
        while not self.is_ready():
            assert self._process.poll() is None, self.log
            assert time.monotonic() < until, self.log
            time.sleep(0.05)

    def is_ready(self) -> bool:
        """Whether it says that it is."""
        try:
            return self.get("/health") == (200, b"ready\n")
        except (OSError, http.client.HTTPException):
            return False

    def get(self, path: str, port: int = 0) -> tuple[int, bytes]:
        """One answer to a GET."""
        with contextlib.closing(self.line(port)) as line:
            line.request("GET", path)
            answer = line.getresponse()
            return answer.status, answer.read()

    def line(self, port: int = 0) -> http.client.HTTPConnection:
        """A connection to it."""
        if "certificate" not in self.options:
            return http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=10)
        trust = ssl.create_default_context(cafile=self.options["certificate"])
        return http.client.HTTPSConnection("localhost", port or self.port, timeout=10, context=trust)

    @property
    def pid(self) -> int:
        """The process that was started."""
        assert self._process is not None
        return self._process.pid

    @property
    def worker_pids(self) -> list[int]:
        """The processes that answer: its own, or those that it minds."""
        if self.workers == 1:
            return [self.pid]
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        return [int(each) for each in children if b"resource_tracker" not in Path(f"/proc/{each}/cmdline").read_bytes()]

    def terminate(self) -> int:
        """Ask it to stop; its exit status."""
        assert self._process is not None
        self._process.terminate()
        return self._process.wait(30)

    def kill(self) -> None:
        """Send kill -9 to it and to all its workers."""
        assert self._process is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(30)

    def end(self) -> None:
        """Leave nothing of it behind."""
        if self._process is not None:
            self.kill()
