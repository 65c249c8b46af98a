"""A real AT-SPI client reads every page of the program, and hears where the focus goes.

The pages are the program's own list, by way of the pictures that are taken of it: a new screen, section or form is read
from the day that it is written.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from advocate_desk.desk.composition import SCREENS, form_registry
from advocate_desk.desk.screens.client_file.sections import SECTIONS
from tests.full_desk import full_folder, full_template

__all__ = ["full_folder", "full_template"]

HERE = Path(__file__).parent
READER_PYTHON = "/usr/bin/python3"  # the system's own, for which Debian packs pyatspi
ROOT = HERE.parents[1]
VARIABLES = {
    "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
    "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'packaging'}",
}
CONTROLS = {
    "push button", "toggle button", "check box", "radio button", "combo box", "text", "password text", "spin button",
    "table", "tree table", "tree", "list", "list box", "slider", "link", "menu", "menu item", "page tab", "list item",
}  # fmt: skip
GROUPS = {"table", "tree table", "tree", "list", "list box"}
FIELDS = {"text", "password text", "spin button"}
FEWEST_NODES = 12
HEARINGS = 12

Node = dict[str, Any]


class Talk:
    """A process that answers each line with a line of JSON."""

    def __init__(self, command: list[str], variables: Mapping[str, str]) -> None:
        self.process = subprocess.Popen(
            command,
            env=dict(variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def hear(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.process.kill()
            raise EOFError(self.process.communicate()[1][-3000:])
        return json.loads(line)

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def ask(self, word: str) -> Any:
        self.tell(word)
        return self.hear()

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@contextmanager
def private_bus(variables: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """A D-Bus session of its own, on which the accessibility bus is started when it is asked for."""
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1"]
    bus = subprocess.Popen(command, env=dict(variables), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert bus.stdout is not None
        yield {**variables, **VARIABLES, "DBUS_SESSION_BUS_ADDRESS": bus.stdout.readline().strip()}
    finally:
        bus.kill()
        bus.communicate()


@pytest.mark.timeout(600)
def test_a_screen_reader_reads_every_page_and_tab_goes_round_each(
    own_desktop: dict[str, str], full_folder: Path
) -> None:
    seen: list[str] = []
    faults: list[str] = []
    with private_bus(own_desktop) as variables:
        program = Talk([sys.executable, "-X", "faulthandler", str(HERE / "program.py"), str(full_folder)], variables)
        reader: Talk | None = None
        try:
            while name := str((page := program.hear())["page"]):
                reader = reader or Talk([READER_PYTHON, str(HERE / "reader.py")], variables)
                found = [*read(reader.ask("tree"), page), *walked(*walk(program, reader, is_first=not seen))]
                seen.append(name)
                faults += [f"{name}: {each}" for each in found]
                program.tell("next")
        except EOFError as error:
            faults.append(f"{seen[-1:]}: it ended: {error}")
        finally:
            for each in (program, reader):
                if each is not None:
                    each.end()
    assert faults == [], "\n".join(faults)
    wanted = {f"screen-{each.key}" for each in SCREENS} | {f"file-{each.key}" for each in SECTIONS}
    wanted |= {f"form-{key}" for key in form_registry().keys()}  # noqa: SIM118 - a registry is no mapping
    assert wanted | {"unlock", "first-run-1", "find", "shortcuts", "hidden", "dialog-paper"} <= set(seen)


def walk(program: Talk, reader: Talk, *, is_first: bool) -> tuple[dict[str, Any], list[str]]:
    """Go round a page by Tab: where that went, and what was heard of it.

    While the bus is still starting, on a computer that has much to do, what a reader asks of it does not always reach
    the program that it reads: a reader that hears nothing at all on the first page asks again.
    """
    for attempt in range(HEARINGS):
        went, heard = program.ask("tab"), reader.ask("heard")
        if heard or not is_first:
            break
        time.sleep(attempt / 10)
        reader.ask("listen")
    return went, heard


def read(tree: list[Node], page: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with what a screen reader finds on a page."""
    if len(tree) < FEWEST_NODES:
        yield f"there is next to nothing on it: {[each['role'] for each in tree]}"
    for node in tree:
        yield from read_node(node)
    yield from read_focus(tree, page)


def read_node(node: Node) -> Iterator[str]:
    states, role, name = set(node["states"]), node["role"], node["name"].strip()
    if role in {"invalid", "unknown"}:
        yield f"a {role} called {name!r}"
    if "focusable" not in states:
        return
    who = f"{role} {name!r}"
    if not name:
        yield f"no name: {role} of {node['size']}, {sorted(states)}"
    if role not in CONTROLS and role != "label" and not node["description"] and "focused" not in states:
        yield f"a part that takes the focus and does not say what it does: {who}"
    if role in {"check box", "radio button", "toggle button"} and "checkable" not in states:
        yield f"not checkable: {who}"
    if role == "push button" and "checked" in states:
        yield f"checked, and does not say that it can be: {who}"
    if "enabled" in states and "sensitive" not in states:
        yield f"enabled and deaf: {who}"
    if role == "password text" and "editable" in states and len(name) < 3:
        yield f"a secret without a name: {who}"
    if role in FIELDS and node["labels"] and not any(label.strip() in node["name"] for label in node["labels"]):
        yield f"its label says otherwise: {who}, {node['labels']}"
    if role == "combo box" and not node["labels"] and not node["description"]:
        yield f"a list that does not say what is chosen in it: {who}"
    yield from read_cells(node, who)


def read_cells(node: Node, who: str) -> Iterator[str]:
    rows = node.get("rows", [])
    if node["role"] not in GROUPS or not rows:
        return
    if len(node["headers"]) > 1 and not all(each.strip() for each in node["headers"]):
        yield f"a head without words: {who}, {node['headers']}"
    if not any(each.strip() for row in rows for each in row):
        yield f"cells that say nothing: {who}"


def read_focus(tree: list[Node], page: Mapping[str, Any]) -> Iterator[str]:
    """What has the focus is read at one place; what stands around it and passes it on says so too."""
    focused = [each for each in tree if "focused" in each["states"]]
    depths = [each["depth"] for each in focused]
    in_a_cell = {each["name"] for each in tree if each["role"] in GROUPS}
    if not focused and page["focus"] and page["focus"] not in in_a_cell:
        yield f"the focus is at {page['focus']!r}, and is read nowhere"
    elif depths != sorted(set(depths)):
        yield f"two have the focus: {[(each['role'], each['name']) for each in focused]}"
    elif focused and page["focus"] not in {each["name"] for each in focused}:
        yield f"the focus is read at {focused[-1]['name']!r}, and is at {page['focus']!r}"


def walked(walk: Mapping[str, Any], heard: list[str]) -> Iterator[str]:
    """What is wrong with where Tab goes, and with what is heard of it. A list's line is heard before the list."""
    yield from walk["faults"]
    coming = iter(heard)
    unheard = [stop for stop in walk["stops"][1:] if not any(each == stop for each in coming)]
    if unheard:
        yield f"not heard in its place: {unheard[0]!r} of {walk['stops']}; heard was {heard[: len(walk['stops']) + 1]}"
