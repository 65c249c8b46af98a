"""The lock files: every package with its version and hashes, for every system, and where none came from."""

from __future__ import annotations

import subprocess
from pathlib import Path

import environment
from setup_error import SetupError

OLDEST_PYTHON = "3.11"


def write(python: Path, *, upgrade: bool) -> None:
    """Write both lock files from pyproject.toml. What is pinned stays, unless `upgrade`. Raises SetupError."""
    for lock, options in (
        (environment.RUN, []),
        (environment.DEVELOP, ["--group", "dev", "--extra", "hub", "-c", environment.RUN]),
    ):
        print(f"Locking {lock.name}", flush=True)
        command = [*_compile(python), *map(str, options), *(["--upgrade"] if upgrade else []), "-o", str(lock)]
        done = subprocess.run(command, cwd=environment.ROOT, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            raise SetupError(f"{lock.name} cannot be written. uv said:\n{done.stderr.strip()}")


def _compile(python: Path) -> list[str]:
    # No header, no index and no annotation: they would carry addresses and folders of the machine that wrote them.
    quiet = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    base = [str(python), "-m", "uv", "pip", "compile", "pyproject.toml", "--universal", "--generate-hashes"]
    return [*base, "--python-version", OLDEST_PYTHON, *quiet]
