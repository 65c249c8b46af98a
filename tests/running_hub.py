"""A hub in a process of its own on loopback, for tests of the desk that want real HTTP."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running_hub(folder: Path, founding_code: str = "") -> Iterator[str]:
    """The address of a hub that runs on SQLite in `folder`, and ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    command = [sys.executable, "-m", "advocate_desk.hub.server", "--port", str(port), "--stranger-rate", "6000"]
    environ = {
        **os.environ,
        "ADVOCATE_HUB_DATABASE": str(folder / "hub.db"),
        "ADVOCATE_HUB_FOUNDING_CODE": founding_code,
    }
    with (folder / "log").open("wb") as log, subprocess.Popen(command, env=environ, stdout=log, stderr=log) as process:
        for _ in range(400):
            if _is_ready(port):
                break
            time.sleep(0.05)
        else:
            process.terminate()
            raise AssertionError((folder / "log").read_text())
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)
    assert "Traceback" not in (folder / "log").read_text()


def _is_ready(port: int) -> bool:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        line.request("GET", "/health")
        return line.getresponse().read() == b"ready\n"
    except OSError:
        return False
    finally:
        line.close()
