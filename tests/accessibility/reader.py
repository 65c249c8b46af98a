"""Reads a program as a screen reader does: over AT-SPI, from outside, by the system's own Python, which has pyatspi.

Each line of standard input is a command: "tree" gives what shows in the program's windows, "heard" the names of what
has taken the focus since something was last asked, in their order, and "listen" asks the bus once more for such news.
Each answer is a line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import pyatspi  # type: ignore[import-not-found,unused-ignore]
from gi.repository import GLib  # type: ignore[import-not-found,unused-ignore]

PROGRAM = "Advocate Desk"
FOCUS = "object:state-changed:focused"
LOOKING_S = 30
DEEPEST = 40
SAMPLE_ROWS = 3
SHOWN = {pyatspi.STATE_SHOWING, pyatspi.STATE_VISIBLE}
heard: list[str] = []


def application() -> Any:
    """The program's root on the accessibility bus."""
    end = time.monotonic() + LOOKING_S
    while time.monotonic() < end:
        for each in pyatspi.Registry.getDesktop(0):
            if each is not None and each.name == PROGRAM:
                return each
        time.sleep(0.05)
    raise SystemExit("the program is not on the accessibility bus")


def tree(root: Any) -> list[dict[str, Any]]:
    """Every node of the root's windows that shows, with its depth, parents first."""
    found: list[dict[str, Any]] = []
    root.clear_cache()
    for window in root:
        if window is not None:
            visit(window, 0, found)
    return found


def visit(node: Any, depth: int, found: list[dict[str, Any]]) -> None:
    states = node.getState()
    is_shown = all(states.contains(each) for each in SHOWN)  # what has the focus is read wherever it stands
    if depth > DEEPEST or (depth and not is_shown and not states.contains(pyatspi.STATE_FOCUSED)):
        return
    role = node.getRoleName()
    said = {"depth": depth, "role": role, "name": node.name, "states": sorted(map(state_name, states.getStates()))}
    if states.contains(pyatspi.STATE_FOCUSABLE):
        said["description"] = node.description
        said["labels"] = labels(node)
        area = node.queryComponent().getExtents(pyatspi.DESKTOP_COORDS)
        said["size"] = [area.width, area.height]
    found.append(said)
    if role in {"table", "tree table", "tree", "list", "list box"} and states.contains(pyatspi.STATE_FOCUSABLE):
        said |= cells(node)
        return
    for child in node:
        if child is not None:
            visit(child, depth + 1, found)


def labels(node: Any) -> list[str]:
    """The names of what is said to label it."""
    wanted = pyatspi.RELATION_LABELLED_BY
    related = [each for each in node.getRelationSet() if each.getRelationType() == wanted]
    return [each.getTarget(at).name for each in related for at in range(each.getNTargets())]


def cells(node: Any) -> dict[str, Any]:
    """The headers of a table, its size, and what its first rows say."""
    try:
        table = node.queryTable()
    except NotImplementedError:
        return {"items": [each.name for each in (node[at] for at in range(min(node.childCount, SAMPLE_ROWS))) if each]}
    columns, rows = table.nColumns, min(table.nRows, SAMPLE_ROWS)
    heads = [table.getColumnHeader(at) for at in range(columns)]
    return {
        "headers": [each.name if each is not None else "" for each in heads],
        "rows": [[table.getAccessibleAt(row, at).name for at in range(columns)] for row in range(rows)],
        "count": table.nRows,
    }


def state_name(state: Any) -> str:
    return str(pyatspi.stateToString(state))


def on_focus(event: Any) -> None:
    if event.detail1 and event.source is not None:
        heard.append(event.source.name)


def settle(root: Any) -> None:
    """Let every event that is on its way arrive: the bus keeps the order, so it is here before the next answer is."""
    root.clear_cache()
    root.getState()
    while GLib.MainContext.default().iteration(False):
        pass


def main() -> None:
    pyatspi.Registry.registerEventListener(on_focus, FOCUS)
    root = application()
    for line in sys.stdin:
        settle(root)
        if line.strip() == "tree":
            print(json.dumps(tree(root)), flush=True)
        elif line.strip() == "listen":
            pyatspi.Registry.deregisterEventListener(on_focus, FOCUS)
            pyatspi.Registry.registerEventListener(on_focus, FOCUS)
            settle(root)
            print(json.dumps(True), flush=True)
        else:
            print(json.dumps(heard), flush=True)
        heard.clear()


if __name__ == "__main__":
    main()
