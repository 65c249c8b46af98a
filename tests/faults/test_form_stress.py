"""Forms at a rate that nobody keeps up, in a process of its own: what breaks Qt's memory ends the process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CPU_S = float(os.environ.get("FORM_STRESS_CPU_S", "10"))
"""Of the process's own time: raise it to look for a rare crash."""
PATIENCE_S = 300 + 30 * CPU_S
pytestmark = pytest.mark.timeout(PATIENCE_S + 60)
LEAST_ROUNDS = 5


def test_forms_that_are_saved_refused_and_thrown_away_at_once_do_not_break_the_program(tmp_path: Path) -> None:
    own = os.environ | {"QT_QPA_PLATFORM": "offscreen", "MALLOC_PERTURB_": "165", "PYTHONMALLOC": "debug"}
    ran = subprocess.run(
        [sys.executable, "-m", "tests.faults.form_stress", str(tmp_path / "profile"), "7", str(CPU_S)],
        cwd=ROOT,
        env=own,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
    assert "Traceback" not in ran.stderr, ran.stderr[-4000:]
    assert int(ran.stdout) >= LEAST_ROUNDS
