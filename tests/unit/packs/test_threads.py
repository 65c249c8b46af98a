"""Rules are read by the thread that warms and by the window's own, at the same time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
ALL_AT_ONCE = """
import sys, threading
from advocate_desk import paths
from advocate_desk.packs.packs import Packs
sys.setswitchinterval(1e-5)
together = threading.Barrier(4)

def read():
    packs = Packs(paths.resources())
    together.wait()
    packs.warm()

threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_a_schema_that_several_threads_meet_at_once_does_not_end_the_process() -> None:
    """A process of its own: what several threads must meet for the first time was met in this one long ago."""
    done = subprocess.run([sys.executable, "-c", ALL_AT_ONCE], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
