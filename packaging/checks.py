"""Form, lint, types and import rules, side by side."""

from __future__ import annotations

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import environment


class Verdict(NamedTuple):
    """What one tool said: whether it was content, how long it took, and its words."""

    passed: bool
    seconds: float
    output: str


def commands(python: Path) -> dict[str, list[str]]:
    """Each check's name and command."""
    return {
        "types (mypy)": [str(python), "-m", "mypy", "--no-error-summary"],
        "form (ruff format)": [str(python), "-m", "ruff", "format", "--check", "--diff", "--quiet", "."],
        "lint (ruff check)": [str(python), "-m", "ruff", "check", "--quiet", "."],
        "imports (lint-imports)": [str(environment.program("lint-imports")), "--no-logo"],
    }


def run_all(python: Path) -> list[str]:
    """Run every check, tell of each, and return the names of those that failed."""
    failed = []
    with ThreadPoolExecutor() as pool:
        verdicts = {name: pool.submit(_run, command) for name, command in commands(python).items()}
        for name, waiting in verdicts.items():
            verdict = waiting.result()
            print(f"{name}: {'passed' if verdict.passed else 'FAILED'} in {verdict.seconds:.1f} s", flush=True)
            if not verdict.passed:
                print(verdict.output, flush=True)
                failed.append(name)
    return failed


def _run(command: list[str]) -> Verdict:
    started = time.monotonic()
    done = subprocess.run(
        command, cwd=environment.ROOT, check=False, capture_output=True, text=True, encoding="utf-8", errors="replace"
    )
    return Verdict(done.returncode == 0, time.monotonic() - started, (done.stdout + done.stderr).strip())
