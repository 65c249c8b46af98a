"""`dev.py hub` as a process: ready when it says so, what it holds is kept, and Ctrl+C ends all of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

from advocate_desk import paths
from tests.hub.processes import free_port

PACKAGING = paths.resources().parent / "packaging"
SCRIPT = "import pathlib, sys, trial_hub; sys.exit(trial_hub.run(pathlib.Path(sys.executable), sys.argv[1:]))"
"""What dev.py does once it has the environment: this one."""


def test_a_trial_hub_is_ready_when_it_says_so_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-c", SCRIPT, "--port", str(port), "--folder", str(tmp_path / "hub")]
    for _ in range(2):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, text=True, cwd=PACKAGING, start_new_session=True
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == f"The hub is ready at http://127.0.0.1:{port}\n"
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health") as answer:
                assert answer.read() == b"ready\n"
            os.killpg(process.pid, signal.SIGINT)  # as a terminal does
            assert process.stdout.read().endswith("The hub has ended.\n")
            assert process.wait(30) == 0
    assert (tmp_path / "hub").stat().st_mode & 0o077 == 0
    assert (tmp_path / "hub" / "hub.db").stat().st_size > 0


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, "--folder", str(tmp_path / "hub")]

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        command += ["--port", str(other.getsockname()[1])]
        done = subprocess.run(command, check=False, cwd=PACKAGING, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "the address cannot be listened on" in done.stderr
