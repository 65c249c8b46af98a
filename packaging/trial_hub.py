"""`dev.py hub`: a hub on this computer alone, to try out what a team does. What it holds is kept between runs."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import environment
from setup_error import SetupError

PORT = 8765
FOLDER = environment.ROOT / "build" / "hub"
READY_S = 60.0


def run(python: Path, arguments: Sequence[str]) -> int:
    """Start a hub, say where it is once it answers, and stay until Ctrl+C. Raises SetupError."""
    parser = argparse.ArgumentParser(prog="dev.py hub", description="A hub on this computer, for trying out.")
    parser.add_argument("--port", type=int, default=PORT, help=f"port on 127.0.0.1 (default {PORT}; 0: any free one)")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where it keeps its database (default build/hub)")
    asked = parser.parse_args(arguments)
    port = asked.port or _free_port()
    folder: Path = asked.folder.resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = [str(python), "-m", "advocate_desk.hub.server", "--host", "127.0.0.1", "--port", str(port)]
    variables = {name: text for name, text in os.environ.items() if not name.startswith("ADVOCATE_HUB_")}
    variables["ADVOCATE_HUB_DATABASE"] = str(folder / "hub.db")
    with (
        (folder / "hub.log").open("ab") as log,
        subprocess.Popen(
            command, cwd=environment.ROOT, env=environment.outside(variables), stdout=log, stderr=subprocess.PIPE
        ) as hub,
    ):
        try:
            _wait_until_ready(hub, port)
            _say(f"The hub is ready at http://127.0.0.1:{port}")
            _say(f"It keeps everything in {folder}. Ctrl+C ends it.")
            hub.wait()
        except KeyboardInterrupt:
            _say("Ending the hub.")
        finally:
            hub.terminate()
            hub.wait()
    _say("The hub has ended.")
    return 0


def _wait_until_ready(hub: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if hub.poll() is not None:
            said = hub.stderr.read().decode(errors="replace").strip() if hub.stderr else ""
            raise SetupError(said or f"The hub did not start. Does another program use port {port}?")
        if _is_ready(port):
            return
        time.sleep(0.1)
    raise SetupError("The hub does not answer.")


def _is_ready(port: int) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
            return bool(answer.read() == b"ready\n")
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


def _say(line: str) -> None:
    print(line, flush=True)
