"""The shape of the program: which part may know which, and what a module may be called and weigh."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "advocate_desk"
MODULES = sorted(PACKAGE.rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers"}
MOST_LINES = 500


def contracts() -> list[dict[str, object]]:
    return list(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"])


def imported_libraries() -> set[str]:
    """The libraries, not of Python's own, that any module of the program imports."""
    found: set[str] = set()
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                found.add(node.module.partition(".")[0])
    return found - set(sys.stdlib_module_names) - {"advocate_desk"}


def test_every_part_imports_only_what_its_contracts_allow() -> None:
    program = Path(sysconfig.get_path("scripts")) / "lint-imports"
    done = subprocess.run([program, "--no-logo", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_every_library_that_is_used_is_forbidden_in_the_domain() -> None:
    (domain,) = (contract for contract in contracts() if contract["id"] == "pure-domain")
    forbidden = domain["forbidden_modules"]
    assert isinstance(forbidden, list)
    assert imported_libraries() - set(forbidden) == set()


@pytest.mark.parametrize("package", [m for m in MODULES if m.name == "__init__.py"], ids=lambda m: m.parent.name)
def test_a_package_is_only_a_folder(package: Path) -> None:
    assert package.read_text("utf-8") == ""


def test_every_folder_of_modules_is_a_package() -> None:
    folders = {module.parent for module in MODULES}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_every_module_says_in_its_name_what_it_is_about() -> None:
    assert [str(m.relative_to(ROOT)) for m in MODULES if m.stem in VAGUE or m.parent.name in VAGUE] == []


def test_no_module_has_grown_a_second_subject() -> None:
    sizes = {str(m.relative_to(ROOT)): len(m.read_text("utf-8").splitlines()) for m in MODULES}
    assert {name: lines for name, lines in sizes.items() if lines > MOST_LINES} == {}


def test_no_day_or_month_is_named_in_the_language_of_the_computer() -> None:
    """`strftime` names them as the system's locale does, beside words of ours."""
    named = re.compile(r"(strftime\(|:)[^\n\"']*%-?[aAbBcpxX](?![\w:])")
    found = [f"{m.relative_to(ROOT)}: {one[0]}" for m in MODULES for one in named.finditer(m.read_text("utf-8"))]
    assert found == []
