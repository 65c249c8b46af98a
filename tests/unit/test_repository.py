"""What is kept in the repository, and what must not be: traces of a machine, another's registry, somebody's files."""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.unit.test_architecture import imported_libraries

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "packaging").glob("*.lock"))
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)
# Put together here, so that this file does not hold what it looks for.
REGISTRY = re.compile("|".join(["py" + r"pi\.org", "python" + r"hosted\.org", "--(?:extra-)?index" + "-url"]))


def tracked() -> list[Path]:
    """Every file that git keeps, or would keep at the next commit."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("only git knows what is kept, and this is no checkout of its")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    names = {name for name in done.stdout.decode().split("\0") if name}
    return [path for path in (ROOT / name for name in sorted(names)) if path.is_file()]


def texts() -> dict[str, str]:
    """The tracked files that are text, by their place in the repository."""
    found = {}
    for path in tracked():
        content = path.read_bytes()
        if b"\0" not in content:
            found[str(path.relative_to(ROOT))] = content.decode("utf-8", errors="replace")
    return found


def test_no_file_names_a_package_registry() -> None:
    ours = {name: text for name, text in texts().items() if name != "packaging/locks.py"}  # it switches them off
    assert [name for name, text in ours.items() if REGISTRY.search(text)] == []


def test_no_file_names_a_folder_of_this_machine() -> None:
    places = {str(ROOT), str(Path.home())} - {"/", "/root"}
    assert [name for name, text in texts().items() if any(f"{place}/" in text for place in places)] == []


def test_no_vault_or_database_is_kept() -> None:
    is_encrypted = re.compile(r"(^|/)(vault\.json|.*\.db(-wal|-shm)?)$")
    kept = [str(path.relative_to(ROOT)) for path in tracked()]
    assert [name for name in kept if is_encrypted.search(name) and not name.startswith("tests/data/")] == []


def test_the_folder_of_scripts_does_not_hide_the_library_of_its_name() -> None:
    assert not (ROOT / "packaging" / "__init__.py").exists()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_file_holds_no_address(lock: Path) -> None:
    assert "://" not in lock.read_text("utf-8")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_locked_package_has_its_hashes(lock: Path) -> None:
    blocks = re.split(r"^(?=[a-z0-9])", lock.read_text("utf-8"), flags=re.MULTILINE)
    assert [block.split()[0] for block in blocks if block.strip() and "--hash=sha256:" not in block] == []


def test_the_program_and_its_tests_are_locked_to_the_same_versions() -> None:
    run, develop = (dict(PIN.findall((ROOT / "packaging" / name).read_text("utf-8"))) for name in LOCK_NAMES)
    assert run
    assert {name: version for name, version in run.items() if develop.get(name) != version} == {}


LOCK_NAMES = ("requirements.lock", "requirements-dev.lock")


def test_every_declared_library_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    names = {plain(re.split(r"[<>=;\s]", requirement)[0]) for requirement in wanted}
    locked = dict(PIN.findall((ROOT / "packaging" / "requirements-dev.lock").read_text("utf-8")))
    assert names - set(locked) == set()


@pytest.mark.parametrize("folder", ["fonts", "icons"])
def test_what_others_drew_is_kept_with_its_source_and_licence(folder: str) -> None:
    place = ROOT / "resources" / folder
    named = re.findall(r"`([^`\s]*(?:OFL|LICEN|Apache|MIT)[^`\s]*\.txt)`", (place / "SOURCES.md").read_text("utf-8"))
    assert named
    assert [name for name in named if not (place / name).is_file()] == []


def test_every_library_that_the_program_imports_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["hub"]]
    declared = {plain(re.split(r"[<>=;\s\[]", requirement)[0]) for requirement in asked}
    comes_with = {"shiboken6": "pyside6-essentials", "anyio": "starlette"}  # a half of it; what it stands on
    makers = importlib.metadata.packages_distributions()
    used = {comes_with.get(name, plain(makers[name][0])) for name in imported_libraries()}
    assert used - declared == set()


def plain(name: str) -> str:
    """A package's name as the registry compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()
