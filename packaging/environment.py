"""The Python environment in .venv: made from a lock file, and made anew when the lock file changes."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import system_packages
from setup_error import SetupError

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".venv"
STAMP = FOLDER / "advocate-desk.json"  # written last: an environment without it was interrupted
RUN = ROOT / "packaging" / "requirements.lock"
DEVELOP = ROOT / "packaging" / "requirements-dev.lock"  # everything in RUN, and the tools
HUB = ROOT / "packaging" / "requirements-hub.lock"  # what a hub on a server needs: no windows, no store

_OUR_VARIABLES = ("PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__", "PYTHONDONTWRITEBYTECODE")
"""What leads Python out of its environment, or has every process that the tests start compile the program anew."""
_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==", re.MULTILINE)
_NO_NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeoutError|ReadTimeoutError|ProxyError|MaxRetryError"
    r"|Max retries exceeded|Connection (?:refused|reset|aborted)|name resolution|Network is unreachable"
)
_NO_PACKAGE = re.compile(r"No matching distribution found for (?P<name>[A-Za-z0-9._-]+)")


def prepare(lock: Path) -> Path:
    """The Python of an environment that holds what `lock` names, made first if need be. Raises SetupError."""
    wanted, made = state(lock), _made()
    if made.get("python") == wanted["python"] and made.get(lock.name) == wanted[lock.name]:
        return python()
    is_wider = lock == DEVELOP and made == state(RUN)
    if not is_wider:
        _say(f"1/3 Making the environment in {FOLDER.name}")
        _make_empty()
    else:
        _say(f"1/3 Adding the tools to the environment in {FOLDER.name}")
    _install(lock, held=_pins(RUN) if is_wider else frozenset())
    STAMP.write_text(json.dumps(wanted | (state(RUN) if lock == DEVELOP else {})), encoding="utf-8")
    return python()


def state(lock: Path) -> dict[str, str]:
    """What an environment made from `lock` by this Python is stamped with."""
    if not lock.is_file():
        raise SetupError(f"The checkout is not whole: {lock.name} is missing from packaging.")
    content = lock.read_bytes().replace(b"\r\n", b"\n")
    return {"python": ".".join(map(str, sys.version_info[:2])), lock.name: hashlib.sha256(content).hexdigest()}


def python() -> Path:
    """The environment's interpreter, on any system."""
    return program("python")


def program(name: str) -> Path:
    """A program that the environment holds."""
    return FOLDER / "Scripts" / f"{name}.exe" if sys.platform == "win32" else FOLDER / "bin" / name


def outside(variables: Mapping[str, str]) -> dict[str, str]:
    """`variables` less those that would lead Python out of its environment, or slow it down."""
    return {name: value for name, value in variables.items() if name not in _OUR_VARIABLES}


def _made() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and python().exists() else {}


def _make_empty() -> None:
    system_packages.require_venv()
    try:
        if FOLDER.exists():
            shutil.rmtree(FOLDER)
        # The interpreter under this one, should this one live in the environment that was just removed.
        base = str(getattr(sys, "_base_executable", sys.executable))
        subprocess.run([base, "-m", "venv", str(FOLDER)], check=True, capture_output=True, text=True)
    except OSError as error:
        raise SetupError(
            f"The environment in .venv cannot be made: {error.strerror}. Is a program using it?"
        ) from error
    except subprocess.CalledProcessError as error:
        last = (error.stdout + error.stderr).strip().rpartition("\n")[2]
        raise SetupError(f"The environment in .venv cannot be made: {last}") from error


def _pins(lock: Path) -> frozenset[str]:
    return frozenset(_PIN.findall(lock.read_text(encoding="utf-8")))


def _install(lock: Path, held: frozenset[str]) -> None:
    wanted = _pins(lock) - held
    command = [str(python()), "-I", "-m", "pip", "install", "--require-hashes", "--no-deps", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar=off", "-r", str(lock)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, encoding="utf-8", errors="replace"
    ) as pip:
        assert pip.stdout is not None
        lines = _shown(pip.stdout, wanted)
    if pip.returncode != 0:
        raise SetupError(explain(lines))


def _shown(lines: Iterable[str], wanted: frozenset[str]) -> list[str]:
    """Read pip's lines to the end, and tell of each package as it comes. `wanted` are those that are not here yet."""
    seen, fetched = [], 0
    for line in lines:
        seen.append(line.rstrip())
        if line.startswith("Ignoring "):  # a package of another system
            wanted -= {line.split()[1].rstrip(":")}
        elif line.startswith(("Collecting ", "Processing ")):
            fetched += 1
            _say(f"2/3 Fetching package {fetched} of {len(wanted)}: {_package(line)}")
        elif line.startswith("Installing collected packages:"):
            _say(f"3/3 Installing {line.count(',') + 1} packages")
    return seen


def _package(line: str) -> str:
    # "Collecting msgspec==0.22.0 (from ...)", or "Processing /wheels/msgspec-0.22.0-cp311.whl" from a local folder
    named = line.split()[1].replace("\\", "/").rpartition("/")[2]
    return re.split(r"==|-\d", named)[0]


def explain(lines: list[str]) -> str:
    """One sentence to act on, from what pip said before it failed."""
    text = "\n".join(lines)
    missing = _NO_PACKAGE.search(text)
    if _NO_NETWORK.search(text):
        return "The packages cannot be fetched: there is no way to the package registry. Check the network, try again."
    if "DO NOT MATCH THE HASHES" in text:
        return "A package is not the one that the lock file names, so nothing was installed. Try again, then report it."
    if "No space left" in text:
        return "The disk is full: the environment needs about 1 GB."
    if missing:
        version = ".".join(map(str, sys.version_info[:2]))
        return f"There is no ready-made {missing['name']} for Python {version} here; Python 3.11 to 3.13 have one."
    return "The packages cannot be installed. pip said:\n" + "\n".join(lines[-12:])


def _say(line: str) -> None:
    print(line, flush=True)
