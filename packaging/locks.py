"""The lock files: every package with its version and hashes, for every system, and where none came from."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import environment
from setup_error import SetupError

OLDEST_PYTHON = "3.11"
SHARED_WITH_HUB = frozenset({"msgspec", "PyNaCl"})
"""Of what the program needs, what its hub needs too."""


def write(python: Path, *, upgrade: bool) -> None:
    """Write the lock files from pyproject.toml. What is pinned stays, unless `upgrade`. Raises SetupError."""
    for lock, options in (
        (environment.RUN, ["pyproject.toml"]),
        (environment.DEVELOP, ["pyproject.toml", "--group", "dev", "--extra", "hub", "-c", environment.RUN]),
        (environment.HUB, ["-", "-c", environment.DEVELOP]),
    ):
        print(f"Locking {lock.name}", flush=True)
        command = [*_compile(python), *map(str, options), *(["--upgrade"] if upgrade else []), "-o", str(lock)]
        done = subprocess.run(
            command,
            cwd=environment.ROOT,
            check=False,
            capture_output=True,
            text=True,
            input="\n".join(hub_requirements()),
        )
        if done.returncode != 0:
            raise SetupError(f"{lock.name} cannot be written. uv said:\n{done.stderr.strip()}")


def hub_requirements() -> list[str]:
    """What the hub alone needs: its extra, and what it shares with the program."""
    project = tomllib.loads((environment.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    shared = [each for each in project["dependencies"] if re.split(r"[^\w-]", each)[0] in SHARED_WITH_HUB]
    return [*shared, *project["optional-dependencies"]["hub"]]


def _compile(python: Path) -> list[str]:
    # No header, no index and no annotation: they would carry addresses and folders of the machine that wrote them.
    quiet = ["--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links", "--quiet"]
    base = [str(python), "-m", "uv", "pip", "compile", "--universal", "--generate-hashes"]
    return [*base, "--python-version", OLDEST_PYTHON, *quiet]
