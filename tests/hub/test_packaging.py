"""What an operator installs: the unit, the container's tree, the lock file, and the page that names every setting."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import environment
import locks
from advocate_desk.hub import options
from advocate_desk.hub.refusals import SENTENCES
from tests.hub.processes import HubProcess

ROOT = environment.ROOT
PACKAGING = ROOT / "packaging"
UNIT = (PACKAGING / "advocate-desk-hub.service").read_text(encoding="utf-8")
CONTAINER = (PACKAGING / "Containerfile").read_text(encoding="utf-8")
PAGE = (PACKAGING / "HUB.md").read_text(encoding="utf-8")
LOCK = environment.HUB.read_text(encoding="utf-8")


def test_systemd_understands_every_line_of_the_unit_and_finds_it_closed(tmp_path: Path) -> None:
    unit = tmp_path / "advocate-desk-hub.service"
    unit.write_text(re.sub(r"(?m)^ExecStart=.*$", f"ExecStart={shutil.which('true')}", UNIT))
    done = subprocess.run(["systemd-analyze", "verify", unit], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", "--threshold=20", str(unit)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-500:]  # exposure at most 2.0 of 10


def test_the_lock_of_the_hub_is_part_of_the_lock_that_is_tested() -> None:
    pins = re.findall(r"(?m)^[a-z0-9._-]+==[^\s;\\]+", LOCK)
    tested = set(re.findall(r"(?m)^[a-z0-9._-]+==[^\s;\\]+", environment.DEVELOP.read_text(encoding="utf-8")))
    assert set(pins) <= tested
    assert LOCK.count("--hash=sha256:") >= len(pins)
    names = {re.split(r"[^\w-]", each)[0].lower() for each in locks.hub_requirements()}
    assert names <= {pin.partition("==")[0] for pin in pins}
    assert not {"pyside6-essentials", "sqlcipher3", "sqlalchemy"} & {pin.partition("==")[0] for pin in pins}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What the container's file copies, as it lies in the container."""
    for sources, goal in re.findall(r"(?m)^COPY ([^-\n].*) (/opt/hub/app\S*)$", CONTAINER):
        for source in sources.split():
            here = ROOT / source
            there = tmp_path / Path(goal).relative_to("/opt/hub/app")
            if here.is_dir():
                shutil.copytree(here, there, dirs_exist_ok=True)
            else:
                there.mkdir(parents=True, exist_ok=True)
                shutil.copy(here, there)
    return tmp_path


def test_the_tree_of_the_container_is_enough_and_needs_no_package_beyond_its_lock(tree: Path) -> None:
    code = (
        "import sys, importlib.metadata as m, advocate_desk.hub.app, advocate_desk.hub.postgres, "
        "advocate_desk.hub.server, advocate_desk.hub.health\n"
        "known = m.packages_distributions()\n"
        "print(advocate_desk.__path__[0], *{d for n in list(sys.modules) for d in known.get(n.split('.')[0], [])})"
    )
    asked = {**os.environ, "PYTHONPATH": str(tree)}
    run = [sys.executable, "-c", code]
    done = subprocess.run(run, check=True, capture_output=True, text=True, env=asked, cwd=tree)
    place, *loaded = done.stdout.split()
    assert Path(place).parent == tree
    locked = {pin.partition("==")[0] for pin in re.findall(r"(?m)^[a-z0-9._-]+==", LOCK)}
    beyond = {name.lower().replace("_", "-") for name in loaded} - locked
    assert beyond <= {"setuptools", "advocate-desk"}


def test_the_health_check_of_the_container_knows_a_hub_from_none(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "hub", str(tmp_path / "hub.db"))
    asked = {**os.environ, "ADVOCATE_HUB_PORT": str(hub.port)}
    command = [sys.executable, "-m", "advocate_desk.hub.health"]
    assert subprocess.run(command, check=False, env=asked, cwd=ROOT).returncode == 1
    hub.start()
    try:
        assert subprocess.run(command, check=False, env=asked, cwd=ROOT).returncode == 0
    finally:
        hub.end()


def test_the_container_runs_as_nobody_and_says_how_it_is() -> None:
    assert re.search(r"(?m)^USER 10001:10001$", CONTAINER)
    assert "advocate_desk.hub.health" in CONTAINER
    assert "--require-hashes" in CONTAINER


def test_the_operators_page_names_every_setting_and_every_refusal() -> None:
    for name in options.HELP:
        assert f"`{options.PREFIX}{name.upper()}`" in PAGE, name
    for code in SENTENCES:
        assert f"`{code}`" in PAGE, code
    for figure in re.findall(r'"(advocate_hub_\w+)"', (ROOT / "advocate_desk/hub/metrics.py").read_text()):
        assert figure in PAGE, figure
